//! Picking rows out of a database, and adding some.

use crate::content::uuid;
use crate::dump::{Dump, Row, Schema};

/// A reference that no row has.
pub(super) const NOWHERE: &str = "OpaqueRef:00000000-dead-4000-8000-000000000001";

/// A uuid that no row has.
pub(super) const UNKNOWN: &str = "00000000-dead-4000-8000-000000000002";

/// Edits the row of this name.
pub(super) fn named(
    dump: &mut Dump,
    table: &str,
    name: &str,
    edit: impl FnOnce(&mut Row),
) -> Option<()> {
    dump.row_mut(table, |row| row.get("name__label") == Some(name))
        .map(edit)
}

pub(super) fn vm(dump: &mut Dump, name: &str, edit: impl FnOnce(&mut Row)) -> Option<()> {
    named(dump, "VM", name, edit)
}

/// Edits the first row of a table.
pub(super) fn first(dump: &mut Dump, table: &str, edit: impl FnOnce(&mut Row)) -> Option<()> {
    dump.row_mut(table, |_| true).map(edit)
}

/// The row of this name.
pub(super) fn row<'a>(dump: &'a Dump, table: &str, name: &str) -> Option<&'a Row> {
    let mut rows = dump.rows(table).iter();
    rows.find(|row| row.get("name__label") == Some(name))
}

/// The reference of the row of this name.
pub(super) fn reference(dump: &Dump, table: &str, name: &str) -> Option<String> {
    Some(row(dump, table, name)?.reference.clone())
}

/// A PIF of the pool's coordinator.
pub(super) fn pif(dump: &mut Dump, device: &str, edit: impl FnOnce(&mut Row)) -> Option<()> {
    let host = reference(dump, "host", "xcp-1")?;
    let is_it = |row: &Row| row.get("host") == Some(&host) && row.get("device") == Some(device);
    dump.row_mut("PIF", is_it).map(edit)
}

/// The local SR of a host, by reference.
pub(super) fn local_sr(dump: &Dump, host: &str) -> Option<String> {
    Some(row(dump, "host", host)?.get("suspend_image_sr")?.to_owned())
}

/// Adds a row with these columns, all others as their defaults are. Returns its reference.
pub(super) fn insert(
    dump: &mut Dump,
    schema: u32,
    table: &str,
    label: &str,
    columns: &[(&str, String)],
) -> Option<String> {
    let reference = format!("OpaqueRef:{}", uuid(77, &format!("ref {table} {label}")));
    let mut row = Row {
        reference: reference.clone(),
        created: 101,
        modified: 101,
        columns: Schema(schema)
            .columns(table)
            .map(|(column, text)| (column.to_owned(), text.to_owned()))
            .collect(),
    };
    row.set("_ref", &*reference);
    row.set("uuid", uuid(77, &format!("uuid {table} {label}")));
    for (column, text) in columns {
        row.set(column, &**text);
    }
    let rows = &mut dump.table_mut(table)?.rows;
    rows.push(row);
    rows.sort_by(|a, b| a.reference.cmp(&b.reference));
    Some(reference)
}

/// Sets one key of a map whose texts have no quotes.
pub(super) fn set_key(row: &mut Row, column: &str, key: &str, value: &str) -> Option<()> {
    let text = row.get(column)?;
    let start = text.find(&format!("('{key}' '"))? + key.len() + 5;
    let end = start + text.get(start..)?.find('\'')?;
    let edited = format!("{}{value}{}", text.get(..start)?, text.get(end..)?);
    row.set(column, edited);
    Some(())
}

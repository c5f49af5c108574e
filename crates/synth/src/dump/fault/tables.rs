//! Faults of the manifest, of tables, and of which rows and columns there are.

use super::Damage::Rows;
use super::DumpFault as Fault;
use crate::dump::schema::Schema;
use crate::dump::tree::{Dump, Row, Table};

pub(super) static FAULTS: &[Fault] = &[
    Fault::new(
        "dump-manifest-key-missing",
        "no generation_count in the manifest",
        "pool-8.2",
        Rows(|dump| manifest_without(dump, "generation_count")),
    ),
    Fault::new(
        "dump-manifest-minor-missing",
        "no schema_minor_vsn in the manifest",
        "pool-8.2",
        Rows(|dump| manifest_without(dump, "schema_minor_vsn")),
    ),
    Fault::new(
        "dump-manifest-not-a-number",
        "generation_count is many",
        "pool-8.2",
        Rows(|dump| pair(dump, "generation_count", "many")),
    ),
    Fault::new(
        "dump-generation-negative",
        "generation_count is -5",
        "pool-8.2",
        Rows(|dump| pair(dump, "generation_count", "-5")),
    ),
    Fault::new(
        "dump-manifest-extra-key",
        "one more key in the manifest, which xapi ignores",
        "pool-8.2",
        Rows(|dump| {
            dump.manifest.push(("note".to_owned(), "added".to_owned()));
            Some(())
        }),
    )
    .harmless(),
    Fault::new(
        "dump-manifest-reordered",
        "the pairs of the manifest in reverse",
        "pool-8.2",
        Rows(|dump| {
            dump.manifest.reverse();
            Some(())
        }),
    )
    .harmless(),
    Fault::new(
        "dump-wrong-major",
        "schema_major_vsn is 6",
        "pool-8.2",
        Rows(|dump| pair(dump, "schema_major_vsn", "6")),
    ),
    Fault::new(
        "dump-unknown-minor",
        "schema_minor_vsn is 555, which no release has",
        "pool-8.2",
        Rows(|dump| pair(dump, "schema_minor_vsn", "555")),
    ),
    Fault::new(
        "dump-newer-minor",
        "schema_minor_vsn is 950, newer than any known",
        "pool-8.2",
        Rows(|dump| pair(dump, "schema_minor_vsn", "950")),
    ),
    Fault::new(
        "dump-no-rows",
        "all tables empty",
        "pool-8.2",
        Rows(|dump| {
            dump.tables.iter_mut().for_each(|table| table.rows.clear());
            Some(())
        }),
    ),
    Fault::new(
        "dump-no-tables",
        "a manifest and nothing else",
        "pool-8.2",
        Rows(|dump| {
            dump.tables.clear();
            Some(())
        }),
    ),
    Fault::new(
        "dump-no-pool-row",
        "table pool empty",
        "pool-8.2",
        Rows(|dump| {
            dump.table_mut("pool")?.rows.clear();
            Some(())
        }),
    ),
    Fault::new(
        "dump-two-pool-rows",
        "two rows in table pool",
        "pool-8.2",
        Rows(|dump| {
            let mut copy = dump.rows("pool").first()?.clone();
            rename(&mut copy, 4);
            let rows = &mut dump.table_mut("pool")?.rows;
            rows.push(copy);
            rows.sort_by(|a, b| a.reference.cmp(&b.reference));
            Some(())
        }),
    ),
    Fault::new(
        "dump-no-host-rows",
        "table host empty",
        "pool-8.2",
        Rows(|dump| {
            dump.table_mut("host")?.rows.clear();
            Some(())
        }),
    ),
    Fault::new(
        "dump-rows-never-stored",
        "a row in table task, which is never stored",
        "pool-8.2",
        Rows(|dump| {
            let mut row = blank("task", 5);
            row.set("name__label", "Async.VM.start");
            let table = dump
                .table_mut("task")
                .filter(|table| Schema::never_stored(&table.name))?;
            table.rows.push(row);
            Some(())
        }),
    ),
    Fault::new(
        "dump-unknown-column",
        "a column of table VM that no schema has",
        "pool-8.2",
        Rows(|dump| {
            dump.table_mut("VM")?
                .rows
                .iter_mut()
                .for_each(|row| row.set("flavour", "sweet"));
            Some(())
        }),
    ),
    Fault::new(
        "dump-column-missing",
        "no VM.memory__static_max, which has no default, in any row",
        "pool-8.2",
        Rows(|dump| {
            dump.table_mut("VM")?
                .rows
                .iter_mut()
                .for_each(|row| drop(row.columns.remove("memory__static_max")));
            Some(())
        }),
    ),
    Fault::new(
        "dump-column-with-default-missing",
        "no VM.tags in any row: xapi adds the default",
        "pool-8.2",
        Rows(|dump| {
            dump.table_mut("VM")?
                .rows
                .iter_mut()
                .for_each(|row| drop(row.columns.remove("tags")));
            Some(())
        }),
    )
    .harmless(),
    Fault::new(
        "dump-unknown-table",
        "an empty table that no schema has",
        "pool-8.2",
        Rows(|dump| {
            add_table(dump, Vec::new());
            Some(())
        }),
    ),
    Fault::new(
        "dump-unknown-table-with-rows",
        "a table with a row that no schema has",
        "pool-8.2",
        Rows(|dump| {
            let mut row = blank("task", 6);
            row.columns
                .retain(|column, _| column == "uuid" || column == "_ref");
            add_table(dump, vec![row]);
            Some(())
        }),
    ),
    Fault::new(
        "dump-table-missing",
        "no element for table VM_appliance, whose row is gone too",
        "pool-8.2",
        Rows(|dump| {
            dump.tables.retain(|table| table.name != "VM_appliance");
            dump.table_mut("VM")?
                .rows
                .iter_mut()
                .for_each(|row| row.set("appliance", "OpaqueRef:NULL"));
            Some(())
        }),
    ),
    Fault::new(
        "dump-table-twice",
        "table VMSS twice, both empty",
        "pool-8.2",
        Rows(|dump| {
            let at = dump.tables.iter().position(|table| table.name == "VMSS")?;
            let copy = dump.tables[at].clone();
            dump.tables.insert(at, copy);
            Some(())
        }),
    ),
    Fault::new(
        "dump-tables-unsorted",
        "the tables in reverse",
        "pool-8.2",
        Rows(|dump| {
            dump.tables.reverse();
            Some(())
        }),
    )
    .harmless(),
    Fault::new(
        "dump-rows-unsorted",
        "the rows of table VM in reverse",
        "pool-8.2",
        Rows(|dump| {
            dump.table_mut("VM")?.rows.reverse();
            Some(())
        }),
    )
    .harmless(),
    Fault::new(
        "dump-many-columns",
        "a VM with 5000 columns more",
        "pool-8.2",
        Rows(|dump| {
            let row = dump.row_mut("VM", |_| true)?;
            (0..5000).for_each(|at| row.set(&format!("extra_{at}"), ""));
            Some(())
        }),
    ),
];

fn pair(dump: &mut Dump, key: &str, text: &str) -> Option<()> {
    text.clone_into(dump.manifest_mut(key)?);
    Some(())
}

fn manifest_without(dump: &mut Dump, key: &str) -> Option<()> {
    let before = dump.manifest.len();
    dump.manifest.retain(|(known, _)| known != key);
    (dump.manifest.len() < before).then_some(())
}

/// Gives a row a reference and uuid that no other has.
fn rename(row: &mut Row, number: u32) {
    row.reference = format!("OpaqueRef:00000000-dead-4000-8000-{number:012}");
    row.set("_ref", row.reference.clone());
    row.set("uuid", format!("00000000-beef-4000-8000-{number:012}"));
}

/// A row with the columns of a table at schema 603.
fn blank(table: &str, number: u32) -> Row {
    let columns = Schema(603)
        .columns(table)
        .map(|(column, text)| (column.to_owned(), text.to_owned()))
        .collect();
    let mut row = Row {
        reference: String::new(),
        created: 200,
        modified: 200,
        columns,
    };
    rename(&mut row, number);
    row
}

/// Adds a table behind the last one that sorts before it.
fn add_table(dump: &mut Dump, rows: Vec<Row>) {
    let name = "VM_flavour";
    let at = dump
        .tables
        .partition_point(|table| table.name.as_str() < name);
    dump.tables.insert(
        at,
        Table {
            name: name.to_owned(),
            rows,
        },
    );
}

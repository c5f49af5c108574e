//! A database back to bytes, as xapi writes it (`formats/pool-db.md` section 2). Every value is decoded and encoded
//! again, so that equal bytes prove that a dump is what a writer of its release would have written.
//!
//! Dumps of schema 66 and later come out byte for byte. Of older ones the text between elements is lost: one that a
//! host wrote in one piece comes out the same, one that was indented comes out in one piece.
//!
//! ```
//! use xenspect_xapi::db::{Database, DumpLimits, write};
//!
//! let dump = b"<database><manifest><pair key=\"schema_minor_vsn\" value=\"66\"/></manifest><table name=\"SR\"/></database>";
//! let database = Database::read(dump, &DumpLimits::default())?;
//! assert_eq!(write::to_vec(&database, &write::Style::of(&database)), dump);
//! # Ok::<(), xenspect_xapi::db::Error>(())
//! ```

use std::cmp::Ordering;
use std::ops::ControlFlow;

pub use super::compare::first_difference;
use super::event::is_bookkeeping;
use super::{Database, Row, Table};
use crate::parse_integer;
use crate::value::{Protection, Raw, escape_into, may_need_escape, protect_into};

/// The first schema whose writer sorts as today's does (6.1).
const SORTED_SINCE: i64 = 66;
/// The schema of 6.0.
const DESCENDING: i64 = 63;
/// The schema during which every space came to be protected (7.3; xapi 1.57, and 1.55 has the same number).
const EVERY_SPACE: i64 = 133;

/// The declaration that xapi writes, where it writes one (section 2).
pub(super) const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";
/// Keys of the manifest whose values are decimal numbers.
const NUMBERS: [&str; 3] = ["schema_major_vsn", "schema_minor_vsn", "generation_count"];

/// How the writers of different releases differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Style {
    /// The XML declaration, without the line end that follows it. xapi writes
    /// `<?xml version="1.0" encoding="UTF-8"?>`; the one seen dump of 6.1 has none.
    pub declaration: Option<String>,
    /// Which spaces of a value are protected.
    pub protection: Protection,
    /// The order of tables, rows and columns.
    pub order: Order,
}

/// The order of tables, rows and columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// By bytes, ascending; `ref`, `__ctime` and `__mtime` first (6.1 and later).
    Ascending,
    /// As [`Order::Ascending`], columns descending (some builds of 6.0).
    Descending,
    /// As the document has it (up to 5.6 FP1, where the order is that of a hash table).
    AsRead,
}

impl Style {
    /// The style of the release that wrote a database, told from its schema and, where that leaves it open, from its
    /// rows.
    pub fn of(database: &Database<'_>) -> Style {
        let minor = database.schema().map(|(_, minor)| minor);
        // 5.63 had both orders, and the bookkeeping came with the later one.
        let bookkeeping = || database.rows().any(|row| row.ctime().is_some());
        let order = match minor {
            Some(minor) if minor >= SORTED_SINCE => Order::Ascending,
            Some(minor) if minor >= DESCENDING && bookkeeping() => Order::Ascending,
            Some(DESCENDING) => Order::Descending,
            // Without a whole manifest the rows have to tell.
            _ if bookkeeping() => Order::Ascending,
            _ => Order::AsRead,
        };
        let protection = match minor {
            Some(minor) if minor > EVERY_SPACE => Protection::EverySpace,
            Some(minor) if minor < EVERY_SPACE => Protection::SpacePairs,
            _ => protection_in(database),
        };
        let declaration = database
            .declaration()
            .map(|raw| String::from_utf8_lossy(raw.as_bytes()).into_owned());
        Style {
            declaration,
            protection,
            order,
        }
    }
}

/// The protection that the values show: a space that stands as it is tells the old one.
fn protection_in(database: &Database<'_>) -> Protection {
    let old = database
        .rows()
        .flat_map(|row| row.columns())
        .any(|(_, value)| memchr::memchr(b' ', value.as_bytes()).is_some());
    match old {
        true => Protection::SpacePairs,
        false => Protection::EverySpace,
    }
}

/// The whole text.
pub fn to_vec(database: &Database<'_>, style: &Style) -> Vec<u8> {
    let mut out = Vec::new();
    let _: ControlFlow<()> = write(database, style, &mut |piece| {
        out.extend_from_slice(piece);
        ControlFlow::Continue(())
    });
    out
}

/// Hands the text to `sink` piece by piece, until it breaks. No piece is longer than a row.
pub fn write<B>(
    database: &Database<'_>,
    style: &Style,
    sink: &mut impl FnMut(&[u8]) -> ControlFlow<B>,
) -> ControlFlow<B> {
    write_edited(database, style, &mut AsItIs, sink)
}

/// Changes values on their way out.
pub(crate) trait Edit {
    /// Another value for a key of the manifest.
    fn manifest(&mut self, key: &str, value: &str) -> Option<String>;
    /// The rows that follow are of this table.
    fn table(&mut self, name: &str);
    /// Another text for a column: that of section 4, which the writer puts its layers on.
    fn column(&mut self, name: &str, value: Raw<'_>) -> Option<String>;
}

/// Changes nothing.
pub(super) struct AsItIs;

impl Edit for AsItIs {
    fn manifest(&mut self, _: &str, _: &str) -> Option<String> {
        None
    }
    fn table(&mut self, _: &str) {}
    fn column(&mut self, _: &str, _: Raw<'_>) -> Option<String> {
        None
    }
}

/// As [`write`], with values changed by `edit`.
pub(crate) fn write_edited<B>(
    database: &Database<'_>,
    style: &Style,
    edit: &mut impl Edit,
    sink: &mut impl FnMut(&[u8]) -> ControlFlow<B>,
) -> ControlFlow<B> {
    let mut piece = String::new();
    push_head(database, style, edit, &mut piece);
    sink(piece.as_bytes())?;
    let mut columns = Vec::new();
    for table in in_order(database.tables(), style, |table| table.name()) {
        piece.clear();
        edit.table(table.name());
        push_table(&table, &mut piece);
        let mut rows: Vec<_> = table.rows().collect();
        if style.order != Order::AsRead {
            rows.sort_by_cached_key(|row| row.reference());
        }
        for row in &rows {
            push_row(row, style, edit, &mut columns, &mut piece);
            sink(piece.as_bytes())?;
            piece.clear();
        }
        if !rows.is_empty() {
            piece.push_str("</table>");
        }
        sink(piece.as_bytes())?;
    }
    sink(b"</database>")
}

/// All that stands before the first table.
pub(super) fn push_head(
    database: &Database<'_>,
    style: &Style,
    edit: &mut impl Edit,
    out: &mut String,
) {
    if let Some(declaration) = &style.declaration {
        out.push_str(declaration);
        out.push('\n');
    }
    out.push_str("<database><manifest>");
    for (key, value) in database.manifest() {
        out.push_str("<pair key=\"");
        escape_into(key, out);
        out.push_str("\" value=\"");
        let edited = edit
            .manifest(key, value)
            .or_else(|| decimal(key, value).map(|number| number.to_string()));
        escape_into(edited.as_deref().unwrap_or(value), out);
        out.push_str("\"/>");
    }
    out.push_str("</manifest>");
}

/// The number that is the value of a key. It is read in more forms than it is written in.
fn decimal(key: &str, value: &str) -> Option<i64> {
    NUMBERS
        .contains(&key)
        .then(|| parse_integer(value))
        .flatten()
}

/// Tables, in the order of the style.
pub(super) fn in_order<'d, T>(
    tables: impl Iterator<Item = T>,
    style: &Style,
    name: impl Fn(&T) -> &'d str,
) -> Vec<T> {
    let mut tables: Vec<_> = tables.collect();
    if style.order != Order::AsRead {
        tables.sort_by_key(name);
    }
    tables
}

/// The start of a table, and its end if it has no rows.
pub(super) fn push_table(table: &Table<'_>, out: &mut String) {
    out.push_str("<table name=\"");
    escape_into(table.name(), out);
    out.push_str(if table.is_empty() { "\"/>" } else { "\">" });
}

/// A column's name and value.
pub(super) type Column<'d> = (&'d str, Raw<'d>);

/// One row. `columns` is room that is used again.
pub(super) fn push_row<'d>(
    row: &Row<'d>,
    style: &Style,
    edit: &mut impl Edit,
    columns: &mut Vec<Column<'d>>,
    out: &mut String,
) {
    columns.clear();
    columns.extend(row.attributes());
    columns.sort_by(|(a, _), (b, _)| style.order.of_columns(a, b));
    out.push_str("<row");
    for &(name, value) in columns.iter() {
        out.push(' ');
        out.push_str(name);
        out.push_str("=\"");
        if is_bookkeeping(name) {
            escape_into(&value.unescaped(), out);
        } else {
            let text = match edit.column(name, value) {
                Some(edited) => edited.into(),
                None => value.text(),
            };
            // Escaping touches none of the characters that protection puts in, so the order of the two does not show.
            let start = out.len();
            protect_into(&text, style.protection, out);
            if out.get(start..).is_some_and(may_need_escape) {
                let protected = out.split_off(start);
                escape_into(&protected, out);
            }
        }
        out.push('"');
    }
    out.push_str("/>");
}

impl Order {
    /// How two columns of a row follow one another.
    pub(super) fn of_columns(self, a: &str, b: &str) -> Ordering {
        match self {
            Order::Ascending => (rank(a), a).cmp(&(rank(b), b)),
            Order::Descending => rank(a).cmp(&rank(b)).then(b.cmp(a)),
            Order::AsRead => Ordering::Equal,
        }
    }
}

/// The bookkeeping attributes come first, in this order.
fn rank(name: &str) -> u8 {
    match name {
        "ref" => 0,
        "__ctime" => 1,
        "__mtime" => 2,
        _ => 3,
    }
}

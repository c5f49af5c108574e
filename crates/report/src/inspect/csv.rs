//! One table as CSV (RFC 4180): a line of column names, then a line per row, with CR LF, in UTF-8 without a mark.
//!
//! Texts are those of a backup, and a spreadsheet takes a text that begins with `=`, `+`, `-` or `@` for a formula; such
//! a text gets an apostrophe in front, by which spreadsheets know plain text. Control characters are spelled out as
//! everywhere, so a row is always one line. Who needs every byte takes JSON. Sizes are in bytes, truth values `true` and
//! `false`, members of a list are joined by `; `, and what is not known is empty.

use std::io;

use xenspect_model::inventory::{Cell, InventoryReport};

use crate::text::escape;

/// Writes one section. Where there are several inputs, a column `path` comes first; inputs without that section give no
/// rows.
///
/// # Errors
///
/// Those of `w`.
pub fn write_table(
    report: &InventoryReport,
    section: &str,
    w: &mut impl io::Write,
) -> io::Result<()> {
    let with_path = report.inputs.len() > 1;
    let tables = report.inputs.iter().filter_map(|inventory| {
        let section = inventory.section(section)?;
        Some((inventory.path.as_str(), &section.table))
    });
    // Kinds of inputs may differ in the columns of a section; all share one line of names.
    let tables: Vec<_> = tables.collect();
    let mut names: Vec<&str> = Vec::new();
    for (_, table) in &tables {
        for column in &table.columns {
            if !names.contains(&column.name) {
                names.push(column.name);
            }
        }
    }
    if names.is_empty() {
        return Ok(());
    }
    let mut out = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(w);
    let path = with_path.then_some("path");
    out.write_record(path.into_iter().chain(names.iter().copied()))?;
    for (path, table) in tables {
        let positions: Vec<_> = names.iter().map(|name| table.position(name)).collect();
        for row in &table.rows {
            let path = with_path.then(|| text(path));
            let cells = positions.iter().map(|position| {
                let cell = position.and_then(|position| row.get(position));
                cell.map_or_else(String::new, value)
            });
            out.write_record(path.into_iter().chain(cells))?;
        }
    }
    out.flush()
}

fn value(cell: &Cell) -> String {
    match cell {
        Cell::Text(value) | Cell::Time(value) => text(value),
        Cell::Int(number) => number.to_string(),
        Cell::Bytes(bytes) => bytes.to_string(),
        Cell::Bool(flag) => flag.to_string(),
        Cell::List(items) => text(&items.join("; ")),
        Cell::None => String::new(),
    }
}

/// A text as a cell has it.
pub(crate) fn text(value: &str) -> String {
    let shown = escape(value, true);
    if shown.trim_start().starts_with(['=', '+', '-', '@']) {
        format!("'{shown}")
    } else {
        shown
    }
}

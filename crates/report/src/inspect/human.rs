//! The page for people: a title, the summary, and the sections as tables. Laying out a table is in `grid`.

use std::io;

use xenspect_model::inventory::{Cell, Column, Inventory, InventoryReport, Section, Table};

use super::grid::lay_out;
use super::{cell_text, labelled, title};
use crate::human::Style;
use crate::quantity::count;
use crate::text::{columns, ellipsis, escape, shorten};
use crate::wrap::{DIM, wrap};

/// Rows of a table unless everything is asked for.
pub const ROWS: usize = 100;

/// The longest text that is shown in full beside a label.
const TEXT: usize = 4096;

/// Writes the page. No line is wider than the style's width, colours not counted. Sections without rows are left out.
///
/// A table shows its first [`ROWS`] rows, or fewer where the others are of little interest, and the columns there is room for; a section of one row shows all it has,
/// one fact a line. With `verbose` every section does, row by row.
///
/// # Errors
///
/// Those of `w`.
pub fn write(report: &InventoryReport, style: &Style, w: &mut impl io::Write) -> io::Result<()> {
    for (index, inventory) in report.inputs.iter().enumerate() {
        if index > 0 {
            writeln!(w)?;
        }
        for line in head(inventory, style) {
            writeln!(w, "{line}")?;
        }
        for section in &inventory.sections {
            for line in body(section, style) {
                writeln!(w, "{line}")?;
            }
        }
    }
    Ok(())
}

fn head(inventory: &Inventory, style: &Style) -> Vec<String> {
    let mut lines = title(&inventory.path, inventory.kind, inventory.envelope, style);
    if let Some(error) = &inventory.error {
        let error = escape(error, style.unicode);
        lines.extend(wrap(&error, style.columns(), "  ", "  "));
    }
    let mut above = "";
    for item in &inventory.summary {
        let label = if item.label == above { "" } else { item.label };
        above = item.label;
        let text = match &item.value {
            Cell::Int(number) => match u64::try_from(*number) {
                Ok(number) => count(number),
                Err(_) => number.to_string(),
            },
            value => shorten(&cell_text(value), TEXT, style.unicode),
        };
        lines.extend(labelled(label, &text, 2, style));
    }
    lines
}

fn body(section: &Section, style: &Style) -> Vec<String> {
    let table = &section.table;
    if table.rows.is_empty() {
        return Vec::new();
    }
    // What a tree hangs on is no entry of its own.
    let is_entry = |row: &&Vec<Cell>| !table.is_tree() || row.first() != Some(&Cell::Int(0));
    let number = match table.rows.iter().filter(is_entry).count() {
        1 => String::new(),
        n => format!(" ({})", count(n as u64)),
    };
    let bold = anstyle::Style::new().bold();
    let heading = style.paint().paint(bold, section.title);
    let mut lines = vec![String::new(), format!("{heading}{number}")];
    if let Some(facts) = facts(table, style) {
        lines.extend(facts);
        return lines;
    }
    if style.verbose && !table.is_tree() {
        lines.extend(blocks(table, style));
        return lines;
    }
    let shown = match section.foremost {
        _ if style.verbose => table.rows.len(),
        Some(foremost) => foremost.min(ROWS),
        None => ROWS,
    };
    let grid = lay_out(table, shown, style);
    if table.rows.len() == 1 && grid.has_left_out {
        lines.extend(blocks(table, style));
        return lines;
    }
    if shown > 0 {
        lines.extend(grid.lines);
    }
    let more = table.rows.len().saturating_sub(shown);
    if more > 0 {
        let more = format!(
            "{} {} more; `--table {} --format csv` lists all",
            ellipsis(style.unicode),
            count(more as u64),
            section.name
        );
        let more = wrap(&more, style.columns(), "  ", "  ");
        lines.extend(more.iter().map(|line| style.paint().paint(DIM, line)));
    }
    lines
}

/// The widest that a key may be while the values stand in one column.
const KEY: usize = 24;

/// The widest that a key is shown.
const LONGEST_KEY: usize = 30;

/// A table of keys, values and the files they are from: below each file its keys, and each value in full. `None` where the
/// table is another.
fn facts(table: &Table, style: &Style) -> Option<Vec<String>> {
    let columns_of = ["key", "value", "file"].map(|name| table.position(name));
    let [Some(key), Some(value), Some(file)] = columns_of else {
        return None;
    };
    let text = |row: &[Cell], at: usize| {
        let cell = row.get(at).map(cell_text).unwrap_or_default();
        shorten(&cell, TEXT, style.unicode)
    };
    let keys = table.rows.iter().map(|row| columns(&text(row, key)));
    let width = keys.max().unwrap_or(0).min(KEY);
    let mut lines = Vec::new();
    let mut above = String::new();
    for row in &table.rows {
        let from = text(row, file);
        if from != above {
            let heading = wrap(&from, style.columns(), "  ", "  ");
            lines.extend(heading.iter().map(|line| style.paint().paint(DIM, line)));
            above = from;
        }
        let key = shorten(&text(row, key), LONGEST_KEY, style.unicode);
        let pad = " ".repeat(width.saturating_sub(columns(&key)));
        let value = text(row, value);
        let first = format!("    {key}{pad}  ");
        let (room, below) = (style.columns(), "      ");
        // A device's path is easier to take over in one piece.
        let is_long = columns(&first) + columns(&value) > room;
        if is_long && !value.contains(' ') && columns(below) + columns(&value) <= room {
            lines.push(format!("    {key}"));
            lines.push(format!("{below}{value}"));
        } else {
            lines.extend(wrap(&value, room, &first, &" ".repeat(width + 6)));
        }
    }
    Some(lines)
}

/// Every fact of every row on a line of its own.
fn blocks(table: &Table, style: &Style) -> Vec<String> {
    let mut lines = Vec::new();
    for (index, row) in table.rows.iter().enumerate() {
        if index > 0 {
            lines.push(String::new());
        }
        lines.extend(block(&table.columns, row, style));
    }
    lines
}

fn block(columns: &[Column], row: &[Cell], style: &Style) -> Vec<String> {
    let facts = columns.iter().zip(row).filter(|(_, cell)| !cell.is_none());
    facts
        .flat_map(|(column, cell)| {
            let text = shorten(&cell_text(cell), TEXT, style.unicode);
            labelled(
                shorten(column.title, super::LABEL, style.unicode).as_str(),
                &text,
                2,
                style,
            )
        })
        .collect()
}

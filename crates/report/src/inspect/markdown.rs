//! Markdown of inventories: headings, the summary as a list, and pipe tables with every column that holds something.

use std::io;

use xenspect_model::inventory::{Cell, Inventory, InventoryReport, Section, Table};

use super::cell_text;
use crate::text::escape;

/// Writes the report as Markdown with tables as GitHub reads them. Sections without rows are left out.
///
/// # Errors
///
/// Those of `w`.
pub fn write(report: &InventoryReport, w: &mut impl io::Write) -> io::Result<()> {
    for (index, inventory) in report.inputs.iter().enumerate() {
        if index > 0 {
            writeln!(w)?;
        }
        head(inventory, w)?;
        for section in &inventory.sections {
            table(section, 2, w)?;
        }
    }
    Ok(())
}

/// Writes one section of each input, without the summaries. Inputs without that section, or with an empty one, are
/// left out.
///
/// # Errors
///
/// Those of `w`.
pub fn write_table(
    report: &InventoryReport,
    section: &str,
    w: &mut impl io::Write,
) -> io::Result<()> {
    let several = report.inputs.len() > 1;
    for inventory in &report.inputs {
        let Some(section) = inventory.section(section) else {
            continue;
        };
        if section.table.rows.is_empty() {
            continue;
        }
        if several {
            writeln!(w, "## {}\n", plain(&inventory.path))?;
        }
        rows(section, w)?;
        if several {
            writeln!(w)?;
        }
    }
    Ok(())
}

fn head(inventory: &Inventory, w: &mut impl io::Write) -> io::Result<()> {
    writeln!(w, "# {}", plain(&inventory.path))?;
    if let Some(kind) = inventory.kind {
        let envelope = inventory
            .envelope
            .map_or("plain", |envelope| envelope.name());
        writeln!(w, "\n{}, {envelope}", kind.phrase())?;
    }
    if let Some(error) = &inventory.error {
        writeln!(w, "\n{}", plain(error))?;
    }
    if !inventory.summary.is_empty() {
        writeln!(w)?;
    }
    for item in &inventory.summary {
        writeln!(
            w,
            "- {}: {}",
            plain(item.label),
            plain(&cell_text(&item.value))
        )?;
    }
    Ok(())
}

fn table(section: &Section, level: usize, w: &mut impl io::Write) -> io::Result<()> {
    if section.table.rows.is_empty() {
        return Ok(());
    }
    writeln!(w, "\n{} {}\n", "#".repeat(level), section.title)?;
    rows(section, w)
}

fn rows(section: &Section, w: &mut impl io::Write) -> io::Result<()> {
    table_rows(&section.table, w)
}

/// A pipe table of the columns that hold something.
pub(crate) fn table_rows(table: &Table, w: &mut impl io::Write) -> io::Result<()> {
    let holds = |index: &usize| {
        let cells = table.rows.iter().filter_map(|row| row.get(*index));
        cells.into_iter().any(|cell| !cell.is_none())
    };
    let shown: Vec<usize> = (0..table.columns.len()).filter(holds).collect();
    let line = |cells: Vec<String>| format!("| {} |", cells.join(" | "));
    let heads = shown.iter().map(|index| plain(table.columns[*index].title));
    writeln!(w, "{}", line(heads.collect()))?;
    writeln!(w, "{}", line(vec!["---".to_owned(); shown.len()]))?;
    for row in &table.rows {
        let cells = shown
            .iter()
            .map(|index| row.get(*index).map_or_else(String::new, cell));
        writeln!(w, "{}", line(cells.collect()))?;
    }
    Ok(())
}

fn cell(cell: &Cell) -> String {
    plain(&cell_text(cell))
}

/// Text that means nothing to Markdown or HTML.
pub(crate) fn plain(text: &str) -> String {
    let text = escape(text, true);
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => plain.push_str("&lt;"),
            '>' => plain.push_str("&gt;"),
            '&' => plain.push_str("&amp;"),
            '\\' | '|' | '`' | '*' | '_' | '[' | ']' | '#' | '~' | '!' | '$' => {
                plain.push('\\');
                plain.push(c);
            }
            // What looks like an address would become a link.
            ':' if ends_with(&plain, &["http", "https", "ftp"]) => plain.push_str("&#58;"),
            '.' if ends_with(&plain, &["www"]) => plain.push_str("&#46;"),
            '@' => plain.push_str("&#64;"),
            c => plain.push(c),
        }
    }
    plain
}

fn ends_with(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| {
        let begin = text.len().checked_sub(word.len());
        let end = begin.and_then(|begin| text.get(begin..));
        end.is_some_and(|end| end.eq_ignore_ascii_case(word))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_does_not_mean_anything() {
        assert_eq!(plain("a|b<i>*x*\n"), r"a\|b&lt;i&gt;\*x\*\\u{a}");
        assert_eq!(plain("https://x"), "https&#58;//x");
        assert_eq!(plain("HTTP://x"), "HTTP&#58;//x");
        assert_eq!(plain("www.x $a$"), r"www&#46;x \$a\$");
    }
}

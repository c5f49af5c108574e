//! A table in lines of a width: columns that hold nothing are left out, long texts are cut, and where that is not
//! enough whole columns go, those of the highest rank first. What stands in a column in full, a uuid or a path for
//! instance, is never cut. Trees are drawn in front of their first column.

use xenspect_model::inventory::{Cell, Column, ColumnKind, Table};

use super::cell_text;
use crate::human::Style;
use crate::text::{columns, shorten};
use crate::wrap::DIM;

const INDENT: usize = 2;
const GAP: usize = 2;

/// The widest that a text may be while others have to give way.
const MOST: usize = 40;
/// The narrowest that a text is cut to, and the same in a column that always stays.
const LEAST: usize = 14;
const LEAST_OF_FIRST: usize = 20;
/// Levels of a tree that are drawn; deeper ones stand at the last of them.
const LEVELS: usize = 8;

/// Lines of a table.
pub(crate) struct Grid {
    /// The heads and the rows.
    pub(crate) lines: Vec<String>,
    /// Whether columns that hold something were left out.
    pub(crate) has_left_out: bool,
}

struct Laid {
    column: Column,
    /// Cells of the rows that are shown, not escaped.
    cells: Vec<String>,
    natural: usize,
    least: usize,
    /// The rank of its column; one that says nothing but `no` goes before all others.
    rank: usize,
}

/// Lays out the first `rows` rows.
pub(crate) fn lay_out(table: &Table, rows: usize, style: &Style) -> Grid {
    let shown = table.rows.get(..rows).unwrap_or(&table.rows);
    let tree = table.is_tree();
    let mut laid: Vec<Laid> = Vec::new();
    for (index, column) in table.columns.iter().enumerate().skip(usize::from(tree)) {
        // By all rows, so that a column does not come and go with those that are shown.
        let is_empty = |row: &Vec<Cell>| row.get(index).is_none_or(Cell::is_none);
        if table.rows.iter().all(is_empty) {
            continue;
        }
        let cells = shown
            .iter()
            .map(|row| row.get(index).map_or_else(String::new, brief));
        let mut cells: Vec<String> = cells.collect();
        if tree && laid.is_empty() {
            let drawn = branches(shown, style.unicode);
            for (cell, branch) in cells.iter_mut().zip(drawn) {
                *cell = branch + cell;
            }
        }
        laid.push(Laid::new(*column, cells, style));
    }
    let before = laid.len();
    let widths = fit(&mut laid, style.columns() - INDENT);
    let heads: Vec<_> = laid
        .iter()
        .map(|laid| laid.column.title.to_owned())
        .collect();
    let mut lines = vec![
        style
            .paint()
            .paint(DIM, &line(&laid, &heads, &widths, style)),
    ];
    for row in 0..shown.len() {
        let cells: Vec<_> = laid.iter().map(|laid| laid.cells[row].clone()).collect();
        lines.push(line(&laid, &cells, &widths, style));
    }
    Grid {
        lines,
        has_left_out: laid.len() < before,
    }
}

impl Laid {
    fn new(column: Column, cells: Vec<String>, style: &Style) -> Self {
        let whole = matches!(
            column.kind,
            ColumnKind::Int | ColumnKind::Bytes | ColumnKind::Bool | ColumnKind::Time
        ) || matches!(column.name, "mac" | "file")
            || column.name.ends_with("uuid");
        let most = if whole { 2 * MOST } else { MOST };
        let width = |cell: &String| columns(&shorten(cell, most, style.unicode));
        let natural = cells.iter().map(width).max().unwrap_or(0);
        let natural = natural.max(columns(column.title));
        let least = match column.rank {
            _ if whole => natural,
            0 => natural.min(LEAST_OF_FIRST),
            _ => natural.min(LEAST),
        };
        let says_no = column.kind == ColumnKind::Bool && !cells.iter().any(|cell| cell == "yes");
        let rank = match usize::from(column.rank) {
            rank if says_no && rank > 0 => rank + usize::from(u8::MAX),
            rank => rank,
        };
        Self {
            column,
            cells,
            natural,
            least,
            rank,
        }
    }

    const fn right(&self) -> bool {
        matches!(self.column.kind, ColumnKind::Int | ColumnKind::Bytes)
    }
}

/// A cell for a table: dates to the minute.
fn brief(cell: &Cell) -> String {
    match cell {
        Cell::Time(time) => match (time.get(..10), time.get(11..16), time.get(16..)) {
            (Some(date), Some(clock), Some(rest)) if rest.ends_with('Z') => {
                format!("{date} {clock}")
            }
            _ => time.clone(),
        },
        cell if cell.is_none() => "-".to_owned(),
        cell => cell_text(cell),
    }
}

/// Leaves out columns and cuts until the rest fits, and tells the widths.
fn fit(laid: &mut Vec<Laid>, width: usize) -> Vec<usize> {
    loop {
        let gaps = GAP * laid.len().saturating_sub(1);
        let least: usize = laid.iter().map(|column| column.least).sum::<usize>() + gaps;
        let leave = (0..laid.len())
            .filter(|index| laid[*index].rank > 0)
            .max_by_key(|index| laid[*index].rank);
        match leave {
            Some(index) if least > width => {
                laid.remove(index);
            }
            _ => break,
        }
    }
    let gaps = GAP * laid.len().saturating_sub(1);
    let mut widths: Vec<usize> = laid.iter().map(|column| column.natural).collect();
    let mut over = (widths.iter().sum::<usize>() + gaps).saturating_sub(width);
    while over > 0 {
        // The widest gives way first; should even the least be too wide, anything does.
        let spare = |index: &usize| widths[*index] > laid[*index].least;
        let widest = (0..laid.len())
            .filter(spare)
            .max_by_key(|index| widths[*index]);
        let widest = widest.or_else(|| (0..laid.len()).max_by_key(|index| widths[*index]));
        match widest {
            Some(index) if widths[index] > 1 => widths[index] -= 1,
            _ => break,
        }
        over -= 1;
    }
    widths
}

fn line(laid: &[Laid], cells: &[String], widths: &[usize], style: &Style) -> String {
    let mut line = " ".repeat(INDENT);
    for (index, ((column, cell), width)) in laid.iter().zip(cells).zip(widths).enumerate() {
        if index > 0 {
            line.push_str(&" ".repeat(GAP));
        }
        let cell = shorten(cell, *width, style.unicode);
        let pad = " ".repeat(width.saturating_sub(columns(&cell)));
        if column.right() {
            line.push_str(&pad);
        }
        line.push_str(&cell);
        if !column.right() {
            line.push_str(&pad);
        }
    }
    line.truncate(line.trim_end_matches(' ').len());
    line
}

/// What is drawn in front of each row of a tree.
fn branches(rows: &[Vec<Cell>], unicode: bool) -> Vec<String> {
    let (fork, last, pass) = match unicode {
        true => ("├─ ", "└─ ", "│  "),
        false => ("|- ", "`- ", "|  "),
    };
    let depth = |row: &Vec<Cell>| match row.first() {
        Some(Cell::Int(depth)) => usize::try_from(*depth).unwrap_or(0).min(LEVELS),
        _ => 0,
    };
    // From below: whether another row follows at each level before one that is less deep.
    let mut follows = [false; LEVELS + 1];
    let mut drawn: Vec<String> = Vec::with_capacity(rows.len());
    for row in rows.iter().rev() {
        let depth = depth(row);
        let mut branch = String::new();
        for follows in follows.iter().take(depth).skip(1) {
            branch.push_str(if *follows { pass } else { "   " });
        }
        if depth > 0 {
            branch.push_str(if follows[depth] { fork } else { last });
        }
        follows[depth] = true;
        for deeper in &mut follows[depth + 1..] {
            *deeper = false;
        }
        drawn.push(branch);
    }
    drawn.reverse();
    drawn
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(depths: &[i64]) -> Vec<Vec<Cell>> {
        depths.iter().map(|depth| vec![Cell::Int(*depth)]).collect()
    }

    #[test]
    fn trees_are_drawn() {
        assert_eq!(
            branches(&rows(&[0, 1, 2, 2, 1, 0, 1]), true),
            ["", "├─ ", "│  ├─ ", "│  └─ ", "└─ ", "", "└─ "]
        );
        let deep: Vec<i64> = (0..1000).collect();
        assert_eq!(branches(&rows(&deep), false)[999].len(), 3 * LEVELS);
    }

    #[test]
    fn columns_go_by_rank_and_uuids_stay_whole() {
        let text = |name, rank| Column::new(name, name, ColumnKind::Text).rank(rank);
        let mut table = Table::new(&[text("name", 0), text("note", 1), text("uuid", 2)]);
        let uuid = "0a1b2c3d-0000-4000-8000-00000000000f";
        table.rows.push(vec![
            Cell::text("n".repeat(60)),
            Cell::text("d".repeat(60)),
            Cell::text(uuid),
        ]);
        let style = Style::default();
        let wide = lay_out(&table, 1, &style);
        assert!(
            !wide.has_left_out && wide.lines[1].ends_with(uuid),
            "{:?}",
            wide.lines
        );
        assert!(columns(&wide.lines[1]) <= 80);
        let narrow = lay_out(&table, 1, &Style { width: 60, ..style });
        assert!(
            narrow.has_left_out && !narrow.lines[0].contains("uuid"),
            "{:?}",
            narrow.lines
        );
        assert!(columns(&narrow.lines[1]) <= 60);
    }

    #[test]
    fn dates_are_brief() {
        let time = |text: &str| brief(&Cell::Time(text.to_owned()));
        assert_eq!(time("2012-10-17T15:30:14Z"), "2012-10-17 15:30");
        assert_eq!(
            time("2012-10-17T15:30:14+01:00"),
            "2012-10-17T15:30:14+01:00"
        );
    }
}

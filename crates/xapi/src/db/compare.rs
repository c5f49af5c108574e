//! A document against what xapi would have written of it. Rows that are known to stand as they would be written are passed
//! over; the others are written, one at a time, and compared.

use std::collections::HashMap;
use std::ops::ControlFlow;

use super::database::{Database, Home, RowEntry};
use super::offset_of;
use super::shape::position;
use super::view::{Row, Table};
use super::write::{AsItIs, Order, Style, in_order, push_head, push_row, push_table};

/// The first byte in which the written text and another one differ, or `None` when they are the same. The text is never
/// held as a whole.
pub fn first_difference(database: &Database<'_>, style: &Style, other: &[u8]) -> Option<u64> {
    let mut comparison = Comparison {
        database,
        style,
        other,
        own: std::ptr::eq(other, database.document()),
        at: 0,
        ordered: HashMap::new(),
        piece: String::new(),
        columns: Vec::new(),
    };
    match comparison.run() {
        ControlFlow::Break(at) => Some(offset_of(at)),
        ControlFlow::Continue(()) if comparison.at == other.len() => None,
        ControlFlow::Continue(()) => Some(offset_of(comparison.at)),
    }
}

struct Comparison<'c, 'd> {
    database: &'d Database<'d>,
    style: &'c Style,
    other: &'c [u8],
    /// The other text is the document that the database was read from.
    own: bool,
    /// How much of it is the same.
    at: usize,
    /// Whether the columns of a shape are in order.
    ordered: HashMap<u32, bool>,
    piece: String,
    columns: Vec<super::write::Column<'d>>,
}

impl<'d> Comparison<'_, 'd> {
    /// Breaks with the place of the first difference.
    fn run(&mut self) -> ControlFlow<usize> {
        push_head(self.database, self.style, &mut AsItIs, &mut self.piece);
        self.compare()?;
        for table in in_order(self.database.tables(), self.style, |table| table.name()) {
            push_table(&table, &mut self.piece);
            self.compare()?;
            if self.style.order == Order::AsRead || is_sorted(&table) {
                for row in table.rows() {
                    self.row(&row)?;
                }
            } else {
                let mut rows: Vec<_> = table.rows().collect();
                rows.sort_by_cached_key(|row| row.reference());
                for row in &rows {
                    self.row(row)?;
                }
            }
            if !table.is_empty() {
                self.piece.push_str("</table>");
                self.compare()?;
            }
        }
        self.piece.push_str("</database>");
        self.compare()
    }

    fn row(&mut self, row: &Row<'d>) -> ControlFlow<usize> {
        if let Some(end) = self.end_if_written_so(row) {
            self.at = end;
            return ControlFlow::Continue(());
        }
        push_row(
            row,
            self.style,
            &mut AsItIs,
            &mut self.columns,
            &mut self.piece,
        );
        self.compare()
    }

    /// Where a row ends that is the next one of the document, and stands there as it would be written.
    fn end_if_written_so(&mut self, row: &Row<'d>) -> Option<usize> {
        let entry = self.database.entry(row.id)?;
        let as_written = self.own
            && entry.base == self.at
            && entry.home == Home::Document
            && entry.form.is_of(self.style.protection)
            && self.is_in_order(entry.shape);
        as_written.then(|| self.end_of(entry)).flatten()
    }

    /// Whether the columns of a shape are in the order of the style.
    fn is_in_order(&mut self, shape: u32) -> bool {
        let (database, order) = (self.database, self.style.order);
        *self.ordered.entry(shape).or_insert_with(|| {
            let names = database.shape_names(shape);
            names.is_sorted_by(|a, b| order.of_columns(a, b).is_le())
        })
    }

    /// Where a row ends whose last value is followed by the writer's own end of a row.
    fn end_of(&self, entry: RowEntry) -> Option<usize> {
        let columns = self.database.shapes.names_of(entry.shape).len();
        let last = position(entry.cells)?
            .checked_add(columns)?
            .checked_sub(1)?;
        let cell = self.database.cells.get(last)?;
        let end = entry.base.checked_add(position(cell.start)?)?;
        end.checked_add(position(cell.len)?)?
            .checked_add("\"/>".len())
    }

    /// Compares the piece that was written, and begins another.
    fn compare(&mut self) -> ControlFlow<usize> {
        let piece = self.piece.as_bytes();
        let rest = self.other.get(self.at..).unwrap_or_default();
        let same = match rest.starts_with(piece) {
            true => piece.len(),
            false => piece.iter().zip(rest).take_while(|(a, b)| a == b).count(),
        };
        self.at = self.at.saturating_add(same);
        let flow = match same == piece.len() {
            true => ControlFlow::Continue(()),
            false => ControlFlow::Break(self.at),
        };
        self.piece.clear();
        flow
    }
}

/// Whether the rows of a table follow one another by their references, as they do in what xapi writes.
fn is_sorted(table: &Table<'_>) -> bool {
    table.rows().is_sorted_by_key(|row| row.reference_bytes())
}

//! Looking at tables and rows of a [`Database`]. Everything borrows from it; nothing is decoded before it is asked for.

use std::borrow::Cow;

use super::database::{Database, Home, TableEntry};
use super::event::{is_bookkeeping, number};
use super::shape::position;
use super::{Oddity, OddityKind, offset_of};
use crate::datamodel::{self, Value};
use crate::value::Raw;

impl<'a> Database<'a> {
    /// All tables, in the order of the document, those without rows included.
    pub fn tables(&self) -> impl ExactSizeIterator<Item = Table<'_>> {
        self.tables.iter().map(|entry| Table {
            database: self,
            entry,
        })
    }

    /// The table of that name.
    pub fn table(&self, name: &str) -> Option<Table<'_>> {
        let &id = self.table_ids.get(name)?;
        Some(Table {
            database: self,
            entry: self.tables.get(position(id)?)?,
        })
    }

    /// All rows of all tables, table by table.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.tables().flat_map(|table| table.rows())
    }

    /// Number of rows of all tables.
    pub fn row_count(&self) -> usize {
        self.tables.iter().map(|table| table.rows.len()).sum()
    }

    /// One more than the largest [`Row::number`].
    pub fn row_numbers(&self) -> usize {
        self.rows.len()
    }

    /// The row of a number, or `None` when a redo log deleted it.
    pub fn row_numbered(&self, number: u32) -> Option<Row<'_>> {
        let entry = self.entry(number)?;
        (entry.home != Home::Gone).then(|| self.row(number))
    }

    /// The names of all attributes of the rows of a shape ([`Row::shape`]), in order. [`Row::value_at`] counts the same
    /// way.
    pub fn shape_names(&self, shape: u32) -> impl ExactSizeIterator<Item = &str> {
        let names = self.shapes.names_of(shape).iter();
        names.map(|&name| self.shapes.name(name))
    }

    pub(super) fn row(&self, id: u32) -> Row<'_> {
        Row { database: self, id }
    }
}

/// One table.
#[derive(Debug, Clone, Copy)]
pub struct Table<'d> {
    database: &'d Database<'d>,
    entry: &'d TableEntry,
}

impl<'d> Table<'d> {
    /// Its name.
    pub fn name(&self) -> &'d str {
        &self.entry.name
    }

    /// Number of its rows.
    pub fn len(&self) -> usize {
        self.entry.rows.len()
    }

    /// True when it has no rows.
    pub fn is_empty(&self) -> bool {
        self.entry.rows.is_empty()
    }

    /// Byte offset of the element.
    pub fn offset(&self) -> u64 {
        self.entry.offset
    }

    /// Its rows, in the order of the document.
    pub fn rows(&self) -> Rows<'d> {
        Rows {
            database: self.database,
            ids: self.entry.rows.iter(),
        }
    }
}

/// Rows of a table.
#[derive(Debug, Clone)]
pub struct Rows<'d> {
    database: &'d Database<'d>,
    ids: std::slice::Iter<'d, u32>,
}

impl<'d> Iterator for Rows<'d> {
    type Item = Row<'d>;

    fn next(&mut self) -> Option<Row<'d>> {
        let &id = self.ids.next()?;
        Some(self.database.row(id))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.ids.size_hint()
    }
}

impl ExactSizeIterator for Rows<'_> {}

/// One row.
#[derive(Debug, Clone, Copy)]
pub struct Row<'d> {
    database: &'d Database<'d>,
    pub(super) id: u32,
}

impl<'d> Row<'d> {
    /// Name of its table.
    pub fn table(&self) -> &'d str {
        let row = self.database.entry(self.id);
        let table = row.and_then(|row| self.database.tables.get(position(row.table)?));
        table.map_or("", |table| &table.name)
    }

    /// Byte offset of the element, or `None` for a row that a redo log made or changed.
    pub fn offset(&self) -> Option<u64> {
        let row = self.database.entry(self.id)?;
        (row.home == Home::Document).then(|| offset_of(row.base))
    }

    /// The reference (`ref`).
    pub fn reference(&self) -> Option<Cow<'d, str>> {
        self.at(self.roles().reference).map(Raw::unescaped)
    }

    /// The text of the column `uuid`.
    pub fn uuid(&self) -> Option<Cow<'d, str>> {
        self.at(self.roles().uuid).map(Raw::text)
    }

    /// The bytes of [`Row::reference`], which mostly cost less to have than the text.
    pub fn reference_bytes(&self) -> Option<Cow<'d, [u8]>> {
        self.at(self.roles().reference).map(Raw::unescaped_bytes)
    }

    /// The bytes of [`Row::uuid`].
    pub(super) fn uuid_bytes(&self) -> Option<Cow<'d, [u8]>> {
        self.at(self.roles().uuid).map(Raw::text_bytes)
    }

    /// `__ctime`: the generation at which the row was made. `None` when absent or no number.
    pub fn ctime(&self) -> Option<i64> {
        number(self.at(self.roles().ctime)?)
    }

    /// `__mtime`: the generation of the last change. `None` when absent or no number.
    pub fn mtime(&self) -> Option<i64> {
        number(self.at(self.roles().mtime)?)
    }

    /// A column as it stands. `ref`, `__ctime` and `__mtime` are no columns.
    pub fn get(&self, column: &str) -> Option<Raw<'d>> {
        if is_bookkeeping(column) {
            return None;
        }
        let row = self.database.entry(self.id)?;
        self.at(self.database.shapes.position_of(row.shape, column))
    }

    /// The text of a column: for a set or a map its S-expression.
    pub fn text(&self, column: &str) -> Option<Cow<'d, str>> {
        self.get(column).map(Raw::text)
    }

    /// A column by its type.
    pub fn value(&self, column: &str) -> Option<Value<'d>> {
        let text = self.text(column)?;
        Some(datamodel::decode(self.table(), column, text))
    }

    /// Columns in the order of the document, without `ref`, `__ctime` and `__mtime`.
    pub fn columns(&self) -> impl Iterator<Item = (&'d str, Raw<'d>)> + use<'d> {
        self.attributes().filter(|(name, _)| !is_bookkeeping(name))
    }

    /// The row's number in its database, which no other row has.
    pub fn number(&self) -> u32 {
        self.id
    }

    /// The number of the row's shape: rows that have the same attributes in the same order share it, of whatever table
    /// they are. What is looked up by column can so be looked up once for many rows.
    pub fn shape(&self) -> u32 {
        let row = self.database.entry(self.id);
        row.map(|row| row.shape).unwrap_or_default()
    }

    /// The value of the attribute at a position of the row's shape, bookkeeping included.
    pub fn value_at(&self, position: usize) -> Option<Raw<'d>> {
        self.database.value(self.id, position)
    }

    /// All attributes in the order of the document.
    pub(super) fn attributes(&self) -> Columns<'d> {
        let row = self.database.entry(self.id);
        let names = row.map_or(&[][..], |row| self.database.shapes.names_of(row.shape));
        Columns {
            row: *self,
            names: names.iter().enumerate(),
        }
    }

    /// Byte offset of a column's value, or `None` when the row has no such column or is not from the document.
    pub fn column_offset(&self, column: &str) -> Option<u64> {
        let row = self.database.entry(self.id)?;
        self.offset_at(self.database.shapes.position_of(row.shape, column)?)
    }

    /// Columns with their positions among all attributes, which rows of one shape share.
    pub(crate) fn columns_with_positions(
        &self,
    ) -> impl Iterator<Item = (usize, &'d str)> + use<'d> {
        let names = self.attributes().map(|(name, _)| name);
        names.enumerate().filter(|(_, name)| !is_bookkeeping(name))
    }

    /// As [`Row::column_offset`], by position.
    pub(crate) fn offset_at(&self, at: usize) -> Option<u64> {
        let row = self.database.entry(self.id)?;
        let cell = self
            .database
            .cells
            .get(position(row.cells)?.checked_add(at)?)?;
        let start = row.base.checked_add(position(cell.start)?)?;
        (row.home == Home::Document).then(|| offset_of(start))
    }

    pub(super) fn oddity(&self, kind: OddityKind) -> Oddity {
        Oddity {
            offset: self.offset().unwrap_or_default(),
            ..kind.at(0)
        }
        .in_table(self.table())
        .in_row(self.reference().as_deref())
    }

    fn roles(&self) -> super::event::Roles {
        let row = self.database.entry(self.id);
        row.map(|row| self.database.shapes.roles_of(row.shape))
            .unwrap_or_default()
    }

    fn at(&self, position: Option<usize>) -> Option<Raw<'d>> {
        self.database.value(self.id, position?)
    }
}

/// Attributes of a row.
#[derive(Debug, Clone)]
pub(super) struct Columns<'d> {
    row: Row<'d>,
    names: std::iter::Enumerate<std::slice::Iter<'d, u32>>,
}

impl<'d> Iterator for Columns<'d> {
    type Item = (&'d str, Raw<'d>);

    fn next(&mut self) -> Option<Self::Item> {
        let (at, &name) = self.names.next()?;
        let value = self.row.database.value(self.row.id, at)?;
        Some((self.row.database.shapes.name(name), value))
    }
}

//! A large dump in two parts that can be read side by side. The place is chosen by its look, between two rows; whoever
//! reads the first part has to come by there, with just that table open, or else the second part counts for nothing. So
//! what comes out never depends on whether there were parts.

use std::collections::HashMap;

use super::shape::position;
use super::{Database, DumpLimits, Error, Unindexed};
use crate::value::Raw;

/// A place between two rows, and the table that is open there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    pub(super) at: usize,
    pub(super) table: String,
}

/// The rows of a part of a dump.
#[derive(Debug)]
pub struct Part {
    pub(super) rows: Database<'static>,
    /// It ends at the place where it should.
    pub(super) fits: bool,
}

impl Split {
    /// About the middle of a dump, if it has rows there.
    pub fn of(document: &[u8]) -> Option<Split> {
        let half = document.len().div_euclid(2);
        let (before, after) = document.split_at_checked(half)?;
        let at = half.checked_add(memchr::memmem::find(after, b"/><row ")?)?;
        let at = at.checked_add("/>".len())?;
        let open = b"<table name=\"";
        let table = memchr::memmem::rfind(before, open)?.checked_add(open.len())?;
        let name = document.get(table..)?;
        let name = name.get(..memchr::memchr(b'"', name)?)?;
        let table = Raw::new(name).unescaped().into_owned();
        Some(Split { at, table })
    }
}

impl Part {
    /// What stands in front of the place.
    pub fn first(document: &[u8], split: &Split, limits: &DumpLimits) -> Result<Part, Error> {
        Database::part(document, limits, None, Some(split))
    }

    /// What stands behind it.
    pub fn second(document: &[u8], split: &Split, limits: &DumpLimits) -> Result<Part, Error> {
        Database::part(document, limits, Some(split), None)
    }
}

impl Unindexed {
    /// As [`Unindexed::from_vec`] of the document that both parts were read from.
    pub fn from_parts(
        document: Vec<u8>,
        first: Result<Part, Error>,
        second: Result<Part, Error>,
        limits: &DumpLimits,
    ) -> Result<Self, Error> {
        let first = first?;
        if !first.fits {
            return Ok(Unindexed(first.rows.with_source(document)));
        }
        let joined = second
            .ok()
            .and_then(|second| first.rows.joined(second.rows));
        match joined {
            Some(rows) => Ok(Unindexed(rows.with_source(document))),
            // What is wrong in the second part, or too much in both, is told by reading all of it.
            None => Unindexed::from_vec(document, limits),
        }
    }
}

impl Database<'static> {
    /// With the rows of a second part behind those of this one. `None` when the two together are not what one reading would
    /// have found.
    fn joined(mut self, other: Database<'static>) -> Option<Self> {
        let limits = self.limits.clone();
        if self.rows.len().checked_add(other.rows.len())? > limits.rows {
            return None;
        }
        let mut tables = Vec::new();
        for (number, table) in other.tables.iter().enumerate() {
            // The first one is open since the first part. Any other that is known there is there twice.
            if number > 0 && self.table_ids.contains_key(&table.name) {
                return None;
            }
            tables.push(self.table_id(&table.name, table.offset).ok()?);
        }
        let mut shapes: HashMap<u32, u32> = HashMap::new();
        let cells = u32::try_from(self.cells.len()).ok()?;
        let all = self.cells.len().checked_add(other.cells.len())?;
        u32::try_from(all).ok()?;
        for row in &other.rows {
            let mut row = *row;
            row.shape = match shapes.get(&row.shape) {
                Some(&shape) => shape,
                None => {
                    let names = other.shapes.names_of(row.shape).iter();
                    let names =
                        names.map(|&name| self.shapes.name_id(other.shapes.name(name), &limits));
                    let names = names.collect::<Result<Vec<_>, _>>().ok()?;
                    let shape = self.shapes.shape_id(&names, &limits).ok()?;
                    shapes.insert(row.shape, shape);
                    shape
                }
            };
            row.table = *tables.get(position(row.table)?)?;
            row.cells = row.cells.checked_add(cells)?;
            let id = u32::try_from(self.rows.len()).ok()?;
            self.rows.push(row);
            self.tables.get_mut(position(row.table)?)?.rows.push(id);
        }
        self.cells.extend(other.cells);
        self.oddities.append(other.oddities);
        self.complete = other.complete;
        self.end = other.end;
        Some(self)
    }
}

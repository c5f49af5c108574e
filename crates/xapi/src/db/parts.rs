//! A large dump in two parts that can be read side by side. The place is chosen by its look, between two rows; whoever
//! reads the first part has to come by there, with just that table open, or else the second part counts for nothing. So
//! what comes out never depends on whether there were parts.

use std::collections::HashMap;
use std::sync::Arc;

use super::shape::position;
use super::{Database, DumpLimits, Error, Split, Unindexed};

/// A dump that is to be read in two parts.
///
/// ```
/// use xenspect_xapi::db::{DumpLimits, Parted, Split};
///
/// let dump = br#"<database><manifest/><table name="VM"><row ref="1" uuid="u1"/><row ref="2" uuid="u2"/></table></database>"#;
/// let split = Split::behind(dump, 40).unwrap();
/// assert_eq!(split.offset(), 62);
/// let parted = Parted::at(dump.to_vec(), split, &DumpLimits::default());
/// let (first, second) = std::thread::scope(|scope| {
///     let second = scope.spawn(|| parted.second());
///     (parted.first(), second.join().unwrap())
/// });
/// let dump = parted.joined(first, second)?;
/// let (references, uuids) = (dump.by_reference(), dump.by_uuid());
/// assert_eq!(dump.indexed(references, uuids).row_count(), 2);
/// # Ok::<(), xenspect_xapi::db::Error>(())
/// ```
#[derive(Debug)]
pub struct Parted {
    document: Vec<u8>,
    /// Shared with the parts, which are told by it from those of any other reading.
    split: Arc<Split>,
    limits: DumpLimits,
}

/// The rows of a part of a dump, or why they could not be read.
#[derive(Debug)]
pub struct Part {
    rows: Result<Database<'static>, Error>,
    half: Half,
    split: Arc<Split>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Half {
    /// From the beginning to the place.
    First,
    /// From the beginning to the end, as the place is not what it looks like.
    Whole,
    /// From the place to the end.
    Second,
}

impl Parted {
    /// A dump and the place between its parts. One that is no such place costs time, and changes nothing else.
    pub fn at(document: Vec<u8>, split: Split, limits: &DumpLimits) -> Self {
        Parted {
            document,
            split: Arc::new(split),
            limits: limits.clone(),
        }
    }

    /// Reads what stands in front of the place.
    pub fn first(&self) -> Part {
        let end = Some(self.split.as_ref());
        let (rows, half) = match Database::part(&self.document, &self.limits, None, end) {
            Ok((rows, true)) => (Ok(rows), Half::First),
            Ok((rows, false)) => (Ok(rows), Half::Whole),
            // Reading all of it would have come by there.
            Err(error) => (Err(error), Half::Whole),
        };
        self.part(rows, half)
    }

    /// Reads what stands behind it.
    pub fn second(&self) -> Part {
        let start = Some(self.split.as_ref());
        let rows = Database::part(&self.document, &self.limits, start, None);
        self.part(rows.map(|(rows, _)| rows), Half::Second)
    }

    fn part(&self, rows: Result<Database<'static>, Error>, half: Half) -> Part {
        Part {
            rows,
            half,
            split: Arc::clone(&self.split),
        }
    }

    /// As [`Unindexed::from_vec`] of the document. Parts that are not those of this reading, or not one of each, count for
    /// nothing: all of it is read then.
    ///
    /// # Errors
    ///
    /// Those of [`Unindexed::from_vec`].
    pub fn joined(self, first: Part, second: Part) -> Result<Unindexed, Error> {
        let first = self.own(first);
        let rows = match first {
            Some((rows, Half::Whole)) => Some(rows?.shrunk()),
            Some((Ok(first), Half::First)) => match self.own(second) {
                Some((Ok(second), Half::Second)) => first.joined(second).map(Database::shrunk),
                _ => None,
            },
            _ => None,
        };
        match rows {
            Some(rows) => Ok(Unindexed(rows.with_source(self.document))),
            // What is wrong in the second part, or too much in both, is told by reading all of it.
            None => Unindexed::from_vec(self.document, &self.limits),
        }
    }

    /// What a part holds, if it is one of this reading.
    fn own(&self, part: Part) -> Option<(Result<Database<'static>, Error>, Half)> {
        Arc::ptr_eq(&self.split, &part.split).then_some((part.rows, part.half))
    }
}

impl Part {
    /// Whether it is a first part that came by the place with just the table open that seemed to be: only such a one is
    /// joined with another.
    pub fn ends_at_the_place(&self) -> bool {
        self.half == Half::First
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
        // Growing in steps would take twice the room, while the other rows are still held.
        self.rows.reserve_exact(other.rows.len());
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
        self.cells.append(other.cells);
        self.oddities.append(other.oddities);
        self.complete = other.complete;
        self.end = other.end;
        Some(self)
    }
}

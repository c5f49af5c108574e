//! Putting the changes of a redo log into its database. Changed rows are kept loose while the changes come in and are
//! packed like the others at the end, so that the cost is that of the changes and of the rows they touch, once.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::super::cells::Cell;
use super::super::database::{Database, Home, RowEntry};
use super::super::event::is_bookkeeping;
use super::super::form::Form;
use super::super::shape::position;
use super::super::{Error, ErrorKind};
use super::{BadDelta, Delta, DeltaRecord};
use crate::value::{Protection, escape_into, protect_into};

/// What became of the changes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Replay {
    /// Number of changes that are in the database now.
    pub applied: usize,
    /// Those that are not.
    pub skipped: Vec<Skipped>,
}

/// A change that is not in the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Skipped {
    /// Byte offset of the record on the device.
    pub offset: u64,
    /// Why.
    pub reason: SkipReason,
}

/// Why a change is not in the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SkipReason {
    /// Its generation does not follow that of the change before. xapi takes only the next number and skips what does not
    /// fit (xapi `ocaml/database/redo_log.ml` `read_read_response`).
    OutOfSequence {
        /// The generation that would follow.
        expected: i64,
    },
    /// It cannot be read.
    Bad(BadDelta),
    /// It changes or deletes a row that is not there.
    NoSuchRow,
    /// It makes a row whose reference is taken.
    RowExists,
    /// It gives a value to what is no column: a name that XML does not allow, or a row's bookkeeping.
    NoColumn,
    /// A limit of the caller is passed: attributes of a row, rows, tables or columns.
    Limit,
}

pub(super) fn replay<'a>(
    mut database: Database<'a>,
    generation: i64,
    deltas: &[DeltaRecord<'_>],
) -> Result<(Database<'a>, Replay), Error> {
    let mut outcome = Replay::default();
    let mut open = Open::default();
    let mut expected = generation.saturating_add(1);
    let mut last = None;
    for record in deltas {
        let result = if record.generation != expected {
            Err(SkipReason::OutOfSequence { expected })
        } else {
            expected = expected.saturating_add(1);
            last = Some(record.generation);
            match &record.delta {
                Ok(delta) => open.apply(&mut database, delta, record.generation),
                Err(bad) => Err(SkipReason::Bad(*bad)),
            }
        };
        match result {
            Ok(()) => outcome.applied = outcome.applied.saturating_add(1),
            Err(reason) => outcome.skipped.push(Skipped {
                offset: record.offset,
                reason,
            }),
        }
    }
    open.pack(&mut database)?;
    if let Some(generation) = last {
        database.set_generation(generation);
    }
    Ok((database, outcome))
}

/// True for what may be written as a column: what else a change names would come out as something else.
fn is_column(name: &str) -> bool {
    is_name(name) && !is_bookkeeping(name)
}

fn is_name(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | ':');
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && name.chars().all(plain)
}

/// A value of an open row: the id of its name, and where it is in the arena.
type Field = (u32, Cell);

/// Rows that a change has made or touched.
#[derive(Default)]
struct Open {
    rows: HashMap<u32, Vec<Field>>,
    /// Rows that were made, by table and reference.
    made: HashMap<(u32, String), u32>,
}

impl Open {
    fn apply(
        &mut self,
        database: &mut Database<'_>,
        delta: &Delta<'_>,
        generation: i64,
    ) -> Result<(), SkipReason> {
        let (table, reference) = (delta.table(), delta.reference());
        let row = self.find(database, table, reference);
        match delta {
            Delta::CreateRow { columns, .. } if columns.iter().any(|(name, _)| !is_name(name)) => {
                Err(SkipReason::NoColumn)
            }
            Delta::CreateRow { columns, .. } => {
                if row.is_some() {
                    return Err(SkipReason::RowExists);
                }
                self.create(database, table, reference, columns, generation)
                    .ok_or(SkipReason::Limit)
            }
            Delta::DeleteRow { .. } => {
                let row = row.ok_or(SkipReason::NoSuchRow)?;
                self.rows.remove(&row);
                if let Some(&table) = database.table_ids.get(table) {
                    self.made.remove(&(table, reference.to_owned()));
                }
                if let Some(entry) = entry_mut(database, row) {
                    entry.home = Home::Gone;
                }
                Ok(())
            }
            Delta::WriteField { column, .. } if !is_column(column) => Err(SkipReason::NoColumn),
            Delta::WriteField { column, value, .. } => {
                let row = row.ok_or(SkipReason::NoSuchRow)?;
                self.set(database, row, column, value)
                    .ok_or(SkipReason::Limit)?;
                self.set(database, row, "__mtime", &generation.to_string())
                    .ok_or(SkipReason::Limit)
            }
        }
    }

    fn find(&self, database: &Database<'_>, table: &str, reference: &str) -> Option<u32> {
        let &table_id = database.table_ids.get(table)?;
        if let Some(&row) = self.made.get(&(table_id, reference.to_owned())) {
            return Some(row);
        }
        // The index knows the rows of the document; one that was touched keeps its reference.
        let row = database.by_reference(reference)?;
        (row.table() == table).then_some(row.id)
    }

    fn create(
        &mut self,
        database: &mut Database<'_>,
        table: &str,
        reference: &str,
        columns: &[(&str, &str)],
        generation: i64,
    ) -> Option<()> {
        if database.rows.len() >= database.limits.rows {
            return None;
        }
        let generation = generation.to_string();
        let bookkeeping = [
            ("ref", reference),
            ("__ctime", generation.as_str()),
            ("__mtime", generation.as_str()),
            ("_ref", reference),
        ];
        let columns = columns
            .iter()
            .copied()
            .filter(|&(name, _)| !is_bookkeeping(name) && name != "_ref");
        let mut fields = Vec::new();
        for (name, value) in bookkeeping.into_iter().chain(columns) {
            put(database, &mut fields, name, value)?;
        }
        let table = database.table_id(table, 0).ok()?;
        let id = u32::try_from(database.rows.len()).ok()?;
        database.rows.push(RowEntry {
            base: 0,
            cells: 0,
            shape: 0,
            table,
            home: Home::Arena,
            form: Form::UNKNOWN,
        });
        let entry = position(table).and_then(|at| database.tables.get_mut(at))?;
        entry.rows.push(id);
        self.made.insert((table, reference.to_owned()), id);
        self.rows.insert(id, fields);
        Some(())
    }

    fn set(
        &mut self,
        database: &mut Database<'_>,
        row: u32,
        name: &str,
        value: &str,
    ) -> Option<()> {
        let fields = match self.rows.entry(row) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => entry.insert(loosen(database, row)?),
        };
        put(database, fields, name, value)
    }

    /// Gives the open rows their cells and shapes, drops those that are gone and builds the indexes anew.
    fn pack(self, database: &mut Database<'_>) -> Result<(), Error> {
        let mut rows: Vec<_> = self.rows.into_iter().collect();
        rows.sort_unstable_by_key(|&(row, _)| row);
        for (row, fields) in rows {
            let names: Vec<u32> = fields.iter().map(|&(name, _)| name).collect();
            let limits = database.limits.clone();
            let shape = database.shapes.shape_id(&names, &limits);
            let shape = shape.map_err(|kind| kind.at(0))?;
            let cells = u32::try_from(database.cells.len()).map_err(|_| {
                let limit = limits.bytes;
                ErrorKind::TooLarge { limit }.at(0)
            })?;
            for (_, cell) in fields {
                database.cells.push(cell);
            }
            if let Some(entry) = entry_mut(database, row) {
                *entry = RowEntry {
                    base: 0,
                    cells,
                    shape,
                    table: entry.table,
                    home: Home::Arena,
                    form: Form::UNKNOWN,
                };
            }
        }
        let Database { tables, rows, .. } = database;
        for table in tables {
            table.rows.retain(|&row| {
                let entry = position(row).and_then(|at| rows.get(at));
                entry.is_some_and(|entry| entry.home != Home::Gone)
            });
        }
        database.forget_duplicates();
        database.rebuild_indexes();
        Ok(())
    }
}

/// Copies the values of a row of the document to the arena, once, so that they can change one by one.
fn loosen(database: &mut Database<'_>, row: u32) -> Option<Vec<Field>> {
    let entry = database.entry(row)?;
    let names = database.shapes.names_of(entry.shape).to_vec();
    let mut fields = Vec::with_capacity(names.len());
    for (at, name) in names.into_iter().enumerate() {
        let cell = database
            .cells
            .get(position(entry.cells)?.checked_add(at)?)?;
        let value = cell.of(&database.source, entry.base)?;
        let start = database.arena.len();
        database.arena.extend_from_slice(value);
        fields.push((name, Cell::new(start, value.len())?));
    }
    Some(fields)
}

/// Writes a value into the arena and into its place, or a new one.
fn put(
    database: &mut Database<'_>,
    fields: &mut Vec<Field>,
    name: &str,
    value: &str,
) -> Option<()> {
    let limits = &database.limits;
    let id = database.shapes.name_id(name, limits).ok()?;
    let mut text = String::with_capacity(value.len());
    if is_bookkeeping(name) {
        escape_into(value, &mut text);
    } else {
        let mut protected = String::with_capacity(value.len());
        protect_into(value, Protection::EverySpace, &mut protected);
        escape_into(&protected, &mut text);
    }
    let cell = Cell::new(database.arena.len(), text.len())?;
    let room = fields.len() < limits.attributes;
    match fields.iter_mut().find(|(name, _)| *name == id) {
        Some((_, place)) => *place = cell,
        None if room => fields.push((id, cell)),
        None => return None,
    }
    database.arena.extend_from_slice(text.as_bytes());
    Some(())
}

fn entry_mut<'d>(database: &'d mut Database<'_>, row: u32) -> Option<&'d mut RowEntry> {
    database.rows.get_mut(position(row)?)
}

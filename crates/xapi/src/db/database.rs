//! A whole dump in memory. Values stay in the document; what is kept is where each is: eight bytes a value, and about
//! forty a row. Reading single rows is in `view`, replaying changes in [`super::redo_log`].

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use super::cells::{Cell, Cells};
use super::event::{Event, RowEvent};
use super::form::Form;
use super::index::Index;
use super::indexed::Indexed;
use super::shape::{Shapes, position};
use super::{DumpLimits, Error, ErrorKind, Oddities, OddityKind, Reader, Split};
use crate::error::clip;
use crate::parse_integer;
use crate::value::Raw;

/// A pool database: tables, rows, columns, with lookup by reference and uuid.
///
/// ```
/// use xenspect_xapi::db::{Database, DumpLimits};
///
/// let dump = br#"<database><manifest><pair key="schema_major_vsn" value="5"/><pair key="schema_minor_vsn" value="790"/>
/// <pair key="generation_count" value="7"/></manifest><table name="VM">
/// <row ref="OpaqueRef:1" __ctime="1" __mtime="7" _ref="OpaqueRef:1" name__label="My%.VM" uuid="u1"/></table></database>"#;
/// let database = Database::read(dump, &DumpLimits::default())?;
/// assert_eq!(database.schema(), Some((5, 790)));
/// let vm = database.by_uuid("u1").unwrap();
/// assert_eq!(vm.table(), "VM");
/// assert_eq!(vm.text("name__label").as_deref(), Some("My VM"));
/// # Ok::<(), xenspect_xapi::db::Error>(())
/// ```
#[derive(Debug)]
pub struct Database<'a> {
    pub(super) source: Cow<'a, [u8]>,
    /// Values that are not in the document, in the same form.
    pub(super) arena: Vec<u8>,
    declaration: Option<Range<usize>>,
    pub(super) manifest: Vec<(String, String)>,
    pub(super) tables: Vec<TableEntry>,
    pub(super) table_ids: HashMap<String, u32>,
    pub(super) rows: Vec<RowEntry>,
    pub(super) cells: Cells,
    pub(super) shapes: Shapes,
    by_reference: Index,
    by_uuid: Index,
    pub(super) oddities: Oddities,
    pub(super) complete: bool,
    pub(super) end: u64,
    pub(super) limits: DumpLimits,
}

#[derive(Debug)]
pub(super) struct TableEntry {
    pub(super) name: String,
    pub(super) offset: u64,
    pub(super) rows: Vec<u32>,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct RowEntry {
    /// Where the row starts in the document; zero for one whose values are in the arena.
    pub(super) base: usize,
    /// The first of its cells.
    pub(super) cells: u32,
    pub(super) shape: u32,
    pub(super) table: u32,
    pub(super) home: Home,
    /// Of its values, as they stand in the document.
    pub(super) form: Form,
}

/// Which bytes a row's cells point into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Home {
    Document,
    Arena,
    /// A row that a redo log deleted.
    Gone,
}

impl Database<'static> {
    /// As [`Database::read`], keeping the document itself.
    pub fn from_vec(bytes: Vec<u8>, limits: &DumpLimits) -> Result<Self, Error> {
        let mut database = Self::rows_of(bytes, limits)?;
        database.rebuild_indexes();
        Ok(database)
    }

    /// Without the indexes.
    pub(super) fn rows_of(bytes: Vec<u8>, limits: &DumpLimits) -> Result<Self, Error> {
        let rows = Self::index(&bytes, limits)?;
        Ok(rows.with_source(bytes))
    }

    /// With the document that it was read from.
    pub(super) fn with_source(mut self, document: Vec<u8>) -> Self {
        self.source = Cow::Owned(document);
        self
    }

    /// Without room for more rows.
    pub(super) fn shrunk(mut self) -> Self {
        self.rows.shrink_to_fit();
        self.cells.shrink_to_fit();
        self
    }

    /// The rows from one place on and up to another, and whether that other one was come by.
    pub(super) fn part(
        bytes: &[u8],
        limits: &DumpLimits,
        start: Option<&Split>,
        end: Option<&Split>,
    ) -> Result<(Self, bool), Error> {
        let mut reader = match start {
            Some(start) => Reader::inside(bytes, limits, start),
            None => Reader::new(bytes, limits)?,
        };
        let mut database = Database {
            source: Cow::Borrowed(&[]),
            arena: Vec::new(),
            declaration: None,
            manifest: Vec::new(),
            tables: Vec::new(),
            table_ids: HashMap::new(),
            rows: Vec::new(),
            cells: Cells::default(),
            shapes: Shapes::default(),
            by_reference: Index::default(),
            by_uuid: Index::default(),
            oddities: Oddities::default(),
            complete: false,
            end: 0,
            limits: limits.clone(),
        };
        let mut table = match start {
            Some(start) => database.table_id(&start.table, 0)?,
            None => 0,
        };
        let mut shape = None;
        let mut names = Vec::new();
        let mut fits = false;
        while let Some(event) = reader.next()? {
            match event {
                Event::Manifest { pairs, .. } => {
                    database.manifest = pairs
                        .iter()
                        .map(|pair| {
                            (
                                pair.key.unescaped().into_owned(),
                                pair.value.unescaped().into_owned(),
                            )
                        })
                        .collect();
                }
                Event::Table { name, offset } => table = database.table_id(name, offset)?,
                Event::Row(row) => {
                    let known = shape.filter(|_| row.same_names);
                    shape = Some(database.add_row(&row, table, known, &mut names)?);
                    if let Some(end) = end
                        && reader.is_at(end)
                    {
                        fits = true;
                        break;
                    }
                }
                Event::End { complete, offset } => {
                    database.complete = complete;
                    database.end = offset;
                }
            }
        }
        database.declaration = reader.declaration_range();
        database.oddities = reader.into_oddities();
        Ok((database, fits))
    }
}

impl<'a> Database<'a> {
    /// Reads a whole dump. A deviation is in [`Database::oddities`], and also a document that is cut gives what is there
    /// of it; an error means that it is no dump, or passes a limit.
    pub fn read(bytes: &'a [u8], limits: &DumpLimits) -> Result<Self, Error> {
        let mut database = Self::index(bytes, limits)?;
        database.source = Cow::Borrowed(bytes);
        database.rebuild_indexes();
        Ok(database)
    }

    /// What a document holds, without the document: cells say where they are, not what.
    fn index(bytes: &[u8], limits: &DumpLimits) -> Result<Self, Error> {
        let (rows, _) = Database::part(bytes, limits, None, None)?;
        Ok(rows.shrunk())
    }

    /// The text of the document.
    pub fn document(&self) -> &[u8] {
        &self.source
    }

    /// The number of a table, which is added when it is new. `offset` is where it was met.
    pub(super) fn table_id(&mut self, name: &str, offset: u64) -> Result<u32, Error> {
        if let Some(&id) = self.table_ids.get(name) {
            return Ok(id);
        }
        let limit = self.limits.tables;
        let id = match u32::try_from(self.tables.len()) {
            Ok(id) if self.tables.len() < limit => id,
            _ => {
                let kind = ErrorKind::TooManyTables { limit };
                return Err(Error { kind, offset });
            }
        };
        self.tables.push(TableEntry {
            name: name.to_owned(),
            offset,
            rows: Vec::new(),
        });
        self.table_ids.insert(name.to_owned(), id);
        Ok(id)
    }

    /// Adds a row, and gives its shape.
    fn add_row(
        &mut self,
        row: &RowEvent<'_, '_>,
        table: u32,
        shape: Option<u32>,
        names: &mut Vec<u32>,
    ) -> Result<u32, Error> {
        let shape = match shape {
            Some(shape) => shape,
            None => {
                names.clear();
                for attribute in row.attributes {
                    let id = self.shapes.name_id(attribute.name, &self.limits);
                    names.push(id.map_err(|kind| kind.at(row.at))?);
                }
                let id = self.shapes.shape_id(names, &self.limits);
                id.map_err(|kind| kind.at(row.at))?
            }
        };
        let too_large = || {
            let limit = self.limits.bytes;
            ErrorKind::TooLarge { limit }.at(row.at)
        };
        let entry = RowEntry {
            base: row.at,
            cells: u32::try_from(self.cells.len()).map_err(|_| too_large())?,
            shape,
            table,
            home: Home::Document,
            form: row.form,
        };
        for attribute in row.attributes {
            let start = attribute.at.saturating_sub(row.at);
            let cell = Cell::new(start, attribute.value.len()).ok_or_else(too_large)?;
            self.cells.push(cell);
        }
        let id = u32::try_from(self.rows.len()).map_err(|_| too_large())?;
        self.rows.push(entry);
        if let Some(table) = position(table).and_then(|at| self.tables.get_mut(at)) {
            table.rows.push(id);
        }
        Ok(shape)
    }

    /// Builds both indexes from the rows, and reports what is there twice.
    pub(super) fn rebuild_indexes(&mut self) {
        let references = Indexed::by_reference(self);
        let uuids = Indexed::by_uuid(self);
        self.put_indexes(references, uuids);
    }

    pub(super) fn put_indexes(&mut self, references: Indexed, uuids: Indexed) {
        let mut again: Vec<_> = references.again.iter().chain(&uuids.again).collect();
        // Stable, so that of one row the reference comes first.
        again.sort_by_key(|again| again.at);
        let mut oddities = std::mem::take(&mut self.oddities);
        for again in again {
            let row = self.row(again.row);
            let oddity = match again.uuid {
                false => row.oddity(OddityKind::DuplicateRef),
                true => {
                    let uuid = clip(&row.uuid().unwrap_or_default());
                    let kind = OddityKind::DuplicateUuid { uuid };
                    row.oddity(kind).in_column("uuid")
                }
            };
            oddities.push(oddity);
        }
        oddities.count_more("duplicate-ref", references.more);
        oddities.count_more("duplicate-uuid", uuids.more);
        self.oddities = oddities;
        self.by_reference = references.index;
        self.by_uuid = uuids.index;
    }

    /// After a replay the rows are others, so what was there twice is looked for anew.
    pub(super) fn forget_duplicates(&mut self) {
        self.oddities.forget(&["duplicate-ref", "duplicate-uuid"]);
    }

    pub(super) fn set_generation(&mut self, generation: i64) {
        let value = generation.to_string();
        let key = "generation_count";
        match self.manifest.iter_mut().rfind(|(name, _)| name == key) {
            Some((_, old)) => *old = value,
            None => self.manifest.push((key.to_owned(), value)),
        }
    }

    /// The XML declaration as it stands, where there is one.
    pub fn declaration(&self) -> Option<Raw<'_>> {
        let range = self.declaration.clone()?;
        self.source.get(range).map(Raw::new)
    }

    /// Keys and values of the manifest, in the order of the document. After a redo log was replayed, the generation is
    /// that of its last change.
    pub fn manifest(&self) -> impl Iterator<Item = (&str, &str)> {
        self.manifest
            .iter()
            .map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// A value of the manifest. Of two with one key the last, as xapi has it.
    pub fn manifest_value(&self, key: &str) -> Option<&str> {
        let (_, value) = self.manifest.iter().rfind(|(name, _)| name == key)?;
        Some(value)
    }

    /// Major and minor number of the schema.
    pub fn schema(&self) -> Option<(i64, i64)> {
        let number = |key| parse_integer(self.manifest_value(key)?);
        Some((number("schema_major_vsn")?, number("schema_minor_vsn")?))
    }

    /// The generation of the database: the number of changes it has seen.
    pub fn generation(&self) -> Option<i64> {
        parse_integer(self.manifest_value("generation_count")?)
    }

    /// The row with this reference. Of two, the earlier.
    pub fn by_reference(&self, reference: &str) -> Option<super::Row<'_>> {
        let has = |row| self.row(row).reference().as_deref() == Some(reference);
        let id = self.by_reference.find(reference.as_bytes(), has)?;
        Some(self.row(id))
    }

    /// The row with this uuid. Of two, the earlier.
    pub fn by_uuid(&self, uuid: &str) -> Option<super::Row<'_>> {
        let has = |row| self.row(row).uuid().as_deref() == Some(uuid);
        let id = self.by_uuid.find(uuid.as_bytes(), has)?;
        Some(self.row(id))
    }

    /// What is not right in the document.
    pub fn oddities(&self) -> &Oddities {
        &self.oddities
    }

    /// True when the database was closed; false for a document that is cut.
    pub fn is_complete(&self) -> bool {
        self.complete
    }

    /// Byte offset just after what was read: the end of the database, or how far one that is cut could be read.
    pub fn end(&self) -> u64 {
        self.end
    }

    /// The bytes that the cells of a row point into.
    pub(super) fn bytes_of(&self, row: RowEntry) -> &[u8] {
        match row.home {
            Home::Document => &self.source,
            Home::Arena => &self.arena,
            Home::Gone => &[],
        }
    }

    pub(super) fn entry(&self, id: u32) -> Option<RowEntry> {
        self.rows.get(position(id)?).copied()
    }

    pub(super) fn value(&self, id: u32, at: usize) -> Option<Raw<'_>> {
        let row = self.entry(id)?;
        let cell = self.cells.get(position(row.cells)?.checked_add(at)?)?;
        cell.of(self.bytes_of(row), row.base).map(Raw::new)
    }
}

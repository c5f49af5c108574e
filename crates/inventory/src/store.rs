//! The two places records come from, looked at in one way. What a record says is in `record`.

use std::borrow::Cow;
use std::collections::HashMap;

use xenspect_xapi::db::Database;
use xenspect_xapi::export::Export;

use crate::Record;

/// A source of records: it is cheap to copy and looks things up in constant time unless said otherwise.
#[derive(Debug, Clone, Copy)]
pub enum Store<'a> {
    /// A pool database.
    Pool(&'a Database<'a>),
    /// An export.
    Export(&'a Export),
}

impl<'a> Store<'a> {
    /// The records of a class, in the order of the document. In an export this looks at every object.
    pub fn of_class(self, class: &'a str) -> impl Iterator<Item = Record<'a>> {
        let (rows, objects) = match self {
            Store::Pool(database) => (database.table(class), None),
            Store::Export(export) => (None, Some(export.of_class(class))),
        };
        let rows = rows.into_iter().flat_map(|table| table.rows());
        let rows = rows.map(move |row| Record::of_row(self, row));
        let objects = objects.into_iter().flatten();
        rows.chain(objects.map(move |object| Record::of_object(self, object)))
    }

    /// All records, in the order of the document.
    pub fn records(self) -> impl Iterator<Item = Record<'a>> {
        let (rows, objects) = match self {
            Store::Pool(database) => (Some(database.rows()), None),
            Store::Export(export) => (None, Some(export.objects.iter())),
        };
        let rows = rows.into_iter().flatten();
        let rows = rows.map(move |row| Record::of_row(self, row));
        let objects = objects.into_iter().flatten();
        rows.chain(objects.map(move |object| Record::of_object(self, object)))
    }

    /// Number of records of a class.
    #[must_use]
    pub fn count(self, class: &str) -> usize {
        match self {
            Store::Pool(database) => database.table(class).map_or(0, |table| table.len()),
            Store::Export(export) => {
                let of_class = |object: &&xenspect_xapi::export::Object| object.class == class;
                export.objects.iter().filter(of_class).count()
            }
        }
    }

    /// The record that a reference names. Of two, the earlier.
    #[must_use]
    pub fn resolve(self, reference: &str) -> Option<Record<'a>> {
        if self.is_null(reference) {
            return None;
        }
        match self {
            Store::Pool(database) => {
                let row = database.by_reference(reference)?;
                Some(Record::of_row(self, row))
            }
            Store::Export(export) => {
                let object = export.object(reference)?;
                Some(Record::of_object(self, object))
            }
        }
    }

    /// The record of a uuid. Of two, the earlier. In an export this looks at every object.
    #[must_use]
    pub fn by_uuid(self, uuid: &str) -> Option<Record<'a>> {
        match self {
            Store::Pool(database) => {
                let row = database.by_uuid(uuid)?;
                Some(Record::of_row(self, row))
            }
            Store::Export(_) => self
                .records()
                .find(|record| record.uuid().as_deref() == Some(uuid)),
        }
    }

    /// Whether a reference names nothing on purpose.
    #[must_use]
    pub fn is_null(self, reference: &str) -> bool {
        match self {
            Store::Pool(_) => reference.is_empty() || reference == "OpaqueRef:NULL",
            Store::Export(export) => export.is_null(reference),
        }
    }

    /// The records of a class by what their field names, in one pass; those where it is null are left out.
    /// `group_by("VBD", "VM")` gives the VBDs of every VM.
    #[must_use]
    pub fn group_by(self, class: &'a str, field: &str) -> Groups<'a> {
        let mut groups: HashMap<Cow<'a, str>, Vec<Record<'a>>> = HashMap::new();
        for record in self.of_class(class) {
            if let Some(reference) = record.link(field) {
                groups.entry(reference).or_default().push(record);
            }
        }
        Groups(groups)
    }
}

/// Records by the reference that one of their fields holds.
#[derive(Debug, Default)]
pub struct Groups<'a>(HashMap<Cow<'a, str>, Vec<Record<'a>>>);

impl<'a> Groups<'a> {
    /// The records whose field names this reference, in the order of the document.
    #[must_use]
    pub fn get(&self, reference: &str) -> &[Record<'a>] {
        self.0.get(reference).map_or(&[], Vec::as_slice)
    }

    /// Number of different references.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

//! One side of a comparison, as it was read.

use xenspect_inventory::view::{Role, Vm};
use xenspect_inventory::{Store, iso_8601, newest_date};
use xenspect_model::Catalog;
use xenspect_model::catalog::{Archive, Compression, Fact, FileTable, Metadata};
use xenspect_model::diff::DiffInput;
use xenspect_model::report::Kind;

use crate::records;

/// One side of a comparison.
#[derive(Debug, Clone, Copy)]
pub struct Side<'a> {
    /// Its path, as reports show it.
    pub path: &'a str,
    /// The member that the catalog is of, where it is a host backup.
    pub member: Option<&'a str>,
    /// What was read; absent of a host backup without a pool database.
    pub catalog: Option<&'a Catalog>,
    /// The files of a host backup.
    pub files: Option<&'a FileTable>,
}

impl<'a> Side<'a> {
    /// Its records, if it has any that can be read.
    #[must_use]
    pub fn store(&self) -> Option<Store<'a>> {
        match self.catalog? {
            Catalog::Dump(dump) => Some(Store::Pool(&dump.database)),
            Catalog::Archive(archive) => archive.metadata.export().map(Store::Export),
            Catalog::Document(document) => match &document.metadata {
                Metadata::Export(export) => Some(Store::Export(export)),
                _ => None,
            },
            // What is compared of one is its files, and the database in it as a catalog of its own.
            Catalog::Host(_) => None,
        }
    }

    /// The newest date in it, if it is a pool database: about when it was taken.
    #[must_use]
    pub fn newest_date(&self) -> Option<String> {
        match self.store()? {
            Store::Pool(database) => newest_date(database).map(|(date, _)| iso_8601(date)),
            Store::Export(_) => None,
        }
    }

    /// Whether something of it is missing, so that what it does not have may be in it all the same.
    pub(crate) fn is_incomplete(&self) -> bool {
        let is_damaged = self.store().is_some_and(records::is_damaged);
        let is_packed_wrongly = self.catalog.is_some_and(|catalog| {
            catalog.facts().iter().any(|located| match &located.fact {
                Fact::Envelope(fault) => !matches!(fault, Compression::Trailing { .. }),
                Fact::Source(_) => true,
                _ => false,
            })
        });
        is_damaged || is_packed_wrongly || self.files.is_some_and(|files| files.incomplete)
    }

    /// Whether it should have records and has none that can be read: an export of a single disk has none to begin with.
    pub(crate) fn lacks_records(&self) -> bool {
        let kind = self.catalog.map(Catalog::kind);
        kind.is_some_and(|kind| kind != Kind::VdiTar) && self.store().is_none()
    }

    /// Whether it is an export that can be read.
    pub(crate) fn is_export(&self) -> bool {
        matches!(self.store(), Some(Store::Export(_)))
    }

    /// Whether it has blocks of disks.
    pub(crate) fn has_blocks(&self) -> bool {
        let archive = self.archive();
        archive.is_some_and(|archive| !archive.blocks.is_empty())
    }

    pub(crate) fn archive(&self) -> Option<&'a Archive> {
        self.catalog?.archive()
    }

    /// What a report says of it.
    pub(crate) fn shown(&self) -> DiffInput {
        let mut shown = DiffInput {
            path: self.path.to_owned(),
            member: self.member.map(str::to_owned),
            ..DiffInput::default()
        };
        // Of a host backup the catalog is that of a member.
        if let (Some(catalog), None) = (self.catalog, self.files) {
            shown.kind = Some(catalog.kind());
            shown.envelope = Some(catalog.envelope());
        }
        let store = self.store();
        shown.name = store.and_then(name);
        if let Some(Store::Pool(database)) = store {
            shown.generation = database.generation();
            let schema = database.schema();
            shown.schema_version = schema.map(|(major, minor)| format!("{major}.{minor}"));
            shown.newest_date = self.newest_date();
        }
        shown
    }
}

/// The name of the pool, or of the VM of an export; of several VMs the first that is no snapshot.
fn name(store: Store<'_>) -> Option<String> {
    let record = match store {
        Store::Pool(_) => store.of_class("pool").next(),
        Store::Export(_) => {
            let mut vms = store.of_class("VM");
            vms.find(|vm| Vm(*vm).role() != Role::Snapshot)
                .or_else(|| store.of_class("VM").next())
        }
    };
    Some(record?.name()?.into_owned())
}

//! From a catalog to an inventory.

use std::collections::HashMap;

use xenspect_model::Catalog;
use xenspect_model::catalog::{Archive, Document, Dump, Ending, Facts, HostBackup, Metadata};
use xenspect_model::inventory::{Cell, Inventory, Item, Section};
use xenspect_model::report::{Envelope, Kind};

use crate::summary::{self, item, plural};
use crate::{Relations, Store, host, section};

/// What is in an input; `path` is the path as given.
#[must_use]
pub fn of(path: &str, catalog: &Catalog) -> Inventory {
    match catalog {
        Catalog::Archive(archive) => of_archive(path, archive),
        Catalog::Dump(dump) => of_dump(path, dump),
        Catalog::Document(document) => of_document(path, document),
        Catalog::Host(host) => of_host(path, host),
    }
}

/// What is in a pool database.
#[must_use]
pub fn of_dump(path: &str, dump: &Dump) -> Inventory {
    let (mut summary, sections) = of_store(Store::Pool(&dump.database));
    summary.extend(summary::of_redo_log(dump));
    Inventory {
        error: incomplete(dump),
        ..inventory(path, dump.kind, dump.envelope, summary, sections)
    }
}

/// What is in an archive. What it stores of each disk is said if its members were read, or if it could be told without.
#[must_use]
pub fn of_archive(path: &str, archive: &Archive) -> Inventory {
    let extents = archive.extents.iter();
    let extents = extents.map(|extent| (extent.disk.as_str(), extent.stored));
    let disks = archive.disks.iter();
    let disks = disks.map(|disk| (disk.shape.id.as_str(), disk.shape.stored));
    let stored: HashMap<&str, u64> = match archive.ending {
        Ending::NotRead { .. } => extents.collect(),
        // What was read of a disk until then is not what there is of it.
        Ending::Interrupted { .. } => HashMap::new(),
        _ => disks.collect(),
    };
    let of_disk = |id: &str| stored.get(id).copied();
    let (summary, sections, error) = of_metadata(&archive.metadata, &of_disk);
    Inventory {
        error,
        ..inventory(path, archive.kind, archive.envelope, summary, sections)
    }
}

/// What is in an `ova.xml` by itself.
#[must_use]
pub fn of_document(path: &str, document: &Document) -> Inventory {
    let (summary, sections, error) = of_metadata(&document.metadata, &|_| None);
    Inventory {
        error: error
            .or_else(|| document.interrupted.then(interrupted))
            .or_else(|| damaged(&document.facts)),
        ..inventory(path, Kind::OvaXml, document.envelope, summary, sections)
    }
}

/// What is in a host backup: what its files tell of the host. The records of the pool databases in it are counted; of
/// them [`of_dump`] tells more.
#[must_use]
pub fn of_host(path: &str, backup: &HostBackup) -> Inventory {
    let (summary, sections) = host::of(backup);
    Inventory {
        error: host::incomplete(backup).or_else(|| damaged(&backup.facts)),
        ..inventory(path, Kind::HostBackup, backup.envelope, summary, sections)
    }
}

/// Summary and sections of the records by themselves.
#[must_use]
pub fn of_store(store: Store<'_>) -> (Vec<Item>, Vec<Section>) {
    let relations = Relations::new(store);
    match store {
        Store::Pool(database) => {
            let sections = section::of_pool(&relations);
            let orphans = sections.iter().find(|section| section.name == "orphans");
            let orphans = orphans.map_or(0, |section| section.table.rows.len());
            (summary::of_pool(database, &relations, orphans), sections)
        }
        Store::Export(export) => {
            let mut sections = vec![section::of_version(export)];
            sections.extend(section::of_export(&relations, &|_| None));
            (summary::of_export(export, &relations), sections)
        }
    }
}

fn of_metadata(
    metadata: &Metadata,
    stored: section::Stored<'_>,
) -> (Vec<Item>, Vec<Section>, Option<String>) {
    let error = match metadata {
        Metadata::Export(export) => {
            let relations = Relations::new(Store::Export(export));
            let mut sections = vec![section::of_version(export)];
            sections.extend(section::of_export(&relations, stored));
            return (summary::of_export(export, &relations), sections, None);
        }
        Metadata::Appliance(appliance) => {
            let contents = format!(
                "{}, {}",
                plural(appliance.vms.len() as u64, "VM"),
                plural(appliance.vdis.len() as u64, "disk")
            );
            let summary = vec![item("contents", "contents", Cell::Text(contents))];
            return (summary, section::of_appliance(appliance), None);
        }
        Metadata::Absent => "There is no ova.xml, which would tell what is in it.".to_owned(),
        Metadata::TooLarge { size } => {
            format!("Its ova.xml is longer than the limit for documents ({size} bytes).")
        }
        Metadata::Unusable(error) => format!("Its ova.xml cannot be read: {error}."),
    };
    (Vec::new(), Vec::new(), Some(error))
}

fn inventory(
    path: &str,
    kind: Kind,
    envelope: Envelope,
    summary: Vec<Item>,
    sections: Vec<Section>,
) -> Inventory {
    Inventory {
        path: path.to_owned(),
        kind: Some(kind),
        envelope: Some(envelope),
        error: None,
        summary,
        sections,
    }
}

/// Why a dump is not everything that it was, or may be something else.
pub(crate) fn incomplete(dump: &Dump) -> Option<String> {
    if dump.interrupted {
        return Some(interrupted());
    }
    let cut = !dump.database.is_complete();
    cut.then(|| "It ends too early, so this is not everything.".to_owned())
        .or_else(|| damaged(&dump.facts))
}

/// Why what a document says may be wrong.
fn damaged(facts: &Facts) -> Option<String> {
    let told = facts.tell_damage();
    told.then(|| "It is damaged, so what it says may be wrong.".to_owned())
}

pub(crate) fn interrupted() -> String {
    "The run was interrupted, so this is not everything.".to_owned()
}

//! Inputs from bytes, and comparisons of them.

use xenspect_diff::{Settings, Side, diff};
use xenspect_model::Catalog;
use xenspect_model::catalog::{Document, Dump, Facts, Metadata, Rewritten, Uncompared};
use xenspect_model::diff::{DiffReport, ObjectChange};
use xenspect_model::report::{Envelope, Kind, Tool};
use xenspect_xapi::db::{Database, DumpLimits};
use xenspect_xapi::{Limits, export};

/// A pool database.
pub(crate) fn dump(bytes: &[u8]) -> Catalog {
    let database = Database::from_vec(bytes.to_vec(), &DumpLimits::default()).unwrap();
    Catalog::Dump(Box::new(Dump {
        kind: Kind::PoolDb,
        envelope: Envelope::Plain,
        bytes: 0,
        stream_bytes: 0,
        database,
        redo_log: None,
        rewritten: Rewritten::NotCompared(Uncompared::NotAsked),
        readable_by_others: false,
        facts: Facts::new(1),
        interrupted: false,
    }))
}

/// An `ova.xml`.
pub(crate) fn ova_xml(bytes: &[u8]) -> Catalog {
    let export = export::parse(bytes, &Limits::default()).unwrap();
    Catalog::Document(Box::new(Document {
        envelope: Envelope::Plain,
        bytes: 0,
        stream_bytes: 0,
        text: bytes.to_vec(),
        metadata: Metadata::Export(Box::new(export)),
        facts: Facts::new(1),
        interrupted: false,
    }))
}

/// Two catalogs compared.
pub(crate) fn compare(old: &Catalog, new: &Catalog, settings: &Settings) -> DiffReport {
    let tool = Tool {
        name: "xenspect".to_owned(),
        version: "0".to_owned(),
    };
    let side = |path, catalog| Side {
        path,
        member: None,
        catalog: Some(catalog),
        files: None,
    };
    diff(&tool, &side("old", old), &side("new", new), settings)
}

/// All objects of a report.
pub(crate) fn objects(report: &DiffReport) -> Vec<&ObjectChange> {
    let groups = report.groups.iter();
    groups.flat_map(|group| &group.objects).collect()
}

/// A small pool.
pub(crate) const SMALL: &str = include_str!("small.xml");

/// The small pool with one text in the place of another, which it has.
pub(crate) fn edited(from: &str, to: &str) -> String {
    assert!(SMALL.contains(from), "{from}");
    SMALL.replacen(from, to, 1)
}

/// The small pool against another.
pub(crate) fn against(text: &str) -> DiffReport {
    compare(
        &dump(SMALL.as_bytes()),
        &dump(text.as_bytes()),
        &Settings::default(),
    )
}

/// The small pool against itself with one text in the place of another.
pub(crate) fn changed(from: &str, to: &str) -> DiffReport {
    against(&edited(from, to))
}

/// The small pool without its one row that begins so.
pub(crate) fn without(row: &str) -> String {
    let begin = SMALL.find(row).unwrap();
    let end = begin + SMALL[begin..].find("/>").unwrap() + 2;
    format!("{}{}", &SMALL[..begin], &SMALL[end..])
}

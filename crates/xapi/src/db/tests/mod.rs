//! Deviations, limits, writing and the redo log, each by a document made for it. Real dumps are in
//! `tests/real_dumps.rs`.

mod limits;
mod oddities;
mod parts;
mod redo_log;
mod rows;
mod writing;

use super::{Database, DumpLimits};

const MANIFEST: &str = "<manifest><pair key=\"schema_major_vsn\" value=\"5\"/>\
     <pair key=\"schema_minor_vsn\" value=\"790\"/><pair key=\"generation_count\" value=\"9\"/></manifest>";

/// A dump with a manifest and this text behind it.
fn dump(tables: &str) -> String {
    format!("<database>{MANIFEST}{tables}</database>")
}

fn read(text: &str) -> Database<'_> {
    Database::read(text.as_bytes(), &DumpLimits::default()).unwrap()
}

/// Names of all oddities of a document, in order.
fn names(text: &[u8]) -> Vec<&'static str> {
    let database = Database::read(text, &DumpLimits::default()).unwrap();
    let kept = &database.oddities().kept;
    kept.iter().map(|oddity| oddity.kind.name()).collect()
}

//! Reads the real pool database dumps of the shared sample data and compares with what was counted in them. Skips, and
//! says so, where the data is not there.

mod counts;
mod rewriting;
mod values;

use std::path::Path;

use serde_json::Value as Json;
use xenspect_xapi::db::{Database, DumpLimits, Row};

/// One dump and what was counted in it.
struct Sample {
    name: String,
    bytes: Vec<u8>,
    facts: Json,
}

fn samples() -> Vec<Sample> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/real");
    if !folder.is_dir() {
        say_skipped(format_args!(
            "skipped: no sample data at {}",
            folder.display()
        ));
        return Vec::new();
    }
    let facts = std::fs::read(folder.join("FACTS.json")).unwrap();
    let facts: Json = serde_json::from_slice(&facts).unwrap();
    let files = facts["files"].as_object().unwrap();
    let samples: Vec<_> = files
        .iter()
        .filter(|(_, facts)| facts["kind"] == "pool-db")
        .map(|(name, facts)| Sample {
            name: name.clone(),
            bytes: std::fs::read(folder.join(name)).unwrap(),
            facts: facts.clone(),
        })
        .collect();
    assert_eq!(samples.len(), 18);
    samples
}

fn read(sample: &Sample) -> Database<'_> {
    Database::read(&sample.bytes, &DumpLimits::default()).unwrap()
}

fn rows<'d>(database: &'d Database<'_>, table: &str) -> Vec<Row<'d>> {
    database
        .table(table)
        .map_or(Vec::new(), |table| table.rows().collect())
}

fn flag(row: &Row<'_>, column: &str) -> bool {
    row.value(column).and_then(|value| value.as_bool()) == Some(true)
}

/// Straight to standard error: the test harness hides what its own macros print.
fn say_skipped(what: std::fmt::Arguments<'_>) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "{what}");
}

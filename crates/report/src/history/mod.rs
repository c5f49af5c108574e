//! What was verified when: tables for people ([`write()`](fn@write)), the document for programs ([`write_json`]), and one row for each
//! verification ([`write_csv`]).

mod csv;
mod human;

use std::io;

use serde_json::Value;
use xenspect_model::report::history::HistoryReport;

use crate::json::{schema_of, write_quiet};

pub use self::csv::write as write_csv;
pub use human::write;

/// Writes the document for programs.
///
/// # Errors
///
/// Those of `w`.
pub fn write_json(report: &HistoryReport, w: &mut impl io::Write) -> io::Result<()> {
    write_quiet(report, w)
}

/// The JSON Schema (draft 2020-12) of what [`write_json`] writes; `docs/history.schema.json` is this.
#[must_use]
pub fn schema() -> Value {
    schema_of::<HistoryReport>("urn:xenspect:history:1", "xenspect history")
}

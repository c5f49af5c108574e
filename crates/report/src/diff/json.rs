//! The JSON documents of a comparison and their schemas. The contract with readers is `docs/manual/src/diff.md`.

use std::io;

use serde_json::Value;
use xenspect_model::diff::{DiffReport, SeriesReport};

use crate::json::{schema_of, write_quiet};

/// The schemas' `$id`; the last part is [`xenspect_model::diff::SCHEMA`].
const ID: &str = "urn:xenspect:diff:1";
const SERIES_ID: &str = "urn:xenspect:diff-series:1";

/// Writes the report as one JSON document.
///
/// # Errors
///
/// Those of `w`.
pub fn write(report: &DiffReport, w: &mut impl io::Write) -> io::Result<()> {
    write_quiet(report, w)
}

/// Writes the report of a series as one JSON document.
///
/// # Errors
///
/// Those of `w`.
pub fn write_series(report: &SeriesReport, w: &mut impl io::Write) -> io::Result<()> {
    write_quiet(report, w)
}

/// The JSON Schema of what [`write()`] writes; `docs/diff.schema.json` is this.
#[must_use]
pub fn schema() -> Value {
    schema_of::<DiffReport>(ID, "xenspect diff")
}

/// The JSON Schema of what [`write_series()`] writes; `docs/diff-series.schema.json` is this.
#[must_use]
pub fn series_schema() -> Value {
    schema_of::<SeriesReport>(SERIES_ID, "xenspect diff of a series")
}

#[cfg(test)]
mod tests {
    use super::{ID, SERIES_ID};

    #[test]
    fn the_ids_bear_the_version_of_the_shape() {
        let version = xenspect_model::diff::SCHEMA;
        assert_eq!(ID, format!("urn:xenspect:diff:{version}"));
        assert_eq!(SERIES_ID, format!("urn:xenspect:diff-series:{version}"));
    }
}

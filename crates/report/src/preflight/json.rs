//! The JSON document of a preflight and its schema. The contract with readers is `docs/manual/src/preflight.md`.

use std::io;

use serde_json::Value;
use xenspect_model::preflight::PreflightReport;

use crate::json::{schema_of, write_quiet};

/// The schema's `$id`; its last part is [`xenspect_model::preflight::SCHEMA`].
const ID: &str = "urn:xenspect:preflight:1";

/// Writes the report as one JSON document.
///
/// # Errors
///
/// Those of `w`.
pub fn write(report: &PreflightReport, w: &mut impl io::Write) -> io::Result<()> {
    write_quiet(report, w)
}

/// The JSON Schema of what [`write()`] writes; `docs/preflight.schema.json` is this.
#[must_use]
pub fn schema() -> Value {
    schema_of::<PreflightReport>(ID, "xenspect preflight")
}

#[cfg(test)]
mod tests {
    use super::ID;

    #[test]
    fn the_id_bears_the_version_of_the_shape() {
        let version = xenspect_model::preflight::SCHEMA;
        assert_eq!(ID, format!("urn:xenspect:preflight:{version}"));
    }
}

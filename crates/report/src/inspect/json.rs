//! JSON of inventories: the whole document, or one table as an array of objects. What a field means is said in
//! `xenspect_model::inventory`.

use std::io;

use serde::ser::SerializeSeq;
use serde::{Serialize, Serializer};
use serde_json::Value;
use xenspect_model::inventory::{FindReport, InventoryReport};

use crate::json::{schema_of, write_quiet};

/// Writes the report as one JSON document: two spaces per level, a line end at the end.
///
/// Characters that a terminal would act on are written as `\u…` escapes.
///
/// # Errors
///
/// Those of `w`.
pub fn write(report: &InventoryReport, w: &mut impl io::Write) -> io::Result<()> {
    write_quiet(report, w)
}

/// Writes one section as an array with an object per row, in the form of [`write()`]. Where there are several inputs,
/// each object begins with a member `path`. Inputs without that section give no rows.
///
/// # Errors
///
/// Those of `w`.
pub fn write_table(
    report: &InventoryReport,
    section: &str,
    w: &mut impl io::Write,
) -> io::Result<()> {
    write_quiet(&Rows { report, section }, w)
}

/// The rows of a section of all inputs.
struct Rows<'a> {
    report: &'a InventoryReport,
    section: &'a str,
}

impl Serialize for Rows<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let with_path = self.report.inputs.len() > 1;
        let mut rows = serializer.serialize_seq(None)?;
        for inventory in &self.report.inputs {
            let Some(section) = inventory.section(self.section) else {
                continue;
            };
            let table = &section.table;
            for row in &table.rows {
                if with_path {
                    rows.serialize_element(&table.row_object_of("path", &inventory.path, row))?;
                } else {
                    rows.serialize_element(&table.row_object(row))?;
                }
            }
        }
        rows.end()
    }
}

/// The JSON Schema (draft 2020-12) of what [`write()`] writes.
#[must_use]
pub fn schema() -> Value {
    schema_of::<InventoryReport>("urn:xenspect:inventory:1", "xenspect inventory")
}

/// The JSON Schema (draft 2020-12) of what [`super::find::json`] writes.
#[must_use]
pub fn find_schema() -> Value {
    schema_of::<FindReport>("urn:xenspect:find:1", "xenspect search")
}

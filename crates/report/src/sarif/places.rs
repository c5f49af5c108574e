//! Where a result is: which input, at which byte of it, and in which disk, object or row.

use serde_sarif::sarif::{ArtifactLocation, Location, LogicalLocation, PhysicalLocation, Region};
use xenspect_model::Place;
use xenspect_model::report::{Envelope, Input};

use super::uri;
use crate::text::shorten;

/// Columns of a name.
const NAME: usize = 400;

/// The places in an input.
pub(super) struct Places<'a> {
    input: &'a Input,
    uri: String,
    /// Where the input is among the artifacts of the run.
    index: i64,
}

impl<'a> Places<'a> {
    pub(super) fn of(input: &'a Input, index: usize) -> Self {
        Self {
            input,
            uri: uri::of(&input.path),
            index: i64::try_from(index).unwrap_or(-1),
        }
    }

    /// The input; with its index, as results name it.
    pub(super) fn artifact(&self, with_index: bool) -> ArtifactLocation {
        let mut location = ArtifactLocation::builder().uri(self.uri.as_str()).build();
        location.index = with_index.then_some(self.index);
        location
    }

    /// The whole input.
    pub(super) fn whole(&self) -> Location {
        let artifact = self.artifact(true);
        let place = PhysicalLocation::builder().artifact_location(artifact);
        Location::builder().physical_location(place.build()).build()
    }

    /// The place of a finding.
    pub(super) fn finding(&self, place: &Place) -> Location {
        let mut location = self.whole();
        if let Some(physical) = &mut location.physical_location {
            physical.region = self.region(place);
        }
        let logical = logical(place);
        location.logical_locations = (!logical.is_empty()).then_some(logical);
        location
    }

    /// A region is of the bytes of the file, and an offset of the stream: of what is packed, they are not the same.
    fn region(&self, place: &Place) -> Option<Region> {
        if self.input.envelope != Some(Envelope::Plain) {
            return None;
        }
        let offset = i64::try_from(place.offset?).ok()?;
        Some(Region::builder().byte_offset(offset).build())
    }
}

/// A path that is no artifact of the run.
pub(super) fn of_path(path: &str) -> Location {
    let artifact = ArtifactLocation::builder().uri(uri::of(path)).build();
    let place = PhysicalLocation::builder().artifact_location(artifact);
    Location::builder().physical_location(place.build()).build()
}

/// The parts of a place, each a logical location; what lies in another one has its name in front.
fn logical(place: &Place) -> Vec<LogicalLocation> {
    let mut locations = Vec::new();
    let mut add = |kind: &str, within: Option<&str>, name: &str| {
        let name = shorten(name, NAME, true);
        let full = match within {
            Some(within) => format!("{}/{name}", shorten(within, NAME, true)),
            None => name.clone(),
        };
        locations.push(
            LogicalLocation::builder()
                .name(name)
                .fully_qualified_name(full)
                .kind(kind)
                .build(),
        );
    };
    let (disk, table, row) = (
        place.disk.as_deref(),
        place.table.as_deref(),
        place.row.as_deref(),
    );
    if let Some(disk) = disk {
        add("disk", None, disk);
    }
    if let Some(block) = place.block {
        add("block", disk, &block.to_string());
    }
    if let Some(member) = &place.member {
        add("member", None, &member.text);
    }
    if let Some(object) = &place.object {
        add("object", None, object);
    }
    if let Some(table) = table {
        add("table", None, table);
    }
    if let Some(row) = row {
        add("row", table, row);
    }
    if let Some(column) = &place.column {
        add("column", row.or(table), column);
    }
    // The schema wants each one once.
    let mut once: Vec<LogicalLocation> = Vec::with_capacity(locations.len());
    for location in locations {
        if !once.contains(&location) {
            once.push(location);
        }
    }
    once
}

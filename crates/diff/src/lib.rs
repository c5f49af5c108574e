//! What changed between two backups, or along a series of them.
//!
//! What lives here: matching the objects of two pool databases or exports, comparing their fields as what they are
//! (a set is a set, a map is a map), the blocks of two exports by their sums, the files of two host backups, and the same
//! along a series; and two copies of one archive, by what is stored in them. What does not: reading an input, rendering. No secret gets into a report; that one differs may.

mod blocks;
mod copies;
mod files;
mod records;
mod series;
mod settings;
mod side;

use xenspect_model::diff::{DiffReport, SCHEMA};
use xenspect_model::report::Tool;

pub use copies::{CopySide, StreamSum, copies};
pub use files::is_compared_by_key;
pub use series::Series;
pub use settings::{Ignored, Settings};
pub use side::Side;

/// Whether there is anything to compare: records, blocks or files on both sides.
#[must_use]
pub fn is_comparable(old: &Side<'_>, new: &Side<'_>) -> bool {
    let records = old.store().is_some() && new.store().is_some();
    let blocks = old.has_blocks() && new.has_blocks();
    let files = old.files.is_some() && new.files.is_some();
    records || blocks || files
}

/// Compares two sides.
#[must_use]
pub fn diff(tool: &Tool, old: &Side<'_>, new: &Side<'_>, settings: &Settings) -> DiffReport {
    let mut not_compared = Vec::new();
    let objects = match (old.store(), new.store()) {
        (Some(old), Some(new)) => records::compare(old, new, settings),
        _ => records::Compared::default(),
    };
    let disks = match (old.archive(), new.archive()) {
        (Some(old), Some(new)) => {
            let disks = blocks::compare(old, new, &mut not_compared);
            let were_read = old.blocks_read && new.blocks_read;
            if !disks.is_empty() && !were_read {
                let sentence = "The blocks themselves were not read: the sums beside them were compared, and damage that came \
                                after those does not show. --read-blocks reads the blocks.";
                not_compared.push(sentence.to_owned());
            }
            disks
        }
        _ => Vec::new(),
    };
    let files = match (old.files, new.files) {
        (Some(old), Some(new)) => Some(files::compare(old, new, settings, &mut not_compared)),
        _ => None,
    };
    not_compared.extend(objects.not_compared);
    let lacks_objects = old.lacks_records()
        || new.lacks_records()
        || (old.files.is_some()
            && new.files.is_some()
            && old.store().is_some() != new.store().is_some());
    if lacks_objects {
        let sentence = "Not both have a description or a pool database that can be read: objects were not compared.";
        not_compared.push(sentence.to_owned());
    }
    let lacks_blocks = old.is_export() && new.is_export() && old.has_blocks() != new.has_blocks();
    let unknown = files.as_ref().map_or(0, |files| files.unknown);
    let incomplete = lacks_objects
        || lacks_blocks
        || unknown > 0
        || old.is_incomplete()
        || new.is_incomplete()
        || disks.iter().any(|disk| disk.unknown.blocks > 0);
    let same = !incomplete
        && objects.groups.is_empty()
        && disks.iter().all(blocks::is_same)
        && files.as_ref().is_none_or(|files| files.changes.is_empty());
    DiffReport {
        schema: SCHEMA,
        tool: tool.clone(),
        old: old.shown(),
        new: new.shown(),
        same,
        incomplete,
        groups: objects.groups,
        disks,
        files,
        left_out: objects.left_out,
        not_compared,
    }
}

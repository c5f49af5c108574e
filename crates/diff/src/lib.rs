//! What changed between two backups, or along a series of them.
//!
//! What lives here: matching the objects of two pool databases or exports, comparing their fields as what they are
//! (a set is a set, a map is a map), the blocks of two exports by their sums, the files of two host backups, and the same
//! along a series. What does not: reading an input, rendering. No secret gets into a report; that one differs may.

mod blocks;
mod files;
mod records;
mod series;
mod settings;
mod side;

use xenspect_model::diff::{DiffReport, SCHEMA};
use xenspect_model::report::Tool;

pub use files::is_compared_by_key;
pub use series::Series;
pub use settings::{Ignored, Settings};
pub use side::Side;

/// Whether there is anything to compare: records, blocks or files on both sides.
#[must_use]
pub fn is_comparable(old: &Side<'_>, new: &Side<'_>) -> bool {
    let records = old.store().is_some() && new.store().is_some();
    let blocks = |side: &Side<'_>| {
        side.archive()
            .is_some_and(|archive| !archive.blocks.is_empty())
    };
    records || (blocks(old) && blocks(new)) || (old.files.is_some() && new.files.is_some())
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
        (Some(old), Some(new)) => blocks::compare(old, new, &mut not_compared),
        _ => Vec::new(),
    };
    let files = match (old.files, new.files) {
        (Some(old), Some(new)) => Some(files::compare(old, new, settings, &mut not_compared)),
        _ => None,
    };
    not_compared.extend(objects.not_compared);
    let same = objects.groups.is_empty()
        && disks.iter().all(blocks::is_same)
        && files.as_ref().is_none_or(|files| files.changes.is_empty());
    DiffReport {
        schema: SCHEMA,
        tool: tool.clone(),
        old: old.shown(),
        new: new.shown(),
        same,
        groups: objects.groups,
        disks,
        files,
        left_out: objects.left_out,
        not_compared,
    }
}

//! The blocks of two exports, by their sums: which parts of which disks came, went or changed. No block is read here.
//!
//! Blocks are compared where they lie on their disk, in one pass over both sides. What an archive leaves out is zero
//! (`formats/xva.md` section 5), unless it is damaged or breaks off there: that is unknown, and two disks with anything
//! unknown are not said to be the same.

mod matching;
mod sides;
mod sweep;
mod zeros;

#[cfg(test)]
mod tests;

use xenspect_model::catalog::Archive;
use xenspect_model::diff::{Change, DiskChange, Extent};
use xenspect_model::report::Kind;

use matching::Pair;
use sides::SideDisk;
use sweep::Reasons;
use zeros::Zeros;

/// Compares the blocks of two exports, whose scans kept them. Disks are in the order of the newer one; those that it does
/// not have follow.
pub(crate) fn compare(
    old: &Archive,
    new: &Archive,
    not_compared: &mut Vec<String>,
) -> Vec<DiskChange> {
    if let Some(why) = beyond_comparing(old, new) {
        not_compared.extend(why);
        return Vec::new();
    }
    let mut zeros = Zeros::default();
    let mut reasons = Reasons::default();
    let absent = [old, new].map(sides::absent);
    let (old_disks, new_disks) = (sides::disks(old), sides::disks(new));
    let changes = matching::pairs(&old_disks, &new_disks)
        .into_iter()
        .map(|pair| disk(pair, &absent, &mut zeros, &mut reasons))
        .collect();
    not_compared.extend(reasons.sentences());
    changes
}

/// Whether nothing of a disk's blocks differs, and all of them could be compared.
pub(crate) fn is_same(disk: &DiskChange) -> bool {
    let none = |extent: Extent| extent.blocks == 0;
    disk.change == Change::Changed
        && none(disk.changed)
        && none(disk.appeared)
        && none(disk.vanished)
        && none(disk.unknown)
}

/// Why the blocks of two archives cannot be looked at; the sentence is for archives that have some.
fn beyond_comparing(old: &Archive, new: &Archive) -> Option<Option<String>> {
    let sentence = |text: &str| Some(Some(text.to_owned()));
    let is_version1 = |archive: &Archive| archive.kind == Kind::XvaVersion1;
    let has_blocks = |archive: &Archive| matches!(archive.kind, Kind::Xva | Kind::VdiTar);
    let was_dropped = |archive: &Archive| archive.blocks.len() < archive.disks.len();
    if is_version1(old) || is_version1(new) {
        return sentence(
            "The disks are not compared: an export of XenServer 3 has no sums of blocks.",
        );
    }
    match (has_blocks(old), has_blocks(new)) {
        (false, false) => return Some(None),
        (true, false) => {
            return sentence("The disks are not compared: the newer export has no blocks.");
        }
        (false, true) => {
            return sentence("The disks are not compared: the older export has no blocks.");
        }
        (true, true) => {}
    }
    if was_dropped(old) || was_dropped(new) {
        return sentence("The disks are not compared: their blocks were not looked at.");
    }
    None
}

fn disk(
    pair: Pair<'_>,
    absent: &[SideDisk<'static>; 2],
    zeros: &mut Zeros,
    reasons: &mut Reasons,
) -> DiskChange {
    let (change, old, new) = match pair {
        Pair::Both(old, new) => (Change::Changed, Some(old), Some(new)),
        Pair::Added(new) => (Change::Added, None, Some(new)),
        Pair::Removed(old) => (Change::Removed, Some(old), None),
    };
    let [no_old, no_new] = absent;
    let shown = new.or(old).unwrap_or(no_new);
    let swept = sweep::sweep(old.unwrap_or(no_old), new.unwrap_or(no_new), zeros, reasons);
    let reference = |side: Option<&SideDisk<'_>>| side.map(|disk| disk.reference.clone());
    DiskChange {
        change,
        title: shown.title.clone(),
        uuid: shown.uuid.clone(),
        old_reference: reference(old),
        new_reference: reference(new),
        same: swept.same,
        changed: swept.changed,
        appeared: swept.appeared,
        vanished: swept.vanished,
        unknown: swept.unknown,
        ranges: swept.ranges,
        more_ranges: swept.more_ranges,
    }
}

//! Whether what one copy lacks is in the other. A member that neither has leaves no trace but a hole in both.

use super::matching::Pairs;
use super::side::CopySide;

/// Bytes that tar counts in.
const RECORD: u64 = 512;

/// Offset behind the contents of a member and what fills them up.
pub(super) fn end(offset: u64, size: u64) -> u64 {
    size.checked_next_multiple_of(RECORD)
        .unwrap_or(u64::MAX)
        .saturating_add(RECORD)
        .saturating_add(offset)
}

/// Whether the two together have all members, as far as can be known: one of them lacks nothing, or each hole of the one is
/// between two members that stand side by side in the other, with all in between.
pub(super) fn union_is_whole(here: CopySide<'_>, there: CopySide<'_>, pairs: &Pairs) -> bool {
    if here.manifest.complete || there.manifest.complete {
        return true;
    }
    if here.cut_short && there.cut_short {
        return false;
    }
    let (in_here, in_there) = (holes(here), holes(there));
    let to_there = |index| pairs.there(index);
    let to_here = |index| pairs.here(index);
    are_filled(&in_here, &in_there, there, to_there)
        && are_filled(&in_there, &in_here, here, to_here)
}

/// Indices of the members in front of which something is missing; the number of members stands for the end.
fn holes(side: CopySide<'_>) -> Vec<usize> {
    let mut holes = Vec::new();
    let mut next = 0;
    for (index, member) in side.manifest.iter().enumerate() {
        if member.offset > next {
            holes.push(index);
        }
        next = end(member.offset, member.size);
    }
    // What is incomplete without a hole between two members lacks the last ones.
    if side.cut_short || (holes.is_empty() && !side.manifest.complete) {
        holes.push(side.manifest.len());
    }
    holes
}

/// Whether the other side has what is missing at the holes: none of its own holes is in the same stretch.
fn are_filled(
    holes: &[usize],
    others: &[usize],
    other: CopySide<'_>,
    to_other: impl Fn(usize) -> Option<usize>,
) -> bool {
    holes.iter().all(|&hole| {
        let before = match hole.checked_sub(1) {
            None => Some(None),
            Some(before) => to_other(before).map(Some),
        };
        let behind = to_other(hole).unwrap_or(other.manifest.len());
        let Some(before) = before else {
            return false;
        };
        let from = before.map_or(0, |before| before + 1);
        let first = others.partition_point(|&other| other < from);
        others.get(first).is_none_or(|&other| other > behind)
    })
}

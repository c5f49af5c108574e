//! Members that are elsewhere in the order, as few as explain it, and which of two orders is that of an exporter.

use std::collections::HashMap;

use xenspect_archive::xva::{BlockName, MemberName};
use xenspect_model::catalog::Manifest;
use xenspect_model::report::Carries;

use super::matching::Pairs;

/// The members here that are elsewhere there, ascending: all but the longest run of pairs that ascends in both.
pub(super) fn moved(pairs: &Pairs) -> Vec<u32> {
    let ascends = pairs
        .iter()
        .try_fold(0, |next, (_, there)| (there >= next).then_some(there));
    if ascends.is_some() {
        return Vec::new();
    }
    // Patience sorting: `ends` holds, for each length, the pair that an ascending run of it can end with at the smallest index.
    let pairs: Vec<(usize, usize)> = pairs.iter().collect();
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(pairs.len());
    let there_of = |pair: usize| pairs.get(pair).map_or(0, |pair| pair.1);
    for (index, &(_, there)) in pairs.iter().enumerate() {
        let length = ends.partition_point(|&end| there_of(end) < there);
        before.push(
            length
                .checked_sub(1)
                .and_then(|length| ends.get(length).copied()),
        );
        match ends.get_mut(length) {
            Some(end) => *end = index,
            None => ends.push(index),
        }
    }
    let mut in_order = vec![false; pairs.len()];
    let mut at = ends.last().copied();
    while let Some(index) = at {
        if let Some(stays) = in_order.get_mut(index) {
            *stays = true;
        }
        at = before.get(index).copied().flatten();
    }
    pairs
        .iter()
        .zip(in_order)
        .filter(|(_, stays)| !stays)
        .filter_map(|(&(here, _), _)| u32::try_from(here).ok())
        .collect()
}

/// Whether a member here is among those that moved.
pub(super) fn is_in(moved: &[u32], here: usize) -> bool {
    !moved.is_empty() && u32::try_from(here).is_ok_and(|here| moved.binary_search(&here).is_ok())
}

/// Which of two archives with blocks has its members in the order in which they are exported.
pub(super) fn right(here: &Manifest, there: &Manifest) -> Carries {
    match (is_as_exported(here), is_as_exported(there)) {
        (true, false) => Carries::Here,
        (false, true) => Carries::There,
        _ => Carries::Untold,
    }
}

/// Whether `ova.xml` comes first, disks come one after another, their blocks ascend, and each sum is right behind its block
/// (`formats/xva.md` sections 1 and 5).
fn is_as_exported(manifest: &Manifest) -> bool {
    let mut last_of_disk: HashMap<String, u64> = HashMap::new();
    let mut last: Option<BlockName> = None;
    for (index, member) in manifest.iter().enumerate() {
        match MemberName::classify(&member.name).name {
            MemberName::Metadata if index > 0 => return false,
            MemberName::Block(block) => {
                let is_other_disk = last.as_ref().is_some_and(|last| last.disk != block.disk);
                let was_there = last_of_disk.get(&block.disk).copied();
                if was_there >= Some(block.number) || (is_other_disk && was_there.is_some()) {
                    return false;
                }
                match last_of_disk.get_mut(&block.disk) {
                    Some(number) => *number = block.number,
                    None => drop(last_of_disk.insert(block.disk.clone(), block.number)),
                }
                last = Some(block);
            }
            MemberName::Sum(block, _) if last.as_ref() != Some(&block) => return false,
            _ => {}
        }
    }
    true
}

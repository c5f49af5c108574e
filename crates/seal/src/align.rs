//! Which member of a seal is which member of an input, where names can occur twice and the order can differ.
//!
//! What both have alike at their beginnings and ends is passed over first, so that the tables hold the part in between alone.

use std::collections::HashMap;
use std::ops::Range;

use xenspect_model::catalog::{Manifest, ManifestEntry};

use crate::leaf;

/// What became of a sealed member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It is there, in its place among the others.
    Same(usize),
    /// It is there, elsewhere in the order.
    Moved(usize),
    /// One of its name is there with other contents.
    Changed(usize),
    /// One of its name is there that could not be read, or could not be read when it was sealed.
    Unread(usize),
    /// It is not there.
    Lost,
}

/// How the members of a seal and those of an input belong together.
#[derive(Debug)]
pub(crate) struct Alignment {
    /// Members at the beginning that are alike.
    before: usize,
    /// Of the sealed members behind those.
    fates: Vec<Fate>,
    /// Whether a member of the input behind those at the beginning is one of the seal.
    taken: Vec<bool>,
}

impl Alignment {
    pub(crate) fn of(sealed: &Manifest, found: &Manifest) -> Self {
        let before = alike(sealed.iter(), found.iter());
        let behind = alike(backwards(sealed, before), backwards(found, before));
        let between = |all: &Manifest| before..all.len().saturating_sub(behind);
        let mut pairing = Pairing {
            sealed,
            found,
            of_seal: between(sealed),
            of_input: between(found),
            fates: vec![Fate::Lost; between(sealed).len()],
            taken: vec![false; between(found).len()],
        };
        pairing.exactly();
        pairing.by_name();
        pairing.in_order();
        Self {
            before,
            fates: pairing.fates,
            taken: pairing.taken,
        }
    }

    /// Number of members at the beginning that are alike.
    pub(crate) const fn before(&self) -> usize {
        self.before
    }

    /// What became of the sealed members behind those, up to where the rest is alike again.
    pub(crate) fn fates(&self) -> impl Iterator<Item = (usize, Fate)> {
        (self.before..).zip(self.fates.iter().copied())
    }

    /// The index from which on all members of a seal of so many are lost.
    pub(crate) fn lost_from(&self, members: usize) -> usize {
        if self.before.checked_add(self.fates.len()) != Some(members) {
            return members;
        }
        let lost = self
            .fates
            .iter()
            .rev()
            .take_while(|fate| **fate == Fate::Lost);
        members.saturating_sub(lost.count())
    }

    /// The members of the input that are none of the seal's.
    pub(crate) fn added(&self) -> impl Iterator<Item = usize> {
        let all = (self.before..).zip(&self.taken);
        all.filter(|(_, taken)| !**taken).map(|(index, _)| index)
    }
}

/// The members from the last one to that of an index.
fn backwards(all: &Manifest, from: usize) -> impl Iterator<Item = ManifestEntry<'_>> {
    (from..all.len()).rev().filter_map(|index| all.get(index))
}

/// How many members are alike from the start of two walks.
fn alike<'a>(
    one: impl Iterator<Item = ManifestEntry<'a>>,
    other: impl Iterator<Item = ManifestEntry<'a>>,
) -> usize {
    one.zip(other)
        .take_while(|(one, other)| is_same(one, other))
        .count()
}

/// Whether two members are the same one, as far as a seal tells. What could not be read is like nothing.
fn is_same(one: &ManifestEntry<'_>, other: &ManifestEntry<'_>) -> bool {
    one.sha256.is_some()
        && one.sha256 == other.sha256
        && one.size == other.size
        && one.attributes == other.attributes
        && one.name == other.name
}

struct Pairing<'a> {
    sealed: &'a Manifest,
    found: &'a Manifest,
    of_seal: Range<usize>,
    of_input: Range<usize>,
    fates: Vec<Fate>,
    taken: Vec<bool>,
}

impl Pairing<'_> {
    /// Pairs members that are the same, the first with the first where there are several.
    fn exactly(&mut self) {
        let readable = |entry: &ManifestEntry<'_>| entry.sha256.map(|_| leaf::key(entry));
        self.pair(readable, |_, _, index| Fate::Same(index));
    }

    /// Pairs what is left by name.
    fn by_name(&mut self) {
        self.pair(
            |entry| Some(leaf::name_key(&entry.name)),
            |sealed, found, index| {
                let differs = sealed.size != found.size || sealed.attributes != found.attributes;
                let unread = sealed.sha256.is_none() || found.sha256.is_none();
                // Of what was cut off while it was read the size is that of its header, hence comparable.
                match (differs, unread) {
                    (false, true) => Fate::Unread(index),
                    _ => Fate::Changed(index),
                }
            },
        );
    }

    fn pair(
        &mut self,
        key: impl Fn(&ManifestEntry<'_>) -> Option<u128>,
        fate: impl Fn(&ManifestEntry<'_>, &ManifestEntry<'_>, usize) -> Fate,
    ) {
        if !self.fates.contains(&Fate::Lost) || !self.taken.contains(&false) {
            return;
        }
        let mut queues = Queues::default();
        let open = self.of_input.clone().zip(&self.taken);
        for (index, _) in open.rev().filter(|(_, taken)| !**taken) {
            if let Some(key) = self.found.get(index).as_ref().and_then(&key) {
                queues.put_in_front(key, index, &self.of_input);
            }
        }
        for (index, slot) in self.of_seal.clone().zip(&mut self.fates) {
            let Some(entry) = self.sealed.get(index).filter(|_| *slot == Fate::Lost) else {
                continue;
            };
            let Some(at) = key(&entry).and_then(|key| queues.take(key, &self.of_input)) else {
                continue;
            };
            let Some(other) = self.found.get(at) else {
                continue;
            };
            *slot = fate(&entry, &other, at);
            let taken = at.checked_sub(self.of_input.start);
            if let Some(taken) = taken.and_then(|at| self.taken.get_mut(at)) {
                *taken = true;
            }
        }
    }

    /// Of members that are the same, those that have to move for the order to hold: as few as can be.
    fn in_order(&mut self) {
        let places: Vec<usize> = self.fates.iter().filter_map(place).collect();
        if places.is_sorted() {
            return;
        }
        let stays = longest_rising(&places);
        let same = self.fates.iter_mut().filter(|fate| place(fate).is_some());
        for (fate, stays) in same.zip(stays) {
            if let (Fate::Same(index), false) = (*fate, stays) {
                *fate = Fate::Moved(index);
            }
        }
    }
}

fn place(fate: &Fate) -> Option<usize> {
    match fate {
        Fate::Same(index) => Some(*index),
        _ => None,
    }
}

/// Indexes of members by what they are, the first one first. A list runs through the members of one key.
#[derive(Default)]
struct Queues {
    first: HashMap<u128, usize>,
    next: Vec<Option<u32>>,
}

impl Queues {
    fn put_in_front(&mut self, key: u128, index: usize, within: &Range<usize>) {
        if self.next.is_empty() {
            self.next = vec![None; within.len()];
        }
        let behind = self.first.insert(key, index);
        let slot = index.checked_sub(within.start);
        if let Some(slot) = slot.and_then(|slot| self.next.get_mut(slot)) {
            *slot = behind
                .and_then(|behind| behind.checked_sub(within.start))
                .and_then(|behind| u32::try_from(behind).ok());
        }
    }

    fn take(&mut self, key: u128, within: &Range<usize>) -> Option<usize> {
        let index = self.first.remove(&key)?;
        let slot = index.checked_sub(within.start)?;
        if let Some(Some(next)) = self.next.get(slot) {
            let next = usize::try_from(*next).ok()?.saturating_add(within.start);
            self.first.insert(key, next);
        }
        Some(index)
    }
}

/// Which of some distinct numbers belong to a longest rising sequence of them, in O(n log n).
fn longest_rising(numbers: &[usize]) -> Vec<bool> {
    // By length of a rising sequence, the position of the lowest number that one can end with.
    let mut ends: Vec<usize> = Vec::new();
    // Before each position the one that its longest sequence comes from.
    let mut before: Vec<Option<usize>> = Vec::with_capacity(numbers.len());
    let number = |position: &usize| numbers.get(*position).copied().unwrap_or_default();
    for (position, this) in numbers.iter().enumerate() {
        let length = ends.partition_point(|end| number(end) < *this);
        let last = length.checked_sub(1).and_then(|last| ends.get(last));
        before.push(last.copied());
        match ends.get_mut(length) {
            Some(end) => *end = position,
            None => ends.push(position),
        }
    }
    let mut stays = vec![false; numbers.len()];
    let mut at = ends.last().copied();
    while let Some(position) = at {
        if let Some(stays) = stays.get_mut(position) {
            *stays = true;
        }
        at = before.get(position).copied().flatten();
    }
    stays
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rising(numbers: &[usize]) -> Vec<usize> {
        let stays = longest_rising(numbers);
        let kept = numbers.iter().zip(stays).filter(|(_, stays)| *stays);
        kept.map(|(number, _)| *number).collect()
    }

    #[test]
    fn one_that_moved_is_told_from_all_behind_it() {
        assert_eq!(rising(&[]), [0; 0]);
        assert_eq!(rising(&[4]), [4]);
        assert_eq!(rising(&[9, 0, 1, 2, 3]), [0, 1, 2, 3]);
        assert_eq!(rising(&[1, 2, 3, 0]), [1, 2, 3]);
        assert_eq!(rising(&[3, 2, 1, 0]).len(), 1);
    }

    proptest! {
        #[test]
        fn what_stays_rises_and_is_the_longest(order in Just((0..12_usize).collect::<Vec<_>>()).prop_shuffle()) {
            let kept = rising(&order);
            prop_assert!(kept.is_sorted());
            // The length by the plain quadratic way.
            let mut longest = vec![1_usize; order.len()];
            for at in 0..order.len() {
                for earlier in 0..at {
                    if order[earlier] < order[at] {
                        longest[at] = longest[at].max(longest[earlier] + 1);
                    }
                }
            }
            prop_assert_eq!(kept.len(), longest.into_iter().max().unwrap());
        }
    }
}

//! Which disk of the newer archive is which of the older one.

use std::collections::HashMap;
use std::hash::Hash;

use super::sides::SideDisk;

/// Disks that are one, or a disk that only one side has.
#[derive(Debug, Clone, Copy)]
pub(super) enum Pair<'a> {
    Both(&'a SideDisk<'a>, &'a SideDisk<'a>),
    Added(&'a SideDisk<'a>),
    Removed(&'a SideDisk<'a>),
}

/// Pairs the disks: by the VDI's uuid; by what it is a snapshot of, since backups of a running VM are exports of
/// snapshots; by its place at the same VM; by its place alone, if there is one VM on each side; by its reference if one
/// side has no description, since references are made anew by every export. A key that two disks of one side have pairs none.
pub(super) fn pairs<'a>(old: &'a [SideDisk<'a>], new: &'a [SideDisk<'a>]) -> Vec<Pair<'a>> {
    let mut pairing = Pairing {
        old,
        new,
        partner: vec![None; new.len()],
        is_taken: vec![false; old.len()],
    };
    pairing.by(|disk| disk.uuid.as_deref());
    pairing.by(|disk| disk.origin.as_deref());
    pairing.by(|disk| Some((disk.vm.as_deref()?, disk.device.as_deref()?)));
    if is_of_one_vm(old) && is_of_one_vm(new) {
        pairing.by(|disk| disk.device.as_deref());
    }
    let is_bare = |disks: &[SideDisk<'_>]| !disks.iter().any(|disk| disk.is_described);
    if is_bare(old) || is_bare(new) {
        pairing.by(|disk| Some(disk.reference.as_str()));
        if old.len() == 1 && new.len() == 1 {
            pairing.by(|_| Some(()));
        }
    }
    pairing.finish()
}

/// Whether all disks are of one VM.
fn is_of_one_vm(disks: &[SideDisk<'_>]) -> bool {
    let mut vms = disks.iter().map(|disk| disk.vm.as_deref());
    vms.next()
        .flatten()
        .is_some_and(|first| vms.all(|vm| vm == Some(first)))
}

struct Pairing<'a> {
    old: &'a [SideDisk<'a>],
    new: &'a [SideDisk<'a>],
    /// Index of the older disk, for each of the newer ones.
    partner: Vec<Option<usize>>,
    is_taken: Vec<bool>,
}

impl<'a> Pairing<'a> {
    /// Pairs what is left by a key.
    fn by<K: Eq + Hash>(&mut self, key: impl Fn(&'a SideDisk<'a>) -> Option<K>) {
        let old_left = self.old.iter().zip(&self.is_taken).enumerate();
        let old = unique(
            old_left
                .filter(|(_, (_, is_taken))| !**is_taken)
                .map(|(index, (disk, _))| (index, key(disk))),
        );
        let new_left = self.new.iter().zip(&self.partner).enumerate();
        let new = unique(
            new_left
                .filter(|(_, (_, partner))| partner.is_none())
                .map(|(index, (disk, _))| (index, key(disk))),
        );
        for (key, at) in new {
            let (Some(at), Some(&Some(from))) = (at, old.get(&key)) else {
                continue;
            };
            if let (Some(partner), Some(is_taken)) =
                (self.partner.get_mut(at), self.is_taken.get_mut(from))
            {
                *partner = Some(from);
                *is_taken = true;
            }
        }
    }

    fn finish(self) -> Vec<Pair<'a>> {
        let Self {
            old, new, partner, ..
        } = self;
        let newer = new.iter().zip(partner).map(|(new, partner)| {
            match partner.and_then(|index| old.get(index)) {
                Some(old) => Pair::Both(old, new),
                None => Pair::Added(new),
            }
        });
        let left = old.iter().zip(self.is_taken);
        let removed = left
            .filter(|(_, is_taken)| !is_taken)
            .map(|(old, _)| Pair::Removed(old));
        newer.chain(removed).collect()
    }
}

/// Where each key is; `None` for one that is there twice.
fn unique<K: Eq + Hash>(
    keys: impl Iterator<Item = (usize, Option<K>)>,
) -> HashMap<K, Option<usize>> {
    let mut found = HashMap::new();
    for (index, key) in keys {
        let Some(key) = key else { continue };
        found
            .entry(key)
            .and_modify(|at| *at = None)
            .or_insert(Some(index));
    }
    found
}

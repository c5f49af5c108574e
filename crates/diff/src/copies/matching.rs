//! Which member of one copy is which of the other: the one of the same name, and of a name that is there several times the one
//! with as many before it.

use std::cmp::Ordering;
use std::hash::{BuildHasher, RandomState};

use xenspect_model::catalog::Manifest;

/// No member.
const NONE: u32 = u32::MAX;

/// The pairs of two manifests.
pub(super) struct Pairs {
    /// For each member here its index there.
    there_of: Vec<u32>,
    /// For each member there its index here.
    here_of: Vec<u32>,
    pairs: usize,
}

impl Pairs {
    /// Matches the members.
    pub(super) fn of(here: &Manifest, there: &Manifest) -> Self {
        let mut pairs = Self {
            there_of: vec![NONE; here.len()],
            here_of: vec![NONE; there.len()],
            pairs: 0,
        };
        // Copies begin alike, and mostly go on so.
        let alike = here
            .iter()
            .zip(there.iter())
            .take_while(|(here, there)| here.name == there.name)
            .count();
        for index in 0..alike {
            pairs.join(index, index);
        }
        // Hashes only bring candidates together, so nothing depends on which they are.
        let hashes = RandomState::new();
        let (here_rest, there_rest) = (rest(here, alike, &hashes), rest(there, alike, &hashes));
        let (mut a, mut b) = (&here_rest[..], &there_rest[..]);
        while let (Some(first), Some(second)) = (a.first(), b.first()) {
            match first.0.cmp(&second.0) {
                Ordering::Less => a = a.get(1..).unwrap_or_default(),
                Ordering::Greater => b = b.get(1..).unwrap_or_default(),
                Ordering::Equal => {
                    let (of_a, rest_a) = a.split_at(same_hash(a, first.0));
                    let (of_b, rest_b) = b.split_at(same_hash(b, first.0));
                    pairs.join_group((here, of_a), (there, of_b));
                    (a, b) = (rest_a, rest_b);
                }
            }
        }
        pairs
    }

    /// Pairs members whose names have one hash, which nearly always are those of one name.
    fn join_group(&mut self, here: (&Manifest, &[Hashed]), there: (&Manifest, &[Hashed])) {
        let (a, b) = (named(here), named(there));
        let (mut a, mut b) = (a.iter().peekable(), b.iter().peekable());
        while let (Some(first), Some(second)) = (a.peek(), b.peek()) {
            match first.0.cmp(&second.0) {
                Ordering::Less => drop(a.next()),
                Ordering::Greater => drop(b.next()),
                Ordering::Equal => {
                    self.join(first.1, second.1);
                    a.next();
                    b.next();
                }
            }
        }
    }

    fn join(&mut self, here: usize, there: usize) {
        let (Ok(h), Ok(t)) = (u32::try_from(here), u32::try_from(there)) else {
            return;
        };
        if let (Some(there_of), Some(here_of)) =
            (self.there_of.get_mut(here), self.here_of.get_mut(there))
        {
            (*there_of, *here_of) = (t, h);
            self.pairs += 1;
        }
    }

    /// The member there that is this one here.
    pub(super) fn there(&self, here: usize) -> Option<usize> {
        index(*self.there_of.get(here)?)
    }

    /// The member here that is this one there.
    pub(super) fn here(&self, there: usize) -> Option<usize> {
        index(*self.here_of.get(there)?)
    }

    /// For each member here its index there, in the order of those here.
    pub(super) fn iter(&self) -> impl Iterator<Item = (usize, usize)> {
        self.there_of
            .iter()
            .enumerate()
            .filter_map(|(here, &there)| Some((here, index(there)?)))
    }

    /// Whether at least half of the members of the shorter one are in both, so that they can be copies of one archive.
    pub(super) fn shares_names(&self) -> bool {
        let shorter = self.there_of.len().min(self.here_of.len());
        self.pairs >= shorter.div_ceil(2)
    }

    /// Goes over all members of both once, in the order of those here; those that are there only come behind the one that they
    /// are behind there.
    pub(super) fn walk(&self, mut visit: impl FnMut(Option<usize>, Option<usize>)) {
        let mut next = 0;
        for (here, &there) in self.there_of.iter().enumerate() {
            let there = index(there);
            if let Some(there) = there.filter(|&there| there >= next) {
                self.walk_there(next..there, &mut visit);
                next = there + 1;
            }
            visit(Some(here), there);
        }
        self.walk_there(next..self.here_of.len(), &mut visit);
    }

    fn walk_there(
        &self,
        there: std::ops::Range<usize>,
        visit: &mut impl FnMut(Option<usize>, Option<usize>),
    ) {
        for there in there.filter(|&there| self.here(there).is_none()) {
            visit(None, Some(there));
        }
    }
}

fn index(index: u32) -> Option<usize> {
    (index != NONE).then_some(index as usize)
}

/// The hash of a name, and the index of its member.
type Hashed = (u64, u32);

/// The members from an index on, by the hashes of their names and in their order.
fn rest(manifest: &Manifest, from: usize, hashes: &RandomState) -> Vec<Hashed> {
    let members = manifest.iter().zip(0u32..).skip(from);
    let mut rest: Vec<Hashed> = members
        .map(|(member, index)| (hashes.hash_one(&*member.name), index))
        .collect();
    rest.sort_unstable();
    rest
}

fn same_hash(members: &[Hashed], hash: u64) -> usize {
    members.iter().take_while(|member| member.0 == hash).count()
}

/// Names and indices, by name and in their order.
fn named<'a>(of: (&'a Manifest, &[Hashed])) -> Vec<(std::borrow::Cow<'a, [u8]>, usize)> {
    let (manifest, members) = of;
    let mut named: Vec<_> = members
        .iter()
        .filter_map(|&(_, index)| Some((manifest.get(index as usize)?.name, index as usize)))
        .collect();
    named.sort();
    named
}

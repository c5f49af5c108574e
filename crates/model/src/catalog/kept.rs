//! Facts in bounded lists.

use std::collections::BTreeMap;

use super::fact::{Compression, Fact, Located};

/// Facts by kind: the first ones of each kind are kept, the rest counted, so that damage cannot
/// make the catalog grow without end.
#[derive(Debug)]
pub struct Facts {
    limit: usize,
    kinds: BTreeMap<&'static str, Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    first: Vec<Located>,
    total: u64,
}

impl Facts {
    /// Keeps up to `limit` facts of each kind.
    #[must_use]
    pub fn new(limit: usize) -> Self {
        Self {
            limit,
            kinds: BTreeMap::new(),
        }
    }

    /// The number kept of each kind.
    #[must_use]
    pub fn limit(&self) -> usize {
        self.limit
    }

    /// Adds a fact. Facts of one kind are to come in the order of their offsets.
    pub fn push(&mut self, offset: u64, fact: Fact) {
        let kept = self.kinds.entry(fact.kind()).or_default();
        kept.total += 1;
        if kept.first.len() < self.limit {
            kept.first.push(Located { offset, fact });
        }
    }

    /// Says that `more` facts of the kind of those already kept were left out elsewhere.
    pub fn count_more(&mut self, kind: &'static str, more: u64) {
        if let Some(kept) = self.kinds.get_mut(kind) {
            kept.total += more;
        }
    }

    /// The kept facts of every kind, with the number left out of that kind.
    pub fn kinds(&self) -> impl Iterator<Item = (&[Located], u64)> {
        self.kinds.values().map(|kept| {
            (
                kept.first.as_slice(),
                kept.total.saturating_sub(kept.first.len() as u64),
            )
        })
    }

    /// The kept facts.
    pub fn iter(&self) -> impl Iterator<Item = &Located> {
        self.kinds.values().flat_map(|kept| &kept.first)
    }

    /// Whether the storage could not be read, or the compression says that what came out of it is not what was packed. Then
    /// something that was read may be wrong without another sign of it. Bytes behind a compressed stream tell nothing about it.
    #[must_use]
    pub fn tell_damage(&self) -> bool {
        self.iter().any(|located| match &located.fact {
            Fact::Envelope(fault) => !matches!(fault, Compression::Trailing { .. }),
            Fact::Source(_) => true,
            _ => false,
        })
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.kinds.is_empty()
    }
}

//! A hash index from text to rows that holds row numbers and a part of each hash only: eight bytes a slot. The text stays in
//! the document, so the caller says whether a row has it; the part of the hash keeps that from being asked for nothing.

use std::hash::{BuildHasher, RandomState};

use super::shape::position;

/// Marks a free slot.
const FREE: u32 = u32::MAX;

/// Open addressing with linear steps, at most three quarters full. The hash is keyed at random, so no document can be
/// made to collide.
#[derive(Debug, Default)]
pub(super) struct Index {
    slots: Vec<Slot>,
    hasher: RandomState,
}

#[derive(Debug, Clone, Copy)]
struct Slot {
    /// The half of the hash that does not say where the slot is.
    tag: u32,
    row: u32,
}

impl Index {
    /// An index with room for so many rows.
    pub(super) fn for_rows(rows: usize) -> Self {
        let room = rows.saturating_add(rows.div_euclid(3));
        let free = Slot { tag: 0, row: FREE };
        Index {
            slots: vec![free; room.saturating_add(1).next_power_of_two()],
            hasher: RandomState::new(),
        }
    }

    /// Adds a row, unless one with the same text is there, which is then given. A full index takes no more.
    pub(super) fn insert(
        &mut self,
        text: &[u8],
        row: u32,
        has: impl Fn(u32) -> bool,
    ) -> Option<u32> {
        let (free, tag) = match self.probe(text, has) {
            Ok(found) => return Some(found),
            Err(free) => free?,
        };
        if let Some(slot) = self.slots.get_mut(free) {
            *slot = Slot { tag, row };
        }
        None
    }

    /// The row with a text.
    pub(super) fn find(&self, text: &[u8], has: impl Fn(u32) -> bool) -> Option<u32> {
        self.probe(text, has).ok()
    }

    /// The row, or else the slot it would go into and what to put there.
    fn probe(&self, text: &[u8], has: impl Fn(u32) -> bool) -> Result<u32, Option<(usize, u32)>> {
        // The number of slots is a power of two.
        let mask = self.slots.len().wrapping_sub(1);
        let hash = self.hasher.hash_one(text);
        let start = position(u32::try_from(hash >> 32).unwrap_or_default()).unwrap_or_default();
        let tag = u32::try_from(hash & u64::from(u32::MAX)).unwrap_or_default();
        for step in 0..self.slots.len() {
            let at = start.wrapping_add(step) & mask;
            match self.slots.get(at) {
                Some(slot) if slot.row == FREE => return Err(Some((at, tag))),
                Some(slot) if slot.tag == tag && has(slot.row) => return Ok(slot.row),
                Some(_) => {}
                None => return Err(None),
            }
        }
        Err(None)
    }
}

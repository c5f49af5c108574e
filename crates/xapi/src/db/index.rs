//! A hash index from text to rows that holds row numbers only: eight bytes a row. The text stays in the document, so the
//! caller says whether a row has it.

use std::hash::{BuildHasher, RandomState};

use super::shape::position;

const FREE: u32 = u32::MAX;

/// Open addressing with linear steps, at most half full. The hash is keyed at random, so no document can be made to
/// collide.
#[derive(Debug, Default)]
pub(super) struct Index {
    slots: Vec<u32>,
    hasher: RandomState,
}

impl Index {
    /// An index with room for so many rows.
    pub(super) fn for_rows(rows: usize) -> Self {
        let slots = rows.saturating_mul(2).saturating_add(1).next_power_of_two();
        Index {
            slots: vec![FREE; slots],
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
        let free = match self.probe(text, has) {
            Ok(found) => return Some(found),
            Err(free) => free?,
        };
        if let Some(slot) = self.slots.get_mut(free) {
            *slot = row;
        }
        None
    }

    /// The row with a text.
    pub(super) fn find(&self, text: &[u8], has: impl Fn(u32) -> bool) -> Option<u32> {
        self.probe(text, has).ok()
    }

    /// The row, or else the slot it would go into.
    fn probe(&self, text: &[u8], has: impl Fn(u32) -> bool) -> Result<u32, Option<usize>> {
        // The number of slots is a power of two.
        let mask = self.slots.len().wrapping_sub(1);
        let hash = self.hasher.hash_one(text);
        let start = position(u32::try_from(hash >> 32).unwrap_or_default()).unwrap_or_default();
        for step in 0..self.slots.len() {
            let at = start.wrapping_add(step) & mask;
            match self.slots.get(at) {
                Some(&FREE) | None => return Err(Some(at)),
                Some(&row) if has(row) => return Ok(row),
                Some(_) => {}
            }
        }
        Err(None)
    }
}

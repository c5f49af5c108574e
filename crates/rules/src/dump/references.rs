//! Which row a reference leads to, for looking up as many references as a dump has. Rows are found by a keyed hash of 64
//! bits alone: one look into one array, where comparing the texts would cost several into all of the dump. That two texts
//! share a hash by chance is out of reach for any number of rows that fits into memory, and nobody can make them.

use std::borrow::Cow;
use std::hash::{BuildHasher, RandomState};

use xenspect_xapi::db::Database;
use xenspect_xapi::value::Raw;

/// A row that a reference leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    /// Number of the row.
    pub(super) row: u32,
    /// Position of its table in the document.
    pub(super) table: u32,
}

#[derive(Debug, Clone, Copy)]
struct Slot {
    hash: u64,
    found: Found,
}

/// Marks a free slot.
const FREE: Found = Found {
    row: u32::MAX,
    table: u32::MAX,
};

/// All references of a database. Open addressing with linear steps, at most two thirds full.
pub(super) struct References {
    slots: Vec<Slot>,
    hasher: RandomState,
}

impl References {
    /// Of two rows with one reference the earlier is kept.
    pub(super) fn of(database: &Database<'_>) -> Self {
        let rows = database.row_count();
        let slots = (rows + rows / 2 + 1).next_power_of_two();
        let mut references = Self {
            slots: vec![
                Slot {
                    hash: 0,
                    found: FREE
                };
                slots
            ],
            hasher: RandomState::new(),
        };
        for (table, rows) in (0..).zip(database.tables()) {
            for row in rows.rows() {
                if let Some(reference) = row.reference_bytes() {
                    let row = row.number();
                    references.insert(&reference, Found { row, table });
                }
            }
        }
        references
    }

    /// Also finds a row by another text.
    pub(super) fn insert(&mut self, reference: &[u8], found: Found) {
        let hash = self.hasher.hash_one(reference);
        if let Err(Some(slot)) = self.probe(hash)
            && let Some(slot) = self.slots.get_mut(slot)
        {
            *slot = Slot { hash, found };
        }
    }

    /// The row of a reference that stands in a value.
    pub(super) fn find(&self, raw: Raw<'_>) -> Option<Found> {
        self.probe(self.key(raw)).ok()
    }

    /// The row of a reference.
    pub(super) fn find_text(&self, text: &str) -> Option<Found> {
        self.probe(self.key_of_text(text)).ok()
    }

    /// The number that stands for a reference in a value.
    pub(super) fn key(&self, raw: Raw<'_>) -> u64 {
        self.hasher.hash_one(&*plain(raw))
    }

    /// The number that stands for a reference.
    pub(super) fn key_of_text(&self, text: &str) -> u64 {
        self.key_of_bytes(text.as_bytes())
    }

    /// The same, for its bytes.
    pub(super) fn key_of_bytes(&self, text: &[u8]) -> u64 {
        self.hasher.hash_one(text)
    }

    /// What is found, or the free slot where it would be.
    fn probe(&self, hash: u64) -> Result<Found, Option<usize>> {
        let mask = self.slots.len().wrapping_sub(1);
        let start = hash as usize;
        for step in 0..self.slots.len() {
            let at = start.wrapping_add(step) & mask;
            match self.slots.get(at) {
                Some(slot) if slot.found == FREE => return Err(Some(at)),
                Some(slot) if slot.hash == hash => return Ok(slot.found),
                Some(_) => {}
                None => return Err(None),
            }
        }
        Err(None)
    }
}

/// The text of a value. References are letters, digits and a few marks, for which it is what stands there.
fn plain(raw: Raw<'_>) -> Cow<'_, [u8]> {
    let bytes = raw.as_bytes();
    // One pass without branches.
    let special = bytes.iter().fold(false, |seen, byte| {
        seen | !byte.is_ascii_graphic() | (*byte == b'&') | (*byte == b'%')
    });
    if !special {
        Cow::Borrowed(bytes)
    } else {
        match raw.text() {
            Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
            Cow::Owned(text) => Cow::Owned(text.into_bytes()),
        }
    }
}

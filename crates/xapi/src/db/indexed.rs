//! The rows of a database by one of their texts, and which of them have a text that an earlier one has.

use std::borrow::Cow;

use super::Database;
use super::index::Index;
use super::view::Row;

/// An index, and what is there twice.
#[derive(Debug)]
pub(super) struct Indexed {
    pub(super) index: Index,
    /// As many as are reported, in the order of the rows.
    pub(super) again: Vec<Again>,
    /// Number of the others.
    pub(super) more: u64,
}

/// A row with a text that an earlier one has.
#[derive(Debug, Clone, Copy)]
pub(super) struct Again {
    /// How many rows come before it.
    pub(super) at: u64,
    pub(super) row: u32,
    /// The text is its uuid; else it is its reference.
    pub(super) uuid: bool,
}

impl Indexed {
    pub(super) fn by_reference(database: &Database<'_>) -> Self {
        Self::by(database, Row::reference_bytes, false)
    }

    pub(super) fn by_uuid(database: &Database<'_>) -> Self {
        Self::by(database, Row::uuid_bytes, true)
    }

    fn by<'d>(
        database: &'d Database<'_>,
        text: impl Fn(&Row<'d>) -> Option<Cow<'d, [u8]>>,
        uuid: bool,
    ) -> Self {
        let mut indexed = Indexed {
            index: Index::for_rows(database.rows.len()),
            again: Vec::new(),
            more: 0,
        };
        let mut at: u64 = 0;
        for row in database.rows() {
            if let Some(bytes) = text(&row) {
                let same = |other| text(&database.row(other)).as_deref() == Some(&*bytes);
                let known = indexed.index.insert(&bytes, row.number(), same).is_some();
                if known && indexed.again.len() < database.limits.oddities {
                    let row = row.number();
                    indexed.again.push(Again { at, row, uuid });
                } else if known {
                    indexed.more = indexed.more.saturating_add(1);
                }
            }
            at = at.saturating_add(1);
        }
        indexed
    }
}

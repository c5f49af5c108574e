//! The rows of `against/` codes, about two copies of one archive. What an entry is made of is in the parent.

use super::Entry;

/// Number of codes whose rows are here.
pub(super) const COUNT: usize = 0;

/// In the order of the codes.
pub(super) static ROWS: [Entry; COUNT] = [];

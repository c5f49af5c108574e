//! A place in a dump between two rows, chosen by its look: what it takes for a row may stand in a comment or in a value.

use crate::value::Raw;

/// What stands between two rows as xapi writes them, up to the name of the second.
const BETWEEN: &[u8] = b"/><row ";
/// What the first of the two has of it.
const END: &[u8] = b"/>";
const TABLE: &[u8] = b"<table name=\"";

/// A place between two rows, and the table that is open there, if it is what it looks like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    pub(super) at: usize,
    pub(super) table: String,
}

impl Split {
    /// About the middle of a dump, if it has rows there.
    pub fn of(document: &[u8]) -> Option<Split> {
        Split::behind(document, document.len().div_euclid(2))
    }

    /// The first place behind so many bytes of a dump, if it has rows there.
    pub fn behind(document: &[u8], bytes: usize) -> Option<Split> {
        let after = document.get(bytes..)?;
        let at = bytes.checked_add(memchr::memmem::find(after, BETWEEN)?)?;
        let at = at.checked_add(END.len())?;
        let before = document.get(..at)?;
        let table = memchr::memmem::rfind(before, TABLE)?.checked_add(TABLE.len())?;
        let name = before.get(table..)?;
        let name = name.get(..memchr::memchr(b'"', name)?)?;
        let table = Raw::new(name).unescaped().into_owned();
        Some(Split { at, table })
    }

    /// Byte offset in the document: where the second of the two rows starts.
    pub fn offset(&self) -> u64 {
        super::offset_of(self.at)
    }
}

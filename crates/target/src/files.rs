//! The text files of a host, recognised by their names and, where these vary, by what is in them.

use crate::{Error, Target};

/// A file, by its path below the folder or archive it is in, with `/` between the parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedFile {
    /// Its path.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// What was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// The facts.
    pub target: Target,
    /// What told them, in words, in the order of weight: `pool database`, `xensource-inventory`.
    pub sources: Vec<String>,
    /// What could not be read, in sentences.
    pub remarks: Vec<String>,
}

/// Whether a file of a folder or archive can tell something.
#[must_use]
pub fn is_wanted(_name: &str) -> bool {
    false
}

/// What files tell. What one tells that weighs more is not changed by others.
///
/// # Errors
///
/// [`Error::NothingKnown`] where no file is known.
pub fn of_files(_files: &[NamedFile]) -> Result<Reading, Error> {
    Err(Error::NothingKnown)
}

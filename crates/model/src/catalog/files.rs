//! The files of a host backup, where a scan was asked for them.

use std::collections::BTreeMap;

use crate::diff::FileState;
use crate::report::Envelope;

/// The files of a tree in a tar archive. Of a name that is there twice, the last one counts, as it does for tar.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileTable {
    /// The compression around the archive.
    pub envelope: Option<Envelope>,
    /// Those that the scan was asked to name, by path, without `./` in front; the root is `.`. Bytes that are no UTF-8 are
    /// written `\xNN`. A path that leads out of the tree is here as it stands. What a header does not tell of mode and owner
    /// is `?`. A hard link has length and digest of what it leads to.
    pub files: BTreeMap<String, FileState>,
    /// Contents of the files that were asked for, by path.
    pub contents: BTreeMap<String, Vec<u8>>,
    /// Files beyond the number that is kept.
    pub left_out: u64,
    /// The archive breaks off or is damaged, or has more files than are kept: a file that is not here may be in it.
    pub incomplete: bool,
    /// What could not be read, in sentences.
    pub remarks: Vec<String>,
}

//! What is found of a folder of backups by the names, lengths and small documents in it, without any judgement.

/// Something that is not as it should be in a folder of backups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreFact {
    /// The file or folder that it is about, below the folder that was looked at, with `/` between its parts.
    pub path: String,
    /// What is the matter.
    pub what: StoreState,
}

/// What is the matter with a file of a folder of backups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoreState {
    /// A description whose data is not there: the names of what is missing, as the description has them.
    DataMissing(Vec<String>),
    /// Data without a description.
    MetadataMissing {
        /// Where the description would be.
        expected: String,
        /// Whether a lock says that a job may be at work there, which writes the description last.
        busy: bool,
    },
    /// A description that cannot be used, and why.
    MetadataUnusable(String),
    /// Left over.
    Leftover {
        /// Of which kind.
        kind: Leftover,
        /// Bytes that it takes.
        bytes: u64,
        /// Whether a lock says that a job may be at work there.
        busy: bool,
    },
    /// The repository is encrypted, with this algorithm.
    Encrypted(String),
}

/// Kinds of what is left over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Leftover {
    /// Data under the name that it has while it is written.
    Temporary,
    /// The state of a merge that is not done.
    Merge,
    /// A lock.
    Lock,
    /// A checksum whose file is not there.
    Checksum,
    /// A file without contents that should have some.
    Empty,
}

impl Leftover {
    /// Its name, as reports show it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Temporary => "temporary file",
            Self::Merge => "state of a merge",
            Self::Lock => "lock",
            Self::Checksum => "checksum without its file",
            Self::Empty => "empty file",
        }
    }
}

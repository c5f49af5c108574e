//! Why a dump or a redo log could not be read at all. What was stepped over is an [`Oddity`](super::Oddity).

use crate::error::clip;

/// A document that cannot be read, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind} (byte {offset} of the input)")]
pub struct Error {
    /// What is wrong.
    pub kind: ErrorKind,
    /// Byte offset in the input, counted from its first byte.
    pub offset: u64,
}

/// What is wrong with an input.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ErrorKind {
    /// The input does not start as a pool database does.
    #[error("not a pool database: {found} instead of the element `database`")]
    NotADatabase {
        /// What is there; cut when long.
        found: String,
    },
    /// The input does not start as a redo log does.
    #[error("not a redo log: it does not start with the sixteen bytes of one")]
    NotARedoLog,
    /// The redo log says that neither half is valid: it was laid out or emptied, and nothing written since.
    #[error("the redo log holds nothing: its validity byte is {validity:#04x}")]
    EmptyRedoLog {
        /// The byte at offset 17.
        validity: u8,
    },
    /// The half of the redo log that is said to be valid holds no complete database record.
    #[error("no database record in the valid half of the redo log: {reason}")]
    BadDatabaseRecord {
        /// What is missing or wrong.
        reason: &'static str,
    },
    /// Larger than [`DumpLimits::bytes`](super::DumpLimits::bytes).
    #[error("larger than {limit} bytes")]
    TooLarge {
        /// The limit that was passed, in bytes.
        limit: usize,
    },
    /// Elements nest deeper than [`DumpLimits::depth`](super::DumpLimits::depth).
    #[error("elements nested deeper than {limit} levels")]
    TooDeep {
        /// The limit that was passed.
        limit: usize,
    },
    /// More attributes on one element than [`DumpLimits::attributes`](super::DumpLimits::attributes).
    #[error("more than {limit} attributes on one element")]
    TooManyAttributes {
        /// The limit that was passed.
        limit: usize,
    },
    /// A value longer than [`DumpLimits::value_bytes`](super::DumpLimits::value_bytes).
    #[error("a value longer than {limit} bytes")]
    ValueTooLong {
        /// The limit that was passed, in bytes.
        limit: usize,
    },
    /// More rows than [`DumpLimits::rows`](super::DumpLimits::rows).
    #[error("more than {limit} rows")]
    TooManyRows {
        /// The limit that was passed.
        limit: usize,
    },
    /// More table or pair elements than [`DumpLimits::tables`](super::DumpLimits::tables).
    #[error("more than {limit} tables")]
    TooManyTables {
        /// The limit that was passed.
        limit: usize,
    },
    /// More different column names than [`DumpLimits::columns`](super::DumpLimits::columns).
    #[error("more than {limit} different columns")]
    TooManyColumns {
        /// The limit that was passed.
        limit: usize,
    },
}

impl ErrorKind {
    /// A short stable name of the kind, for machines.
    pub fn name(&self) -> &'static str {
        match self {
            ErrorKind::NotADatabase { .. } => "not-a-database",
            ErrorKind::NotARedoLog => "not-a-redo-log",
            ErrorKind::EmptyRedoLog { .. } => "empty-redo-log",
            ErrorKind::BadDatabaseRecord { .. } => "bad-database-record",
            ErrorKind::TooLarge { .. } => "too-large",
            ErrorKind::TooDeep { .. } => "too-deep",
            ErrorKind::TooManyAttributes { .. } => "too-many-attributes",
            ErrorKind::ValueTooLong { .. } => "value-too-long",
            ErrorKind::TooManyRows { .. } => "too-many-rows",
            ErrorKind::TooManyTables { .. } => "too-many-tables",
            ErrorKind::TooManyColumns { .. } => "too-many-columns",
        }
    }

    /// True when a limit of the caller was passed, which says nothing about the input being right or wrong.
    pub fn is_limit(&self) -> bool {
        matches!(
            self,
            ErrorKind::TooLarge { .. }
                | ErrorKind::TooDeep { .. }
                | ErrorKind::TooManyAttributes { .. }
                | ErrorKind::ValueTooLong { .. }
                | ErrorKind::TooManyRows { .. }
                | ErrorKind::TooManyTables { .. }
                | ErrorKind::TooManyColumns { .. }
        )
    }

    pub(super) fn not_a_database(found: &str) -> Self {
        ErrorKind::NotADatabase { found: clip(found) }
    }

    pub(super) fn at(self, offset: usize) -> Error {
        Error {
            kind: self,
            offset: super::offset_of(offset),
        }
    }
}

//! What a scan of a pool database establishes.

use xenspect_xapi::db::Database;
use xenspect_xapi::db::redo_log::{EndOfDeltas, Half, Skipped};

use super::Facts;
use crate::report::{Envelope, Kind};

/// A pool database: a dump, a host's `state.db`, or a redo log with its changes put in.
#[derive(Debug)]
pub struct Dump {
    /// [`Kind::PoolDb`] or [`Kind::RedoLog`].
    pub kind: Kind,
    /// The compression around it.
    pub envelope: Envelope,
    /// Bytes of the input that were read, as stored.
    pub bytes: u64,
    /// Bytes of the document, or of the device.
    pub stream_bytes: u64,
    /// The database. Its oddities are deviations too.
    pub database: Database<'static>,
    /// How the redo log was put together; `None` for a dump.
    pub redo_log: Option<RedoLogState>,
    /// Whether the bytes are those that xapi would write.
    pub rewritten: Rewritten,
    /// Others than its owner may read the file. Never true of a stream.
    pub readable_by_others: bool,
    /// Deviations of storage and compression. Offsets are in the document.
    pub facts: Facts,
    /// The run was interrupted before the end was reached.
    pub interrupted: bool,
}

impl Dump {
    /// Whether all rows that the document had when it was written are there: it was read to its proper end, and nothing in it tells
    /// of rows that could not be read.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        let oddities = self.database.oddities();
        let loses_rows = [
            "unknown-element",
            "misplaced-element",
            "malformed",
            "mismatched-end",
            "missing-ref",
            "table-without-name",
        ]
        .iter()
        .any(|name| oddities.count(name) > 0);
        self.database.is_complete() && !loses_rows
    }
}

/// A dump against what writing it anew gives (`formats/pool-db.md` section 11).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rewritten {
    /// Not compared.
    NotCompared(Uncompared),
    /// The same, byte for byte.
    Same,
    /// They differ.
    Differs {
        /// Offset of the first byte that does.
        offset: u64,
    },
}

/// Why a dump was not compared with what writing it anew gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Uncompared {
    /// Not all of the document is there.
    Cut,
    /// It tells no schema.
    NoSchema,
    /// Its schema is older than 66.
    OldSchema,
    /// It is a redo log: the changes are no part of the text.
    RedoLog,
    /// It would have been compared by a run that was asked for more.
    NotAsked,
}

/// How a redo log was put together (`formats/pool-db.md` section 8.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RedoLogState {
    /// The half that is valid.
    pub half: Half,
    /// Offset of the database record's text on the device.
    pub database_offset: u64,
    /// Generation of the database record.
    pub generation: i64,
    /// Changes that were put in.
    pub applied: u64,
    /// Changes that were not.
    pub skipped: Vec<Skipped>,
    /// Why there are no more.
    pub end: EndOfDeltas,
    /// Offset on the device where they end.
    pub end_offset: u64,
}

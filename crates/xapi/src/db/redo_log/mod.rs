//! The redo log: a block device with a database and what changed since (`formats/pool-db.md` section 8.2; xapi
//! `ocaml/database/block_device_io.ml`). The layout of the device lives here, a single change in [`Delta`], and putting
//! the changes into the database in `replay`.

mod delta;
mod replay;

pub use delta::{BadDelta, Delta};
pub use replay::{Replay, SkipReason, Skipped};

use super::{Database, DumpLimits, Error, ErrorKind, offset_of};

const MAGIC: &[u8] = b"redo-log--------";
const VALIDITY: usize = 17;
const FIRST_HALF: usize = 18;
const HALF_LENGTH: usize = 60 << 20;
const MARKER: usize = 36;
/// Digits of a length and of a generation.
const DIGITS: usize = 16;

/// Which half of the device holds the valid database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Half {
    /// The first, at byte 18.
    First,
    /// The second, 60 MiB behind it.
    Second,
}

/// A redo log, its parts still in the bytes of the device.
#[derive(Debug, Clone)]
pub struct RedoLog<'a> {
    /// The half that was read. The other one holds an older state or none.
    pub half: Half,
    /// The marker that frames every record: a uuid.
    pub marker: &'a [u8],
    /// The database record: an XML dump.
    pub database: &'a [u8],
    /// Byte offset of that dump on the device.
    pub database_offset: u64,
    /// Generation of the database record.
    pub generation: i64,
    /// The changes, in the order they were written.
    pub deltas: Vec<DeltaRecord<'a>>,
    /// Why there are no more of them.
    pub end: EndOfDeltas,
    /// Byte offset where reading ended.
    pub end_offset: u64,
}

/// One change record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeltaRecord<'a> {
    /// Byte offset of the record on the device.
    pub offset: u64,
    /// Generation of the database after the change.
    pub generation: i64,
    /// The change, or why it cannot be read.
    pub delta: Result<Delta<'a>, BadDelta>,
}

/// Why the changes end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndOfDeltas {
    /// Sixteen NULs follow, which the writer puts behind each record, or nothing at all: the normal end.
    NoLength,
    /// What follows is neither those nor a length. xapi gives up reading here as well, but no writer left it so: it can be
    /// a length that was damaged, and then the changes behind it are lost.
    BadLength,
    /// A record follows that another run of xapi wrote: its marker differs. xapi gives up reading here.
    OtherMarker,
    /// A record runs over the end of the half, or of the input, or its generation is no number.
    Incomplete,
    /// The number of changes passes [`DumpLimits::rows`].
    Limit,
}

impl<'a> RedoLog<'a> {
    /// True when bytes start as a redo log does.
    pub fn is_redo_log(bytes: &[u8]) -> bool {
        bytes.starts_with(MAGIC)
    }

    /// Finds the valid half, its database and its changes. The database itself is not read yet.
    pub fn read(bytes: &'a [u8], limits: &DumpLimits) -> Result<Self, Error> {
        if !Self::is_redo_log(bytes) {
            return Err(ErrorKind::NotARedoLog.at(0));
        }
        let validity = bytes.get(VALIDITY).copied().unwrap_or_default();
        let (half, start) = match validity {
            b'1' => (Half::First, FIRST_HALF),
            b'2' => (Half::Second, FIRST_HALF.saturating_add(HALF_LENGTH)),
            validity => return Err(ErrorKind::EmptyRedoLog { validity }.at(VALIDITY)),
        };
        let area = bytes.get(start..).unwrap_or_default();
        let mut cursor = Cursor {
            rest: area.get(..area.len().min(HALF_LENGTH)).unwrap_or_default(),
            at: start,
        };
        let bad = |reason| ErrorKind::BadDatabaseRecord { reason }.at(start);
        let cut = "it runs over the end of the half";
        let marker = cursor.take(MARKER).ok_or_else(|| bad(cut))?;
        let length = cursor.take(DIGITS).ok_or_else(|| bad(cut))?;
        let length = decimal(length).filter(|&length| length > 0);
        let length = length.and_then(|length| usize::try_from(length).ok());
        let length = length.ok_or_else(|| bad("its length is no number"))?;
        let database_offset = offset_of(cursor.at);
        let database = cursor.take(length).ok_or_else(|| bad(cut))?;
        let generation = cursor.take(DIGITS).ok_or_else(|| bad(cut))?;
        let generation = decimal(generation).ok_or_else(|| bad("its generation is no number"))?;
        if cursor.take(MARKER).ok_or_else(|| bad(cut))? != marker {
            return Err(bad("the markers around it differ"));
        }

        let mut deltas = Vec::new();
        let end = loop {
            if deltas.len() >= limits.rows {
                break EndOfDeltas::Limit;
            }
            match cursor.record(marker) {
                Ok(record) => deltas.push(record),
                Err(end) => break end,
            }
        };
        Ok(RedoLog {
            half,
            marker,
            database,
            database_offset,
            generation,
            deltas,
            end,
            end_offset: offset_of(cursor.at),
        })
    }

    /// Reads the database and puts the changes into it. Offsets in what comes out count from the start of the dump, at
    /// [`RedoLog::database_offset`].
    pub fn replay(&self, limits: &DumpLimits) -> Result<(Database<'a>, Replay), Error> {
        let database = Database::read(self.database, limits)?;
        replay::replay(database, self.generation, &self.deltas)
    }

    /// As [`RedoLog::replay`], with a copy of the database record, so that the device can be let go.
    pub fn replay_owned(&self, limits: &DumpLimits) -> Result<(Database<'static>, Replay), Error> {
        let database = Database::from_vec(self.database.to_vec(), limits)?;
        replay::replay(database, self.generation, &self.deltas)
    }
}

struct Cursor<'a> {
    rest: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        self.at = self.at.saturating_add(length);
        Some(taken)
    }

    /// One change record. The cursor only moves past one that is complete.
    fn record(&mut self, marker: &[u8]) -> Result<DeltaRecord<'a>, EndOfDeltas> {
        let mut ahead = Cursor {
            rest: self.rest,
            at: self.at,
        };
        let digits = ahead.take(DIGITS).unwrap_or(ahead.rest);
        if digits.iter().all(|&byte| byte == 0) {
            return Err(EndOfDeltas::NoLength);
        }
        let length = decimal(digits).filter(|&length| length > 0 && digits.len() == DIGITS);
        let length = length.and_then(|length| usize::try_from(length).ok());
        let length = length.ok_or(EndOfDeltas::BadLength)?;
        let record = ahead
            .take(length)
            .zip(ahead.take(DIGITS))
            .zip(ahead.take(MARKER));
        let Some(((data, generation), found)) = record else {
            return Err(EndOfDeltas::Incomplete);
        };
        if found != marker {
            return Err(EndOfDeltas::OtherMarker);
        }
        let generation = decimal(generation).ok_or(EndOfDeltas::Incomplete)?;
        let offset = offset_of(self.at);
        *self = ahead;
        Ok(DeltaRecord {
            offset,
            generation,
            delta: Delta::parse(data),
        })
    }
}

/// A number with leading zeros, as the writer prints it.
fn decimal(digits: &[u8]) -> Option<i64> {
    let text = std::str::from_utf8(digits).ok()?;
    text.bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| text.parse().ok())?
}

//! One verification of one input, as it is kept. Each row carries a sum over what it says, so that a row which rotted is not believed.

use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Connection, Row, params};
use xenspect_model::Severity;
use xenspect_model::report::{Input, Kind, Verdict};
use xxhash_rust::xxh64::{Xxh64, xxh64};

use crate::error::StateError;
use crate::key::{Fingerprint, Key};
use crate::part::{Extent, Part};

/// Verifications that are kept of an input; older ones are dropped. An input in more parts than that never counts as read in full.
pub(crate) const KEPT: i64 = 1000;

/// What came of verifying an input, to be recorded.
#[derive(Debug, Clone, Copy)]
pub struct Outcome<'a> {
    /// The report's entry.
    pub input: &'a Input,
    /// SHA-256 of the file as stored, in hexadecimal digits, if it was computed.
    pub sha256: Option<&'a str>,
    /// How much of it was read.
    pub extent: Extent,
    /// How long it took.
    pub duration: Duration,
    /// Bytes that were read of it.
    pub bytes_read: u64,
    /// When it ended.
    pub at: Timestamp,
}

impl<'a> Outcome<'a> {
    /// An outcome of which digest, duration and bytes read are not known.
    #[must_use]
    pub const fn new(input: &'a Input, extent: Extent, at: Timestamp) -> Self {
        Self {
            input,
            sha256: None,
            extent,
            duration: Duration::ZERO,
            bytes_read: 0,
            at,
        }
    }
}

/// One verification of an input in the past.
#[derive(Debug, Clone)]
pub struct Record {
    /// When it ended.
    pub at: Timestamp,
    /// What the input was told by then.
    pub print: Fingerprint,
    /// SHA-256 of the file as stored, in hexadecimal digits, if it was computed.
    pub sha256: Option<String>,
    /// What it was, if that could be told.
    pub kind: Option<Kind>,
    /// The one-word result.
    pub verdict: Verdict,
    /// The worst severity among the findings.
    pub worst: Option<Severity>,
    /// How much of it was read.
    pub extent: Extent,
    /// How long it took.
    pub duration: Duration,
    /// Bytes that were read of it.
    pub bytes_read: u64,
    /// Version of the program.
    pub tool: String,
}

impl Record {
    pub(crate) fn new(print: &Fingerprint, outcome: &Outcome<'_>, tool: &str) -> Self {
        Self {
            // What the file keeps of it: whole milliseconds.
            at: Timestamp::from_millisecond(outcome.at.as_millisecond()).unwrap_or(outcome.at),
            print: print.clone(),
            sha256: outcome.sha256.map(str::to_owned),
            kind: outcome.input.kind,
            verdict: outcome.input.verdict,
            worst: outcome.input.worst(),
            extent: outcome.extent,
            duration: outcome.duration,
            bytes_read: outcome.bytes_read,
            tool: tool.to_owned(),
        }
    }

    /// Whether it found nothing that makes a copy bad. What was not read in full is incomplete by that alone, so an error has to be
    /// among its findings to make it bad.
    #[must_use]
    pub fn is_good(&self) -> bool {
        match self.verdict {
            Verdict::Sound | Verdict::Suspect => true,
            Verdict::Incomplete => {
                self.extent == Extent::Headers && self.worst < Some(Severity::Error)
            }
            Verdict::Damaged | Verdict::Unreadable => false,
        }
    }

    /// Over everything that it says, and of what it says it.
    fn sum(&self, key: &str, path: &str) -> i64 {
        let print = &self.print;
        let (extent, part) = extent_columns(self.extent);
        let texts = [
            Some(key),
            Some(path),
            Some(&print.tag),
            Some(&print.beside),
            self.sha256.as_deref(),
            self.kind.map(Kind::name),
            Some(self.verdict.word()),
            self.worst.map(Severity::word),
            Some(extent),
            Some(&self.tool),
        ];
        let numbers = [
            Some(self.at.as_millisecond()),
            Some(signed(print.size)),
            print.modified,
            part.map(|part| i64::from(part.index())),
            part.map(|part| i64::from(part.of())),
            Some(milliseconds(self.duration)),
            Some(signed(self.bytes_read)),
        ];
        let mut sum = Xxh64::new(0);
        for text in texts {
            let length = text.map_or(-1, |text| i64::try_from(text.len()).unwrap_or(i64::MAX));
            sum.update(&length.to_le_bytes());
            sum.update(text.unwrap_or_default().as_bytes());
        }
        for number in numbers {
            sum.update(&[u8::from(number.is_some())]);
            sum.update(&number.unwrap_or_default().to_le_bytes());
        }
        sum.digest().cast_signed()
    }
}

/// Adds a verification, and gives its number.
pub(crate) fn insert(
    connection: &Connection,
    input: i64,
    run: i64,
    key: &Key,
    record: &Record,
) -> Result<i64, StateError> {
    let print = &record.print;
    let (extent, part) = extent_columns(record.extent);
    let sum = record.sum(key.text(), key.path());
    connection
        .prepare_cached(
            "INSERT INTO verifications (input, run, path, at, size, modified, tag, beside, sha256, kind, verdict, \
             worst, extent, part_index, part_of, duration, bytes_read, tool, sum) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)",
        )?
        .execute(params![
            input,
            run,
            key.path(),
            record.at.as_millisecond(),
            signed(print.size),
            print.modified,
            print.tag,
            print.beside,
            record.sha256,
            record.kind.map(Kind::name),
            record.verdict.word(),
            record.worst.map(Severity::word),
            extent,
            part.map(Part::index),
            part.map(Part::of),
            milliseconds(record.duration),
            signed(record.bytes_read),
            record.tool,
            sum,
        ])?;
    Ok(connection.last_insert_rowid())
}

/// The columns that [`read`] takes, in its order, of verifications `v`.
pub(crate) const COLUMNS: &str = "v.at, v.size, v.modified, v.tag, v.beside, v.sha256, v.kind, v.verdict, v.worst, v.extent, \
                                  v.part_index, v.part_of, v.duration, v.bytes_read, v.tool, v.path, v.sum";

/// Reads a row that begins with [`COLUMNS`], of an input with this key.
pub(crate) fn read(row: &Row<'_>, key: &str) -> Result<Record, StateError> {
    let at: i64 = row.get(0)?;
    let kind: Option<String> = row.get(6)?;
    let verdict: String = row.get(7)?;
    let worst: Option<String> = row.get(8)?;
    let extent: String = row.get(9)?;
    let record = Record {
        at: Timestamp::from_millisecond(at).map_err(|_| rotten(key, "time"))?,
        print: Fingerprint {
            size: unsigned(row.get(1)?),
            modified: row.get(2)?,
            tag: row.get(3)?,
            beside: row.get(4)?,
        },
        sha256: row.get(5)?,
        kind: named(kind, key, "kind")?,
        verdict: named(Some(verdict), key, "verdict")?.ok_or_else(|| rotten(key, "verdict"))?,
        worst: named(worst, key, "severity")?,
        extent: extent_of(&extent, row.get(10)?, row.get(11)?)
            .ok_or_else(|| rotten(key, "extent"))?,
        duration: Duration::from_millis(unsigned(row.get(12)?)),
        bytes_read: unsigned(row.get(13)?),
        tool: row.get(14)?,
    };
    let path: String = row.get(15)?;
    let sum: i64 = row.get(16)?;
    if record.sum(key, &path) != sum {
        return Err(rotten(key, "sum"));
    }
    Ok(record)
}

/// All verifications of an input, the latest first.
pub(crate) fn of_input(
    connection: &Connection,
    input: i64,
    key: &str,
) -> Result<Vec<Record>, StateError> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM verifications v WHERE v.input = ?1 ORDER BY v.id DESC"
    ))?;
    let mut rows = statement.query([input])?;
    let mut records = Vec::new();
    while let Some(row) = rows.next()? {
        records.push(read(row, key)?);
    }
    Ok(records)
}

/// The sum that stands beside a report's entry.
pub(crate) fn entry_sum(entry: &str) -> i64 {
    xxh64(entry.as_bytes(), 0).cast_signed()
}

/// What is said of a row that contradicts itself.
pub(crate) fn rotten(key: &str, what: &str) -> StateError {
    StateError::Damaged(format!("the {what} of a verification of {key:?} is wrong"))
}

/// The value of a set of words, as their `serde` names spell them.
fn named<T: serde::de::DeserializeOwned>(
    word: Option<String>,
    key: &str,
    what: &str,
) -> Result<Option<T>, StateError> {
    word.map(|word| {
        serde_json::from_value(serde_json::Value::String(word)).map_err(|_| rotten(key, what))
    })
    .transpose()
}

const fn extent_columns(extent: Extent) -> (&'static str, Option<Part>) {
    match extent {
        Extent::Full => ("full", None),
        Extent::Part(part) => ("part", Some(part)),
        Extent::Headers => ("headers", None),
    }
}

fn extent_of(word: &str, index: Option<u32>, of: Option<u32>) -> Option<Extent> {
    match (word, index, of) {
        ("full", None, None) => Some(Extent::Full),
        ("headers", None, None) => Some(Extent::Headers),
        ("part", Some(index), Some(of)) => Part::new(index, of).map(Extent::Part),
        _ => None,
    }
}

fn milliseconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

/// SQLite has signed numbers only. No file is longer.
fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

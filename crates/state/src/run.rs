//! One run over many inputs: beginning it, going on with one that was interrupted, recording what came of each input.

use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, Transaction, TransactionBehavior, params};
use xenspect_model::report::{Input, Verdict};

use crate::error::StateError;
use crate::file::State;
use crate::identity::RunIdentity;
use crate::key::{Fingerprint, Key};
use crate::part::Part;
use crate::record::{self, COLUMNS, KEPT, Outcome, Record, entry_sum, rotten};

/// How old the last sign of an interrupted run may be for another one to go on with it. After that its results are no report of now.
pub const RESUMED_WITHIN: Duration = Duration::from_secs(7 * 86_400);

/// A run that has begun. One that is dropped without [`Run::finish`] counts as interrupted.
#[derive(Clone)]
pub struct Run {
    state: State,
    id: i64,
    root: i64,
    tool: String,
    since: Timestamp,
    resumed: Option<Resumed>,
    sample: Option<Part>,
}

/// The run that was gone on with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resumed {
    /// When it began; of a chain of interrupted runs, the first.
    pub since: Timestamp,
    /// Inputs that are done.
    pub done: u64,
}

/// The last run of an identity.
struct Last {
    root: i64,
    since: Timestamp,
    /// The last that was heard of it.
    heard: Timestamp,
    finished: bool,
    part: Option<Part>,
}

impl State {
    /// Begins a run. If the last one of the same identity was not finished, showed its last sign at most [`RESUMED_WITHIN`] ago and
    /// `resume` is wished, this one goes on with it.
    ///
    /// # Errors
    /// Those of the file.
    pub fn begin(
        &self,
        identity: &RunIdentity,
        resume: bool,
        now: Timestamp,
    ) -> Result<Run, StateError> {
        let mut connection = self.lock();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let name = identity_row(&transaction, identity)?;
        let last = last(&transaction, name)?;
        let goes_on = last
            .as_ref()
            .filter(|last| resume && !last.finished && is_fresh(last.heard, now));
        let sample = match (identity.parts(), &last) {
            (None, _) => None,
            (Some(of), Some(last)) => {
                let part = last.part.filter(|part| part.of() == of);
                // What was not finished is not read: its part is the next one again.
                let next = part.map(|part| if last.finished { part.next() } else { part });
                next.or_else(|| Part::first(of))
            }
            (Some(of), None) => Part::first(of),
        };
        transaction.execute(
            "INSERT INTO runs (identity, root, tool, started, part_index, part_of) VALUES (?1, 0, ?2, ?3, ?4, ?5)",
            params![
                name,
                identity.tool(),
                now.as_millisecond(),
                sample.map(Part::index),
                sample.map(Part::of)
            ],
        )?;
        let id = transaction.last_insert_rowid();
        let root = goes_on.map_or(id, |last| last.root);
        transaction.execute("UPDATE runs SET root = ?1 WHERE id = ?2", [root, id])?;
        let resumed = match goes_on {
            Some(last) => Some(Resumed {
                since: last.since,
                done: done(&transaction, root)?,
            }),
            None => None,
        };
        transaction.commit()?;
        drop(connection);
        Ok(Run {
            state: self.clone(),
            id,
            root,
            tool: identity.tool().to_owned(),
            since: goes_on.map_or(now, |last| last.since),
            resumed,
            sample,
        })
    }
}

impl Run {
    /// The run that this one goes on with, if it does.
    #[must_use]
    pub const fn resumed(&self) -> Option<Resumed> {
        self.resumed
    }

    /// The time that ages are reckoned from, so that a run that was interrupted leaves out what it would have left out otherwise: when
    /// the first of the runs began that this one goes on with.
    #[must_use]
    pub const fn since(&self) -> Timestamp {
        self.since
    }

    /// Which slot of whole inputs this run reads, if it is one of a sample: the one behind that of the last finished run of the same
    /// identity. See [`Key::slot`].
    #[must_use]
    pub const fn sample(&self) -> Option<Part> {
        self.sample
    }

    /// The state that it is kept in.
    #[must_use]
    pub const fn state(&self) -> &State {
        &self.state
    }

    /// What the interrupted run, which this one goes on with, reported of an input, if that is the last that was heard of it and the
    /// input is the same by its fingerprint. An input that could not be read is tried again.
    ///
    /// # Errors
    /// Those of the file.
    pub fn done_already(
        &self,
        key: &Key,
        print: &Fingerprint,
    ) -> Result<Option<Input>, StateError> {
        if self.resumed.is_none() {
            return Ok(None);
        }
        let connection = self.state.lock();
        let mut statement = connection.prepare_cached(&format!(
            "SELECT {COLUMNS}, r.root, v.run, e.entry, e.sum FROM verifications v \
             JOIN inputs i ON i.id = v.input JOIN runs r ON r.id = v.run \
             LEFT JOIN entries e ON e.verification = v.id \
             WHERE i.key = ?1 ORDER BY v.id DESC LIMIT 1"
        ))?;
        let mut rows = statement.query([key.text()])?;
        let Some(row) = rows.next()? else {
            return Ok(None);
        };
        let record = record::read(row, key.text())?;
        let path: String = row.get(15)?;
        let (root, run): (i64, i64) = (row.get(17)?, row.get(18)?);
        let (entry, sum): (Option<String>, Option<i64>) = (row.get(19)?, row.get(20)?);
        let ours = root == self.root && run < self.id && path == key.path();
        if !ours || !record.print.is_same(print) || record.verdict == Verdict::Unreadable {
            return Ok(None);
        }
        let Some(entry) = entry else {
            return Ok(None);
        };
        if sum != Some(entry_sum(&entry)) {
            return Err(rotten(key.text(), "entry"));
        }
        // What this version does not understand is verified anew.
        Ok(serde_json::from_str(&entry).ok())
    }

    /// Records what came of an input. It is on the disk when this returns. What was interrupted is not to be recorded.
    ///
    /// # Errors
    /// Those of the file.
    pub fn record(
        &self,
        key: &Key,
        print: &Fingerprint,
        outcome: &Outcome<'_>,
    ) -> Result<(), StateError> {
        let record = Record::new(print, outcome, &self.tool);
        let entry = serde_json::to_string(outcome.input)
            .map_err(|error| StateError::Other(error.to_string()))?;
        let mut connection = self.state.lock();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let input: i64 = transaction
            .prepare_cached(
                "INSERT INTO inputs (key, path) VALUES (?1, ?2) \
                 ON CONFLICT (key) DO UPDATE SET path = excluded.path RETURNING id",
            )?
            .query_row([key.text(), key.path()], |row| row.get(0))?;
        let id = record::insert(&transaction, input, self.id, key, &record)?;
        transaction
            .prepare_cached("INSERT INTO entries (verification, entry, sum) VALUES (?1, ?2, ?3)")?
            .execute(params![id, entry, entry_sum(&entry)])?;
        tidy(&transaction, input, id, self.root, outcome.at)?;
        transaction.commit()?;
        Ok(())
    }

    /// Says that the run is through: the next one of its identity begins anew.
    ///
    /// # Errors
    /// Those of the file.
    pub fn finish(self, now: Timestamp) -> Result<(), StateError> {
        let connection = self.state.lock();
        connection.execute(
            "UPDATE runs SET finished = ?1 WHERE root = ?2 AND id <= ?3 AND finished IS NULL",
            params![now.as_millisecond(), self.root, self.id],
        )?;
        Ok(())
    }
}

/// Drops what no question asks for any more: the report's entries of earlier verifications, but for those that another run may yet go
/// on with, and what is beyond the number that is kept.
fn tidy(
    transaction: &Transaction<'_>,
    input: i64,
    latest: i64,
    root: i64,
    now: Timestamp,
) -> Result<(), StateError> {
    let within = i64::try_from(RESUMED_WITHIN.as_millis()).unwrap_or(i64::MAX);
    transaction
        .prepare_cached(
            "DELETE FROM entries WHERE verification IN (\
                 SELECT v.id FROM verifications v JOIN runs r ON r.id = v.run WHERE v.input = ?1 AND v.id < ?2 \
                 AND (r.finished IS NOT NULL OR r.root = ?3 OR v.at < ?4))",
        )?
        .execute([
            input,
            latest,
            root,
            now.as_millisecond().saturating_sub(within),
        ])?;
    transaction
        .prepare_cached(
            "DELETE FROM verifications WHERE input = ?1 AND id <= (\
                 SELECT id FROM verifications WHERE input = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)",
        )?
        .execute([input, KEPT])?;
    Ok(())
}

fn identity_row(transaction: &Transaction<'_>, identity: &RunIdentity) -> Result<i64, StateError> {
    let text = identity.text();
    transaction.execute(
        "INSERT INTO identities (identity) VALUES (?1) ON CONFLICT DO NOTHING",
        [&text],
    )?;
    let id = transaction.query_row(
        "SELECT id FROM identities WHERE identity = ?1",
        [&text],
        |row| row.get(0),
    )?;
    Ok(id)
}

fn last(transaction: &Transaction<'_>, identity: i64) -> Result<Option<Last>, StateError> {
    let row = transaction
        .query_row(
            "SELECT r.root, f.started, r.started, r.finished, r.part_index, r.part_of, \
                 (SELECT max(v.at) FROM verifications v WHERE v.run = r.id) \
             FROM runs r JOIN runs f ON f.id = r.root WHERE r.identity = ?1 ORDER BY r.id DESC LIMIT 1",
            [identity],
            |row| {
                let (root, since, started): (i64, i64, i64) =
                    (row.get(0)?, row.get(1)?, row.get(2)?);
                let finished: Option<i64> = row.get(3)?;
                let (index, of): (Option<u32>, Option<u32>) = (row.get(4)?, row.get(5)?);
                let heard: Option<i64> = row.get(6)?;
                Ok((root, since, heard.unwrap_or(started).max(started), finished, index.zip(of)))
            },
        )
        .optional()?;
    let Some((root, since, heard, finished, part)) = row else {
        return Ok(None);
    };
    let time = |at| {
        Timestamp::from_millisecond(at)
            .map_err(|_| StateError::Damaged("the time of a run is wrong".to_owned()))
    };
    Ok(Some(Last {
        root,
        since: time(since)?,
        heard: time(heard)?,
        finished: finished.is_some(),
        part: part.and_then(|(index, of)| Part::new(index, of)),
    }))
}

fn done(transaction: &Transaction<'_>, root: i64) -> Result<u64, StateError> {
    let done: i64 = transaction.query_row(
        "SELECT count(DISTINCT v.input) FROM runs r JOIN verifications v ON v.run = r.id WHERE r.root = ?1",
        [root],
        |row| row.get(0),
    )?;
    Ok(u64::try_from(done).unwrap_or(0))
}

/// A clock that was set back leaves signs in the future; they are no reason to believe in old results, but for what clocks differ by.
fn is_fresh(heard: Timestamp, now: Timestamp) -> bool {
    let heard = crate::standing::Verified {
        at: heard,
        verdict: Verdict::Sound,
        worst: None,
        parts: None,
    };
    heard.is_within(RESUMED_WITHIN, now)
}

//! The state's file: opening it, and the questions that need no run.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Connection, OpenFlags, OptionalExtension as _};
use xenspect_model::report::Input;

use crate::error::StateError;
use crate::key::{Fingerprint, Key};
use crate::part::{Extent, Part};
use crate::record::{Record, entry_sum, rotten};
use crate::schema;
use crate::standing::{Verified, fully};

/// How long one run waits for another that writes to the same state. A write takes milliseconds.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Length of the smallest database: one page of the smallest size.
const SHORTEST: u64 = 512;

/// An open state. Clones share it, and threads can.
///
/// The file has a rollback journal, not a write-ahead log, since that one needs shared memory, which network file systems do not
/// have. Each change is a transaction of its own and is on the disk before it counts. Several runs can use one file at once.
#[derive(Clone)]
pub struct State {
    connection: Arc<Mutex<Connection>>,
}

impl State {
    /// Opens a state file to use it in a run. One that is not there is made; its directory has to be there.
    ///
    /// # Errors
    /// A file that is something else, of a later version, damaged, or cannot be written.
    pub fn open(path: &Path) -> Result<Self, StateError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
        let mut connection = connect(path, flags)?;
        if connection.is_readonly("main")? {
            return Err(StateError::ReadOnly);
        }
        // Whoever holds it is waited for here, and not in each of the steps below.
        connection.execute_batch("BEGIN IMMEDIATE; ROLLBACK")?;
        // Of the same file with a write-ahead log, made so by another program, the log is put in first.
        let mode: String =
            connection.pragma_update_and_check(None, "journal_mode", "DELETE", |row| row.get(0))?;
        if !mode.eq_ignore_ascii_case("delete") {
            return Err(StateError::Other(format!("its journal is `{mode}`")));
        }
        // The directory is written out too, so that a commit outlives a loss of power.
        connection.pragma_update(None, "synchronous", "EXTRA")?;
        schema::migrate(&mut connection, schema::STEPS)?;
        schema::check(&connection)?;
        Ok(Self::of(connection))
    }

    /// Opens a state file to look into it. Nothing is written, also where it could be.
    ///
    /// # Errors
    /// As for [`State::open`], and a file that is not there.
    pub fn open_read_only(path: &Path) -> Result<Self, StateError> {
        let connection = connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        schema::require(&connection)?;
        schema::check(&connection)?;
        Ok(Self::of(connection))
    }

    fn of(connection: Connection) -> Self {
        Self {
            connection: Arc::new(Mutex::new(connection)),
        }
    }

    /// The last verification in full with a good verdict (sound or suspect), if it is of the same contents and at most `within` old.
    ///
    /// A full one can be made of parts: all of them good, one after another, with no change between. It is as old as the oldest of
    /// them. There is none if anything bad was found since, however little of the input was read then; and one from the future, as
    /// clocks that were set back leave it, is not counted.
    ///
    /// # Errors
    /// Those of the file.
    pub fn recent(
        &self,
        key: &Key,
        print: &Fingerprint,
        within: Duration,
        now: Timestamp,
    ) -> Result<Option<Verified>, StateError> {
        let full = fully(&self.records(key)?, print);
        Ok(full.filter(|full| full.is_within(within, now)))
    }

    /// What the last verification of an input reported of it; `None` if that was dropped, or this version does not understand it.
    ///
    /// # Errors
    /// Those of the file, and an entry that is not what was written.
    pub fn last_entry(&self, key: &Key) -> Result<Option<Input>, StateError> {
        let connection = self.lock();
        let row: Option<(Option<String>, Option<i64>)> = connection
            .prepare_cached(
                "SELECT e.entry, e.sum FROM verifications v JOIN inputs i ON i.id = v.input \
                 LEFT JOIN entries e ON e.verification = v.id WHERE i.key = ?1 ORDER BY v.id DESC LIMIT 1",
            )?
            .query_row([key.text()], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let Some((Some(entry), sum)) = row else {
            return Ok(None);
        };
        if sum != Some(entry_sum(&entry)) {
            return Err(rotten(key.text(), "entry"));
        }
        Ok(serde_json::from_str(&entry).ok())
    }

    /// The part to read of an input that is read in `of` parts: the one behind that which was read last, or the first if the input
    /// has changed since, is not known, or was read in other parts. `None` if `of` is zero.
    ///
    /// # Errors
    /// Those of the file.
    pub fn next_part(
        &self,
        key: &Key,
        print: &Fingerprint,
        of: u32,
    ) -> Result<Option<Part>, StateError> {
        let records = self.records(key)?;
        let mut same = records
            .iter()
            .take_while(|record| record.print.is_same(print));
        let last = same.find_map(|record| match record.extent {
            Extent::Part(part) if part.of() == of => Some(part),
            _ => None,
        });
        Ok(last.map_or_else(|| Part::first(of), |part| Some(part.next())))
    }

    /// Whether an input was ever verified, whatever it was then.
    ///
    /// # Errors
    /// Those of the file.
    pub fn knows(&self, key: &Key) -> Result<bool, StateError> {
        Ok(!self.records(key)?.is_empty())
    }

    /// Whether the last verification of what an input is now found it bad. Then it is to be read as a whole: a part that is good does
    /// not make it so.
    ///
    /// # Errors
    /// Those of the file.
    pub fn was_bad(&self, key: &Key, print: &Fingerprint) -> Result<bool, StateError> {
        let records = self.records(key)?;
        let last = records.first();
        Ok(last.is_some_and(|record| record.print.is_same(print) && !record.is_good()))
    }

    /// The last digest of the same contents, in hexadecimal digits, and when it was computed. Another one now means that the contents
    /// changed although length and time of change did not.
    ///
    /// # Errors
    /// Those of the file.
    pub fn known_digest(
        &self,
        key: &Key,
        print: &Fingerprint,
    ) -> Result<Option<(String, Timestamp)>, StateError> {
        let records = self.records(key)?;
        let mut same = records
            .into_iter()
            .take_while(|record| record.print.is_same(print));
        Ok(same.find_map(|record| record.sha256.map(|digest| (digest, record.at))))
    }

    /// All that is known of an input, the latest first.
    pub(crate) fn records(&self, key: &Key) -> Result<Vec<Record>, StateError> {
        let connection = self.lock();
        let input: Option<i64> = connection
            .prepare_cached("SELECT id FROM inputs WHERE key = ?1")?
            .query_row([key.text()], |row| row.get(0))
            .optional()?;
        match input {
            Some(input) => crate::record::of_input(&connection, input, key.text()),
            None => Ok(Vec::new()),
        }
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Connection> {
        // A thread that failed leaves a connection without an open transaction, as its guard was dropped.
        self.connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

fn connect(path: &Path, flags: OpenFlags) -> Result<Connection, StateError> {
    if path.is_dir() {
        return Err(StateError::CannotOpen("it is a directory".to_owned()));
    }
    // `:memory:` is a file like any other here. An absolute path stays as it is.
    let path = &Path::new(".").join(path);
    // SQLite takes a very short file for an empty one, and would write over it. Looked at without opening it, for closing
    // it would give up the locks that this process may hold on it.
    let length = std::fs::metadata(path).map_or(0, |metadata| metadata.len());
    if (1..SHORTEST).contains(&length) {
        return Err(StateError::NotAState("it is no SQLite database".to_owned()));
    }
    // No URIs: a file's name is a file's name.
    let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)
        .map_err(|error| match StateError::from(error) {
            StateError::CannotOpen(words) => StateError::CannotOpen(why(path, words)),
            other => other,
        })?;
    connection.busy_timeout(PATIENCE)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.pragma_update(None, "cell_size_check", true)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    Ok(connection)
}

/// What the file system says, which tells more than SQLite does.
fn why(path: &Path, words: String) -> String {
    match std::fs::metadata(path) {
        Err(error) => error.to_string(),
        Ok(_) => words,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commits_are_on_the_disk() {
        let folder = tempfile::tempdir().unwrap();
        let state = State::open(&folder.path().join("state.db")).unwrap();
        let connection = state.lock();
        let pragma = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
        assert_eq!(pragma("synchronous").unwrap(), 3);
        assert_eq!(pragma("foreign_keys").unwrap(), 1);
        assert_eq!(pragma("trusted_schema").unwrap(), 0);
        let mode: String = connection
            .pragma_query_value(None, "journal_mode", |row| row.get(0))
            .unwrap();
        assert_eq!(mode, "delete");
    }

    #[test]
    fn names_that_mean_something_to_sqlite_are_files() {
        let nowhere = State::open_read_only(Path::new(":memory:"));
        assert!(matches!(nowhere, Err(StateError::CannotOpen(_))));
        assert!(State::open_read_only(Path::new("file:x?mode=memory")).is_err());
        assert!(State::open(Path::new("")).is_err());
    }
}

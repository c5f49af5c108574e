//! The tables, their versions, and how one version becomes the next.
//!
//! `PRAGMA application_id` tells a state file from any other database, `PRAGMA user_version` is the version of its tables. Each step of
//! [`STEPS`] brings a file from the version that is its place in the list to the next; a file that is not there yet begins at 0. The
//! steps run in one transaction, so an interrupted one leaves the earlier version.

use rusqlite::{Connection, TransactionBehavior};

use crate::error::StateError;

/// `Xens`, in the header of the file.
pub(crate) const APPLICATION: i64 = 0x5865_6e73;

/// What brings a file to version 1, 2 and so on.
pub(crate) const STEPS: &[&str] = &["
CREATE TABLE inputs (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    path TEXT NOT NULL
) STRICT;
CREATE TABLE identities (
    id INTEGER PRIMARY KEY,
    identity TEXT NOT NULL UNIQUE
) STRICT;
CREATE TABLE runs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    identity INTEGER NOT NULL REFERENCES identities,
    root INTEGER NOT NULL,
    tool TEXT NOT NULL,
    started INTEGER NOT NULL,
    finished INTEGER,
    part_index INTEGER,
    part_of INTEGER
) STRICT;
CREATE INDEX runs_of_identity ON runs (identity, id);
CREATE TABLE verifications (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    input INTEGER NOT NULL REFERENCES inputs,
    run INTEGER NOT NULL REFERENCES runs,
    path TEXT NOT NULL,
    at INTEGER NOT NULL,
    size INTEGER NOT NULL,
    modified INTEGER,
    tag TEXT NOT NULL,
    beside TEXT NOT NULL,
    sha256 TEXT,
    kind TEXT,
    verdict TEXT NOT NULL,
    worst TEXT,
    extent TEXT NOT NULL,
    part_index INTEGER,
    part_of INTEGER,
    duration INTEGER NOT NULL,
    bytes_read INTEGER NOT NULL,
    tool TEXT NOT NULL,
    sum INTEGER NOT NULL
) STRICT;
CREATE INDEX verifications_of_input ON verifications (input, id);
CREATE INDEX verifications_of_run ON verifications (run, input);
CREATE TABLE entries (
    verification INTEGER PRIMARY KEY REFERENCES verifications ON DELETE CASCADE,
    entry TEXT NOT NULL,
    sum INTEGER NOT NULL
) STRICT;
"];

/// The version that [`STEPS`] end in.
pub(crate) const VERSION: i64 = version_of(STEPS);

/// A list of steps is short, so its length fits.
const fn version_of(steps: &[&str]) -> i64 {
    steps.len() as i64
}

/// What a file is, by its header and its tables.
fn version(connection: &Connection) -> Result<i64, StateError> {
    let pragma = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let (application, version) = (pragma("application_id")?, pragma("user_version")?);
    if application == APPLICATION && version > 0 {
        return Ok(version);
    }
    let tables: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if application == 0 && version == 0 && tables == 0 {
        return Ok(0);
    }
    Err(StateError::NotAState(
        "it is a SQLite database of something else".to_owned(),
    ))
}

/// Brings a file to the latest version, an empty one included.
pub(crate) fn migrate(connection: &mut Connection, steps: &[&str]) -> Result<(), StateError> {
    let known = version_of(steps);
    // Looked at without a lock first: a file that is up to date is not written.
    if ready(version(connection)?, known)? {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another run may have done it meanwhile.
    let found = version(&transaction)?;
    if !ready(found, known)? {
        let done = usize::try_from(found).unwrap_or(0);
        for step in steps.iter().skip(done) {
            transaction.execute_batch(step)?;
        }
        transaction.pragma_update(None, "application_id", APPLICATION)?;
        transaction.pragma_update(None, "user_version", known)?;
    }
    transaction.commit()?;
    Ok(())
}

fn ready(found: i64, known: i64) -> Result<bool, StateError> {
    if found > known {
        return Err(StateError::Later { found, known });
    }
    Ok(found == known)
}

/// Refuses a file that is not of the latest version, where it cannot be brought to that.
pub(crate) fn require(connection: &Connection) -> Result<(), StateError> {
    match version(connection)? {
        0 => Err(StateError::NotAState("it is empty".to_owned())),
        found if ready(found, VERSION)? => Ok(()),
        found => Err(StateError::Earlier {
            found,
            known: VERSION,
        }),
    }
}

/// Looks at the structure of the whole file.
pub(crate) fn check(connection: &Connection) -> Result<(), StateError> {
    let told: String =
        connection.query_row("PRAGMA quick_check(1)", [], |row| row.get::<_, String>(0))?;
    if told == "ok" {
        Ok(())
    } else {
        let first = told.lines().next().unwrap_or_default().trim();
        Err(StateError::Damaged(first.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_earlier_version_is_brought_up_to_date_in_one_piece() {
        let steps = ["CREATE TABLE a (x);", "ALTER TABLE a ADD COLUMN y;"];
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection, &steps[..1]).unwrap();
        assert_eq!(version(&connection).unwrap(), 1);
        connection.execute("INSERT INTO a VALUES (7)", []).unwrap();

        let broken = ["", "ALTER TABLE a ADD COLUMN y; CREATE TABLE a (x);"];
        assert!(migrate(&mut connection, &broken).is_err());
        assert_eq!(version(&connection).unwrap(), 1);
        assert!(connection.prepare("SELECT y FROM a").is_err());

        migrate(&mut connection, &steps).unwrap();
        assert_eq!(version(&connection).unwrap(), 2);
        let row = connection.query_row("SELECT x, y FROM a", [], |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, Option<i64>>(1)?))
        });
        assert_eq!(row.unwrap(), (7, None));

        assert!(matches!(
            migrate(&mut connection, &steps[..1]),
            Err(StateError::Later { found: 2, known: 1 })
        ));
    }
}

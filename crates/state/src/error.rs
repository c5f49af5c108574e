//! Why a state cannot be used. None of these is about an input.

use rusqlite::ErrorCode;
use thiserror::Error;

/// Why a state cannot be used, in words that follow the file's name.
#[derive(Debug, Error)]
pub enum StateError {
    /// The file is something else.
    #[error("is no state file: {0}")]
    NotAState(String),
    /// A later version wrote it.
    #[error(
        "is a state file of version {found}, and this program knows versions up to {known}; a later version of \
         xenspect has written it"
    )]
    Later {
        /// Version of the file.
        found: i64,
        /// The latest version that is known here.
        known: i64,
    },
    /// It has an earlier version, and cannot be written to bring it up to date.
    #[error(
        "is a state file of version {found}, and this program reads version {known}; the next `verify --state` brings \
         it up to date"
    )]
    Earlier {
        /// Version of the file.
        found: i64,
        /// The version that is read.
        known: i64,
    },
    /// It does not exist, or may not be opened.
    #[error("cannot be opened: {0}")]
    CannotOpen(String),
    /// It may not be written.
    #[error(
        "cannot be written; a state needs a file and a directory that can be written, for a journal is kept beside it"
    )]
    ReadOnly,
    /// Its name leads somewhere else, or nowhere, since it was opened.
    #[error("was moved or removed while it was used")]
    Moved,
    /// Somebody else holds it for longer than anybody waits.
    #[error("is held by another run for longer than {} seconds", crate::PATIENCE.as_secs())]
    Busy,
    /// What is in it contradicts itself.
    #[error(
        "is damaged ({0}); nothing was taken from it. Put it aside, and the next run begins a new one"
    )]
    Damaged(String),
    /// There is no room for it.
    #[error("cannot be written: the disk is full")]
    Full,
    /// Anything else that the storage says.
    #[error("cannot be used: {0}")]
    Other(String),
}

impl From<rusqlite::Error> for StateError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::Error as E;
        let words = error.to_string();
        match &error {
            E::FromSqlConversionFailure(..)
            | E::IntegralValueOutOfRange(..)
            | E::InvalidColumnType(..)
            | E::Utf8Error(..) => Self::Damaged(words),
            _ => match error.sqlite_error_code() {
                Some(ErrorCode::NotADatabase) => {
                    Self::NotAState("it is no SQLite database".to_owned())
                }
                Some(ErrorCode::DatabaseCorrupt) => Self::Damaged(words),
                Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
                Some(ErrorCode::ReadOnly) if is_moved(&error) => Self::Moved,
                Some(ErrorCode::ReadOnly) => Self::ReadOnly,
                Some(ErrorCode::DiskFull) => Self::Full,
                Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
                    Self::CannotOpen(words)
                }
                Some(ErrorCode::FileLockingProtocolFailed) => Self::Other(format!(
                    "{words}; the file system that it is on may have no locks"
                )),
                _ => Self::Other(words),
            },
        }
    }
}

/// Whether the file is not the one of its name any more, of which SQLite says that it cannot be written.
fn is_moved(error: &rusqlite::Error) -> bool {
    let told = error.sqlite_error();
    told.is_some_and(|told| told.extended_code == rusqlite::ffi::SQLITE_READONLY_DBMOVED)
}

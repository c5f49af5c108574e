//! A state over several runs, as a whole: with interruptions, damage, other processes and clocks that are set back.

mod crash;
mod history;
mod measure;
mod opening;
mod runs;
mod sampling;
mod skipping;

use std::path::PathBuf;
use std::time::Duration;

use tempfile::TempDir;
use xenspect_model::report::{Input, Verdict};
use xenspect_state::{Extent, Fingerprint, Key, Outcome, Run, RunIdentity, State, Timestamp};

pub(crate) const DAY: Duration = Duration::from_secs(86_400);

/// A folder with a state in it.
pub(crate) struct Folder(TempDir);

impl Folder {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn file(&self) -> PathBuf {
        self.0.path().join("state.db")
    }

    pub(crate) fn open(&self) -> State {
        State::open(&self.file()).unwrap()
    }
}

/// A time, in seconds since 1970.
pub(crate) fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

/// The beginning of a day.
pub(crate) fn day(n: i64) -> Timestamp {
    at(n * 86_400)
}

pub(crate) fn key(name: &str) -> Key {
    Key::of_url(&format!("s3://backups/{name}"))
}

pub(crate) fn print(modified: i64) -> Fingerprint {
    Fingerprint {
        size: 1024,
        modified: Some(modified),
        ..Fingerprint::default()
    }
}

pub(crate) fn entry(name: &str, verdict: Verdict) -> Input {
    let mut input = Input::unreadable(key(name).path().to_owned(), format!("entry of {name}"));
    input.verdict = verdict;
    input
}

pub(crate) fn identity() -> RunIdentity {
    RunIdentity::new("0.1.0")
        .input("/srv/backups")
        .option("depth", "full")
}

/// Records a full verification without a change of the input.
pub(crate) fn record(run: &Run, name: &str, verdict: Verdict, at: Timestamp) {
    let input = entry(name, verdict);
    let outcome = Outcome::new(&input, Extent::Full, at);
    run.record(&key(name), &print(7), &outcome).unwrap();
}

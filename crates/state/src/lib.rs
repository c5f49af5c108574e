//! What was verified when, kept in a SQLite file: the state.
//!
//! A [`State`] answers four questions of a run over many inputs: which of them an interrupted run has already done
//! ([`Run::done_already`]), which were verified a short while ago ([`State::recent`]), which part of one is to be read next
//! ([`State::next_part`]), and what became of each in the past ([`State::history`]). Whatever it cannot be sure of is answered as if it
//! knew nothing, so that an input is rather read once more than left out. Whether an input is still being written is told by two
//! looks at it ([`Look`]), with or without a state.
//!
//! Clocks are parameters. Nothing but [`Key::of_path`], [`Look::at`] and the state's own file touches a file system.
//!
//! ```
//! use std::time::Duration;
//! use xenspect_model::report::{Input, Verdict};
//! use xenspect_state::{Extent, Fingerprint, Key, Outcome, RunIdentity, State, Timestamp};
//!
//! # let folder = tempfile::tempdir()?;
//! # let file = folder.path().join("state.db");
//! let day = |n: i64| Timestamp::from_second(n * 86_400).unwrap();
//! let state = State::open(&file)?;
//! let run = state.begin(&RunIdentity::new("0.1.0").input("/srv/backups"), true, day(0))?;
//!
//! let key = Key::of_url("s3://backups/web01.xva");
//! let print = Fingerprint { size: 20, modified: Some(1), ..Fingerprint::default() };
//! let mut input = Input::unreadable("s3://backups/web01.xva".to_owned(), String::new());
//! input.verdict = Verdict::Sound;
//! run.record(&key, &print, &Outcome::new(&input, Extent::Full, day(0)))?;
//! run.finish(day(0))?;
//!
//! let within = Duration::from_secs(30 * 86_400);
//! assert!(state.recent(&key, &print, within, day(29))?.is_some());
//! assert!(state.recent(&key, &print, within, day(31))?.is_none());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod error;
mod file;
mod history;
mod identity;
mod key;
mod look;
mod part;
mod record;
mod run;
mod schema;
mod standing;

pub use error::StateError;
pub use file::{PATIENCE, State};
pub use history::{Past, Wanted};
pub use identity::RunIdentity;
pub use jiff::Timestamp;
pub use key::{Fingerprint, Key, beside};
pub use look::{Look, SETTLE, looks_temporary};
pub use part::{Extent, Part};
pub use record::{Outcome, Record};
pub use run::{RESUMED_WITHIN, Resumed, Run};
pub use standing::Verified;

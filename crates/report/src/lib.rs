//! Shows a [`Report`](xenspect_model::report::Report): for people ([`human`], [`markdown`], [`html`]), for programs ([`json`],
//! [`jsonl`], [`sarif`], [`junit`]) and for what watches over a site ([`nagios`], [`prometheus`]); and what a code of the table
//! means ([`explain`]).
//!
//! Nothing here decides: verdicts, severities and wording of findings come with the report. Every
//! text of an archive goes through [`text`] before it reaches a terminal.
//!
//! ```
//! use xenspect_model::report::{Input, Report, SCHEMA, Tool};
//! use xenspect_report::human::{self, Style};
//!
//! let report = Report {
//!     schema: SCHEMA,
//!     tool: Tool { name: "xenspect".to_owned(), version: "0.1.0".to_owned() },
//!     inputs: vec![Input::unreadable("notes.txt".to_owned(), "This is no backup.".to_owned())],
//!     left: Vec::new(),
//!     interrupted: false,
//!     fail_on: None,
//!     policy: None,
//! };
//! let mut shown = Vec::new();
//! human::write(&report, &Style::default(), &mut shown)?;
//! assert_eq!(String::from_utf8_lossy(&shown), "notes.txt  UNREADABLE\n  This is no backup.\n");
//! # Ok::<(), std::io::Error>(())
//! ```

pub mod diff;
pub mod ending;
pub mod explain;
pub mod history;
pub mod html;
pub mod human;
pub mod inspect;
pub mod json;
pub mod jsonl;
pub mod junit;
pub mod listing;
pub mod markdown;
pub mod merge;
pub mod nagios;
mod page;
pub mod preflight;
pub mod prometheus;
mod quantity;
pub mod sarif;
pub mod secrets;
mod sentence;
mod shared_directory;
pub mod text;
mod wrap;

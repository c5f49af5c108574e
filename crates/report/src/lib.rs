//! Shows a [`Report`](xenspect_model::report::Report): for people ([`human`]) and for programs
//! ([`json`]), and what a code of the table means ([`explain`]).
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
//! };
//! let mut shown = Vec::new();
//! human::write(&report, &Style::default(), &mut shown)?;
//! assert_eq!(String::from_utf8_lossy(&shown), "notes.txt  UNREADABLE\n  This is no backup.\n");
//! # Ok::<(), std::io::Error>(())
//! ```

pub mod diff;
pub mod explain;
pub mod history;
pub mod human;
pub mod inspect;
pub mod json;
pub mod listing;
pub mod merge;
mod page;
pub mod preflight;
mod quantity;
pub mod secrets;
pub mod text;
mod wrap;

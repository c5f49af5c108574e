//! A [`DiffReport`](xenspect_model::diff::DiffReport) and a [`SeriesReport`](xenspect_model::diff::SeriesReport) for
//! people ([`human`]), for a ticket ([`markdown`]) and for programs ([`json`]). What they say comes with them; here it is
//! worded and laid out.
//!
//! ```
//! use xenspect_model::diff::{DiffInput, DiffReport, SCHEMA};
//! use xenspect_model::report::Tool;
//! use xenspect_report::{diff, human::Style};
//!
//! let input = |path: &str| DiffInput { path: path.to_owned(), ..DiffInput::default() };
//! let report = DiffReport {
//!     schema: SCHEMA,
//!     tool: Tool { name: "xenspect".to_owned(), version: "0.1.0".to_owned() },
//!     old: input("monday.xml"),
//!     new: input("tuesday.xml"),
//!     same: true,
//!     incomplete: false,
//!     groups: Vec::new(),
//!     disks: Vec::new(),
//!     files: None,
//!     left_out: Default::default(),
//!     not_compared: Vec::new(),
//! };
//! let mut shown = Vec::new();
//! diff::human::write(&report, &Style::default(), false, &mut shown)?;
//! let shown = String::from_utf8_lossy(&shown);
//! assert!(shown.starts_with("monday.xml → tuesday.xml  SAME\n"));
//! # Ok::<(), std::io::Error>(())
//! ```

mod blocks;
mod files;
pub mod html;
pub mod human;
pub mod json;
mod lines;
pub mod markdown;
mod objects;
mod tracks;
mod words;

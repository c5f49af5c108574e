//! The shapes that everything else speaks in: facts of a scan ([`catalog`]), judged statements
//! ([`Finding`]), the table of codes ([`Code`], [`table`]) and what a report holds ([`report`]).
//!
//! Nothing here reads, decides or prints. A scan fills a [`Catalog`], rules turn it into findings,
//! and a renderer shows a [`report::Report`].
//!
//! ```
//! use xenspect_model::{Code, Finding, Severity};
//!
//! let finding = Finding::new(Code::BlockChecksum).block("Ref:4", 17).at(18_000_384);
//! assert_eq!(finding.severity, Severity::Error);
//! assert_eq!(finding.code.name(), "xva/block-checksum-mismatch");
//! assert_eq!(finding.xapi_error.as_deref(), Some("IMPORT_ERROR_GENERIC"));
//! ```

pub mod catalog;
mod code;
pub mod diff;
mod finding;
mod fingerprint;
pub mod hex;
pub mod inventory;
pub mod preflight;
pub mod report;
pub mod secret;
pub mod store;
pub mod table;
pub mod target;

pub use catalog::Catalog;
pub use code::{Code, Severity};
pub use finding::{Fact, Facts, Finding, MemberText, Place, Range};
pub use fingerprint::Fingerprint;

//! The documents xapi writes, read from bytes in memory.
//!
//! What lives here: the XML-RPC value text of `ova.xml` ([`xmlrpc`]), what an export means to an importer ([`export`]),
//! and the forms older releases wrote ([`legacy`]); pool database dumps and redo logs ([`db`]), the text of their values
//! ([`value`]), the types of their columns ([`datamodel`]), and which release has which schema ([`releases`]); where any of
//! them holds secrets ([`secrets`]) and how to have one without ([`redact`]). What does not: files, tar,
//! compression, and any opinion on how bad a deviation is. A document that cannot be read is an [`Error`] (a dump:
//! [`db::Error`]); a document that was read but is not right is an [`export::Oddity`] or a [`db::Oddity`].
//!
//! Every parser takes a [`Limits`] value (a dump: [`db::DumpLimits`]), never expands entities of its own, uses no recursion that the input controls
//! and does not panic on any input.
//!
//! ```
//! use xenspect_xapi::{Limits, export};
//!
//! let ova_xml = b"<value><struct>\
//!     <member><name>version</name><value><struct>\
//!       <member><name>product_version</name><value>8.2.1</value></member>\
//!     </struct></value></member>\
//!     <member><name>objects</name><value><array><data/></array></value></member>\
//!     </struct></value>";
//! let export = export::parse(ova_xml, &Limits::default())?;
//! assert_eq!(export.version.product_version.as_deref(), Some("8.2.1"));
//! assert!(export.expected_disks().is_empty());
//! # Ok::<(), xenspect_xapi::Error>(())
//! ```

#![cfg_attr(
    not(test),
    deny(
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects,
        clippy::as_conversions,
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic
    )
)]

pub mod datamodel;
pub mod db;
pub mod export;
pub mod legacy;
pub mod redact;
pub mod releases;
pub mod secrets;
pub mod value;
pub mod xmlrpc;

mod error;
mod integer;
mod limits;
mod well_formed;
mod xml;

pub use error::{Error, ErrorKind};
pub use integer::parse_integer;
pub use limits::Limits;

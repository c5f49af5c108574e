//! What is in a backup: the records of a pool database or an export, how they hang together, and tables of them.
//!
//! What lives here, from the bottom up: one way to look at the records of both sources ([`Store`], [`Record`],
//! [`Relations`]), readings of the classes people ask about ([`view`]), tables of those ([`of`], [`of_store`]) and the
//! search ([`find()`]). What does not: parsing, judging, rendering. No secret gets into a table or a search result; that
//! there is one may.
//!
//! ```
//! use xenspect_inventory::{Relation, Relations, Store, view::Vm};
//! use xenspect_xapi::db::{Database, DumpLimits};
//!
//! let dump = br#"<database><manifest/><table name="VBD"><row ref="OpaqueRef:b" VM="OpaqueRef:v" userdevice="0"/></table>
//!     <table name="VM"><row ref="OpaqueRef:v" name__label="web" memory__static_max="1073741824"/></table></database>"#;
//! let database = Database::read(dump, &DumpLimits::default())?;
//! let store = Store::Pool(&database);
//! let relations = Relations::new(store);
//! let vm = Vm(store.of_class("VM").next().unwrap());
//! assert_eq!(vm.0.text("name_label").as_deref(), Some("web"));
//! assert_eq!(vm.memory(), Some(1 << 30));
//! assert_eq!(relations.of(Relation::VbdsOfVm, &vm.0).len(), 1);
//! # Ok::<(), xenspect_xapi::db::Error>(())
//! ```

mod age;
mod bounded;
mod date;
mod find;
mod host;
mod json_row;
mod of;
mod record;
mod relations;
mod secrets;
mod section;
mod store;
mod summary;
pub mod view;

pub use age::with_age;
pub use date::iso_8601;
pub use find::{MAX_HITS, find, find_in};
pub use host::{holds_secrets, into_newest_database, newest_database};
pub use json_row::JsonRow;
pub use of::{of, of_archive, of_document, of_dump, of_host, of_store};
pub use record::Record;
pub use relations::{Relation, Relations};
pub use secrets::secrets;
pub use section::NAMES;
pub use store::{Groups, Store};
pub use summary::newest_date;

//! Writes XVA archives, pool databases and host backups, good ones and ones broken in exactly one named place, and hosts
//! that pool databases are restored to.
//!
//! The crate is the other half of the tests, benches and fuzz seeds of the workspace. It is written from
//! `formats/xva.md`, `formats/pool-db.md`, `formats/restore.md` and `formats/host-backup.md` alone and shares no constant
//! and no code with the parsers, so that a wrong offset in one of them cannot cancel itself out in the other. It reads
//! nothing: there is no parser here.
//!
//! ```
//! use xenspect_synth::{Fault, Recipe};
//!
//! let good = Recipe::named("small").expect("a recipe of that name").build();
//! let fault = Fault::named("flip-block-byte").expect("a fault of that name");
//! let bad = fault.build();
//! assert_ne!(good, bad);
//! ```
//!
//! The same recipe and seed give the same bytes on every platform. Compressed output also depends on the
//! versions of the compression libraries.

pub mod change;
pub mod changed;
pub mod content;
pub mod document;
pub mod dump;
pub mod envelope;
pub mod fault;
pub mod header;
pub mod host_backup;
pub mod long;
pub mod member;
pub mod recipe;
pub mod release;
pub mod restore;
pub mod samples;
pub mod seeds;
pub mod store;
pub mod sum;
pub mod xmlrpc;

mod catalog;
mod metadata_pool;
mod planted;
mod records;
mod stream;
mod version1;
mod xen_orchestra;

pub use change::Change;
pub use changed::Edit;
pub use content::Content;
pub use document::{Document, Object};
pub use dump::{Dump, DumpFault, DumpKind, DumpRecipe, Extent, apply_dump};
pub use envelope::Envelope;
pub use fault::{Fault, NotApplicable, apply, apply_to_document};
pub use header::{Header, HeaderStyle};
pub use host_backup::{HostBackup, HostFault};
pub use long::{Long, LongFault};
pub use member::{Archive, Ending, Member, Role, Span, encode};
pub use recipe::{DiskRecipe, Holes, Kind, Recipe, Sums};
pub use release::Release;
pub use restore::{FreshHost, RestoreFault, Scene};
pub use store::Store;
pub use sum::SumKind;

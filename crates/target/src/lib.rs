//! What is known of a host or pool that a backup is to be restored to, from whatever tells it: a pool database, the
//! text files of a host, a profile.
//!
//! What lives here: readers, all pure, and how what they tell is put together. What does not: opening files and archives,
//! and any opinion. The facts themselves are a [`Target`].

mod error;
mod files;
mod from_database;
mod merge;
mod profile;
mod text;

pub use error::Error;
pub use files::{NamedFile, Reading, is_database, is_wanted, newest_database, of_files};
pub use from_database::{of_database, of_dump};
pub use profile::{from_profile, to_json, to_toml};
pub use text::of_text;
pub use xenspect_model::target::Target;

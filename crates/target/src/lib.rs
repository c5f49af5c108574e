//! What is known of a host or pool that a backup is to be restored to, from whatever tells it: a pool database, the
//! text files of a host, a profile.
//!
//! What lives here: readers, all pure, and how what they tell is put together. What does not: opening files and archives,
//! and any opinion. The facts themselves are a [`Target`].

mod error;
mod files;
mod from_database;
mod profile;

pub use error::Error;
pub use files::{NamedFile, Reading, is_wanted, of_files};
pub use from_database::of_database;
pub use profile::{from_profile, to_json, to_toml};
pub use xenspect_model::target::Target;

//! Why a target cannot be read.

use thiserror::Error;

/// Why nothing can be said of a target.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Error {
    /// A profile that is no TOML or JSON, or has a field that there is not.
    #[error("this profile cannot be read: {0}")]
    Profile(String),
    /// A profile of a later shape.
    #[error("this profile is of shape {0}; this program knows shape 1")]
    ProfileVersion(u32),
    /// None of the files is one that is known.
    #[error("none of these files tells anything of a host")]
    NothingKnown,
}

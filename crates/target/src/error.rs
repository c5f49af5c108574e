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
    /// A fact that TOML has no form for: a number beyond 64 bits with sign.
    #[error("this target cannot be written as TOML, but as JSON: {0}")]
    NoToml(String),
    /// None of the files is one that is known.
    #[error(
        "nothing here tells anything of a host: a target is a pool dump, a host backup, a status report, a folder of text files of a host, or a profile in TOML or JSON"
    )]
    NothingKnown,
}

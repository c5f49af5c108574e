//! Backups in object stores, read by ranges or in one stream.
//!
//! [`Remote`] gives what the scan reads ([`xenspect_scan::Source`]) for a [`Url`] such as `s3://bucket/key`. Credentials and
//! addresses come from the environment. Nothing here can write: of a store's protocol only `GET` and `HEAD` are spoken.
//!
//! ```no_run
//! use xenspect_remote::{Remote, RemoteError, Url};
//!
//! # fn main() -> Result<(), RemoteError> {
//! let remote = Remote::from_environment()?;
//! let url = Url::parse("s3://backups/web.xva")?;
//! let source = remote.open_stream(&url)?;
//! # drop(source);
//! # Ok(())
//! # }
//! ```

#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::unwrap_used
    )
)]

mod error;
mod list;
mod object;
mod patience;
mod ranges;
mod remote;
mod setup;
mod stream;
mod url;

pub use error::{Code, RemoteError};
pub use list::{Listing, Object};
pub use patience::Patience;
pub use remote::{About, Remote};
pub use url::{Scheme, Url, UrlError};

//! What lies beside and around backups: digests in sidecar files ([`sidecar`]), folders of Xen Orchestra ([`xo`]), and how the
//! files of a store are shared among machines and runs ([`shard`]).
//!
//! The crate is pure: bytes and names go in, values come out. Nothing is opened here, least of all by a name out of a list: such
//! names are only compared with those of files that are there.
//!
//! ```
//! use xenspect_store::sidecar::List;
//!
//! let list = List::parse(b"90015098 3cd24fb0 d6963f7d 28e17f72\n900150983cd24fb0d6963f7d28e17f72  ./web.xva\n", None);
//! assert_eq!(list.bad_lines(), [1]);
//! assert_eq!(list.get(b"web.xva").count(), 1);
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

pub mod shard;
pub mod sidecar;
pub mod xo;

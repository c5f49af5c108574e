//! What is inside an XVA export or a host backup, seen as a tar stream: members and their places,
//! and what the member names and payloads mean.
//!
//! The crate is pure: bytes go in, values come out. It opens no file, knows no compression, reads
//! no XML and judges nothing. What it finds odd is a value for others to judge.

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

pub mod tar;
pub mod xva;

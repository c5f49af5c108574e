//! Seals of backups. A seal is made once of a good input, is kept with it or elsewhere, and later tells of a copy exactly what was
//! lost, added, moved or changed: also what the input cannot tell by itself, such as a block that is gone together with its sum.
//!
//! The format of a seal, of its root and of a proof is in `docs/manual/src/seal.md`. Nothing here opens a file or judges: bytes come through
//! readers, and what a comparison finds is for the rules to weigh.
//!
//! ```
//! use xenspect_seal::tree;
//!
//! let leaves = [tree::leaf(b"one"), tree::leaf(b"two"), tree::leaf(b"three")];
//! let path = tree::path(&leaves, 2);
//! assert_eq!(tree::climb(&leaves[2], 2, 3, &path), Some(tree::root(leaves)));
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

mod align;
mod compare;
mod evidence;
pub mod hex;
mod leaf;
mod proof;
mod read;
mod runs;
mod seal;
mod sshsig;
pub mod tree;
mod write;

pub use compare::{Differences, Found, Outcome};
pub use evidence::{Judged, SealEvidence};
pub use leaf::leaf;
pub use proof::{Mismatch, Proof};
pub use read::Unusable;
pub use runs::{Contents, DiskPart, Run, Runs};
pub use seal::{About, NotSealed, Seal};
pub use sshsig::{
    Digester, KeyError, NAMESPACE, SealSignature, SignatureState, Signer, TrustedKeys,
};

/// What the file of a seal is called: the input's name and this.
pub const SUFFIX: &str = ".seal.json";
/// What the file of a seal's signature is called: the seal's name and this.
pub const SIGNATURE_SUFFIX: &str = ".sig";

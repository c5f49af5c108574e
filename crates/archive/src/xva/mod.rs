//! What the members of an XVA mean: names, checksum texts, the place of each block on its disk,
//! the pairing of blocks with their sums, and the importer's own walk through them.
//!
//! Nothing here reads bytes of blocks, computes a digest or judges: the driver feeds members in
//! archive order and gets facts back (`formats/xva.md` sections 4 to 6, 9 and 14).

mod assembly;
mod disk;
mod name;
mod placement;
mod replay;
mod structure;
mod sum;

pub use assembly::Assembly;
pub use disk::{BlockAt, Disk, Irregular, Settled, SumCounts};
pub use name::{BlockName, MemberName, Named};
pub use placement::{NOMINAL_BLOCK, NotPlaced, Place, Placement};
pub use replay::{DiskToRead, Import, ImportError, Replay, Stop};
pub use structure::Structure;
pub use sum::{Digest, Spelling, StoredSum, SumKind, SumMalformed};

#[cfg(test)]
mod tests;

//! What can be odd about the order and pairing of members. Facts only; the rules say what they are
//! worth.

use super::name::BlockName;
use super::sum::{Spelling, SumKind, SumMalformed};

/// A deviation of the members' structure, at the offset that goes with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Structure {
    /// A block without a checksum member after it.
    SumMissing {
        /// The block.
        block: BlockName,
    },
    /// A checksum member with no block of its name around it.
    BlockMissing {
        /// The name it bears.
        named: BlockName,
        /// The block of that name was there, and has a sum already.
        doubled: bool,
    },
    /// A checksum member before its block, instead of behind it.
    SumMisplaced {
        /// The block.
        block: BlockName,
    },
    /// Behind a block stands the checksum member of another.
    SumForeign {
        /// The block.
        block: BlockName,
        /// The name the checksum member bears.
        named: BlockName,
    },
    /// A checksum text that is no digest.
    SumMalformed {
        /// The block.
        block: BlockName,
        /// The kind that the extension tells.
        kind: SumKind,
        /// The text.
        text: SumMalformed,
    },
    /// A right digest that is not spelled as exporters do.
    SumSpelling {
        /// The block.
        block: BlockName,
        /// The kind.
        kind: SumKind,
        /// How it is spelled.
        spelling: Spelling,
    },
    /// Two blocks of one number in a row.
    BlockDoubled {
        /// The block.
        block: BlockName,
        /// Its length in bytes.
        len: u64,
    },
    /// A block with a lower number than the one before.
    BlockOutOfOrder {
        /// The block.
        block: BlockName,
        /// The number before it.
        last: u64,
    },
    /// The block's place would lie beyond 2^64 bytes.
    BlockBeyondRange {
        /// The block.
        block: BlockName,
    },
    /// The block's number is spelled with too few or too many digits.
    BlockNumberSpelling {
        /// The block.
        block: BlockName,
    },
    /// A disk's first block is not number 0.
    FirstBlockMissing {
        /// The block that comes first instead.
        block: BlockName,
    },
    /// Blocks of a disk that had already given way to another disk.
    DiskResumed {
        /// The block.
        block: BlockName,
        /// The disk in between.
        after: String,
    },
    /// More disks than the limit; the blocks of this one are not looked at.
    TooManyDisks {
        /// The disk.
        disk: String,
        /// The limit.
        limit: usize,
    },
}

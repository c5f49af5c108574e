//! The blocks of an archive with their sums, where a scan was asked to keep them.

use xenspect_archive::xva::Digest;

/// The blocks of one disk, in the order of the disk. Keep-alives and blocks without a place are left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiskBlocks {
    /// `Ref:N`, or `vdi`.
    pub disk: String,
    /// The blocks.
    pub blocks: Vec<BlockSum>,
    /// Parts of the disk whose blocks are not here although the archive had some there, in the order of the disk: it is
    /// damaged or breaks off, or has more blocks than are kept. Elsewhere, what is in no block is zero.
    pub lost: Vec<LostPart>,
    /// Blocks beyond the number that is kept, or without a place.
    pub left_out: u64,
}

/// A part of a disk that nothing is known about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LostPart {
    /// Its first byte on the disk.
    pub start: u64,
    /// The byte behind it; `None` for everything from there on.
    pub end: Option<u64>,
}

/// One block of a disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BlockSum {
    /// Its offset on the disk in bytes.
    pub start: u64,
    /// Its length in bytes.
    pub len: u32,
    /// Its sum, as stored or as computed; `None` where there is none.
    pub sum: Option<Digest>,
}

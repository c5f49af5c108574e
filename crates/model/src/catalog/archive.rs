//! What a scan of a tar archive establishes: an export with or without disks, or one disk.
//! Offsets are in bytes of the decompressed tar stream unless said otherwise.

use std::collections::BTreeMap;

use xenspect_archive::{tar, xva};
use xenspect_xapi::{export::Export, legacy::Appliance};

use super::{BlockMap, DiskBlocks, Facts};
use crate::report::{Envelope, Kind};

/// What a scan of an archive found.
#[derive(Debug)]
pub struct Archive {
    /// What the input is.
    pub kind: Kind,
    /// The compression around it.
    pub envelope: Envelope,
    /// Bytes of the input that were read, as stored.
    pub bytes: u64,
    /// Bytes of the decompressed stream that were reached.
    pub stream_bytes: u64,
    /// Members met.
    pub members: u64,
    /// The description of the VM.
    pub metadata: Metadata,
    /// The disks, in the order of their first member.
    pub disks: Vec<Disk>,
    /// The blocks of those disks, one entry for each, where a scan was asked to keep them.
    pub blocks: Vec<DiskBlocks>,
    /// Where the disks lie, where only the description was read and that could be told without
    /// reading on.
    pub extents: Vec<Extent>,
    /// Deviations, in kinds.
    pub facts: Facts,
    /// How the stream ended.
    pub ending: Ending,
    /// What is behind the end marker.
    pub trailing: tar::Trailing,
    /// The last block that is whole.
    pub last_whole: Option<xva::BlockName>,
    /// Offset of the first header of another archive behind this one; nothing of it was looked at.
    pub second_archive: Option<u64>,
    /// The block whose checksum member the end of the input cut off.
    pub unpaired_at_end: Option<xva::BlockName>,
    /// What an importer would do; `None` where the metadata tells no disks to import.
    pub import: Option<xva::Import>,
    /// The table of sums at the end.
    pub legacy_table: LegacyTable,
    /// The chunks of an XVA of version 1, by folder.
    pub appliance: BTreeMap<String, ApplianceDisk>,
    /// Whether zstd frames were met that carry no content checksum.
    pub frames_without_checksum: bool,
    /// Whether blocks were compared with their sums, or only their structure was looked at.
    pub blocks_read: bool,
    /// Only a part of the blocks was read, as a scan was asked to. `None` where all of them were, or none.
    pub sampled: Option<Sampled>,
    /// A worker failed, so the catalog cannot be relied on.
    pub internal_error: Option<String>,
}

/// The part of the blocks that was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sampled {
    /// Those were read whose number along the archive, divided by [`of`](Self::of), leaves this.
    pub index: u32,
    /// Runs that read all blocks together.
    pub of: u32,
    /// Blocks that were left for the other runs. They are among the unchecked ones.
    pub left: u64,
}

/// What became of `ova.xml`.
#[derive(Debug)]
pub enum Metadata {
    /// No such member.
    Absent,
    /// It is longer than the limit for documents.
    TooLarge {
        /// Its length in bytes.
        size: u64,
    },
    /// It cannot be read.
    Unusable(xenspect_xapi::Error),
    /// An export record.
    Export(Box<Export>),
    /// The description of an XVA of version 1.
    Appliance(Appliance),
}

impl Metadata {
    /// The export record, if there is one.
    #[must_use]
    pub fn export(&self) -> Option<&Export> {
        match self {
            Self::Export(export) => Some(export),
            _ => None,
        }
    }
}

/// A disk's shape, and what reading its blocks gave.
#[derive(Debug)]
pub struct Disk {
    /// What its members tell.
    pub shape: xva::Disk,
    /// What its blocks tell.
    pub blocks: BlockCounts,
    /// Where they lie; `None` for disks behind those that are mapped.
    pub map: Option<BlockMap>,
}

/// The part of an archive that holds a disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extent {
    /// `Ref:N`.
    pub disk: String,
    /// Offset of the header of its first block.
    pub start: u64,
    /// Offset behind its last member.
    pub end: u64,
    /// Bytes stored in its blocks.
    pub stored: u64,
}

/// Blocks of a disk by what reading them gave. Keep-alives are not counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BlockCounts {
    /// The sum matches.
    pub good: u64,
    /// The sum does not match.
    pub bad: u64,
    /// No usable sum, or the block could not be read.
    pub unchecked: u64,
    /// All bytes are zero.
    pub zero: u64,
}

/// How the stream ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// The walker's word for it.
    Tar(tar::Ending),
    /// Inside a member's payload.
    InPayload {
        /// The member's name.
        name: Vec<u8>,
        /// Offset of its header.
        offset: u64,
        /// Its length in bytes by the header.
        size: u64,
        /// Payload bytes that were there.
        have: u64,
    },
    /// The compressed stream or the storage gave out before the tar stream ended.
    Broken {
        /// Offset in the tar stream that was reached.
        offset: u64,
        /// The member that was being read, if one was.
        inside: Option<Vec<u8>>,
    },
    /// The run was interrupted.
    Interrupted {
        /// Offset in the tar stream that was reached.
        offset: u64,
    },
    /// Only the description was asked for; what follows it was not looked at.
    NotRead {
        /// Offset in the tar stream of the next member's payload.
        offset: u64,
    },
}

/// The table of sums that closes archives of `export_vsn` 0 and 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LegacyTable {
    /// No such member.
    Absent,
    /// Longer than the limit for documents, or more blocks than can be kept.
    TooLarge {
        /// Offset of its header.
        offset: u64,
    },
    /// It cannot be read.
    Malformed {
        /// Offset of its header.
        offset: u64,
        /// Why.
        error: xenspect_xapi::Error,
    },
    /// It was compared with the blocks; differences are facts.
    Compared {
        /// Offset of its header.
        offset: u64,
        /// Entries in it.
        entries: u64,
    },
    /// It is there and was not needed.
    NotCompared {
        /// Offset of its header.
        offset: u64,
    },
}

/// The chunks of one disk of an XVA of version 1.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ApplianceDisk {
    /// Chunks met.
    pub chunks: u64,
    /// Bytes unpacked from them.
    pub unpacked: u64,
}

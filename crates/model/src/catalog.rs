//! Everything that one scan established about one input, without any judgement.
//!
//! A scan fills it, rules read it. Offsets are in bytes of the decompressed tar stream unless
//! said otherwise.

use std::collections::BTreeMap;

use xenspect_archive::{tar, xva};
use xenspect_xapi::{export::Export, legacy::Appliance};

use crate::report::{Envelope, Kind};

/// What a scan found.
#[derive(Debug)]
pub struct Catalog {
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
    /// A worker failed, so the catalog cannot be relied on.
    pub internal_error: Option<String>,
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
    },
    /// The run was interrupted.
    Interrupted {
        /// Offset in the tar stream that was reached.
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

/// A fact and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Located {
    /// Offset in the stream.
    pub offset: u64,
    /// The fact.
    pub fact: Fact,
}

/// A deviation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    /// Of the tar stream.
    Tar(tar::Oddity),
    /// Of the order and pairing of members.
    Structure(xva::Structure),
    /// Of a block's contents.
    Block(Block),
    /// Of a member's kind or name.
    Member(Member),
    /// Of the compression.
    Envelope(Compression),
    /// Of the legacy table.
    Legacy(Legacy),
    /// Of the chunks of an XVA of version 1.
    Chunk(Chunk),
    /// Of the storage.
    Source(Source),
}

/// A block whose contents could not be found right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// Its digest is not the stored one.
    Mismatch {
        /// The block.
        name: xva::BlockName,
        /// Where it lies on the disk, in bytes.
        start: Option<u64>,
        /// Its length in bytes.
        len: u64,
        /// The stored digest.
        stored: xva::Digest,
        /// The digest of what is there.
        computed: xva::Digest,
    },
    /// The first reading did not match, the second did.
    Unstable {
        /// The block.
        name: xva::BlockName,
    },
}

/// A member that is not what an exporter writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Member {
    /// Its name belongs to no export.
    Foreign {
        /// The name.
        name: Vec<u8>,
        /// Its payload in bytes.
        size: u64,
    },
    /// It is in a disk's folder and its name is no block's.
    BadNumber {
        /// The name.
        name: Vec<u8>,
    },
    /// Its name begins with `./`.
    DotSlash {
        /// The name.
        name: Vec<u8>,
    },
    /// Its name is absolute or climbs out.
    UnsafeName {
        /// The name.
        name: Vec<u8>,
    },
    /// It is a folder, link or device.
    Kind {
        /// The name.
        name: Vec<u8>,
        /// What it is.
        kind: tar::MemberKind,
        /// Whether its name is that of a part of the export.
        part: bool,
    },
    /// The bytes that fill it up to 512 are not all zero.
    Padding {
        /// The name.
        name: Vec<u8>,
    },
    /// `ova.xml` again.
    MetadataDoubled,
    /// `ova.xml`, but other members were before it.
    MetadataNotFirst {
        /// The first member's name.
        first: Vec<u8>,
    },
}

/// A deviation of the compressed stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Compression {
    /// It ends early.
    Truncated {
        /// Bytes of the compressed input before the end.
        at: u64,
    },
    /// It cannot be decompressed.
    Corrupt {
        /// Offset in the compressed input, not exact.
        at: u64,
        /// The decompressor's words.
        reason: String,
    },
    /// The check value at its end is wrong.
    Checksum {
        /// Offset in the compressed input.
        at: u64,
    },
    /// The length at its end is wrong.
    Length {
        /// Offset in the compressed input.
        at: u64,
    },
    /// Bytes behind it that are no further part of it.
    Trailing {
        /// Offset in the compressed input.
        at: u64,
        /// How many.
        bytes: u64,
        /// All of them are zero.
        zero: bool,
    },
    /// A frame wants a larger window than allowed.
    Window {
        /// Offset in the compressed input.
        at: u64,
    },
}

/// A difference between the legacy table and the blocks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Legacy {
    /// Another digest.
    Mismatch {
        /// The block.
        name: xva::BlockName,
        /// The text in the table.
        stored: String,
        /// The digest of what is there.
        computed: xva::Digest,
    },
    /// A block that the table does not name.
    EntryMissing {
        /// The block.
        name: xva::BlockName,
    },
    /// A name in the table that no block has.
    EntryExtra {
        /// The name.
        name: String,
    },
}

/// A deviation of a chunk of an XVA of version 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Chunk {
    /// It cannot be unpacked.
    Corrupt {
        /// The member's name.
        name: Vec<u8>,
        /// The decompressor's words.
        reason: String,
    },
    /// A number is left out.
    Missing {
        /// The folder.
        dir: String,
        /// The number expected.
        expected: u64,
        /// The number found.
        found: u64,
    },
}

/// A deviation of the storage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A range that could not be read.
    ReadError {
        /// Its length in bytes.
        len: u64,
        /// The operating system's words.
        reason: String,
    },
    /// The file ended before the size that it had.
    Shrunk {
        /// The size that it had, in bytes.
        size: u64,
    },
}

impl Fact {
    /// A label for facts of one kind: they are kept and counted together.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Tar(oddity) => tar_kind(oddity),
            Self::Structure(structure) => structure_kind(structure),
            Self::Block(Block::Mismatch { .. }) => "block mismatch",
            Self::Block(Block::Unstable { .. }) => "block unstable",
            Self::Member(member) => member_kind(member),
            Self::Envelope(_) => "envelope",
            Self::Legacy(Legacy::Mismatch { .. }) => "legacy mismatch",
            Self::Legacy(Legacy::EntryMissing { .. }) => "legacy missing",
            Self::Legacy(Legacy::EntryExtra { .. }) => "legacy extra",
            Self::Chunk(Chunk::Corrupt { .. }) => "chunk corrupt",
            Self::Chunk(Chunk::Missing { .. }) => "chunk missing",
            Self::Source(Source::ReadError { .. }) => "read error",
            Self::Source(Source::Shrunk { .. }) => "shrunk",
        }
    }
}

fn tar_kind(oddity: &tar::Oddity) -> &'static str {
    use tar::Oddity as O;
    match oddity {
        O::HeaderSumWrong { believed: true, .. } => "header sum believed",
        O::HeaderSumWrong { .. } => "header sum",
        O::HeaderSumSigned => "header sum signed",
        O::Lost { .. } => "lost",
        O::LoneZeroBlock => "lone zero block",
        O::MembersAfterEnd { .. } => "members after end",
        O::SizeUnreadable { .. } | O::SizeTooLarge { .. } => "size",
        O::NumberBase256 => "base-256",
        O::HeaderOnlySize { .. } => "header-only size",
        _ => "tar extension",
    }
}

fn structure_kind(structure: &xva::Structure) -> &'static str {
    use xva::{Spelling, Structure as S};
    match structure {
        S::SumMissing { .. } => "sum missing",
        S::BlockMissing { doubled: true, .. } => "sum doubled",
        S::BlockMissing { .. } => "block missing",
        S::SumMisplaced { .. } => "sum misplaced",
        S::SumForeign { .. } => "sum foreign",
        S::SumMalformed { .. } => "sum malformed",
        S::SumSpelling {
            spelling: Spelling::Padded,
            ..
        } => "sum padded",
        S::SumSpelling { .. } => "sum spelling",
        S::BlockDoubled { .. } => "block doubled",
        S::BlockOutOfOrder { .. } => "block order",
        S::BlockBeyondRange { .. } => "block range",
        S::BlockNumberSpelling { .. } => "number spelling",
        S::FirstBlockMissing { .. } => "first block",
        S::DiskResumed { .. } => "disk resumed",
        S::TooManyDisks { .. } => "too many disks",
    }
}

fn member_kind(member: &Member) -> &'static str {
    match member {
        Member::Foreign { .. } => "foreign",
        Member::BadNumber { .. } => "bad number",
        Member::DotSlash { .. } => "dot slash",
        Member::UnsafeName { .. } => "unsafe name",
        Member::Kind { .. } => "member kind",
        Member::Padding { .. } => "padding",
        Member::MetadataDoubled => "metadata doubled",
        Member::MetadataNotFirst { .. } => "metadata not first",
    }
}

/// Facts by kind: the first ones of each kind are kept, the rest counted, so that damage cannot
/// make the catalog grow without end.
#[derive(Debug)]
pub struct Facts {
    limit: usize,
    kinds: BTreeMap<&'static str, Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    first: Vec<Located>,
    total: u64,
}

impl Facts {
    /// Keeps up to `limit` facts of each kind.
    #[must_use]
    pub fn new(limit: usize) -> Self {
        Self {
            limit,
            kinds: BTreeMap::new(),
        }
    }

    /// The number kept of each kind.
    #[must_use]
    pub fn limit(&self) -> usize {
        self.limit
    }

    /// Adds a fact. Facts of one kind are to come in the order of their offsets.
    pub fn push(&mut self, offset: u64, fact: Fact) {
        let kept = self.kinds.entry(fact.kind()).or_default();
        kept.total += 1;
        if kept.first.len() < self.limit {
            kept.first.push(Located { offset, fact });
        }
    }

    /// Says that `more` facts of the kind of those already kept were left out elsewhere.
    pub fn count_more(&mut self, kind: &'static str, more: u64) {
        if let Some(kept) = self.kinds.get_mut(kind) {
            kept.total += more;
        }
    }

    /// The kept facts of every kind, with the number left out of that kind.
    pub fn kinds(&self) -> impl Iterator<Item = (&[Located], u64)> {
        self.kinds.values().map(|kept| {
            (
                kept.first.as_slice(),
                kept.total.saturating_sub(kept.first.len() as u64),
            )
        })
    }

    /// The kept facts.
    pub fn iter(&self) -> impl Iterator<Item = &Located> {
        self.kinds.values().flat_map(|kept| &kept.first)
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.kinds.is_empty()
    }
}

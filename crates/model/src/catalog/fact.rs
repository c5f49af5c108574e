//! The deviations that a scan met, each a plain fact with its place.

use xenspect_archive::{tar, xva};

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
    /// Its header's checksum is wrong, but name and size are believable, so it was read on.
    HeaderSum {
        /// The name.
        name: Vec<u8>,
        /// The stored number, if it is one.
        stored: Option<u64>,
        /// The sum of the header's bytes.
        computed: u64,
    },
    /// An importer reads another name, with what stands in the place of the prefix in front.
    Prefixed {
        /// The name.
        name: Vec<u8>,
        /// The name as the importer reads it.
        read_as: Vec<u8>,
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
    /// GNU tar, and with it host-restore, unpacks it otherwise or not at all, and ends with status 2
    /// (`formats/host-backup.md` section 4).
    Unpacking {
        /// The name.
        name: Vec<u8>,
        /// What it stumbles over.
        fault: Unpacking,
    },
    /// `ova.xml` again.
    MetadataDoubled,
    /// `ova.xml`, but other members were before it.
    MetadataNotFirst {
        /// The first member's name.
        first: Vec<u8>,
    },
}

/// What GNU tar stumbles over in a header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unpacking {
    /// A field that is no number, or one out of range.
    Number(tar::NumberField),
    /// A size where no payload belongs. It is not skipped, but taken for headers.
    Size {
        /// What the member is.
        kind: tar::MemberKind,
        /// The size in bytes.
        size: u64,
    },
    /// A type that is known, and not unpacked: a part of a file that was begun elsewhere, or the header of another member.
    Type(u8),
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
        /// The window that it asks for, in bytes.
        asked: u64,
        /// The largest one that is allowed, in bytes.
        allowed: u64,
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
    /// A second table.
    TableDoubled,
    /// Blocks behind the table.
    BlocksBehindTable,
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
            Self::Legacy(Legacy::TableDoubled | Legacy::BlocksBehindTable) => "legacy table",
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
        O::HeaderSumWrong { .. } => "header sum",
        O::HeaderSumSigned => "header sum signed",
        O::Lost { .. } => "lost",
        O::LoneZeroBlock => "lone zero block",
        O::MembersAfterEnd { .. } => "members after end",
        O::SizeUnreadable { .. } | O::SizeTooLarge { .. } => "size",
        O::NumberBase256 => "base-256",
        O::HeaderOnlySize { .. } => "header-only size",
        O::ExtensionRepeated { .. } => "tar extension repeated",
        O::Unlisted { .. } => "oddities not listed",
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
        Member::HeaderSum { .. } => "header sum believed",
        Member::Prefixed { .. } => "prefixed",
        Member::DotSlash { .. } => "dot slash",
        Member::UnsafeName { .. } => "unsafe name",
        Member::Kind { part: true, .. } => "kind of a part",
        Member::Kind { .. } => "member kind",
        Member::Padding { .. } => "padding",
        Member::Unpacking { .. } => "unpacking",
        Member::MetadataDoubled => "metadata doubled",
        Member::MetadataNotFirst { .. } => "metadata not first",
    }
}

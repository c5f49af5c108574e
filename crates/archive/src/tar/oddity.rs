//! What the walker stepped over, and how the stream ended. These are plain facts; their
//! severities and wording belong to other crates.

use super::member::MemberKind;

/// An [`Oddity`] and where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Located {
    /// Offset in the tar stream of the block it is about.
    pub offset: u64,
    /// What is odd there.
    pub oddity: Oddity,
}

/// Something in the archive that is not as it should be, or at least not usual.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Oddity {
    /// A block stands where a header belongs and its header checksum is wrong. Followed by
    /// [`Lost`](Self::Lost) at the same offset unless it was believed.
    HeaderSumWrong {
        /// The stored number, if it is one.
        stored: Option<u64>,
        /// The sum of the block's bytes.
        computed: u64,
        /// Whether the member was handed out nevertheless.
        believed: bool,
    },
    /// The header checksum is the sum of *signed* bytes, as some old writers have it.
    HeaderSumSigned,
    /// No believable header from here on for `bytes` bytes. One per run of such blocks, told
    /// when the run ends. What came just before at the same offset says why; if nothing did, the
    /// run begins with a zero block where a header belongs.
    Lost {
        /// Length of the run.
        bytes: u64,
    },
    /// One zero block between two members; the end marker is two.
    LoneZeroBlock,
    /// A believable header behind the end marker. The walk goes on with it. A zeroed range in the
    /// middle of an archive looks just like this.
    MembersAfterEnd {
        /// Offset of the end marker (its first zero block).
        end_marker: u64,
        /// Bytes between the end marker's two blocks and this header.
        between: u64,
    },
    /// The size field of a header with a right checksum is no size. The header counts as lost.
    SizeUnreadable {
        /// The field.
        field: [u8; 12],
    },
    /// The size would put the end of the member behind anything a file can hold. The header
    /// counts as lost.
    SizeTooLarge {
        /// The size.
        size: u64,
    },
    /// A directory, link, device or FIFO with a size.
    HeaderOnlySize {
        /// Its kind.
        kind: MemberKind,
        /// The size.
        size: u64,
        /// Whether a payload of that size was assumed to follow. Not so for hard links: GNU tar,
        /// which writes host backups, reads them so.
        payload_assumed: bool,
    },
    /// An extension header's payload is longer than the limit; it was passed by.
    ExtensionTooLarge {
        /// Which extension.
        kind: ExtensionKind,
        /// Its payload size in bytes.
        size: u64,
        /// The limit in bytes.
        limit: usize,
    },
    /// An extension header's payload, or one record in it, cannot be read. What was read before
    /// it counts.
    ExtensionMalformed {
        /// Which extension.
        kind: ExtensionKind,
    },
    /// A second extension of one kind for the same member; the later one counts.
    ExtensionRepeated {
        /// Which extension.
        kind: ExtensionKind,
    },
    /// More extension headers in a row than the limit; the further ones were passed by. Told once
    /// per member.
    TooManyExtensions {
        /// The limit.
        limit: usize,
    },
    /// An extension header with no member behind it, only the end marker or the end of the input.
    DanglingExtension,
    /// The size is stored in base-256, GNU's way for numbers too large for octal digits.
    NumberBase256,
    /// The map of an old-GNU sparse file cannot be read, or its pieces do not add up to the
    /// stored size. The member is handed out by its stored size.
    SparseMapMalformed,
    /// The map of an old-GNU sparse file is longer than the limit. The header counts as lost.
    SparseMapTooLong {
        /// The limit, in extension blocks.
        limit: usize,
    },
    /// More oddities than the limit since they were last taken; these are not listed.
    Unlisted {
        /// How many.
        count: u64,
    },
}

/// The extension headers that are followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ExtensionKind {
    /// pax `x`: records for the next member.
    PaxLocal,
    /// pax `g`: records for all members from here on.
    PaxGlobal,
    /// GNU `L`: the next member's name.
    GnuLongName,
    /// GNU `K`: the next member's link target.
    GnuLongLink,
}

impl ExtensionKind {
    /// The extension for a type flag byte, if it is one.
    pub(super) fn from_typeflag(flag: u8) -> Option<Self> {
        match flag {
            b'x' => Some(Self::PaxLocal),
            b'g' => Some(Self::PaxGlobal),
            b'L' => Some(Self::GnuLongName),
            b'K' => Some(Self::GnuLongLink),
            _ => None,
        }
    }
}

/// How the stream ended. A payload that is cut short is the driver's to see: the input ends
/// before [`Walker::offset`](super::Walker::offset).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// With the end marker: two zero blocks (`formats/xva.md` section 8).
    Complete,
    /// With one zero block; the second is missing or cut short.
    SingleZeroBlock,
    /// At a member boundary, without zero blocks.
    NoEndBlocks,
    /// Inside a block where a header belongs.
    InHeader {
        /// Bytes of it that were there.
        have: usize,
    },
    /// Inside the payload of an extension header.
    InExtension {
        /// Bytes of it that were there.
        have: usize,
    },
    /// Inside the map of an old-GNU sparse file.
    InSparseMap {
        /// Bytes of the wanted map block that were there.
        have: usize,
    },
    /// Inside a lost run: whether there was an end marker cannot be told.
    InLostRun,
}

/// What is behind the end marker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Trailing {
    /// Bytes behind the two zero blocks, zeros included. GNU tar fills up to a multiple of
    /// 10 240 bytes; xapi does not.
    pub bytes: u64,
    /// Offset of the first block among them that is not all zeros, or of a piece of one, which no writer fills up with.
    pub first_odd: Option<u64>,
}

//! Faults that are repeated along a long archive, for readers that must not grow with what they find.

/// Something that is wrong with many blocks, or stands in front of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LongFault {
    /// The checksum is that of another block.
    SumWrong,
    /// No checksum member.
    SumMissing,
    /// The checksum member holds no checksum.
    SumMalformed,
    /// The digits of the checksum are in the other case.
    SumCase,
    /// The checksum member bears another number.
    SumForeign,
    /// The checksum member stands in front of its block.
    SumEarly,
    /// The checksum member is there twice.
    SumDoubled,
    /// The block is not there, its checksum is.
    BlockMissing,
    /// Block and checksum are there twice.
    BlockDoubled,
    /// Block 0 of the disk stands behind the block.
    BlockBackwards,
    /// The number has a zero too many.
    NumberSpelling,
    /// A member that belongs to no export.
    Foreign,
    /// A member in the disk's folder whose name is no number.
    BadNumber,
    /// The folder of the disk.
    Directory,
    /// A member whose name climbs out.
    UnsafeName,
    /// Names begin with `./`.
    DotSlash,
    /// The bytes that fill up the checksum member are not zero.
    Padding,
    /// One bit of the block's header is flipped.
    HeaderSum,
    /// The block's header is overwritten.
    HeaderLost,
    /// The size in the block's header is no number.
    SizeInvalid,
    /// One zero block in front.
    LoneZeroBlock,
    /// An end marker in front.
    EndMarker,
    /// A pax header whose record cannot be read.
    PaxMalformed,
    /// A GNU header with a name of 1 MiB.
    LongName,
    /// A block of a disk that `ova.xml` does not list, another disk each time.
    UnknownDisk,
    /// A block of one disk that `ova.xml` does not list.
    Interleaved,
    /// A second `ova.xml`.
    SecondDocument,
    /// An empty block, as exporters send them when they have nothing else to send.
    KeepAlive,
}

impl LongFault {
    /// All of them, with their names and what they do.
    const TABLE: [(Self, &'static str, &'static str); 28] = [
        (
            Self::SumWrong,
            "sum-wrong",
            "the checksum is that of another block",
        ),
        (Self::SumMissing, "sum-missing", "no checksum member"),
        (
            Self::SumMalformed,
            "sum-malformed",
            "the checksum member holds no checksum",
        ),
        (
            Self::SumCase,
            "sum-case",
            "the digits of the checksum are in the other case",
        ),
        (
            Self::SumForeign,
            "sum-foreign",
            "the checksum member bears another number",
        ),
        (
            Self::SumEarly,
            "sum-early",
            "the checksum member stands in front of its block",
        ),
        (
            Self::SumDoubled,
            "sum-doubled",
            "the checksum member is there twice",
        ),
        (
            Self::BlockMissing,
            "block-missing",
            "the block is not there, its checksum is",
        ),
        (
            Self::BlockDoubled,
            "block-doubled",
            "block and checksum are there twice",
        ),
        (
            Self::BlockBackwards,
            "block-backwards",
            "block 0 of the disk stands behind the block",
        ),
        (
            Self::NumberSpelling,
            "number-spelling",
            "the number has a zero too many",
        ),
        (
            Self::Foreign,
            "foreign",
            "a member that belongs to no export",
        ),
        (
            Self::BadNumber,
            "bad-number",
            "a member in the disk's folder whose name is no number",
        ),
        (Self::Directory, "directory", "the folder of the disk"),
        (
            Self::UnsafeName,
            "unsafe-name",
            "a member whose name climbs out",
        ),
        (Self::DotSlash, "dot-slash", "names begin with ./"),
        (
            Self::Padding,
            "padding",
            "the bytes that fill up the checksum member are not zero",
        ),
        (
            Self::HeaderSum,
            "header-sum",
            "one bit of the block's header is flipped",
        ),
        (
            Self::HeaderLost,
            "header-lost",
            "the block's header is overwritten",
        ),
        (
            Self::SizeInvalid,
            "size-invalid",
            "the size in the block's header is no number",
        ),
        (
            Self::LoneZeroBlock,
            "lone-zero-block",
            "one zero block in front",
        ),
        (Self::EndMarker, "end-marker", "an end marker in front"),
        (
            Self::PaxMalformed,
            "pax-malformed",
            "a pax header whose record cannot be read",
        ),
        (
            Self::LongName,
            "long-name",
            "a GNU header with a name of 1 MiB",
        ),
        (
            Self::UnknownDisk,
            "unknown-disk",
            "a block of a disk that is not listed, another one each time",
        ),
        (
            Self::Interleaved,
            "interleaved",
            "a block of one disk that is not listed",
        ),
        (Self::SecondDocument, "second-document", "a second ova.xml"),
        (
            Self::KeepAlive,
            "keep-alive",
            "an empty block, which is lawful",
        ),
    ];

    /// All of them.
    pub fn all() -> impl Iterator<Item = Self> {
        Self::TABLE.into_iter().map(|(fault, ..)| fault)
    }

    /// The one of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let row = Self::TABLE.iter().find(|(_, own, _)| *own == name);
        row.map(|(fault, ..)| *fault)
    }

    /// Its name in kebab-case.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.row().1
    }

    /// What it does, in a few words.
    #[must_use]
    pub fn description(self) -> &'static str {
        self.row().2
    }

    fn row(self) -> (Self, &'static str, &'static str) {
        let row = Self::TABLE.into_iter().find(|(own, ..)| *own == self);
        row.unwrap_or(Self::TABLE[0])
    }
}

//! One tar entry as the walker hands it out. Not here: what an XVA or a host backup makes of its
//! name, and the payload itself.

use super::{BLOCK_BYTES, NumberField};

/// One entry of the archive, with long names and pax overrides already applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Offset of the entry's own header block (not of the extension headers before it).
    pub header_offset: u64,
    /// Offset of the first payload byte.
    pub data_offset: u64,
    /// Name as stored, any bytes, never normalised. Host backups start theirs with `./`.
    pub name: Vec<u8>,
    /// What stands in a header of GNU tar where POSIX has the prefix of the name, unless the name comes from a header of its
    /// own. xapi puts it in front (`formats/xva.md` section 2.2); GNU tar does not, and keeps other things there.
    pub gnu_prefix: Vec<u8>,
    /// Target of a hard or symbolic link as stored; empty for other kinds.
    pub link_name: Vec<u8>,
    /// Payload bytes in the archive. 0 for a hard link, whatever its header says.
    pub size: u64,
    /// Size of the file once unpacked, if that is not `size`: old-GNU sparse files and pax sparse
    /// files. When set, the payload is not the file's content as it stands.
    pub real_size: Option<u64>,
    /// Offset in the file and length of each piece that the payload has, of a pax sparse file of the older formats (0.0
    /// and 0.1), whose map is in an extension header; empty for others.
    pub sparse_map: Vec<(u64, u64)>,
    /// What kind of entry it is.
    pub kind: MemberKind,
    /// Permission bits as stored; `None` if the field cannot be read.
    pub mode: Option<u32>,
    /// Numeric owner; `None` if the field cannot be read.
    pub uid: Option<u64>,
    /// Numeric group; `None` if the field cannot be read.
    pub gid: Option<u64>,
    /// Modification time in whole seconds since 1970; `None` if unreadable or before that.
    pub mtime: Option<u64>,
    /// Numbers of the header that GNU tar cannot read, so that it ends with status 2
    /// (`formats/host-backup.md` section 4); none in what a tar program has written.
    pub unreadable: Vec<NumberField>,
    /// Which writer's header it is.
    pub style: HeaderStyle,
    /// Whether the header's own checksum holds.
    pub header_sum: HeaderSum,
}

impl Member {
    /// The name as xapi reads it (`formats/xva.md` section 2.2), where it is another one.
    #[must_use]
    pub fn importers_name(&self) -> Option<Vec<u8>> {
        let prefix = self.gnu_prefix.as_slice();
        (!prefix.is_empty()).then(|| [prefix, b"/", &self.name].concat())
    }

    /// Padding bytes behind the payload, 0 to 511.
    #[must_use]
    pub fn padding(&self) -> u64 {
        super::padded(self.size).map_or(0, |whole| whole.saturating_sub(self.size))
    }

    /// Offset behind the payload and its padding: where the next header is.
    #[must_use]
    pub fn end_offset(&self) -> u64 {
        // Checked when the member was made; the walker hands out no other members.
        super::payload_end(self.data_offset, self.size).unwrap_or(super::LAST_OFFSET)
    }

    /// Blocks between the header and the payload: the sparse map of an old-GNU sparse file.
    #[must_use]
    pub fn map_blocks(&self) -> u64 {
        let header_end = self.header_offset.saturating_add(BLOCK_BYTES);
        self.data_offset
            .saturating_sub(header_end)
            .checked_div(BLOCK_BYTES)
            .unwrap_or(0)
    }
}

/// The kind of an entry, from its type flag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MemberKind {
    /// NUL (what xapi writes) or `0`.
    File,
    /// `1`: another name of an earlier member.
    HardLink,
    /// `2`.
    Symlink,
    /// `3`.
    CharDevice,
    /// `4`.
    BlockDevice,
    /// `5`, or a file (`7` as well) whose name ends in a slash as in the oldest archives.
    Directory,
    /// `6`.
    Fifo,
    /// `7`: to every present reader a plain file.
    Contiguous,
    /// `S`: old-GNU sparse file, holes left out.
    GnuSparse,
    /// Any other flag. Readers take these for files; the payload is there like a file's.
    Other(u8),
}

impl MemberKind {
    /// The kind for a type flag byte.
    pub(super) fn from_typeflag(flag: u8) -> Self {
        match flag {
            0 | b'0' => Self::File,
            b'1' => Self::HardLink,
            b'2' => Self::Symlink,
            b'3' => Self::CharDevice,
            b'4' => Self::BlockDevice,
            b'5' => Self::Directory,
            b'6' => Self::Fifo,
            b'7' => Self::Contiguous,
            b'S' => Self::GnuSparse,
            other => Self::Other(other),
        }
    }

    /// What it is, in a word or two.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::File | Self::Contiguous => "file",
            Self::HardLink => "hard link",
            Self::Symlink => "symbolic link",
            Self::CharDevice => "character device",
            Self::BlockDevice => "block device",
            Self::Directory => "directory",
            Self::Fifo => "FIFO",
            Self::GnuSparse => "sparse file",
            Self::Other(_) => "file of another type",
        }
    }

    /// Whether entries of this kind consist of a header alone.
    #[must_use]
    pub fn is_header_only(self) -> bool {
        matches!(
            self,
            Self::HardLink
                | Self::Symlink
                | Self::CharDevice
                | Self::BlockDevice
                | Self::Directory
                | Self::Fifo
        )
    }
}

/// Which writer's header an entry has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HeaderStyle {
    /// No magic: the old V7 form, which is what xapi writes.
    Bare,
    /// `ustar` and NUL: POSIX, also used by pax.
    Ustar,
    /// `ustar` and a space: GNU tar.
    Gnu,
}

/// Whether a header's own checksum holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeaderSum {
    /// The stored sum is the sum of the bytes.
    Right,
    /// It is not, and the member was handed out on belief.
    Wrong {
        /// The stored number, if it is one.
        stored: Option<u64>,
        /// The sum of the bytes.
        computed: u64,
    },
}

//! What the members tell about one disk, added up as they come.

use super::placement::{NOMINAL_BLOCK, Place, Placement};
use super::sum::{StoredSum, SumKind};

/// Irregular blocks remembered per disk; more are only counted.
const KEPT_IRREGULAR: usize = 64;

/// A block, as far as its shape goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockAt {
    /// Index of its disk in [`Assembly::disks`](super::Assembly::disks).
    pub disk: usize,
    /// Its number.
    pub number: u64,
    /// Its place on the disk; `None` when order or range forbids one.
    pub place: Option<Place>,
    /// Payload bytes.
    pub len: u64,
    /// Offset of its tar header in the stream.
    pub header_offset: u64,
    /// Offset of its payload in the stream.
    pub data_offset: u64,
}

/// A block about which all members are known: hash it, and compare if there is a sum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// The block.
    pub block: BlockAt,
    /// Its stored sum, if it has a usable one.
    pub sum: Option<StoredSum>,
}

/// A block whose length is neither nominal nor zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Irregular {
    /// Its number.
    pub number: u64,
    /// Its offset on the disk in bytes.
    pub start: u64,
    /// Its length in bytes.
    pub len: u64,
    /// Offset of its header in the stream.
    pub header_offset: u64,
}

/// Checksum members by kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SumCounts {
    /// `.checksum` members.
    pub sha1: u64,
    /// `.xxhash` members.
    pub xxh64: u64,
}

/// What the members tell about one disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disk {
    /// `Ref:N`, or `vdi`.
    pub id: String,
    /// Block members, keep-alives included.
    pub blocks: u64,
    /// Blocks of zero bytes (keep-alives, section 5.1).
    pub empty: u64,
    /// Blocks left out between others, hence zero.
    pub absent: u64,
    /// Bytes in its blocks.
    pub stored: u64,
    /// Blocks known to be lost, because their sum or header is still there.
    pub lost: u64,
    /// Where accumulation ended, in bytes.
    pub position: u64,
    /// Number of the first block.
    pub first_number: u64,
    /// Number of the last block.
    pub last_number: u64,
    /// Length of the first block in bytes.
    pub first_len: u64,
    /// Length of the last block in bytes.
    pub last_len: u64,
    /// Offset in the stream of its first member.
    pub first_offset: u64,
    /// Offset in the stream of its last block's header.
    pub last_offset: u64,
    /// Blocks of a length that is neither nominal nor zero, the first 64 of them, but for those
    /// in `odd`.
    pub irregular: Vec<Irregular>,
    /// How many such blocks there are.
    pub irregular_count: u64,
    /// Blocks whose length is no multiple of 512, the first 64 of them; not among `irregular`.
    pub odd: Vec<Irregular>,
    /// How many such blocks there are.
    pub odd_count: u64,
    /// Blocks left out in front of the last block.
    pub last_gap: u64,
    /// Checksum members by kind.
    pub sums: SumCounts,
    /// Unreadable bytes follow its last block, so what is missing at its end may be among them.
    pub lost_at_end: bool,
    /// Blocks of it were seen that have no place.
    pub unplaced: u64,
    pub(super) placement: Placement,
}

impl Disk {
    pub(super) fn new(id: String, offset: u64) -> Self {
        Self {
            id,
            blocks: 0,
            empty: 0,
            absent: 0,
            stored: 0,
            lost: 0,
            position: 0,
            first_number: 0,
            last_number: 0,
            first_len: 0,
            last_len: 0,
            first_offset: offset,
            last_offset: offset,
            irregular: Vec::new(),
            irregular_count: 0,
            odd: Vec::new(),
            odd_count: 0,
            last_gap: 0,
            sums: SumCounts::default(),
            lost_at_end: false,
            unplaced: 0,
            placement: Placement::new(NOMINAL_BLOCK),
        }
    }
}

impl Disk {
    pub(super) fn admit(
        &mut self,
        first: bool,
        number: u64,
        place: Place,
        len: u64,
        header_offset: u64,
    ) {
        if first {
            self.first_number = number;
            self.first_len = len;
        }
        self.last_number = number;
        self.last_len = len;
        self.last_offset = header_offset;
        self.lost_at_end = false;
        self.last_gap = place.absent;
        self.absent = self.absent.saturating_add(place.absent);
        self.position = self.placement.position();
        if len == 0 {
            self.empty = self.empty.saturating_add(1);
        } else if len != NOMINAL_BLOCK {
            let block = Irregular {
                number,
                start: place.start,
                len,
                header_offset,
            };
            let (kept, count) = if len.is_multiple_of(512) {
                (&mut self.irregular, &mut self.irregular_count)
            } else {
                (&mut self.odd, &mut self.odd_count)
            };
            *count = count.saturating_add(1);
            if kept.len() < KEPT_IRREGULAR {
                kept.push(block);
            }
        }
    }
}

impl SumCounts {
    pub(super) fn count(&mut self, kind: SumKind) {
        let counter = match kind {
            SumKind::Sha1 => &mut self.sha1,
            SumKind::Xxh64 => &mut self.xxh64,
        };
        *counter = counter.saturating_add(1);
    }
}

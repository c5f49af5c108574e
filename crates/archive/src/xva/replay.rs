//! The importer's own walk: what today's xapi would do with the members, step by step.
//!
//! This follows `recv_all_vdi` of xapi (`formats/xva.md` sections 5.1 and 11), quirks included, so
//! it can differ from what is right: [`super::Assembly`] is the judge of the archive, this only
//! foretells the answer of an import. It reads names and lengths; digests come from elsewhere.

use super::name::{BlockName, MemberName};
use super::placement::{NOMINAL_BLOCK, Placement};

/// A disk that the importer is going to read, in stream order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiskToRead {
    /// `Ref:N` of the VDI.
    pub id: String,
    /// Its `virtual_size` in `ova.xml`, in bytes.
    pub virtual_size: u64,
}

/// An error that an importer answers with (section 11.3), spelled as xapi does by
/// [`ImportError::code`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportError {
    /// The stream ends inside a header or payload.
    PrematureEof,
    /// Structure or digest not as expected.
    Generic,
    /// The legacy table disagrees.
    SomeChecksumsFailed,
    /// The first member is not `ova.xml`.
    UnexpectedFile,
    /// An id names no object.
    FailedToFindObject,
    /// The target disk refuses a write.
    VdiIo,
}

impl ImportError {
    /// The error code as xapi spells it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::PrematureEof => "IMPORT_ERROR_PREMATURE_EOF",
            Self::Generic => "IMPORT_ERROR_GENERIC",
            Self::SomeChecksumsFailed => "IMPORT_ERROR_SOME_CHECKSUMS_FAILED",
            Self::UnexpectedFile => "IMPORT_ERROR_UNEXPECTED_FILE",
            Self::FailedToFindObject => "IMPORT_ERROR_FAILED_TO_FIND_OBJECT",
            Self::VdiIo => "VDI_IO_ERROR",
        }
    }
}

/// Where the importer would stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stop {
    /// Offset in the tar stream of the member (or end) that it stops at.
    pub offset: u64,
    /// What it answers.
    pub error: ImportError,
}

/// The importer's answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Import {
    /// Read to the end of the last disk.
    Accepted,
    /// Only checksum differences: ignored with `force=true`.
    OnlyWithForce(Stop),
    /// Refused; `force` repairs no structure. The stop is the first one without force.
    Refused(Stop),
}

/// The importer's position in the archive.
#[derive(Debug, Clone)]
pub struct Replay {
    disks: Vec<DiskToRead>,
    next_disk: usize,
    legacy_table: bool,
    unit: Option<u64>,
    placement: Placement,
    state: State,
    first_sum_difference: Option<Stop>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum State {
    Block,
    Sum(BlockName),
    /// Behind a block that cannot be taken once it is read.
    Doomed(Stop),
    LegacyTable,
    Done {
        offset: u64,
    },
    Stopped(Stop),
}

impl Replay {
    /// Begins behind `ova.xml`. `disks` are in stream order (sorted by id as strings, section 4).
    #[must_use]
    pub fn new(disks: Vec<DiskToRead>, export_vsn: u32) -> Self {
        let mut replay = Self {
            disks,
            next_disk: 0,
            legacy_table: export_vsn < 2,
            unit: None,
            placement: Placement::new(NOMINAL_BLOCK),
            state: State::Block,
            first_sum_difference: None,
        };
        replay.settle_finished_disks(0);
        replay
    }

    /// The next member: its header's offset, its name and its payload length in bytes.
    pub fn member(&mut self, offset: u64, name: &MemberName, len: u64) {
        match (&self.state, name) {
            (State::Done { .. } | State::Stopped(_), _) => {}
            (State::Block, MemberName::Block(block)) => self.block(offset, block, len),
            (State::Sum(expected), MemberName::Sum(named, _)) if expected == named => {
                self.state = State::Block;
                self.settle_finished_disks(offset);
            }
            // Its name is not looked at (section 9).
            (State::LegacyTable, _) => self.state = State::Done { offset },
            (State::Doomed(stop), _) => self.state = State::Stopped(*stop),
            (State::Block | State::Sum(_), _) => self.stop(offset, ImportError::Generic),
        }
    }

    /// A checksum text that differs from the block's digest, or from the exporters' spelling of it.
    pub fn sum_differs(&mut self, offset: u64) {
        self.forgivable(Stop {
            offset,
            error: ImportError::Generic,
        });
    }

    /// The legacy table disagrees with the blocks.
    pub fn table_differs(&mut self, offset: u64) {
        if self.legacy_table {
            self.forgivable(Stop {
                offset,
                error: ImportError::SomeChecksumsFailed,
            });
        }
    }

    /// A header whose checksum is wrong, or bytes that are no header.
    pub fn unreadable_header(&mut self, offset: u64) {
        self.stop(offset, ImportError::Generic);
    }

    /// The end-of-archive marker.
    pub fn end_marker(&mut self, offset: u64) {
        self.stop(offset, ImportError::Generic);
    }

    /// The stream ended here.
    pub fn end_of_input(&mut self, offset: u64) {
        self.stop(offset, ImportError::PrematureEof);
    }

    /// The answer, once everything is fed.
    #[must_use]
    pub fn answer(&self) -> Import {
        let structural = match self.state {
            State::Stopped(stop) => Some(stop),
            State::Block | State::Sum(_) | State::Doomed(_) | State::LegacyTable => Some(Stop {
                offset: u64::MAX,
                error: ImportError::PrematureEof,
            }),
            State::Done { .. } => None,
        };
        let reached = match self.state {
            State::Done { offset } => offset,
            _ => structural.map_or(u64::MAX, |stop| stop.offset),
        };
        let forgivable = self
            .first_sum_difference
            .filter(|stop| stop.offset <= reached);
        match (structural, forgivable) {
            (None, None) => Import::Accepted,
            (None, Some(stop)) => Import::OnlyWithForce(stop),
            (Some(stop), forgivable) => Import::Refused(forgivable.unwrap_or(stop)),
        }
    }

    fn block(&mut self, offset: u64, block: &BlockName, len: u64) {
        let Some(disk) = self.disks.get(self.next_disk) else {
            return self.stop(offset, ImportError::Generic);
        };
        if block.disk != disk.id {
            return self.stop(offset, ImportError::Generic);
        }
        // The length of an absent block is taken once, from the first block of the archive
        // (section 5.1).
        if self.unit.is_none() {
            self.unit = Some(len);
            self.placement = Placement::new(len);
        }
        let size = disk.virtual_size;
        if self.placement.place(block.number, len).is_err() {
            return self.stop(offset, ImportError::Generic);
        }
        self.state = if self.placement.position() > size {
            // Some storage rounds sizes up and would take the write; better too often than never.
            State::Doomed(Stop {
                offset,
                error: ImportError::VdiIo,
            })
        } else if len.checked_rem(512) != Some(0) {
            // The checksum's header is read before the padding is skipped (section 11.3).
            State::Doomed(Stop {
                offset,
                error: ImportError::Generic,
            })
        } else {
            State::Sum(block.clone())
        };
    }

    /// Goes on to the next disk that still wants blocks.
    fn settle_finished_disks(&mut self, offset: u64) {
        while let Some(disk) = self.disks.get(self.next_disk) {
            if self.placement.position() < disk.virtual_size {
                return;
            }
            self.next_disk = self.next_disk.saturating_add(1);
            self.placement = Placement::new(self.unit.unwrap_or(NOMINAL_BLOCK));
        }
        self.state = if self.legacy_table {
            State::LegacyTable
        } else {
            State::Done { offset }
        };
    }

    fn forgivable(&mut self, stop: Stop) {
        let earlier = self
            .first_sum_difference
            .is_none_or(|first| stop.offset < first.offset);
        if earlier {
            self.first_sum_difference = Some(stop);
        }
    }

    fn stop(&mut self, offset: u64, error: ImportError) {
        if let (State::Doomed(stop), true) = (&self.state, error != ImportError::PrematureEof) {
            self.state = State::Stopped(*stop);
        }
        if !matches!(self.state, State::Done { .. } | State::Stopped(_)) {
            self.state = State::Stopped(Stop { offset, error });
        }
    }
}

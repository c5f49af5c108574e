//! A run of blocks in which no believable header has been found, and the search for the next
//! one. Not here: what makes a run begin.
//!
//! The damaged header's own size, where it can be read, says where the next header should be.
//! Headers before that place are not taken: a disk block can hold tar files, even whole exports.

use super::header::Header;
use super::limits::Belief;
use super::{BLOCK, BLOCK_BYTES};

/// A lost run so far.
#[derive(Debug, Clone, Copy)]
pub(super) struct LostRun {
    /// Offset of its first block.
    pub(super) start: u64,
    /// Where the next header should be, going by the damaged header.
    hint: Option<u64>,
    /// The zero blocks that end the run as it stands, counted from the hint on.
    zeros: Option<Zeros>,
}

#[derive(Debug, Clone, Copy)]
struct Zeros {
    start: u64,
    blocks: u64,
}

/// What a block does to a lost run.
pub(super) enum Verdict<'block> {
    /// It is lost too.
    Lost,
    /// It is a header and ends the run. `lone_zero` is the zero block just before it, when that
    /// one stands where a header should be.
    Found { lone_zero: Option<u64> },
    /// It stands where a header should be but its checksum is wrong.
    Doubtful {
        header: Header<'block>,
        lone_zero: Option<u64>,
    },
    /// With the zero block before, it is the end marker, which begins at `marker`.
    End { marker: u64 },
}

impl LostRun {
    pub(super) fn new(start: u64, hint: Option<u64>) -> Self {
        Self {
            start,
            hint,
            zeros: None,
        }
    }

    /// Looks at the block at `at`, which belongs to the run or ends it.
    pub(super) fn look<'block>(
        &mut self,
        at: u64,
        block: &'block [u8; BLOCK],
        belief: Belief,
    ) -> Verdict<'block> {
        if self.hint.is_some_and(|hint| at < hint) {
            return Verdict::Lost;
        }
        if is_zero(block) {
            return self.look_at_zero(at);
        }
        let lone_zero = self.zero_at_hint();
        self.zeros = None;
        let header = Header::new(block);
        let expected = self.hint == Some(at);
        if header.sum_holds() {
            let taken = expected || believed(&header, belief);
            if taken && header_end(at, &header).is_some() {
                return Verdict::Found { lone_zero };
            }
        } else if expected || lone_zero.is_some() {
            return Verdict::Doubtful { header, lone_zero };
        }
        Verdict::Lost
    }

    fn look_at_zero<'block>(&mut self, at: u64) -> Verdict<'block> {
        let zeros = self.zeros.get_or_insert(Zeros {
            start: at,
            blocks: 0,
        });
        zeros.blocks = zeros.blocks.saturating_add(1);
        if self.hint == Some(zeros.start) && zeros.blocks == 2 {
            return Verdict::End {
                marker: zeros.start,
            };
        }
        Verdict::Lost
    }

    /// The hint's offset if all that came since is one zero block.
    fn zero_at_hint(&self) -> Option<u64> {
        let zeros = self.zeros?;
        (self.hint == Some(zeros.start) && zeros.blocks == 1).then_some(zeros.start)
    }

    /// Sets a further hint from a damaged header that stands where the last one pointed.
    pub(super) fn follow(&mut self, hint: u64) {
        self.hint = Some(hint);
        self.zeros = None;
    }

    /// How the run ends when the input ends: where the zero blocks begin that close the archive,
    /// if they do. Zeros before the hint are payload, and one zero block counts only where a
    /// header should be.
    pub(super) fn end_of_input(&self) -> Tail {
        match (self.zeros, self.zero_at_hint()) {
            (Some(Zeros { start, blocks }), _) if blocks >= 2 => {
                let behind = blocks.saturating_sub(2).saturating_mul(BLOCK_BYTES);
                Tail::Marker { start, behind }
            }
            (_, Some(start)) => Tail::OneZero { start },
            _ => Tail::Open,
        }
    }
}

/// What a lost run has at its end when the input ends.
pub(super) enum Tail {
    /// An end marker at `start`, with `behind` more zero bytes after it.
    Marker { start: u64, behind: u64 },
    /// One zero block at `start`.
    OneZero { start: u64 },
    /// Nothing that closes an archive.
    Open,
}

/// Whether a header whose own fields can be read is believable for this archive.
pub(super) fn believed(header: &Header<'_>, belief: Belief) -> bool {
    header
        .payload()
        .is_some_and(|size| belief(&header.name(), size))
}

/// The offset behind the payload that the header at `at` announces, if that is a possible one.
pub(super) fn header_end(at: u64, header: &Header<'_>) -> Option<u64> {
    super::payload_end(at.checked_add(BLOCK_BYTES)?, header.payload()?)
}

pub(super) fn is_zero(block: &[u8; BLOCK]) -> bool {
    *block == [0; BLOCK]
}

//! The state machine: which block is looked at as what, and how the stream ends. Not here: what a
//! header that counts leads to, decoding, and the search for the next header after damage.

use super::extension::Pending;
use super::header::{Header, Sum};
use super::limits::{Belief, Limits};
use super::member::{HeaderSum, Member};
use super::oddity::{Ending, ExtensionKind, Located, Oddity, Trailing};
use super::resync::{LostRun, Tail, Verdict, believed, header_end, is_zero};
use super::sparse::SparseMap;
use super::{BLOCK, BLOCK_BYTES};

/// What the walker wants next, at [`Walker::offset`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Want {
    /// One block of [`BLOCK`] bytes, for [`Walker::block`].
    Block,
    /// The payload of an extension header, for [`Walker::extension`].
    Extension {
        /// Payload bytes; never more than [`Limits::extension_bytes`].
        len: usize,
        /// The same with padding: what has to be taken from the stream.
        padded: usize,
    },
    /// Nothing more: [`Walker::finish`] has been called.
    Nothing,
}

/// What came of one block or extension.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Nothing yet; the walker wants more.
    More,
    /// A member. Its payload is the driver's to read or to pass by; [`Walker::offset`] is already
    /// behind it and its padding.
    Member(Box<Member>),
    /// The end marker is complete. The driver may go on to look for what is behind it, and one
    /// that verifies should: a zeroed range in the middle of the archive ends here too. If members
    /// follow, their end marker is told again.
    End,
}

#[derive(Debug)]
pub(super) enum State {
    /// A header belongs here.
    Boundary,
    /// A header belonged at `zero`, where a zero block is.
    OneZero { zero: u64 },
    /// The payload of the extension header at `at` comes.
    Extension {
        at: u64,
        kind: ExtensionKind,
        len: usize,
        padded: u64,
    },
    /// More blocks of the member's sparse map come.
    Sparse { member: Box<Member>, map: SparseMap },
    /// No header since the run began.
    Lost(LostRun),
    /// Behind the end marker.
    AfterEnd { marker: u64 },
    /// [`Walker::finish`] has been called.
    Done,
}

/// Walks through a tar stream. See the [module](super) for how to drive it.
///
/// Before it serves a [`Want`], the driver brings its stream to [`offset`](Self::offset), which
/// jumps over payloads. If the input ends before that offset, a payload is cut short.
#[derive(Debug)]
pub struct Walker {
    pub(super) limits: Limits,
    pub(super) belief: Belief,
    pub(super) offset: u64,
    pub(super) state: State,
    pub(super) pending: Pending,
    oddities: Vec<Located>,
    unlisted: u64,
    trailing: Trailing,
}

impl Walker {
    /// A walker at offset 0 of a stream.
    #[must_use]
    pub fn new(limits: Limits, belief: Belief) -> Self {
        Self {
            limits,
            belief,
            offset: 0,
            state: State::Boundary,
            pending: Pending::default(),
            oddities: Vec::new(),
            unlisted: 0,
            trailing: Trailing::default(),
        }
    }

    /// What is wanted next.
    #[must_use]
    pub fn want(&self) -> Want {
        match &self.state {
            State::Extension { len, padded, .. } => {
                let padded = usize::try_from(*padded).unwrap_or(usize::MAX);
                Want::Extension { len: *len, padded }
            }
            State::Done => Want::Nothing,
            _ => Want::Block,
        }
    }

    /// Offset in the stream of the next byte that is wanted.
    #[must_use]
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// What is behind the end marker, as far as it was fed.
    #[must_use]
    pub fn trailing(&self) -> Trailing {
        self.trailing
    }

    /// The oddities since the last call, in the order in which they were noticed.
    pub fn take_oddities(&mut self) -> Vec<Located> {
        let mut taken = std::mem::take(&mut self.oddities);
        let count = std::mem::take(&mut self.unlisted);
        if count > 0 {
            let oddity = Oddity::Unlisted { count };
            taken.push(Located {
                offset: self.offset,
                oddity,
            });
        }
        taken
    }

    /// Takes the block at [`offset`](Self::offset). Changes nothing unless a block is wanted.
    pub fn block(&mut self, block: &[u8; BLOCK]) -> Step {
        if self.want() != Want::Block {
            return Step::More;
        }
        let at = self.offset;
        self.offset = at.saturating_add(BLOCK_BYTES);
        match std::mem::replace(&mut self.state, State::Boundary) {
            State::OneZero { zero } => self.at_boundary(at, block, Some(zero)),
            State::Sparse { member, map } => self.sparse_block(at, block, member, map),
            State::Lost(run) => self.lost_block(at, block, run),
            State::AfterEnd { marker } => self.block_after_end(at, block, marker),
            // The other two states do not want a block.
            State::Boundary | State::Extension { .. } | State::Done => {
                self.at_boundary(at, block, None)
            }
        }
    }

    /// Takes the payload of an extension header, with its padding or without. Changes nothing
    /// unless one is wanted.
    pub fn extension(&mut self, payload: &[u8]) -> Step {
        let State::Extension {
            at,
            kind,
            len,
            padded,
        } = self.state
        else {
            return Step::More;
        };
        self.state = State::Boundary;
        self.offset = self.offset.saturating_add(padded);
        let payload = payload.get(..len).unwrap_or(payload);
        for oddity in self.pending.take(at, kind, payload) {
            self.note(at, oddity);
        }
        Step::More
    }

    /// Ends the walk. `have` is how many bytes of what was wanted last were there when the input
    /// ended: fewer than the whole unit, 0 if it ended just before it or inside a payload.
    pub fn finish(&mut self, have: usize) -> Ending {
        match std::mem::replace(&mut self.state, State::Done) {
            State::Boundary => {
                self.note_dangling();
                if have == 0 {
                    Ending::NoEndBlocks
                } else {
                    Ending::InHeader { have }
                }
            }
            State::OneZero { .. } => {
                self.note_dangling();
                Ending::SingleZeroBlock
            }
            State::Extension { .. } => Ending::InExtension { have },
            State::Sparse { .. } => Ending::InSparseMap { have },
            State::Lost(run) => self.finish_lost(run, have),
            State::AfterEnd { .. } => {
                let have = u64::try_from(have).unwrap_or(u64::MAX);
                if have > 0 {
                    self.trailing.first_odd.get_or_insert(self.offset);
                }
                self.trailing.bytes = self.trailing.bytes.saturating_add(have);
                Ending::Complete
            }
            // A second call.
            State::Done => Ending::NoEndBlocks,
        }
    }

    fn finish_lost(&mut self, run: LostRun, have: usize) -> Ending {
        let have = u64::try_from(have).unwrap_or(u64::MAX);
        match run.end_of_input() {
            Tail::Marker { start, behind } => {
                self.note_lost(run, start);
                self.trailing = Trailing {
                    bytes: behind.saturating_add(have),
                    // What was lost in front of it has moved the rest out of its blocks.
                    first_odd: None,
                };
                Ending::Complete
            }
            Tail::OneZero { start } => {
                self.note_lost(run, start);
                Ending::SingleZeroBlock
            }
            Tail::Open => {
                self.note_lost(run, self.offset.saturating_add(have));
                Ending::InLostRun
            }
        }
    }

    fn at_boundary(&mut self, at: u64, block: &[u8; BLOCK], zero: Option<u64>) -> Step {
        if is_zero(block) {
            return match zero {
                Some(marker) => self.end(marker),
                None => {
                    self.state = State::OneZero { zero: at };
                    Step::More
                }
            };
        }
        let header = Header::new(block);
        match header.sum() {
            Sum::Right => {
                self.note_lone_zero(zero);
                self.accept(at, &header, HeaderSum::Right)
            }
            Sum::Signed => {
                self.note_lone_zero(zero);
                self.note(at, Oddity::HeaderSumSigned);
                self.accept(at, &header, HeaderSum::Right)
            }
            Sum::Wrong { stored, computed } => {
                let believed = self.believes_damaged(at, &header);
                if believed {
                    self.note_lone_zero(zero);
                }
                if believed || zero.is_none() {
                    self.note(
                        at,
                        Oddity::HeaderSumWrong {
                            stored,
                            computed,
                            believed,
                        },
                    );
                }
                if believed {
                    return self.accept(at, &header, HeaderSum::Wrong { stored, computed });
                }
                self.lose(zero.unwrap_or(at), self.hint(at, &header))
            }
        }
    }

    pub(super) fn lose(&mut self, start: u64, hint: Option<u64>) -> Step {
        // They described the member that is lost.
        self.pending.clear();
        self.state = State::Lost(LostRun::new(start, hint));
        Step::More
    }

    fn lost_block(&mut self, at: u64, block: &[u8; BLOCK], mut run: LostRun) -> Step {
        match run.look(at, block, self.belief) {
            Verdict::Lost => {}
            Verdict::Found { lone_zero } => {
                self.note_lost(run, lone_zero.unwrap_or(at));
                return self.at_boundary(at, block, lone_zero);
            }
            Verdict::Doubtful { header, lone_zero } => {
                if self.believes_damaged(at, &header) {
                    self.note_lost(run, lone_zero.unwrap_or(at));
                    return self.at_boundary(at, block, lone_zero);
                }
                if let Some(hint) = self.hint(at, &header) {
                    run.follow(hint);
                }
            }
            Verdict::End { marker } => {
                self.note_lost(run, marker);
                return self.end(marker);
            }
        }
        self.state = State::Lost(run);
        Step::More
    }

    fn end(&mut self, marker: u64) -> Step {
        self.note_dangling();
        self.state = State::AfterEnd { marker };
        Step::End
    }

    fn block_after_end(&mut self, at: u64, block: &[u8; BLOCK], marker: u64) -> Step {
        if !is_zero(block) {
            let header = Header::new(block);
            let taken = header.sum_holds()
                && believed(&header, self.belief)
                && header_end(at, &header).is_some();
            if taken {
                let between = std::mem::take(&mut self.trailing).bytes;
                self.note(
                    at,
                    Oddity::MembersAfterEnd {
                        end_marker: marker,
                        between,
                    },
                );
                return self.at_boundary(at, block, None);
            }
            self.trailing.first_odd.get_or_insert(at);
        }
        self.trailing.bytes = self.trailing.bytes.saturating_add(BLOCK_BYTES);
        self.state = State::AfterEnd { marker };
        Step::More
    }

    fn note_lone_zero(&mut self, zero: Option<u64>) {
        if let Some(zero) = zero {
            self.note(zero, Oddity::LoneZeroBlock);
        }
    }

    /// Notes a lost run that ends before `end`.
    fn note_lost(&mut self, run: LostRun, end: u64) {
        self.note(
            run.start,
            Oddity::Lost {
                bytes: end.saturating_sub(run.start),
            },
        );
    }

    fn note_dangling(&mut self) {
        if let Some(at) = self.pending.dangling() {
            self.note(at, Oddity::DanglingExtension);
        }
        self.pending.clear();
    }

    pub(super) fn note(&mut self, offset: u64, oddity: Oddity) {
        if self.oddities.len() < self.limits.kept_oddities {
            self.oddities.push(Located { offset, oddity });
        } else {
            self.unlisted = self.unlisted.saturating_add(1);
        }
    }
}

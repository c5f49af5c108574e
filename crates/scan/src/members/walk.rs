//! From member to member, and how that ends.

use std::collections::VecDeque;

use xenspect_archive::tar::{self, Step, Walker};
use xenspect_model::catalog::{Compression, Source as SourceFact};

use crate::driver::{believed, walk_limits};
use crate::envelope::Broken;
use crate::envelope::compression_words;
use crate::error::Error;
use crate::feed::Feed;
use crate::options::Progress;
use crate::serve::{Served, serve};

/// How far a walk through the members came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Walked {
    /// To the end marker.
    Complete,
    /// Whoever was shown the members had seen enough.
    Enough,
    /// The run was interrupted.
    Interrupted,
    /// The input ends too early, or its compression breaks; in words.
    Broken(String),
}

/// A walk from member to member. The payload of the last one can be read before the next is asked
/// for.
pub(crate) struct Walk<'a, F> {
    pub(crate) feed: F,
    pub(crate) walker: Walker,
    progress: &'a Progress,
    /// Blocks that were no headers, seen before any member.
    headerless: u64,
    met: bool,
    pub(crate) lost: u64,
    /// What the compression told first of its contents. One for each of a million members would fill the memory.
    told: Option<Compression>,
    /// The bytes of the last header.
    pub(super) header: [u8; tar::BLOCK],
    /// The last blocks since the member before, as many as a sparse map may have with its header.
    blocks: VecDeque<[u8; tar::BLOCK]>,
}

/// Why a payload cannot be read on.
pub(crate) enum Stop {
    /// The stream gave out.
    Broken(Broken),
    /// The input ends.
    Short,
    /// The run was told to stop.
    Interrupted,
}

impl<'a, F: Feed> Walk<'a, F> {
    /// A walk through an export.
    pub(crate) fn new(feed: F, progress: &'a Progress) -> Self {
        Self::with(Walker::new(walk_limits(), believed), feed, progress)
    }

    /// A walk through an archive of anything.
    pub(crate) fn with(walker: Walker, feed: F, progress: &'a Progress) -> Self {
        Self {
            feed,
            walker,
            progress,
            headerless: 0,
            met: false,
            lost: 0,
            told: None,
            header: [0; tar::BLOCK],
            blocks: VecDeque::new(),
        }
    }

    /// The header of the member handed out last, and behind it the blocks of its sparse map.
    pub(crate) fn header_and_map(
        &self,
        member: &tar::Member,
    ) -> impl Iterator<Item = &[u8; tar::BLOCK]> {
        let map = usize::try_from(member.map_blocks()).unwrap_or(usize::MAX);
        let before = self.blocks.len().saturating_sub(map.saturating_add(1));
        self.blocks.iter().skip(before)
    }

    /// Whether the run was told to stop.
    pub(crate) fn is_cancelled(&self) -> bool {
        self.progress.is_cancelled()
    }

    /// Says how far the input is taken, from inside a long member.
    pub(crate) fn advance(&self) {
        self.progress.advance(self.feed.consumed());
    }

    /// Serves the walker once, and keeps the block that it was given. What stands before a member is forgotten by
    /// [`forget_blocks`](Self::forget_blocks).
    pub(crate) fn step(&mut self) -> Result<Served, Broken> {
        let most = tar::Limits::default().sparse_blocks.saturating_add(1);
        let blocks = &mut self.blocks;
        serve(
            &mut self.feed,
            &mut self.walker,
            &mut self.header,
            |block| {
                if let Ok(block) = block.try_into() {
                    if blocks.len() >= most {
                        blocks.pop_front();
                    }
                    blocks.push_back(block);
                }
            },
        )
    }

    /// The member handed out last is done with.
    pub(crate) fn forget_blocks(&mut self) {
        self.blocks.clear();
    }

    pub(crate) fn next(&mut self) -> Result<tar::Member, Walked> {
        self.forget_blocks();
        loop {
            if self.progress.is_cancelled() {
                return Err(Walked::Interrupted);
            }
            self.advance();
            self.hear();
            let served = self.step().map_err(|fault| self.gave_out(fault));
            let step = match served? {
                Served::Step(step) => step,
                Served::Nothing => return Err(Walked::Complete),
                Served::Short(have) => return Err(self.end(have)),
            };
            for located in self.walker.take_oddities() {
                if let tar::Oddity::Lost { bytes, .. } = located.oddity {
                    self.lost += bytes;
                }
            }
            match step {
                Step::More if !self.met => {
                    self.headerless += 1;
                    if self.headerless > NO_ARCHIVE {
                        return Err(Walked::Broken("it is no tar archive".to_owned()));
                    }
                }
                Step::More => {}
                Step::End => return Err(Walked::Complete),
                Step::Member(member) => {
                    self.met = true;
                    return Ok(*member);
                }
            }
        }
    }

    /// How far the walk came when the stream gave out. One that was left because of the order to stop did not break.
    pub(crate) fn gave_out(&self, fault: Broken) -> Walked {
        match fault {
            Broken::Io(_) if self.is_cancelled() => Walked::Interrupted,
            fault => broken(fault),
        }
    }

    /// Passes by everything up to the end of the input: the check values of its compression stand behind the last member.
    pub(crate) fn read_out(&mut self) -> Result<(), Walked> {
        loop {
            if self.is_cancelled() {
                return Err(Walked::Interrupted);
            }
            let skipped = self.feed.skip(PIECE);
            if skipped.map_err(|fault| self.gave_out(fault))? < PIECE {
                return Ok(());
            }
            self.advance();
        }
    }

    /// Keeps the first of what the compression tells of its contents. Bytes behind it say nothing of them.
    fn hear(&mut self) {
        let mut faults = self.feed.take_faults().into_iter();
        if self.told.is_none() {
            self.told = faults.find(|fault| !matches!(fault, Compression::Trailing { .. }));
        }
    }

    /// What the compression tells first of its contents, in words.
    pub(crate) fn damage(&mut self) -> Option<String> {
        self.hear();
        let how = compression_words(self.told.as_ref()?);
        Some(format!(
            "its compression tells damage ({how}): what was read of it may be wrong"
        ))
    }

    fn end(&mut self, have: usize) -> Walked {
        match self.walker.finish(have) {
            tar::Ending::Complete | tar::Ending::SingleZeroBlock => Walked::Complete,
            _ => Walked::Broken(format!(
                "it ends at offset {}, without the marker that ends an archive",
                self.feed.position()
            )),
        }
    }
}

/// Bytes passed by between two looks at the order to stop.
const PIECE: u64 = 1 << 20;

/// Blocks without a header after which an input is taken for something else: 1 MiB.
const NO_ARCHIVE: u64 = 2048;

fn broken(broken: Broken) -> Walked {
    Walked::Broken(match broken {
        Broken::Io(error) => format!("it cannot be read: {error}"),
        Broken::Fault(fault) => format!("its compression breaks: {}", compression_words(&fault)),
    })
}

/// An input without a single member is no archive, as far as it can be read.
pub(super) fn no_archive<F: Feed>(walk: &mut Walk<'_, F>, walked: &Walked) -> Result<(), Error> {
    if walk.met || !matches!(walked, Walked::Broken(_) | Walked::Complete) {
        return Ok(());
    }
    let errors = walk.feed.take_read_errors();
    let reason = errors.into_iter().find_map(|(_, fact)| match fact {
        SourceFact::ReadError { reason, .. } => Some(reason),
        _ => None,
    });
    Err(reason.map_or(Error::NotTar, Error::Unread))
}

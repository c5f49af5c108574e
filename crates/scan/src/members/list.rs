//! Listing: every member in its order, blocks with the sum that stands behind them.

use std::ops::ControlFlow;

use xenspect_archive::tar;
use xenspect_archive::xva::{BlockName, MemberName, SumKind};
use xenspect_model::Catalog;
use xenspect_model::report::Envelope;

use super::walk::{Walk, Walked, no_archive};
use super::{Either, open, walk};
use crate::error::Error;
use crate::feed::Feed;
use crate::options::{Options, Progress};
use crate::source::Source;

/// Longest text of a sum that a listing carries; a right one has at most 40 digits.
const SUM_TEXT: usize = 64;

/// One member, as a listing shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The member, name and offsets as stored.
    pub member: tar::Member,
    /// The sum that the member behind it stores for it, as it stands and cut at 64 bytes. Only
    /// blocks have one.
    pub sum: Option<(SumKind, Vec<u8>)>,
}

/// What a listing is about.
#[derive(Debug)]
pub enum Contents {
    /// An archive, whose members were shown.
    Members {
        /// Compression around it.
        envelope: Envelope,
        /// How far it could be walked.
        walked: Walked,
        /// Ranges of the archive that are no members, with what is in them lost.
        lost: u64,
        /// What the compression tells of damage, in words.
        damage: Option<String>,
    },
    /// A document, which has none.
    Document(Catalog),
}

/// Shows every member of an archive in its order. Blocks of plain files are not read.
///
/// # Errors
/// [`Error`] when the input cannot be opened, or is neither an archive nor a document.
pub fn list(
    source: Source,
    options: &Options,
    progress: &Progress,
    show: &mut dyn FnMut(&Listed) -> ControlFlow<()>,
) -> Result<Contents, Error> {
    match open(source, options, progress)? {
        Either::Document(catalog) => Ok(Contents::Document(catalog)),
        Either::File(feed, host) => listing(walk(feed, host, progress), Envelope::Plain, show),
        Either::Stream(feed, envelope, host) => {
            listing(walk(*feed, host, progress), envelope, show)
        }
    }
}

fn listing<F: Feed>(
    mut walk: Walk<'_, F>,
    envelope: Envelope,
    show: &mut dyn FnMut(&Listed) -> ControlFlow<()>,
) -> Result<Contents, Error> {
    let mut block: Option<(BlockName, Listed)> = None;
    let mut walked = loop {
        let member = match walk.next() {
            Ok(member) => member,
            Err(walked) => break walked,
        };
        let name = MemberName::classify(&member.name).name;
        let listed = Listed { member, sum: None };
        if let (Some((of, mut listed_block)), MemberName::Sum(name, kind)) = (block.take(), &name) {
            let belongs = of == *name;
            if belongs {
                let mut text = [0; SUM_TEXT];
                let wanted = usize::try_from(listed.member.size)
                    .unwrap_or(SUM_TEXT)
                    .min(SUM_TEXT);
                let from = walk.feed.position();
                match walk.feed.read(&mut text[..wanted]) {
                    Ok(_) if walk.feed.is_unreadable(from) => {}
                    Ok(n) => listed_block.sum = Some((*kind, text[..n].to_vec())),
                    Err(fault) => break walk.gave_out(fault),
                }
            }
            if show(&listed_block).is_break() {
                break Walked::Enough;
            }
            if belongs {
                continue;
            }
        }
        match name {
            MemberName::Block(name) => block = Some((name, listed)),
            _ if show(&listed).is_break() => break Walked::Enough,
            _ => {}
        }
    };
    if let Some((_, listed)) = block
        && walked != Walked::Enough
        && show(&listed).is_break()
    {
        walked = Walked::Enough;
    }
    no_archive(&mut walk, &walked)?;
    // The last check value of a compression stands behind all members.
    if envelope != Envelope::Plain
        && walked == Walked::Complete
        && let Err(other) = walk.read_out()
    {
        walked = other;
    }
    Ok(Contents::Members {
        envelope,
        walked,
        lost: walk.lost,
        damage: walk.damage(),
    })
}

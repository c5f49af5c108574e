//! Walking an archive that is in memory as a whole: for tests, for small documents, and as the
//! shortest example of a driver. Not here: files, streams, payloads.

use super::BLOCK;
use super::limits::{Belief, Limits};
use super::member::Member;
use super::oddity::{Ending, Located, Trailing};
use super::walker::{Step, Walker, Want};

/// All that a walk finds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Walked {
    /// The members in stream order. A member whose payload the input cuts short is among them.
    pub members: Vec<Member>,
    /// The oddities in the order in which they were noticed.
    pub oddities: Vec<Located>,
    /// How many end markers were seen.
    pub end_markers: usize,
    /// How the stream ended.
    pub ending: Ending,
    /// Bytes missing from the payload in which the input ended, 0 if it did not end in one.
    pub missing_payload: u64,
    /// What is behind the end marker.
    pub trailing: Trailing,
}

/// Walks through `bytes` to their end, also behind the end marker.
#[must_use]
pub fn walk_slice(bytes: &[u8], limits: Limits, belief: Belief) -> Walked {
    let mut walker = Walker::new(limits, belief);
    let (mut members, mut oddities, mut end_markers) = (Vec::new(), Vec::new(), 0usize);
    let (have, missing_payload) = loop {
        let rest = match rest(bytes, walker.offset()) {
            Ok(rest) => rest,
            Err(missing) => break (0, missing),
        };
        let step = match walker.want() {
            Want::Block => match rest.first_chunk::<BLOCK>() {
                Some(block) => walker.block(block),
                None => break (rest.len(), 0),
            },
            Want::Extension { padded, .. } => match rest.get(..padded) {
                Some(payload) => walker.extension(payload),
                None => break (rest.len(), 0),
            },
            Want::Nothing => break (0, 0),
        };
        oddities.append(&mut walker.take_oddities());
        match step {
            Step::More => {}
            Step::Member(member) => members.push(*member),
            Step::End => end_markers = end_markers.saturating_add(1),
        }
    };
    let ending = walker.finish(have);
    oddities.append(&mut walker.take_oddities());
    let trailing = walker.trailing();
    Walked {
        members,
        oddities,
        end_markers,
        ending,
        missing_payload,
        trailing,
    }
}

/// The bytes from `offset` on, or how many are missing before it.
fn rest(bytes: &[u8], offset: u64) -> Result<&[u8], u64> {
    let len = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    let start = usize::try_from(offset).ok();
    start
        .and_then(|start| bytes.get(start..))
        .ok_or(offset.saturating_sub(len))
}

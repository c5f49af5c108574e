//! Any bytes as a tar stream, block by block.

use xenspect_archive::tar::{
    BLOCK, Belief, Ending, Limits, Located, Member, Step, Trailing, Walker, Want, walk_slice,
};
use xenspect_archive::xva::MemberName;

use crate::sealed::sealed;
use crate::tar_reader;

/// Believes what an export could hold, as a scan does.
fn of_an_export(name: &[u8], size: u64) -> bool {
    MemberName::classify(name).name != MemberName::Foreign && size <= 1 << 20
}

/// So tight that small inputs reach every limit.
const TIGHT: Limits = Limits {
    extension_bytes: 1024,
    pending_extensions: 2,
    believed_payload: 4096,
    sparse_blocks: 2,
    kept_oddities: 2,
};

/// Walks through the bytes as through a tar archive, with the usual limits and believing
/// everything, and with tight limits and believing what an export could hold; then both once more
/// with the header checksums put right.
///
/// Invariants:
/// - the walker's offset grows with everything it takes, so the walk ends;
/// - it never wants a longer extension than its limit, and keeps no more oddities than its limit;
/// - members lie in stream order without overlap, each with its header before its payload and
///   within the input, and the walker goes on exactly behind the payload and its padding;
/// - oddities point at something the walker has taken;
/// - an ending that is called complete follows an end marker, and what is behind the marker is
///   counted to the byte;
/// - [`walk_slice`] finds the same;
/// - another reader finds the same members where nothing is odd.
///
/// # Panics
///
/// When one of them does not hold.
pub fn tar_walker(data: &[u8]) {
    for data in [data, &sealed(data)] {
        walk(data, Limits::default(), |_, _| true);
        walk(data, TIGHT, of_an_export);
    }
}

/// One walk and what it found.
struct Walk<'a> {
    data: &'a [u8],
    limits: Limits,
    walker: Walker,
    members: Vec<Member>,
    oddities: Vec<Located>,
    /// Offset behind the last end marker that a step told.
    marker_end: Option<u64>,
    end_markers: usize,
}

fn walk(data: &[u8], limits: Limits, belief: Belief) {
    let mut walk = Walk {
        data,
        limits,
        walker: Walker::new(limits, belief),
        members: Vec::new(),
        oddities: Vec::new(),
        marker_end: None,
        end_markers: 0,
    };
    let have = walk.through();
    let ending = walk.walker.finish(have);
    walk.take_oddities();
    assert_eq!(walk.walker.want(), Want::Nothing);
    assert_eq!(
        walk.walker.block(&[0; BLOCK]),
        Step::More,
        "something after the end"
    );
    let trailing = walk.walker.trailing();
    walk.check_ending(ending, trailing);

    let walked = walk_slice(data, limits, belief);
    assert_eq!(walked.members, walk.members);
    assert_eq!(walked.oddities, walk.oddities);
    assert_eq!(walked.end_markers, walk.end_markers);
    assert_eq!(walked.ending, ending);
    assert_eq!(walked.trailing, trailing);
    let is_plain = walk.oddities.is_empty() && walk.end_markers == 1 && trailing.bytes == 0;
    if is_plain && ending == Ending::Complete {
        tar_reader::check(data, &walk.members);
    }
    let missing = walk.walker.offset().saturating_sub(data.len() as u64);
    let in_payload =
        matches!(walk.members.last(), Some(last) if last.end_offset() > data.len() as u64);
    if in_payload {
        assert_eq!(walked.missing_payload, missing);
    }
}

impl Walk<'_> {
    /// Brings everything that is wanted, as long as it is there. Returns how much of the last
    /// wanted thing there was.
    fn through(&mut self) -> usize {
        loop {
            let before = self.walker.offset();
            let start = usize::try_from(before).unwrap_or(usize::MAX);
            let Some(rest) = self.data.get(start..) else {
                return 0;
            };
            let want = self.walker.want();
            let step = match want {
                Want::Block => match rest.first_chunk::<BLOCK>() {
                    Some(block) => self.walker.block(block),
                    None => return rest.len(),
                },
                Want::Extension { len, padded } => {
                    assert!(len <= self.limits.extension_bytes, "wants {len} bytes");
                    assert!(padded >= len && padded.is_multiple_of(BLOCK));
                    match rest.get(..padded) {
                        Some(payload) => self.walker.extension(payload),
                        None => return rest.len(),
                    }
                }
                Want::Nothing => unreachable!("finish was not called"),
            };
            let after = self.walker.offset();
            assert!(after > before, "{want:?} at {before} leads to {after}");
            self.take_oddities();
            match step {
                Step::More => {}
                Step::Member(member) => self.take_member(*member),
                Step::End => {
                    self.end_markers += 1;
                    self.marker_end = Some(after);
                }
            }
        }
    }

    fn take_oddities(&mut self) {
        let taken = self.walker.take_oddities();
        // One more says how many there are beyond the limit.
        assert!(taken.len() <= self.limits.kept_oddities + 1);
        for oddity in &taken {
            assert!(
                oddity.offset <= self.walker.offset(),
                "{oddity:?} is ahead of the walk"
            );
        }
        self.oddities.extend(taken);
    }

    fn take_member(&mut self, member: Member) {
        let len = self.data.len() as u64;
        let header_end = member.header_offset + BLOCK as u64;
        assert!(
            header_end <= len,
            "its header is behind the input: {member:?}"
        );
        assert!(member.header_offset.is_multiple_of(BLOCK as u64));
        assert_eq!(
            member.data_offset,
            header_end + member.map_blocks() * BLOCK as u64
        );
        assert!(member.data_offset <= len);
        assert!(member.padding() < BLOCK as u64);
        assert_eq!(
            member.end_offset(),
            member.data_offset + member.size + member.padding()
        );
        assert_eq!(self.walker.offset(), member.end_offset());
        let before = self.members.last().map_or(0, Member::end_offset);
        assert!(
            before <= member.header_offset,
            "it begins within the member before: {member:?}"
        );
        self.members.push(member);
    }

    fn check_ending(&self, ending: Ending, trailing: Trailing) {
        let len = self.data.len() as u64;
        match (ending, self.marker_end) {
            (Ending::Complete, Some(marker_end)) if self.oddities_after(marker_end) => {
                assert!(trailing.bytes <= len - marker_end);
            }
            (Ending::Complete, Some(marker_end)) => assert_eq!(trailing.bytes, len - marker_end),
            // The marker was found behind lost bytes, when the input ended.
            (Ending::Complete, None) => assert!(trailing.bytes <= len.saturating_sub(1024)),
            (Ending::InHeader { have } | Ending::InExtension { have }, _) => {
                assert!(have < self.limits.extension_bytes.max(BLOCK) && have as u64 <= len);
            }
            (Ending::InSparseMap { have }, _) => assert!(have < BLOCK),
            _ => {}
        }
        if let Some(offset) = trailing.first_odd {
            let behind = usize::try_from(offset)
                .ok()
                .and_then(|at| self.data.get(at..))
                .unwrap_or_default();
            let is_odd = match behind.first_chunk::<BLOCK>() {
                Some(block) => block.iter().any(|&b| b != 0),
                None => !behind.is_empty(),
            };
            assert!(is_odd, "{trailing:?}");
        }
    }

    /// Whether the walk went on behind the last marker that a step told, and may have met another.
    fn oddities_after(&self, marker_end: u64) -> bool {
        self.oddities
            .iter()
            .any(|oddity| oddity.offset >= marker_end)
    }
}

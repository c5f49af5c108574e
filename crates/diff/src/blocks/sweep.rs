//! One pass over the blocks of a disk on both sides, in the order of the disk.

use xenspect_archive::xva::NOMINAL_BLOCK;
use xenspect_model::catalog::BlockSum;
use xenspect_model::diff::{BlockRange, Extent, RangeKind};

use super::sides::SideDisk;
use super::zeros::Zeros;

/// Ranges that are kept of a disk; further ones are counted.
const KEPT_RANGES: usize = 10_000;

/// What a pass found.
#[derive(Debug, Default)]
pub(super) struct Swept {
    pub(super) same: Extent,
    pub(super) changed: Extent,
    pub(super) appeared: Extent,
    pub(super) vanished: Extent,
    pub(super) unknown: Extent,
    pub(super) ranges: Vec<BlockRange>,
    pub(super) more_ranges: u64,
    /// The last range, which may be beyond those kept.
    last: Option<BlockRange>,
}

/// Why blocks are unknown, by the number of disks.
#[derive(Debug, Default)]
pub(super) struct Reasons {
    lost_in_old: u64,
    lost_in_new: u64,
    left_out: u64,
    two_kinds: u64,
    without_sum: u64,
}

impl Reasons {
    /// What a reader is told.
    pub(super) fn sentences(&self) -> impl Iterator<Item = String> + use<> {
        let again = "with --read-blocks, sums are computed from the blocks of both";
        let told = [
            (
                self.lost_in_old,
                "the older export is damaged or breaks off: what it lacks for that reason is not compared".to_owned(),
            ),
            (
                self.lost_in_new,
                "the newer export is damaged or breaks off: what it lacks for that reason is not compared".to_owned(),
            ),
            (
                self.left_out,
                "there are blocks without a place on the disk, or more blocks than are kept: those are not compared".to_owned(),
            ),
            (
                self.two_kinds,
                format!("the sums are SHA-1 in one export and XXH64 in the other, and tell nothing of each other: {again}"),
            ),
            (
                self.without_sum,
                format!("there are blocks without a sum, which are not compared: {again}"),
            ),
        ];
        told.into_iter()
            .filter(|(disks, _)| *disks > 0)
            .map(|(disks, what)| match disks {
                1 => format!("On 1 disk, {what}."),
                _ => format!("On {disks} disks, {what}."),
            })
    }
}

/// A part of one side.
#[derive(Debug, Clone, Copy)]
struct Item<'a> {
    start: u64,
    end: u64,
    /// `None` where what is there is lost.
    block: Option<&'a BlockSum>,
}

/// Parts of both sides that overlap, from one gap to the next.
#[derive(Debug, Default)]
struct Cluster<'a> {
    start: u64,
    end: u64,
    /// Of the older and the newer side.
    blocks: [u64; 2],
    first: [Option<&'a BlockSum>; 2],
    lost: [bool; 2],
    /// Blocks that have no sum.
    without_sum: bool,
    /// Every block is known to be zero.
    is_zero: bool,
}

enum Verdict {
    /// Zero on both sides, and stored on one at most.
    Nothing,
    Same,
    Is(RangeKind),
}

/// Compares the blocks of a disk.
pub(super) fn sweep(
    old: &SideDisk<'_>,
    new: &SideDisk<'_>,
    zeros: &mut Zeros,
    reasons: &mut Reasons,
) -> Swept {
    let mut swept = Swept::default();
    let end = old.end().max(new.end());
    let mut sides = [items(old, end).peekable(), items(new, end).peekable()];
    let (mut two_kinds, mut without_sum) = (false, false);
    loop {
        let [old_next, new_next] = &mut sides;
        let starts = [old_next.peek(), new_next.peek()].map(|item| item.map(|item| item.start));
        let Some(start) = starts.into_iter().flatten().min() else {
            break;
        };
        let mut cluster = Cluster {
            start,
            end: start,
            is_zero: true,
            ..Cluster::default()
        };
        loop {
            let mut grew = false;
            for (side, items) in sides.iter_mut().enumerate() {
                let belongs = |item: &Item<'_>| item.start < cluster.end || item.start == start;
                if let Some(item) = items.next_if(belongs) {
                    cluster.take(side, item, zeros);
                    grew = true;
                }
            }
            if !grew {
                break;
            }
        }
        let verdict = cluster.verdict(zeros, &mut two_kinds);
        without_sum |= cluster.without_sum && cluster.lost == [false; 2];
        swept.add(&cluster, &verdict);
    }
    let open_ends = [old, new].map(|side| opens_at_end(side, end));
    let left_out = old.left_out.max(new.left_out);
    let more = left_out.max(u64::from(open_ends != [false; 2]));
    swept.unknown.blocks = swept.unknown.blocks.saturating_add(more);
    let is_lost = |side: &SideDisk<'_>| !side.lost.is_empty() && side.left_out == 0;
    for (count, met) in [
        (&mut reasons.lost_in_old, is_lost(old)),
        (&mut reasons.lost_in_new, is_lost(new)),
        (&mut reasons.left_out, left_out > 0),
        (&mut reasons.two_kinds, two_kinds),
        (&mut reasons.without_sum, without_sum),
    ] {
        *count = count.saturating_add(u64::from(met));
    }
    swept
}

/// Whether a side breaks off where nothing is known of the disk's size, so that no part of it can be named.
fn opens_at_end(side: &SideDisk<'_>, end: u64) -> bool {
    let last = side.lost.last();
    last.is_some_and(|lost| lost.end.is_none() && lost.start >= end)
}

/// Blocks and lost parts of a side, in the order of the disk, which ends at `end`.
fn items<'a>(side: &'a SideDisk<'a>, end: u64) -> impl Iterator<Item = Item<'a>> {
    let mut blocks = side.blocks.iter().peekable();
    let lost = side.lost.iter().map(move |part| Item {
        start: part.start,
        end: part.end.unwrap_or(end),
        block: None,
    });
    let mut lost = lost.filter(|item| item.start < item.end).peekable();
    std::iter::from_fn(move || {
        let is_lost_next = match (blocks.peek(), lost.peek()) {
            (Some(block), Some(lost)) => lost.start < block.start,
            (None, _) => true,
            (Some(_), None) => false,
        };
        if is_lost_next {
            return lost.next();
        }
        blocks.next().map(|block| Item {
            start: block.start,
            end: block.start.saturating_add(u64::from(block.len)),
            block: Some(block),
        })
    })
}

impl<'a> Cluster<'a> {
    fn take(&mut self, side: usize, item: Item<'a>, zeros: &mut Zeros) {
        self.end = self.end.max(item.end);
        let (Some(blocks), Some(first), Some(lost)) = (
            self.blocks.get_mut(side),
            self.first.get_mut(side),
            self.lost.get_mut(side),
        ) else {
            return;
        };
        let Some(block) = item.block else {
            *lost = true;
            return;
        };
        *blocks = blocks.saturating_add(1);
        first.get_or_insert(block);
        self.without_sum |= block.sum.is_none();
        self.is_zero = self.is_zero && zeros.is_zero(block);
    }

    fn verdict(&self, zeros: &mut Zeros, two_kinds: &mut bool) -> Verdict {
        if self.lost != [false; 2] {
            return Verdict::Is(RangeKind::Unknown);
        }
        match (self.blocks, self.first) {
            ([1, 1], [Some(old), Some(new)]) if (old.start, old.len) == (new.start, new.len) => {
                match (old.sum, new.sum) {
                    (Some(old_sum), Some(new_sum)) if old_sum == new_sum => Verdict::Same,
                    (Some(old_sum), Some(new_sum)) if old_sum.kind() == new_sum.kind() => {
                        Verdict::Is(RangeKind::Changed)
                    }
                    (Some(_), Some(_)) => match (zeros.is_zero(old), zeros.is_zero(new)) {
                        (true, true) => Verdict::Same,
                        (false, false) => {
                            *two_kinds = true;
                            Verdict::Is(RangeKind::Unknown)
                        }
                        _ => Verdict::Is(RangeKind::Changed),
                    },
                    _ => Verdict::Is(RangeKind::Unknown),
                }
            }
            _ if self.is_zero => Verdict::Nothing,
            _ if self.without_sum => Verdict::Is(RangeKind::Unknown),
            ([0, _], _) => Verdict::Is(RangeKind::Appeared),
            ([_, 0], _) => Verdict::Is(RangeKind::Vanished),
            _ => Verdict::Is(RangeKind::Changed),
        }
    }
}

impl Swept {
    fn add(&mut self, cluster: &Cluster<'_>, verdict: &Verdict) {
        let len = cluster.end.saturating_sub(cluster.start);
        let [old, new] = cluster.blocks;
        let is = match verdict {
            Verdict::Nothing => return,
            Verdict::Same => {
                self.same.grow(old.max(new), len);
                return;
            }
            Verdict::Is(kind) => *kind,
        };
        // Of a part that is lost, as many blocks as it has room for.
        let blocks = if cluster.lost == [false; 2] {
            old.max(new)
        } else {
            len.div_ceil(NOMINAL_BLOCK)
        };
        let extent = match is {
            RangeKind::Changed => &mut self.changed,
            RangeKind::Appeared => &mut self.appeared,
            RangeKind::Vanished => &mut self.vanished,
            RangeKind::Unknown => &mut self.unknown,
        };
        extent.grow(blocks, len);
        self.range(BlockRange {
            is,
            start: cluster.start,
            len,
        });
    }

    /// Takes a range, and joins it to the one before if they are neighbours of one kind.
    fn range(&mut self, range: BlockRange) {
        let joined = self
            .last
            .filter(|last| {
                last.is == range.is && last.start.saturating_add(last.len) == range.start
            })
            .map(|last| BlockRange {
                len: last.len.saturating_add(range.len),
                ..last
            });
        self.last = Some(joined.unwrap_or(range));
        match joined {
            Some(joined) if self.more_ranges == 0 => {
                if let Some(last) = self.ranges.last_mut() {
                    *last = joined;
                }
            }
            Some(_) => {}
            None if self.ranges.len() < KEPT_RANGES => self.ranges.push(range),
            None => self.more_ranges = self.more_ranges.saturating_add(1),
        }
    }
}

/// Adding up.
trait Grow {
    fn grow(&mut self, blocks: u64, bytes: u64);
}

impl Grow for Extent {
    fn grow(&mut self, blocks: u64, bytes: u64) {
        self.blocks = self.blocks.saturating_add(blocks);
        self.bytes = self.bytes.saturating_add(bytes);
    }
}

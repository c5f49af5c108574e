//! Neighbouring members that had the same fate, as one: ten thousand lost blocks are one run of a disk.

use std::collections::HashMap;

use xenspect_archive::xva::{BlockName, MemberName, NOMINAL_BLOCK, Placement};
use xenspect_model::Range;
use xenspect_model::catalog::{ManifestEntry, Sha256};
use xenspect_model::report::Kind;

/// Runs of a kind that are kept; further ones are counted.
pub(crate) const KEPT: usize = 1000;

/// Runs of one fate.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Runs {
    /// The first of them.
    pub kept: Vec<Run>,
    /// Runs beyond those.
    pub more: u64,
    /// Members of all.
    pub members: u64,
}

/// Neighbouring members that had the same fate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Name of the first one.
    pub first: Vec<u8>,
    /// Name of the last one, if there are several.
    pub last: Option<Vec<u8>>,
    /// How many there are.
    pub members: u64,
    /// The member in front of them: of what was lost or moved in the seal, of what was added in the input.
    pub behind: Option<Vec<u8>>,
    /// Offset of the first one's header in the input's stream, if it is there.
    pub offset: Option<u64>,
    /// Where they are on a disk, if they are blocks and their sums.
    pub disk: Option<DiskPart>,
    /// Of the first one of what was changed: what it was and what it is.
    pub contents: Option<Box<(Contents, Contents)>>,
}

/// What counts of a member beside its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contents {
    /// Its bytes.
    pub size: u64,
    /// SHA-256 of its bytes, if they could be read.
    pub sha256: Option<Sha256>,
    /// Whether the attributes are those of the other side.
    pub same_attributes: bool,
}

/// A part of a disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiskPart {
    /// The disk's folder.
    pub disk: String,
    /// Number of the first block.
    pub block: u64,
    /// Number of the last one.
    pub last_block: u64,
    /// From the first block's first byte to the last one's last, if a block is among the members.
    pub range: Option<Range>,
}

/// One member to be put into a run.
pub(crate) struct Piece<'a> {
    pub(crate) entry: &'a ManifestEntry<'a>,
    /// Its index in the order that neighbours are told by, and in the other one where it has a place there too.
    pub(crate) index: usize,
    pub(crate) other: Option<usize>,
    pub(crate) offset: Option<u64>,
    pub(crate) spot: Option<Spot>,
    pub(crate) contents: Option<(Contents, Contents)>,
}

/// Makes runs of members that come one by one.
#[derive(Default)]
pub(crate) struct Builder {
    runs: Runs,
    across_disks: bool,
    open: Option<(Run, usize, Option<usize>)>,
}

impl Builder {
    /// Makes one run of all neighbours, whatever disks they are of. What part of a disk is told is then that of the first one.
    pub(crate) fn across_disks() -> Self {
        Self {
            across_disks: true,
            ..Self::default()
        }
    }

    /// Adds a member. `behind` is asked for the one in front of it where a run begins.
    pub(crate) fn push(&mut self, piece: Piece<'_>, behind: impl FnOnce() -> Option<Vec<u8>>) {
        self.runs.members = self.runs.members.saturating_add(1);
        let disk = piece.spot.map(Spot::part);
        if let Some((run, index, other)) = &mut self.open
            && follows(*index, piece.index)
            && is_next(*other, piece.other)
            && (joined(&mut run.disk, disk.as_ref()) || self.across_disks)
        {
            run.members = run.members.saturating_add(1);
            run.last = Some(piece.entry.name.to_vec());
            (*index, *other) = (piece.index, piece.other);
            return;
        }
        self.close();
        let run = Run {
            first: piece.entry.name.to_vec(),
            last: None,
            members: 1,
            behind: behind(),
            offset: piece.offset,
            disk,
            contents: piece.contents.map(Box::new),
        };
        self.open = Some((run, piece.index, piece.other));
    }

    /// All runs.
    pub(crate) fn finish(mut self) -> Runs {
        self.close();
        self.runs
    }

    fn close(&mut self) {
        let Some((run, ..)) = self.open.take() else {
            return;
        };
        if self.runs.kept.len() < KEPT {
            self.runs.kept.push(run);
        } else {
            self.runs.more = self.runs.more.saturating_add(1);
        }
    }
}

fn follows(index: usize, next: usize) -> bool {
    index.checked_add(1) == Some(next)
}

fn is_next(one: Option<usize>, next: Option<usize>) -> bool {
    match (one, next) {
        (Some(one), Some(next)) => follows(one, next),
        (None, None) => true,
        _ => false,
    }
}

/// Makes a part of a disk longer by another one, if that is of the same disk.
fn joined(part: &mut Option<DiskPart>, next: Option<&DiskPart>) -> bool {
    let (Some(part), Some(next)) = (part.as_mut(), next) else {
        return part.is_none() && next.is_none();
    };
    if part.disk != next.disk {
        return false;
    }
    part.block = part.block.min(next.block);
    part.last_block = part.last_block.max(next.last_block);
    part.range = match (part.range, next.range) {
        (Some(one), Some(next)) => Some(hull(one, next)),
        (one, next) => one.or(next),
    };
    true
}

fn hull(one: Range, other: Range) -> Range {
    let end = |range: Range| range.start.saturating_add(range.length);
    let start = one.start.min(other.start);
    Range {
        start,
        length: end(one).max(end(other)).saturating_sub(start),
    }
}

/// Where a block is, or the one that a sum is of.
pub(crate) struct Spot {
    name: BlockName,
    range: Option<Range>,
}

impl Spot {
    fn part(self) -> DiskPart {
        DiskPart {
            disk: self.name.disk,
            block: self.name.number,
            last_block: self.name.number,
            range: self.range,
        }
    }
}

/// Places the blocks of a seal, in which only names and sizes are known, as the placement of an archive does.
pub(crate) struct Placed {
    has_disks: bool,
    disks: HashMap<String, Placement>,
}

impl Placed {
    pub(crate) fn new(kind: Kind) -> Self {
        Self {
            has_disks: matches!(kind, Kind::Xva | Kind::VdiTar),
            disks: HashMap::new(),
        }
    }

    /// Where the next member is. Members have to come in their order.
    pub(crate) fn next(&mut self, entry: &ManifestEntry<'_>) -> Option<Spot> {
        let (name, is_block) = self.block(entry)?;
        if !is_block {
            return Some(Spot { name, range: None });
        }
        let placement = match self.disks.get_mut(&name.disk) {
            Some(placement) => placement,
            None => self
                .disks
                .entry(name.disk.clone())
                .or_insert_with(|| Placement::new(NOMINAL_BLOCK)),
        };
        let place = placement.place(name.number, entry.size).ok();
        let range = place.map(|place| Range {
            start: place.start,
            length: entry.size,
        });
        Some(Spot { name, range })
    }

    /// Where a member of the input is.
    pub(crate) fn found(&self, entry: &ManifestEntry<'_>) -> Option<Spot> {
        let (name, _) = self.block(entry)?;
        let range = entry.start.map(|start| Range {
            start,
            length: entry.size,
        });
        Some(Spot { name, range })
    }

    fn block(&self, entry: &ManifestEntry<'_>) -> Option<(BlockName, bool)> {
        if !self.has_disks {
            return None;
        }
        match MemberName::classify(&entry.name).name {
            MemberName::Block(name) => Some((name, true)),
            MemberName::Sum(name, _) => Some((name, false)),
            _ => None,
        }
    }
}

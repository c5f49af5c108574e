//! What of two members is right.

use xenspect_model::catalog::{Manifest, ManifestEntry, SumState};
use xenspect_model::report::{Carries, Difference, Kind};

use super::matching::Pairs;
use super::side::{CopySide, StreamSum};

/// What there is to say of a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Judged {
    /// It is alike in both.
    Same,
    /// It differs, or is wrong in both.
    Differs(Difference, Carries),
}

/// Both copies, and what is the same for all their members.
pub(super) struct Judge<'a> {
    here: Side<'a>,
    there: Side<'a>,
    /// Documents have no headers, so damage can change how long they seem.
    is_document: bool,
}

#[derive(Clone, Copy)]
struct Side<'a> {
    copy: CopySide<'a>,
    /// Blocks of it have sums.
    has_sums: bool,
    has_blocks: bool,
}

impl<'a> Judge<'a> {
    pub(super) fn new(here: CopySide<'a>, there: CopySide<'a>, pairs: &Pairs) -> Self {
        let is_document = |copy: CopySide<'_>| {
            let first = copy.manifest.get(0);
            copy.manifest.len() == 1 && first.is_some_and(|member| is_document(&member))
        };
        Self {
            here: Side::of(here),
            there: Side::of(there),
            is_document: is_document(here) && is_document(there) && pairs.there(0).is_some(),
        }
    }

    /// Whether either has blocks of disks.
    pub(super) fn has_blocks(&self) -> bool {
        self.here.has_blocks || self.there.has_blocks
    }

    /// Judges a member of here, of there, or of both.
    pub(super) fn place(&self, h: Option<usize>, t: Option<usize>) -> Judged {
        match (h, t) {
            (Some(h), Some(t)) => self.pair(h, t),
            (Some(h), None) => alone(self.here, h, self.there, Absent::Wholly),
            (None, Some(t)) => alone(self.there, t, self.here, Absent::Wholly).mirrored(),
            (None, None) => Judged::Same,
        }
    }

    fn pair(&self, h: usize, t: usize) -> Judged {
        let (here, there) = (self.here.copy.manifest, self.there.copy.manifest);
        let (Some(a), Some(b)) = (here.get(h), there.get(t)) else {
            return Judged::Same;
        };
        match (a.sha256, b.sha256) {
            (None, None) => Judged::Differs(Difference::Unread, Carries::Neither),
            (Some(_), None) => alone(self.here, h, self.there, Absent::Unread),
            (None, Some(_)) => alone(self.there, t, self.here, Absent::Unread).mirrored(),
            (Some(one), Some(other)) if one == other && a.size == b.size && same_header(&a, &b) => {
                match (a.sum, b.sum) {
                    (SumState::Wrong, SumState::Wrong | SumState::None)
                    | (SumState::None, SumState::Wrong) => {
                        Judged::Differs(Difference::Alike, Carries::Neither)
                    }
                    _ => Judged::Same,
                }
            }
            _ => Judged::Differs(Difference::Contents, self.right(h, &a, t, &b)),
        }
    }

    /// Which of two members with different contents is right.
    fn right(&self, h: usize, a: &ManifestEntry<'_>, t: usize, b: &ManifestEntry<'_>) -> Carries {
        if (a.sum, b.sum) != (SumState::None, SumState::None) {
            match (a.sum, b.sum) {
                (SumState::Right, SumState::Right) => return Carries::Both,
                (SumState::Right, _) => return Carries::Here,
                (_, SumState::Right) => return Carries::There,
                (SumState::Wrong, SumState::Wrong) => return Carries::Neither,
                _ => {}
            }
        }
        let blocks = (
            block_before(self.here.copy.manifest, h, a),
            block_before(self.there.copy.manifest, t, b),
        );
        if let (Some(of_a), Some(of_b)) = blocks {
            match (of_a.sum, of_b.sum) {
                // Two spellings of one sum, if the block is the same.
                (SumState::Right, SumState::Right) if of_a.sha256 == of_b.sha256 => {
                    return Carries::Untold;
                }
                (SumState::Right, SumState::Right) => return Carries::Both,
                (SumState::Right, _) => return Carries::Here,
                (_, SumState::Right) => return Carries::There,
                // The block of one and the sum of the other may belong together; their digests cannot tell.
                _ => return Carries::Neither,
            }
        }
        // A header has a checksum of its own, so what it says of a member was not changed by damage.
        let as_written = if self.is_document {
            self.here.copy.manifest.complete && self.there.copy.manifest.complete
        } else {
            true
        };
        if as_written && (a.size != b.size || !same_header(a, b)) {
            return Carries::Both;
        }
        match (self.here.copy.stream_sum, self.there.copy.stream_sum) {
            (StreamSum::Right, StreamSum::Wrong) => Carries::Here,
            (StreamSum::Wrong, StreamSum::Right) => Carries::There,
            _ => Carries::Untold,
        }
    }
}

impl<'a> Side<'a> {
    fn of(copy: CopySide<'a>) -> Self {
        let mut side = Self {
            copy,
            has_sums: false,
            has_blocks: false,
        };
        for member in copy.manifest.iter() {
            side.has_sums |= member.sum != SumState::None;
            side.has_blocks |= member.start.is_some();
            if side.has_sums {
                side.has_blocks = true;
                break;
            }
        }
        side
    }
}

impl Judged {
    /// The same seen from the other copy.
    fn mirrored(self) -> Self {
        match self {
            Self::Same => Self::Same,
            Self::Differs(differs, right) => {
                let differs = match differs {
                    Difference::OnlyHere => Difference::OnlyThere,
                    Difference::OnlyThere => Difference::OnlyHere,
                    other => other,
                };
                Self::Differs(differs, right.mirrored())
            }
        }
    }
}

/// How the other copy lacks a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Absent {
    /// There is nothing of it.
    Wholly,
    /// Its contents could not be read.
    Unread,
}

/// Judges a member that one side alone has.
fn alone(side: Side<'_>, index: usize, other: Side<'_>, absent: Absent) -> Judged {
    let manifest = side.copy.manifest;
    let Some(member) = manifest.get(index) else {
        return Judged::Same;
    };
    if member.sha256.is_none() {
        return Judged::Differs(Difference::Unread, Carries::Neither);
    }
    let of_its_block = block_before(manifest, index, &member).map(|block| block.sum);
    let right = match (member.sum, of_its_block) {
        (SumState::Right, _) | (SumState::None, Some(SumState::Right)) => Carries::Here,
        (SumState::Wrong, _) | (SumState::None, Some(SumState::Wrong)) => Carries::Neither,
        // Its sum was lost, or is the last thing of all.
        (SumState::None, _) if member.start.is_some() && side.has_sums => Carries::Untold,
        (SumState::None, _) if member.start.is_none() && is_sum(&member.name) => Carries::Untold,
        // A block without a sum: what is not there means zeros, so it may have been lost without a trace, or never been there.
        _ if absent == Absent::Wholly && member.start.is_some() && other.copy.manifest.complete => {
            Carries::Untold
        }
        // Damage makes no other member vanish without a trace, so the other never had it.
        _ if absent == Absent::Wholly && other.copy.manifest.complete => Carries::Both,
        _ => Carries::Here,
    };
    Judged::Differs(Difference::OnlyHere, right)
}

/// Whether what a header says beside the length is the same, where it was kept.
fn same_header(a: &ManifestEntry<'_>, b: &ManifestEntry<'_>) -> bool {
    match (a.attributes, b.attributes) {
        (Some(a), Some(b)) => a == b,
        _ => true,
    }
}

/// Of the sum at an index the block right before it.
pub(super) fn block_before<'a>(
    manifest: &'a Manifest,
    index: usize,
    member: &ManifestEntry<'_>,
) -> Option<ManifestEntry<'a>> {
    let block = block_of(&member.name)?;
    let before = manifest.get(index.checked_sub(1)?)?;
    (*before.name == *block).then_some(before)
}

/// The name of the block that a sum is of, by its own name.
fn block_of(name: &[u8]) -> Option<&[u8]> {
    name.strip_suffix(b".checksum")
        .or_else(|| name.strip_suffix(b".xxhash"))
}

fn is_sum(name: &[u8]) -> bool {
    block_of(name).is_some()
}

/// Whether a member that is the only one is what a manifest has of a document. An archive of nothing but an `ova.xml` looks the
/// same, and counts as one.
fn is_document(member: &ManifestEntry<'_>) -> bool {
    let kinds = [Kind::PoolDb, Kind::RedoLog, Kind::OvaXml];
    let names = kinds.map(Kind::name);
    names.iter().any(|name| *member.name == *name.as_bytes()) || *member.name == *b"ova.xml"
}

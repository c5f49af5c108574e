//! An input compared with its seal.

use xenspect_model::catalog::{Manifest, ManifestEntry, StoredFile};
use xenspect_model::report::{Envelope, Kind, Packing};

use crate::align::{Alignment, Fate};
use crate::runs::{Builder, Contents, Piece, Placed, Run, Runs};
use crate::seal::{Seal, described_at};

/// What an input is, for the comparison.
#[derive(Debug, Clone, Copy)]
pub struct Found<'a> {
    /// What kind it is, if that could be told.
    pub kind: Option<Kind>,
    /// How it is packed.
    pub envelope: Option<Envelope>,
    /// The file as it is stored, with its SHA-256.
    pub stored: Option<&'a StoredFile>,
    /// Its members.
    pub manifest: Option<&'a Manifest>,
}

/// How an input compares with its seal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The file is the one that was sealed, byte for byte.
    SameFile,
    /// All members are as they were sealed, in their order, and there are no others.
    SameMembers(Packing),
    /// Members differ.
    Differs(Box<Differences>),
    /// It is another archive.
    OtherArchive {
        /// What kind it is.
        kind: Option<Kind>,
        /// Members that are the same.
        same: u64,
    },
    /// The file differs, and its members are not known.
    OtherFile,
    /// Neither the file's digest nor its members are known.
    NotCompared,
}

/// What differs between the members of a seal and of an input.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Differences {
    /// Members that are gone.
    pub lost: Runs,
    /// Those at the end of an input that was not read to its proper end: they may be gone, or behind the end of what was read.
    pub behind_the_end: Option<Run>,
    /// Members that were not there.
    pub added: Runs,
    /// Members that are elsewhere in the order.
    pub moved: Runs,
    /// Members with other contents or attributes.
    pub changed: Runs,
    /// Members that could not be read, or could not be when they were sealed.
    pub unread: u64,
    /// Members that are as they were sealed.
    pub same: u64,
}

impl Seal {
    /// Compares an input with the seal. Takes time in the number of members, and memory in the number of those between the first
    /// and the last one that differ.
    #[must_use]
    pub fn compare(&self, found: &Found<'_>) -> Outcome {
        let digest = found.stored.and_then(StoredFile::sha256);
        if digest == Some(self.about.sha256) {
            return Outcome::SameFile;
        }
        let Some(manifest) = found.manifest.filter(|_| found.kind.is_some()) else {
            return match digest {
                Some(_) => Outcome::OtherFile,
                None => Outcome::NotCompared,
            };
        };
        let alignment = Alignment::of(&self.members, manifest);
        let differences = self.differences(manifest, &alignment);
        if differences.is_none() {
            return Outcome::SameMembers(self.packing(found, digest.is_some()));
        }
        if self.is_of_another(found, manifest, &alignment, &differences) {
            return Outcome::OtherArchive {
                kind: found.kind,
                same: differences.same,
            };
        }
        Outcome::Differs(Box::new(differences))
    }

    fn packing(&self, found: &Found<'_>, read: bool) -> Packing {
        match (self.about.envelope, found.envelope) {
            _ if !read => Packing::Untold,
            (Envelope::Plain, Some(Envelope::Plain)) => Packing::Repacked,
            _ => Packing::Recompressed,
        }
    }

    fn differences(&self, found: &Manifest, alignment: &Alignment) -> Differences {
        let mut unread = 0_u64;
        let mut same = 0_u64;
        let tail = match found.complete && found.left_out == 0 {
            true => usize::MAX,
            false => alignment.lost_from(self.members.len()),
        };
        let mut behind_the_end = Builder::across_disks();
        let [mut lost, mut moved, mut changed, mut added] = [(); 4].map(|()| Builder::default());
        let mut placed = Placed::new(self.about.kind);
        let differs = alignment
            .fates()
            .any(|(_, fate)| !matches!(fate, Fate::Same(_)));
        if differs {
            // Blocks are placed from the first one on.
            for entry in self.members.iter().take(alignment.before()) {
                placed.next(&entry);
            }
        }
        let behind = |all: &Manifest, index: usize| {
            let before = all.get(index.checked_sub(1)?)?;
            Some(before.name.into_owned())
        };
        for (index, fate) in alignment.fates().filter(|_| differs) {
            let Some(entry) = self.members.get(index) else {
                continue;
            };
            let spot = placed.next(&entry);
            let piece = Piece {
                entry: &entry,
                index,
                other: None,
                offset: None,
                spot,
                contents: None,
            };
            let in_front = || behind(&self.members, index);
            match fate {
                Fate::Same(_) => same = same.saturating_add(1),
                Fate::Unread(_) => unread = unread.saturating_add(1),
                Fate::Lost if index >= tail => behind_the_end.push(piece, in_front),
                Fate::Lost => lost.push(piece, in_front),
                Fate::Moved(at) | Fate::Changed(at) => {
                    let other = found.get(at);
                    let offset = other.as_ref().map(|other| other.offset);
                    let (of_fate, contents) = match fate {
                        Fate::Moved(_) => (&mut moved, None),
                        _ => (&mut changed, other.map(|other| contents(&entry, &other))),
                    };
                    let piece = Piece {
                        other: Some(at),
                        offset,
                        contents,
                        ..piece
                    };
                    of_fate.push(piece, in_front);
                }
            }
        }
        for index in alignment.added() {
            let Some(entry) = found.get(index) else {
                continue;
            };
            let piece = Piece {
                entry: &entry,
                index,
                other: None,
                offset: Some(entry.offset),
                spot: placed.found(&entry),
                contents: None,
            };
            added.push(piece, || behind(found, index));
        }
        let mut differences = Differences {
            lost: lost.finish(),
            behind_the_end: behind_the_end.finish().kept.pop(),
            added: added.finish(),
            moved: moved.finish(),
            changed: changed.finish(),
            unread,
            same: 0,
        };
        let sealed = u64::try_from(self.members.len()).unwrap_or(u64::MAX);
        differences.same = sealed.saturating_sub(differences.not_the_same());
        debug_assert!(same <= differences.same);
        differences
    }

    /// Whether hardly a member is the same, its description least of all. A copy of the sealed archive can be damaged so badly,
    /// but then its description is as it was, or what is not the same is lost and not another.
    fn is_of_another(
        &self,
        found: &Found<'_>,
        manifest: &Manifest,
        alignment: &Alignment,
        differences: &Differences,
    ) -> bool {
        const FEW: u64 = 16;
        let is_document = matches!(self.about.kind, Kind::OvaXml | Kind::PoolDb | Kind::RedoLog);
        if found.kind == Some(self.about.kind) && is_document {
            return false;
        }
        if manifest.is_empty() {
            return false;
        }
        let described = described_at(self.about.kind, &self.members);
        let description_holds = described.is_some_and(|described| {
            described < alignment.before()
                || alignment.fates().any(|(index, fate)| {
                    index == described && matches!(fate, Fate::Same(_) | Fate::Moved(_))
                })
        });
        let there = u64::try_from(manifest.len()).unwrap_or(u64::MAX);
        let same = differences.same.saturating_add(differences.moved.members);
        let unread = differences.unread > there / 2;
        !description_holds && !unread && same.saturating_mul(FEW) < there.max(FEW)
    }
}

fn contents(sealed: &ManifestEntry<'_>, found: &ManifestEntry<'_>) -> (Contents, Contents) {
    let same_attributes = sealed.attributes == found.attributes;
    let of = |entry: &ManifestEntry<'_>| Contents {
        size: entry.size,
        sha256: entry.sha256,
        same_attributes,
    };
    (of(sealed), of(found))
}

impl Differences {
    fn is_none(&self) -> bool {
        self.not_the_same() == 0 && self.added.members == 0
    }

    /// Sealed members that are not as they were sealed.
    fn not_the_same(&self) -> u64 {
        let behind = self.behind_the_end.as_ref().map_or(0, |run| run.members);
        [
            self.lost.members,
            behind,
            self.moved.members,
            self.changed.members,
            self.unread,
        ]
        .into_iter()
        .fold(0, u64::saturating_add)
    }
}

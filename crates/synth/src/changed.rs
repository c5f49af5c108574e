//! Pairs of archives of one VM, or of one of its disks, that differ in exactly the named places. They are written as XAPI
//! writes them.
//!
//! ```
//! use xenspect_synth::{Edit, Recipe, changed};
//!
//! let recipe = Recipe::named("two-disks").expect("a recipe of that name");
//! let [old, new] = changed::pair(&recipe, &[Edit::Contents { disk: 0, chunk: 1 }]);
//! assert_eq!(old.len(), new.len());
//! assert_ne!(old, new);
//! ```

use std::ops::Range;

use crate::content::Content;
use crate::envelope::Envelope;
use crate::member::{Archive, Role};
use crate::recipe::{DiskRecipe, Kind, Recipe, Sums};
use crate::records::Ids;
use crate::sum::SumKind;

/// What the newer archive has otherwise. Disks are counted in the order of the recipe, chunks from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    /// One byte of a stored chunk.
    Contents {
        /// Its disk.
        disk: usize,
        /// The chunk.
        chunk: u64,
    },
    /// Chunks that the older archive leaves out, since they are zero.
    Appeared {
        /// Their disk.
        disk: usize,
        /// The chunks.
        chunks: Range<u64>,
    },
    /// Chunks that the newer archive leaves out, since they are zero.
    Vanished {
        /// Their disk.
        disk: usize,
        /// The chunks.
        chunks: Range<u64>,
    },
    /// A zero chunk that the older archive leaves out and the newer one stores.
    ZeroStored {
        /// Its disk.
        disk: usize,
        /// The chunk.
        chunk: u64,
    },
    /// The size of a disk in bytes.
    Resized {
        /// The disk.
        disk: usize,
        /// Its size in the newer archive.
        to: u64,
    },
    /// A disk behind the others.
    Added(DiskRecipe),
    /// The last disk is gone.
    Removed,
    /// Other numbers for everything: the same VM exported from another place in a pool.
    Renumbered {
        /// First number used in `Ref:N`.
        first_id: u64,
    },
    /// An empty chunk before a chunk, which shifts the numbers behind it.
    KeepAlive {
        /// The disk.
        disk: usize,
        /// The chunk behind it.
        chunk: u64,
    },
    /// The compression.
    Packed(Envelope),
    /// The algorithm of the sums, `None` for no sums.
    Sums(Option<SumKind>),
}

/// The bytes of both archives, the older one first.
#[must_use]
pub fn pair(recipe: &Recipe, edits: &[Edit]) -> [Vec<u8>; 2] {
    let (mut old, mut new) = (recipe.clone(), recipe.clone());
    let mut flips = Vec::new();
    for edit in edits {
        match edit.clone() {
            Edit::Contents { disk, chunk } => flips.push((disk, chunk)),
            Edit::Appeared { disk, chunks } => zero(&mut old, disk, chunks),
            Edit::Vanished { disk, chunks } => zero(&mut new, disk, chunks),
            Edit::ZeroStored { disk, chunk } => {
                zero(&mut old, disk, chunk..chunk + 1);
                new.disks[disk].stored_zeros.push(chunk);
            }
            Edit::Resized { disk, to } => new.disks[disk].virtual_size = to,
            Edit::Added(disk) => new.disks.push(disk),
            Edit::Removed => {
                new.disks.pop();
            }
            Edit::Renumbered { first_id } => new.first_id = first_id,
            Edit::KeepAlive { disk, chunk } => new.disks[disk].keep_alives.push(chunk),
            Edit::Packed(envelope) => new.envelope = envelope,
            Edit::Sums(kind) => new.sums = kind.map_or(Sums::None, Sums::Always),
        }
    }
    let mut archive = new.archive();
    for (disk, chunk) in flips {
        flip(&mut archive, &new, disk, chunk);
    }
    [old.build(), new.envelope.encode(&archive.encode())]
}

fn zero(recipe: &mut Recipe, disk: usize, chunks: Range<u64>) {
    let disk = &mut recipe.disks[disk];
    assert_ne!(disk.content, Content::Zero, "its chunks are holes already");
    *disk = disk.clone().hole(chunks);
}

/// Changes the first byte of a chunk, and its sum with it.
fn flip(archive: &mut Archive, recipe: &Recipe, disk: usize, chunk: u64) {
    let directory = directory(recipe, disk);
    let keep_alives = &recipe.disks[disk].keep_alives;
    let number = chunk + keep_alives.iter().filter(|&&at| at <= chunk).count() as u64;
    let at = archive
        .members
        .iter()
        .position(|member| {
            matches!(&member.role, Role::Block { disk, number: n } if *disk == directory && *n == number)
        })
        .expect("a chunk that is stored");
    archive.members[at].payload[0] ^= 0xff;
    if let Some(sum) = archive.sum_of(at) {
        let Role::Sum { kind, .. } = archive.members[sum].role else {
            return;
        };
        archive.members[sum].payload = kind.text(&archive.members[at].payload).into_bytes();
    }
}

/// The folder of a disk's chunks.
fn directory(recipe: &Recipe, disk: usize) -> String {
    if recipe.kind == Kind::PerDisk {
        return "vdi".to_owned();
    }
    let ids = Ids::allocate(recipe);
    let vbd = ids.vbds.into_iter().find(|vbd| vbd.disk == Some(disk));
    vbd.expect("a disk that is attached").vdi
}

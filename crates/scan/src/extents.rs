//! Where each disk of a plain archive lies, found without reading it: blocks of a disk follow one
//! another at equal distances nearly everywhere, so the last of a run is found by doubling steps
//! and halving them, one header a step. Where a distance changes (a keep-alive, a shorter last
//! block) a new run begins. What that tells is how much an archive stores of each disk; no block
//! and no sum is read.

use xenspect_archive::tar::{BLOCK, Step, Walker};
use xenspect_archive::xva::MemberName;
use xenspect_model::catalog::Extent;

use crate::driver::walk_limits;
use crate::source::{ReadAt, read_full_at};

/// Headers looked at before this is given up: with their sums, about a megabyte.
const HEADERS: usize = 1500;

const UNIT: u64 = BLOCK as u64;

/// A member as far as this needs it.
struct Seen {
    name: MemberName,
    size: u64,
}

struct Search<'a> {
    reader: &'a dyn ReadAt,
    left: usize,
}

/// A block and, behind it, its sum.
struct Pair {
    disk: String,
    number: u64,
    size: u64,
    /// Bytes from its header to that of the next member behind the sum.
    span: u64,
}

/// The extents of the disks from the header at `start` on. `None` when a header is not that of a
/// block, or when there are too many runs.
pub(crate) fn extents(reader: &dyn ReadAt, start: u64) -> Option<Vec<Extent>> {
    let mut search = Search {
        reader,
        left: HEADERS,
    };
    let mut extents: Vec<Extent> = Vec::new();
    let mut at = start;
    while let Some(first) = search.pair(at)? {
        let blocks = search.run(at, &first)?;
        let end = at.checked_add(first.span.checked_mul(blocks)?)?;
        let stored = first.size.checked_mul(blocks)?;
        let known = extents.iter().position(|extent| extent.disk == first.disk);
        match known {
            None => extents.push(Extent {
                disk: first.disk,
                start: at,
                end,
                stored,
            }),
            Some(position) if position + 1 == extents.len() => {
                let last = extents.get_mut(position)?;
                last.end = end;
                last.stored = last.stored.checked_add(stored)?;
            }
            // A disk that is there twice is for `verify` to tell.
            Some(_) => return None,
        }
        at = end;
    }
    Some(extents)
}

impl Search<'_> {
    /// The header at an offset; `None` inside for what is none.
    fn header(&mut self, at: u64) -> Option<Option<Seen>> {
        self.left = self.left.checked_sub(1)?;
        let mut block = [0; BLOCK];
        let have = read_full_at(self.reader, &mut block, at).ok()?;
        if have < block.len() || block == [0; BLOCK] {
            return Some(None);
        }
        // Each header by itself: nothing is believed that its own checksum does not bear out.
        let mut walker = Walker::new(walk_limits(), |_, _| false);
        Some(match walker.block(&block) {
            Step::Member(member) => Some(Seen {
                name: MemberName::classify(&member.name).name,
                size: member.size,
            }),
            _ => None,
        })
    }

    /// The pair at an offset. `None` inside at the end of the blocks, outside where it is no pair.
    fn pair(&mut self, at: u64) -> Option<Option<Pair>> {
        let Some(block) = self.header(at)? else {
            return Some(None);
        };
        let MemberName::Block(name) = block.name else {
            // The table at the end of old archives.
            return (block.name == MemberName::LegacyTable).then_some(None);
        };
        let behind = at.checked_add(UNIT)?.checked_add(padded(block.size)?)?;
        let span = match self.header(behind)? {
            Some(Seen {
                name: MemberName::Sum(of, _),
                size,
            }) if of == name => behind.checked_add(UNIT)?.checked_add(padded(size)?)?,
            _ => behind,
        };
        Some(Some(Pair {
            disk: name.disk,
            number: name.number,
            size: block.size,
            span: span.checked_sub(at)?,
        }))
    }

    /// Whether a block of that disk and size, with a higher number, begins `steps` spans further.
    fn same(&mut self, at: u64, first: &Pair, steps: u64) -> Option<bool> {
        let there = first
            .span
            .checked_mul(steps)
            .and_then(|distance| at.checked_add(distance));
        let Some(there) = there else {
            return Some(false);
        };
        Some(match self.header(there)? {
            Some(Seen {
                name: MemberName::Block(name),
                size,
            }) => {
                name.disk == first.disk
                    && size == first.size
                    && name.number >= first.number.saturating_add(steps)
            }
            _ => false,
        })
    }

    /// How many blocks the run has that begins with a pair.
    fn run(&mut self, at: u64, first: &Pair) -> Option<u64> {
        let mut inside: u64 = 0;
        let mut outside: u64 = 1;
        while self.same(at, first, outside)? {
            inside = outside;
            outside = outside.checked_mul(2)?;
        }
        while outside - inside > 1 {
            let middle = inside + (outside - inside) / 2;
            if self.same(at, first, middle)? {
                inside = middle;
            } else {
                outside = middle;
            }
        }
        inside.checked_add(1)
    }
}

fn padded(size: u64) -> Option<u64> {
    size.checked_next_multiple_of(UNIT)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    use xenspect_synth::Recipe;

    use crate::{Options, Progress, Source, scan};

    /// What a walk through all headers says.
    fn walked(archive: &[u8]) -> BTreeMap<String, u64> {
        let source = Source::memory(archive.to_vec());
        let catalog = scan(source, &Options::default(), &Progress::default()).unwrap();
        let archive = catalog.into_archive().unwrap();
        let stored =
            |disk: &xenspect_model::catalog::Disk| (disk.shape.id.clone(), disk.shape.stored);
        archive.disks.iter().map(stored).collect()
    }

    /// Where the first member behind `ova.xml` begins.
    fn behind_description(archive: &[u8]) -> u64 {
        let header = tar::Header::from_byte_slice(&archive[..BLOCK]);
        UNIT + padded(header.entry_size().unwrap()).unwrap()
    }

    #[test]
    fn extents_agree_with_a_walk() {
        let mut compared = 0;
        for (name, _) in Recipe::names() {
            let archive = Recipe::named(name).unwrap().build();
            if archive.get(..7) != Some(b"ova.xml") {
                continue;
            }
            let found = extents(&archive, behind_description(&archive));
            let Some(found) = found else { continue };
            let found: BTreeMap<_, _> = found
                .into_iter()
                .map(|extent| (extent.disk, extent.stored))
                .collect();
            assert_eq!(found, walked(&archive), "{name}");
            compared += 1;
        }
        assert!(compared > 20, "{compared} recipes were compared");
    }
}

//! Keeps the blocks of an archive with their sums, for who wants to compare two archives. What is not known of a disk is
//! kept too: a block that damage took away must not look like one that never was.

use std::collections::BTreeMap;

use xenspect_archive::xva::{BlockAt, BlockName, Digest, Disk, StoredSum, SumKind};
use xenspect_model::catalog::{BlockSum, DiskBlocks, LostPart};

/// The block of a job whose digest is to be kept: index of its disk, and its own among those kept of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Slot {
    disk: u32,
    block: u32,
}

/// A digest that a worker computed for a slot.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Computed {
    pub(crate) slot: Slot,
    pub(crate) xxh64: u64,
}

/// The blocks met so far.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    disks: Vec<OfDisk>,
    kept: u64,
    /// Unreadable bytes were passed since the last block was met.
    loss: bool,
    /// Unreadable bytes stand before the block that is not settled yet.
    open_after_loss: bool,
    /// Keep the numbers too, for a table of sums at the end.
    numbers: bool,
}

#[derive(Debug, Default)]
struct OfDisk {
    blocks: Vec<BlockSum>,
    /// By the index of a block, where they are kept.
    numbers: Vec<u64>,
    lost: Vec<LostPart>,
    left_out: u64,
    /// Where the last block ends.
    end: u64,
    /// Blocks that the assembly knew to be lost when the last one was kept.
    known_lost: u64,
    /// From here on blocks are left out.
    full: bool,
}

impl Kept {
    /// Says that the sums are in a table at the end, by the names of blocks.
    pub(crate) fn sums_in_table(&mut self) {
        self.numbers = true;
    }

    /// Says that unreadable bytes lie between the last member and the next.
    pub(crate) fn bytes_lost(&mut self) {
        self.loss = true;
    }

    /// Says that the next block is met, which is settled by what follows it.
    pub(crate) fn opened(&mut self) {
        self.open_after_loss |= std::mem::take(&mut self.loss);
    }

    /// Takes a settled block; `known_lost` is what is known to be lost of its disk up to it. The slot is where a digest of it
    /// belongs.
    pub(crate) fn block(
        &mut self,
        block: &BlockAt,
        sum: Option<Digest>,
        known_lost: u64,
        limit: u64,
    ) -> Option<Slot> {
        let loss = std::mem::take(&mut self.open_after_loss);
        if self.disks.len() <= block.disk {
            self.disks.resize_with(block.disk + 1, OfDisk::default);
        }
        let of_disk = &mut self.disks[block.disk];
        let Some(place) = block.place else {
            of_disk.left_out += 1;
            self.open_after_loss = loss;
            return None;
        };
        if loss || known_lost > of_disk.known_lost {
            // A part that is lost takes room as a block does.
            if self.kept >= limit {
                of_disk.lose_rest(of_disk.end);
            } else if of_disk.lose(place.start) {
                self.kept += 1;
            }
        }
        of_disk.known_lost = known_lost;
        if !of_disk.full {
            of_disk.end = place.start.saturating_add(block.len);
        }
        if block.len == 0 {
            return None;
        }
        // No exporter writes blocks of 4 GiB.
        let (Ok(len), true) = (u32::try_from(block.len), self.kept < limit && !of_disk.full) else {
            of_disk.leave_out(place.start);
            return None;
        };
        let index = of_disk.blocks.len();
        of_disk.blocks.push(BlockSum {
            start: place.start,
            len,
            sum,
        });
        if self.numbers {
            of_disk.numbers.push(block.number);
        }
        self.kept += 1;
        Some(Slot {
            disk: u32::try_from(block.disk).ok()?,
            block: u32::try_from(index).ok()?,
        })
    }

    /// Fills in what the workers computed.
    pub(crate) fn fill(&mut self, computed: &[Computed]) {
        for Computed { slot, xxh64 } in computed {
            let disk = self.disks.get_mut(slot.disk as usize);
            if let Some(block) = disk.and_then(|disk| disk.blocks.get_mut(slot.block as usize)) {
                block.sum = Some(Digest::Xxh64(*xxh64));
            }
        }
    }

    /// Fills in what a table at the end tells, for blocks without a sum of their own.
    pub(crate) fn fill_from_table(&mut self, shapes: &[Disk], entries: Vec<(String, String)>) {
        let entries: BTreeMap<String, String> = entries.into_iter().collect();
        for (shape, disk) in shapes.iter().zip(&mut self.disks) {
            let OfDisk {
                blocks, numbers, ..
            } = disk;
            let without = blocks.iter_mut().zip(numbers.iter());
            for (block, number) in without.filter(|(block, _)| block.sum.is_none()) {
                let name = BlockName {
                    disk: shape.id.clone(),
                    number: *number,
                    canonical: true,
                };
                block.sum = entries
                    .get(&name.to_string())
                    .and_then(|text| StoredSum::parse(SumKind::Sha1, text.as_bytes()).ok())
                    .map(|sum| sum.digest);
            }
        }
    }

    /// The blocks of each disk. `complete` tells that the archive did not break off; if it did, the rest of the disk that
    /// it was in is lost. `sizes` are the sizes of the disks by the description, where it tells them.
    pub(crate) fn finish(
        mut self,
        shapes: &[Disk],
        complete: bool,
        sizes: impl Fn(&str) -> Option<u64>,
    ) -> Vec<DiskBlocks> {
        self.disks.resize_with(shapes.len(), OfDisk::default);
        let last = shapes.iter().map(|shape| shape.last_offset).max();
        let disks = self.disks.into_iter().zip(shapes);
        disks
            .map(|(mut disk, shape)| {
                let breaks_off = !complete && Some(shape.last_offset) == last;
                let whole = sizes(&shape.id).is_some_and(|size| disk.end >= size);
                let lost_later = shape.lost > disk.known_lost;
                if (breaks_off || shape.lost_at_end || lost_later) && !whole {
                    disk.lose_rest(disk.end);
                }
                DiskBlocks {
                    disk: shape.id.clone(),
                    blocks: disk.blocks,
                    lost: disk.lost,
                    left_out: disk.left_out,
                }
            })
            .collect()
    }
}

impl OfDisk {
    /// Whatever lies between the last block and this place may have been in the archive. `false` where that is nothing, or
    /// known already.
    fn lose(&mut self, until: u64) -> bool {
        let more = !self.full && self.end < until;
        if more {
            self.lost.push(LostPart {
                start: self.end,
                end: Some(until),
            });
        }
        more
    }

    fn leave_out(&mut self, start: u64) {
        self.left_out += 1;
        self.lose_rest(start);
    }

    fn lose_rest(&mut self, start: u64) {
        if !std::mem::replace(&mut self.full, true) {
            self.lost.push(LostPart { start, end: None });
        }
    }
}

#[cfg(test)]
mod tests {
    use xenspect_archive::xva::Place;

    use super::*;
    use crate::options::Limits;

    #[test]
    fn the_blocks_kept_take_what_the_limit_says() {
        let each = u64::try_from(size_of::<BlockSum>()).unwrap();
        assert!(Limits::default().kept_blocks * each <= 160 << 20);
        assert_eq!(size_of::<Computed>(), 16);
    }

    #[test]
    fn parts_that_are_lost_are_as_many_as_blocks_at_most() {
        let mut kept = Kept::default();
        for number in 0..1000_u64 {
            kept.bytes_lost();
            kept.opened();
            let keep_alive = BlockAt {
                disk: 0,
                number: 2 * number + 1,
                place: Some(Place {
                    start: (number + 1) << 20,
                    absent: 1,
                }),
                len: 0,
                header_offset: 0,
                data_offset: 0,
            };
            assert_eq!(kept.block(&keep_alive, None, 0, 10), None);
        }
        let lost = &kept.disks[0].lost;
        // Ten parts, and all of the rest.
        assert_eq!(lost.len(), 11);
        let rest = LostPart {
            start: 10 << 20,
            end: None,
        };
        assert_eq!(lost.last(), Some(&rest));
    }
}

//! The maps of an archive's disks. The driver, which alone knows what is before and behind a block, maps what is not there or
//! not read; workers map the blocks that they read. Both are joined at the end.

use xenspect_archive::xva::BlockAt;
use xenspect_model::catalog::{BLOCK, BlockMap, BlockState};

/// Disks of an archive that are mapped. A worker needs no more than 4 MiB for so many.
const MAPPED: usize = 128;

/// Maps by index of the disk.
#[derive(Debug, Default)]
pub(crate) struct Maps(Vec<BlockMap>);

impl Maps {
    fn of(&mut self, disk: usize) -> Option<&mut BlockMap> {
        if disk >= MAPPED {
            return None;
        }
        if self.0.len() <= disk {
            self.0.resize_with(disk + 1, BlockMap::default);
        }
        self.0.get_mut(disk)
    }

    /// Puts in a block that begins at a byte of its disk.
    pub(crate) fn put(&mut self, disk: usize, state: BlockState, start: u64) {
        if let Some(map) = self.of(disk) {
            map.put(state, start);
        }
    }

    /// Adds what others mapped.
    pub(crate) fn join(&mut self, other: Self) {
        for (disk, map) in other.0.into_iter().enumerate() {
            if let Some(own) = self.of(disk) {
                own.join(map);
            }
        }
    }

    /// The map of a disk that is among those which are mapped.
    pub(crate) fn take(&mut self, disk: usize) -> Option<BlockMap> {
        self.of(disk).map(std::mem::take)
    }
}

/// What the driver maps.
#[derive(Debug, Default)]
pub(crate) struct Surroundings {
    pub(crate) maps: Maps,
    disks: Vec<Edge>,
    /// Unreadable bytes were passed since the last block was met.
    loss: bool,
    /// Unreadable bytes stand before the block that is not settled yet.
    open_after_loss: bool,
}

/// Where a disk's last block is.
#[derive(Debug, Clone, Copy, Default)]
struct Edge {
    start: u64,
    end: u64,
    /// Blocks that the assembly knew to be lost when it was met.
    known_lost: u64,
}

impl Surroundings {
    /// Says that unreadable bytes lie between the last member and the next.
    pub(crate) fn bytes_lost(&mut self) {
        self.loss = true;
    }

    /// Says that the next block is met, which is settled by what follows it.
    pub(crate) fn opened(&mut self) {
        self.open_after_loss |= std::mem::take(&mut self.loss);
    }

    /// Takes a settled block; `known_lost` is what is known to be lost of its disk up to it. Blocks left out before it are
    /// absent, hence zero, unless damage can have taken them.
    pub(crate) fn block(&mut self, block: &BlockAt, known_lost: u64) {
        let loss = std::mem::take(&mut self.open_after_loss);
        if block.disk >= MAPPED {
            return;
        }
        if self.disks.len() <= block.disk {
            self.disks.resize(block.disk + 1, Edge::default());
        }
        let edge = &mut self.disks[block.disk];
        let Some(place) = block.place else {
            // One without a place is a second one, or from further ahead; it is shown where it was met.
            self.maps.put(block.disk, BlockState::Doubled, edge.start);
            self.open_after_loss = loss;
            return;
        };
        let state = if loss || known_lost > edge.known_lost {
            BlockState::Missing
        } else {
            BlockState::Absent
        };
        if let Some(map) = self.maps.of(block.disk) {
            let mut from = edge.end;
            // Exporters write the first block of a disk whatever is in it.
            if from == 0 && place.start > 0 {
                map.put_run(BlockState::Missing, 0, 1);
                from = BLOCK.min(place.start);
            }
            map.put_run(
                state,
                from,
                place.start.saturating_sub(from).div_ceil(BLOCK),
            );
        }
        *edge = Edge {
            start: place.start,
            end: place.start.saturating_add(block.len),
            known_lost,
        };
    }

    /// Maps a block that is not read.
    pub(crate) fn not_read(&mut self, block: &BlockAt) {
        if let (Some(place), true) = (block.place, block.len > 0) {
            self.maps
                .put(block.disk, BlockState::Unchecked, place.start);
        }
    }
}

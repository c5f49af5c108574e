//! Where on a disk its blocks lie and what is known of them, in a bounded number of cells. What is put in is counted by the
//! cell that it begins in, so neither the order of putting in nor that of joining shows in the result.

/// Cells of a map at most.
pub const CELLS: usize = 1024;

/// Length of a cell in bytes before any two were joined, and of what stands for one block where there is none.
pub const BLOCK: u64 = 1 << 20;

/// What is known of a block. The order is that of importance, the worst one last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BlockState {
    /// In the archive, its sum matches.
    Present,
    /// In the archive, its sum matches, and all its bytes are zero.
    Zero,
    /// Left out between others, hence zero.
    Absent,
    /// In the archive; it was not read, or has no sum to compare with.
    Unchecked,
    /// Not in what was read, although it should be.
    Missing,
    /// In the archive twice in a row.
    Doubled,
    /// Its sum does not match.
    Bad,
}

impl BlockState {
    /// All of them in their order.
    pub const ALL: [Self; 7] = [
        Self::Present,
        Self::Zero,
        Self::Absent,
        Self::Unchecked,
        Self::Missing,
        Self::Doubled,
        Self::Bad,
    ];

    /// The word used in reports.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Present => "present",
            Self::Zero => "zero",
            Self::Absent => "absent",
            Self::Unchecked => "unchecked",
            Self::Missing => "missing",
            Self::Doubled => "doubled",
            Self::Bad => "bad",
        }
    }

    /// Its letter in a [`DiskMap`](crate::report::DiskMap).
    #[must_use]
    pub const fn letter(self) -> char {
        match self {
            Self::Present => 'p',
            Self::Zero => 'z',
            Self::Absent => 'a',
            Self::Unchecked => 'u',
            Self::Missing => 'm',
            Self::Doubled => 'd',
            Self::Bad => 'b',
        }
    }
}

/// Blocks that begin in one cell, by state. Counts stop at the largest number.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CellCounts([u32; BlockState::ALL.len()]);

impl CellCounts {
    /// Blocks of a state.
    #[must_use]
    pub fn get(&self, state: BlockState) -> u32 {
        self.0.get(state as usize).copied().unwrap_or(0)
    }

    /// Counts more blocks.
    pub fn add(&mut self, state: BlockState, blocks: u32) {
        if let Some(count) = self.0.get_mut(state as usize) {
            *count = count.saturating_add(blocks);
        }
    }

    /// Adds what another cell counts.
    pub fn join(&mut self, other: &Self) {
        for (count, more) in self.0.iter_mut().zip(other.0) {
            *count = count.saturating_add(more);
        }
    }

    /// The state to show: the worst one of which there is a block. Of present, zero and absent ones the one that most
    /// are of, since none of them is a fault.
    #[must_use]
    pub fn shown(&self) -> Option<BlockState> {
        let met = |state: &BlockState| self.get(*state) > 0;
        let fault = BlockState::ALL.into_iter().rev().find(met);
        match fault {
            Some(BlockState::Absent | BlockState::Zero | BlockState::Present) => {
                [BlockState::Absent, BlockState::Zero, BlockState::Present]
                    .into_iter()
                    .max_by_key(|state| self.get(*state))
            }
            state => state,
        }
    }

    /// The states met with their counts, the most important one first.
    pub fn iter(&self) -> impl Iterator<Item = (BlockState, u32)> + '_ {
        let all = BlockState::ALL.into_iter().rev();
        all.map(|state| (state, self.get(state)))
            .filter(|(_, blocks)| *blocks > 0)
    }
}

/// The map of one disk. It takes 28 bytes a cell, up to the last cell that holds anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockMap {
    cell: u64,
    cells: Vec<CellCounts>,
}

impl Default for BlockMap {
    fn default() -> Self {
        Self {
            cell: BLOCK,
            cells: Vec::new(),
        }
    }
}

impl BlockMap {
    /// Length of a cell in bytes: a power of two.
    #[must_use]
    pub const fn cell_bytes(&self) -> u64 {
        self.cell
    }

    /// The cells from the beginning of the disk on.
    #[must_use]
    pub fn cells(&self) -> &[CellCounts] {
        &self.cells
    }

    /// Puts in a block that begins at a byte of the disk.
    pub fn put(&mut self, state: BlockState, start: u64) {
        self.make_room(start);
        self.count(state, start, 1);
    }

    /// Puts in blocks of [`BLOCK`] bytes one behind the other, the first one at a byte of the disk.
    pub fn put_run(&mut self, state: BlockState, start: u64, blocks: u64) {
        let Some(before_last) = blocks.checked_sub(1) else {
            return;
        };
        self.make_room(start.saturating_add(before_last.saturating_mul(BLOCK)));
        let (mut start, mut left) = (start, blocks);
        while left > 0 {
            let behind = (start | (self.cell - 1)).checked_add(1);
            let here = behind.map_or(left, |behind| (behind - start).div_ceil(BLOCK).min(left));
            self.count(state, start, u32::try_from(here).unwrap_or(u32::MAX));
            left -= here;
            let Some(next) = start.checked_add(here.saturating_mul(BLOCK)) else {
                return;
            };
            start = next;
        }
    }

    /// Adds what another map of the same disk holds.
    pub fn join(&mut self, mut other: Self) {
        while self.cell < other.cell {
            self.double();
        }
        while other.cell < self.cell {
            other.double();
        }
        if self.cells.len() < other.cells.len() {
            std::mem::swap(&mut self.cells, &mut other.cells);
        }
        for (cell, more) in self.cells.iter_mut().zip(&other.cells) {
            cell.join(more);
        }
    }

    /// Makes cells longer until a byte of the disk is in one.
    fn make_room(&mut self, start: u64) {
        while start / self.cell >= CELLS as u64 {
            self.double();
        }
    }

    /// Counts blocks in a cell that there is room for.
    fn count(&mut self, state: BlockState, start: u64, blocks: u32) {
        let index = usize::try_from(start / self.cell).unwrap_or(usize::MAX);
        if index >= CELLS {
            return;
        }
        if self.cells.len() <= index {
            self.cells.resize(index + 1, CellCounts::default());
        }
        if let Some(cell) = self.cells.get_mut(index) {
            cell.add(state, blocks);
        }
    }

    /// Joins pairs of cells. The longest cell is of 2^54 bytes, since as many as there are reach every byte then.
    fn double(&mut self) {
        self.cell = self.cell.saturating_mul(2);
        let pairs = self.cells.chunks(2).map(|pair| {
            let mut sum = CellCounts::default();
            pair.iter().for_each(|cell| sum.join(cell));
            sum
        });
        self.cells = pairs.collect();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(blocks: &[(BlockState, u64)]) -> BlockMap {
        let mut map = BlockMap::default();
        for (state, start) in blocks {
            map.put(*state, *start);
        }
        map
    }

    /// Numbers that look random, the same in each run.
    fn blocks(seed: u64, n: u64) -> Vec<(BlockState, u64)> {
        let mut x = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        let block = |_| {
            x ^= x << 13;
            x ^= x >> 7;
            x ^= x << 17;
            let state = BlockState::ALL[usize::try_from(x % 7).unwrap_or(0)];
            (state, (x >> 8) >> (x % 50))
        };
        (0..n).map(block).collect()
    }

    #[test]
    fn neither_order_nor_grouping_shows() {
        for seed in 0..200 {
            let (a, b, c) = (
                blocks(seed, 20),
                blocks(seed + 1000, 9),
                blocks(seed + 2000, 3),
            );
            let mut all = [a.clone(), b.clone(), c.clone()].concat();
            all.reverse();
            let whole = map(&all);
            let mut left = map(&a);
            left.join(map(&b));
            left.join(map(&c));
            let mut right = map(&c);
            let mut inner = map(&b);
            inner.join(map(&a));
            right.join(inner);
            assert_eq!(left, whole);
            assert_eq!(right, whole);
            assert!(whole.cells().len() <= CELLS);
        }
    }

    #[test]
    fn every_bad_block_shows_in_its_cell() {
        for seed in 0..200 {
            let all = blocks(seed, 60);
            let map = map(&all);
            for (_, start) in all.iter().filter(|(state, _)| *state == BlockState::Bad) {
                let cell = usize::try_from(start / map.cell_bytes()).unwrap();
                assert_eq!(map.cells()[cell].shown(), Some(BlockState::Bad));
            }
        }
    }

    #[test]
    fn a_run_is_what_its_blocks_are() {
        for (start, blocks) in [(0, 1), (512, 3000), (7 << 20, 2049), (1 << 40, 70_000)] {
            let mut run = BlockMap::default();
            run.put_run(BlockState::Absent, start, blocks);
            let mut each = BlockMap::default();
            for index in 0..blocks {
                each.put(BlockState::Absent, start + index * BLOCK);
            }
            assert_eq!(run, each);
        }
    }

    #[test]
    fn one_bad_block_of_two_tebibytes_shows() {
        let mut map = BlockMap::default();
        map.put_run(BlockState::Present, 0, 2 << 20);
        map.put(BlockState::Bad, 3 << 30);
        assert_eq!(map.cell_bytes(), 2 << 30);
        assert_eq!(map.cells().len(), CELLS);
        assert_eq!(map.cells()[1].shown(), Some(BlockState::Bad));
        assert_eq!(map.cells()[1].get(BlockState::Present), 2048);
    }

    #[test]
    fn lies_cost_nothing() {
        let mut map = BlockMap::default();
        map.put(BlockState::Bad, u64::MAX);
        map.put_run(BlockState::Missing, u64::MAX - 5, u64::MAX);
        map.put_run(BlockState::Missing, 0, u64::MAX);
        assert!(map.cells().len() <= CELLS);
        assert_eq!(
            map.cells().last().and_then(CellCounts::shown),
            Some(BlockState::Bad)
        );
    }
}

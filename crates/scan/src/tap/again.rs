//! Reading a second time what the tap no longer has. Digests and copy are made of the first reading, so the second one has to be the
//! same: of each piece that was read its sum is kept, and a piece that is read again is compared with that.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use xxhash_rust::xxh64::xxh64;

use super::pieces::{Filled, PIECE};
use crate::pool::Pool;
use crate::source::ReadAt;

/// The sums of what was read, and the pieces that were read again last.
pub(super) struct Again {
    /// The XXH64 of each piece, in the order of the file: eight bytes for each MiB.
    sums: Mutex<Vec<u64>>,
    /// Pieces with their numbers, the oldest first. A block is read in parts of a piece, and each would cost a whole one.
    kept: Mutex<VecDeque<(usize, Arc<Filled>)>>,
    /// Pieces that are kept at most: one for each worker.
    most: usize,
    /// As many as are kept, and as many as workers have in hand.
    pool: Pool,
    differs: AtomicBool,
}

impl Again {
    pub(super) fn new(workers: usize) -> Self {
        Self {
            sums: Mutex::default(),
            kept: Mutex::default(),
            most: workers,
            pool: Pool::growing(0, 2 * workers + 2, PIECE),
            differs: AtomicBool::new(false),
        }
    }

    /// Puts down the sum of the next piece of the file.
    pub(super) fn note(&self, piece: &Filled) {
        lock(&self.sums).push(sum(piece));
    }

    /// Whether a piece was another one than before.
    pub(super) fn differs(&self) -> bool {
        self.differs.load(Ordering::Relaxed)
    }

    /// The piece of a file of `len` bytes that has this byte, read again, and where it begins. `None` where it was not read before.
    pub(super) fn piece(
        &self,
        (file, len): (&dyn ReadAt, u64),
        offset: u64,
        stop: &AtomicBool,
    ) -> Option<(Arc<Filled>, u64)> {
        let number = usize::try_from(offset / PIECE as u64).ok()?;
        let expected = *lock(&self.sums).get(number)?;
        let start = offset - offset % PIECE as u64;
        let kept = lock(&self.kept);
        if let Some((_, piece)) = kept.iter().find(|(kept, _)| *kept == number) {
            return Some((Arc::clone(piece), start));
        }
        drop(kept);
        self.pool.grow();
        let want = usize::try_from(len.saturating_sub(start)).unwrap_or(usize::MAX);
        let range = (start, want.min(PIECE));
        let piece = Arc::new(Filled::read(file, self.pool.take(), range, stop));
        // A reading that was broken off says nothing.
        if sum(&piece) != expected && !stop.load(Ordering::Relaxed) {
            self.differs.store(true, Ordering::Relaxed);
        }
        let mut kept = lock(&self.kept);
        if kept.len() >= self.most {
            kept.pop_front();
        }
        kept.push_back((number, Arc::clone(&piece)));
        Some((piece, start))
    }
}

fn sum(piece: &Filled) -> u64 {
    xxh64(piece.as_ref(), 0)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

//! Reading an object at any place: a small cache of pieces, and longer requests where reading goes on.
//!
//! Two kinds of reading meet here. What jumps from header to header touches one piece at each place, and gets no more than that
//! piece. What reads on gets runs that double with each request, so that a long way takes few requests.

use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::ops::Range;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use xenspect_scan::ReadAt;

use crate::error::RemoteError;
use crate::object::Object;
use crate::remote::Engine;

/// Bytes of a piece.
const PIECE: u64 = 64 << 10;
/// Pieces of the longest run: 4 MiB.
const LONGEST: u64 = 64;
/// Pieces kept: 16 MiB.
const KEPT: usize = 256;
/// Runs remembered, so that as many threads can read on at different places.
const RUNS: usize = 16;

pub(crate) struct Ranges {
    engine: Arc<Engine>,
    object: Object,
    cache: Mutex<Cache>,
    arrived: Condvar,
}

#[derive(Default)]
struct Cache {
    pieces: BTreeMap<u64, Slot>,
    runs: VecDeque<Run>,
    clock: u64,
    /// Whatever went wrong once is not tried again: each try can take minutes.
    failed: Option<RemoteError>,
}

enum Slot {
    /// Somebody fetches it.
    Coming,
    There {
        bytes: Bytes,
        used: u64,
    },
}

/// The last request of a way through the object.
struct Run {
    next: u64,
    pieces: u64,
}

impl Ranges {
    pub(crate) fn new(engine: Arc<Engine>, object: Object) -> Self {
        Self {
            engine,
            object,
            cache: Mutex::default(),
            arrived: Condvar::new(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Cache> {
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The piece, fetched by this thread or another, and what came with it behind. `wanted` pieces from it on are sure to be read.
    fn piece(&self, index: u64, wanted: u64) -> Result<Bytes, RemoteError> {
        let mut cache = self.lock();
        loop {
            if let Some(error) = &cache.failed {
                return Err(error.clone());
            }
            if let Some(bytes) = cache.touch(index) {
                return Ok(bytes);
            }
            if cache.pieces.contains_key(&index) {
                cache = self
                    .arrived
                    .wait(cache)
                    .unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            let last = self.object.len().div_ceil(PIECE);
            let claim = Claim {
                ranges: self,
                pieces: cache.claim(index, wanted, last),
            };
            drop(cache);
            // What came is handed over and not looked for again: with many threads it can be gone by then.
            return claim.fetch();
        }
    }
}

/// Pieces that this thread is to fetch. Others wait for them, so they are given back whatever happens.
struct Claim<'a> {
    ranges: &'a Ranges,
    pieces: Range<u64>,
}

impl Claim<'_> {
    /// Fetches the pieces, keeps them, and gives them.
    fn fetch(&self) -> Result<Bytes, RemoteError> {
        let from = self.pieces.start.saturating_mul(PIECE);
        let to = self.pieces.end.saturating_mul(PIECE);
        let range = from..to.min(self.ranges.object.len());
        let mut bytes = Vec::new();
        let outcome = self
            .ranges
            .engine
            .wait(self.ranges.object.read(range, &mut bytes));
        let mut cache = self.ranges.lock();
        match outcome {
            Ok(()) => {
                cache.fill(self.pieces.clone(), &bytes);
                Ok(Bytes::from(bytes))
            }
            Err(error) => {
                cache.failed = Some(error.clone());
                Err(error)
            }
        }
    }
}

impl Drop for Claim<'_> {
    fn drop(&mut self) {
        let mut cache = self.ranges.lock();
        for index in self.pieces.clone() {
            if matches!(cache.pieces.get(&index), Some(Slot::Coming)) {
                cache.pieces.remove(&index);
            }
        }
        drop(cache);
        self.ranges.arrived.notify_all();
    }
}

impl Cache {
    /// The next of ever larger numbers, to tell what was used last.
    fn tick(&mut self) -> u64 {
        self.clock = self.clock.saturating_add(1);
        self.clock
    }

    /// The piece, if it is there.
    fn touch(&mut self, index: u64) -> Option<Bytes> {
        let now = self.tick();
        match self.pieces.get_mut(&index)? {
            Slot::Coming => None,
            Slot::There { bytes, used } => {
                *used = now;
                Some(bytes.clone())
            }
        }
    }

    /// Marks what is to be fetched from `index` on: a piece, or, where reading goes on, twice as many as the last time.
    fn claim(&mut self, index: u64, wanted: u64, last: u64) -> Range<u64> {
        let run = self.runs.iter().position(|run| run.next == index);
        let run = run.and_then(|at| self.runs.remove(at));
        let pieces = run.map_or(1, |run| run.pieces.saturating_mul(2));
        let pieces = pieces.max(wanted).min(LONGEST);
        let end = index.saturating_add(pieces).min(last);
        let free = (index..end).take_while(|at| !self.pieces.contains_key(at));
        let end = free.last().map_or(index, |at| at.saturating_add(1));
        for at in index..end {
            self.pieces.insert(at, Slot::Coming);
        }
        if self.runs.len() >= RUNS {
            self.runs.pop_front();
        }
        self.runs.push_back(Run { next: end, pieces });
        index..end
    }

    /// Keeps what came.
    fn fill(&mut self, range: Range<u64>, bytes: &[u8]) {
        let size = usize::try_from(PIECE).unwrap_or(usize::MAX);
        for (index, piece) in range.zip(bytes.chunks(size)) {
            let used = self.tick();
            // A copy of its own, so that a piece that is kept does not keep its neighbours.
            let bytes = Bytes::copy_from_slice(piece);
            self.pieces.insert(index, Slot::There { bytes, used });
        }
        self.drop_oldest();
    }

    /// Drops what was used longest ago. Pieces that are on their way take no room yet: with many threads they alone would be more
    /// than are kept, and drive out what has just come.
    fn drop_oldest(&mut self) {
        let there = self.pieces.iter().filter_map(|(index, slot)| match slot {
            Slot::Coming => None,
            Slot::There { used, .. } => Some((*used, *index)),
        });
        let mut there: Vec<(u64, u64)> = there.collect();
        let Some(most) = there.len().checked_sub(KEPT).filter(|&more| more > 0) else {
            return;
        };
        there.sort_unstable();
        for (_, index) in there.into_iter().take(most) {
            self.pieces.remove(&index);
        }
    }
}

impl ReadAt for Ranges {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        let len = self.object.len();
        if offset >= len || buf.is_empty() {
            return Ok(0);
        }
        let index = offset / PIECE;
        let end = offset.saturating_add(buf.len() as u64).min(len);
        let wanted = end.div_ceil(PIECE).saturating_sub(index);
        let piece = self.piece(index, wanted).map_err(lost)?;
        let skipped = usize::try_from(offset % PIECE).unwrap_or(usize::MAX);
        let rest = piece.get(skipped..).unwrap_or_default();
        let taken = rest.len().min(buf.len());
        if let (Some(to), Some(from)) = (buf.get_mut(..taken), rest.get(..taken)) {
            to.copy_from_slice(from);
        }
        Ok(taken)
    }
}

/// Whatever went wrong stays so, and at every place: this is no bad sector that could be read around.
fn lost(error: RemoteError) -> io::Error {
    io::Error::new(io::ErrorKind::NotConnected, error)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fetched(cache: &mut Cache, index: u64, wanted: u64) -> Range<u64> {
        let range = cache.claim(index, wanted, 10_000);
        let bytes = vec![0; usize::try_from((range.end - range.start) * PIECE).expect("small")];
        cache.fill(range.clone(), &bytes);
        range
    }

    #[test]
    fn runs_double_where_reading_goes_on() {
        let mut cache = Cache::default();
        let mut at = 0;
        let mut lengths = Vec::new();
        for _ in 0..9 {
            let range = fetched(&mut cache, at, 1);
            lengths.push(range.end - range.start);
            at = range.end;
        }
        assert_eq!(lengths, [1, 2, 4, 8, 16, 32, 64, 64, 64]);
    }

    #[test]
    fn jumps_get_one_piece() {
        let mut cache = Cache::default();
        for at in [5, 100, 7, 3000, 6] {
            assert_eq!(
                fetched(&mut cache, at, 1),
                at..if at == 6 { 7 } else { at + 1 }
            );
        }
    }

    #[test]
    fn several_readers_do_not_disturb_one_another() {
        let mut cache = Cache::default();
        assert_eq!(fetched(&mut cache, 0, 1), 0..1);
        assert_eq!(fetched(&mut cache, 1000, 1), 1000..1001);
        assert_eq!(fetched(&mut cache, 1, 1), 1..3);
        assert_eq!(fetched(&mut cache, 1001, 1), 1001..1003);
        assert_eq!(fetched(&mut cache, 3, 1), 3..7);
    }

    #[test]
    fn a_run_ends_where_something_is_there_and_at_the_end() {
        let mut cache = Cache::default();
        fetched(&mut cache, 3, 1);
        assert_eq!(fetched(&mut cache, 0, 8), 0..3);
        assert_eq!(cache.claim(9_999, 8, 10_000), 9_999..10_000);
    }

    #[test]
    fn what_has_just_come_is_kept_though_many_wait() {
        let mut cache = Cache::default();
        // 64 threads, each of which waits for 16 pieces.
        let ranges: Vec<_> = (0..64)
            .map(|reader| cache.claim(reader * 100, 16, 10_000))
            .collect();
        let range = ranges[63].clone();
        let bytes = vec![0; usize::try_from(16 * PIECE).expect("small")];
        cache.fill(range.clone(), &bytes);
        assert!(range.into_iter().all(|index| cache.touch(index).is_some()));
    }

    #[test]
    fn no_more_is_kept_than_said() {
        let mut cache = Cache::default();
        for at in 0..600 {
            fetched(&mut cache, at * 2, 1);
        }
        assert_eq!(cache.pieces.len(), KEPT);
        assert!(cache.pieces.contains_key(&1198));
        assert!(!cache.pieces.contains_key(&0));
    }
}

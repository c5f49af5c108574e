//! The tap of a file. One thread reads it from its beginning to its end, hands each piece to the lanes, and keeps the last
//! ones: the scan, which jumps from header to header while its workers are behind with the blocks, finds what it asks for among
//! them. So the storage sees one sequential reading, and the scan sees a file. What is not among them any more is read
//! [again](again), and has to be the same.

use std::collections::VecDeque;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

use xenspect_model::catalog::Flaw;

use super::End;
use super::again::Again;
use super::lanes::{Lanes, Made, Piece, WAITING};
use super::pieces::{Filled, PIECE};
use crate::options::Progress;
use crate::pool::Pool;
use crate::source::{ReadAt, read_full_at};

/// Pieces that are read before the scan asks for them.
const AHEAD: usize = 3;
/// Pieces that a worker may be behind: two jobs in the queue and one at work.
const BEHIND: usize = 3;
/// Workers whose pieces are kept. The blocks of more of them would be read a second time.
pub(crate) const WORKERS: usize = 8;
/// How long somebody waits before an order to stop is looked for.
const PATIENCE: Duration = Duration::from_millis(50);

/// What reader and scan share.
struct Shared {
    file: Arc<dyn ReadAt>,
    len: u64,
    /// Pieces that are kept at most.
    most: usize,
    state: Mutex<State>,
    again: Again,
    /// The reader has come further.
    read: Condvar,
    /// The scan asks for more.
    asked: Condvar,
    stop: Arc<AtomicBool>,
    /// Nobody waits for what is made of the file any more.
    left: AtomicBool,
}

#[derive(Default)]
struct State {
    /// Pieces behind one another. All but the last piece of the file have the same length.
    window: VecDeque<Arc<Filled>>,
    /// Where the window begins.
    start: u64,
    /// How far the file is read.
    end: u64,
    /// How far the scan has asked.
    wanted: u64,
    /// The scan is done.
    free: bool,
    /// The reader is done.
    ended: bool,
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed) || self.left.load(Ordering::Relaxed)
    }

    /// The piece that has this byte, and where it begins: one of the window, or of those behind it that were read again. `None`
    /// where the reader comes no more.
    fn piece(&self, offset: u64, want: usize) -> Option<(Arc<Filled>, u64)> {
        let mut state = self.state();
        let until = offset.saturating_add(want as u64);
        if state.wanted < until {
            state.wanted = until;
            self.asked.notify_all();
        }
        loop {
            if offset < state.start {
                drop(state);
                let file = (self.file.as_ref(), self.len);
                return self.again.piece(file, offset, &self.stop);
            }
            if offset < state.end {
                let behind = offset - state.start;
                let index = usize::try_from(behind / PIECE as u64).ok()?;
                let start = state.start + (index * PIECE) as u64;
                return state
                    .window
                    .get(index)
                    .map(|piece| (Arc::clone(piece), start));
            }
            if state.ended || self.is_stopped() {
                return None;
            }
            let waited = self.read.wait_timeout(state, PATIENCE);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Waits until the next piece is wanted, and makes room for it. `false` where the run is stopped.
    fn await_turn(&self) -> bool {
        let mut state = self.state();
        let ahead = (AHEAD * PIECE) as u64;
        while !state.free && state.end >= state.wanted.saturating_add(ahead) {
            if self.is_stopped() {
                return false;
            }
            let waited = self.asked.wait_timeout(state, PATIENCE);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        while state.window.len() >= if state.free { 1 } else { self.most } {
            state.window.pop_front();
            state.start += PIECE as u64;
        }
        !self.is_stopped()
    }

    fn show(&self, piece: Arc<Filled>) {
        self.again.note(&piece);
        let mut state = self.state();
        state.end += piece.len() as u64;
        state.window.push_back(piece);
        drop(state);
        self.read.notify_all();
    }
}

/// The file as the scan sees it.
struct TappedFile(Arc<Shared>);

impl ReadAt for TappedFile {
    /// Fails where any of it cannot be read, as one reading of the file itself does.
    fn read_at(&self, out: &mut [u8], offset: u64) -> io::Result<usize> {
        let mut have = 0;
        while have < out.len() {
            let at = offset + have as u64;
            let rest = &mut out[have..];
            let n = match self.0.piece(at, rest.len()) {
                Some((piece, start)) => {
                    let from = usize::try_from(at - start).unwrap_or(usize::MAX);
                    piece.copy(from, rest)?
                }
                None => 0,
            };
            if n == 0 {
                break;
            }
            have += n;
        }
        // What was read comes first: there may be no more, which the file itself says best.
        if have == 0 && !out.is_empty() {
            return self.0.file.read_at(out, offset);
        }
        Ok(have)
    }

    fn read_anew_at(&self, out: &mut [u8], offset: u64) -> io::Result<usize> {
        self.0.file.read_anew_at(out, offset)
    }

    fn forget(&self, offset: u64, len: u64) {
        self.0.file.forget(offset, len);
    }
}

/// Says that the reader is done, however it ends.
struct Ended(Arc<Shared>);

impl Drop for Ended {
    fn drop(&mut self) {
        self.0.state().ended = true;
        self.0.read.notify_all();
    }
}

/// Ends the reader where nobody waits for it: a scan that fails takes the tap with it.
struct Left(Arc<Shared>);

impl Drop for Left {
    fn drop(&mut self) {
        self.0.left.store(true, Ordering::Relaxed);
    }
}

/// The running reader.
pub(crate) struct FileTap {
    shared: Left,
    thread: JoinHandle<(End, Made)>,
}

impl FileTap {
    /// Starts the reader. It starts its lanes itself, so that they go with it where it cannot be had.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub(super) fn start(
        (file, len): (Arc<dyn ReadAt>, u64),
        workers: usize,
        lanes: impl FnOnce() -> Lanes + Send + 'static,
        stop: Arc<AtomicBool>,
        thread: Builder,
    ) -> io::Result<(Arc<dyn ReadAt>, Self)> {
        let workers = workers.clamp(1, WORKERS);
        let shared = Arc::new(Shared {
            file,
            len,
            most: AHEAD + 2 + BEHIND * workers,
            state: Mutex::default(),
            again: Again::new(workers),
            read: Condvar::new(),
            asked: Condvar::new(),
            stop,
            left: AtomicBool::new(false),
        });
        let ended = Ended(Arc::clone(&shared));
        let thread = thread.spawn(move || {
            let (end, lanes) = read(&ended.0, lanes());
            drop(ended);
            (end, lanes.finish())
        })?;
        let tapped = Arc::new(TappedFile(Arc::clone(&shared)));
        let shared = Left(shared);
        Ok((tapped, Self { shared, thread }))
    }

    /// Lets the reader go on to the end, and waits for it and the lanes.
    pub(super) fn finish(self, progress: &Progress) -> (End, Made) {
        let shared = &self.shared.0;
        let mut state = shared.state();
        state.free = true;
        shared.asked.notify_all();
        while !state.ended {
            let waited = shared.read.wait_timeout(state, PATIENCE);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
            progress.advance(progress.done().max(state.end));
        }
        drop(state);
        // Who asks how the storage behaves must not learn less of a reader that failed.
        let (mut end, made) = self.thread.join().unwrap_or_else(|_| {
            let words = "the reading thread failed";
            let end = End {
                bytes: 0,
                flaw: Some(Flaw::Internal(words.to_owned())),
            };
            let made = Made {
                copy_failed: Some(io::Error::other(words)),
                ..Made::default()
            };
            (end, made)
        });
        if shared.again.differs() {
            end.flaw.get_or_insert(Flaw::Unstable);
        }
        (end, made)
    }
}

/// Reads the file to its end, or until the run is stopped.
fn read(shared: &Shared, mut lanes: Lanes) -> (End, Lanes) {
    let pool = Pool::new(shared.most + WAITING + 4);
    let mut bytes = 0;
    let mut refused: Option<Flaw> = None;
    while bytes < shared.len && shared.await_turn() {
        let want = usize::try_from(shared.len - bytes).unwrap_or(usize::MAX);
        let want = want.min(PIECE);
        let file = shared.file.as_ref();
        let piece = Filled::read(file, pool.take(), (bytes, want), &shared.stop);
        let piece = Arc::new(piece);
        let n = piece.len();
        refused = joined(refused, piece.flaw(bytes));
        bytes += n as u64;
        shared.show(Arc::clone(&piece));
        let piece: Piece = piece;
        lanes.give(&piece);
        if n < want {
            break;
        }
    }
    // A file that is still being written has more by now.
    let file = shared.file.as_ref();
    let grown = || matches!(read_full_at(file, &mut [0], shared.len), Ok(1..));
    let flaw = if shared.is_stopped() {
        Some(Flaw::Stopped)
    } else if refused.is_some() {
        refused
    } else if bytes < shared.len {
        Some(Flaw::Changed {
            before: shared.len,
            now: Some(bytes),
        })
    } else if grown() {
        Some(Flaw::Changed {
            before: shared.len,
            now: None,
        })
    } else {
        None
    };
    (End { bytes, flaw }, lanes)
}

/// The first range that could not be read, with the bytes of all.
fn joined(first: Option<Flaw>, next: Option<Flaw>) -> Option<Flaw> {
    match (first, next) {
        (
            Some(Flaw::ReadError {
                offset,
                len,
                reason,
            }),
            Some(Flaw::ReadError { len: more, .. }),
        ) => Some(Flaw::ReadError {
            offset,
            len: len.saturating_add(more),
            reason,
        }),
        (first, next) => first.or(next),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    #[test]
    fn the_reader_goes_with_a_scan_that_failed() {
        let file: Arc<dyn ReadAt> = Arc::new(vec![7; 64 << 20]);
        let lanes = || Lanes::start(&[], None, Builder::new);
        let stop = Arc::default();
        let file = (Arc::clone(&file), 64 << 20);
        let (tapped, tap) = FileTap::start(file, 1, lanes, stop, Builder::new()).unwrap();
        assert_eq!(tapped.read_at(&mut [0; 9], 0).unwrap(), 9);
        assert!(!tap.shared.0.state().ended, "it waits for the scan");
        let shared = Arc::clone(&tap.shared.0);
        drop(tap);
        let begun = Instant::now();
        while !shared.state().ended {
            assert!(begun.elapsed() < Duration::from_secs(20), "it still waits");
            std::thread::sleep(PATIENCE);
        }
    }
}

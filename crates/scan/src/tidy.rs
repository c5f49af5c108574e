//! A file that is read so that the page cache is not filled with it. One that is in the cache as a whole when it is opened stays there,
//! since somebody needs it. Of any other all is dropped that is read, in parts, when the reading has moved on. That takes pages with it
//! that others had read: which were there before cannot be told without reading them, and a read makes the system read ahead. That is
//! switched off here; what is read ahead instead is what comes behind a longer run of reads or expected blocks.

use std::fs::File;
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::local::Doubts;
use crate::source::ReadAt;
use crate::system;

/// Bytes of a part. No page of the cache, however large, lies in two.
const PART: u64 = 4 << 20;
/// Where the cache is asked whether it has a file.
const STEP: u64 = 256 << 10;
/// A shorter read jumps to a header, and says nothing of what is read next.
const LONG: usize = 64 << 10;
/// Bytes between two blocks that follow one another: headers and sums.
const BETWEEN: u64 = 64 << 10;
/// Parts that are under way: what 64 workers have before them, 256 MiB.
const UNDER_WAY: usize = 64;

/// The file, and what is under way.
pub(crate) struct Tidy {
    file: File,
    /// Whether anything is read before it is asked for.
    ahead: bool,
    state: Mutex<State>,
    doubts: Doubts,
}

#[derive(Default)]
struct State {
    /// Numbers of parts along the file that are under way; the last one that was read is the last.
    parts: Vec<u64>,
    read: Run,
    expected: Run,
}

/// Bytes that are read, or expected, one behind the other.
#[derive(Default)]
struct Run {
    start: u64,
    end: u64,
}

impl Run {
    /// Takes what comes next, which begins another run where it does not follow.
    fn take(&mut self, offset: u64, len: u64) {
        let behind = self.end..=self.end.saturating_add(BETWEEN);
        if !behind.contains(&offset) {
            self.start = offset;
        }
        self.end = offset.saturating_add(len);
    }

    /// Whether what is behind it is likely to be wanted too: not where blocks are left out, as of a sample.
    fn is_long(&self) -> bool {
        self.end - self.start >= PART
    }
}

impl Tidy {
    /// `None` where the cache has the file, and nothing is to be tidied up. Unless it may be read `ahead`, the storage is asked for
    /// nothing but what is read.
    pub(crate) fn of(file: &File, len: u64, ahead: bool) -> io::Result<Option<Self>> {
        if is_cached(file, len) {
            return Ok(None);
        }
        let file = file.try_clone()?;
        system::read_as_asked(&file);
        Ok(Some(Self {
            file,
            ahead,
            state: Mutex::default(),
            doubts: Doubts::default(),
        }))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a part under way, if it is not, and lets the storage begin with it if it is read `ahead`; drops the one that was read the
    /// longest ago, if there are too many.
    fn begin(&self, parts: &mut Vec<u64>, part: u64, ahead: bool) {
        if let Some(at) = parts.iter().rposition(|other| *other == part) {
            parts.remove(at);
        } else {
            if parts.len() >= UNDER_WAY {
                let old = parts.remove(0);
                system::drop_cached(&self.file, old.saturating_mul(PART), PART);
            }
            if ahead {
                system::read_ahead(&self.file, part.saturating_mul(PART), PART);
            }
        }
        parts.push(part);
    }
}

/// Whether the cache has all of a file, as far as a look at some of its pages tells. The first one that is not there ends it, or is
/// fetched before the look is over: a quick disk of a busy machine may do so with one after the other.
fn is_cached(file: &File, len: u64) -> bool {
    let before = system::fetched();
    let mut at = 0;
    while at < len {
        if !matches!(system::read_cached(file, &mut [0], at), Some(1..)) {
            return false;
        }
        at += STEP;
    }
    system::fetched() == before
}

impl ReadAt for Tidy {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        let part = offset / PART;
        if buf.len() < LONG {
            let n = self.file.read_at(buf, offset)?;
            // What a jump to a header brings goes at once, unless all around it is read too.
            if !self.state().parts.contains(&part) {
                system::drop_cached(&self.file, offset, n as u64);
            }
            return Ok(n);
        }
        let last = offset.saturating_add(buf.len() as u64 - 1) / PART;
        let mut state = self.state();
        state.read.take(offset, buf.len() as u64);
        let ahead = self.ahead && (state.read.is_long() || state.expected.is_long());
        // The one behind comes first: it is the last to be read, and should not be the first to go.
        for part in (part..=last.saturating_add(u64::from(ahead))).rev() {
            self.begin(&mut state.parts, part, ahead);
        }
        drop(state);
        self.file.read_at(buf, offset)
    }

    fn forget(&self, offset: u64, len: u64) {
        if self.doubts.admit() {
            system::drop_around(&self.file, offset, len);
        }
    }

    fn expect(&self, offset: u64, len: u64) {
        let mut state = self.state();
        state.expected.take(offset, len);
        // In a long run, whole parts are read ahead instead.
        if self.ahead && !state.expected.is_long() {
            system::read_ahead(&self.file, offset, len);
        }
    }
}

impl Drop for Tidy {
    fn drop(&mut self) {
        system::drop_all(&self.file);
    }
}

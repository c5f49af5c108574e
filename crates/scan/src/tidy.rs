//! A file that is read so that the page cache is not filled with it. One that is in the cache as a whole when it is opened stays there,
//! since somebody needs it. Of any other all is dropped that is read, in parts, when the reading has moved on. That takes pages with it
//! that others had read: which were there before cannot be told without reading them, and a read makes the system read ahead.

use std::fs::File;
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::source::ReadAt;
use crate::system;

/// Bytes of a part. No page of the cache, however large, lies in two.
const PART: u64 = 4 << 20;
/// Where the cache is asked whether it has a file.
const STEP: u64 = 256 << 10;
/// A shorter read jumps to a header, and says nothing of what is read next.
const LONG: usize = 64 << 10;
/// Parts that are under way: what 64 workers have before them, 256 MiB.
const UNDER_WAY: usize = 64;

/// The file, and the parts that are under way.
pub(crate) struct Tidy {
    file: File,
    /// Numbers of parts along the file; the last one that was read is the last.
    parts: Mutex<Vec<u64>>,
}

impl Tidy {
    /// `None` where the cache has the file, and nothing is to be tidied up.
    pub(crate) fn of(file: &File, len: u64) -> io::Result<Option<Self>> {
        if is_cached(file, len) {
            return Ok(None);
        }
        let file = file.try_clone()?;
        system::read_as_asked(&file);
        Ok(Some(Self {
            file,
            parts: Mutex::default(),
        }))
    }

    fn parts(&self) -> MutexGuard<'_, Vec<u64>> {
        self.parts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a part under way, if it is not, and lets the storage begin with it; drops the one that was read the longest ago, if there
    /// are too many.
    fn begin(&self, parts: &mut Vec<u64>, part: u64) {
        if let Some(at) = parts.iter().rposition(|other| *other == part) {
            parts.remove(at);
        } else {
            if parts.len() >= UNDER_WAY {
                let old = parts.remove(0);
                system::drop_cached(&self.file, old.saturating_mul(PART), PART);
            }
            system::read_ahead(&self.file, part.saturating_mul(PART), PART);
        }
        parts.push(part);
    }
}

/// Whether the cache has all of a file, as far as a look at some of its pages tells. The first one that is not there ends it.
fn is_cached(file: &File, len: u64) -> bool {
    let mut at = 0;
    while at < len {
        if !matches!(system::read_cached(file, &mut [0], at), Some(1..)) {
            return false;
        }
        at += STEP;
    }
    true
}

impl ReadAt for Tidy {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        let part = offset / PART;
        if buf.len() < LONG {
            let n = self.file.read_at(buf, offset)?;
            // What a jump to a header brings goes at once, unless all around it is read too.
            if !self.parts().contains(&part) {
                system::drop_cached(&self.file, offset, n as u64);
            }
            return Ok(n);
        }
        let last = offset.saturating_add(buf.len() as u64 - 1) / PART;
        let mut parts = self.parts();
        // The one behind comes first: it is the last to be read, and should not be the first to go.
        for part in (part..=last.saturating_add(1)).rev() {
            self.begin(&mut parts, part);
        }
        drop(parts);
        self.file.read_at(buf, offset)
    }

    fn read_anew_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        system::drop_around(&self.file, offset, buf.len() as u64);
        self.file.read_at(buf, offset)
    }
}

impl Drop for Tidy {
    fn drop(&mut self) {
        system::drop_all(&self.file);
    }
}

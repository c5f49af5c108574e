//! A file read into memory at once, by two threads where there are two: most of what it costs is the copy out of the page
//! cache and the memory that is touched for the first time.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::options::Progress;
use crate::source::{ReadAt, read_full_at};
use crate::threads::side_by_side;

use super::{PIECE, WORTH_A_THREAD};

/// The first `size` bytes; fewer only after an order to stop. `None` when they cannot be read, or are not there.
pub(super) fn read(
    reader: &dyn ReadAt,
    size: usize,
    threads: usize,
    progress: &Progress,
) -> Option<Vec<u8>> {
    // Memory that is zero is not touched before it is written to.
    let mut text = vec![0; size];
    let failed = AtomicBool::new(false);
    let have = AtomicU64::new(0);
    let pieces = Mutex::new((0..).zip(text.chunks_mut(PIECE)));
    let next = || pieces.lock().ok()?.next();
    let work = || {
        while !failed.load(Ordering::Relaxed) && !progress.is_cancelled() {
            let Some((number, piece)) = next() else {
                return;
            };
            let offset = u64::saturating_mul(number, PIECE as u64);
            match read_full_at(reader, piece, offset) {
                Ok(n) if n == piece.len() => {
                    let before = have.fetch_add(n as u64, Ordering::Relaxed);
                    progress.advance(before + n as u64);
                }
                _ => failed.store(true, Ordering::Relaxed),
            }
        }
    };
    let threads = if size < WORTH_A_THREAD { 1 } else { threads };
    side_by_side(threads, work, work);
    if failed.into_inner() {
        return None;
    }
    // Pieces are taken in their order, and each that is taken is read. Only the last one may be short.
    let have = usize::try_from(have.into_inner()).unwrap_or(size);
    text.truncate(have);
    Some(text)
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    /// Bytes that tell their place, with an end and a sector that cannot be read.
    struct Disk {
        len: u64,
        bad: u64,
    }

    impl ReadAt for Disk {
        fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
            let rest = self.len.saturating_sub(offset).min(4096);
            let n = buf.len().min(rest as usize);
            if (offset..offset + n as u64).contains(&self.bad) {
                return Err(io::Error::other("a bad sector"));
            }
            for (byte, at) in buf[..n].iter_mut().zip(offset..) {
                *byte = (at / 1000) as u8;
            }
            Ok(n)
        }
    }

    #[test]
    fn all_of_it_in_its_order() {
        let size = 3 * PIECE + 100;
        let disk = Disk {
            len: size as u64,
            bad: u64::MAX,
        };
        let expected: Vec<u8> = (0..size).map(|at| (at / 1000) as u8).collect();
        for threads in [1, 2, 8] {
            let progress = Progress::default();
            let read = read(&disk, size, threads, &progress).unwrap();
            assert!(read == expected, "{threads} threads");
            assert_eq!(progress.done(), size as u64);
        }
    }

    #[test]
    fn what_is_not_there_or_bad_is_not_made_up() {
        let progress = Progress::default();
        let size = 2 * PIECE;
        for (len, bad) in [(size as u64 - 1, u64::MAX), (size as u64, 5000)] {
            let disk = Disk { len, bad };
            assert_eq!(read(&disk, size, 2, &progress), None);
        }
    }

    #[test]
    fn an_order_to_stop() {
        let progress = Progress::default();
        progress.cancel();
        let bytes = vec![1; 2 * PIECE];
        assert_eq!(read(&bytes, bytes.len(), 2, &progress), Some(Vec::new()));
    }
}

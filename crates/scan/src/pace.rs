//! A bound on the bytes that are read in a second, for everything that shares it: any number of inputs, any number of threads.

use std::io::{self, Read};
use std::num::NonZeroU64;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::source::ReadAt;

/// How long somebody waits before an order to stop is looked for.
const PATIENCE: Duration = Duration::from_millis(50);
/// What a thread that was late may catch up on. Without it every delay of the system would make the whole slower than was asked.
const CATCH_UP: Duration = Duration::from_millis(100);
/// Steps in which the bytes of a second are read, so that no single read stands for many seconds.
const STEPS: u64 = 16;
/// The least that is read at once: a page.
const LEAST: u64 = 4 << 10;

/// Bytes per second. N bytes are read in no less than N divided by it, counted from the first.
#[derive(Debug)]
pub struct Pace {
    rate: NonZeroU64,
    /// When the bytes that were read are due.
    due: Mutex<Option<Instant>>,
    /// From now on nobody waits.
    stop: Arc<AtomicBool>,
}

impl Pace {
    /// So many bytes per second. When `stop` becomes true nobody waits any more, so that whoever reads can notice it too.
    #[must_use]
    pub fn new(rate: NonZeroU64, stop: Arc<AtomicBool>) -> Self {
        Self {
            rate,
            due: Mutex::new(None),
            stop,
        }
    }

    /// What should be read at once of `len` bytes.
    fn step(&self, len: usize) -> usize {
        let step = (self.rate.get() / STEPS).max(LEAST);
        len.min(usize::try_from(step).unwrap_or(usize::MAX))
    }

    /// Waits until `bytes` more are due.
    fn take(&self, bytes: usize) {
        let until = self.book(bytes as u64, Instant::now());
        while !self.stop.load(Ordering::Relaxed) {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            thread::sleep(left.min(PATIENCE));
        }
    }

    /// Puts bytes down behind those that were put down before, and says when they are due.
    fn book(&self, bytes: u64, now: Instant) -> Instant {
        let nanos = u128::from(bytes) * 1_000_000_000;
        let nanos = nanos.div_ceil(u128::from(self.rate.get()));
        let takes = Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX));
        let mut due = self.due.lock().unwrap_or_else(PoisonError::into_inner);
        let earliest = now.checked_sub(CATCH_UP).unwrap_or(now);
        let from = due.unwrap_or(now).max(earliest);
        let until = from.checked_add(takes).unwrap_or(from);
        *due = Some(until);
        until
    }
}

/// What can be read at any place, no faster than a pace. What is read [soon](ReadAt::expect) is not told to the storage: that would be
/// in front of the pace.
pub(crate) struct Paced<R> {
    pub(crate) inner: R,
    pub(crate) pace: Arc<Pace>,
}

impl ReadAt for Paced<Arc<dyn ReadAt>> {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        let step = self.pace.step(buf.len());
        let n = self.inner.read_at(&mut buf[..step], offset)?;
        self.pace.take(n);
        Ok(n)
    }

    fn read_anew_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        let step = self.pace.step(buf.len());
        let n = self.inner.read_anew_at(&mut buf[..step], offset)?;
        self.pace.take(n);
        Ok(n)
    }

    fn forget(&self, offset: u64, len: u64) {
        self.inner.forget(offset, len);
    }

    /// Bytes that are lent are read by whoever looks at them, so these are waited for before.
    fn lend(&self, offset: u64, len: usize) -> Option<&[u8]> {
        let len = self.pace.step(len);
        if self.inner.lends() {
            self.pace.take(len);
        }
        self.inner.lend(offset, len)
    }

    fn lends(&self) -> bool {
        self.inner.lends()
    }
}

impl Read for Paced<Box<dyn Read + Send>> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let step = self.pace.step(buf.len());
        let n = self.inner.read(&mut buf[..step])?;
        self.pace.take(n);
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pace(rate: u64) -> Pace {
        Pace::new(NonZeroU64::new(rate).unwrap(), Arc::default())
    }

    #[test]
    fn bytes_are_due_one_after_the_other() {
        let pace = pace(1000);
        let begun = Instant::now();
        let due = |bytes, after| {
            let due = pace.book(bytes, begun + Duration::from_millis(after));
            due.duration_since(begun).as_millis()
        };
        assert_eq!(due(500, 0), 500);
        assert_eq!(due(500, 0), 1000, "another thread at the same time");
        assert_eq!(due(250, 1030), 1250, "a delay is caught up on");
        // What was not used for long is gone.
        assert_eq!(due(100, 9100), 9100);
        assert_eq!(due(100, 9100), 9200);
    }

    #[test]
    fn no_read_stands_for_long() {
        assert_eq!(pace(16 << 20).step(usize::MAX), 1 << 20);
        assert_eq!(pace(16 << 20).step(100), 100);
        assert_eq!(pace(1).step(1 << 20), 4096);
    }

    #[test]
    fn nobody_waits_when_the_run_is_stopped() {
        let stop = Arc::new(AtomicBool::new(true));
        let pace = Pace::new(NonZeroU64::MIN, stop);
        // At one byte in a second this is a hundred years.
        pace.take(usize::MAX);
        pace.take(3_000_000_000);
    }

    #[test]
    fn what_a_pipe_gives_takes_its_time() {
        let inner: Box<dyn Read + Send> = Box::new(&[7; 20_000][..]);
        let pace = Arc::new(pace(100_000));
        let mut bytes = Vec::new();
        let begun = Instant::now();
        Paced { inner, pace }.read_to_end(&mut bytes).unwrap();
        assert!(begun.elapsed() >= Duration::from_millis(200));
        assert_eq!(bytes.len(), 20_000);
    }
}

//! Storage that answers by a script.

use std::io::{self, Read};
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use xenspect_scan::{ReadAt, Source};

/// How a storage answers. Lists are gone through again and again, one entry a call.
#[derive(Debug, Clone, Default)]
pub(crate) struct Script {
    /// The most bytes that a call gives; as many as are asked for if there are none.
    pub(crate) most: Vec<usize>,
    /// Whether a call is interrupted.
    pub(crate) interrupted: Vec<bool>,
    /// Bytes that are refused.
    pub(crate) refused: Option<Range<u64>>,
    /// How often they are; for ever if it is not set.
    pub(crate) times: Option<usize>,
    /// Whether what is in front of them is given first, as by a disk; otherwise a call that touches them gives nothing.
    pub(crate) gives_front: bool,
    /// The error that refuses.
    pub(crate) error: Option<io::ErrorKind>,
    /// Where it ends, if that is before the end that it tells.
    pub(crate) end: Option<u64>,
}

/// Bytes behind a script.
pub(crate) struct Storage {
    bytes: Arc<Vec<u8>>,
    script: Script,
    calls: AtomicUsize,
    refusals: AtomicUsize,
}

impl Storage {
    pub(crate) fn new(bytes: &Arc<Vec<u8>>, script: Script) -> Self {
        Self {
            bytes: Arc::clone(bytes),
            script,
            calls: AtomicUsize::new(0),
            refusals: AtomicUsize::new(0),
        }
    }

    /// A file.
    pub(crate) fn file(self) -> Source {
        Source::File {
            len: self.bytes.len() as u64,
            reader: Arc::new(self),
            readable_by_others: false,
        }
    }

    /// A pipe; one that tells its length, if it is `sized`.
    pub(crate) fn pipe(self, sized: bool) -> Source {
        let len = self.bytes.len() as u64;
        let reader = Box::new(Pipe(self, 0));
        match sized {
            true => Source::Sized { reader, len },
            false => Source::Stream(reader),
        }
    }

    fn refuses(&self) -> bool {
        let before = self.refusals.fetch_add(1, Ordering::Relaxed);
        self.script.times.is_none_or(|times| before < times)
    }

    fn error(&self) -> io::Error {
        match self.script.error {
            Some(kind) => kind.into(),
            // EIO.
            None => io::Error::from_raw_os_error(5),
        }
    }
}

fn turn<T: Copy>(list: &[T], call: usize) -> Option<T> {
    list.get(call.checked_rem(list.len())?).copied()
}

impl ReadAt for Storage {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        let call = self.calls.fetch_add(1, Ordering::Relaxed);
        if turn(&self.script.interrupted, call) == Some(true) {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let end = self.script.end.unwrap_or(self.bytes.len() as u64);
        let rest = usize::try_from(end.saturating_sub(offset)).unwrap();
        let most = turn(&self.script.most, call).unwrap_or(usize::MAX);
        let mut n = buf.len().min(rest).min(most);
        if let Some(refused) = &self.script.refused
            && offset < refused.end
            && offset + n as u64 > refused.start
        {
            let front = refused.start.saturating_sub(offset);
            if front > 0 && self.script.gives_front {
                n = usize::try_from(front).unwrap();
            } else if self.refuses() {
                return Err(self.error());
            }
        }
        self.bytes.read_at(&mut buf[..n], offset)
    }
}

struct Pipe(Storage, u64);

impl Read for Pipe {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.0.read_at(buf, self.1)?;
        self.1 += n as u64;
        Ok(n)
    }
}

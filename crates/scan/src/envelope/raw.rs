//! The input as stored, in one pass, with a look ahead.

use std::io::{self, Read};

/// Bytes taken from the storage at once. Large enough that system calls do not count, small enough
/// to stay in the cache until they are decompressed.
const CHUNK: usize = 256 << 10;

/// A buffered reader that can show what comes next without taking it.
pub(crate) struct Raw {
    inner: Box<dyn Read + Send>,
    buffer: Box<[u8]>,
    start: usize,
    end: usize,
    consumed: u64,
    ended: bool,
    /// The storage's error, until the bytes before it are taken.
    failed: Option<io::Error>,
}

impl Raw {
    pub(crate) fn new(inner: Box<dyn Read + Send>) -> Self {
        let buffer = vec![0; CHUNK].into_boxed_slice();
        Self {
            inner,
            buffer,
            start: 0,
            end: 0,
            consumed: 0,
            ended: false,
            failed: None,
        }
    }

    /// Bytes taken so far.
    pub(crate) fn consumed(&self) -> u64 {
        self.consumed
    }

    /// At least `wanted` bytes of what comes next, fewer only at the end of the input.
    pub(crate) fn peek(&mut self, wanted: usize) -> io::Result<&[u8]> {
        if self.end - self.start < wanted && !self.ended {
            self.buffer.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
            // Filled whole, whatever pieces a pipe comes in: how far a decompressor gets before it
            // notices damage depends on what it is shown at once.
            while self.end < self.buffer.len() && !self.ended {
                match read_some(&mut self.inner, &mut self.buffer[self.end..]) {
                    Ok(n) => {
                        self.end += n;
                        self.ended = n == 0;
                    }
                    Err(error) => {
                        self.failed = Some(error);
                        self.ended = true;
                    }
                }
            }
        }
        self.fail_if_used_up()?;
        Ok(&self.buffer[self.start..self.end])
    }

    fn fail_if_used_up(&mut self) -> io::Result<()> {
        match self.failed.take_if(|_| self.start == self.end) {
            Some(error) => Err(error),
            None => Ok(()),
        }
    }

    /// Takes `n` of the bytes shown.
    pub(crate) fn consume(&mut self, n: usize) {
        let n = n.min(self.end - self.start);
        self.start += n;
        self.consumed += n as u64;
    }

    /// Reads into `out` without a detour where the buffer is empty.
    pub(crate) fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.start == self.end && !self.ended {
            let n = read_some(&mut self.inner, out)?;
            self.ended = n == 0 && !out.is_empty();
            self.consumed += n as u64;
            return Ok(n);
        }
        self.fail_if_used_up()?;
        let shown = &self.buffer[self.start..self.end];
        let n = shown.len().min(out.len());
        out[..n].copy_from_slice(&shown[..n]);
        self.consume(n);
        Ok(n)
    }
}

fn read_some(inner: &mut dyn Read, out: &mut [u8]) -> io::Result<usize> {
    loop {
        match inner.read(out) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            other => return other,
        }
    }
}

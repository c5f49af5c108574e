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
            while self.end < wanted.min(self.buffer.len()) && !self.ended {
                let n = read_some(&mut self.inner, &mut self.buffer[self.end..])?;
                self.end += n;
                self.ended = n == 0;
            }
        }
        Ok(&self.buffer[self.start..self.end])
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

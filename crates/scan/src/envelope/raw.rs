//! The input as stored, in one pass, with a look ahead.

use std::io::{self, Read};

use crate::ahead::{Ahead, CHUNK, Chunk};

/// The most that is looked at where one chunk ends and the next begins.
pub(super) const LOOK: usize = 32;

/// Where the bytes come from.
pub(crate) enum Input {
    /// Whoever asks reads.
    Here(Box<dyn Read + Send>),
    /// Another thread has read already.
    Ahead(Box<Ahead>),
}

/// What is shown.
enum Shown {
    /// What was read here, or joined.
    Own,
    /// What another thread has read.
    Taken(Chunk),
}

/// A buffered reader that can show what comes next without taking it.
///
/// Chunks are full, whatever pieces a pipe comes in: how far a decompressor gets before it notices
/// damage depends on what it is shown at once.
pub(crate) struct Raw {
    inner: Input,
    own: Vec<u8>,
    shown: Shown,
    start: usize,
    end: usize,
    consumed: u64,
    ended: bool,
    /// The storage's error, until the bytes before it are taken.
    failed: Option<io::Error>,
}

impl Raw {
    pub(crate) fn new(inner: Input) -> Self {
        Self {
            inner,
            own: Vec::new(),
            shown: Shown::Own,
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

    /// What another thread has read ahead.
    pub(super) fn ahead(&self) -> Option<&Ahead> {
        match &self.inner {
            Input::Ahead(ahead) => Some(ahead),
            Input::Here(_) => None,
        }
    }

    /// At least `wanted` bytes of what comes next, of [`LOOK`] at most; fewer only at the end of the input.
    pub(crate) fn peek(&mut self, wanted: usize) -> io::Result<&[u8]> {
        while self.end - self.start < wanted && !self.ended {
            self.load();
        }
        self.fail_if_used_up()?;
        Ok(self.rest())
    }

    fn rest(&self) -> &[u8] {
        let bytes = match &self.shown {
            Shown::Own => &self.own,
            Shown::Taken(chunk) => chunk.bytes(),
        };
        &bytes[self.start..self.end]
    }

    /// Puts a further chunk behind what is left.
    fn load(&mut self) {
        let left = self.end - self.start;
        if left > 0 || matches!(self.inner, Input::Here(_)) {
            self.own.resize(CHUNK + LOOK, 0);
            match &self.shown {
                Shown::Own => self.own.copy_within(self.start..self.end, 0),
                Shown::Taken(chunk) => {
                    self.own[..left].copy_from_slice(&chunk.bytes()[self.start..self.end]);
                }
            }
            self.shown = Shown::Own;
        }
        self.start = 0;
        self.end = left;
        match &mut self.inner {
            Input::Here(inner) => {
                let full = (left + CHUNK).min(self.own.len());
                while self.end < full && !self.ended {
                    match read_some(inner, &mut self.own[self.end..full]) {
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
            Input::Ahead(ahead) => match ahead.next_whole() {
                Ok(Some(chunk)) if left == 0 => {
                    self.end = chunk.bytes().len();
                    self.shown = Shown::Taken(chunk);
                }
                Ok(Some(chunk)) => {
                    let end = left + chunk.bytes().len();
                    self.own.resize(self.own.len().max(end), 0);
                    self.own[left..end].copy_from_slice(chunk.bytes());
                    self.end = end;
                }
                Ok(None) => self.ended = true,
                Err(error) => {
                    self.failed = Some(error);
                    self.ended = true;
                }
            },
        }
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

    /// Reads into `out` without a detour where nothing is left of what was shown.
    pub(crate) fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.start == self.end && !self.ended {
            let n = match &mut self.inner {
                Input::Here(inner) => read_some(inner, out)?,
                Input::Ahead(ahead) => ahead.read(out)?,
            };
            self.ended = n == 0 && !out.is_empty();
            self.consumed += n as u64;
            return Ok(n);
        }
        self.fail_if_used_up()?;
        let rest = self.rest();
        let n = rest.len().min(out.len());
        out[..n].copy_from_slice(&rest[..n]);
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

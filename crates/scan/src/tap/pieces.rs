//! Pieces of a file as they were read, and reading around what cannot be.

use std::io;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};

use xenspect_model::catalog::Flaw;

use crate::pool::{Buffer, Pool};
use crate::sectors::{Sectors, read_around};
use crate::source::{ReadAt, read_full_at};

/// Bytes of a piece, but for the last one of a file.
pub(super) const PIECE: usize = Pool::BUFFER;

/// A part of a file.
pub(super) struct Filled {
    buffer: Buffer,
    len: usize,
    /// What could not be read of it, in its order.
    bad: Vec<Bad>,
    /// Nothing comes behind it any more, for this reason.
    lost: Option<String>,
}

/// A sector that could not be read.
struct Bad {
    /// Where it lies in the piece.
    range: Range<usize>,
    error: Refusal,
}

/// What the storage said, so that it can be said again.
#[derive(Clone)]
enum Refusal {
    Number(i32),
    Words(io::ErrorKind, String),
}

impl Refusal {
    fn of(error: &io::Error) -> Self {
        error.raw_os_error().map_or_else(
            || Self::Words(error.kind(), error.to_string()),
            Self::Number,
        )
    }

    fn error(&self) -> io::Error {
        match self {
            Self::Number(number) => io::Error::from_raw_os_error(*number),
            Self::Words(kind, words) => io::Error::new(*kind, words.clone()),
        }
    }
}

impl Filled {
    /// Reads up to `want` bytes, fewer only at the end of the file. Other bytes stand for sectors that cannot be read.
    pub(super) fn read(
        file: &dyn ReadAt,
        mut buffer: Buffer,
        (offset, want): (u64, usize),
        stop: &AtomicBool,
    ) -> Self {
        let out = &mut buffer[..want];
        let Sectors { len, bad, lost } = match read_full_at(file, out, offset) {
            Ok(len) => Sectors {
                len,
                ..Sectors::default()
            },
            Err(_) => read_around(file, out, offset, || !stop.load(Ordering::Relaxed)),
        };
        let bad = bad.into_iter().map(|bad| Bad {
            error: Refusal::of(&bad.error),
            range: bad.range,
        });
        Self {
            buffer,
            len,
            bad: bad.collect(),
            lost: lost.map(|error| error.to_string()),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// What could not be read of it, or behind it, where it begins at this offset of the file.
    pub(super) fn flaw(&self, offset: u64) -> Option<Flaw> {
        let len = self.bad.iter().map(|bad| bad.range.len());
        let len = len.sum::<usize>() as u64;
        match (self.bad.first(), &self.lost) {
            (Some(bad), _) => Some(Flaw::ReadError {
                offset: offset + bad.range.start as u64,
                len,
                reason: bad.error.error().to_string(),
            }),
            (None, Some(reason)) => Some(Flaw::ReadError {
                offset: offset + self.len as u64,
                len: 0,
                reason: reason.clone(),
            }),
            (None, None) => None,
        }
    }

    /// Copies from a place in the piece on, as much as there is. What touches a bad sector fails, as it did before.
    pub(super) fn copy(&self, from: usize, out: &mut [u8]) -> io::Result<usize> {
        let from = from.min(self.len);
        let to = from.saturating_add(out.len()).min(self.len);
        let touched = |bad: &&Bad| bad.range.start < to && bad.range.end > from;
        if let Some(bad) = self.bad.iter().find(touched) {
            return Err(bad.error.error());
        }
        out[..to - from].copy_from_slice(&self.buffer[from..to]);
        Ok(to - from)
    }
}

impl AsRef<[u8]> for Filled {
    fn as_ref(&self) -> &[u8] {
        &self.buffer[..self.len]
    }
}

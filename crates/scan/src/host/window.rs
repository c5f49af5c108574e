//! A stream of many small members: it is unpacked a window at a time, and handed out from there. A decompressor that is
//! asked for one header after the other takes far longer.

use xenspect_model::catalog::{Compression, Extent, Source as SourceFact};

use crate::envelope::{Broken, Stream};
use crate::feed::{Feed, Payload};
use crate::hash::{BlockHasher, Wanted};

/// Bytes unpacked at once. They stay in the cache until they are taken.
const WINDOW: usize = 128 << 10;

/// A stream, read once.
pub(crate) struct WindowFeed {
    stream: Stream,
    window: Box<[u8]>,
    start: usize,
    end: usize,
    position: u64,
    /// What the stream broke at, until the bytes before it are taken.
    broken: Option<Broken>,
    ended: bool,
}

impl WindowFeed {
    pub(crate) fn new(stream: Stream) -> Self {
        Self {
            stream,
            window: vec![0; WINDOW].into_boxed_slice(),
            start: 0,
            end: 0,
            position: 0,
            broken: None,
            ended: false,
        }
    }

    /// What comes next, up to `most` bytes of it: nothing at the end.
    fn next(&mut self, most: u64) -> Result<&[u8], Broken> {
        if self.start == self.end && self.broken.is_none() {
            self.fill();
        }
        if self.start == self.end
            && let Some(broken) = self.broken.take()
        {
            return Err(broken);
        }
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        let from = self.start;
        let to = from.saturating_add(most).min(self.end);
        self.start = to;
        let piece = self.window.get(from..to).unwrap_or_default();
        self.position = self.position.saturating_add(piece.len() as u64);
        Ok(piece)
    }

    /// Fills the window anew.
    fn fill(&mut self) {
        (self.start, self.end) = (0, 0);
        while !self.ended {
            let room = self.window.get_mut(self.end..).unwrap_or_default();
            if room.is_empty() {
                break;
            }
            match self.stream.read(room) {
                Ok(0) => self.ended = true,
                Ok(n) => self.end = self.end.saturating_add(n),
                Err(broken) => {
                    self.broken = Some(broken);
                    self.ended = true;
                }
            }
        }
    }

    /// Shows the next `len` bytes piece by piece.
    fn pieces(&mut self, len: u64, mut show: impl FnMut(&[u8])) -> Result<u64, Broken> {
        let mut left = len;
        while left > 0 {
            let piece = self.next(left)?;
            if piece.is_empty() {
                break;
            }
            left = left.saturating_sub(piece.len() as u64);
            show(piece);
        }
        Ok(len.saturating_sub(left))
    }
}

impl Feed for WindowFeed {
    fn position(&self) -> u64 {
        self.position
    }

    fn read(&mut self, out: &mut [u8]) -> Result<usize, Broken> {
        let mut have = 0_usize;
        self.pieces(out.len() as u64, |piece| {
            let end = have.saturating_add(piece.len());
            if let Some(room) = out.get_mut(have..end) {
                room.copy_from_slice(piece);
            }
            have = end;
        })?;
        Ok(have)
    }

    /// There are no blocks of disks here.
    fn block(&mut self, len: u64) -> Result<(Payload, u64), Broken> {
        let mut hasher = BlockHasher::new(Wanted {
            sha1: true,
            xxh64: true,
            sha256: false,
        });
        let taken = self.pieces(len, |piece| hasher.update(piece))?;
        Ok((Payload::Hashed(hasher.finish()), taken))
    }

    fn skip(&mut self, len: u64) -> Result<u64, Broken> {
        self.pieces(len, |_| {})
    }

    fn skip_reads(&self) -> bool {
        true
    }

    fn consumed(&self) -> u64 {
        self.stream.consumed()
    }

    fn take_faults(&mut self) -> Vec<Compression> {
        self.stream.take_faults()
    }

    fn take_read_errors(&mut self) -> Vec<(u64, SourceFact)> {
        Vec::new()
    }

    fn frames_without_checksum(&self) -> bool {
        self.stream.frames_without_checksum()
    }

    fn extents(&self, _: u64) -> Vec<Extent> {
        Vec::new()
    }
}

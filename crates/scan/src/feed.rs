//! The decompressed stream as the driver takes it: small pieces are read, blocks become payloads
//! for the workers, the rest is passed by.

use std::io;
use std::sync::Arc;

use xenspect_model::catalog::{Compression, Extent, Sha256, Source as SourceFact};

use crate::envelope::{Broken, Stream};
use crate::hash::{BlockHasher, Hashed, Wanted};
use crate::pool::{Buffer, Pool};
use crate::sectors::{SECTOR, Sectors, read_around};
use crate::source::{ReadAt, read_full_at};

/// A block's payload, on its way to a worker.
pub(crate) enum Payload {
    /// To be read by the worker.
    InFile {
        offset: u64,
        len: u64,
    },
    Buffered {
        buffer: Buffer,
        len: usize,
    },
    /// Too large for a buffer, so it was hashed in passing.
    Hashed(Hashed),
}

/// A stream to walk through.
pub(crate) trait Feed {
    /// Offset of the next byte.
    fn position(&self) -> u64;

    /// Reads until `out` is full; fewer bytes mean that the end is reached.
    fn read(&mut self, out: &mut [u8]) -> Result<usize, Broken>;

    /// Takes a block of `len` bytes. Fewer than `len` bytes taken mean that the end is reached;
    /// the payload is then of no use.
    fn block(&mut self, len: u64) -> Result<(Payload, u64), Broken>;

    /// Passes by up to `len` bytes, and says how many there were.
    fn skip(&mut self, len: u64) -> Result<u64, Broken>;

    /// Whether what is passed by is read all the same.
    fn skip_reads(&self) -> bool;

    /// Bytes of the input taken so far, as stored.
    fn consumed(&self) -> u64;

    /// Facts about compression met since the last call.
    fn take_faults(&mut self) -> Vec<Compression>;

    /// Facts about the storage met since the last call.
    fn take_read_errors(&mut self) -> Vec<(u64, SourceFact)>;

    /// Whether anything that was handed out from this offset on stands for bytes that the storage refused.
    fn is_unreadable(&self, _: u64) -> bool {
        false
    }

    /// Whether zstd frames without content checksum were met.
    fn frames_without_checksum(&self) -> bool;

    /// Whether importers do not know by its first bytes how the input is packed.
    fn hides_its_packing(&self) -> bool {
        false
    }

    /// Where the disks lie from a header on, if that can be told without reading up to there.
    fn extents(&self, start: u64) -> Vec<Extent>;

    /// Says that a payload of so many bytes comes next, of which a digest is wanted.
    fn begin_payload(&mut self, _: u64) {}

    /// The digest of that payload, if it was read or passed by to its end and could be read. Most feeds make none.
    fn payload_digest(&mut self) -> Option<Sha256> {
        None
    }
}

/// Bytes read ahead between blocks: a checksum member and the next header fit.
const WINDOW: usize = 4 << 10;
/// Bytes read ahead at most, where one header after the other is looked for, as after damage.
const WIDEST_WINDOW: usize = 256 << 10;
/// By how much a window is wider than the one in front of it, where nothing was passed by between them.
const WIDER: usize = 4;

/// A plain file. Blocks are not read here at all.
pub(crate) struct FileFeed {
    reader: Arc<dyn ReadAt>,
    /// The length that it had when it was opened.
    size: u64,
    /// Where it ends, as far as is known.
    len: u64,
    position: u64,
    window: Vec<u8>,
    window_start: u64,
    /// Bytes of the next window.
    width: usize,
    read_errors: Vec<(u64, SourceFact)>,
    /// Sectors of the window that could not be read.
    bad: Vec<u64>,
    /// Where the last of those before the window ends.
    bad_end: u64,
}

impl FileFeed {
    pub(crate) fn new(reader: Arc<dyn ReadAt>, len: u64) -> Self {
        Self {
            reader,
            size: len,
            len,
            position: 0,
            window: Vec::new(),
            window_start: 0,
            width: WINDOW,
            read_errors: Vec::new(),
            bad: Vec::new(),
            bad_end: 0,
        }
    }

    /// What the window holds of the stream from `position` on.
    fn ahead(&self) -> &[u8] {
        self.position
            .checked_sub(self.window_start)
            .and_then(|skip| usize::try_from(skip).ok())
            .and_then(|skip| self.window.get(skip..))
            .unwrap_or_default()
    }

    fn refill(&mut self) -> Result<(), Broken> {
        let size = self.width;
        // A further refill without a skip between means a document, or one header after the other.
        self.width = WIDEST_WINDOW.min(size * WIDER);
        let rest = usize::try_from(self.len.saturating_sub(self.position)).unwrap_or(usize::MAX);
        let passed = self.bad.drain(..).rfind(|&sector| sector < self.position);
        let passed_end = passed.map(|sector| sector + SECTOR as u64);
        self.bad_end = self.bad_end.max(passed_end.unwrap_or(0));
        self.window.resize(size.min(rest), 0);
        self.window_start = self.position;
        match read_full_at(self.reader.as_ref(), &mut self.window, self.position) {
            Ok(n) => {
                self.cut_window(n);
                Ok(())
            }
            Err(_) => self.read_sectors(),
        }
    }

    /// The storage refused a window: take what can be had of its first sector group, so that a bad
    /// sector costs no more than itself.
    fn read_sectors(&mut self) -> Result<(), Broken> {
        self.window.truncate(WINDOW);
        let start = self.position;
        // A window is so short that whoever walks looks for an order to stop soon enough.
        let read = read_around(self.reader.as_ref(), &mut self.window, start, || true);
        let Sectors { len, bad, lost } = read;
        for bad in bad {
            let at = start + bad.range.start as u64;
            self.bad.push(at);
            let reason = bad.error.to_string();
            let len = bad.range.len() as u64;
            self.read_errors
                .push((at, SourceFact::ReadError { len, reason }));
        }
        match lost {
            Some(error) if len == 0 => return Err(Broken::Io(error)),
            // What was still to be had in front of it is handed out first.
            Some(_) => self.window.truncate(len),
            None => self.cut_window(len),
        }
        Ok(())
    }

    /// Keeps what could be read of a window. Where that is less than all of it, the file ends there by now.
    fn cut_window(&mut self, len: usize) {
        if len < self.window.len() {
            self.read_errors
                .push((self.position, SourceFact::Shrunk { size: self.size }));
            self.len = self.position + len as u64;
        }
        self.window.truncate(len);
    }
}

impl Feed for FileFeed {
    fn position(&self) -> u64 {
        self.position
    }

    fn read(&mut self, out: &mut [u8]) -> Result<usize, Broken> {
        let mut have = 0;
        while have < out.len() {
            if self.ahead().is_empty() {
                if self.position >= self.len {
                    break;
                }
                self.refill()?;
                if self.ahead().is_empty() {
                    break;
                }
            }
            let ahead = self.ahead();
            let n = ahead.len().min(out.len() - have);
            out[have..have + n].copy_from_slice(&ahead[..n]);
            have += n;
            self.position += n as u64;
        }
        Ok(have)
    }

    fn block(&mut self, len: u64) -> Result<(Payload, u64), Broken> {
        let offset = self.position;
        let taken = self.skip(len)?;
        Ok((Payload::InFile { offset, len }, taken))
    }

    fn skip(&mut self, len: u64) -> Result<u64, Broken> {
        let taken = len.min(self.len.saturating_sub(self.position));
        self.position += taken;
        if self.ahead().is_empty() {
            self.width = WINDOW;
        }
        Ok(taken)
    }

    fn skip_reads(&self) -> bool {
        false
    }

    fn consumed(&self) -> u64 {
        self.position
    }

    fn take_faults(&mut self) -> Vec<Compression> {
        Vec::new()
    }

    fn take_read_errors(&mut self) -> Vec<(u64, SourceFact)> {
        std::mem::take(&mut self.read_errors)
    }

    fn is_unreadable(&self, from: u64) -> bool {
        let touched = |&sector: &u64| sector < self.position && sector + SECTOR as u64 > from;
        self.bad_end > from || self.bad.iter().any(touched)
    }

    fn frames_without_checksum(&self) -> bool {
        false
    }

    fn extents(&self, start: u64) -> Vec<Extent> {
        crate::extents::extents(self.reader.as_ref(), start).unwrap_or_default()
    }
}

/// A stream that is decompressed (or just read) once.
pub(crate) struct StreamFeed {
    stream: Stream,
    pool: Pool,
    position: u64,
    scratch: Vec<u8>,
    /// Blocks get a SHA-256 too.
    sha256: bool,
}

/// Bytes passed by at once.
const SCRATCH: usize = 64 << 10;

impl StreamFeed {
    pub(crate) fn new(stream: Stream, pool: Pool, sha256: bool) -> Self {
        Self {
            stream,
            pool,
            position: 0,
            scratch: vec![0; SCRATCH],
            sha256,
        }
    }

    /// Shows `len` bytes piece by piece.
    fn pieces(&mut self, len: u64, mut show: impl FnMut(&[u8])) -> Result<u64, Broken> {
        let mut taken = 0;
        while taken < len {
            let want = usize::try_from(len - taken)
                .unwrap_or(usize::MAX)
                .min(SCRATCH);
            let n = self.stream.read_full(&mut self.scratch[..want])?;
            show(&self.scratch[..n]);
            taken += n as u64;
            self.position += n as u64;
            if n < want {
                break;
            }
        }
        Ok(taken)
    }
}

impl Feed for StreamFeed {
    fn position(&self) -> u64 {
        self.position
    }

    fn read(&mut self, out: &mut [u8]) -> Result<usize, Broken> {
        let n = self.stream.read_full(out)?;
        self.position += n as u64;
        Ok(n)
    }

    fn block(&mut self, len: u64) -> Result<(Payload, u64), Broken> {
        match usize::try_from(len) {
            Ok(size) if size <= Pool::BUFFER => {
                let mut buffer = self.pool.take();
                let n = self.read(&mut buffer[..size])?;
                Ok((Payload::Buffered { buffer, len: n }, n as u64))
            }
            // The kind of its sum is not known before its end, so both are made.
            _ => {
                let mut hasher = BlockHasher::new(Wanted {
                    sha1: true,
                    xxh64: true,
                    sha256: self.sha256,
                });
                let taken = self.pieces(len, |piece| hasher.update(piece))?;
                Ok((Payload::Hashed(hasher.finish()), taken))
            }
        }
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

    fn hides_its_packing(&self) -> bool {
        self.stream.skippable_first()
    }

    fn extents(&self, _: u64) -> Vec<Extent> {
        Vec::new()
    }
}

/// The words for a storage error that ends a stream.
pub(crate) fn source_fact(error: &io::Error) -> SourceFact {
    SourceFact::ReadError {
        len: 0,
        reason: error.to_string(),
    }
}

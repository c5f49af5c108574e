//! A feed that makes a digest of the payload of each member on the way, for the manifest. Blocks are not among them: they
//! are for the workers.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use sha2::{Digest, Sha256};
use xenspect_model::catalog::{Compression, Extent, Sha256 as Digested, Source as SourceFact};

use crate::envelope::Broken;
use crate::feed::{Feed, Payload};

/// Bytes that are read at once of what would be passed by.
const PIECE: usize = 64 << 10;

/// The feed, and the digest of the member that is being read.
pub(crate) struct Recorded<F> {
    feed: F,
    hasher: Sha256,
    /// A digest is wanted of a payload.
    wanted: bool,
    /// Bytes of the payload that are still to come.
    left: u64,
    /// Offset of the payload.
    start: u64,
    piece: Vec<u8>,
    /// The order to stop, which a payload of any length must not outlast.
    stop: Arc<AtomicBool>,
}

impl<F: Feed> Recorded<F> {
    pub(crate) fn new(feed: F, stop: Arc<AtomicBool>) -> Self {
        Self {
            feed,
            hasher: Sha256::new(),
            wanted: false,
            left: 0,
            start: 0,
            piece: Vec::new(),
            stop,
        }
    }

    fn see(&mut self, bytes: &[u8]) {
        let wanted = usize::try_from(self.left).unwrap_or(usize::MAX);
        let payload = &bytes[..bytes.len().min(wanted)];
        self.hasher.update(payload);
        self.left -= payload.len() as u64;
    }
}

impl<F: Feed> Feed for Recorded<F> {
    fn position(&self) -> u64 {
        self.feed.position()
    }

    fn read(&mut self, out: &mut [u8]) -> Result<usize, Broken> {
        let n = self.feed.read(out)?;
        if self.left > 0 {
            self.see(&out[..n]);
        }
        Ok(n)
    }

    fn block(&mut self, len: u64) -> Result<(Payload, u64), Broken> {
        (self.wanted, self.left) = (false, 0);
        self.feed.block(len)
    }

    fn skip(&mut self, len: u64) -> Result<u64, Broken> {
        let mut taken = 0;
        let mut piece = std::mem::take(&mut self.piece);
        piece.resize(PIECE, 0);
        while taken < len && self.left > 0 {
            if self.stop.load(Ordering::Relaxed) {
                return Err(Broken::Io(io::ErrorKind::Interrupted.into()));
            }
            let want = (len - taken).min(self.left).min(PIECE as u64);
            let want = usize::try_from(want).unwrap_or(PIECE);
            let n = self.read(&mut piece[..want])?;
            taken += n as u64;
            if n < want {
                return Ok(taken);
            }
        }
        self.piece = piece;
        if taken < len {
            taken += self.feed.skip(len - taken)?;
        }
        Ok(taken)
    }

    fn skip_reads(&self) -> bool {
        self.feed.skip_reads()
    }

    fn consumed(&self) -> u64 {
        self.feed.consumed()
    }

    fn take_faults(&mut self) -> Vec<Compression> {
        self.feed.take_faults()
    }

    fn take_read_errors(&mut self) -> Vec<(u64, SourceFact)> {
        self.feed.take_read_errors()
    }

    fn is_unreadable(&self, from: u64) -> bool {
        self.feed.is_unreadable(from)
    }

    fn frames_without_checksum(&self) -> bool {
        self.feed.frames_without_checksum()
    }

    fn hides_its_packing(&self) -> bool {
        self.feed.hides_its_packing()
    }

    fn extents(&self, start: u64) -> Vec<Extent> {
        self.feed.extents(start)
    }

    fn begin_payload(&mut self, len: u64) {
        self.hasher = Sha256::new();
        (self.wanted, self.left) = (true, len);
        self.start = self.position();
    }

    fn payload_digest(&mut self) -> Option<Digested> {
        let unread = self.is_unreadable(self.start);
        let whole = std::mem::take(&mut self.left) == 0 && !unread;
        let whole = std::mem::take(&mut self.wanted) && whole;
        whole.then(|| self.hasher.finalize_reset().into())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;

    use super::*;
    use crate::feed::FileFeed;
    use crate::source::ReadAt;

    fn of(bytes: &[u8]) -> Digested {
        Sha256::digest(bytes).into()
    }

    #[test]
    fn what_is_read_and_what_is_passed_by_are_one_payload() {
        let bytes: Vec<u8> = (0..200_000_u32).map(|n| (n % 251) as u8).collect();
        let feed = FileFeed::new(Arc::new(bytes.clone()), 200_000);
        let mut feed = Recorded::new(feed, Arc::default());
        feed.skip(100).unwrap();
        feed.begin_payload(150_000);
        feed.read(&mut [0; 70]).unwrap();
        assert_eq!(feed.skip(149_930).unwrap(), 149_930);
        // The padding is none of it.
        feed.read(&mut [0; 9]).unwrap();
        assert_eq!(feed.payload_digest(), Some(of(&bytes[100..150_100])));
        feed.begin_payload(0);
        assert_eq!(feed.payload_digest(), Some(of(b"")));
        assert_eq!(feed.payload_digest(), None, "nothing was begun");
        feed.begin_payload(60_000);
        assert!(feed.skip(60_000).unwrap() < 60_000);
        assert_eq!(feed.payload_digest(), None);
    }

    #[test]
    fn a_payload_that_is_passed_by_is_left_when_the_run_is_stopped() {
        /// Raises the flag at its third reading.
        struct Stopping(Arc<AtomicBool>, AtomicUsize);
        impl ReadAt for Stopping {
            fn read_at(&self, out: &mut [u8], _: u64) -> io::Result<usize> {
                if self.1.fetch_add(1, Ordering::Relaxed) == 2 {
                    self.0.store(true, Ordering::Relaxed);
                }
                Ok(out.len())
            }
        }
        let stop = Arc::new(AtomicBool::new(false));
        let reader = Arc::new(Stopping(Arc::clone(&stop), AtomicUsize::new(0)));
        let feed = FileFeed::new(reader, u64::MAX);
        let mut feed = Recorded::new(feed, stop);
        feed.begin_payload(1 << 60);
        assert!(matches!(feed.skip(1 << 60), Err(Broken::Io(_))));
        assert!(feed.position() < 1 << 30, "{}", feed.position());
        assert_eq!(feed.payload_digest(), None);
    }
}

//! The contents of one file: a digest that grows, and the bytes where they are asked for.

use sha2::{Digest, Sha256};

use super::sparse::Layout;
use crate::feed::Feed;
use crate::members::walk::{Stop, Walk};

/// Bytes of a payload read at once.
const PIECE: u64 = 256 << 10;
/// What a hole is made of.
static ZEROS: [u8; 64 << 10] = [0; 64 << 10];

/// Contents as far as they were seen.
pub(crate) struct Contents {
    hasher: Option<Sha256>,
    bytes: Option<Vec<u8>>,
}

impl Contents {
    /// Nothing yet. With `holds`, the bytes are held: there is room for all of them.
    pub(crate) fn new(digest: bool, holds: bool) -> Self {
        Self {
            hasher: digest.then(Sha256::new),
            bytes: holds.then(Vec::new),
        }
    }

    /// Takes the payload of a file, with its holes.
    pub(crate) fn file<F: Feed>(
        &mut self,
        layout: &Layout,
        walk: &mut Walk<'_, F>,
        buffer: &mut Vec<u8>,
    ) -> Result<(), Stop> {
        let mut at = 0_u64;
        for piece in &layout.pieces {
            self.hole(piece.offset.saturating_sub(at), walk)?;
            self.data(piece.len, walk, buffer)?;
            at = piece.offset.saturating_add(piece.len);
        }
        self.hole(layout.length.saturating_sub(at), walk)
    }

    /// Takes so many bytes of the payload.
    fn data<F: Feed>(
        &mut self,
        len: u64,
        walk: &mut Walk<'_, F>,
        buffer: &mut Vec<u8>,
    ) -> Result<(), Stop> {
        let mut left = len;
        while left > 0 {
            if walk.is_cancelled() {
                return Err(Stop::Interrupted);
            }
            let want = usize::try_from(left.min(PIECE)).unwrap_or(0);
            if buffer.len() < want {
                buffer.resize(want, 0);
            }
            let piece = buffer.get_mut(..want).unwrap_or_default();
            if walk.feed.read(piece).map_err(Stop::Broken)? < want {
                return Err(Stop::Short);
            }
            self.take(piece);
            walk.advance();
            left = left.saturating_sub(want as u64);
        }
        Ok(())
    }

    /// Takes so many zeros.
    fn hole<F: Feed>(&mut self, len: u64, walk: &Walk<'_, F>) -> Result<(), Stop> {
        let mut left = len;
        while left > 0 {
            if walk.is_cancelled() {
                return Err(Stop::Interrupted);
            }
            let want = usize::try_from(left).unwrap_or(usize::MAX);
            let piece = ZEROS.get(..want.min(ZEROS.len())).unwrap_or_default();
            self.take(piece);
            left = left.saturating_sub(piece.len() as u64);
        }
        Ok(())
    }

    fn take(&mut self, piece: &[u8]) {
        if let Some(hasher) = &mut self.hasher {
            hasher.update(piece);
        }
        if let Some(bytes) = &mut self.bytes {
            bytes.extend_from_slice(piece);
        }
    }

    /// The digest and the bytes, each if it was asked for.
    pub(crate) fn finish(self) -> (Option<[u8; 32]>, Option<Vec<u8>>) {
        let digest = self.hasher.map(|hasher| hasher.finalize().into());
        (digest, self.bytes)
    }
}

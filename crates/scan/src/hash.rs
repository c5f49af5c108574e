//! Digests over a block, piece by piece, and whether it is all zero.

use sha1::{Digest as _, Sha1};
use sha2::Sha256;
use xenspect_archive::xva::{Digest, SumKind};
use xxhash_rust::xxh64::Xxh64;

/// Pieces of a block that are looked at for zeros together: the loop over one has no early exit,
/// so that it compiles to wide instructions.
const ZERO_PIECE: usize = 4096;

/// What is wanted of a block.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Wanted {
    pub(crate) sha1: bool,
    pub(crate) xxh64: bool,
    pub(crate) sha256: bool,
}

impl Wanted {
    pub(crate) fn of(kind: Option<SumKind>) -> Self {
        Self {
            sha1: kind == Some(SumKind::Sha1),
            xxh64: kind == Some(SumKind::Xxh64),
            sha256: false,
        }
    }
}

/// The result for one block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Hashed {
    pub(crate) sha1: Option<[u8; 20]>,
    pub(crate) xxh64: Option<u64>,
    pub(crate) sha256: Option<[u8; 32]>,
    /// All bytes are zero (also when there are none).
    pub(crate) zero: bool,
}

impl Hashed {
    /// The digest of a kind, if it was wanted.
    pub(crate) fn digest(&self, kind: SumKind) -> Option<Digest> {
        match kind {
            SumKind::Sha1 => self.sha1.map(Digest::Sha1),
            SumKind::Xxh64 => self.xxh64.map(Digest::Xxh64),
        }
    }
}

/// A block being hashed.
pub(crate) struct BlockHasher {
    sha1: Option<Sha1>,
    xxh64: Option<Xxh64>,
    sha256: Option<Sha256>,
    zero: bool,
}

impl BlockHasher {
    pub(crate) fn new(wanted: Wanted) -> Self {
        Self {
            sha1: wanted.sha1.then(Sha1::new),
            xxh64: wanted.xxh64.then(|| Xxh64::new(0)),
            sha256: wanted.sha256.then(Sha256::new),
            zero: true,
        }
    }

    pub(crate) fn update(&mut self, piece: &[u8]) {
        if let Some(sha1) = &mut self.sha1 {
            sha1.update(piece);
        }
        if let Some(xxh64) = &mut self.xxh64 {
            xxh64.update(piece);
        }
        if let Some(sha256) = &mut self.sha256 {
            sha256.update(piece);
        }
        self.zero = self.zero && is_zero(piece);
    }

    pub(crate) fn finish(self) -> Hashed {
        Hashed {
            sha1: self.sha1.map(|sha1| sha1.finalize().into()),
            xxh64: self.xxh64.map(|xxh64| xxh64.digest()),
            sha256: self.sha256.map(|sha256| sha256.finalize().into()),
            zero: self.zero,
        }
    }
}

/// Whether all bytes are zero.
pub(crate) fn is_zero(bytes: &[u8]) -> bool {
    bytes
        .chunks(ZERO_PIECE)
        .all(|piece| piece.iter().fold(0, |seen, byte| seen | byte) == 0)
}

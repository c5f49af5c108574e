//! The sums of blocks that hold nothing but zeros. One exporter stores a zero block that another leaves out
//! (`formats/xva.md` section 5.2), so such a block and none are the same.

use std::collections::HashMap;

use sha1::Digest as _;
use xenspect_archive::xva::{Digest, SumKind};
use xenspect_model::catalog::BlockSum;

/// Longer blocks are not looked at: exporters write 1 MiB. Nor are more lengths than this, since each disk has its own
/// last block and no VM has so many disks.
const LONGEST: u32 = 4 << 20;
const LENGTHS: usize = 512;

/// Zeros that are hashed at once.
static PIECE: [u8; 64 << 10] = [0; 64 << 10];

/// Sums of zeros, by the lengths and kinds that were met.
#[derive(Debug, Default)]
pub(super) struct Zeros {
    known: HashMap<(u32, SumKind), Digest>,
}

impl Zeros {
    /// Whether a block is known to be all zero.
    pub(super) fn is_zero(&mut self, block: &BlockSum) -> bool {
        let Some(sum) = block.sum else {
            return false;
        };
        let key = (block.len, sum.kind());
        if let Some(known) = self.known.get(&key) {
            return *known == sum;
        }
        if block.len > LONGEST || self.known.len() >= LENGTHS {
            return false;
        }
        let digest = of_zeros(block.len, sum.kind());
        self.known.insert(key, digest);
        digest == sum
    }
}

fn of_zeros(len: u32, kind: SumKind) -> Digest {
    let mut left = usize::try_from(len).unwrap_or(0);
    let pieces = std::iter::from_fn(|| {
        let piece = PIECE.get(..left.min(PIECE.len()))?;
        left = left.saturating_sub(piece.len());
        (!piece.is_empty()).then_some(piece)
    });
    match kind {
        SumKind::Sha1 => {
            let mut sha1 = sha1::Sha1::new();
            pieces.for_each(|piece| sha1.update(piece));
            Digest::Sha1(sha1.finalize().into())
        }
        SumKind::Xxh64 => {
            let mut xxh64 = xxhash_rust::xxh64::Xxh64::new(0);
            pieces.for_each(|piece| xxh64.update(piece));
            Digest::Xxh64(xxh64.digest())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mebibyte_of_zeros_has_the_sums_of_section_6() {
        let of = |kind| of_zeros(1 << 20, kind).to_string();
        assert_eq!(of(SumKind::Xxh64), "87D2A1B6E1163EF1");
        assert_eq!(
            of(SumKind::Sha1),
            "3b71f43ff30f4b15b5cd85dd9e95ebc7e84eb5a3"
        );
    }
}

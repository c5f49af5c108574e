//! The text of checksum members (`formats/xva.md` section 6).

use sha1::{Digest, Sha1};
use xxhash_rust::xxh64::xxh64;

/// The two algorithms that exporters used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SumKind {
    /// `.checksum`: SHA-1, 40 lower-case hexadecimal digits.
    Sha1,
    /// `.xxhash`: XXH64 with seed 0, 16 upper-case hexadecimal digits.
    Xxh64,
}

impl SumKind {
    /// What is appended to the name of the block, with the dot.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Sha1 => ".checksum",
            Self::Xxh64 => ".xxhash",
        }
    }

    /// The text the exporter writes for this payload, without a line end.
    #[must_use]
    pub fn text(self, payload: &[u8]) -> String {
        match self {
            Self::Sha1 => hex(&Sha1::digest(payload)),
            Self::Xxh64 => format!("{:016X}", xxh64(payload, 0)),
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_match_the_vectors_of_section_6() {
        let mib = vec![0; 1024 * 1024];
        assert_eq!(SumKind::Xxh64.text(b""), "EF46DB3751D8E999");
        assert_eq!(SumKind::Xxh64.text(b"abc"), "44BC2CF5AD770999");
        assert_eq!(SumKind::Xxh64.text(&mib), "87D2A1B6E1163EF1");
        assert_eq!(
            SumKind::Sha1.text(b""),
            "da39a3ee5e6b4b0d3255bfef95601890afd80709"
        );
        assert_eq!(
            SumKind::Sha1.text(b"abc"),
            "a9993e364706816aba3e25717850c26c9cd0d89d"
        );
        assert_eq!(
            SumKind::Sha1.text(&mib),
            "3b71f43ff30f4b15b5cd85dd9e95ebc7e84eb5a3"
        );
    }
}

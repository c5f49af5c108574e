//! The text of a checksum member and the digests it stands for. Computes nothing.

use std::fmt;

/// The algorithm of a checksum member, told by its extension (`formats/xva.md` section 6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SumKind {
    /// `.checksum`: SHA-1, 40 lower-case hex digits.
    Sha1,
    /// `.xxhash`: XXH64 with seed 0, 16 upper-case hex digits.
    Xxh64,
}

impl SumKind {
    /// Both kinds.
    pub const ALL: [Self; 2] = [Self::Sha1, Self::Xxh64];

    /// The member's extension, with its dot.
    #[must_use]
    pub const fn extension(self) -> &'static [u8] {
        match self {
            Self::Sha1 => b".checksum",
            Self::Xxh64 => b".xxhash",
        }
    }

    /// Hex digits of a stored digest.
    #[must_use]
    pub const fn digits(self) -> usize {
        match self {
            Self::Sha1 => 40,
            Self::Xxh64 => 16,
        }
    }
}

impl fmt::Display for SumKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sha1 => "SHA-1",
            Self::Xxh64 => "XXH64",
        })
    }
}

/// A digest of a block's payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Digest {
    /// SHA-1.
    Sha1([u8; 20]),
    /// XXH64, seed 0, as the number that is printed.
    Xxh64(u64),
}

impl Digest {
    /// The algorithm.
    #[must_use]
    pub const fn kind(&self) -> SumKind {
        match self {
            Self::Sha1(_) => SumKind::Sha1,
            Self::Xxh64(_) => SumKind::Xxh64,
        }
    }
}

/// As an exporter spells it: SHA-1 lower-case, XXH64 upper-case and zero-padded.
impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sha1(bytes) => bytes.iter().try_for_each(|b| write!(f, "{b:02x}")),
            Self::Xxh64(value) => write!(f, "{value:016X}"),
        }
    }
}

/// How a stored sum is spelled. Importers compare texts, so anything but [`Spelling::Exact`] is
/// refused by them even when the digest is right (section 6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spelling {
    /// Byte for byte as exporters write it.
    Exact,
    /// Right digits in the other letter case, or in a mixture.
    OtherCase,
    /// White space around the digits, a final line end for instance.
    Padded,
}

/// A checksum member's content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredSum {
    /// The digest.
    pub digest: Digest,
    /// Its spelling.
    pub spelling: Spelling,
}

/// A checksum text that holds no digest of its kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SumMalformed {
    /// Bytes in the member.
    pub len: u64,
    /// Its beginning, lossily decoded, at most 64 bytes of it.
    pub text: String,
}

impl StoredSum {
    /// Payload bytes worth keeping of a checksum member: anything longer is malformed.
    pub const MAX_TEXT: usize = 64;

    /// Reads the payload of a checksum member of `kind`.
    ///
    /// # Errors
    /// [`SumMalformed`] when the trimmed text is not exactly the kind's number of hex digits.
    pub fn parse(kind: SumKind, payload: &[u8]) -> Result<Self, SumMalformed> {
        let trimmed = payload.trim_ascii();
        let malformed = || SumMalformed {
            len: u64::try_from(payload.len()).unwrap_or(u64::MAX),
            text: String::from_utf8_lossy(payload.get(..Self::MAX_TEXT).unwrap_or(payload))
                .into_owned(),
        };
        if trimmed.len() != kind.digits() || !trimmed.iter().all(u8::is_ascii_hexdigit) {
            return Err(malformed());
        }
        let text = std::str::from_utf8(trimmed).map_err(|_| malformed())?;
        let digest = match kind {
            SumKind::Xxh64 => {
                Digest::Xxh64(u64::from_str_radix(text, 16).map_err(|_| malformed())?)
            }
            SumKind::Sha1 => {
                let mut bytes = [0; 20];
                for (byte, pair) in bytes.iter_mut().zip(trimmed.chunks_exact(2)) {
                    let pair = std::str::from_utf8(pair).map_err(|_| malformed())?;
                    *byte = u8::from_str_radix(pair, 16).map_err(|_| malformed())?;
                }
                Digest::Sha1(bytes)
            }
        };
        let spelling = if trimmed.len() != payload.len() {
            Spelling::Padded
        } else if digest.to_string().as_bytes() == trimmed {
            Spelling::Exact
        } else {
            Spelling::OtherCase
        };
        Ok(Self { digest, spelling })
    }
}

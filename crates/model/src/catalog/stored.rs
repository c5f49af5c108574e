//! An input as it is stored, whatever is in it: its length and its digests.

use super::manifest::Sha256;

/// A digest that files are checked by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DigestKind {
    /// MD5.
    Md5,
    /// SHA-1.
    Sha1,
    /// SHA-256.
    Sha256,
    /// SHA-512.
    Sha512,
}

#[expect(clippy::len_without_is_empty, reason = "no digest is empty")]
impl DigestKind {
    /// All kinds.
    pub const ALL: [Self; 4] = [Self::Md5, Self::Sha1, Self::Sha256, Self::Sha512];

    /// Its name, as reports show it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Md5 => "MD5",
            Self::Sha1 => "SHA-1",
            Self::Sha256 => "SHA-256",
            Self::Sha512 => "SHA-512",
        }
    }

    /// Bytes of such a digest.
    #[must_use]
    pub const fn len(self) -> usize {
        match self {
            Self::Md5 => 16,
            Self::Sha1 => 20,
            Self::Sha256 => 32,
            Self::Sha512 => 64,
        }
    }
}

/// An input as it is stored: all bytes of the file, packed as they are. Where the storage refused a range, other bytes stand for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredFile {
    /// Bytes that were read.
    pub bytes: u64,
    /// The digests that were asked for, in the order of [`DigestKind`].
    pub digests: Vec<(DigestKind, Vec<u8>)>,
    /// All bytes were read, and the file neither changed its length meanwhile nor gave other bytes on a second look; without
    /// that, the digests mean nothing.
    pub whole: bool,
}

impl StoredFile {
    /// The digest of a kind, if the file was read to its end.
    #[must_use]
    pub fn digest(&self, kind: DigestKind) -> Option<&[u8]> {
        let digest = self.digests.iter().find(|(known, _)| *known == kind);
        digest
            .filter(|_| self.whole)
            .map(|(_, digest)| digest.as_slice())
    }

    /// The SHA-256, if the file was read to its end.
    #[must_use]
    pub fn sha256(&self) -> Option<Sha256> {
        self.digest(DigestKind::Sha256)?.try_into().ok()
    }
}

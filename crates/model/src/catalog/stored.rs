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
    /// Why this is not the file as it is stored; `None` where all bytes were read, and the file neither changed its length
    /// meanwhile nor gave other bytes on a second look. With a flaw, the digests mean nothing.
    pub flaw: Option<Flaw>,
}

/// Why what was taken of a file is not the file as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Flaw {
    /// The storage refused some of it. Of several ranges it is the first one.
    ReadError {
        /// Offset of the first byte that could not be read, in the file as it is stored.
        offset: u64,
        /// Bytes of all that could not be read; 0 where nothing comes behind the offset any more.
        len: u64,
        /// The operating system's words.
        reason: String,
    },
    /// It has another length than when it was opened, in bytes.
    Changed {
        /// The length that it had.
        before: u64,
        /// The length that it has, where that is known: a longer one is not measured.
        now: Option<u64>,
    },
    /// Something of it was other bytes on a second look.
    Unstable,
    /// The run was stopped.
    Stopped,
    /// A defect of this program, in words.
    Internal(String),
}

impl StoredFile {
    /// Whether it is the file as it is stored.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.flaw.is_none()
    }

    /// The digest of a kind, if the file was read to its end.
    #[must_use]
    pub fn digest(&self, kind: DigestKind) -> Option<&[u8]> {
        let digest = self.digests.iter().find(|(known, _)| *known == kind);
        digest
            .filter(|_| self.is_whole())
            .map(|(_, digest)| digest.as_slice())
    }

    /// The SHA-256, if the file was read to its end.
    #[must_use]
    pub fn sha256(&self) -> Option<Sha256> {
        self.digest(DigestKind::Sha256)?.try_into().ok()
    }
}

//! The bytes of a member's leaf: each part behind its length, so that no two members share theirs (docs/manual/src/seal.md tells the form).

use sha2::{Digest, Sha256 as Hasher};
use xenspect_model::catalog::{ManifestEntry, Sha256};

use crate::tree;

/// The leaf's bytes.
#[must_use]
pub fn leaf(entry: &ManifestEntry<'_>) -> Vec<u8> {
    let digest = entry.sha256.as_ref().map_or(&[][..], |digest| &digest[..]);
    let attributes = entry
        .attributes
        .as_ref()
        .map_or(&[][..], |digest| &digest[..]);
    let parts = [&*entry.name, &entry.size.to_be_bytes(), digest, attributes];
    let mut bytes = Vec::with_capacity(160);
    for part in parts {
        bytes.extend_from_slice(&length(part));
        bytes.extend_from_slice(part);
    }
    bytes
}

/// The digest of the leaf.
pub(crate) fn digest(entry: &ManifestEntry<'_>) -> Sha256 {
    tree::leaf(&leaf(entry))
}

/// A number that stands for a member as a whole. Nobody finds two members of one number by will or by chance.
pub(crate) fn key(entry: &ManifestEntry<'_>) -> u128 {
    shorten(&digest(entry))
}

/// The same of a name.
pub(crate) fn name_key(name: &[u8]) -> u128 {
    shorten(&Hasher::digest(name).into())
}

fn shorten(digest: &Sha256) -> u128 {
    digest
        .first_chunk::<16>()
        .copied()
        .map_or(0, u128::from_be_bytes)
}

fn length(bytes: &[u8]) -> [u8; 8] {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_be_bytes()
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use xenspect_model::catalog::SumState;

    use super::*;

    fn entry(name: &[u8]) -> ManifestEntry<'_> {
        ManifestEntry {
            name: Cow::Borrowed(name),
            size: 5,
            sha256: Some([7; 32]),
            offset: 0,
            start: None,
            sum: SumState::None,
            attributes: None,
        }
    }

    #[test]
    fn each_part_counts_and_stands_behind_its_length() {
        let plain = leaf(&entry(b"ab"));
        let mut expected = vec![0, 0, 0, 0, 0, 0, 0, 2, b'a', b'b'];
        expected.extend([0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 5]);
        expected.extend([0, 0, 0, 0, 0, 0, 0, 32]);
        expected.extend([7; 32]);
        expected.extend([0; 8]);
        assert_eq!(plain, expected);
        for other in [
            ManifestEntry {
                size: 6,
                ..entry(b"ab")
            },
            ManifestEntry {
                sha256: None,
                ..entry(b"ab")
            },
            ManifestEntry {
                attributes: Some([0; 16]),
                ..entry(b"ab")
            },
            entry(b"a"),
        ] {
            assert_ne!(leaf(&other), plain);
            assert_ne!(key(&other), key(&entry(b"ab")));
        }
        let elsewhere = ManifestEntry {
            offset: 9,
            start: Some(1),
            ..entry(b"ab")
        };
        assert_eq!(leaf(&elsewhere), plain);
    }
}

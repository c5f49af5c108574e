//! Seeded contents: block bytes, uuids, MAC addresses and opaque secrets.
//!
//! Everything here is a pure function of the seed and a label or position, so that no value depends on
//! the order in which the others were made.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use sha1::{Digest, Sha1};

/// What the stored blocks of a disk hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Content {
    /// Pseudo-random bytes: does not compress.
    Random,
    /// Words and line ends: compresses about as well as text does.
    Text,
    /// 4 KiB pages, each one 32-byte pattern over and over: compresses to next to nothing.
    Repeats,
    /// 4 KiB pages of text, repeats, zeros and random bytes in turn: somewhat like a file system.
    Mixed,
    /// All zero: every block but the first and the last becomes a gap.
    Zero,
}

/// Size in bytes of the pages of [`Content::Repeats`] and [`Content::Mixed`].
const PAGE: usize = 4096;

const WORDS: [&str; 24] = [
    "kernel",
    "device",
    "xvda",
    "mounted",
    "on",
    "the",
    "volume",
    "group",
    "started",
    "session",
    "of",
    "user",
    "root",
    "network",
    "bridge",
    "xenbr0",
    "link",
    "up",
    "daemon",
    "listening",
    "port",
    "checkpoint",
    "journal",
    "replay",
];

impl Content {
    /// The bytes of one chunk: `disk` and `chunk` count from 0 and pick an independent stream each.
    #[must_use]
    pub fn chunk(self, seed: u64, disk: u64, chunk: u64, len: usize) -> Vec<u8> {
        let mut rng = generator(seed, b"contents", disk, chunk);
        let mut bytes = vec![0; len];
        match self {
            Self::Zero => {}
            Self::Random => rng.fill_bytes(&mut bytes),
            Self::Text => text(&mut rng, &mut bytes),
            Self::Repeats => bytes
                .chunks_mut(PAGE)
                .for_each(|page| repeats(&mut rng, page)),
            Self::Mixed => {
                for page in bytes.chunks_mut(PAGE) {
                    match rng.next_u32() % 8 {
                        0..=3 => text(&mut rng, page),
                        4..=5 => repeats(&mut rng, page),
                        6 => {}
                        _ => rng.fill_bytes(page),
                    }
                }
                // A chunk of zero pages alone would have to be a gap.
                if let Some(first) = bytes.first_mut() {
                    *first = b'#';
                }
            }
        }
        bytes
    }
}

fn generator(seed: u64, label: &[u8; 8], a: u64, b: u64) -> ChaCha8Rng {
    let mut key = [0; 32];
    key[..8].copy_from_slice(&seed.to_le_bytes());
    key[8..16].copy_from_slice(&a.to_le_bytes());
    key[16..24].copy_from_slice(&b.to_le_bytes());
    key[24..].copy_from_slice(label);
    ChaCha8Rng::from_seed(key)
}

fn text(rng: &mut ChaCha8Rng, bytes: &mut [u8]) {
    let mut at = 0;
    while at < bytes.len() {
        let draw = rng.next_u32() as usize;
        let word = WORDS[draw % WORDS.len()].as_bytes();
        let len = word.len().min(bytes.len() - at);
        bytes[at..at + len].copy_from_slice(&word[..len]);
        at += len;
        if let Some(space) = bytes.get_mut(at) {
            *space = if draw & 0xf00 == 0 { b'\n' } else { b' ' };
            at += 1;
        }
    }
}

fn repeats(rng: &mut ChaCha8Rng, page: &mut [u8]) {
    let mut pattern = [0; 32];
    rng.fill_bytes(&mut pattern);
    for part in page.chunks_mut(pattern.len()) {
        part.copy_from_slice(&pattern[..part.len()]);
    }
}

/// A uuid in the usual spelling, made from the seed and a label.
pub(crate) fn uuid(seed: u64, label: &str) -> String {
    let digest = Sha1::new()
        .chain_update(seed.to_le_bytes())
        .chain_update(label)
        .finalize();
    let hex: String = digest
        .iter()
        .take(16)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!(
        "{}-{}-{}-{}-{}",
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..]
    )
}

/// A locally administered unicast MAC address.
pub(crate) fn mac(seed: u64, label: &str) -> String {
    let digest = Sha1::new()
        .chain_update(seed.to_le_bytes())
        .chain_update(label)
        .finalize();
    let mut octets: Vec<u8> = digest.iter().copied().take(6).collect();
    octets[0] = (octets[0] & 0xfc) | 0x02;
    octets
        .iter()
        .map(|octet| format!("{octet:02x}"))
        .collect::<Vec<_>>()
        .join(":")
}

/// `len` pseudo-random bytes in base64, as VTPM contents and EFI variables are written.
pub(crate) fn secret(seed: u64, label: &[u8; 8], len: usize) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut bytes = vec![0; len];
    generator(seed, label, 0, 0).fill_bytes(&mut bytes);
    let mut out = String::new();
    for group in bytes.chunks(3) {
        let word = group
            .iter()
            .fold(0_u32, |word, &byte| (word << 8) | u32::from(byte));
        let word = word << (8 * (3 - group.len()));
        for digit in 0..4 {
            if digit <= group.len() {
                out.push(char::from(
                    ALPHABET[(word >> (18 - 6 * digit)) as usize & 63],
                ));
            } else {
                out.push('=');
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_generator_is_pinned() {
        // A changed stream would silently rewrite every fixture: fail here first.
        let start = Content::Random.chunk(1, 0, 0, 8);
        assert_eq!(start, [105, 103, 168, 145, 58, 19, 100, 236]);
        assert_eq!(start, Content::Random.chunk(1, 0, 0, 4096)[..8]);
        assert_ne!(
            Content::Random.chunk(1, 0, 0, 8),
            Content::Random.chunk(1, 0, 1, 8)
        );
        assert_ne!(
            Content::Random.chunk(1, 0, 0, 8),
            Content::Random.chunk(2, 0, 0, 8)
        );
    }

    #[test]
    fn secrets_are_padded_base64() {
        assert_eq!(secret(1, b"testing!", 4).len(), 8);
        assert!(secret(1, b"testing!", 4).ends_with("=="));
        assert!(secret(1, b"testing!", 5).ends_with('='));
        assert!(!secret(1, b"testing!", 6).contains('='));
    }

    #[test]
    fn only_zero_content_is_all_zero() {
        for content in [
            Content::Random,
            Content::Text,
            Content::Repeats,
            Content::Mixed,
        ] {
            assert!(
                content.chunk(1, 0, 0, 8192).iter().any(|&byte| byte != 0),
                "{content:?}"
            );
        }
        assert!(
            Content::Zero
                .chunk(1, 0, 0, 8192)
                .iter()
                .all(|&byte| byte == 0)
        );
    }
}

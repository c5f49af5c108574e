//! Which files of a store one machine, or one run, takes: by a hash of their paths, so that all agree without speaking to one another.
//!
//! The rule never changes: XXH64 with seed 0 of the bytes of the path as it is given (`/` between its parts), modulo the number of
//! shards. `xxhsum -H1` gives the same number.

use std::fmt;
use std::str::FromStr;

use xxhash_rust::xxh64::xxh64;

/// The hash that decides.
fn hash(path: &str) -> u64 {
    xxh64(path.as_bytes(), 0)
}

/// One of several machines: `K/N`, the K-th of N, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    k: u32,
    of: u32,
}

/// Part of the files in each of several runs: `1/N`, each file once over N runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sample {
    of: u32,
}

/// What is not `K/N`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotAPart(String);

impl fmt::Display for NotAPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NotAPart {}

/// The two numbers of `K/N`, of digits alone, with 1 ≤ K ≤ N.
fn numbers(text: &str) -> Result<(u32, u32), NotAPart> {
    let wrong = || NotAPart(format!("`{text}` is not K/N with K from 1 to N"));
    let number = |text: &str| {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| text.parse::<u32>().ok()).flatten()
    };
    let (k, of) = text.split_once('/').ok_or_else(wrong)?;
    let (k, of) = number(k).zip(number(of)).ok_or_else(wrong)?;
    if (1..=of).contains(&k) {
        Ok((k, of))
    } else {
        Err(wrong())
    }
}

impl Shard {
    /// The K-th of N, counted from 1; `None` unless 1 ≤ K ≤ N.
    #[must_use]
    pub fn new(k: u32, of: u32) -> Option<Self> {
        (1..=of).contains(&k).then_some(Self { k, of })
    }

    /// Which one it is, counted from 1.
    #[must_use]
    pub fn k(self) -> u32 {
        self.k
    }

    /// How many there are.
    #[must_use]
    pub fn of(self) -> u32 {
        self.of
    }

    /// Whether this one takes a file. Exactly one of the N does.
    #[must_use]
    pub fn takes(self, path: &str) -> bool {
        part(path, self.of) == u64::from(self.k.saturating_sub(1))
    }
}

impl FromStr for Shard {
    type Err = NotAPart;

    fn from_str(text: &str) -> Result<Self, NotAPart> {
        numbers(text).map(|(k, of)| Self { k, of })
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.k, self.of)
    }
}

impl Sample {
    /// One in `of`; `None` for 0.
    #[must_use]
    pub fn new(of: u32) -> Option<Self> {
        (of > 0).then_some(Self { of })
    }

    /// In how many runs each file is taken once.
    #[must_use]
    pub fn of(self) -> u32 {
        self.of
    }

    /// Whether a run, counted from 0 and on beyond N, takes a file. Of any N runs in a row exactly one does.
    #[must_use]
    pub fn takes(self, path: &str, run: u64) -> bool {
        part(path, self.of) == run.checked_rem(u64::from(self.of)).unwrap_or(0)
    }
}

impl FromStr for Sample {
    type Err = NotAPart;

    fn from_str(text: &str) -> Result<Self, NotAPart> {
        match numbers(text)? {
            (1, of) => Ok(Self { of }),
            _ => Err(NotAPart(format!("`{text}` is not 1/N"))),
        }
    }
}

impl fmt::Display for Sample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "1/{}", self.of)
    }
}

fn part(path: &str, of: u32) -> u64 {
    hash(path).checked_rem(u64::from(of)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_hash_is_that_of_xxhsum() {
        // `printf %s PATH | xxhsum -H1`, version 0.8.1.
        for (path, expected) in [
            ("", 0xef46_db37_51d8_e999),
            ("a", 0xd24e_c4f1_a98c_6e5b),
            ("abc", 0x44bc_2cf5_ad77_0999),
            ("nas/2026-11-01/web-1.xva", 0xa7b9_41e6_170b_d729),
            (
                "xo-vm-backups/0b7c1f4e-3a52-4d5b-9f1e-6a3f2c8d9e10/20261101T020000Z.xva",
                0xac2a_059a_3d5e_7b32,
            ),
            ("ü/ß.xva", 0xee60_117c_cebb_885c),
        ] {
            assert_eq!(hash(path), expected, "{path}");
        }
        // 0xa7b941e6170bd729 modulo 8 is 1: the second of eight.
        assert!(Shard::new(2, 8).unwrap().takes("nas/2026-11-01/web-1.xva"));
    }

    #[test]
    fn parts_are_spelled_one_way() {
        for (text, good) in [
            ("1/1", true),
            ("3/8", true),
            ("8/8", true),
            ("0/8", false),
            ("9/8", false),
            ("1/0", false),
            ("0/0", false),
            ("+1/8", false),
            ("1 /8", false),
            ("1", false),
            ("/", false),
            ("1/8/2", false),
            ("1/99999999999", false),
            ("", false),
        ] {
            let shard = text.parse::<Shard>();
            assert_eq!(shard.is_ok(), good, "{text}");
            if let Ok(shard) = shard {
                assert_eq!(shard.to_string(), text);
            }
        }
        assert_eq!("1/7".parse(), Ok(Sample { of: 7 }));
        assert!("2/7".parse::<Sample>().is_err());
    }

    proptest! {
        #[test]
        fn exactly_one_takes_a_file(path in ".*", of in 1..40_u32, run in any::<u32>()) {
            let shards = (1..=of).filter(|&k| Shard::new(k, of).unwrap().takes(&path));
            prop_assert_eq!(shards.count(), 1);
            let sample = Sample::new(of).unwrap();
            let first = u64::from(run);
            let runs = (first..first + u64::from(of)).filter(|&run| sample.takes(&path, run));
            prop_assert_eq!(runs.count(), 1);
        }
    }
}

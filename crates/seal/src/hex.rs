//! Digests in hexadecimal digits.

use std::fmt;

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use xenspect_model::catalog::Sha256;
pub use xenspect_model::hex::encode;

/// A SHA-256 as 64 lower-case digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hex(pub Sha256);

/// A SHA-256 of 64 digits; `None` for anything else. Upper-case digits are taken too.
#[must_use]
pub fn sha256(text: &str) -> Option<Sha256> {
    let (pairs, []) = text.as_bytes().as_chunks::<2>() else {
        return None;
    };
    let mut digest = Sha256::default();
    if pairs.len() != digest.len() {
        return None;
    }
    for (byte, &[high, low]) in digest.iter_mut().zip(pairs) {
        *byte = (nibble(high)? << 4) | nibble(low)?;
    }
    Some(digest)
}

fn nibble(digit: u8) -> Option<u8> {
    let value = char::from(digit).to_digit(16)?;
    u8::try_from(value).ok()
}

impl Serialize for Hex {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Hex {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Digits;

        impl Visitor<'_> for Digits {
            type Value = Hex;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("64 hexadecimal digits")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Hex, E> {
                sha256(text).map(Hex).ok_or_else(|| {
                    E::invalid_value(serde::de::Unexpected::Str("other text"), &self)
                })
            }
        }

        deserializer.deserialize_str(Digits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_comes_back() {
        let mut digest = Sha256::default();
        for (value, byte) in (0..).zip(&mut digest) {
            *byte = value * 8 + 1;
        }
        let text = encode(&digest);
        assert_eq!(text.len(), 64);
        assert!(text.starts_with("0109111921"));
        assert_eq!(sha256(&text), Some(digest));
        assert_eq!(sha256(&text.to_uppercase()), Some(digest));
    }

    #[test]
    fn what_is_no_digest_is_refused() {
        let good = "0".repeat(64);
        for bad in [
            "",
            "0",
            &good[1..],
            &format!("{good}0"),
            &format!("{good}00"),
            &format!("g{}", &good[1..]),
            &format!("+{}", &good[1..]),
            &format!("ä{}", &good[2..]),
        ] {
            assert_eq!(sha256(bad), None, "{bad}");
        }
    }
}

//! Sizes and times as a policy has them.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

/// A size: a whole number and a unit, with or without a blank between.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Size(pub u64);

/// Units of a size and their bytes. The ones with an `i` are powers of 1024.
const UNITS: [(&str, u64); 9] = [
    ("B", 1),
    ("KiB", 1 << 10),
    ("MiB", 1 << 20),
    ("GiB", 1 << 30),
    ("TiB", 1 << 40),
    ("kB", 1_000),
    ("MB", 1_000_000),
    ("GB", 1_000_000_000),
    ("TB", 1_000_000_000_000),
];

const SIZES: &str = "a size is a whole number and a unit: B, KiB, MiB, GiB, TiB, kB, MB, GB or TB, for instance \"10 GiB\"";

impl TryFrom<String> for Size {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let text = text.trim();
        let end = text
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(text.len());
        let (number, unit) = text.split_at(end);
        let unit = unit.trim_start();
        let number: u64 = number.parse().map_err(|_| SIZES)?;
        let unit = UNITS.iter().find(|(name, _)| *name == unit).ok_or(SIZES)?;
        number
            .checked_mul(unit.1)
            .map(Self)
            .ok_or("no file is as large as this")
    }
}

impl From<Size> for String {
    fn from(size: Size) -> Self {
        size.to_string()
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The largest unit of 1024 that divides it, so that nothing is rounded.
        let unit = UNITS[..5]
            .iter()
            .rev()
            .find(|(_, bytes)| self.0 > 0 && self.0.is_multiple_of(*bytes))
            .unwrap_or(&UNITS[0]);
        write!(f, "{} {}", self.0 / unit.1, unit.0)
    }
}

impl JsonSchema for Size {
    fn schema_name() -> Cow<'static, str> {
        "Size".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "pattern": "^ *[0-9]+ *(B|KiB|MiB|GiB|TiB|kB|MB|GB|TB) *$",
            "description": "A whole number and a unit, `10 GiB` for instance."
        })
    }
}

/// A span of time, `8d` or `1day 12h` for instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Age(pub Duration);

impl TryFrom<String> for Age {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        humantime::parse_duration(text.trim())
            .map(Self)
            .map_err(|error| {
                format!("{error}; a time is numbers with units, for instance \"8d\", \"26h\" or \"1d 12h\"")
            })
    }
}

impl From<Age> for String {
    fn from(age: Age) -> Self {
        age.to_string()
    }
}

impl fmt::Display for Age {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The largest unit that divides it, so that it looks as somebody wrote it.
        let seconds = self.0.as_secs();
        let units = [("d", 86_400), ("h", 3600), ("m", 60), ("s", 1)];
        let unit = units.iter().find(|(_, unit)| seconds.is_multiple_of(*unit));
        match unit {
            Some((name, unit)) if self.0.subsec_nanos() == 0 && seconds > 0 => {
                write!(f, "{}{name}", seconds / unit)
            }
            _ => write!(f, "{}", humantime::format_duration(self.0)),
        }
    }
}

impl JsonSchema for Age {
    fn schema_name() -> Cow<'static, str> {
        "Age".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "pattern": "^ *[0-9]+ *[a-zA-Z]+( *[0-9]+ *[a-zA-Z]+)* *$",
            "description": "Numbers with units (s, m, h, d, w, months, y), `8d` or `1d 12h` for instance."
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        for (text, bytes) in [
            ("0 B", 0),
            ("10GiB", 10 << 30),
            (" 3  kB ", 3000),
            ("1 TB", 1_000_000_000_000),
        ] {
            assert_eq!(Size::try_from(text.to_owned()), Ok(Size(bytes)), "{text}");
        }
        for text in [
            "",
            "10",
            "GiB",
            "1.5 GiB",
            "-1 B",
            "10 gib",
            "10 GiBs",
            "99999999999999999999 B",
            "18446744073709551615 KiB",
            "１ B",
        ] {
            assert!(Size::try_from(text.to_owned()).is_err(), "{text}");
        }
    }

    #[test]
    fn sizes_are_shown_without_rounding() {
        for (bytes, shown) in [
            (0, "0 B"),
            (1024, "1 KiB"),
            (1025, "1025 B"),
            (5 << 30, "5 GiB"),
        ] {
            let size = Size(bytes);
            assert_eq!(size.to_string(), shown);
            assert_eq!(Size::try_from(size.to_string()), Ok(size));
        }
    }

    #[test]
    fn ages() {
        assert_eq!(
            Age::try_from("1d 12h".to_owned()),
            Ok(Age(Duration::from_secs(36 * 3600)))
        );
        for (text, shown) in [
            ("400d", "400d"),
            ("26h", "26h"),
            ("1d 12h", "36h"),
            ("1500ms", "1s 500ms"),
            ("0s", "0s"),
        ] {
            let age = Age::try_from(text.to_owned()).expect(text);
            assert_eq!(age.to_string(), shown);
            assert_eq!(Age::try_from(age.to_string()), Ok(age));
        }
        for text in ["", "8", "soon", "-1d", "8 lightyears", "99999999999999999y"] {
            assert!(Age::try_from(text.to_owned()).is_err(), "{text}");
        }
    }
}

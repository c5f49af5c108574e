//! The severities that a policy sets, by codes and groups of codes.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{DeserializeSeed, Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use xenspect_model::{Code, Severity};
use xenspect_rules::firm;

/// A code, or the beginning of codes with `*` behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pattern {
    /// One code.
    Exact(Code),
    /// All codes that begin so.
    Group(String),
}

impl Pattern {
    /// Reads one.
    ///
    /// # Errors
    /// In words, when no code is meant.
    pub fn read(text: &str) -> Result<Self, String> {
        if let Some(start) = text.strip_suffix('*') {
            let is_any = Code::ALL.iter().any(|code| code.name().starts_with(start));
            return match is_any {
                true => Ok(Self::Group(start.to_owned())),
                false => Err(format!(
                    "no code begins with `{start}`; `xenspect explain --list` lists all"
                )),
            };
        }
        Code::named(text).map(Self::Exact).ok_or_else(|| {
            format!(
                "`{text}` is no code; `xenspect explain --list` lists all, and `GROUP/*` means all of a group"
            )
        })
    }

    /// How exactly it means a code; `None` if it does not.
    fn exactness(&self, code: Code) -> Option<usize> {
        match self {
            Self::Exact(own) => (*own == code).then_some(usize::MAX),
            Self::Group(start) => code
                .name()
                .starts_with(start.as_str())
                .then_some(start.len()),
        }
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exact(code) => code.fmt(f),
            Self::Group(start) => write!(f, "{start}*"),
        }
    }
}

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::read(&text).map_err(Error::custom)
    }
}

/// Severities by codes and groups of codes. The more exact one counts, whatever their order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Severities(Vec<(Pattern, Severity)>);

impl Severities {
    /// The severity that a code shall have, if there is one for it.
    #[must_use]
    pub fn of(&self, code: Code) -> Option<Severity> {
        self.0
            .iter()
            .filter_map(|(pattern, severity)| Some((pattern.exactness(code)?, *severity)))
            .max_by_key(|(exactness, _)| *exactness)
            .map(|(_, severity)| severity)
    }

    /// What is set, in the order of the text.
    pub fn iter(&self) -> impl Iterator<Item = (&Pattern, Severity)> {
        self.0
            .iter()
            .map(|(pattern, severity)| (pattern, *severity))
    }

    /// Whether nothing is set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Serialize for Severities {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let pairs = self.0.iter();
        serializer.collect_map(pairs.map(|(pattern, severity)| (pattern.to_string(), severity)))
    }
}

/// The severity of one pattern. Refused here and not later, so that the refusal has its line.
struct Of<'a>(&'a Pattern);

impl<'de> DeserializeSeed<'de> for Of<'_> {
    type Value = Severity;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Severity, D::Error> {
        struct Word<'a>(&'a Pattern);

        impl Visitor<'_> for Word<'_> {
            type Value = Severity;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("\"error\", \"warning\" or \"note\"")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Severity, E> {
                let severity = Severity::ALL
                    .into_iter()
                    .find(|severity| severity.word() == text)
                    .ok_or_else(|| {
                        E::custom(format_args!(
                            "`{text}` is no severity: \"error\", \"warning\" or \"note\""
                        ))
                    })?;
                if let Pattern::Exact(code) = self.0
                    && severity < code.entry().severity
                    && let Some(reason) = firm(*code)
                {
                    return Err(E::custom(format_args!(
                        "`{code}` cannot be less than {}: {reason}, and a backup that was not read is not known to be good",
                        code.entry().severity
                    )));
                }
                Ok(severity)
            }
        }

        deserializer.deserialize_str(Word(self.0))
    }
}

impl<'de> Deserialize<'de> for Severities {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Table;

        impl<'de> Visitor<'de> for Table {
            type Value = Severities;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("severities by code")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Severities, A::Error> {
                let mut all = Vec::new();
                while let Some(pattern) = map.next_key::<Pattern>()? {
                    let severity = map.next_value_seed(Of(&pattern))?;
                    all.push((pattern, severity));
                }
                Ok(Severities(all))
            }
        }

        deserializer.deserialize_map(Table)
    }
}

impl JsonSchema for Severities {
    fn schema_name() -> Cow<'static, str> {
        "Severities".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let words = Severity::ALL.map(Severity::word);
        json_schema!({
            "type": "object",
            "propertyNames": { "pattern": "^([a-z-]+/[a-z0-9-]*\\*?|[a-z-]*\\*)$" },
            "additionalProperties": { "enum": words },
            "description": "Severities by code, or by the beginning of codes with `*` behind it (`host/*`). The more exact one counts."
        })
    }
}

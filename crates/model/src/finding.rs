//! One judged statement about an input: its code, place, facts and advice.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use schemars::JsonSchema;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::code::{Code, Severity};

/// A finding, as it appears in every report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    /// What was found; `xenspect explain CODE` tells more.
    pub code: Code,
    /// How bad it is.
    pub severity: Severity,
    /// The code's title.
    pub title: String,
    /// Where it is.
    pub place: Place,
    /// The facts compared, by name.
    pub facts: Facts,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advice: Option<String>,
    /// The error code that an importing xapi would answer with, where it would.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub xapi_error: Option<String>,
    /// The severity that it had before a policy set another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_severity: Option<Severity>,
    /// Whether a baseline accepts it: it is shown, and does not count for the exit status.
    #[serde(default, skip_serializing_if = "is_false")]
    pub accepted: bool,
}

fn is_false(value: &bool) -> bool {
    !value
}

/// Where a finding is. Absent parts do not apply.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Place {
    /// Name of the member.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub member: Option<MemberText>,
    /// Offset in bytes in the decompressed stream: of a pool database, in the document or the
    /// device. Of one that is a file of a host backup it is that of the file's header, and the fact
    /// `offset_in_file` tells the place in the document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offset: Option<u64>,
    /// The disk, by its id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disk: Option<String>,
    /// The block's number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub block: Option<u64>,
    /// The range of the disk, in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disk_range: Option<Range>,
    /// The object of `ova.xml`, as `class id` or `class id.field`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub object: Option<String>,
    /// The table of a pool database.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub table: Option<String>,
    /// The row of the table, by its reference.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<String>,
    /// The column of the row or table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
}

/// A range of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Range {
    /// First byte.
    pub start: u64,
    /// Number of bytes.
    pub length: u64,
}

/// A member's name: as text, and exactly where it is not UTF-8.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MemberText {
    /// The name; bytes that are not UTF-8 are replaced.
    #[serde(rename = "member")]
    pub text: String,
    /// The name's bytes in base64, present only when it is not UTF-8.
    #[serde(rename = "member_base64", skip_serializing_if = "Option::is_none")]
    pub base64: Option<String>,
}

impl From<&[u8]> for MemberText {
    fn from(name: &[u8]) -> Self {
        match String::from_utf8_lossy(name) {
            Cow::Borrowed(text) => Self {
                text: text.to_owned(),
                base64: None,
            },
            Cow::Owned(text) => Self {
                text,
                base64: Some(STANDARD.encode(name)),
            },
        }
    }
}

/// Facts by name, in the order in which a reader wants them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts(Vec<(String, Fact)>);

impl Facts {
    /// Adds a fact, or replaces the one of that name.
    pub fn set(&mut self, name: &str, value: Fact) {
        match self.0.iter_mut().find(|(known, _)| known == name) {
            Some((_, old)) => *old = value,
            None => self.0.push((name.to_owned(), value)),
        }
    }

    /// The fact of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Fact> {
        self.0
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, fact)| fact)
    }

    /// All facts in their order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Fact)> {
        self.0.iter().map(|(name, fact)| (name.as_str(), fact))
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<(String, Fact)> for Facts {
    fn from_iter<I: IntoIterator<Item = (String, Fact)>>(facts: I) -> Self {
        let mut all = Self::default();
        for (name, fact) in facts {
            all.set(&name, fact);
        }
        all
    }
}

impl Serialize for Facts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl<'de> Deserialize<'de> for Facts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;

        impl<'de> Visitor<'de> for InOrder {
            type Value = Facts;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("facts by name")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Facts, A::Error> {
                let mut facts = Facts::default();
                while let Some((name, fact)) = map.next_entry::<String, Fact>()? {
                    facts.set(&name, fact);
                }
                Ok(facts)
            }
        }

        deserializer.deserialize_map(InOrder)
    }
}

impl JsonSchema for Facts {
    fn schema_name() -> Cow<'static, str> {
        "Facts".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let fact = generator.subschema_for::<Fact>();
        schemars::json_schema!({ "type": "object", "additionalProperties": fact })
    }
}

/// One fact of a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Fact {
    /// A count, length, offset or number.
    Number(u64),
    /// Yes or no.
    Truth(bool),
    /// A text.
    Text(String),
    /// A list of texts.
    List(Vec<String>),
}

impl From<u64> for Fact {
    fn from(value: u64) -> Self {
        Self::Number(value)
    }
}

impl From<bool> for Fact {
    fn from(value: bool) -> Self {
        Self::Truth(value)
    }
}

impl From<&str> for Fact {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for Fact {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl From<Vec<String>> for Fact {
    fn from(value: Vec<String>) -> Self {
        Self::List(value)
    }
}

impl Finding {
    /// How bad the rules call it, whatever a policy makes of it.
    #[must_use]
    pub fn own_severity(&self) -> Severity {
        self.default_severity.unwrap_or(self.severity)
    }

    /// A finding of `code` with the table's severity, advice and xapi error, and no facts yet.
    #[must_use]
    pub fn new(code: Code) -> Self {
        let entry = code.entry();
        Self {
            code,
            severity: entry.severity,
            title: entry.title.to_owned(),
            place: Place::default(),
            facts: Facts::default(),
            advice: (entry.severity > Severity::Note).then(|| entry.advice.to_owned()),
            xapi_error: entry.xapi_error.map(str::to_owned),
            default_severity: None,
            accepted: false,
        }
    }

    /// Adds a fact.
    #[must_use]
    pub fn fact(mut self, name: &str, value: impl Into<Fact>) -> Self {
        self.facts.set(name, value.into());
        self
    }

    /// Sets the offset in the stream.
    #[must_use]
    pub fn at(mut self, offset: u64) -> Self {
        self.place.offset = Some(offset);
        self
    }

    /// Sets the member.
    #[must_use]
    pub fn member(mut self, name: &[u8]) -> Self {
        self.place.member = Some(name.into());
        self
    }

    /// Sets the disk.
    #[must_use]
    pub fn disk(mut self, id: &str) -> Self {
        self.place.disk = Some(id.to_owned());
        self
    }

    /// Sets the block of the disk.
    #[must_use]
    pub fn block(mut self, disk: &str, number: u64) -> Self {
        self.place.block = Some(number);
        self.disk(disk)
    }

    /// Sets the object of `ova.xml`.
    #[must_use]
    pub fn object(mut self, object: String) -> Self {
        self.place.object = Some(object);
        self
    }

    /// Sets the table of a pool database.
    #[must_use]
    pub fn table(mut self, table: &str) -> Self {
        self.place.table = Some(table.to_owned());
        self
    }

    /// Sets the row, by its reference.
    #[must_use]
    pub fn row(mut self, reference: &str) -> Self {
        self.place.row = Some(reference.to_owned());
        self
    }

    /// Sets the column.
    #[must_use]
    pub fn column(mut self, column: &str) -> Self {
        self.place.column = Some(column.to_owned());
        self
    }

    /// Replaces the severity of the table.
    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// Replaces the advice of the table.
    #[must_use]
    pub fn advice(mut self, advice: impl Into<String>) -> Self {
        self.advice = Some(advice.into());
        self
    }
}

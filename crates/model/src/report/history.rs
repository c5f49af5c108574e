//! What was verified when: what `history` shows. The JSON contract is the one of [`crate::report`]. Times are in UTC, as RFC 3339 has them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Kind, Tool, Verdict};
use crate::code::Severity;

/// Version of the shape of the document.
pub const SCHEMA: u32 = 1;

/// The past of the inputs that a state file knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct HistoryReport {
    /// Version of this document's shape.
    pub schema: u32,
    /// The program that made it.
    pub tool: Tool,
    /// The state file.
    pub state: String,
    /// The time that was asked for with `--due`, as it was given; the inputs are those alone that were not verified within it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<String>,
    /// The inputs, those that were verified last first.
    pub inputs: Vec<HistoryInput>,
}

/// The past of one input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct HistoryInput {
    /// The path as it was given last.
    pub path: String,
    /// What it is known by: the canonical path or the URL.
    pub key: String,
    /// Whether its file is gone; told with `--due` alone, and only of files.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gone: Option<bool>,
    /// The last verification of all of it with a good verdict, if it has not changed and nothing bad was found since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fully: Option<Fully>,
    /// Number of its verifications, in the time that was asked for.
    pub count: u64,
    /// The verifications, the latest first: all of them where inputs were named, otherwise the last one.
    pub verifications: Vec<Verification>,
}

/// A verification of all of an input, at once or in parts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Fully {
    /// When it was; of one in parts, when the oldest of them was read.
    pub at: String,
    /// Its verdict; of one in parts, the worst of them.
    pub verdict: Verdict,
    /// The number of parts, if it was read in parts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parts: Option<u32>,
}

/// One verification of an input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Verification {
    /// When it ended.
    pub at: String,
    /// The one-word result.
    pub verdict: Verdict,
    /// What the input was; absent when that could not be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<Kind>,
    /// The worst severity among the findings; absent if there were none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub worst: Option<Severity>,
    /// How much of it was read.
    pub extent: ReadExtent,
    /// The part that was read, with the extent `part`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<PartOf>,
    /// Bytes of the input as stored.
    pub size: u64,
    /// When the input was changed last before; absent where that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modified: Option<String>,
    /// Whether the input, or what lies beside it, was another one at the verification before this one.
    pub changed: bool,
    /// SHA-256 of the input as stored, in hexadecimal digits, if it was computed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
    /// Bytes that were read.
    pub bytes_read: u64,
    /// Version of the program that did it.
    pub version: String,
}

/// How much of an input a verification read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ReadExtent {
    /// All of it.
    Full,
    /// One part of its blocks.
    Part,
    /// Names, order, sizes and documents only.
    Headers,
}

impl ReadExtent {
    /// The word used in reports.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Part => "part",
            Self::Headers => "headers",
        }
    }
}

/// One part of several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PartOf {
    /// Which one, counted from 1.
    pub number: u32,
    /// How many there are.
    pub of: u32,
}

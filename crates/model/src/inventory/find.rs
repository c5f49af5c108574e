//! What a search over inputs gave.

use schemars::JsonSchema;
use serde::Serialize;

use crate::report::{Kind, Tool};

/// Where a text occurs in one or several inputs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FindReport {
    /// Version of this document's shape.
    pub schema: u32,
    /// The program that made it.
    pub tool: Tool,
    /// The text that was looked for.
    pub text: String,
    /// One entry per input, in the order given.
    pub inputs: Vec<FindInput>,
}

/// Where the text occurs in one input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FindInput {
    /// The path as given; `-` for standard input.
    pub path: String,
    /// What it is; absent when that could not be told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<Kind>,
    /// Why it was not searched, or not all of it, in one sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// The objects, table by table.
    pub hits: Vec<Hit>,
    /// Objects beyond the kept number.
    #[serde(skip_serializing_if = "is_zero")]
    pub omitted: u64,
}

/// An object that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Hit {
    /// Its class, as the API spells it.
    pub class: String,
    /// Its name, or what tells it from others of its class. May be empty.
    pub name: String,
    /// Its uuid. May be empty.
    pub uuid: String,
    /// Its reference: `OpaqueRef:…`, or `Ref:N` in an export.
    pub reference: String,
    /// The field that matched, in the API's spelling.
    pub field: String,
    /// How it hangs together with other objects: one statement each.
    pub chain: Vec<String>,
}

impl FindInput {
    /// An input that could not be searched.
    #[must_use]
    pub fn unreadable(path: String, error: String) -> Self {
        Self {
            path,
            kind: None,
            error: Some(error),
            hits: Vec::new(),
            omitted: 0,
        }
    }
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the form that serde calls"
)]
const fn is_zero(n: &u64) -> bool {
    *n == 0
}

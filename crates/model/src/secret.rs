//! Where secrets are: what `secrets` lists. Never what they are. The JSON contract is the one of [`crate::report`].

use schemars::JsonSchema;
use serde::Serialize;

use crate::report::{Envelope, Kind, Tool};

/// Version of the shape of the document.
pub const SCHEMA: u32 = 1;

/// The secrets of one or several inputs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SecretsReport {
    /// Version of this document's shape.
    pub schema: u32,
    /// The program that made it.
    pub tool: Tool,
    /// One entry per input, in the order given.
    pub inputs: Vec<SecretsInput>,
}

/// The secrets of one input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SecretsInput {
    /// The path as given; `-` for standard input.
    pub path: String,
    /// What it is; absent when that could not be told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<Kind>,
    /// Compression; absent when the input could not be opened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub envelope: Option<Envelope>,
    /// Why there is nothing else, or not everything, in one sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// In the order of the document.
    pub secrets: Vec<Secret>,
}

/// One secret or personal datum.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Secret {
    /// Table or class; `manifest` for a key of the manifest.
    pub class: String,
    /// Reference of the row, or id of the object; empty in a manifest.
    pub reference: String,
    /// Its uuid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uuid: Option<String>,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Column or field, and between colons what is inside of it: `device_config:chappassword`.
    pub field: String,
    /// What it is, for machines.
    pub kind: &'static str,
    /// What it is, for people.
    pub title: &'static str,
    /// Whether it opens something, or is about somebody.
    pub grade: Grade,
    /// Length of the value in bytes.
    pub length: u64,
    /// Offset of the column's value in the document, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offset: Option<u64>,
    /// The pool database that it is in, where the input is a host backup: `var/backup/pool-database-…`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member: Option<String>,
}

/// How much a value matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Grade {
    /// About persons, licences, guests or hardware.
    Personal,
    /// Opens something. No other command shows it.
    Secret,
}

impl SecretsInput {
    /// An input of which nothing can be said but why.
    #[must_use]
    pub fn unreadable(path: String, error: String) -> Self {
        Self {
            path,
            kind: None,
            envelope: None,
            error: Some(error),
            secrets: Vec::new(),
        }
    }

    /// How many there are of a grade.
    #[must_use]
    pub fn count(&self, grade: Grade) -> usize {
        let of_grade = |secret: &&Secret| secret.grade == grade;
        self.secrets.iter().filter(of_grade).count()
    }
}

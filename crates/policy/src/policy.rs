//! The policy as it is written, and how it is read.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use xenspect_model::Severity;
use xenspect_model::report::{Input, Verdict};

use crate::amount::{Age, Size};
use crate::expect::Expect;
use crate::matching::PathGlob;
use crate::pattern::Severities;

/// Version of the policy's shape.
pub const POLICY: u32 = 1;

/// Blocks of one kind; more make judging slow, and nobody writes so many by hand.
const BLOCKS: usize = 10_000;

/// What somebody expects of their backups: the file `xenspect.toml`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Policy {
    /// Version of the file's shape: 1.
    #[schemars(range(min = 1, max = 1))]
    pub policy: u32,
    /// Lowest severity of a finding that makes the exit status 1, unless `--fail-on` says otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fail_on: Option<Severity>,
    /// Severities by code.
    #[serde(default, skip_serializing_if = "Severities::is_empty")]
    pub severity: Severities,
    /// Limits for every backup.
    #[serde(default)]
    pub limits: Limits,
    /// What is otherwise for some inputs. Where several are about one input, a later one counts before an earlier one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub input: Vec<Override>,
    /// What has to be there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub expect: Vec<Expect>,
}

/// Limits on a backup.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Limits {
    /// The least size, as stored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_size: Option<Size>,
    /// The largest size, as stored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_size: Option<Size>,
    /// The longest time since the file, or the object of a store, was last written to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_age: Option<Age>,
}

impl Limits {
    fn is_any(&self) -> bool {
        self.min_size.is_some() || self.max_size.is_some() || self.max_age.is_some()
    }
}

/// What is otherwise for some inputs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Override {
    /// Which inputs are meant.
    #[serde(rename = "match")]
    pub path: PathGlob,
    /// Their severities by code.
    #[serde(default, skip_serializing_if = "Severities::is_empty")]
    pub severity: Severities,
    /// Their limits.
    #[serde(default)]
    pub limits: Limits,
}

/// Why a text is no policy or no baseline, in words that name the line where there is one.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Unusable {
    /// It is of another shape.
    #[error(
        "it is a {what} of version {version}, and this program knows version 1; use a later xenspect"
    )]
    Version {
        /// What it is.
        what: &'static str,
        /// Its version.
        version: u64,
    },
    /// It does not tell its version.
    #[error("it lacks `{0} = 1`, which tells the version of its shape")]
    NoVersion(&'static str),
    /// It is not what it has to be.
    #[error("{0}")]
    Wrong(String),
}

impl Policy {
    /// Reads the text of a policy.
    ///
    /// # Errors
    /// With the line, and what is allowed there.
    pub fn read(text: &str) -> Result<Self, Unusable> {
        // Editors of Windows put one in front.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let wrong =
            |error: toml::de::Error| Unusable::Wrong(error.to_string().trim_end().to_owned());
        #[derive(Deserialize)]
        struct Head {
            policy: Option<toml::Value>,
        }
        // First, since a later version may hold what this one takes for mistakes.
        match toml::from_str::<Head>(text).map_err(wrong)?.policy {
            None => return Err(Unusable::NoVersion("policy")),
            Some(toml::Value::Integer(version)) if version != i64::from(POLICY) => {
                return Err(match u64::try_from(version) {
                    Ok(version) => Unusable::Version {
                        what: "policy",
                        version,
                    },
                    Err(_) => Unusable::NoVersion("policy"),
                });
            }
            Some(_) => {}
        }
        let policy: Self = toml::from_str(text).map_err(wrong)?;
        policy.fits_together()?;
        Ok(policy)
    }

    /// What the shape alone does not tell.
    fn fits_together(&self) -> Result<(), Unusable> {
        if self.input.len() > BLOCKS || self.expect.len() > BLOCKS {
            return Err(Unusable::Wrong(format!(
                "it has more than {BLOCKS} blocks of one kind"
            )));
        }
        let of_inputs = self.input.iter();
        let named = of_inputs.map(|input| {
            (
                format!("[[input]] match = \"{}\"", input.path),
                &input.limits,
            )
        });
        for (name, limits) in named.chain([("[limits]".to_owned(), &self.limits)]) {
            if let (Some(min), Some(max)) = (limits.min_size, limits.max_size)
                && min > max
            {
                return Err(Unusable::Wrong(format!(
                    "{name}: `min-size` is {min}, more than `max-size`, which is {max}"
                )));
            }
        }
        for (index, expect) in self.expect.iter().enumerate() {
            expect.fits_together().map_err(|words| {
                Unusable::Wrong(format!("[[expect]] number {}: {words}", index + 1))
            })?;
        }
        Ok(())
    }

    /// Whether it can make an input fail, or be called something else, that the rules alone do not.
    #[must_use]
    pub fn judges_inputs(&self) -> bool {
        let blocks = self.input.iter();
        let all = blocks.map(|block| (&block.severity, &block.limits));
        all.chain([(&self.severity, &self.limits)])
            .any(|(severity, limits)| !severity.is_empty() || limits.is_any())
            || self.expect.iter().any(Expect::asks_for_sound)
    }

    /// Whether an input that was judged may be left out of a run: what has to be sound is.
    #[must_use]
    pub fn contents_with(&self, input: &Input) -> bool {
        input.verdict == Verdict::Sound || !self.expect.iter().any(Expect::asks_for_sound)
    }

    /// The limits for the input at a path.
    #[must_use]
    pub fn limits_of(&self, path: &str) -> Limits {
        let mut limits = self.limits.clone();
        for input in self.input.iter().filter(|input| input.path.takes(path)) {
            limits.min_size = input.limits.min_size.or(limits.min_size);
            limits.max_size = input.limits.max_size.or(limits.max_size);
            limits.max_age = input.limits.max_age.or(limits.max_age);
        }
        limits
    }

    /// The JSON Schema of the file.
    #[must_use]
    pub fn schema() -> serde_json::Value {
        schemars::schema_for!(Self).to_value()
    }
}

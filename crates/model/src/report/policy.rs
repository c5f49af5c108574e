//! What a policy and a baseline made of a report.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

fn is_zero(value: &u64) -> bool {
    *value == 0
}

/// Which policy and baseline a report was judged by, and what they changed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PolicyApplied {
    /// The policy file; absent if there was a baseline alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Findings whose severity the policy set to another one.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub changed: u64,
    /// The baseline, if there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<String>,
    /// Findings that the baseline accepts, those that were only counted among them.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub accepted: u64,
    /// Findings of the baseline that were not found again in the inputs that it names.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub stale: u64,
    /// What the policy asks for and could not be judged, in sentences.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_judged: Vec<String>,
}

//! What makes two runs the same job, so that one can go on with the other.

use std::collections::BTreeMap;

use serde::Serialize;

/// What a run is about: the program's version, the inputs in their order, and the options that change a report.
///
/// Two runs with the same identity would give the same report of the same store. What does not change a report (threads, colours) does
/// not belong here; what limits it (a shard, a sample) does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RunIdentity {
    tool: String,
    inputs: Vec<String>,
    options: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sample: Option<u32>,
}

impl RunIdentity {
    /// A run of a version of the program, without inputs and options.
    #[must_use]
    pub fn new(tool: &str) -> Self {
        Self {
            tool: tool.to_owned(),
            inputs: Vec::new(),
            options: BTreeMap::new(),
            sample: None,
        }
    }

    /// With one more input: its canonical path, its URL, or what else tells it.
    #[must_use]
    pub fn input(mut self, input: impl Into<String>) -> Self {
        self.inputs.push(input.into());
        self
    }

    /// With an option.
    #[must_use]
    pub fn option(mut self, name: &str, value: impl Into<String>) -> Self {
        self.options.insert(name.to_owned(), value.into());
        self
    }

    /// With one part of `of` read in each run.
    #[must_use]
    pub fn sample(mut self, of: u32) -> Self {
        self.sample = Some(of);
        self
    }

    pub(crate) fn parts(&self) -> Option<u32> {
        self.sample
    }

    pub(crate) fn tool(&self) -> &str {
        &self.tool
    }

    /// The text that it is known by.
    pub(crate) fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_else(|_| format!("{self:?}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identities_tell_what_matters_apart() {
        let base = || {
            RunIdentity::new("0.1.0")
                .input("/a")
                .option("depth", "full")
        };
        assert_eq!(base().text(), base().text());
        assert_eq!(
            base().option("b", "2").option("a", "1"),
            base().option("a", "1").option("b", "2")
        );
        let others = [
            RunIdentity::new("0.2.0")
                .input("/a")
                .option("depth", "full"),
            base().input("/b"),
            base().option("depth", "headers"),
            base().sample(7),
            RunIdentity::new("0.1.0").input("/a\",\"depth=full"),
        ];
        for other in others {
            assert_ne!(base().text(), other.text());
        }
    }
}

//! What a finding is known by from run to run, for baselines and for trackers of results.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::finding::{Fact, Finding};
use crate::hex;

/// The same for the same code, place and facts, whatever the input is called, how bad a policy calls it, and how texts of the
/// table are worded: 64 hexadecimal digits of a SHA-256.
///
/// An offset counts only where nothing else tells the place, so that one that moved because something in front of it grew is the
/// same finding. Facts count, so that a second deviation at a known place is a new one.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
pub struct Fingerprint(String);

impl Fingerprint {
    /// Its digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Finding {
    /// What it is known by from run to run.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        let mut parts = Parts(Sha256::new());
        parts.add("version", "1");
        parts.add("code", self.code.name());
        let place = &self.place;
        let texts = [
            ("disk", &place.disk),
            ("object", &place.object),
            ("table", &place.table),
            ("row", &place.row),
            ("column", &place.column),
        ];
        let mut is_placed = false;
        for (name, text) in texts {
            if let Some(text) = text {
                parts.add(name, text);
                is_placed = true;
            }
        }
        if let Some(member) = &place.member {
            // Names that are not UTF-8 look alike as texts.
            parts.add("member", member.base64.as_ref().unwrap_or(&member.text));
            is_placed = true;
        }
        if let Some(block) = place.block {
            parts.add("block", &block.to_string());
            is_placed = true;
        }
        if let (false, Some(offset)) = (is_placed, place.offset) {
            parts.add("offset", &offset.to_string());
        }
        for (name, fact) in self.facts.iter() {
            parts.fact(name, fact);
        }
        Fingerprint(hex::encode(&parts.0.finalize()))
    }
}

/// Names and values with their lengths in front, so that no two lists of them are the same bytes.
struct Parts(Sha256);

impl Parts {
    fn add(&mut self, name: &str, value: &str) {
        for text in [name, value] {
            self.0.update((text.len() as u64).to_be_bytes());
            self.0.update(text);
        }
    }

    fn fact(&mut self, name: &str, fact: &Fact) {
        match fact {
            Fact::Number(number) => self.add(name, &number.to_string()),
            Fact::Truth(truth) => self.add(name, &truth.to_string()),
            Fact::Text(text) => self.add(name, text),
            Fact::List(list) => {
                self.add(name, &list.len().to_string());
                for item in list {
                    self.add(name, item);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Code, Severity};

    fn sample() -> Finding {
        Finding::new(Code::BlockChecksum)
            .block("Ref:4", 17)
            .at(1000)
            .fact("stored", "aa")
    }

    #[test]
    fn severity_advice_and_offset_of_a_known_place_do_not_count() {
        let moved = sample().at(2000).severity(Severity::Note).advice("Wait.");
        assert_eq!(moved.fingerprint(), sample().fingerprint());
    }

    #[test]
    fn code_place_and_facts_count() {
        let others = [
            Finding::new(Code::ChecksumMissing)
                .block("Ref:4", 17)
                .fact("stored", "aa"),
            sample().block("Ref:4", 18),
            sample().block("Ref:5", 17),
            sample().fact("stored", "ab"),
            sample().fact("more", true),
            sample().member(b"Ref:4/00000017"),
        ];
        for other in others {
            assert_ne!(other.fingerprint(), sample().fingerprint(), "{other:?}");
        }
    }

    #[test]
    fn an_offset_counts_where_nothing_else_tells_the_place() {
        let at = |offset| Finding::new(Code::TarTrailingData).at(offset).fingerprint();
        assert_ne!(at(512), at(1024));
    }

    /// Baselines and trackers keep it.
    #[test]
    fn it_stays_what_it_was() {
        assert_eq!(
            sample().fingerprint().as_str(),
            "3301725be46fdd13e6428b36fd741251d9019676f3c15bc1019a2f2faf0e82de"
        );
    }
}

//! What is wrong with a folder of backups, by the names, lengths and small documents in it.

use xenspect_model::report::Input;
use xenspect_model::store::{Leftover, StoreFact, StoreState};
use xenspect_model::{Code, Finding, Severity};

use super::{add, apart};
use crate::list;

/// What is known of a backup that a finding is about, from its description.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StoreHint {
    /// The VM or pool, and when the backup was made.
    pub label: Option<String>,
}

/// The finding about one fact of a store.
#[must_use]
pub fn store_finding(fact: &StoreFact, hint: &StoreHint) -> Finding {
    let finding = match &fact.what {
        StoreState::DataMissing(names) => list(
            Finding::new(Code::StoreDataMissing),
            "missing",
            names.iter().map(String::as_str),
        ),
        StoreState::MetadataMissing { expected, busy } => {
            let finding =
                Finding::new(Code::StoreMetadataMissing).fact("expected", expected.as_str());
            if *busy { at_work(finding) } else { finding }
        }
        StoreState::MetadataUnusable(why) => {
            Finding::new(Code::StoreMetadataUnusable).fact("why", why.as_str())
        }
        StoreState::Leftover { kind, bytes, busy } => {
            let mut finding = Finding::new(Code::StoreLeftover).fact("kind", kind.name());
            if *bytes > 0 {
                finding = finding.fact("bytes", *bytes);
            }
            match kind {
                Leftover::Lock => finding.severity(Severity::Note),
                Leftover::Temporary | Leftover::Merge if *busy => at_work(finding),
                _ => finding,
            }
        }
        StoreState::Encrypted(algorithm) => {
            Finding::new(Code::StoreEncrypted).fact("algorithm", algorithm.as_str())
        }
    };
    match &hint.label {
        Some(label) => finding.fact("backup", label.as_str()),
        None => finding,
    }
}

/// Where a job is at work, what it makes is no more than worth knowing.
fn at_work(finding: Finding) -> Finding {
    finding.severity(Severity::Note).fact("locked", true).advice(
        "A lock says that a backup job may be at work here. Verify again when it is done; if none runs, see the log of the \
         job that was broken off.",
    )
}

/// Adds findings of a store to an input that was scanned.
pub fn store_findings(input: &mut Input, findings: Vec<Finding>) {
    add(input, findings);
}

/// The input that stands for something in a store that is no backup itself.
#[must_use]
pub fn store_input(path: String, bytes: u64, findings: Vec<Finding>) -> Input {
    apart(path, bytes, findings)
}

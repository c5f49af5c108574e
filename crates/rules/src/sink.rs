//! Findings as they come in, the first ones of each code kept and the rest counted, so that a badly damaged input costs
//! no more than a good one. Where they come from is the rules' affair.

use std::collections::BTreeMap;

use xenspect_model::{Code, Finding};

use crate::{Judgement, KEPT};

/// Takes findings.
#[derive(Debug, Default)]
pub(crate) struct Sink {
    findings: Vec<Finding>,
    counts: BTreeMap<Code, u64>,
    omitted: BTreeMap<Code, u64>,
}

impl Sink {
    /// Adds a finding.
    pub(crate) fn push(&mut self, finding: Finding) {
        self.push_with(finding.code, || finding);
    }

    /// Adds a finding of a code, building it only if it is kept.
    pub(crate) fn push_with(&mut self, code: Code, finding: impl FnOnce() -> Finding) {
        let count = self.counts.entry(code).or_default();
        *count += 1;
        if *count <= KEPT as u64 {
            self.findings.push(finding());
        } else {
            *self.omitted.entry(code).or_default() += 1;
        }
    }

    /// Says that there are more of a code than are known one by one.
    pub(crate) fn count_more(&mut self, code: Code, more: u64) {
        if more > 0 {
            *self.counts.entry(code).or_default() += more;
            *self.omitted.entry(code).or_default() += more;
        }
    }

    /// The findings in the order of their place.
    pub(crate) fn finish(self) -> Judgement {
        let mut judgement = Judgement {
            findings: self.findings,
            omitted: self.omitted,
        };
        judgement.sort();
        judgement
    }
}

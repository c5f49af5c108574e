//! Findings of one part of an input, the first ones of each code and severity kept and the rest counted. An input decides how
//! many there are, and one costs a thousand bytes. Severities are kept apart, so that an error is not lost behind notes.

use std::collections::BTreeMap;

use xenspect_model::{Code, Finding, Severity};

use crate::{Judgement, KEPT};

/// Findings as they come in.
#[derive(Debug, Default)]
pub(crate) struct Few {
    pub(crate) findings: Vec<Finding>,
    pub(crate) omitted: BTreeMap<Code, u64>,
    seen: BTreeMap<(Code, Severity), usize>,
}

impl Few {
    /// Adds a finding, or counts it.
    pub(crate) fn push(&mut self, finding: Finding) {
        let seen = self
            .seen
            .entry((finding.code, finding.severity))
            .or_default();
        if *seen < KEPT {
            *seen += 1;
            self.findings.push(finding);
        } else {
            *self.omitted.entry(finding.code).or_default() += 1;
        }
    }

    /// Adds what an iterator gives, which is not collected first.
    pub(crate) fn extend(&mut self, findings: impl IntoIterator<Item = Finding>) {
        findings.into_iter().for_each(|finding| self.push(finding));
    }
}

impl From<Vec<Finding>> for Few {
    fn from(findings: Vec<Finding>) -> Self {
        let mut few = Self::default();
        few.extend(findings);
        few
    }
}

impl Judgement {
    /// Adds the findings of a part.
    pub(crate) fn take(&mut self, few: Few) {
        self.findings.extend(few.findings);
        for (code, more) in few.omitted {
            *self.omitted.entry(code).or_default() += more;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beyond_the_first_thousand_findings_are_counted_and_no_error_hides_behind_notes() {
        let mut few = Few::default();
        let note = || Finding::new(Code::DanglingReference).severity(Severity::Note);
        few.extend((0..KEPT + 5).map(|_| note()));
        few.push(Finding::new(Code::DanglingReference));
        assert_eq!(few.findings.len(), KEPT + 1);
        assert_eq!(few.omitted, BTreeMap::from([(Code::DanglingReference, 5)]));
        let last = few.findings.last().map(|finding| finding.severity);
        assert_eq!(last, Some(Severity::Error));
    }
}

//! An input as a copy: what the digests beside it, its seal, another copy of it, and the folder that it lies in say. These rules come
//! behind those of the catalog and add to what is said of an input already.

mod changed;
mod sidecar;
mod store;
mod stored;

pub use changed::changed;
pub use sidecar::{DigestList, digest_list, lone_digest, sidecars};
pub use store::{StoreHint, store_finding, store_findings, store_input};
pub use stored::stored;
mod seal;

pub use seal::sealed;
mod against;

pub use against::against;

use xenspect_model::report::{CopyChecks, Input, Verdict};
use xenspect_model::{Code, Finding};

use crate::{Judgement, verdict};

/// An input for something in a store that is no backup itself. Its verdict is that of the findings.
#[must_use]
pub fn apart(path: String, bytes: u64, findings: Vec<Finding>) -> Input {
    let mut input = Input {
        verdict: Verdict::Sound,
        error: None,
        bytes,
        copy: CopyChecks::default(),
        ..Input::unreadable(path, String::new())
    };
    add(&mut input, findings);
    input
}

/// Adds findings to an input, each in its place, and makes the verdict as bad as they are.
pub fn add(input: &mut Input, findings: Vec<Finding>) {
    let more = Judgement {
        findings,
        ..Judgement::default()
    };
    input.verdict = input.verdict.max(verdict::of_whole(&more, false));
    let mut all = Judgement {
        findings: std::mem::take(&mut input.findings),
        omitted: std::mem::take(&mut input.omitted),
    };
    all.findings.extend(more.findings);
    all.sort();
    all.cut_long_lists();
    input.findings = all.findings;
    input.omitted = all.omitted;
}

/// Adds that the run was stopped before the input was compared with what it is compared with, unless its reading was: no verdict is
/// good that does not know of those.
pub fn stopped(input: &mut Input) {
    let mut said = input.findings.iter();
    if !said.any(|finding| finding.code == Code::ScanInterrupted) {
        add(input, vec![Finding::new(Code::ScanInterrupted)]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_stopped_before_it_was_compared_has_no_good_verdict() {
        let mut input = apart("a.xva".to_owned(), 3, Vec::new());
        assert_eq!(input.verdict, Verdict::Sound);
        for _ in 0..2 {
            stopped(&mut input);
            let codes: Vec<Code> = input.findings.iter().map(|finding| finding.code).collect();
            assert_eq!(codes, [Code::ScanInterrupted]);
            assert_eq!(input.verdict, Verdict::Incomplete);
        }
    }
}

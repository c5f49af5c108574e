//! An input as a copy: what the digests beside it, its seal, another copy of it, and the folder that it lies in say. These rules come
//! behind those of the catalog and add to what is said of an input already.

use xenspect_model::Finding;
use xenspect_model::report::Input;

use crate::{Judgement, verdict};

/// Adds findings to an input, each in its place, and makes the verdict as bad as they are.
pub(crate) fn add(input: &mut Input, findings: Vec<Finding>) {
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

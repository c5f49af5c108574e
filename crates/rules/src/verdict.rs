//! The one-word result.

use xenspect_model::catalog::Ending;
use xenspect_model::report::Verdict;
use xenspect_model::{Catalog, Code, Finding, Severity};

/// Whether a code says that something ends early, which is another thing than being wrong.
fn is_cut_short(code: Code) -> bool {
    matches!(
        code,
        Code::TruncatedInHeader
            | Code::TruncatedInBlock
            | Code::TruncatedInMetadata
            | Code::TruncatedBetweenPair
            | Code::TruncatedBetweenPairs
            | Code::EnvelopeTruncated
            | Code::ScanInterrupted
            | Code::SourceChanged
    )
}

/// The verdict for a catalog and the findings about it.
pub(crate) fn verdict(catalog: &Catalog, findings: &[Finding]) -> Verdict {
    if catalog.internal_error.is_some() {
        return Verdict::Unreadable;
    }
    let errors = || {
        findings
            .iter()
            .filter(|finding| finding.severity == Severity::Error)
    };
    if errors().any(|finding| !is_cut_short(finding.code)) {
        Verdict::Damaged
    } else if errors().next().is_some() || matches!(catalog.ending, Ending::Interrupted { .. }) {
        Verdict::Incomplete
    } else if findings
        .iter()
        .any(|finding| finding.severity == Severity::Warning)
    {
        Verdict::Suspect
    } else if catalog.blocks_read {
        Verdict::Sound
    } else {
        // Nothing is called sound that was not read.
        Verdict::Incomplete
    }
}

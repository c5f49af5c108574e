//! The one-word result.

use xenspect_model::catalog::{Archive, Ending};
use xenspect_model::report::Verdict;
use xenspect_model::{Code, Finding, Severity};

use crate::Judgement;

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
            | Code::DbCutShort
            | Code::HostCutInFile
            | Code::HostCutBetween
            | Code::HostUnread
            | Code::SidecarFileMissing
            | Code::StoreDataMissing
            | Code::SealMembersBehindEnd
            | Code::AgainstMissingHere
    )
}

/// Whether a code says that two copies disagree, which does not mean that this one is damaged.
fn is_doubt(code: Code) -> bool {
    matches!(code, Code::AgainstUndecided | Code::AgainstOther)
}

/// The verdict for a catalog and the findings about it.
pub(crate) fn verdict(catalog: &Archive, findings: &[Finding]) -> Verdict {
    if catalog.internal_error.is_some() {
        return Verdict::Unreadable;
    }
    let interrupted = matches!(catalog.ending, Ending::Interrupted { .. });
    match of_findings(findings, interrupted) {
        // Nothing is called sound that was not read.
        Verdict::Sound if !catalog.blocks_read => Verdict::Incomplete,
        verdict => verdict,
    }
}

/// The verdict for an input that is read as a whole or not at all.
pub(crate) fn of_whole(judgement: &Judgement, interrupted: bool) -> Verdict {
    of_findings(&judgement.findings, interrupted)
}

fn of_findings(findings: &[Finding], interrupted: bool) -> Verdict {
    let errors = || {
        findings
            .iter()
            .filter(|finding| finding.severity == Severity::Error)
    };
    if errors().any(|finding| !is_cut_short(finding.code) && !is_doubt(finding.code)) {
        Verdict::Damaged
    } else if errors().any(|finding| is_cut_short(finding.code)) || interrupted {
        Verdict::Incomplete
    } else if findings
        .iter()
        .any(|finding| finding.severity >= Severity::Warning)
    {
        Verdict::Suspect
    } else {
        Verdict::Sound
    }
}

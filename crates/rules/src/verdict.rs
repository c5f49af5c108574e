//! The one-word result.

use xenspect_model::catalog::{Archive, Ending};
use xenspect_model::report::{Input, Verdict};
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

/// Whether a code says that two copies disagree, or that something is not as a policy wants it, which does not mean that this one is
/// damaged.
fn is_doubt(code: Code) -> bool {
    matches!(code, Code::AgainstUndecided | Code::AgainstOther) || code.is_of_policy()
}

/// Whether a code says that something which is expected is not there.
fn is_lacking(code: Code) -> bool {
    matches!(
        code,
        Code::PolicyArchiveMissing
            | Code::PolicyVmMissing
            | Code::PolicyOnlyDamaged
            | Code::PolicyNoneRecent
    )
}

/// Why no policy may call findings of a code less bad than the rules do; `None` where it may.
#[must_use]
pub fn firm(code: Code) -> Option<&'static str> {
    match code {
        Code::SourceReadError
        | Code::SourceUnstable
        | Code::ScanInternalError
        | Code::ScanLimit
        | Code::ScanHeadersOnly
        | Code::EnvelopeCorrupt
        | Code::TarBytesLost => Some("it means that something was not read"),
        _ if is_cut_short(code) => Some("it means that something is cut short or missing"),
        _ => None,
    }
}

/// Changes severities of an input's findings and judges it anew. What made it worse than its findings do stays.
pub fn judge_anew(input: &mut Input, change: impl FnMut(&mut Finding)) {
    let before = of_findings(&input.findings, false);
    input.findings.iter_mut().for_each(change);
    let unread = input
        .findings
        .iter()
        .any(|finding| matches!(finding.code, Code::ScanHeadersOnly | Code::ScanInterrupted));
    let now = match of_findings(&input.findings, false) {
        // Nothing is called sound that was not read.
        Verdict::Sound if unread => Verdict::Incomplete,
        verdict => verdict,
    };
    input.verdict = match input.verdict > before {
        true => now.max(input.verdict),
        false => now,
    };
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
    } else if errors().any(|finding| is_cut_short(finding.code) || is_lacking(finding.code))
        || interrupted
        || findings
            .iter()
            .any(|finding| finding.code == Code::ScanInterrupted)
    {
        Verdict::Incomplete
    } else if findings.iter().any(|finding| {
        // A policy can call an error what it likes, but not the input sound.
        finding.severity >= Severity::Warning || finding.default_severity == Some(Severity::Error)
    }) {
        Verdict::Suspect
    } else {
        Verdict::Sound
    }
}

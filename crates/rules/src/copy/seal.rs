//! An input and its seal: what was lost, added, moved and changed since it was sealed, and what its seal is worth.

use xenspect_model::report::{Input, Packing, SealOutcome, Sealed, Signature, SignatureOutcome};
use xenspect_model::{Code, Finding};
use xenspect_seal::{
    About, Contents, Differences, Judged, Outcome, Run, Runs, SealEvidence, SignatureState,
    Unusable, hex,
};

use super::add;
use crate::scope::{count, is_told_by_a_seal};

/// Adds what the seal tells of an input.
pub fn sealed(input: &mut Input, evidence: &SealEvidence) {
    let mut findings: Vec<Finding> = evidence
        .signature
        .as_ref()
        .and_then(distrust)
        .into_iter()
        .collect();
    let mut sealed = blank(evidence);
    match &evidence.judged {
        Err(unusable) => findings.push(of_unusable(unusable)),
        Ok(judged) => {
            sealed.root = Some(hex::encode(&judged.about.root));
            sealed.members = judged.members;
            let was_good = judged.about.is_of_a_good_one();
            sealed.sealed_as = (!was_good).then_some(judged.about.verdict);
            if let Some(outcome) = &judged.outcome {
                if !was_good {
                    findings.push(of_damaged(&judged.about));
                }
                compared(input, judged, outcome, &mut sealed, &mut findings);
            }
        }
    }
    for finding in &mut findings {
        if finding.place.member.is_none() {
            finding.facts.set("seal", evidence.path.as_str().into());
        }
    }
    input.copy.seal = Some(Box::new(sealed));
    add(input, findings);
}

/// What is said where nothing was compared.
fn blank(evidence: &SealEvidence) -> Sealed {
    Sealed {
        path: evidence.path.clone(),
        root: None,
        outcome: SealOutcome::Unusable,
        same_file: false,
        same_members: false,
        packing: None,
        sealed_as: None,
        members: 0,
        lost: 0,
        added: 0,
        moved: 0,
        changed: 0,
        not_compared: 0,
        signature: evidence.signature.as_ref().map(signature),
    }
}

fn signature(state: &SignatureState) -> Signature {
    let (outcome, key) = match state {
        SignatureState::Good(key) => (SignatureOutcome::Good, Some(key)),
        SignatureState::Bad(key) => (SignatureOutcome::Bad, Some(key)),
        SignatureState::OtherKey(key) => (SignatureOutcome::OtherKey, Some(key)),
        SignatureState::Missing => (SignatureOutcome::Missing, None),
        SignatureState::Unreadable(_) => (SignatureOutcome::Unreadable, None),
    };
    Signature {
        good: outcome == SignatureOutcome::Good,
        outcome,
        key: key.cloned(),
    }
}

fn distrust(state: &SignatureState) -> Option<Finding> {
    Some(match state {
        SignatureState::Good(_) => return None,
        SignatureState::Bad(key) => Finding::new(Code::SealSignatureBad).fact("key", key.as_str()),
        SignatureState::OtherKey(key) => {
            Finding::new(Code::SealSignatureOtherKey).fact("key", key.as_str())
        }
        SignatureState::Missing => Finding::new(Code::SealSignatureMissing),
        SignatureState::Unreadable(reason) => {
            Finding::new(Code::SealSignatureUnreadable).fact("reason", reason.as_str())
        }
    })
}

fn of_unusable(unusable: &Unusable) -> Finding {
    match unusable {
        Unusable::Version(version) => Finding::new(Code::SealVersion).fact("version", *version),
        Unusable::Altered(reason) => {
            Finding::new(Code::SealAltered).fact("reason", reason.as_str())
        }
        Unusable::NotRead(_) | Unusable::CutShort(_) | Unusable::Malformed(_) => {
            Finding::new(Code::SealUnreadable).fact("reason", unusable.to_string())
        }
    }
}

fn of_damaged(about: &About) -> Finding {
    Finding::new(Code::SealOfDamaged)
        .fact("verdict", about.verdict.word())
        .fact("complete", about.complete)
}

fn compared(
    input: &mut Input,
    judged: &Judged,
    outcome: &Outcome,
    sealed: &mut Sealed,
    findings: &mut Vec<Finding>,
) {
    let members = count(judged.members, "member");
    let path = sealed.path.clone();
    let mut checked = |sentence: String| input.checked.push(sentence);
    match outcome {
        Outcome::SameFile => {
            sealed.outcome = SealOutcome::Holds;
            (sealed.same_file, sealed.same_members) = (true, true);
            checked(format!(
                "Every byte of the file against the seal {path} ({members})"
            ));
        }
        Outcome::SameMembers(packing) => {
            sealed.outcome = SealOutcome::Holds;
            sealed.same_members = true;
            sealed.packing = Some(*packing);
            checked(format!(
                "Name, order, length and contents of all {members} against the seal {path}"
            ));
            findings.extend(packed_anew(input, &judged.about, *packing));
        }
        Outcome::Differs(differences) => {
            sealed.outcome = SealOutcome::Differs;
            checked(format!(
                "Name, order, length and contents of members against the seal {path}: {} of {members} are as sealed",
                differences.same
            ));
            differ(input, differences, sealed, findings);
        }
        Outcome::OtherArchive { kind, same } => {
            sealed.outcome = SealOutcome::OtherArchive;
            findings.push(
                of_another(&judged.about, judged.members)
                    .fact("found_kind", kind.map_or("unknown", |kind| kind.name()))
                    .fact("same_members", *same),
            );
        }
        Outcome::OtherFile => {
            sealed.outcome = SealOutcome::OtherFile;
            sealed.not_compared = judged.members;
            findings.push(
                Finding::new(Code::SealOtherFile)
                    .fact("sealed_sha256", hex::encode(&judged.about.sha256))
                    .fact("sealed_size", judged.about.size)
                    .fact("found_size", input.bytes),
            );
        }
        Outcome::NotCompared => {
            sealed.outcome = SealOutcome::NotCompared;
            sealed.not_compared = judged.members;
            input.not_checked.push(format!(
                "The seal {path}: the input was not read to its end"
            ));
        }
    }
    if sealed.outcome == SealOutcome::Holds && judged.about.is_of_a_good_one() {
        input
            .not_checked
            .retain(|sentence| !is_told_by_a_seal(sentence));
    }
}

fn of_another(about: &About, members: u64) -> Finding {
    let finding = Finding::new(Code::SealOtherArchive);
    let finding = match &about.file {
        Some(file) => finding.fact("sealed_file", file.as_str()),
        None => finding,
    };
    finding
        .fact("sealed_members", members)
        .fact("sealed_kind", about.kind.name())
}

fn packed_anew(input: &Input, about: &About, packing: Packing) -> Option<Finding> {
    match packing {
        Packing::Recompressed => Some(
            Finding::new(Code::SealRecompressed)
                .fact("sealed_envelope", about.envelope.name())
                .fact(
                    "found_envelope",
                    input.envelope.map_or("unknown", |envelope| envelope.name()),
                ),
        ),
        Packing::Repacked => Some(
            Finding::new(Code::SealRepacked)
                .fact("sealed_size", about.size)
                .fact("found_size", input.bytes),
        ),
        Packing::Untold => None,
    }
}

fn differ(
    input: &mut Input,
    differences: &Differences,
    sealed: &mut Sealed,
    findings: &mut Vec<Finding>,
) {
    sealed.lost = differences.lost.members;
    sealed.added = differences.added.members;
    sealed.moved = differences.moved.members;
    sealed.changed = differences.changed.members;
    sealed.not_compared = differences.unread;
    for (code, runs) in [
        (Code::SealMemberLost, &differences.lost),
        (Code::SealMemberAdded, &differences.added),
        (Code::SealMemberMoved, &differences.moved),
        (Code::SealMemberChanged, &differences.changed),
    ] {
        findings.extend(of_runs(code, runs));
        if runs.more > 0 {
            let omitted = input.omitted.entry(code).or_default();
            *omitted = omitted.saturating_add(runs.more);
        }
    }
    if let Some(run) = &differences.behind_the_end {
        let members = count(run.members, "member");
        // Who stops a run knows that it did not come to the end.
        let stopped = input
            .findings
            .iter()
            .any(|finding| finding.code == Code::ScanInterrupted);
        if stopped {
            sealed.not_compared = sealed.not_compared.saturating_add(run.members);
            input
                .not_checked
                .push(format!("{members} of the seal behind the interruption"));
        } else {
            sealed.lost = sealed.lost.saturating_add(run.members);
            findings.push(of_run(Code::SealMembersBehindEnd, run));
        }
    }
    if differences.unread > 0 {
        input.not_checked.push(format!(
            "{} of the seal whose contents could not be read",
            count(differences.unread, "member")
        ));
    }
}

fn of_runs(code: Code, runs: &Runs) -> impl Iterator<Item = Finding> {
    runs.kept.iter().map(move |run| of_run(code, run))
}

fn of_run(code: Code, run: &Run) -> Finding {
    let mut finding = Finding::new(code).member(&run.first);
    finding.place.offset = run.offset;
    if let Some(part) = &run.disk {
        finding = finding.disk(&part.disk);
        // Without a range these are sums alone, which their names tell better.
        if part.range.is_some() {
            finding = finding.block(&part.disk, part.block);
            finding.place.disk_range = part.range;
        }
    }
    if let Some(last) = &run.last {
        finding = finding
            .fact("last", String::from_utf8_lossy(last).into_owned())
            .fact("members", run.members);
    }
    if let Some(behind) = &run.behind {
        let is_in_order = matches!(code, Code::SealMemberChanged);
        if !is_in_order {
            let behind = String::from_utf8_lossy(behind).into_owned();
            let name = match code {
                Code::SealMemberAdded => "behind",
                _ => "sealed_behind",
            };
            finding = finding.fact(name, behind);
        }
    }
    match run.contents.as_deref() {
        Some((sealed, found)) => changed(finding, sealed, found),
        None => finding,
    }
}

fn changed(mut finding: Finding, sealed: &Contents, found: &Contents) -> Finding {
    if sealed.size != found.size {
        finding = finding
            .fact("sealed_size", sealed.size)
            .fact("found_size", found.size);
    }
    if sealed.sha256 != found.sha256 {
        let shown = |contents: &Contents| {
            contents
                .sha256
                .map_or_else(|| "not read".to_owned(), |digest| hex::encode(&digest))
        };
        finding = finding
            .fact("sealed_sha256", shown(sealed))
            .fact("found_sha256", shown(found));
    }
    if sealed.same_attributes {
        finding
    } else {
        finding.fact("same_attributes", false)
    }
}

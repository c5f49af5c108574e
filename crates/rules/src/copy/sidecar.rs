//! What the digests and lengths beside an input say of it, and what is to be said of a list of digests itself.

use xenspect_model::report::{Input, Kind, Sidecar, SidecarOutcome, Verdict};
use xenspect_model::{Code, Finding, Severity};

use super::{add, apart};
use crate::list;

/// What [`Sidecar::tells`] is for a length.
const SIZE: &str = "size";

/// Adds what the sidecars say of an input. Those that are wrong make its verdict bad; those that are good are said to be checked.
pub fn sidecars(input: &mut Input, sidecars: Vec<Sidecar>) {
    let vouched = sidecars
        .iter()
        .any(|sidecar| sidecar.outcome == SidecarOutcome::Good && sidecar.tells != SIZE);
    let findings: Vec<Finding> = sidecars
        .iter()
        .filter_map(|sidecar| finding(input, sidecar, vouched))
        .collect();
    for sidecar in &sidecars {
        let (tells, path) = (words(sidecar), &sidecar.path);
        match sidecar.outcome {
            SidecarOutcome::Good => input.checked.push(format!("{tells} against {path}")),
            SidecarOutcome::Untold => input.not_checked.push(format!(
                "{tells} against {path}: the file was not read to its end"
            )),
            _ => {}
        }
    }
    input.copy.sidecars.extend(sidecars);
    add(input, findings);
}

/// What is compared, in words.
fn words(sidecar: &Sidecar) -> String {
    match sidecar.tells.as_str() {
        SIZE => "Length of the file".to_owned(),
        digest => format!("{digest} of the whole file"),
    }
}

fn finding(input: &Input, sidecar: &Sidecar, vouched: bool) -> Option<Finding> {
    let finding = match sidecar.outcome {
        SidecarOutcome::Good | SidecarOutcome::Untold => return None,
        SidecarOutcome::Missing => Finding::new(Code::SidecarNotListed),
        SidecarOutcome::Malformed => Finding::new(Code::SidecarMalformed),
        SidecarOutcome::Wrong if sidecar.tells == SIZE => {
            let finding = Finding::new(Code::SidecarSize);
            if vouched {
                finding.severity(Severity::Warning).advice(
                    "A digest beside the file is right, so it is the length in the JSON that is wrong. Xen Orchestra \
                     corrects it at the VM's next backup.",
                )
            } else {
                finding
            }
        }
        SidecarOutcome::Wrong => {
            let finding = Finding::new(Code::SidecarWrong);
            match advice_on_wrong(input) {
                Some(advice) => finding.advice(advice),
                None => finding,
            }
        }
    };
    let mut finding = finding.fact("sidecar", sidecar.path.as_str());
    if sidecar.outcome == SidecarOutcome::Wrong && sidecar.tells != SIZE {
        finding = finding.fact("digest", sidecar.tells.as_str());
    }
    for (name, value) in [("expected", &sidecar.expected), ("found", &sidecar.found)] {
        if let Some(value) = value {
            finding = match value.parse::<u64>() {
                Ok(bytes) if sidecar.tells == SIZE => finding.fact(name, bytes),
                _ => finding.fact(name, value.as_str()),
            };
        }
    }
    if let Some(detail) = &sidecar.detail {
        finding = finding.fact("detail", detail.as_str());
    }
    Some(finding)
}

/// What to do about a wrong digest, by what else is known of the input.
fn advice_on_wrong(input: &Input) -> Option<&'static str> {
    let blocks_hold = matches!(input.kind, Some(Kind::Xva | Kind::VdiTar))
        && input.verdict <= Verdict::Suspect
        && input.disks.iter().any(|disk| disk.good > 0);
    match input.verdict {
        _ if blocks_hold => Some(
            "Every block matches its own sum, so the difference is where no sum looks: ova.xml, a header, the bytes \
             behind the end, or blocks that were lost together with their sums. Or the digest is of another or an older \
             version of this archive. Compare it with the file that the digest was made of (`xenspect verify FILE \
             --against OTHER`), or copy that one again.",
        ),
        Verdict::Sound | Verdict::Suspect => Some(
            "Nothing else is wrong with the file, so the digest may be of another or an older version of it. Compare \
             it with the file that the digest was made of, or copy that one again. As long as neither is done, do not \
             rely on this file.",
        ),
        Verdict::Incomplete | Verdict::Damaged => Some(
            "The file is damaged, as the other findings say and where they say it. Copy it again from where the digest \
             was made, and verify the copy.",
        ),
        Verdict::Unreadable => None,
    }
}

/// What is to be said of a list of digests itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DigestList {
    /// Its length in bytes.
    pub bytes: u64,
    /// Lines with a digest that can be used.
    pub lines: u64,
    /// Numbers of the first lines that are none, counted from 1.
    pub bad_lines: Vec<u64>,
    /// How many more of them there are.
    pub more_bad_lines: u64,
    /// Why nothing of it can be used.
    pub unusable: Option<String>,
    /// Files that it names and that are not there, as they are named.
    pub missing: Vec<String>,
}

/// The input that stands for a list of digests, if there is something to be said of it.
#[must_use]
pub fn digest_list(path: String, told: &DigestList) -> Option<Input> {
    let mut findings = Vec::new();
    if let Some(why) = &told.unusable {
        findings.push(Finding::new(Code::SidecarMalformed).fact("detail", why.as_str()));
    } else if !told.bad_lines.is_empty() {
        let numbers: Vec<String> = told.bad_lines.iter().map(u64::to_string).collect();
        let bad = told.more_bad_lines.saturating_add(numbers.len() as u64);
        let finding = Finding::new(Code::SidecarMalformed)
            .fact("lines", told.lines)
            .fact("bad_lines", bad);
        findings.push(list(finding, "at_line", numbers.iter().map(String::as_str)));
    }
    findings.extend(
        told.missing
            .iter()
            .map(|name| Finding::new(Code::SidecarFileMissing).fact("file", name.as_str())),
    );
    (!findings.is_empty()).then(|| apart(path, told.bytes, findings))
}

/// The input that stands for a digest whose file is not there. `file` is the file's name.
#[must_use]
pub fn lone_digest(path: String, bytes: u64, file: &str) -> Input {
    let finding = Finding::new(Code::SidecarFileMissing).fact("file", file);
    apart(path, bytes, vec![finding])
}

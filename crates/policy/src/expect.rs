//! What has to be among the inputs: archives by their names, and VMs.

use std::collections::HashMap;
use std::fmt;
use std::time::SystemTime;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use xenspect_model::report::{Input, Kind, Left, LeftReason, Verdict, Vm};
use xenspect_model::{Code, Finding};

use crate::amount::Age;
use crate::judge::{age_of, shown};
use crate::matching::PathGlob;
use crate::policy::Policy;

/// Something that has to be there: an archive, or a VM.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(extend("oneOf" = [{ "required": ["archive"] }, { "required": ["vm"] }]))]
pub struct Expect {
    /// Archives of these paths.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub archive: Option<PathGlob>,
    /// A VM with its disks, by its name or its uuid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1))]
    pub vm: Option<String>,
    /// How many of them, at least.
    #[serde(default = "one")]
    #[schemars(range(min = 1))]
    pub min: u32,
    /// How long ago those may have been written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub newer_than: Option<Age>,
    /// The worst verdict that they may have.
    #[serde(default)]
    pub min_verdict: Least,
}

const fn one() -> u32 {
    1
}

/// The worst verdict that is good enough.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Least {
    /// Sound alone.
    Sound,
    /// Sound or suspect.
    #[default]
    Suspect,
    /// Not damaged.
    Incomplete,
    /// Whatever could be read.
    Damaged,
}

impl Least {
    const fn takes(self, verdict: Verdict) -> bool {
        match verdict {
            Verdict::Sound => true,
            Verdict::Suspect => !matches!(self, Self::Sound),
            Verdict::Incomplete => matches!(self, Self::Incomplete | Self::Damaged),
            Verdict::Damaged => matches!(self, Self::Damaged),
            Verdict::Unreadable => false,
        }
    }

    /// The word used in policies.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Sound => "sound",
            Self::Suspect => "suspect",
            Self::Incomplete => "incomplete",
            Self::Damaged => "damaged",
        }
    }
}

impl fmt::Display for Least {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// What is kept of an input that was verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    path: String,
    kind: Option<Kind>,
    verdict: Verdict,
    vms: Vec<Vm>,
    modified: Option<SystemTime>,
}

impl Seen {
    /// An input with its path below the folder that is verified, or as it was given, and when it was last written to, where that is
    /// known.
    #[must_use]
    pub fn of(path: &str, input: &Input, modified: Option<SystemTime>) -> Self {
        Self {
            path: path.to_owned(),
            kind: input.kind,
            verdict: input.verdict,
            vms: input.vms.clone(),
            modified,
        }
    }

    /// Whether it is, or should be, a backup; a finding about the store has neither kind nor failure.
    fn is_archive(&self) -> bool {
        self.kind.is_some() || self.verdict == Verdict::Unreadable
    }

    /// Whether a VM can be restored from it with its data.
    fn holds_disks(&self) -> bool {
        matches!(self.kind, Some(Kind::Xva | Kind::XvaVersion1))
    }

    /// Whether it holds a VM of this name, letter by letter, or of this uuid.
    fn is_of(&self, wanted: &str) -> bool {
        self.vms
            .iter()
            .any(|vm| vm.name == wanted || vm.uuid.eq_ignore_ascii_case(wanted))
    }
}

/// All that a run went through.
#[derive(Debug, Clone, Default)]
pub struct Survey<'a> {
    /// What was verified.
    pub seen: &'a [Seen],
    /// What was left for another run, with its path as in [`Seen`] and when it was last written to.
    pub left: Vec<(&'a str, &'a Left, Option<SystemTime>)>,
}

/// What is expected and not there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Missing {
    /// In the order of the policy.
    pub findings: Vec<Finding>,
    /// What could not be told, in sentences.
    pub not_judged: Vec<String>,
}

/// Paths that a finding names; further ones are counted.
const NAMED: usize = 8;

/// What is said of one expectation.
enum Answer {
    /// It is there.
    Met,
    /// It is not.
    Lacking(Box<Finding>),
    /// That cannot be told, in a sentence.
    Open(String),
}

/// What there is of one expectation.
#[derive(Default)]
struct There<'a> {
    paths: Vec<&'a str>,
    good: usize,
    recent: usize,
    /// Good ones whose age is not known.
    ageless: usize,
    /// Those that were left and may be good.
    open: usize,
    newest: Option<SystemTime>,
}

impl<'a> There<'a> {
    fn add(
        &mut self,
        path: &'a str,
        good: bool,
        modified: Option<SystemTime>,
        recent: Option<bool>,
    ) {
        self.paths.push(path);
        if !good {
            return;
        }
        self.good += 1;
        self.newest = self.newest.max(modified);
        match recent {
            Some(true) => self.recent += 1,
            Some(false) => {}
            None => self.ageless += 1,
        }
    }
}

impl Expect {
    /// Whether a suspect backup is not good enough.
    pub(crate) fn asks_for_sound(&self) -> bool {
        self.min_verdict == Least::Sound
    }

    /// What the shape alone does not tell.
    pub(crate) fn fits_together(&self) -> Result<(), &'static str> {
        match (&self.archive, &self.vm) {
            (Some(_), Some(_)) => Err("it has both `archive` and `vm`; make two blocks of it"),
            (None, None) => Err("it needs `archive` (a pattern of paths) or `vm` (a name or uuid)"),
            (None, Some(vm)) if vm.is_empty() => Err("`vm` is empty"),
            _ if self.min == 0 => {
                Err("`min` is 0, which asks for nothing; take the block out instead")
            }
            _ => Ok(()),
        }
    }

    fn name(&self) -> String {
        match (&self.archive, &self.vm) {
            (Some(archive), _) => format!("archive {archive}"),
            (None, Some(vm)) => format!("VM {vm}"),
            (None, None) => String::new(),
        }
    }

    fn there<'a>(&self, survey: &Survey<'a>, vms: &Vms, now: SystemTime) -> There<'a> {
        let recent = |modified: Option<SystemTime>| match (self.newer_than, modified) {
            (None, _) => Some(true),
            (Some(_), None) => None,
            (Some(age), Some(modified)) => Some(age_of(modified, now) <= age.0),
        };
        let mut there = There::default();
        let mut add = |seen: &'a Seen| {
            let good = self.min_verdict.takes(seen.verdict);
            there.add(&seen.path, good, seen.modified, recent(seen.modified));
        };
        match (&self.archive, &self.vm) {
            (Some(archive), _) => {
                survey
                    .seen
                    .iter()
                    .filter(|seen| seen.is_archive() && archive.takes(&seen.path))
                    .for_each(add);
                for (path, left, modified) in &survey.left {
                    if !archive.takes(path) {
                        continue;
                    }
                    match left.reason {
                        // It was good then, or it would have been read again.
                        LeftReason::VerifiedRecently => {
                            there.add(path, true, *modified, recent(*modified));
                        }
                        _ => there.open += 1,
                    }
                }
            }
            (None, Some(vm)) => {
                let of = vms.get(vm.to_lowercase().as_str()).into_iter().flatten();
                of.filter_map(|&index| survey.seen.get(index))
                    .filter(|seen| seen.is_of(vm))
                    .for_each(&mut add);
                // Nothing tells which VMs are in them.
                there.open = survey.left.len();
            }
            (None, None) => {}
        }
        there
    }

    fn judge(&self, there: &There<'_>) -> Answer {
        let min = usize::try_from(self.min).unwrap_or(usize::MAX);
        if there.recent >= min {
            return Answer::Met;
        }
        if there.recent + there.ageless + there.open >= min {
            let why = match there.open {
                0 => "it is not known when they were written",
                _ => "inputs that may count were left for another run",
            };
            return Answer::Open(format!("{}: {why}", self.name()));
        }
        let missing = match self.archive {
            Some(_) => Code::PolicyArchiveMissing,
            None => Code::PolicyVmMissing,
        };
        let code = match there.good {
            _ if there.paths.is_empty() => missing,
            0 => Code::PolicyOnlyDamaged,
            good if good < min => missing,
            _ => Code::PolicyNoneRecent,
        };
        let mut finding = Finding::new(code).fact("expected", self.name());
        if self.min > 1 {
            finding = finding.fact("min", u64::from(self.min));
        }
        if !there.paths.is_empty() {
            let first = there.paths.iter().take(NAMED);
            finding = finding
                .fact("min_verdict", self.min_verdict.word())
                .fact("found", there.paths.len() as u64)
                .fact("good", there.good as u64)
                .fact(
                    "inputs",
                    first.map(|path| (*path).to_owned()).collect::<Vec<_>>(),
                );
        }
        if let (Some(age), Code::PolicyNoneRecent) = (self.newer_than, code) {
            finding = finding.fact("newer_than", age.to_string());
            if let Some(newest) = there.newest {
                finding = finding.fact("newest", shown(newest));
            }
        }
        Answer::Lacking(Box::new(finding))
    }
}

/// Inputs by the names and uuids of their VMs, in small letters.
type Vms = HashMap<String, Vec<usize>>;

fn by_vm(survey: &Survey<'_>) -> Vms {
    let mut vms = Vms::new();
    for (index, seen) in survey.seen.iter().enumerate() {
        if !seen.holds_disks() {
            continue;
        }
        for text in seen.vms.iter().flat_map(|vm| [&vm.name, &vm.uuid]) {
            let inputs = vms.entry(text.to_lowercase()).or_default();
            // An export can hold a VM of that name and its snapshots.
            if inputs.last() != Some(&index) {
                inputs.push(index);
            }
        }
    }
    vms
}

impl Policy {
    /// Whether it asks when inputs were written.
    #[must_use]
    pub fn asks_for_ages(&self) -> bool {
        let limits = self.input.iter().map(|input| &input.limits);
        let aged = |expect: &Expect| expect.newer_than.is_some();
        limits
            .chain([&self.limits])
            .any(|limits| limits.max_age.is_some())
            || self.expect.iter().any(aged)
    }

    /// Whether anything has to be there.
    #[must_use]
    pub fn expects(&self) -> bool {
        !self.expect.is_empty()
    }

    /// What is expected and is not among what a run went through.
    #[must_use]
    pub fn missing(&self, survey: &Survey<'_>, now: SystemTime) -> Missing {
        let vms = by_vm(survey);
        let mut missing = Missing::default();
        for expect in &self.expect {
            match expect.judge(&expect.there(survey, &vms, now)) {
                Answer::Met => {}
                Answer::Lacking(mut finding) => {
                    self.set_severity("", &mut finding);
                    missing.findings.push(*finding);
                }
                Answer::Open(sentence) => missing.not_judged.push(sentence),
            }
        }
        missing
    }
}

//! How a run ended. It comes with a report, from the program that made it, and is computed before anything is rendered: a form
//! that tells it repeats it, and none can change it.

use std::collections::BTreeMap;

use xenspect_model::report::{Input, Report, Verdict};
use xenspect_model::{Code, Finding, Severity};

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ending {
    /// The exit status: 0, 1, 2, or 130 of a run that was interrupted.
    pub exit_status: u8,
    /// Whether it was interrupted, so that inputs can be missing.
    pub interrupted: bool,
    /// The lowest severity that fails.
    pub fail_on: Severity,
    /// When it ended, in seconds since 1970-01-01 in UTC; `None` where no clock shall be told.
    pub at: Option<u64>,
}

/// What an exit status means.
pub(crate) const fn meaning(exit_status: u8) -> &'static str {
    match exit_status {
        0 => "nothing that fails was found",
        1 => "something that fails was found",
        2 => "the job could not be done for all inputs",
        130 => "the run was interrupted",
        _ => "unknown",
    }
}

/// Numbers of a report.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Totals {
    verdicts: [u64; VERDICTS.len()],
    severities: [u64; Severity::ALL.len()],
    /// Findings that a baseline accepts; those are counted here alone.
    pub accepted: u64,
    /// Bytes of all inputs as stored.
    pub bytes: u64,
}

/// All verdicts, the best one first.
pub(crate) const VERDICTS: [Verdict; 5] = [
    Verdict::Sound,
    Verdict::Suspect,
    Verdict::Incomplete,
    Verdict::Damaged,
    Verdict::Unreadable,
];

impl Totals {
    /// The numbers of a whole report.
    #[must_use]
    pub fn of(report: &Report) -> Self {
        let mut totals = Self::default();
        for input in &report.inputs {
            totals.add(input);
        }
        totals
    }

    /// Adds those of an input.
    pub fn add(&mut self, input: &Input) {
        self.bytes = self.bytes.saturating_add(input.bytes);
        for (verdict, number) in VERDICTS.iter().zip(&mut self.verdicts) {
            *number += u64::from(*verdict == input.verdict);
        }
        let (severities, accepted) = severities(input);
        for (all, of_input) in self.severities.iter_mut().zip(severities) {
            *all = all.saturating_add(of_input);
        }
        self.accepted = self.accepted.saturating_add(accepted);
    }

    /// Number of inputs.
    #[must_use]
    pub fn inputs(&self) -> u64 {
        self.verdicts.iter().sum()
    }

    /// Number of inputs with a verdict.
    #[must_use]
    pub fn verdict(&self, verdict: Verdict) -> u64 {
        let mut numbers = VERDICTS.iter().zip(self.verdicts);
        numbers
            .find(|(of, _)| **of == verdict)
            .map_or(0, |(_, number)| number)
    }

    /// Number of findings of a severity that no baseline accepts, those that were only counted included.
    #[must_use]
    pub fn severity(&self, severity: Severity) -> u64 {
        let mut numbers = Severity::ALL.iter().zip(self.severities);
        numbers
            .find(|(of, _)| **of == severity)
            .map_or(0, |(_, number)| number)
    }
}

/// Findings of an input by severity, and those that a baseline accepts.
pub(crate) fn severities(input: &Input) -> ([u64; Severity::ALL.len()], u64) {
    let mut numbers = [0_u64; Severity::ALL.len()];
    let mut accepted = 0_u64;
    let mut add = |severity: Severity, is_accepted: bool, number: u64| match is_accepted {
        true => accepted = accepted.saturating_add(number),
        false => {
            for (of, all) in Severity::ALL.iter().zip(&mut numbers) {
                if *of == severity {
                    *all = all.saturating_add(number);
                }
            }
        }
    };
    for finding in &input.findings {
        add(finding.severity, finding.accepted, 1);
    }
    for omitted in omitted(input) {
        add(omitted.severity, omitted.accepted, omitted.number);
    }
    (numbers, accepted)
}

/// Findings of one code that were only counted.
pub(crate) struct Omitted {
    pub(crate) code: Code,
    pub(crate) number: u64,
    pub(crate) severity: Severity,
    pub(crate) accepted: bool,
}

/// Findings that were only counted. Nothing is known of them but the code, so they are taken for what the worst of the kept ones
/// with that code is, and without such a one for what the table says.
pub(crate) fn omitted(input: &Input) -> Vec<Omitted> {
    if input.omitted.is_empty() {
        return Vec::new();
    }
    let mut worst: BTreeMap<Code, &Finding> = BTreeMap::new();
    for finding in &input.findings {
        let rank = |finding: &Finding| (!finding.accepted, finding.severity);
        let known = worst.entry(finding.code).or_insert(finding);
        if rank(finding) > rank(known) {
            *known = finding;
        }
    }
    let of = |(&code, &number): (&Code, &u64)| {
        let like = worst.get(&code);
        Omitted {
            code,
            number,
            severity: like.map_or(code.entry().severity, |finding| finding.severity),
            accepted: like.is_some_and(|finding| finding.accepted),
        }
    };
    input.omitted.iter().map(of).collect()
}

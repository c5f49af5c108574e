//! What a policy makes of one input: its severities, and its limits.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use xenspect_model::report::{Input, Verdict};
use xenspect_model::{Code, Finding, Severity};
use xenspect_rules::{copy, firm, judge_anew};

use crate::policy::{Limits, Policy};

/// What is known of an input beside its report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts<'a> {
    /// Its path below the folder that is verified, or as it was given, with `/` between its parts.
    pub path: &'a str,
    /// When it was last written to; `None` where that is not known, as of standard input.
    pub modified: Option<SystemTime>,
    /// The time of judging.
    pub now: SystemTime,
}

impl Policy {
    /// Judges an input: by its severities, and by its limits. Tells how many severities are another one now.
    pub fn judge(&self, facts: &Facts<'_>, input: &mut Input) -> u64 {
        let changed = self.set_severities(facts.path, input);
        self.limit(facts, input);
        changed
    }

    /// Sets the severities of an input's findings and judges it anew; tells how many are another one now. It does not matter what
    /// another policy has set before.
    pub fn set_severities(&self, path: &str, input: &mut Input) -> u64 {
        let mut changed = 0;
        judge_anew(input, |finding| {
            changed += u64::from(self.set_severity(path, finding));
        });
        changed
    }

    /// Adds what is wrong with an input by the limits.
    pub fn limit(&self, facts: &Facts<'_>, input: &mut Input) {
        if input.kind.is_none() || input.verdict == Verdict::Unreadable {
            return;
        }
        let limits = self.limits_of(facts.path);
        let mut found = sizes(&limits, input.bytes);
        // Those of an earlier judging; its age may have been known then.
        input
            .findings
            .retain(|finding| !matches!(finding.code, Code::PolicyTooSmall | Code::PolicyTooLarge));
        match (limits.max_age, facts.modified) {
            (Some(age), Some(modified)) if age_of(modified, facts.now) > age.0 => {
                input
                    .findings
                    .retain(|finding| finding.code != Code::PolicyTooOld);
                found.push(
                    Finding::new(Code::PolicyTooOld)
                        .fact("modified", shown(modified))
                        .fact("max_age", age.to_string()),
                );
            }
            (Some(_), None) => {
                let sentence =
                    "Its age, which the policy limits: it is not known when it was written";
                if !input.not_checked.iter().any(|known| known == sentence) {
                    input.not_checked.push(sentence.to_owned());
                }
            }
            _ => {}
        }
        for finding in &mut found {
            self.set_severity(facts.path, finding);
        }
        copy::add(input, found);
    }

    /// Sets the severity of a finding; tells whether it is another one than the rules gave it.
    pub(crate) fn set_severity(&self, path: &str, finding: &mut Finding) -> bool {
        let own = finding.own_severity();
        let mut severity = self.severity_of(path, finding.code).unwrap_or(own);
        if firm(finding.code).is_some() {
            severity = severity.max(own);
        }
        finding.severity = severity;
        finding.default_severity = (severity != own).then_some(own);
        // Notes have none, and somebody has to act on this one now.
        if severity > Severity::Note && finding.advice.is_none() {
            finding.advice = Some(finding.code.entry().advice.to_owned());
        }
        severity != own
    }

    /// The severity that a code shall have in the input at a path, if one is set.
    #[must_use]
    pub fn severity_of(&self, path: &str, code: Code) -> Option<Severity> {
        self.input
            .iter()
            .rev()
            .filter(|input| input.path.takes(path))
            .find_map(|input| input.severity.of(code))
            .or_else(|| self.severity.of(code))
    }
}

fn sizes(limits: &Limits, bytes: u64) -> Vec<Finding> {
    let small = limits.min_size.filter(|min| bytes < min.0).map(|min| {
        Finding::new(Code::PolicyTooSmall)
            .fact("bytes", bytes)
            .fact("min_size", min.to_string())
    });
    let large = limits.max_size.filter(|max| bytes > max.0).map(|max| {
        Finding::new(Code::PolicyTooLarge)
            .fact("bytes", bytes)
            .fact("max_size", max.to_string())
    });
    small.into_iter().chain(large).collect()
}

/// What was written in the future, by the clock of whoever wrote it, is new.
pub(crate) fn age_of(modified: SystemTime, now: SystemTime) -> Duration {
    now.duration_since(modified).unwrap_or_default()
}

/// A time in UTC. What has no date in four digits is told in seconds.
pub(crate) fn shown(time: SystemTime) -> String {
    const YEAR_10000: u64 = 253_402_300_800;
    match time.duration_since(UNIX_EPOCH) {
        Ok(since) if since.as_secs() < YEAR_10000 => {
            humantime::format_rfc3339_seconds(time).to_string()
        }
        Ok(since) => format!("{} s after 1970", since.as_secs()),
        Err(before) => format!("{} s before 1970", before.duration().as_secs()),
    }
}

//! `xenspect.toml` and baselines: which are used, and when they judge. What they say is in the crate `policy`.
//!
//! They judge when all else is said of an input, behind the state file: that keeps what is true of an archive, and another policy may
//! judge what it kept tomorrow.

mod find;
mod judge;
mod known;

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use xenspect_model::report::{Input, PolicyApplied, Report};
use xenspect_model::{Finding, Severity};
use xenspect_policy::{Baseline, Facts, Policy};

use crate::args::{FailOn, PolicyOptions};
use crate::exit::Exit;
use crate::messages::say;
use crate::plan::{Plan, Planned};

pub(crate) use find::{name, policy as read_policy, upward};
pub(crate) use judge::{Judge, Reach};
use known::{AllKnown, Known};

/// The policy and the baseline of a run, and what is asked for on the command line beside them.
pub(crate) struct InForce {
    policy: Option<(String, Policy)>,
    baseline: Option<(String, Baseline)>,
    write: Option<PathBuf>,
    fail_on: Option<FailOn>,
    quiet: bool,
}

impl InForce {
    /// Reads what the options ask for, and the policy that is found unless one is named.
    ///
    /// # Errors
    /// In words.
    pub(crate) fn of(
        options: &PolicyOptions,
        fail_on: Option<FailOn>,
        quiet: bool,
    ) -> Result<Self, String> {
        let path = match &options.policy {
            Some(path) => Some(path.clone()),
            None if options.no_policy => None,
            None => upward()?,
        };
        // One that was asked for needs no remark.
        if let (Some(path), None, false) = (&path, &options.policy, quiet) {
            say(format_args!(
                "judges by the policy {} (--no-policy does not)",
                name(path)
            ));
        }
        let baseline = match &options.baseline {
            Some(path) => Some((shown(path), find::baseline(path)?)),
            None => None,
        };
        Ok(Self {
            baseline,
            write: options.write_baseline.clone(),
            ..Self::alone(path.as_deref(), fail_on, quiet)?
        })
    }

    /// A policy by itself, if there is one.
    ///
    /// # Errors
    /// In words.
    pub(crate) fn alone(
        path: Option<&Path>,
        fail_on: Option<FailOn>,
        quiet: bool,
    ) -> Result<Self, String> {
        let policy = match path {
            Some(path) => Some((shown(path), read_policy(path)?)),
            None => None,
        };
        Ok(Self {
            policy,
            baseline: None,
            write: None,
            fail_on,
            quiet,
        })
    }

    /// The lowest severity that fails: the command line's, else the policy's, else that of errors.
    pub(crate) fn fail_on(&self) -> Severity {
        self.told_to_fail_on().unwrap_or(Severity::Error)
    }

    /// The lowest severity that fails by the command line or the policy, if one of them tells it.
    pub(crate) fn told_to_fail_on(&self) -> Option<Severity> {
        let policy = self.policy.as_ref();
        self.fail_on
            .map(Severity::from)
            .or_else(|| policy.and_then(|(_, policy)| policy.fail_on))
    }

    /// Whether an input is good enough for a copy of it to get a good name: by the rules, and by the severities of the policy. Its age
    /// and size say nothing of the copy, and what is damaged is so although a policy calls it a note or a baseline accepts it.
    pub(crate) fn is_good(&self, path: &str, input: &Input) -> bool {
        let mut judged = input.clone();
        if let Some((_, policy)) = &self.policy {
            policy.set_severities(&Known::named(path).path, &mut judged);
        }
        Exit::of_input(input, Severity::Error) == Exit::Good
            && Exit::of_input(&judged, self.fail_on()) == Exit::Good
    }

    /// Whether the policy can make an input fail that passes by the rules.
    pub(crate) fn judges_inputs(&self) -> bool {
        let policy = self.policy.as_ref();
        policy.is_some_and(|(_, policy)| policy.judges_inputs())
    }

    /// Whether what was found of an input passes by the policy as it is now.
    pub(crate) fn passes(&self, plan: &Plan, planned: &Planned, input: &Input) -> bool {
        let Some((_, policy)) = &self.policy else {
            return Exit::of_input(input, self.fail_on()) == Exit::Good;
        };
        let mut judged = input.clone();
        let known = Known::planned(plan, planned);
        let facts = Facts {
            path: &known.path,
            modified: policy.asks_for_ages().then(|| known.modified()).flatten(),
            now: SystemTime::now(),
        };
        policy.judge(&facts, &mut judged);
        Exit::of_input(&judged, self.fail_on()) == Exit::Good && policy.contents_with(&judged)
    }

    /// Begins to judge what is verified.
    pub(crate) fn judge(&self, plan: &Plan) -> Judge<'_> {
        let all = match self.asks_of_inputs() {
            true => AllKnown::of(plan),
            false => AllKnown::default(),
        };
        Judge::new(self, all, true)
    }

    /// Whether there is anything to ask of inputs, or to write down of them.
    fn asks_of_inputs(&self) -> bool {
        self.policy.is_some() || self.baseline.is_some() || self.write.is_some()
    }

    /// Judges a report that was joined of others. It does not tell when inputs were written.
    pub(crate) fn judge_joined(&self, report: &mut Report) {
        if self.policy.is_none() {
            return;
        }
        // What an earlier policy missed is looked for again.
        report.inputs.retain(|input| !is_about_policy(input));
        let mut judge = Judge::new(self, AllKnown::default(), false);
        for input in &mut report.inputs {
            judge.input(input);
        }
        let judged = judge.end(Reach::Whole, &report.left);
        report.inputs.extend(judged.lacking);
        let earlier = report.policy.take().unwrap_or_default();
        report.policy = judged.applied.map(|now| PolicyApplied {
            path: now.path,
            changed: now.changed,
            not_judged: now.not_judged,
            // The baselines of the runs that were joined.
            ..earlier
        });
    }
}

/// Whether it is the input that stands for what a policy misses.
fn is_about_policy(input: &Input) -> bool {
    let missed = |finding: &Finding| finding.code.is_of_policy();
    input.kind.is_none() && !input.findings.is_empty() && input.findings.iter().all(missed)
}

fn shown(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

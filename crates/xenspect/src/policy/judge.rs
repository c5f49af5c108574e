//! A run as a policy and a baseline see it: one input after the other, and then what is missing among them.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use xenspect_model::Severity;
use xenspect_model::report::{Input, Left, PolicyApplied};
use xenspect_policy::{Baseline, Facts, Seen, Survey, Use};
use xenspect_rules::copy;

use super::InForce;
use super::find::name;
use super::known::{AllKnown, Known};
use crate::messages::say;
use crate::new_file::{self, Access, NewFile, Occupied};
use crate::reports::is_older_baseline;

/// How much of what is to be verified a run looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// All of it.
    Whole,
    /// One shard of it.
    Shard,
    /// It was interrupted.
    Interrupted,
}

/// Judges one input after the other.
pub(crate) struct Judge<'a> {
    in_force: &'a InForce,
    all: AllKnown,
    /// Whether somebody wants to know when inputs were written, and it can be told. Of objects it takes a request each.
    asks: bool,
    now: SystemTime,
    using: Option<Use<'a>>,
    applied: PolicyApplied,
    seen: Vec<Seen>,
    /// What is to be written.
    found: Baseline,
}

/// What is to be said behind all inputs.
pub(crate) struct Judged {
    /// What stands in the report for what is not there, behind all other inputs.
    pub(crate) lacking: Option<Input>,
    /// What the report says of policy and baseline.
    pub(crate) applied: Option<PolicyApplied>,
    found: Baseline,
    reach: Reach,
    /// Inputs that were left for another run.
    left: usize,
}

const SHARD: &str =
    "What has to be there: a shard does not see all; `report merge --policy` judges it";

impl<'a> Judge<'a> {
    pub(super) fn new(in_force: &'a InForce, all: AllKnown, tells_ages: bool) -> Self {
        let policy = in_force.policy.as_ref();
        let baseline = in_force.baseline.as_ref();
        Self {
            in_force,
            all,
            asks: tells_ages && policy.is_some_and(|(_, policy)| policy.asks_for_ages()),
            now: SystemTime::now(),
            using: baseline.map(|(_, baseline)| baseline.begin()),
            applied: PolicyApplied {
                path: policy.map(|(path, _)| path.clone()),
                baseline: baseline.map(|(path, _)| path.clone()),
                ..PolicyApplied::default()
            },
            seen: Vec::new(),
            found: Baseline::empty(),
        }
    }

    /// Judges an input of which all else is said: sets severities, adds what is beyond limits, and accepts what is known.
    pub(crate) fn input(&mut self, input: &mut Input) {
        if !self.in_force.asks_of_inputs() {
            return;
        }
        let known = self.all.get(&input.path, input.below.as_deref());
        if let Some((_, policy)) = &self.in_force.policy {
            let modified = self.modified(&known);
            let facts = Facts {
                path: &known.path,
                modified,
                now: self.now,
            };
            self.applied.changed += policy.judge(&facts, input);
            if policy.expects() {
                self.seen.push(Seen::of(&known.path, input, modified));
            }
        }
        self.accept(&known.key, input);
    }

    fn modified(&self, known: &Known) -> Option<SystemTime> {
        self.asks.then(|| known.modified()).flatten()
    }

    fn accept(&mut self, key: &str, input: &mut Input) {
        if let Some(using) = &mut self.using {
            using.judge(key, input);
        }
        if self.in_force.write.is_some() {
            let least = self.in_force.fail_on().min(Severity::Warning);
            self.found.add(key, input, least);
        }
    }

    /// Says what is missing among all inputs, and what came of the baseline.
    pub(crate) fn end(mut self, reach: Reach, left: &[Left]) -> Judged {
        let mut lacking = self.lacking(reach, left);
        if let Some(input) = &mut lacking {
            let key = self.all.get(&input.path, None).key;
            self.accept(&key, input);
        }
        if let Some(using) = self.using.take() {
            let came = using.finish();
            self.applied.accepted = came.accepted;
            // Of a run that was interrupted it is not known.
            if reach != Reach::Interrupted {
                self.applied.stale = came.stale;
                self.tell(
                    "findings that are gone",
                    came.stale,
                    "; --write-baseline writes it without them",
                );
            }
            if reach == Reach::Whole && left.is_empty() {
                self.tell("inputs that were not verified this time", came.unseen, "");
            }
        }
        let judges = self.in_force.policy.is_some() || self.in_force.baseline.is_some();
        Judged {
            lacking,
            applied: judges.then_some(self.applied),
            found: self.found,
            reach,
            left: left.len(),
        }
    }

    fn tell(&self, what: &str, count: u64, hint: &str) {
        if let (Some((path, _)), false, 1..) = (&self.in_force.baseline, self.in_force.quiet, count)
        {
            say(format_args!(
                "{}: {what}: {count}{hint}",
                name(Path::new(path))
            ));
        }
    }

    fn lacking(&mut self, reach: Reach, left: &[Left]) -> Option<Input> {
        let (path, policy) = self.in_force.policy.as_ref()?;
        match reach {
            Reach::Whole => {}
            Reach::Shard if policy.expects() => {
                self.applied.not_judged.push(SHARD.to_owned());
                return None;
            }
            Reach::Shard | Reach::Interrupted => return None,
        }
        let known: Vec<Known> = left
            .iter()
            .map(|left| self.all.get(&left.path, left.below.as_deref()))
            .collect();
        let left = known.iter().zip(left);
        let survey = Survey {
            seen: &self.seen,
            left: left
                .map(|(known, left)| (known.path.as_str(), left, self.modified(known)))
                .collect(),
        };
        let missing = policy.missing(&survey, self.now);
        self.applied.not_judged.extend(missing.not_judged);
        (!missing.findings.is_empty()).then(|| copy::apart(path.clone(), 0, missing.findings))
    }
}

impl Judged {
    /// Writes the baseline of what was found, if that was asked for. It is never written over one of the `inputs`.
    ///
    /// # Errors
    /// In words.
    pub(crate) fn write_baseline<'p>(
        mut self,
        in_force: &InForce,
        inputs: impl IntoIterator<Item = &'p Path>,
    ) -> Result<(), String> {
        let Some(path): Option<&PathBuf> = in_force.write.as_ref() else {
            return Ok(());
        };
        if self.reach == Reach::Interrupted {
            let name = name(path);
            return Err(format!(
                "{name}: not written, since the run was interrupted"
            ));
        }
        if self.left > 0 {
            return Err(format!(
                "{}: not written, since not all was looked at: {} left for another run",
                name(path),
                self.left
            ));
        }
        new_file::is_free(path, inputs, true).map_err(Occupied::words)?;
        if path.exists() && !is_older_baseline(path) {
            let name = name(path);
            return Err(format!(
                "{name}: not written, since something else is there by now"
            ));
        }
        self.found.sort();
        let text = self.found.text();
        let written = NewFile::create(path, Access::Usual).and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            file.finish(path, true)
        });
        written.map_err(|error| format!("{}: cannot be written: {error}", name(path)))
    }
}

//! What the checks say, put together: findings, refusals of xapi in the order of its steps, and which facts were
//! missing. What a check is called and which codes it gives is in `checks`.

use std::collections::{BTreeMap, BTreeSet};

use xenspect_model::preflight::{Check, Enforced, Outcome, XapiError};
use xenspect_model::{Code, Finding};

use crate::checks::{Id, Row};

/// Findings of one code that are kept; further ones are counted.
const KEPT: usize = 1000;

/// The steps at which xapi can refuse, in its order (`formats/restore.md` section 2; for an import
/// `formats/xva.md` section 11.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Step {
    /// Of a host backup: unpacking it to the spare partition.
    Unpack,
    /// Reading the document, by the running schema.
    Parse,
    /// Adding tables and columns that are missing.
    Upgrade,
    /// Schema numbers; of an import the version of xapi.
    Version,
    /// Finding the coordinator.
    Coordinator,
    /// Reading the inventory, and finding the control domain.
    Identity,
    /// Looking up NICs.
    Nics,
    /// Looking for the management interface.
    Management,
    /// Of an import with `preserve=true`: looking for VMs that are there.
    Preserve,
    /// Of an import: making the objects.
    Objects,
    /// Of an import: reading the disks.
    Disks,
}

/// Where xapi meets something: the step, and while it reads the document, the offset in it.
type Met = (Step, u64);

/// What checks say.
#[derive(Debug, Default)]
pub(crate) struct Verdicts {
    /// Those that xapi refuses for with where it meets them.
    findings: Vec<(Option<Met>, Finding)>,
    counts: BTreeMap<Code, usize>,
    omitted: BTreeMap<Code, u64>,
    refusals: Vec<(Met, XapiError)>,
    lacks: BTreeMap<Id, Vec<String>>,
    not_applicable: BTreeSet<Id>,
}

/// All of it, ready for the report.
pub(crate) struct Sum {
    pub(crate) findings: Vec<Finding>,
    pub(crate) omitted: BTreeMap<Code, u64>,
    /// In the order of xapi's steps.
    pub(crate) refusals: Vec<XapiError>,
    pub(crate) checks: Vec<Check>,
}

impl Verdicts {
    /// Adds a finding.
    pub(crate) fn find(&mut self, finding: Finding) {
        self.keep(None, finding);
    }

    fn keep(&mut self, met: Option<Met>, finding: Finding) {
        let count = self.counts.entry(finding.code).or_default();
        *count += 1;
        if *count <= KEPT {
            self.findings.push((met, finding));
        } else {
            *self.omitted.entry(finding.code).or_default() += 1;
        }
    }

    /// Adds a finding for which xapi refuses at a step, with the code that the finding carries.
    pub(crate) fn refuse(&mut self, step: Step, params: Vec<String>, finding: Finding) {
        let offset = match step {
            Step::Parse => finding.place.offset.unwrap_or(0),
            _ => 0,
        };
        let met = finding.xapi_error.clone().map(|code| {
            self.refusals
                .push(((step, offset), XapiError { code, params }));
            (step, offset)
        });
        self.keep(met, finding);
    }

    /// A check cannot be made for want of a fact: `the target's NICs`.
    pub(crate) fn lack(&mut self, check: Id, fact: &str) {
        let lacks = self.lacks.entry(check).or_default();
        if !lacks.iter().any(|known| known == fact) {
            lacks.push(fact.to_owned());
        }
    }

    /// There is nothing to check.
    pub(crate) fn nothing(&mut self, check: Id) {
        self.not_applicable.insert(check);
    }

    /// Whether a code was found.
    pub(crate) fn has(&self, code: Code) -> bool {
        self.counts.contains_key(&code)
    }

    /// Whether a finding of this kind is there.
    pub(crate) fn has_such(&self, is_it: impl Fn(&Finding) -> bool) -> bool {
        self.findings.iter().any(|(_, finding)| is_it(finding))
    }

    /// Whether xapi refuses at a step.
    pub(crate) fn refuses_at(&self, step: Step) -> bool {
        self.refusals.iter().any(|((at, _), _)| *at == step)
    }

    /// Whether a check lacked a fact.
    pub(crate) fn lacked(&self, check: Id) -> bool {
        self.lacks.contains_key(&check)
    }

    /// Whether xapi would refuse: no where it certainly would not, `None` where a check that it makes lacked facts.
    pub(crate) fn accepted(&self, rows: &[Row]) -> Option<bool> {
        if !self.refusals.is_empty() {
            return Some(false);
        }
        let by_xapi = |row: &&Row| row.enforced == Enforced::ByXapi;
        let lacked = rows.iter().filter(by_xapi).any(|row| self.lacked(row.id));
        (!lacked).then_some(true)
    }

    /// Sums up by a table of checks. Findings that xapi refuses for come first, in the order of its steps; then those that
    /// stop it at its next start; then the others, the worst first.
    pub(crate) fn finish(mut self, rows: &[Row]) -> Sum {
        self.refusals.sort_by_key(|(met, _)| *met);
        let at_boot = |code: Code| {
            let mut boot = rows.iter().filter(|row| row.enforced == Enforced::AtBoot);
            boot.any(|row| row.codes.contains(&code))
        };
        self.findings.sort_by_key(|(met, finding)| {
            let rank = match met {
                Some(_) => 0,
                None if at_boot(finding.code) => 1,
                None => 2,
            };
            (rank, *met, std::cmp::Reverse(finding.severity))
        });
        let checks = rows.iter().map(|row| {
            let lacks = self.lacks.get(&row.id).cloned().unwrap_or_default();
            let outcome = if row.codes.iter().any(|code| self.counts.contains_key(code)) {
                Outcome::Found
            } else if !lacks.is_empty() {
                Outcome::Unknown
            } else if self.not_applicable.contains(&row.id) {
                Outcome::NotApplicable
            } else {
                Outcome::Passed
            };
            Check {
                number: row.id.number(),
                title: row.title,
                enforced: row.enforced,
                outcome,
                lacks,
                codes: row.codes,
            }
        });
        let checks = checks.collect();
        Sum {
            findings: self
                .findings
                .into_iter()
                .map(|(_, finding)| finding)
                .collect(),
            omitted: self.omitted,
            refusals: self.refusals.into_iter().map(|(_, error)| error).collect(),
            checks,
        }
    }
}

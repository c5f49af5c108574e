//! Where a restore stops, and what has been formatted by then.

use std::collections::BTreeMap;

use xenspect_model::preflight::{HostStage, Stage, XapiError};
use xenspect_model::report::Formatted;

/// What is known of the stages.
#[derive(Debug, Default)]
pub(super) struct Stages {
    stops: BTreeMap<Stage, Vec<(Formatted, String)>>,
    lacks: BTreeMap<Stage, Vec<String>>,
}

const ALL: [Stage; 3] = [
    Stage::HostRestore,
    Stage::InstallerLists,
    Stage::InstallerRestores,
];
/// Reasons of one stage that are told.
const TOLD: usize = 16;

impl Stages {
    /// A stage does not pass.
    pub(super) fn stop(&mut self, stage: Stage, by: Formatted, reason: impl Into<String>) {
        let reason = reason.into();
        let reasons = self.stops.entry(stage).or_default();
        if reasons.len() < TOLD && !reasons.iter().any(|(_, known)| *known == reason) {
            reasons.push((by, reason));
        }
    }

    /// Whether a stage passes hangs on a fact that is missing.
    pub(super) fn lack(&mut self, stage: Stage, fact: &str) {
        let lacks = self.lacks.entry(stage).or_default();
        if lacks.len() < TOLD && !lacks.iter().any(|known| known == fact) {
            lacks.push(fact.to_owned());
        }
    }

    fn passes(&self, stage: Stage) -> Option<bool> {
        if self.stops.contains_key(&stage) {
            Some(false)
        } else {
            (!self.lacks.contains_key(&stage)).then_some(true)
        }
    }

    /// Whether all pass.
    pub(super) fn accepted(&self) -> Option<bool> {
        let all = ALL.map(|stage| self.passes(stage));
        if all.contains(&Some(false)) {
            Some(false)
        } else {
            (!all.contains(&None)).then_some(true)
        }
    }

    /// A stage that does not pass ends the restore. The mark by which the installer knows a backup is the last that
    /// host-restore makes.
    fn carry_on(&mut self) {
        if self.passes(Stage::HostRestore) == Some(false) {
            let first = self.stops.get(&Stage::HostRestore);
            let by = first.and_then(|first| first.iter().map(|(by, _)| *by).min());
            let reason = "host-restore stops before it leaves the mark of a backup";
            self.stop(
                Stage::InstallerLists,
                by.unwrap_or(Formatted::SparePartition),
                reason,
            );
        }
    }

    /// The stages for the report. Of several reasons the one that is met first comes first. A last stage that is not come
    /// to, and that would pass, is left out.
    pub(super) fn finish(mut self) -> Vec<HostStage> {
        self.carry_on();
        let is_listed = self.passes(Stage::InstallerLists) != Some(false);
        let stage = |stage: Stage| {
            let accepted = self.passes(stage);
            let mut stops = self.stops.remove(&stage).unwrap_or_default();
            stops.sort_by_key(|(by, _)| *by);
            let by = match (stops.first(), stage) {
                (Some((by, _)), _) => *by,
                (None, Stage::HostRestore | Stage::InstallerLists) => Formatted::SparePartition,
                (None, Stage::InstallerRestores) => Formatted::RootAndEfi,
            };
            let mut reasons: Vec<String> = stops.into_iter().map(|(_, reason)| reason).collect();
            if reasons.is_empty() {
                let lacks = self.lacks.remove(&stage).unwrap_or_default();
                reasons.extend(lacks.into_iter().map(|fact| format!("not known: {fact}")));
            }
            let fails = stage == Stage::HostRestore && accepted == Some(false);
            HostStage {
                stage,
                accepted,
                xapi_error: fails.then(|| XapiError {
                    code: "RESTORE_SCRIPT_FAILED".to_owned(),
                    params: Vec::new(),
                }),
                reasons,
                formatted: by,
            }
        };
        let is_reached = |stage: &HostStage| {
            is_listed || stage.stage != Stage::InstallerRestores || stage.accepted == Some(false)
        };
        ALL.map(stage).into_iter().filter(is_reached).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_met_first_comes_first() {
        let mut stages = Stages::default();
        assert_eq!(stages.accepted(), Some(true));
        stages.lack(Stage::InstallerLists, "the disks");
        assert_eq!(stages.accepted(), None);
        stages.stop(Stage::InstallerRestores, Formatted::RootAndEfi, "late");
        stages.stop(Stage::InstallerRestores, Formatted::SparePartition, "early");
        stages.stop(Stage::InstallerRestores, Formatted::SparePartition, "early");
        assert_eq!(stages.accepted(), Some(false));
        let [first, lists, restores] = <[HostStage; 3]>::try_from(stages.finish()).unwrap();
        assert_eq!((first.accepted, first.xapi_error), (Some(true), None));
        assert_eq!(lists.accepted, None);
        assert_eq!(lists.reasons, ["not known: the disks"]);
        assert_eq!(restores.reasons, ["early", "late"]);
        assert_eq!(restores.formatted, Formatted::SparePartition);
    }
}

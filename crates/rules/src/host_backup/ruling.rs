//! Findings of a host backup with what they mean for its restore: the stage that stops at them, and what has been formatted
//! by then (`formats/host-backup.md` sections 4 and 5).

use std::collections::BTreeMap;

use xenspect_model::report::{Formatted, RestoreAnswer, StageAnswer};
use xenspect_model::{Code, Finding};

use crate::sink::Sink;

/// What `xe host-restore` answers with, whatever its script fails at.
const SCRIPT_FAILED: &str = "RESTORE_SCRIPT_FAILED";

/// Where a restore stops, in the order of its steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Point {
    /// host-restore unpacks the archive to the spare partition, which it has formatted.
    Unpacking,
    /// host-restore reads the inventory of the backup.
    Sourcing,
    /// host-restore compares the product's versions.
    Comparing,
    /// The installer looks for backups.
    Listing,
    /// The installer reads inventory and boot loader of the chosen backup.
    Reading,
    /// The installer has formatted and copied, and makes the host start again.
    Finishing,
    /// The restored host starts.
    Starting,
}

impl Point {
    /// The stage as facts name it.
    const fn stage(self) -> &'static str {
        match self {
            Self::Unpacking | Self::Sourcing | Self::Comparing => "host-restore",
            Self::Listing | Self::Reading | Self::Finishing => "installer",
            Self::Starting => "start of the restored host",
        }
    }

    /// What has been formatted by then.
    const fn formatted(self) -> Formatted {
        match self {
            Self::Finishing | Self::Starting => Formatted::RootAndEfi,
            _ => Formatted::SparePartition,
        }
    }

    const fn is_of_host_restore(self) -> bool {
        matches!(self, Self::Unpacking | Self::Sourcing | Self::Comparing)
    }
}

/// Installers of the generation of 8.2 and before.
pub(super) const UP_TO_8_2: &str = "installers up to that of 8.2";
/// Installers of later generations.
pub(super) const SINCE_8_2: &str = "installers later than that of 8.2";

/// Why a restore stops.
#[derive(Debug, Clone, Copy)]
struct Stop {
    code: Code,
    /// The hosts or installers that stop there, where not all do.
    only_on: Option<&'static str>,
}

/// Takes findings, and remembers those that a restore stops at.
#[derive(Debug, Default)]
pub(super) struct Ruling {
    pub(super) sink: Sink,
    /// The first one of each point.
    stops: BTreeMap<Point, Stop>,
    /// What host-restore accepts, and runs.
    runs: Option<Code>,
    /// The only installers that take it, and why others do not.
    only: Option<(&'static str, Code)>,
}

impl Ruling {
    /// Adds a finding that no stage stops at.
    pub(super) fn push(&mut self, finding: Finding) {
        self.sink.push(finding);
    }

    /// Adds a finding that a restore stops at.
    pub(super) fn stop(&mut self, point: Point, finding: Finding) {
        self.note(point, finding.code, None);
        self.push(staged(point, finding));
    }

    /// Adds a finding that a restore stops at on some hosts.
    pub(super) fn stop_on(&mut self, point: Point, hosts: &'static str, finding: Finding) {
        self.note(point, finding.code, Some(hosts));
        self.push(staged(point, finding).fact("only_on", hosts));
    }

    /// Adds a finding about something that host-restore would run as root. The script goes on behind it.
    pub(super) fn run(&mut self, finding: Finding) {
        self.runs = Some(finding.code);
        let mut finding = staged(Point::Sourcing, finding);
        finding.xapi_error = None;
        self.push(finding);
    }

    /// Adds a finding that one generation of installers stops at, and the other, `takers`, does not.
    pub(super) fn taken_only(&mut self, takers: &'static str, point: Point, finding: Finding) {
        self.only.get_or_insert((takers, finding.code));
        self.push(staged(point, finding).fact("taken_by", takers));
    }

    /// Remembers a stop whose finding was told before.
    pub(super) fn note(&mut self, point: Point, code: Code, only_on: Option<&'static str>) {
        let stop = Stop { code, only_on };
        self.stops
            .entry(point)
            .and_modify(|first| {
                // One that holds everywhere weighs more.
                if first.only_on.is_some() && only_on.is_none() {
                    *first = stop;
                }
            })
            .or_insert(stop);
    }

    /// The first stop of a stage: one that holds everywhere before one that does not.
    fn first(&self, is_of_stage: impl Fn(Point) -> bool) -> Option<(Point, Stop)> {
        let of_stage = || {
            self.stops
                .iter()
                .map(|(point, stop)| (*point, *stop))
                .filter(|(point, _)| is_of_stage(*point))
        };
        let everywhere = of_stage().find(|(_, stop)| stop.only_on.is_none());
        everywhere.or_else(|| of_stage().next())
    }

    /// What `xe host-restore` would come to. `known` is whether all was read that this depends on.
    pub(super) fn host_restore(&self, known: bool) -> StageAnswer {
        let Some((point, stop)) = self.first(Point::is_of_host_restore) else {
            return StageAnswer {
                answer: accepted_if(known),
                code: self.runs.filter(|_| known),
                ..StageAnswer::default()
            };
        };
        StageAnswer {
            answer: RestoreAnswer::Refused,
            code: Some(stop.code),
            xapi_error: Some(SCRIPT_FAILED.to_owned()),
            formatted: Some(point.formatted()),
            only_on: stop.only_on.map(str::to_owned),
            needs_platform: None,
        }
    }

    /// What the installer would come to with what host-restore left. `platform` is the one of the backup.
    pub(super) fn installer(&self, known: bool, platform: Option<String>) -> StageAnswer {
        let refused = self.first(Point::is_of_host_restore);
        if let Some((
            point,
            Stop {
                code,
                only_on: None,
            },
        )) = refused
        {
            // The script ends before it leaves the mark by which the installer knows a backup.
            return StageAnswer {
                answer: RestoreAnswer::NotListed,
                code: Some(code),
                formatted: Some(point.formatted()),
                ..StageAnswer::default()
            };
        }
        let of_installer = |point: Point| !point.is_of_host_restore() && point != Point::Starting;
        let Some((point, stop)) = self.first(of_installer) else {
            let starting = self.stops.get(&Point::Starting).map(|stop| stop.code);
            let only = self.only.filter(|_| known);
            return StageAnswer {
                answer: accepted_if(known),
                code: starting.filter(|_| known).or(only.map(|(_, code)| code)),
                only_on: only.map(|(takers, _)| takers.to_owned()),
                needs_platform: platform.filter(|_| known),
                ..StageAnswer::default()
            };
        };
        let answer = match point {
            Point::Listing => RestoreAnswer::NotListed,
            _ => RestoreAnswer::Stops,
        };
        StageAnswer {
            answer,
            code: Some(stop.code),
            formatted: Some(point.formatted()),
            only_on: stop.only_on.map(str::to_owned),
            ..StageAnswer::default()
        }
    }
}

const fn accepted_if(known: bool) -> RestoreAnswer {
    if known {
        RestoreAnswer::Accepted
    } else {
        RestoreAnswer::Unknown
    }
}

/// A finding with its stage, what has been formatted by then, and the error of the stage.
pub(super) fn staged(point: Point, mut finding: Finding) -> Finding {
    finding.xapi_error = point.is_of_host_restore().then(|| SCRIPT_FAILED.to_owned());
    finding
        .fact("stage", point.stage())
        .fact("formatted", point.formatted().words())
}

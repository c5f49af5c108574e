//! `xenspect report`: what can be done with JSON reports of `verify`.

use std::collections::BTreeSet;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use xenspect_model::Severity;
use xenspect_model::report::Report;
use xenspect_report::merge::{self, Contradiction};

use crate::args::{Merge, OfReports, ReportCommand};
use crate::exit::Exit;
use crate::messages::say;
use crate::output::{escaped, tool};
use crate::policy::InForce;
use crate::reports::{self, Others, Reports};

/// Does what was asked.
pub(crate) fn run(command: &OfReports) -> ExitCode {
    let ReportCommand::Merge(command) = &command.command;
    let status =
        merged(command).unwrap_or_else(|words| reports::none(command.forms.format, &words));
    status.into()
}

/// Joins reports, and ends as one run over all of their inputs would. Returns the status that the shell is to see.
fn merged(command: &Merge) -> Result<u8, String> {
    let in_force = InForce::alone(command.policy.as_deref(), command.fail_on, command.quiet)?;
    let mut reports = Vec::with_capacity(command.reports.len());
    for path in &command.reports {
        let report = read(path).map_err(|reason| format!("{}: {reason}", name(path)))?;
        reports.push(report);
    }
    if !command.quiet {
        tell_versions(&reports);
    }
    let mut report = merge::merge(reports, tool())
        .map_err(|contradiction| words(&contradiction, &command.reports))?;
    in_force.judge_joined(&mut report);
    // Before any report is written, so that none can change it.
    let fail_on = in_force
        .told_to_fail_on()
        .or(report.fail_on)
        .unwrap_or(Severity::Error);
    let exit = Exit::of(&report, fail_on, report.interrupted);
    let others = Others {
        read: (command.reports.iter().chain(&command.policy))
            .map(PathBuf::as_path)
            .collect(),
        ..Others::default()
    };
    let (color, verbose) = (command.color, command.verbose);
    let mut shown = Reports::begin(&command.forms, color, verbose, report.tool, &others)?;
    for input in report.inputs {
        shown.input(input);
    }
    let ending = reports::ending(exit, fail_on);
    Ok(shown.end(report.left, report.policy, &ending, exit))
}

/// What two reports do not agree on.
fn words(contradiction: &Contradiction, paths: &[PathBuf]) -> String {
    let report = |index: usize| paths.get(index).map_or_else(String::new, |path| name(path));
    let (one, other) = contradiction.reports;
    format!(
        "{}: {} and {} do not say the same of it; leave out the older one",
        escaped(&contradiction.path),
        report(one),
        report(other)
    )
}

fn read(path: &Path) -> Result<Report, String> {
    let document = if path.as_os_str() == "-" {
        let mut document = Vec::new();
        io::stdin()
            .lock()
            .read_to_end(&mut document)
            .map(|_| document)
    } else {
        std::fs::read(path)
    };
    let document = document.map_err(|error| format!("cannot be read: {error}"))?;
    merge::parse(&document).map_err(|refused| escaped(&refused.to_string()))
}

fn name(path: &Path) -> String {
    if path.as_os_str() == "-" {
        "standard input".to_owned()
    } else {
        escaped(&path.to_string_lossy())
    }
}

/// Says that the reports are of several versions, or of a later one than this program.
fn tell_versions(reports: &[Report]) {
    let versions: BTreeSet<&str> = reports.iter().map(|report| &*report.tool.version).collect();
    if versions.len() > 1 {
        let versions: Vec<String> = versions.iter().map(|version| escaped(version)).collect();
        say(format_args!(
            "the reports are of several versions ({}); the newest is named",
            versions.join(", ")
        ));
    }
    let own = tool().version;
    if versions
        .iter()
        .any(|version| merge::by_version(version, &own).is_gt())
    {
        say(format_args!(
            "a report is of a later version than this program, {own}: what this one does not know is left out"
        ));
    }
}

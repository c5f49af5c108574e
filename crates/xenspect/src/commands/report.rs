//! `xenspect report`: what can be done with JSON reports of `verify`.

use std::collections::BTreeSet;
use std::io::{self, Read};
use std::path::Path;

use xenspect_model::report::Report;
use xenspect_report::{human, json, merge};

use crate::args::{Format, Merge, OfReports, ReportCommand};
use crate::exit::Exit;
use crate::messages::say;
use crate::output::{self, escaped, tool};

/// Does what was asked.
pub(crate) fn run(command: &OfReports) -> Exit {
    match &command.command {
        ReportCommand::Merge(command) => merged(command),
    }
}

/// Joins reports, and ends as one run over all of their inputs would.
fn merged(command: &Merge) -> Exit {
    let mut reports = Vec::with_capacity(command.reports.len());
    for path in &command.reports {
        match read(path) {
            Ok(report) => reports.push(report),
            Err(reason) => {
                say(format_args!("{}: {reason}", name(path)));
                return Exit::Failed;
            }
        }
    }
    if !command.quiet {
        tell_versions(&reports);
    }
    let report = match merge::merge(reports, tool()) {
        Ok(report) => report,
        Err(contradiction) => {
            let report = |index: usize| {
                command
                    .reports
                    .get(index)
                    .map_or_else(String::new, |path| name(path))
            };
            let (one, other) = contradiction.reports;
            say(format_args!(
                "{}: {} and {} do not say the same of it; leave out the older one",
                escaped(&contradiction.path),
                report(one),
                report(other)
            ));
            return Exit::Failed;
        }
    };
    let exit = Exit::of(&report, command.fail_on.into(), false);
    output::report(exit, |mut out| match command.format {
        Format::Human => human::write(
            &report,
            &output::style(command.color, command.verbose),
            &mut out,
        ),
        Format::Json => json::write(&report, &mut out),
    })
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

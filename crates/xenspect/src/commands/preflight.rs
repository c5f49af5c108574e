//! `xenspect preflight`: read both sides, compare them, show one report.

use std::path::Path;

use xenspect_model::preflight::PreflightReport;
use xenspect_model::report::Kind;
use xenspect_preflight::{Known, Manner, Question, preflight};
use xenspect_report::preflight as shown;
use xenspect_target as target;

use crate::args::{Preflight, PreflightFormat as Format};
use crate::exit::Exit;
use crate::interrupt::Interrupt;
use crate::output::{self, tool};
use crate::reading::{Failure, ended, is_piped_twice};
use crate::sides;

/// Compares, or writes a profile.
pub(crate) fn run(command: &Preflight) -> Exit {
    let interrupt = Interrupt::watch();
    let done = match (&command.print_profile, &command.input, &command.target) {
        (Some(path), _, _) => print_profile(command, path, &interrupt),
        (None, Some(input), Some(target)) => compare(command, input, target, &interrupt),
        // The arguments do not let this happen.
        _ => Ok(Exit::Failed),
    };
    ended(done, &interrupt)
}

type Done<'a> = Result<Exit, (&'a Path, Failure)>;

fn compare<'a>(
    command: &'a Preflight,
    input: &'a Path,
    target: &'a Path,
    interrupt: &Interrupt,
) -> Done<'a> {
    let paths = [input, target].into_iter();
    let paths = paths.chain(command.also.iter().map(AsRef::as_ref));
    if is_piped_twice(paths) {
        return Ok(Exit::Failed);
    }
    let known = |path: &'a Path| -> Result<Known, (&'a Path, Failure)> {
        sides::known(path, command.quiet, interrupt).map_err(|failure| (path, failure))
    };
    let backup =
        sides::backup(input, command.quiet, interrupt).map_err(|failure| (input, failure))?;
    let target = known(target)?;
    let also: Result<Vec<_>, _> = command.also.iter().map(|path| known(path)).collect();
    let manner = Manner {
        preserve: command.preserve,
        force: command.force,
        sr: command.sr.clone(),
        also: also?,
    };
    let tool = tool();
    let report = preflight(Question {
        tool: &tool,
        path: &backup.path,
        member: backup.member.as_deref(),
        catalog: &backup.catalog,
        known: &target,
        manner: &manner,
    });
    // Before any renderer runs, so that none can change it.
    let exit = exit(&report, command);
    Ok(output::report(exit, |mut out| match command.format {
        Format::Human => {
            let style = output::style(command.color, command.verbose);
            shown::human::write(&report, &style, &mut out)
        }
        Format::Json => shown::json::write(&report, &mut out),
        Format::Markdown => shown::markdown::write(&report, &mut out),
        Format::Html => shown::html::write(&report, &mut out),
    }))
}

/// Good is what would be accepted and would boot; what cannot be said is not good.
fn exit(report: &PreflightReport, command: &Preflight) -> Exit {
    let answer = &report.preflight;
    let is_database = matches!(report.input.kind, Some(Kind::PoolDb | Kind::RedoLog));
    let is_pool = is_database || report.host.is_some();
    let is_good = answer.accepted == Some(true) && (!is_pool || answer.boots == Some(true));
    if !is_good || report.worst() >= Some(command.fail_on.into()) {
        Exit::Findings
    } else {
        Exit::Good
    }
}

fn print_profile<'a>(command: &Preflight, path: &'a Path, interrupt: &Interrupt) -> Done<'a> {
    let known = sides::known(path, command.quiet, interrupt).map_err(|failure| (path, failure))?;
    let text = match command.format {
        Format::Json => target::to_json(&known.target),
        Format::Human | Format::Markdown | Format::Html => target::to_toml(&known.target)
            .map_err(|error| (path, Failure::NotOpened(error.to_string())))?,
    };
    Ok(output::report(Exit::Good, |out| {
        out.write_all(text.as_bytes())?;
        if text.ends_with('\n') {
            Ok(())
        } else {
            out.write_all(b"\n")
        }
    }))
}

//! `xenspect verify`: scan each input, judge it, show one report.

use xenspect_model::report::{Input, Report, SCHEMA};
use xenspect_report::{human, json};
use xenspect_scan::{Depth, Options};

use crate::args::{self, Format, Verify};
use crate::exit::Exit;
use crate::inputs::{Target, expand};
use crate::interrupt::Interrupt;
use crate::output::{self, tool};
use crate::reading::{self, is_of_interest};
use crate::skipped::{Skipped, nothing_found};

/// Verifies the inputs and says how it went.
pub(crate) fn run(command: &Verify) -> Exit {
    let interrupt = Interrupt::watch();
    let options = options(command);
    let mut skipped = Skipped::default();
    let mut inputs = Vec::new();
    for target in expand(&command.inputs, command.recursive) {
        if interrupt.is_raised() {
            break;
        }
        if let Target::Other(path) = &target {
            skipped.others.push(path.clone());
            continue;
        }
        match verify(&target, &options, command.quiet, &interrupt) {
            Some(input) => inputs.push(input),
            None => skipped.files.extend(target.into_path()),
        }
    }
    if !command.quiet {
        skipped.tell();
    }
    if inputs.is_empty() && !interrupt.is_raised() {
        nothing_found(&command.inputs);
    }
    let report = Report {
        schema: SCHEMA,
        tool: tool(),
        inputs,
    };
    // Before any renderer runs, so that none can change it.
    let exit = Exit::of(&report, command.fail_on.into(), interrupt.is_raised());
    let written = output::write(|mut out| match command.format {
        Format::Human => human::write(
            &report,
            &output::style(command.color, command.verbose),
            &mut out,
        ),
        Format::Json => json::write(&report, &mut out),
    });
    if written {
        exit
    } else {
        exit.max(Exit::Failed)
    }
}

fn options(command: &Verify) -> Options {
    let mut options = Options::default();
    if let Some(threads) = command.threads {
        options.threads = threads.get();
    }
    options.depth = match command.depth {
        args::Depth::Headers => Depth::Headers,
        args::Depth::Full => Depth::Full,
    };
    options
}

/// Verifies one input. `None` for a file below a directory that is no backup.
fn verify(target: &Target, options: &Options, quiet: bool, interrupt: &Interrupt) -> Option<Input> {
    let name = reading::name(target);
    if matches!(target, Target::Other(_)) {
        return None;
    }
    let outcome = reading::read(target, quiet, interrupt, |source, progress| {
        xenspect_scan::scan(source, options, progress)
            .map(|catalog| xenspect_rules::input(name.clone(), &catalog))
    });
    match (outcome, target) {
        (Ok(input), _) => Some(input),
        (Err(failure), Target::Met(path)) if !is_of_interest(path, &failure) => None,
        (Err(failure), _) => Some(Input::unreadable(name, failure.to_string())),
    }
}

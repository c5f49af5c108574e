//! `xenspect verify`: scan each input, judge it, show one report.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

use xenspect_model::report::{Input, Report, SCHEMA, Tool};
use xenspect_report::{human, json};
use xenspect_scan::{Depth, Error, Options, Progress, Source};

use crate::args::{self, Format, Verify};
use crate::exit::Exit;
use crate::inputs::{Target, expand, is_named_like_a_backup};
use crate::interrupt::Interrupt;
use crate::messages::say;
use crate::output;
use crate::progress::Display;

/// Verifies the inputs and says how it went.
pub(crate) fn run(command: &Verify) -> Exit {
    let interrupt = Interrupt::watch();
    let options = options(command);
    let mut skipped = Vec::new();
    let mut inputs = Vec::new();
    for target in expand(&command.inputs, command.recursive) {
        if interrupt.is_raised() {
            break;
        }
        match verify(&target, &options, command.quiet, &interrupt) {
            Some(input) => inputs.push(input),
            None => skipped.push(shown(&target)),
        }
    }
    if !command.quiet {
        tell_skipped(&skipped);
    }
    if inputs.is_empty() && !interrupt.is_raised() {
        say("there is no backup among the files given");
        return Exit::Failed;
    }
    let tool = Tool {
        name: env!("CARGO_PKG_NAME").to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    };
    let report = Report { schema: SCHEMA, tool, inputs };
    // Before any renderer runs, so that none can change it.
    let exit = Exit::of(&report, command.fail_on.into(), interrupt.is_raised());
    let written = output::write(|mut out| match command.format {
        Format::Human => {
            human::write(&report, &output::style(command.color, command.verbose), &mut out)
        }
        Format::Json => json::write(&report, &mut out),
    });
    if written { exit } else { exit.max(Exit::Failed) }
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
fn verify(
    target: &Target,
    options: &Options,
    quiet: bool,
    interrupt: &Interrupt,
) -> Option<Input> {
    let name = shown(target);
    let source = match target {
        Target::Stdin => Ok(Source::stdin()),
        Target::Given(path) | Target::Met(path) => Source::open(path),
        Target::Unlisted(_, reason) => return Some(Input::unreadable(name, reason.clone())),
    };
    let source = match source {
        Ok(source) => source,
        Err(error) => return Some(Input::unreadable(name, format!("cannot be opened: {error}"))),
    };
    let progress = Arc::new(Progress::default());
    interrupt.watch_over(&progress);
    let display = (!quiet).then(|| Display::start(name.clone(), Arc::clone(&progress)));
    // A panic must never end in a good verdict, nor take the other inputs with it.
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        xenspect_scan::scan(source, options, &progress)
            .map(|catalog| xenspect_rules::input(name.clone(), &catalog))
    }));
    drop(display);
    match outcome {
        Ok(Ok(input)) => Some(input),
        Ok(Err(error)) => match target {
            Target::Met(path) if !is_of_interest(path, &error) => None,
            _ => Some(Input::unreadable(name, error.to_string())),
        },
        Err(_) => {
            let reason = "xenspect failed inside; this is a defect of the program, please report it";
            Some(Input::unreadable(name, reason.to_owned()))
        }
    }
}

/// Whether an unreadable file below a directory is worth a line in the report.
fn is_of_interest(path: &Path, error: &Error) -> bool {
    matches!(error, Error::Io(_) | Error::BrokenAtOnce { .. } | Error::Interrupted)
        || is_named_like_a_backup(path)
}

fn shown(target: &Target) -> String {
    match target {
        Target::Stdin => "-".to_owned(),
        Target::Given(path) | Target::Met(path) | Target::Unlisted(path, _) => {
            path.to_string_lossy().into_owned()
        }
    }
}

fn tell_skipped(skipped: &[String]) {
    const NAMED: usize = 3;
    if skipped.is_empty() {
        return;
    }
    let escape = |name: &String| xenspect_report::text::escape(name, false);
    let named: Vec<_> = skipped.iter().take(NAMED).map(escape).collect();
    let more = if skipped.len() > NAMED { ", ..." } else { "" };
    let files = if skipped.len() == 1 { "file that is" } else { "files that are" };
    say(format_args!("passed over {} {files} no backup: {}{more}", skipped.len(), named.join(", ")));
}

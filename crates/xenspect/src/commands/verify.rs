//! `xenspect verify`: scan each input, judge it, show one report.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
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
        let below: Vec<_> = command
            .inputs
            .iter()
            .map(|path| path.to_string_lossy())
            .collect();
        let below = xenspect_report::text::escape(&below.join(", "), false);
        say(format_args!("no backup was found below {below}"));
    }
    let tool = Tool {
        name: env!("CARGO_PKG_NAME").to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    };
    let report = Report {
        schema: SCHEMA,
        tool,
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
    let name = shown(target);
    let source = match target {
        Target::Stdin => Ok(Source::stdin()),
        Target::Given(path) | Target::Met(path) => Source::open(path),
        Target::Unlisted(_, reason) => return Some(Input::unreadable(name, reason.clone())),
        Target::Other(_) => return None,
    };
    let source = match source {
        Ok(source) => source,
        Err(error) => {
            return Some(Input::unreadable(
                name,
                format!("cannot be opened: {error}"),
            ));
        }
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
            let reason =
                "xenspect failed inside; this is a defect of the program, please report it";
            Some(Input::unreadable(name, reason.to_owned()))
        }
    }
}

/// Whether an unreadable file below a directory is worth a line in the report.
fn is_of_interest(path: &Path, error: &Error) -> bool {
    matches!(
        error,
        Error::Io(_) | Error::BrokenAtOnce { .. } | Error::Interrupted
    ) || is_named_like_a_backup(path)
}

fn shown(target: &Target) -> String {
    target.path().map_or_else(
        || "-".to_owned(),
        |path| path.to_string_lossy().into_owned(),
    )
}

/// What was passed over below directories.
#[derive(Default)]
struct Skipped {
    /// Files that are no backups.
    files: Vec<PathBuf>,
    /// Links, FIFOs and devices.
    others: Vec<PathBuf>,
}

impl Skipped {
    fn tell(&self) {
        if !self.files.is_empty() {
            say(format_args!(
                "passed over, being no backups: {}",
                named(&self.files)
            ));
        }
        if !self.others.is_empty() {
            say(format_args!(
                "passed over, being links or no files: {}",
                named(&self.others)
            ));
        }
    }
}

/// The number of paths, and the first ones.
fn named(paths: &[PathBuf]) -> String {
    const NAMED: usize = 3;
    let escape = |path: &PathBuf| xenspect_report::text::escape(&path.to_string_lossy(), false);
    let first: Vec<_> = paths.iter().take(NAMED).map(escape).collect();
    let more = if paths.len() > NAMED { ", ..." } else { "" };
    format!("{} ({}{more})", paths.len(), first.join(", "))
}

//! `xenspect verify`: each input of the plan verified, one report of all.

use std::num::NonZeroUsize;
use std::path::Path;
use std::time::Duration;

use xenspect_model::report::{Input, Report, SCHEMA, by_path};
use xenspect_report::{human, json};
use xenspect_scan::{Depth, Options};
use xenspect_state::{SETTLE, Timestamp};
use xenspect_store::shard::Sample;

use super::each::Run;
use crate::args::{self, Format, Verify};
use crate::exit::Exit;
use crate::host_files;
use crate::inputs::Target;
use crate::interrupt::Interrupt;
use crate::messages::say;
use crate::output::{self, tool};
use crate::plan::{Choice, Plan};
use crate::seals::Seals;
use crate::skipped::nothing_found;
use crate::state::{self, Session};
use crate::verification::ledger::{self, Ledger};
use crate::verification::{Verification, Verified};

/// Verifies the inputs and says how it went.
pub(crate) fn run(command: &Verify) -> Exit {
    match verify(command) {
        Ok(exit) => exit,
        Err(words) => {
            say(words);
            Exit::Failed
        }
    }
}

fn verify(command: &Verify) -> Result<Exit, String> {
    fit_together(command)?;
    let seals = Seals::new(command.seal.clone(), command.verify_key.clone())?;
    let interrupt = Interrupt::watch();
    let choice = Choice {
        recursive: command.recursive,
        shard: command.shard,
        alone: command.alone,
    };
    let mut plan = Plan::of(&command.inputs, &choice);
    let session = session(command)?;
    if !command.quiet {
        let resumed = session.resumed(plan.inputs.len());
        for remark in resumed.into_iter().chain(plan.remarks.drain(..)) {
            say(output::escaped(&remark));
        }
    }
    let jobs = jobs(command);
    let verification = Verification {
        command,
        options: options(command, jobs),
        interrupt: &interrupt,
        seals,
        ledger: Ledger::new(session),
    };
    let run = Run {
        interrupt: &interrupt,
        quiet: command.quiet,
        jobs,
    };
    let targets: Vec<&Target> = plan.inputs.iter().map(|planned| &planned.target).collect();
    let done = run.targets(
        &targets,
        |index, name, board| {
            let verified = verification.one(&plan, index, name, board)?;
            Ok((plan.root_of(index), verified))
        },
        |index, name, failure| {
            let input = Input::unreadable(name, failure.to_string());
            (plan.root_of(index), Verified::Input(Box::new(input), None))
        },
    );
    let interrupted = done.exit == Exit::Interrupted;
    let kept = match interrupted {
        true => Ok(()),
        false => verification.ledger.finish(),
    };
    let report = report(&plan, done.results);
    // Before any renderer runs, so that none can change it.
    let exit = Exit::of(&report, command.fail_on.into(), interrupted);
    if report.inputs.is_empty() && report.left.is_empty() && !interrupted && command.shard.is_none()
    {
        nothing_found(&command.inputs);
    }
    let exit = match report.inputs.is_empty() && !interrupted {
        // A part of a store may be empty, and all of it may have been verified lately.
        true if command.shard.is_some() || !report.left.is_empty() => Exit::Good,
        _ => exit,
    };
    let exit = match kept {
        Ok(()) => exit,
        Err(words) => {
            say(words);
            exit.max(Exit::Failed)
        }
    };
    Ok(output::report(exit, |mut out| match command.format {
        Format::Human => human::write(
            &report,
            &output::style(command.color, command.verbose),
            &mut out,
        ),
        Format::Json => json::write(&report, &mut out),
    }))
}

/// What clap cannot tell of the arguments.
fn fit_together(command: &Verify) -> Result<(), String> {
    for (given, option) in [
        (command.tee.is_some(), "--tee"),
        (command.against.is_some(), "--against"),
        (command.seal.is_some(), "--seal"),
    ] {
        if given && (command.inputs.len() > 1 || command.recursive) {
            return Err(format!("{option} is about one input"));
        }
    }
    if command.against.is_some() && command.depth != args::Depth::Full {
        return Err("--against reads all of both copies, so it goes with --depth full".to_owned());
    }
    Ok(())
}

/// What is known of earlier runs.
fn session(command: &Verify) -> Result<Session, String> {
    let sample = command.sample.map(Sample::of);
    let options = [
        ("recursive", command.recursive.to_string()),
        ("depth", format!("{:?}", command.depth)),
        ("alone", command.alone.to_string()),
        (
            "shard",
            command
                .shard
                .map(|shard| shard.to_string())
                .unwrap_or_default(),
        ),
        ("seal", shown(command.seal.as_deref())),
        ("verify-key", shown(command.verify_key.as_deref())),
    ];
    let identity = state::identity(&command.inputs, options, sample);
    // Without a state there may be no next run, so that two looks have to do.
    let settle = match command.state {
        Some(_) => SETTLE,
        None => Duration::ZERO,
    };
    let wish = state::Wish {
        file: command.state.clone(),
        resume: !command.no_resume,
        within: command.skip_verified_within,
        settle: command.settle.unwrap_or(settle),
    };
    Session::begin(&wish, &identity, sample, Timestamp::now())
        .map_err(|error| ledger::words(&error))
}

fn shown(path: Option<&Path>) -> String {
    path.map_or_else(String::new, |path| path.to_string_lossy().into_owned())
}

/// The report: inputs as they were given, what belongs to a folder in between, in the order of its names.
fn report(plan: &Plan, verified: Vec<(usize, Verified)>) -> Report {
    let mut inputs: Vec<Vec<Input>> = plan.roots.iter().map(|_| Vec::new()).collect();
    let mut left = Vec::new();
    for (root, verified) in verified {
        match (verified, inputs.get_mut(root)) {
            (Verified::Left(it), _) => left.push(it),
            (Verified::Input(input, other), Some(inputs)) => {
                inputs.push(*input);
                inputs.extend(other.map(|other| *other));
            }
            (Verified::Input(..), None) => {}
        }
    }
    for (root, extra) in &plan.extra {
        if let Some(inputs) = inputs.get_mut(*root) {
            inputs.push(extra.clone());
        }
    }
    for (inputs, root) in inputs.iter_mut().zip(&plan.roots) {
        if root.folder().is_some() {
            inputs.sort_by(|a, b| by_path(&a.path, &b.path));
        }
    }
    Report {
        schema: SCHEMA,
        tool: tool(),
        inputs: inputs.into_iter().flatten().collect(),
        left,
    }
}

/// How many inputs are read at a time. More of them than there are disks in a store make it slower, so that many are not taken
/// without being asked for.
fn jobs(command: &Verify) -> NonZeroUsize {
    const AT_MOST: usize = 4;
    command.jobs.unwrap_or_else(|| {
        let several = command.recursive || command.inputs.len() > 1;
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        let jobs = if several { processors.min(AT_MOST) } else { 1 };
        NonZeroUsize::new(jobs).unwrap_or(NonZeroUsize::MIN)
    })
}

fn options(command: &Verify, jobs: NonZeroUsize) -> Options {
    let mut options = host_files::options();
    if let Some(threads) = command.threads {
        options.threads = threads.get();
    }
    // The threads are shared among the inputs that are read at a time.
    options.threads = options.threads.div_ceil(jobs.get());
    options.depth = match command.depth {
        args::Depth::Headers => Depth::Headers,
        args::Depth::Full => Depth::Full,
    };
    options
}

//! `xenspect verify`: each input of the plan verified, and reported as soon as those in front of it are.

use std::collections::VecDeque;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use xenspect_model::Severity;
use xenspect_model::report::{Input, Left, by_path};
use xenspect_scan::{Depth, Options};
use xenspect_state::{SETTLE, Timestamp};
use xenspect_store::shard::Sample;

use super::each::Run;
use crate::args::{self, Verify};
use crate::exit::Exit;
use crate::host_files;
use crate::inputs::Target;
use crate::interrupt::Interrupt;
use crate::messages::say;
use crate::output;
use crate::plan::{Choice, Plan};
use crate::policy::{InForce, Judge, Reach};
use crate::reading::Means;
use crate::reports::{self, Others, Reports, WRITE_BASELINE, check_baseline};
use crate::seals::Seals;
use crate::skipped::nothing_found;
use crate::state::{self, Session};
use crate::verification::ledger::{self, Ledger};
use crate::verification::{Verification, Verified};

/// Verifies the inputs and says how it went.
pub(crate) fn run(command: &Verify) -> ExitCode {
    let status =
        verify(command).unwrap_or_else(|words| reports::none(command.forms.format, &words));
    status.into()
}

/// Returns the status that the shell is to see.
fn verify(command: &Verify) -> Result<u8, String> {
    fit_together(command)?;
    let seals = Seals::new(command.seal.clone(), command.verify_key.clone())?;
    let in_force = InForce::of(&command.policy, command.fail_on, command.quiet)?;
    let interrupt = Interrupt::watch();
    let choice = Choice {
        recursive: command.recursive,
        shard: command.shard,
        alone: command.alone,
    };
    let mut plan = Plan::of(&command.inputs, &choice);
    let others = others(command, &plan);
    if let Some(path) = &command.policy.write_baseline {
        check_baseline(path, command.policy.baseline.as_deref(), &others)?;
    }
    let (color, verbose) = (command.color, command.verbose);
    let reports = Reports::begin(&command.forms, color, verbose, output::tool(), &others)?;
    drop(others);
    let (session, unusable) = session(command)?;
    if let Some(words) = &unusable {
        // It is told again at the end, which may be tomorrow.
        say(format_args!(
            "{words}. The run goes on without it: nothing is left out for what is known, and nothing is kept"
        ));
    }
    if !command.quiet {
        let resumed = session.resumed(plan.inputs.len());
        for remark in resumed.into_iter().chain(plan.remarks.drain(..)) {
            say(output::escaped(&remark));
        }
    }
    let jobs = jobs(command);
    let means = Means::of(&interrupt, &command.reading);
    let verification = Verification {
        command,
        options: options(command, &means, jobs),
        means,
        seals,
        ledger: match unusable {
            None => Ledger::new(session),
            Some(words) => Ledger::without_state(session, words),
        },
        in_force: &in_force,
    };
    let run = Run {
        interrupt: &interrupt,
        quiet: command.quiet,
        jobs,
    };
    let targets: Vec<&Target> = plan.inputs.iter().map(|planned| &planned.target).collect();
    let mut flow = Flow {
        extra: extra(&plan),
        tally: Tally::default(),
        fail_on: in_force.fail_on(),
        judge: in_force.judge(&plan),
        reports,
    };
    let done = run.in_order(
        &targets,
        |index, name, board| {
            let verified = verification.one(&plan, index, name, board)?;
            Ok((plan.root_of(index), verified))
        },
        |index, name, failure| {
            let input = Input::unreadable(name, failure.to_string());
            (plan.root_of(index), Verified::Input(Box::new(input), None))
        },
        |(root, verified), board| match flow.reports.shows_at_once() {
            true => board.aside(|| flow.take(&plan, root, verified)),
            false => flow.take(&plan, root, verified),
        },
    );
    let interrupted = done == Exit::Interrupted;
    let kept = match interrupted {
        true => Ok(()),
        false => verification.ledger.finish(),
    };
    flow.rest(&plan);
    let nothing = flow.tally.inputs == 0;
    if nothing && flow.tally.left.is_empty() && !interrupted && command.shard.is_none() {
        nothing_found(&command.inputs);
    }
    let reach = match command.shard {
        _ if interrupted => Reach::Interrupted,
        Some(_) => Reach::Shard,
        None => Reach::Whole,
    };
    // Before any report is ended, so that none can change it.
    let without = flow.tally.exit(interrupted, command.shard.is_some());
    let Flow {
        mut tally,
        fail_on,
        judge,
        mut reports,
        ..
    } = flow;
    let mut judged = judge.end(reach, &tally.left);
    if let Some(lacking) = judged.lacking.take() {
        tally.add(&lacking, fail_on);
        reports.input(lacking);
    }
    let mut exit = tally.exit(interrupted, command.shard.is_some());
    if nothing {
        // That something is missing, too, does not make it a run.
        exit = exit.max(without);
    }
    let applied = judged.applied.take();
    let targets = plan.inputs.iter().filter_map(|input| input.target.path());
    for written in [kept, judged.write_baseline(&in_force, targets)] {
        if let Err(words) = written {
            say(words);
            exit = exit.max(Exit::Failed);
        }
    }
    let ending = reports::ending(exit, fail_on);
    Ok(reports.end(tally.left, applied, &ending, exit))
}

/// What inputs go through when they are done, in the order of the plan.
struct Flow<'a> {
    /// What is wrong in folders and concerns no input, with the index of the folder; in the order of the report.
    extra: VecDeque<(usize, Input)>,
    tally: Tally,
    fail_on: Severity,
    judge: Judge<'a>,
    reports: Reports<'a>,
}

/// What the exit status is computed from.
#[derive(Default)]
struct Tally {
    inputs: u64,
    /// The worst of the inputs.
    worst: Option<Exit>,
    left: Vec<Left>,
}

impl Flow<'_> {
    /// Takes what came of an input below a root.
    fn take(&mut self, plan: &Plan, root: usize, verified: Verified) {
        match verified {
            Verified::Left(mut left) => {
                left.below = plan.path_below(root, Path::new(&left.path));
                self.tally.left.push(left);
            }
            Verified::Input(input, other) => {
                self.extra_before(plan, root, &input.path);
                self.done(plan, root, *input);
                if let Some(other) = other {
                    self.done(plan, root, *other);
                }
            }
        }
    }

    /// What the report has in front of an input.
    fn extra_before(&mut self, plan: &Plan, root: usize, path: &str) {
        let is_folder = |root: usize| {
            let root = plan.roots.get(root);
            root.is_some_and(|root| root.folder().is_some())
        };
        let is_before = |(of, extra): &(usize, Input)| {
            *of < root || *of == root && is_folder(root) && by_path(&extra.path, path).is_lt()
        };
        while self.extra.front().is_some_and(is_before) {
            if let Some((root, extra)) = self.extra.pop_front() {
                self.done(plan, root, extra);
            }
        }
    }

    /// What no input stands behind.
    fn rest(&mut self, plan: &Plan) {
        for (root, extra) in std::mem::take(&mut self.extra) {
            self.done(plan, root, extra);
        }
    }

    /// An input with all that is to be said of it: has it judged by the policy, counts it, and gives it to the reports.
    fn done(&mut self, plan: &Plan, root: usize, mut input: Input) {
        input.below = plan.path_below(root, Path::new(&input.path));
        self.judge.input(&mut input);
        self.tally.add(&input, self.fail_on);
        self.reports.input(input);
    }
}

impl Tally {
    fn add(&mut self, input: &Input, fail_on: Severity) {
        self.inputs += 1;
        self.worst = self.worst.max(Some(Exit::of_input(input, fail_on)));
    }

    fn exit(&self, interrupted: bool, in_shards: bool) -> Exit {
        match self.worst {
            _ if interrupted => Exit::Interrupted,
            Some(worst) => worst,
            // A part of a store may be empty, and all of it may have been verified lately.
            None if in_shards || !self.left.is_empty() => Exit::Good,
            None => Exit::Failed,
        }
    }
}

/// What is wrong in folders and concerns no input, in the order of the report.
fn extra(plan: &Plan) -> VecDeque<(usize, Input)> {
    let mut extra: Vec<(usize, Input)> = plan.extra.clone();
    extra.sort_by(|(one, a), (other, b)| one.cmp(other).then_with(|| by_path(&a.path, &b.path)));
    extra.into()
}

/// The files of this run that no report may be written over.
fn others<'a>(command: &'a Verify, plan: &'a Plan) -> Others<'a> {
    let mut others = Others::default();
    for planned in &plan.inputs {
        match &planned.target {
            Target::Met(path) => others.met.push(path),
            Target::Given(path) | Target::Data(path) => others.read.push(path),
            Target::Stdin | Target::Other(_) | Target::Unlisted(..) => {}
        }
    }
    let read = [
        &command.seal,
        &command.verify_key,
        &command.against,
        &command.policy.policy,
        &command.policy.baseline,
    ];
    others
        .read
        .extend(read.into_iter().flatten().map(PathBuf::as_path));
    for (option, path) in [
        ("--tee", &command.tee),
        ("--state", &command.state),
        (WRITE_BASELINE, &command.policy.write_baseline),
    ] {
        if let Some(path) = path {
            others.written.push((option, path));
        }
    }
    others
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

/// What is known of earlier runs; and why nothing is, where the state file cannot be used. A file that fails takes no verification
/// with it.
fn session(command: &Verify) -> Result<(Session, Option<String>), String> {
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
    let begin = |wish: &state::Wish| {
        let begun = Session::begin(wish, &identity, sample, Timestamp::now());
        begun.map_err(|error| ledger::words(&error))
    };
    begin(&wish)
        .map(|session| (session, None))
        .or_else(|words| {
            let without = state::Wish { file: None, ..wish };
            begin(&without).map(|session| (session, Some(words)))
        })
}

fn shown(path: Option<&Path>) -> String {
    path.map_or_else(String::new, |path| path.to_string_lossy().into_owned())
}

/// How many inputs are read at a time. More of them than there are disks in a store make it slower, so that many are not taken
/// without being asked for.
fn jobs(command: &Verify) -> NonZeroUsize {
    const AT_MOST: usize = 4;
    command.jobs.unwrap_or_else(|| {
        let several = command.recursive || command.inputs.len() > 1;
        // Asking for the processors reads several files.
        let processors = || std::thread::available_parallelism().map_or(1, usize::from);
        let jobs = if several {
            processors().min(AT_MOST)
        } else {
            1
        };
        NonZeroUsize::new(jobs).unwrap_or(NonZeroUsize::MIN)
    })
}

fn options(command: &Verify, means: &Means<'_>, jobs: NonZeroUsize) -> Options {
    let mut options = means.options(host_files::options());
    // The threads are shared among the inputs that are read at a time.
    options.threads = options.threads.div_ceil(jobs.get());
    options.depth = match command.depth {
        args::Depth::Headers => Depth::Headers,
        args::Depth::Full => Depth::Full,
    };
    options
}

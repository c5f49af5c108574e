//! The same done with each of several inputs, several at a time, and what is said of those that came to nothing.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use xenspect_scan::{Error, Progress, Source};

use crate::exit::Exit;
use crate::inputs::{Target, expand};
use crate::interrupt::Interrupt;
use crate::progress::Board;
use crate::reading::{self, Failure, is_of_interest};
use crate::skipped::{Skipped, nothing_found};

/// What came of several inputs.
pub(crate) struct Done<T> {
    /// One for each input that is a backup, or should be one.
    pub(crate) results: Vec<T>,
    /// How it went so far: good, failed, or interrupted.
    pub(crate) exit: Exit,
}

/// Does something with each input, one after the other. `failed` says what stands for one that cannot be read.
pub(crate) fn input<T: Send>(
    inputs: &[PathBuf],
    recursive: bool,
    quiet: bool,
    job: impl Fn(&str, Source, &Progress) -> Result<T, Error> + Sync,
    failed: impl Fn(String, &Failure) -> T + Sync,
) -> Done<T> {
    let interrupt = Interrupt::watch();
    let run = Run {
        interrupt: &interrupt,
        quiet,
        jobs: NonZeroUsize::MIN,
    };
    let targets = expand(inputs, recursive);
    let targets: Vec<&Target> = targets.iter().collect();
    let done = run.targets(
        &targets,
        |index, name, board| {
            let target = targets.get(index).ok_or(Failure::Defect)?;
            reading::read_on(board, target, &interrupt, |source, progress| {
                job(name, source, progress)
            })
        },
        |_, name, failure| failed(name, failure),
    );
    if done.results.is_empty() && done.exit != Exit::Interrupted {
        nothing_found(inputs);
        return Done {
            exit: Exit::Failed,
            ..done
        };
    }
    done
}

/// How a run goes through its inputs.
pub(crate) struct Run<'a> {
    /// What stops it.
    pub(crate) interrupt: &'a Interrupt,
    /// Whether nothing is said but the report.
    pub(crate) quiet: bool,
    /// How many inputs are read at a time.
    pub(crate) jobs: NonZeroUsize,
}

/// What came of one input.
enum Outcome<T> {
    Result(T),
    Failed(T),
    /// It is no backup, nor named like one.
    NoBackup(PathBuf),
    /// It is no file.
    Other(PathBuf),
}

impl Run<'_> {
    /// Does something with each target, given by its index and its name, `jobs` of them at a time; results are in the order of the
    /// targets.
    pub(crate) fn targets<T: Send>(
        &self,
        targets: &[&Target],
        job: impl Fn(usize, &str, &Board) -> Result<T, Failure> + Sync,
        failed: impl Fn(usize, String, &Failure) -> T + Sync,
    ) -> Done<T> {
        let board = Board::new(self.quiet, targets.len());
        let outcomes: Vec<Mutex<Option<Outcome<T>>>> =
            targets.iter().map(|_| Mutex::new(None)).collect();
        let next = AtomicUsize::new(0);
        let work = || {
            while !self.interrupt.is_raised() {
                let index = next.fetch_add(1, Ordering::Relaxed);
                let (Some(target), Some(slot)) = (targets.get(index), outcomes.get(index)) else {
                    break;
                };
                let outcome = one(
                    target,
                    |name| job(index, name, &board),
                    |name, failure| failed(index, name, failure),
                );
                board.done();
                if let Ok(mut slot) = slot.lock() {
                    *slot = Some(outcome);
                }
            }
        };
        thread::scope(|scope| {
            let jobs = self.jobs.get().min(targets.len());
            for _ in 1..jobs {
                scope.spawn(work);
            }
            work();
        });
        drop(board);
        let outcomes = outcomes
            .into_iter()
            .filter_map(|slot| slot.into_inner().ok().flatten());
        self.gather(outcomes)
    }

    fn gather<T>(&self, outcomes: impl Iterator<Item = Outcome<T>>) -> Done<T> {
        let mut skipped = Skipped::default();
        let mut results = Vec::new();
        let mut exit = Exit::Good;
        for outcome in outcomes {
            match outcome {
                Outcome::Result(result) => results.push(result),
                Outcome::Failed(result) => {
                    exit = exit.max(Exit::Failed);
                    results.push(result);
                }
                Outcome::NoBackup(path) => skipped.files.push(path),
                Outcome::Other(path) => skipped.others.push(path),
            }
        }
        if !self.quiet {
            skipped.tell();
        }
        if self.interrupt.is_raised() {
            exit = Exit::Interrupted;
        }
        Done { results, exit }
    }
}

fn one<T>(
    target: &Target,
    job: impl Fn(&str) -> Result<T, Failure>,
    failed: impl Fn(String, &Failure) -> T,
) -> Outcome<T> {
    if let Target::Other(path) = target {
        return Outcome::Other(path.clone());
    }
    let name = reading::name(target);
    match (job(&name), target) {
        (Ok(result), _) => Outcome::Result(result),
        (Err(failure), Target::Met(path)) if !is_of_interest(path, &failure) => {
            Outcome::NoBackup(path.clone())
        }
        (Err(failure), _) => Outcome::Failed(failed(name, &failure)),
    }
}

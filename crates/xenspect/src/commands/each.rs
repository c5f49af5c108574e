//! The same done with each of several inputs, several at a time, and what is said of those that came to nothing.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use xenspect_scan::{Error, Progress, Source};

use crate::args::Care;
use crate::exit::Exit;
use crate::inputs::{Target, expand};
use crate::interrupt::Interrupt;
use crate::progress::Board;
use crate::reading::{self, Failure, Means, is_of_interest};
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
    (quiet, care): (bool, Care),
    job: impl Fn(&str, Source, &Progress) -> Result<T, Error> + Sync,
    failed: impl Fn(String, &Failure) -> T + Sync,
) -> Done<T> {
    let interrupt = Interrupt::watch();
    let means = Means::with_care(&interrupt, care);
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
            reading::read_on(board, target, &means, |source, progress| {
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
        let mut results = Vec::new();
        let exit = self.in_order(targets, job, failed, |result, _| results.push(result));
        Done { results, exit }
    }

    /// The same, and hands each result on as soon as those in front of it are done. Returns how it went so far: good, failed, or
    /// interrupted.
    pub(crate) fn in_order<T: Send>(
        &self,
        targets: &[&Target],
        job: impl Fn(usize, &str, &Board) -> Result<T, Failure> + Sync,
        failed: impl Fn(usize, String, &Failure) -> T + Sync,
        take: impl FnMut(T, &Board) + Send,
    ) -> Exit {
        let board = Board::new(self.quiet, targets.len());
        let line = Mutex::new(Line {
            next: 0,
            early: BTreeMap::new(),
            skipped: Skipped::default(),
            exit: Exit::Good,
            take,
        });
        let next = AtomicUsize::new(0);
        let work = || {
            while !self.interrupt.is_raised() {
                let index = next.fetch_add(1, Ordering::Relaxed);
                let Some(target) = targets.get(index) else {
                    break;
                };
                let outcome = one(
                    target,
                    |name| job(index, name, &board),
                    |name, failure| failed(index, name, failure),
                );
                board.done();
                let mut line = line.lock().unwrap_or_else(PoisonError::into_inner);
                line.add(index, outcome, &board);
            }
        };
        thread::scope(|scope| {
            let jobs = self.jobs.get().min(targets.len());
            for _ in 1..jobs {
                // Where the system has no thread for it, those that there are do the work; this one is there.
                if thread::Builder::new().spawn_scoped(scope, work).is_err() {
                    break;
                }
            }
            work();
        });
        drop(board);
        let line = line.into_inner().unwrap_or_else(PoisonError::into_inner);
        if !self.quiet {
            line.skipped.tell();
        }
        match self.interrupt.is_raised() {
            true => Exit::Interrupted,
            false => line.exit,
        }
    }
}

/// Outcomes on their way. Those that are done early wait for the ones in front of them; as indices are given out in their order,
/// there is none that never comes.
struct Line<T, F> {
    /// The index whose turn it is.
    next: usize,
    early: BTreeMap<usize, Outcome<T>>,
    skipped: Skipped,
    exit: Exit,
    take: F,
}

impl<T, F: FnMut(T, &Board)> Line<T, F> {
    fn add(&mut self, index: usize, outcome: Outcome<T>, board: &Board) {
        self.early.insert(index, outcome);
        while let Some(outcome) = self.early.remove(&self.next) {
            self.next += 1;
            match outcome {
                Outcome::Result(result) => (self.take)(result, board),
                Outcome::Failed(result) => {
                    self.exit = self.exit.max(Exit::Failed);
                    (self.take)(result, board);
                }
                Outcome::NoBackup(path) => self.skipped.files.push(path),
                Outcome::Other(path) => self.skipped.others.push(path),
            }
        }
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
    // A panic must never end in a good verdict, nor take the other inputs with it.
    let done = catch_unwind(AssertUnwindSafe(|| job(&name))).unwrap_or(Err(Failure::Defect));
    match (done, target) {
        (Ok(result), _) => Outcome::Result(result),
        (Err(failure), Target::Met(path)) if !is_of_interest(path, &failure) => {
            Outcome::NoBackup(path.clone())
        }
        (Err(failure), _) => Outcome::Failed(failed(name, &failure)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_makes_one_input_unreadable_and_keeps_the_others() {
        let targets: Vec<Target> = ["a", "b", "c"]
            .map(|name| Target::Given(name.into()))
            .into();
        let targets: Vec<&Target> = targets.iter().collect();
        for jobs in [1, 2] {
            let run = Run {
                interrupt: &Interrupt::default(),
                quiet: true,
                jobs: NonZeroUsize::new(jobs).unwrap(),
            };
            let done = run.targets(
                &targets,
                |index, name, _| match index {
                    1 => panic!("a defect"),
                    _ => Ok(name.to_owned()),
                },
                |_, name, failure| format!("{name}: {failure}"),
            );
            assert_eq!(done.exit, Exit::Failed);
            assert_eq!(done.results[0], "a");
            assert_eq!(done.results[1], format!("b: {}", Failure::Defect));
            assert_eq!(done.results[2], "c");
        }
    }
}

//! The same done with each of several inputs, and what is said of those that came to nothing.

use std::path::PathBuf;

use xenspect_scan::{Error, Progress, Source};

use crate::exit::Exit;
use crate::inputs::{Target, expand};
use crate::interrupt::Interrupt;
use crate::reading::{self, Failure, is_of_interest};
use crate::skipped::{Skipped, nothing_found};

/// What came of several inputs.
pub(crate) struct Done<T> {
    /// One for each input that is a backup, or should be one.
    pub(crate) results: Vec<T>,
    /// How it went so far: good, failed, or interrupted.
    pub(crate) exit: Exit,
}

/// Does something with each input. `failed` says what stands for one that cannot be read.
pub(crate) fn input<T>(
    inputs: &[PathBuf],
    recursive: bool,
    quiet: bool,
    mut job: impl FnMut(&str, Source, &Progress) -> Result<T, Error>,
    failed: impl Fn(String, &Failure) -> T,
) -> Done<T> {
    let interrupt = Interrupt::watch();
    let mut skipped = Skipped::default();
    let mut results = Vec::new();
    let mut exit = Exit::Good;
    for target in expand(inputs, recursive) {
        if interrupt.is_raised() {
            break;
        }
        if let Target::Other(path) = &target {
            skipped.others.push(path.clone());
            continue;
        }
        let name = reading::name(&target);
        let outcome = reading::read(&target, quiet, &interrupt, |source, progress| {
            job(&name, source, progress)
        });
        match (outcome, target) {
            (Ok(result), _) => results.push(result),
            (Err(failure), Target::Met(path)) if !is_of_interest(&path, &failure) => {
                skipped.files.push(path);
            }
            (Err(failure), _) => {
                exit = exit.max(Exit::Failed);
                results.push(failed(name, &failure));
            }
        }
    }
    if !quiet {
        skipped.tell();
    }
    if interrupt.is_raised() {
        exit = Exit::Interrupted;
    } else if results.is_empty() {
        nothing_found(inputs);
        exit = Exit::Failed;
    }
    Done { results, exit }
}

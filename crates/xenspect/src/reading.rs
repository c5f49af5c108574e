//! Doing something with an input: opening it, showing progress meanwhile, and catching what must
//! not happen. What is done is the commands' affair.

use std::fmt;
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

use xenspect_scan::{Care, Error, Options, Pace, Progress, Source};

use crate::args;
use crate::exit::Exit;
use crate::hints;
use crate::inputs::{Target, is_named_like_a_backup, is_named_like_a_database};
use crate::interrupt::Interrupt;
use crate::messages::say;
use crate::output::escaped;
use crate::progress::Board;
use crate::remote::{self, Manner};

/// Why nothing came of an input.
#[derive(Debug)]
pub(crate) enum Failure {
    /// It cannot be opened or listed; in words.
    NotOpened(String),
    /// It cannot be scanned.
    NotScanned(Error),
    /// What was to be written of it cannot be; in words.
    NotWritten(String),
    /// The program failed.
    Defect,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotOpened(words) | Self::NotWritten(words) => f.write_str(words),
            Self::NotScanned(error) => error.fmt(f),
            Self::Defect => f.write_str(
                "xenspect failed inside; this is a defect of the program, please report it",
            ),
        }
    }
}

/// How a run reads its inputs, and what stops it.
#[derive(Clone)]
pub(crate) struct Means<'a> {
    pub(crate) interrupt: &'a Interrupt,
    care: Care,
    reading: args::Reading,
}

impl<'a> Means<'a> {
    /// As by default.
    pub(crate) fn usual(interrupt: &'a Interrupt) -> Self {
        Self::of(interrupt, &args::Reading::default())
    }

    /// As the options of a command that hashes blocks have it.
    pub(crate) fn of(interrupt: &'a Interrupt, reading: &args::Reading) -> Self {
        let args::Care {
            io_limit,
            no_cache_pollution,
            zstd_window: _,
        } = reading.care;
        Self {
            interrupt,
            care: Care {
                mapped: reading.mmap,
                tidy: no_cache_pollution,
                // One for all that is read.
                pace: io_limit.map(|rate| Arc::new(Pace::new(rate, interrupt.flag()))),
            },
            reading: *reading,
        }
    }

    /// As the options of another command have it.
    pub(crate) fn with_care(interrupt: &'a Interrupt, care: args::Care) -> Self {
        let reading = args::Reading {
            care,
            ..args::Reading::default()
        };
        Self::of(interrupt, &reading)
    }

    /// Whether an input is done before anything would be shown of it, so that nobody has to look at a clock meanwhile.
    pub(crate) fn is_quick(&self, source: &Source) -> bool {
        const SMALL: u64 = 8 << 20;
        self.care.pace.is_none() && source.size().is_some_and(|size| size <= SMALL)
    }

    /// Scans so that what was asked for is done.
    pub(crate) fn options(&self, options: Options) -> Options {
        let threads = self.reading.threads.threads;
        Options {
            threads: threads.map_or(options.threads, NonZeroUsize::get),
            ..within(options, self.reading.care)
        }
    }
}

/// Scans within the limits that were asked for.
pub(crate) fn within(mut options: Options, care: args::Care) -> Options {
    if let Some(log) = care.zstd_window {
        options.limits.zstd_window_log = log;
    }
    options
}

/// The path of an input, as remarks and reports show it; `-` for standard input.
pub(crate) fn name(target: &Target) -> String {
    target.path().map_or_else(
        || "-".to_owned(),
        |path| match remote::is_url(path) {
            true => remote::shown(path),
            false => path.to_string_lossy().into_owned(),
        },
    )
}

/// Whether standard input is among the inputs more than once, which is said then.
pub(crate) fn is_piped_twice<'a>(paths: impl Iterator<Item = &'a Path>) -> bool {
    let twice = paths.filter(|path| path.as_os_str() == "-").count() > 1;
    if twice {
        say("standard input can be one of the inputs only");
    }
    twice
}

/// How a command ends that needs all of its inputs; of one that failed it is said why.
pub(crate) fn ended<P: AsRef<Path>>(
    done: Result<Exit, (P, Failure)>,
    interrupt: &Interrupt,
) -> Exit {
    match done {
        _ if interrupt.is_raised() => Exit::Interrupted,
        Ok(exit) => exit,
        Err((path, failure)) => {
            let path = path.as_ref().to_string_lossy();
            say(format_args!("{}: {failure}", escaped(&path)));
            Exit::Failed
        }
    }
}

/// Opens an input and does something with it.
pub(crate) fn read<T>(
    target: &Target,
    quiet: bool,
    means: &Means<'_>,
    job: impl FnOnce(Source, &Progress) -> Result<T, Error>,
) -> Result<T, Failure> {
    read_on(&Board::new(quiet, 1), target, means, job)
}

/// The same among several inputs, which share one board.
pub(crate) fn read_on<T>(
    board: &Board,
    target: &Target,
    means: &Means<'_>,
    job: impl FnOnce(Source, &Progress) -> Result<T, Error>,
) -> Result<T, Failure> {
    let source = open(target, Manner::Random, means)?;
    let quick = means.is_quick(&source);
    watched_on(board, target, (means.interrupt, quick), |progress| {
        job(source, progress)
    })
}

/// Opens an input. Of an object the manner says which requests are made.
pub(crate) fn open(target: &Target, manner: Manner, means: &Means<'_>) -> Result<Source, Failure> {
    let care = &means.care;
    let opened = match target {
        Target::Stdin => Ok(Source::stdin().with_pace(care.pace.as_ref())),
        Target::Given(path) | Target::Met(path) | Target::Data(path) if remote::is_url(path) => {
            let opened = remote::open(path, manner);
            opened.map(|source| source.with_pace(care.pace.as_ref()))
        }
        Target::Given(path) | Target::Met(path) | Target::Data(path) => {
            Source::open_with(path, care).map_err(|error| hints::of_file(path, &error))
        }
        Target::Unlisted(_, reason) => return Err(Failure::NotOpened(reason.clone())),
        Target::Other(_) => return Err(Failure::NotOpened("is a link or no file".to_owned())),
    };
    opened.map_err(|reason| Failure::NotOpened(format!("cannot be opened: {reason}")))
}

/// Does something with an input that opens it by itself.
pub(crate) fn watched<T>(
    target: &Target,
    quiet: bool,
    interrupt: &Interrupt,
    job: impl FnOnce(&Progress) -> Result<T, Error>,
) -> Result<T, Failure> {
    watched_on(&Board::new(quiet, 1), target, (interrupt, false), job)
}

/// The same among several inputs, which share one board. Of a quick one no progress is shown.
pub(crate) fn watched_on<T>(
    board: &Board,
    target: &Target,
    (interrupt, quick): (&Interrupt, bool),
    job: impl FnOnce(&Progress) -> Result<T, Error>,
) -> Result<T, Failure> {
    let progress = Arc::new(Progress::default());
    let watch = interrupt.watch_over(&progress);
    // A panic must never end in a good verdict, nor take the other inputs with it.
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        let display = match quick {
            true => None,
            false => board.show(name(target), &progress),
        };
        let outcome = job(&progress);
        drop(display);
        outcome
    }));
    drop(watch);
    match outcome {
        Ok(outcome) => outcome.map_err(Failure::NotScanned),
        Err(_) => Err(Failure::Defect),
    }
}

/// Whether a file below a directory that came to nothing is worth a word.
pub(crate) fn is_of_interest(path: &Path, failure: &Failure) -> bool {
    match failure {
        Failure::NotScanned(error) => {
            matches!(
                error,
                Error::Io(_)
                    | Error::Unread(_)
                    | Error::BrokenAtOnce { .. }
                    | Error::BrokenInside { .. }
                    | Error::Interrupted
                    | Error::Database(_)
                    | Error::DocumentTooLarge { .. }
            ) || is_named_like_a_backup(path)
                || is_named_like_a_database(path) && !matches!(error, Error::Foreign { .. })
        }
        _ => true,
    }
}

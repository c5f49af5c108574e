//! `xenspect diff`: read the sides, compare them, show one report.

use std::path::{Path, PathBuf};

use xenspect_diff::{Series, Settings, Side, diff, is_comparable};
use xenspect_report::diff as shown;

use crate::args::{Diff, DiffFormat as Format};
use crate::compared::{Compared, Reading, order_by_date, read};
use crate::exit::Exit;
use crate::interrupt::Interrupt;
use crate::output::{self, escaped, tool};
use crate::reading::{Failure, Means, ended, is_piped_twice};

/// Compares two inputs, or several.
pub(crate) fn run(command: &Diff) -> Exit {
    let interrupt = Interrupt::watch();
    if is_piped_twice(command.inputs.iter().map(AsRef::as_ref)) {
        return Exit::Failed;
    }
    ended(compare(command, &interrupt), &interrupt)
}

type Done = Result<Exit, (PathBuf, Failure)>;

fn compare(command: &Diff, interrupt: &Interrupt) -> Done {
    let reading = Reading {
        quiet: command.quiet,
        read_blocks: command.read_blocks,
        means: Means::of(interrupt, &command.reading),
    };
    let open = |path: &Path| -> Result<Compared, (PathBuf, Failure)> {
        read(path, &reading).map_err(|failure| (path.to_owned(), failure))
    };
    let settings = Settings {
        all: command.all,
        ignore: command.ignore.clone(),
    };
    let mut inputs = command.inputs.clone();
    if command.by_date {
        order_by_date(&mut inputs, &reading)?;
    }
    match inputs.as_slice() {
        [old, new] => two(command, &open(old)?, &open(new)?, &settings),
        [first, rest @ ..] => series(command, open(first)?, rest, open, &settings),
        // The arguments do not let this happen.
        [] => Ok(Exit::Failed),
    }
}

/// Two inputs that have nothing in common are for nobody to compare.
fn common(old: &Side<'_>, new: &Side<'_>) -> Result<(), (PathBuf, Failure)> {
    if is_comparable(old, new) {
        return Ok(());
    }
    let reason = format!(
        "cannot be compared with {}: neither objects nor blocks nor files are in both",
        escaped(old.path)
    );
    Err((PathBuf::from(new.path), Failure::NotOpened(reason)))
}

fn two(command: &Diff, old: &Compared, new: &Compared, settings: &Settings) -> Done {
    let (old, new) = (old.side(), new.side());
    common(&old, &new)?;
    let report = diff(&tool(), &old, &new, settings);
    // Before any renderer runs, so that none can change it.
    let exit = exit(report.same);
    Ok(output::report(exit, |mut out| match command.format {
        Format::Human => {
            let style = output::style(command.color, command.verbose);
            shown::human::write(&report, &style, command.blocks, &mut out)
        }
        Format::Json => shown::json::write(&report, &mut out),
        Format::Markdown => shown::markdown::write(&report, command.blocks, &mut out),
        Format::Html => shown::html::write(&report, command.blocks, &mut out),
    }))
}

/// No more than two inputs are held at a time.
fn series(
    command: &Diff,
    first: Compared,
    rest: &[PathBuf],
    open: impl Fn(&Path) -> Result<Compared, (PathBuf, Failure)>,
    settings: &Settings,
) -> Done {
    let mut series = Series::new(&tool(), &first.side(), settings);
    let mut before = first;
    for path in rest {
        let next = open(path)?;
        common(&before.side(), &next.side())?;
        series.next(&before.side(), &next.side());
        before = next;
    }
    if command.verbose {
        series.add_unchanged(&before.side());
    }
    let report = series.finish();
    let exit = exit(report.same);
    Ok(output::report(exit, |mut out| match command.format {
        Format::Human => {
            let style = output::style(command.color, command.verbose);
            shown::human::write_series(&report, &style, &mut out)
        }
        Format::Json => shown::json::write_series(&report, &mut out),
        Format::Markdown => shown::markdown::write_series(&report, &mut out),
        Format::Html => shown::html::write_series(&report, &mut out),
    }))
}

fn exit(same: bool) -> Exit {
    if same { Exit::Good } else { Exit::Findings }
}

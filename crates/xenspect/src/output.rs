//! The report's way to standard output, and what the terminal there can show.

use std::io::{self, BufWriter, IsTerminal, Write};

use clap::ColorChoice;
use xenspect_model::catalog::{Dump, Facts};
use xenspect_model::report::Tool;
use xenspect_report::human::Style;

use crate::exit::Exit;
use crate::messages::say;

/// Columns where standard output is no terminal.
const PLAIN_WIDTH: usize = 80;
/// Wider lines are hard to read.
const MAX_WIDTH: usize = 120;

/// The program, as reports name it.
pub(crate) fn tool() -> Tool {
    Tool {
        name: env!("CARGO_PKG_NAME").to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    }
}

/// How to show a report on standard output.
pub(crate) fn style(color: ColorChoice, verbose: bool) -> Style {
    let width = terminal_size::terminal_size_of(io::stdout())
        .map(|(width, _)| usize::from(width.0))
        .or_else(columns)
        .map_or(PLAIN_WIDTH, |width| width.min(MAX_WIDTH));
    let color = match color {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        // Knows NO_COLOR, CLICOLOR and TERM.
        ColorChoice::Auto => {
            anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never
        }
    };
    Style {
        width,
        color,
        unicode: unicode(),
        verbose,
    }
}

/// The width that was asked for where there is no terminal to tell one.
fn columns() -> Option<usize> {
    let columns = std::env::var("COLUMNS").ok()?;
    columns.parse().ok().filter(|&columns| columns > 0)
}

/// Whether characters beyond ASCII can be shown. What is no terminal takes UTF-8.
pub(crate) fn unicode() -> bool {
    !io::stdout().is_terminal() || is_utf8_locale()
}

/// What the locale's variables say, in their order of precedence.
fn is_utf8_locale() -> bool {
    let set = |name| {
        std::env::var(name)
            .ok()
            .filter(|value: &String| !value.is_empty())
    };
    let locale = set("LC_ALL")
        .or_else(|| set("LC_CTYPE"))
        .or_else(|| set("LANG"));
    cfg!(windows)
        || locale.is_some_and(|locale| {
            let locale = locale.to_ascii_lowercase();
            locale.contains("utf-8") || locale.contains("utf8")
        })
}

/// Writes a report to standard output. `exit` is how the job itself went; a report that does not
/// get out makes it worse, and nothing else about one can change it.
pub(crate) fn report(exit: Exit, render: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Exit {
    let mut out = BufWriter::new(io::stdout().lock());
    match written(render(&mut out).and_then(|()| out.flush())) {
        Ok(()) => exit,
        Err(()) => exit.max(Exit::Failed),
    }
}

/// What became of writing to standard output. A reader that has gone away (`| head`) is no failure;
/// anything else is said.
pub(crate) fn written(result: io::Result<()>) -> Result<(), ()> {
    match result {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            say(format_args!("cannot write the report: {error}"));
            Err(())
        }
        _ => Ok(()),
    }
}

/// Text of an argument or an archive, for a remark.
pub(crate) fn escaped(text: &str) -> String {
    xenspect_report::text::escape(text, false)
}

/// Says that a pool database ends too early or is damaged, if it is so.
pub(crate) fn exit_of_dump(name: &str, dump: &Dump) -> Exit {
    if dump.database.is_complete() && !dump.interrupted {
        return exit_of_facts(name, &dump.facts);
    }
    say(format_args!(
        "{}: it ends too early, so this is not everything; `xenspect verify` tells more",
        escaped(name)
    ));
    Exit::Findings
}

/// Says that a document is damaged, if the storage or the compression tells of it.
pub(crate) fn exit_of_facts(name: &str, facts: &Facts) -> Exit {
    if !facts.tell_damage() {
        return Exit::Good;
    }
    say(format_args!(
        "{}: it is damaged, so what is shown may be wrong; `xenspect verify` tells more",
        escaped(name)
    ));
    Exit::Findings
}

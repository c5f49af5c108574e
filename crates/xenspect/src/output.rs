//! The report's way to standard output, and what the terminal there can show.

use std::io::{self, BufWriter, IsTerminal, Write};

use clap::ColorChoice;
use xenspect_report::human::Style;

use crate::messages::say;

/// Columns where standard output is no terminal.
const PLAIN_WIDTH: usize = 80;
/// Wider lines are hard to read.
const MAX_WIDTH: usize = 120;

/// How to show a report on standard output.
pub(crate) fn style(color: ColorChoice, verbose: bool) -> Style {
    let terminal = io::stdout().is_terminal();
    let width = terminal_size::terminal_size_of(io::stdout()).map_or(PLAIN_WIDTH, |(width, _)| {
        usize::from(width.0).min(MAX_WIDTH)
    });
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
        unicode: !terminal || is_utf8_locale(),
        verbose,
    }
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

/// Writes to standard output. A reader that has gone away (`| head`) is no failure; anything else
/// is said. False means that the report did not get out.
pub(crate) fn write(render: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> bool {
    let mut out = BufWriter::new(io::stdout().lock());
    match render(&mut out).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            say(format_args!("cannot write the report: {error}"));
            false
        }
        _ => true,
    }
}

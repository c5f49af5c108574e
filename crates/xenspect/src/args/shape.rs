//! The command line as a whole: its help texts in the form that all commands share, and its reading.

use std::ffi::OsString;

use clap::builder::Resettable;
use clap::{Command, CommandFactory, FromArgMatches};

use super::Args;

/// The command line. Help, manual pages and completions are all made from it.
pub(crate) fn command() -> Command {
    let mut command = Args::command();
    let names: Vec<String> = command
        .get_subcommands()
        .map(|command| command.get_name().to_owned())
        .collect();
    for name in names {
        command = command.mut_subcommand(name, in_form);
    }
    command
}

/// Reads the arguments, the first of which is the program's own name.
///
/// # Errors
/// What is wrong with them; also a help text or a version that was asked for.
pub(crate) fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Args, clap::Error> {
    let matches = command().try_get_matches_from(arguments)?;
    Args::from_arg_matches(&matches)
}

/// `-h` of a command fits a screen; `--help` has the examples and what there is to say besides.
fn in_form(mut command: Command) -> Command {
    let names: Vec<String> = command
        .get_subcommands()
        .map(|command| command.get_name().to_owned())
        .collect();
    for name in names {
        command = command.mut_subcommand(name, in_form);
    }
    match command.get_after_help().cloned() {
        Some(text) => command.after_help(Resettable::Reset).after_long_help(text),
        None => command,
    }
}

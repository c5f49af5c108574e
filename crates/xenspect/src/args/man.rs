//! The arguments of `xenspect man`.

use std::path::PathBuf;

use clap::Args;

const EXAMPLES: &str = "\
Examples:
  xenspect man verify | man -l -
  xenspect man report merge > xenspect-report-merge.1
  xenspect man --dir ~/.local/share/man/man1

A page is roff, the text that man(1) shows. The packages bring all of them along.

Exit status:
  0  printed, or written
  2  there is no such command, or a page cannot be written";

/// Print a manual page, or write them all.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Man {
    /// Command that the page is of [default: the program as a whole]
    #[arg(value_name = "COMMAND")]
    pub(crate) command: Vec<String>,

    /// Write the pages of all commands into this folder, which is made if need be
    #[arg(long, value_name = "DIR", conflicts_with = "command")]
    pub(crate) dir: Option<PathBuf>,
}

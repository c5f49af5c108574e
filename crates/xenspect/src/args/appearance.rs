//! Options that nearly every command has, in the same words.

use clap::{Args, ColorChoice};

/// When a report is coloured.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Colour {
    /// When to colour
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = ColorChoice::Auto)]
    pub(crate) color: ColorChoice,
}

/// Whether anything is said beside what was asked for.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Quiet {
    /// No progress and no remarks
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

//! The arguments of `xenspect history`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};

use super::appearance::Colour;

const HISTORY_EXAMPLES: &str = "\
Examples:
  xenspect history --state backups.state
  xenspect history --state backups.state /srv/backups/web01.xva
  xenspect history --state backups.state --due 30d
  xenspect history --state backups.state --since 7d --format csv /srv/backups

Without a PATH the last verification of each input is listed, with one the whole
series of that input, or of all that are below it. The state file is one that
`xenspect verify --state` keeps; it is read and never written. Backups are not
opened.

Exit status:
  0  listed; --due: nothing is due
  1  --due: something is due, or nothing is there any more; nothing is known of a PATH
  2  the state file cannot be read";

/// List what was verified when.
#[derive(Debug, Args)]
#[command(after_help = HISTORY_EXAMPLES)]
pub(crate) struct History {
    /// Inputs to list, or directories and prefixes of URLs that they are below [default: all]
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,

    /// The state file
    #[arg(long, value_name = "FILE")]
    pub(crate) state: PathBuf,

    /// Verifications of the last while alone, for instance 7d or 12h
    #[arg(long, value_name = "DURATION", value_parser = span)]
    pub(crate) since: Option<Span>,

    /// Inputs alone that were not verified in full with a good verdict for so long
    #[arg(long, value_name = "DURATION", value_parser = span, conflicts_with = "since")]
    pub(crate) due: Option<Span>,

    /// Form of the list
    #[arg(long, value_enum, default_value_t = HistoryFormat::Human)]
    pub(crate) format: HistoryFormat,

    /// Whole digests, and all paths
    #[arg(short, long)]
    pub(crate) verbose: bool,

    #[command(flatten)]
    pub(crate) colour: Colour,
}

/// A length of time, and how it was spelled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Span {
    /// As given.
    pub(crate) text: String,
    /// The time.
    pub(crate) duration: Duration,
}

fn span(text: &str) -> Result<Span, String> {
    let duration = humantime::parse_duration(text)
        .map_err(|_| "must be a length of time, for instance 30d or 12h".to_owned())?;
    Ok(Span {
        text: text.to_owned(),
        duration,
    })
}

/// Forms of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum HistoryFormat {
    /// For people
    Human,
    /// For programs: one document
    Json,
    /// For spreadsheets: one row for each verification
    Csv,
}

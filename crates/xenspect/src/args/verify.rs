//! The arguments of `xenspect verify`.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, ColorChoice, ValueEnum};
use xenspect_model::Severity;

const VERIFY_EXAMPLES: &str = "\
Examples:
  xenspect verify web01.xva
  xenspect verify --format json web01.xva.zst > web01.json
  ssh nas cat /backups/web01.xva.gz | xenspect verify -
  xenspect verify -r --quiet --fail-on warning /srv/backups

What an input is and how it is packed is told by its contents, never by its name.";

/// Say whether a backup is good.
#[derive(Debug, Args)]
#[command(after_help = VERIFY_EXAMPLES)]
pub(crate) struct Verify {
    /// Backups to verify; `-` is standard input
    #[arg(required = true, value_name = "INPUT")]
    pub(crate) inputs: Vec<PathBuf>,

    /// Verify all backups below a directory
    #[arg(short, long)]
    pub(crate) recursive: bool,

    /// Form of the report on standard output
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,

    /// Lowest severity of a finding that makes the exit status 1
    #[arg(long, value_enum, value_name = "SEVERITY", default_value_t = FailOn::Error)]
    pub(crate) fail_on: FailOn,

    /// How deep to look
    #[arg(long, value_enum, default_value_t = Depth::Full)]
    pub(crate) depth: Depth,

    /// Threads that hash blocks [default: one for each processor]
    #[arg(long, value_name = "N", value_parser = at_least_one)]
    pub(crate) threads: Option<NonZeroUsize>,

    /// List every finding and the disks' details
    #[arg(short, long)]
    pub(crate) verbose: bool,

    /// No progress and no remarks; the report alone
    #[arg(short, long)]
    pub(crate) quiet: bool,

    /// When to colour
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = ColorChoice::Auto)]
    pub(crate) color: ColorChoice,
}

fn at_least_one(text: &str) -> Result<NonZeroUsize, String> {
    text.parse()
        .map_err(|_| "must be a whole number of at least 1".to_owned())
}

/// Forms of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Human,
    /// For programs: one document, whose fields are added to but never renamed
    Json,
}

/// Depths of a look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Depth {
    /// Names, order, sizes and documents only
    Headers,
    /// Also every block against its checksum
    Full,
}

/// Lowest severity that fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    /// Notes, warnings and errors
    Note,
    /// Warnings and errors
    Warning,
    /// Errors
    Error,
}

impl From<FailOn> for Severity {
    fn from(fail_on: FailOn) -> Self {
        match fail_on {
            FailOn::Note => Self::Note,
            FailOn::Warning => Self::Warning,
            FailOn::Error => Self::Error,
        }
    }
}

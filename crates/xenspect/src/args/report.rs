//! The arguments of `xenspect report`.

use std::path::PathBuf;

use clap::{Args, ColorChoice, Subcommand};

use super::forms::Forms;
use super::verify::FailOn;

const MERGE_EXAMPLES: &str = "\
Examples:
  xenspect report merge out-*.json
  xenspect report merge --format json out-*.json > store.json
  xenspect report merge --report sarif=store.sarif --report html=store.html out-*.json

The exit status is the one that a single run over all inputs would have.";

const REPORT_EXAMPLES: &str = "\
Examples:
  xenspect report merge out-*.json";

/// Work with JSON reports of `verify`.
#[derive(Debug, Args)]
#[command(after_help = REPORT_EXAMPLES)]
pub(crate) struct OfReports {
    /// What to do with them.
    #[command(subcommand)]
    pub(crate) command: ReportCommand,
}

/// What can be done with reports.
#[derive(Debug, Subcommand)]
pub(crate) enum ReportCommand {
    /// Join the reports of several runs, of shards for instance, into one
    Merge(Merge),
}

/// Join reports into one.
#[derive(Debug, Args)]
#[command(after_help = MERGE_EXAMPLES)]
pub(crate) struct Merge {
    /// Reports that `verify --format json` has written; `-` is standard input
    #[arg(required = true, value_name = "REPORT")]
    pub(crate) reports: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) forms: Forms,

    /// Lowest severity of a finding that makes the exit status 1 [default: the policy's, or error]
    #[arg(long, value_enum, value_name = "SEVERITY")]
    pub(crate) fail_on: Option<FailOn>,

    /// Judge all inputs together by this policy: what has to be there, too
    #[arg(long, value_name = "FILE", help_heading = "Policy")]
    pub(crate) policy: Option<PathBuf>,

    /// List every input, every finding and the disks' details
    #[arg(short, long)]
    pub(crate) verbose: bool,

    /// No remarks; the report alone
    #[arg(short, long)]
    pub(crate) quiet: bool,

    /// When to colour
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = ColorChoice::Auto)]
    pub(crate) color: ColorChoice,
}

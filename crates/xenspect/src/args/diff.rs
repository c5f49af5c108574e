//! The arguments of `xenspect diff`.

use std::path::PathBuf;

use clap::{Args, ColorChoice, ValueEnum};
use xenspect_diff::Ignored;

use super::reading::Reading;

const EXAMPLES: &str = "\
Examples:
  xenspect diff monday.xml tuesday.xml
  xenspect diff --format markdown web01-old.xva web01-new.xva > ticket.md
  xenspect diff web01.xva pool.xml
  xenspect diff --by-date dumps/*.xml.gz
  xenspect diff --ignore VM.other_config:folder --ignore host.* a.xml b.xml

Inputs are pool databases, exports, host backups, or an export and a pool database.
Objects are matched by uuid, then by reference. The manual tells how they are
compared (diff.md), and which fields are left out without --all (diff-fields.md).

Exit status 0: no difference. 1: differences. 2: they could not be compared.";

/// Say what changed between two backups, or along a series of them
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Diff {
    /// What is compared, from the oldest to the newest; three or more are a series; `-` is standard input
    #[arg(value_name = "INPUT", required = true, num_args = 2..)]
    pub(crate) inputs: Vec<PathBuf>,

    /// Compare volatile fields and files too: metrics, counters, what hosts write all the time
    #[arg(long)]
    pub(crate) all: bool,

    /// Leave out a field (`VM.tags`, `*.other_config`, `host.*`) or a key of a map (`VM.other_config:folder`)
    #[arg(long, value_name = "TABLE.FIELD")]
    pub(crate) ignore: Vec<Ignored>,

    /// Of exports: show which parts of the disks differ
    #[arg(long)]
    pub(crate) blocks: bool,

    /// Of exports: read all blocks and compare them themselves, not the sums stored beside them
    #[arg(long)]
    pub(crate) read_blocks: bool,

    /// Compare in the order of the newest date in each input, not in the given one
    #[arg(long)]
    pub(crate) by_date: bool,

    #[command(flatten)]
    pub(crate) reading: Reading,

    /// Form of the report
    #[arg(long, value_enum, default_value_t = DiffFormat::Human)]
    pub(crate) format: DiffFormat,

    /// Show all of every list; of a series, also objects that never changed
    #[arg(short, long)]
    pub(crate) verbose: bool,

    /// No progress and no remarks; the report alone
    #[arg(short, long)]
    pub(crate) quiet: bool,

    /// When to colour
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = ColorChoice::Auto)]
    pub(crate) color: ColorChoice,
}

/// Forms of a diff.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DiffFormat {
    /// For people
    Human,
    /// For programs: one document
    Json,
    /// For a wiki or a ticket
    Markdown,
    /// One HTML file that stands alone, with no script, for a browser or for paper
    Html,
}

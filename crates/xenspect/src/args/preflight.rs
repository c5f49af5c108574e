//! The arguments of `xenspect preflight`.

use std::path::PathBuf;

use clap::{Args, ColorChoice, ValueEnum};

use super::verify::FailOn;

const EXAMPLES: &str = "\
Examples:
  xenspect preflight pool.xml --target fresh-host.xml
  xenspect preflight pool.xml --target bug-report.tar.bz2 --format markdown > ticket.md
  xenspect preflight pool.xml --target facts/ --also other-pool.xml
  xenspect preflight web01.xva --target pool.xml --sr \"$SR\"
  xenspect preflight host.xbk --target facts/
  xenspect preflight --print-profile fresh-host.xml > fresh-host.toml

A target is a pool database of the host (`xe pool-dump-database`), a host backup,
a status report, a folder of text files (the manual has the commands that make
one: collect.md) or a profile (profile.md). What it is, is told by its contents.

Exit status 0: it would be accepted and the host would boot. 1: it would not, that
cannot be said, or there are findings at or above --fail-on.";

/// Say whether a restore would be accepted, whether the host would boot, and what would change.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Preflight {
    /// What would be restored: a pool database, a host backup, or an export; `-` is standard input
    #[arg(value_name = "INPUT", required_unless_present = "print_profile")]
    pub(crate) input: Option<PathBuf>,

    /// What it would be restored to
    #[arg(long, value_name = "TARGET", required_unless_present = "print_profile")]
    pub(crate) target: Option<PathBuf>,

    /// Another pool that lives, by a dump of it or any other form of a target; may be given several times
    #[arg(long, value_name = "DUMP")]
    pub(crate) also: Vec<PathBuf>,

    /// Of an export: as `xe vm-import preserve=true` would do it
    #[arg(long)]
    pub(crate) preserve: bool,

    /// Of an export: as `xe vm-import force=true` would do it
    #[arg(long)]
    pub(crate) force: bool,

    /// Of an export: the SR for its disks [default: the pool's default SR]
    #[arg(long, value_name = "UUID")]
    pub(crate) sr: Option<String>,

    /// Write what is known of a target as a profile, and do nothing else
    #[arg(
        long,
        value_name = "TARGET",
        conflicts_with_all = ["input", "target", "also", "preserve", "force", "sr"]
    )]
    pub(crate) print_profile: Option<PathBuf>,

    /// Form of the report; a profile is TOML, or with `json` JSON
    #[arg(long, value_enum, default_value_t = PreflightFormat::Human)]
    pub(crate) format: PreflightFormat,

    /// Lowest severity of a finding that makes the exit status 1
    #[arg(long, value_enum, value_name = "SEVERITY", default_value_t = FailOn::Error)]
    pub(crate) fail_on: FailOn,

    /// Show every finding, every check and all of every list
    #[arg(short, long)]
    pub(crate) verbose: bool,

    /// No progress and no remarks; the report alone
    #[arg(short, long)]
    pub(crate) quiet: bool,

    /// When to colour
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = ColorChoice::Auto)]
    pub(crate) color: ColorChoice,
}

/// Forms of a preflight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum PreflightFormat {
    /// For people
    Human,
    /// For programs: one document
    Json,
    /// For a wiki or a ticket
    Markdown,
    /// One HTML file that stands alone, with no script, for a browser or for paper
    Html,
}

//! The arguments of `xenspect ls` and `xenspect cat`.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::appearance::Quiet;
use super::reading::Care;

const LS_EXAMPLES: &str = "\
Examples:
  xenspect ls web01.xva | head
  xenspect ls pool.xml
  xenspect ls host.xbk | grep networkd
  xenspect ls --format json web01.xva.zst > members.json

Exit status:
  0  listed
  1  the input is broken, and what is there was listed
  2  it is no backup, or cannot be opened";

/// List members or tables.
#[derive(Debug, Args)]
#[command(after_help = LS_EXAMPLES)]
pub(crate) struct Ls {
    /// Backup to list; `-` is standard input
    #[arg(value_name = "INPUT")]
    pub(crate) input: PathBuf,

    /// Form of the list
    #[arg(long, value_enum, default_value_t = ListFormat::Human)]
    pub(crate) format: ListFormat,

    #[command(flatten)]
    pub(crate) care: Care,

    #[command(flatten)]
    pub(crate) quiet: Quiet,
}

/// Forms of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ListFormat {
    /// For people
    Human,
    /// For programs: an array of objects
    Json,
}

const CAT_EXAMPLES: &str = "\
Examples:
  xenspect cat --pretty web01.xva ova.xml
  xenspect cat web01.xva Ref:4/00000000 | xxd | head
  xenspect cat pool.xml PIF | jq -r '.[] | [.device, .MAC] | @tsv'
  xenspect cat pool.xml VM/3f0c8f41-1d09-0a6c-7d4c-0a6f1c7f5f0e
  xenspect cat host.xbk etc/fstab
  xenspect cat --show-secrets host.xbk var/backup/pool-database-2024-05-31--13-07-09

The names of members and tables are those that `xenspect ls` shows; a ./ in front
does not count. Of a host backup the last file of a name is printed, as it is once
unpacked; files that hold secrets need --show-secrets.

Exit status:
  0  printed
  1  the input is broken, and what is there was printed
  2  there is no such member, or the input cannot be opened";

/// Print a member or a table.
#[derive(Debug, Args)]
#[command(after_help = CAT_EXAMPLES)]
pub(crate) struct Cat {
    /// Backup to read; `-` is standard input
    #[arg(value_name = "INPUT")]
    pub(crate) input: PathBuf,

    /// Member of an archive or path in a host backup; of a pool database TABLE, TABLE/UUID, TABLE/OpaqueRef, or `manifest`
    #[arg(value_name = "MEMBER")]
    pub(crate) member: OsString,

    /// Break XML and JSON into indented lines
    #[arg(long)]
    pub(crate) pretty: bool,

    /// Print secrets too; otherwise only their length is shown
    #[arg(long)]
    pub(crate) show_secrets: bool,

    #[command(flatten)]
    pub(crate) care: Care,

    #[command(flatten)]
    pub(crate) quiet: Quiet,
}

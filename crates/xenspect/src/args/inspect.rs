//! The arguments of `xenspect inspect`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::appearance::{Colour, Quiet};
use super::reading::Care;

const EXAMPLES: &str = "\
Examples:
  xenspect inspect web01.xva
  xenspect inspect --section hosts,nics pool.xml
  xenspect inspect --database host.xbk
  xenspect inspect --format csv --table vms pool.xml > vms.csv
  xenspect inspect --find 00:16:3e:1f:aa:01 -r /srv/backups
  ssh pool1 xe pool-dump-database file-name= | xenspect inspect -

Of an export only the description at its front is read, whatever its size; a host
backup is read to its end.
Secrets are never shown.

Exit status:
  0  shown; --find: found
  1  an input is broken, and what is there was shown; --find: nothing was found
  2  an input is no backup, or cannot be opened";

/// Show what is in a backup.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Inspect {
    /// Backups to look into; `-` is standard input
    #[arg(required = true, value_name = "INPUT")]
    pub(crate) inputs: Vec<PathBuf>,

    /// Look into all backups below a directory
    #[arg(short, long)]
    pub(crate) recursive: bool,

    /// Of a host backup, show the records of the newest pool database in it
    #[arg(long, conflicts_with = "find")]
    pub(crate) database: bool,

    /// Form of what is shown
    #[arg(long, value_enum, default_value_t = Form::Human)]
    pub(crate) format: Form,

    /// Show one table alone
    #[arg(long, value_name = "NAME")]
    pub(crate) table: Option<String>,

    /// Show these sections alone, separated by commas
    #[arg(
        long,
        value_name = "NAME",
        value_delimiter = ',',
        conflicts_with = "table"
    )]
    pub(crate) section: Vec<String>,

    /// Find an object by uuid, OpaqueRef, MAC or IP address, or a part of its name
    #[arg(long, value_name = "TEXT", conflicts_with_all = ["table", "section"])]
    pub(crate) find: Option<String>,

    /// Show all rows and all columns
    #[arg(short, long)]
    pub(crate) verbose: bool,

    #[command(flatten)]
    pub(crate) care: Care,

    #[command(flatten)]
    pub(crate) quiet: Quiet,

    #[command(flatten)]
    pub(crate) colour: Colour,
}

/// Forms of what is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Form {
    /// For people
    Human,
    /// For programs: one document
    Json,
    /// Tables for a wiki or a ticket
    Markdown,
    /// One table for a spreadsheet; needs --table
    Csv,
}

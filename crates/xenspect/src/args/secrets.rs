//! The arguments of `xenspect secrets` and `xenspect redact`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::appearance::{Colour, Quiet};
use super::reading::Care;

const SECRETS_EXAMPLES: &str = "\
Examples:
  xenspect secrets pool.xml
  xenspect secrets --personal web01.xva
  xenspect secrets --quiet redacted.xml && echo 'nothing left'

Names the table, row and field, the kind and the length of each secret, never its
value. Of a host backup it names the files that hold secrets, and what the pool
databases in it hold.

Exit status:
  0  there are none
  1  there are some
  2  an input is no backup, or cannot be opened";

/// List where secrets are.
#[derive(Debug, Args)]
#[command(after_help = SECRETS_EXAMPLES)]
pub(crate) struct Secrets {
    /// Backups to look into; `-` is standard input
    #[arg(required = true, value_name = "INPUT")]
    pub(crate) inputs: Vec<PathBuf>,

    /// Look into all backups below a directory
    #[arg(short, long)]
    pub(crate) recursive: bool,

    /// List personal data too: user names, guest addresses, serial numbers, licences
    #[arg(long)]
    pub(crate) personal: bool,

    /// Form of the list
    #[arg(long, value_enum, default_value_t = SecretsFormat::Human)]
    pub(crate) format: SecretsFormat,

    #[command(flatten)]
    pub(crate) care: Care,

    #[command(flatten)]
    pub(crate) quiet: Quiet,

    #[command(flatten)]
    pub(crate) colour: Colour,
}

/// Forms of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SecretsFormat {
    /// For people
    Human,
    /// For programs: one document
    Json,
}

const REDACT_EXAMPLES: &str = "\
Examples:
  xenspect redact pool.xml -o pool-for-support.xml
  xenspect redact --names --addresses pool.xml -o anonymous.xml
  xenspect redact web01.xva -o web01-description.xva

Each secret is replaced by a stand-in, the same for the same value. The key behind
them is made anew for each run, so that they cannot be guessed back; with
--key-file two runs agree. References and uuids stay. Of an export the disks are
left out unless --with-disks is given: what is on them is not looked at.

Exit status:
  0  written
  2  the input cannot be read, or OUT cannot be written";

/// Write a copy without the secrets.
#[derive(Debug, Args)]
#[command(after_help = REDACT_EXAMPLES)]
pub(crate) struct Redact {
    /// Pool database or export; `-` is standard input
    #[arg(value_name = "INPUT")]
    pub(crate) input: PathBuf,

    /// File to write, not compressed; `-` is standard output
    #[arg(short, long, value_name = "OUT")]
    pub(crate) output: PathBuf,

    /// Replace names and descriptions too
    #[arg(long)]
    pub(crate) names: bool,

    /// Replace MAC and IP addresses too, by valid ones
    #[arg(long)]
    pub(crate) addresses: bool,

    /// Copy the disks of an export as they are
    #[arg(long)]
    pub(crate) with_disks: bool,

    /// File whose contents decide the stand-ins, so that two copies can be compared; keep it secret
    #[arg(long, value_name = "FILE")]
    pub(crate) key_file: Option<PathBuf>,

    /// Replace OUT if it is there
    #[arg(long)]
    pub(crate) force: bool,

    #[command(flatten)]
    pub(crate) care: Care,

    #[command(flatten)]
    pub(crate) quiet: Quiet,
}

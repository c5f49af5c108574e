//! The arguments of `xenspect verify`.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ColorChoice, ValueEnum};
use xenspect_model::Severity;
use xenspect_store::shard::{Sample, Shard};

use super::forms::Forms;
use super::policy::PolicyOptions;
use super::reading::Reading;

const VERIFY_EXAMPLES: &str = "\
Examples:
  xenspect verify web01.xva
  xenspect verify --format json web01.xva.zst > web01.json
  xenspect verify -r --report junit=junit.xml --report html=report.html /srv/backups
  ssh nas cat /backups/web01.xva.gz | xenspect verify -
  xenspect verify -r --quiet --fail-on warning /srv/backups
  xenspect verify --tee /mnt/nas/web01.xva web01.xva
  xenspect verify --against /mnt/nas/web01.xva web01.xva
  xenspect verify -r --state backups.state --skip-verified-within 30d /srv/backups
  xenspect verify -r s3://backups/2026/

What an input is and how it is packed is told by its contents, never by its name.";

/// Headings of groups of options.
const COPIES: &str = "Copies";
const STORES: &str = "Whole stores";

/// Say whether a backup is good.
#[derive(Debug, Args)]
#[command(after_help = VERIFY_EXAMPLES)]
pub(crate) struct Verify {
    /// Backups to verify; `-` is standard input, and `s3://`, `az://` and `gs://` are object stores
    #[arg(required = true, value_name = "INPUT")]
    pub(crate) inputs: Vec<PathBuf>,

    /// Verify all backups below a directory
    #[arg(short, long)]
    pub(crate) recursive: bool,

    #[command(flatten)]
    pub(crate) forms: Forms,

    /// Lowest severity of a finding that makes the exit status 1 [default: the policy's, or error]
    #[arg(long, value_enum, value_name = "SEVERITY")]
    pub(crate) fail_on: Option<FailOn>,

    /// How deep to look
    #[arg(long, value_enum, default_value_t = Depth::Full)]
    pub(crate) depth: Depth,

    /// List every finding and the disks' details
    #[arg(short, long)]
    pub(crate) verbose: bool,

    /// How many inputs are read at a time [default: one for each processor, four at most]
    #[arg(long, value_name = "N", value_parser = super::at_least_one, help_heading = STORES)]
    pub(crate) jobs: Option<NonZeroUsize>,

    /// Verify one part of N of the inputs: the K-th, by their names
    #[arg(long, value_name = "K/N", help_heading = STORES)]
    pub(crate) shard: Option<Shard>,

    /// Keep in FILE what was verified when; goes on where an interrupted run stopped
    #[arg(long, value_name = "FILE", help_heading = STORES)]
    pub(crate) state: Option<PathBuf>,

    /// Leave out what was good within this time and did not change since, `30d` for instance
    #[arg(long, value_name = "TIME", requires = "state", value_parser = humantime::parse_duration, help_heading = STORES)]
    pub(crate) skip_verified_within: Option<Duration>,

    /// Read one part of N this time, so that N runs read everything once
    #[arg(long, value_name = "1/N", help_heading = STORES)]
    pub(crate) sample: Option<Sample>,

    /// Leave an input that was written to within this time for the next run [default with --state: 10s]
    #[arg(long, value_name = "TIME", value_parser = humantime::parse_duration, help_heading = STORES)]
    pub(crate) settle: Option<Duration>,

    /// Begin anew, whatever an interrupted run has done
    #[arg(long, requires = "state", help_heading = STORES)]
    pub(crate) no_resume: bool,

    /// Compare with this seal instead of the one beside the input
    #[arg(long, value_name = "FILE", help_heading = COPIES)]
    pub(crate) seal: Option<PathBuf>,

    /// Require that the seal is signed by this key, an OpenSSH public key or a file of allowed signers
    #[arg(long, value_name = "FILE", help_heading = COPIES)]
    pub(crate) verify_key: Option<PathBuf>,

    /// Look at no seal, digest or list beside the inputs
    #[arg(long, conflicts_with_all = ["seal", "verify_key"], help_heading = COPIES)]
    pub(crate) alone: bool,

    /// Write a copy while reading; of an input that is not good its name ends in `.damaged`
    #[arg(long, value_name = "OUT", conflicts_with_all = ["recursive", "sample", "state"], help_heading = COPIES)]
    pub(crate) tee: Option<PathBuf>,

    /// Let --tee write over a file that is there
    #[arg(long, requires = "tee", help_heading = COPIES)]
    pub(crate) force: bool,

    /// Compare with another copy of the same archive; neither needs to be whole
    #[arg(long, value_name = "OTHER", conflicts_with_all = ["recursive", "sample", "state"], help_heading = COPIES)]
    pub(crate) against: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) policy: PolicyOptions,

    #[command(flatten)]
    pub(crate) reading: Reading,

    /// No progress and no remarks; the report alone
    #[arg(short, long)]
    pub(crate) quiet: bool,

    /// When to colour
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = ColorChoice::Auto)]
    pub(crate) color: ColorChoice,
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

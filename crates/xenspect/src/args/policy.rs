//! The options of a policy, and the arguments of `xenspect policy`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// Heading of the options.
const POLICY: &str = "Policy";

/// By what a verification is judged beside the rules.
#[derive(Debug, Default, Args)]
pub(crate) struct PolicyOptions {
    /// Judge by this policy [default: xenspect.toml here or in a folder above]
    #[arg(long, value_name = "FILE", conflicts_with = "no_policy", help_heading = POLICY)]
    pub(crate) policy: Option<PathBuf>,

    /// Look for no policy
    #[arg(long, help_heading = POLICY)]
    pub(crate) no_policy: bool,

    /// Accept the findings of this baseline; fail on new ones alone
    #[arg(long, value_name = "FILE", help_heading = POLICY)]
    pub(crate) baseline: Option<PathBuf>,

    /// Write a baseline of what is found now
    #[arg(long, value_name = "FILE", conflicts_with = "shard", help_heading = POLICY)]
    pub(crate) write_baseline: Option<PathBuf>,
}

const POLICY_EXAMPLES: &str = "\
Examples:
  xenspect policy check
  xenspect policy check nightly.toml
  xenspect policy schema > xenspect.schema.json

`verify` judges by the file xenspect.toml of the working directory or of the nearest
folder above it, unless --policy names another one.

Exit status:
  0  the policy can be used; printed
  2  it cannot, or there is none";

const CHECK_EXAMPLES: &str = "\
Examples:
  xenspect policy check
  xenspect policy check nightly.toml

Exit status:
  0  the policy can be used
  2  it cannot, or there is none";

const SCHEMA_EXAMPLES: &str = "\
Examples:
  xenspect policy schema > policy.schema.json

Exit status:
  0  printed";

const BASELINE_SCHEMA_EXAMPLES: &str = "\
Examples:
  xenspect policy baseline-schema > baseline.schema.json

Exit status:
  0  printed";

/// Check a policy file, or print its schema.
#[derive(Debug, Args)]
#[command(after_help = POLICY_EXAMPLES)]
pub(crate) struct OfPolicy {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: PolicyCommand,
}

/// What can be done with a policy.
#[derive(Debug, Subcommand)]
pub(crate) enum PolicyCommand {
    /// Say whether a policy can be used, and what it would do
    #[command(after_help = CHECK_EXAMPLES)]
    Check {
        /// The policy [default: the one that `verify` would find]
        #[arg(value_name = "FILE")]
        file: Option<PathBuf>,
    },
    /// Print the JSON Schema of policies
    #[command(after_help = SCHEMA_EXAMPLES)]
    Schema,
    /// Print the JSON Schema of baselines
    #[command(after_help = BASELINE_SCHEMA_EXAMPLES)]
    BaselineSchema,
}

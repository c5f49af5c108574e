//! The arguments of `xenspect explain`.

use clap::Args;

use super::appearance::Colour;

const EXAMPLES: &str = "\
Examples:
  xenspect explain xva/block-checksum-mismatch
  xenspect explain --list

Exit status:
  0  explained, or listed
  2  there is no such code";

/// Tell what a finding's code means.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Explain {
    /// A code as reports show it, for instance xva/block-checksum-mismatch
    #[arg(value_name = "CODE", required_unless_present = "list")]
    pub(crate) code: Option<String>,

    /// List all codes with their titles
    #[arg(long, conflicts_with = "code")]
    pub(crate) list: bool,

    #[command(flatten)]
    pub(crate) colour: Colour,
}

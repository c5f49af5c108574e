//! The arguments of `xenspect explain`.

use clap::{Args, ColorChoice};

/// Tell what a finding's code means.
#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// A code as reports show it, for instance xva/block-checksum-mismatch
    #[arg(required_unless_present = "list")]
    pub(crate) code: Option<String>,

    /// List all codes with their titles
    #[arg(long, conflicts_with = "code")]
    pub(crate) list: bool,

    /// When to colour
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = ColorChoice::Auto)]
    pub(crate) color: ColorChoice,
}

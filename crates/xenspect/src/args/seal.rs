//! The arguments of `xenspect seal` and `xenspect prove`.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Args;

use super::appearance::{Colour, Quiet};
use super::reading::{Care, Threads};

const SEAL_EXAMPLES: &str = "\
Examples:
  xenspect seal web01.xva
  xenspect seal -r --sign ~/.ssh/backup_ed25519 /srv/backups
  xenspect seal -o /srv/seals/web01.json /mnt/readonly/web01.xva
  ssh nas cat /backups/web01.xva.gz | xenspect seal -o web01.xva.gz.seal.json -

The seal is written beside the input, as INPUT.seal.json, unless -o names another
file. An archive that is not good is not sealed. The passphrase of an encrypted key
is taken from XENSPECT_KEY_PASSPHRASE.

Exit status:
  0  all are sealed
  1  at least one is not good, so it is not sealed
  2  an input is no backup, or the seal cannot be written";

/// Verify a backup and write down what is in it, so that copies can be told good or bad.
#[derive(Debug, Args)]
#[command(after_help = SEAL_EXAMPLES)]
pub(crate) struct Seal {
    /// Backups to seal; `-` is standard input
    #[arg(required = true, value_name = "INPUT")]
    pub(crate) inputs: Vec<PathBuf>,

    /// Seal all backups below a directory
    #[arg(short, long)]
    pub(crate) recursive: bool,

    /// File to write instead of INPUT.seal.json; `-` is standard output
    #[arg(short, long, value_name = "FILE", conflicts_with = "recursive")]
    pub(crate) output: Option<PathBuf>,

    /// Sign the seal with this OpenSSH key (ssh-ed25519), as INPUT.seal.json.sig
    #[arg(long, value_name = "KEYFILE")]
    pub(crate) sign: Option<PathBuf>,

    /// Also seal what is damaged or incomplete; the seal says so
    #[arg(long)]
    pub(crate) damaged: bool,

    /// Replace a seal that is there
    #[arg(long)]
    pub(crate) force: bool,

    #[command(flatten)]
    pub(crate) threads: Threads,

    #[command(flatten)]
    pub(crate) care: Care,

    #[command(flatten)]
    pub(crate) quiet: Quiet,

    #[command(flatten)]
    pub(crate) colour: Colour,
}

const PROVE_EXAMPLES: &str = "\
Examples:
  xenspect prove web01.xva.seal.json Ref:4/00000017 > proof.json
  xenspect cat web01.xva Ref:4/00000017 |
    xenspect prove --check proof.json --root \"$ROOT\" -

A proof is only worth what its root is: give the one of a seal that you trust.

Exit status:
  0  the proof was written; --check: proved
  1  --check: not proved
  2  there is no such member, or a file cannot be read";

/// Prove that a member is one of those that were sealed, without the rest of the seal.
#[derive(Debug, Args)]
#[command(
    after_help = PROVE_EXAMPLES,
    override_usage = "xenspect prove SEAL MEMBER\n       xenspect prove --check PROOF [--root HEX] FILE"
)]
pub(crate) struct Prove {
    /// Seal to take the proof from; with --check the bytes of the member, `-` for standard input
    #[arg(value_name = "SEAL")]
    pub(crate) file: PathBuf,

    /// Member to prove
    #[arg(
        value_name = "MEMBER",
        required_unless_present = "check",
        conflicts_with = "check"
    )]
    pub(crate) member: Option<OsString>,

    /// Check a proof instead of making one
    #[arg(long, value_name = "PROOF")]
    pub(crate) check: Option<PathBuf>,

    /// Root of the seal that the member has to be in, 64 hexadecimal digits
    #[arg(long, value_name = "HEX", requires = "check", value_parser = root)]
    pub(crate) root: Option<[u8; 32]>,

    /// No remarks
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

fn root(text: &str) -> Result<[u8; 32], String> {
    xenspect_seal::hex::sha256(text).ok_or_else(|| "must be 64 hexadecimal digits".to_owned())
}

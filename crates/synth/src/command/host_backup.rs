//! `xenspect-synth host-backup`.

#[cfg(unix)]
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use xenspect_synth::host_backup::Variant;
use xenspect_synth::{Envelope, HostBackup, HostFault};

use crate::{Failure, at, envelope, write};

#[derive(clap::Args)]
pub(crate) struct HostBackupArgs {
    /// List kinds of hosts and faults
    #[arg(long, exclusive = true)]
    list: bool,
    /// A kind of host, or a fault
    #[arg(required_unless_present = "list")]
    name: Option<String>,
    /// File to write, - for standard output
    #[arg(required_unless_present_any = ["list", "tree"])]
    output: Option<PathBuf>,
    /// Write the files below this directory; devices only if this user may make them
    #[arg(long)]
    tree: Option<PathBuf>,
    /// Let GNU tar pack that directory, with the options of the script
    #[arg(
        long,
        requires = "tree",
        requires = "output",
        conflicts_with = "envelope"
    )]
    gnu_tar: bool,
    /// plain, gzip, gzip-members, zstd or zstd-frames
    #[arg(long, value_parser = envelope)]
    envelope: Option<Envelope>,
}

pub(crate) fn host_backup(args: HostBackupArgs) -> Result<(), Failure> {
    let Some(name) = args.name else {
        return Ok(list(io::stdout().lock())?);
    };
    let good = HostBackup::named(&name);
    let found = good.or_else(|| HostFault::named(&name).map(HostFault::build));
    let mut backup = found.ok_or(Failure::HostBackup(name))?;
    backup.envelope = args.envelope.unwrap_or(backup.envelope);
    if let Some(tree) = &args.tree {
        at(tree, std::fs::create_dir_all(tree))?;
        on_disk(&backup, tree)?;
    }
    match (&args.tree, args.output) {
        (_, None) => Ok(()),
        (Some(tree), Some(output)) if args.gnu_tar => pack(tree, &output),
        (_, Some(output)) => write(&output, |out| backup.write_to(out)),
    }
}

#[cfg(unix)]
fn on_disk(backup: &HostBackup, tree: &Path) -> Result<(), Failure> {
    for path in at(tree, backup.write_tree(tree))? {
        eprintln!("xenspect-synth: {path} is left out: this user may not make it");
    }
    Ok(())
}

#[cfg(unix)]
fn pack(tree: &Path, output: &Path) -> Result<(), Failure> {
    at(
        output,
        File::create(output).and_then(|file| xenspect_synth::host_backup::pack(tree, file)),
    )
}

#[cfg(not(unix))]
fn on_disk(_: &HostBackup, tree: &Path) -> Result<(), Failure> {
    at(tree, Err(io::ErrorKind::Unsupported.into()))
}

#[cfg(not(unix))]
fn pack(tree: &Path, _: &Path) -> Result<(), Failure> {
    at(tree, Err(io::ErrorKind::Unsupported.into()))
}

fn list(mut out: impl Write) -> io::Result<()> {
    writeln!(out, "Kinds of hosts:")?;
    for variant in Variant::all() {
        let (name, about) = (variant.name(), variant.description());
        writeln!(out, "  {name:<30} {about}")?;
    }
    writeln!(out, "\nFaults:")?;
    for fault in HostFault::all() {
        let (name, about) = (fault.name(), fault.description());
        match fault.code() {
            "" => writeln!(out, "  {name:<30} {about} [lawful]")?,
            code => writeln!(out, "  {name:<30} {about} [{code}]")?,
        }
    }
    out.flush()
}

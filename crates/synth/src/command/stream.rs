//! `xenspect-synth stream`.

use std::io::{self, BufWriter, Write};

use xenspect_synth::{Long, LongFault, SumKind};

use crate::{Failure, size};

/// Headers and checksums are collected to so many bytes; blocks are longer and go straight out.
const COLLECTED: usize = 64 << 10;

#[derive(clap::Args)]
pub(crate) struct StreamArgs {
    /// List the faults
    #[arg(long, exclusive = true)]
    list: bool,
    /// Size of all disks together, bytes or with a suffix such as 64KiB, 3MiB, 2GiB, 1TiB
    #[arg(long, value_parser = size, default_value = "1GiB")]
    size: u64,
    /// How many disks
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..))]
    disks: u64,
    /// Length of a block, as --size
    #[arg(long, value_parser = size, default_value = "1MiB")]
    block_size: u64,
    /// SHA-1 sums instead of XXH64
    #[arg(long)]
    sha1: bool,
    /// Blocks of nothing but zeros, which compress to nothing
    #[arg(long)]
    zeros: bool,
    /// What is wrong with blocks; several take turns
    #[arg(long, value_parser = fault)]
    fault: Vec<LongFault>,
    /// Break each so manieth block
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..))]
    every: u64,
}

pub(crate) fn stream(args: &StreamArgs) -> Result<(), Failure> {
    let out = io::stdout().lock();
    if args.list {
        return Ok(list(out)?);
    }
    let long = Long {
        size: args.size,
        disks: args.disks,
        block: args.block_size,
        sums: if args.sha1 {
            SumKind::Sha1
        } else {
            SumKind::Xxh64
        },
        zeros: args.zeros,
        faults: args.fault.clone(),
        every: args.every,
    };
    Ok(long.write_to(BufWriter::with_capacity(COLLECTED, out))?)
}

fn list(mut out: impl Write) -> io::Result<()> {
    for fault in LongFault::all() {
        writeln!(out, "  {:<16} {}", fault.name(), fault.description())?;
    }
    out.flush()
}

fn fault(text: &str) -> Result<LongFault, String> {
    LongFault::named(text).ok_or_else(|| "`stream --list` shows the faults".to_owned())
}

//! `xenspect-synth store`.

use std::fs;
use std::path::PathBuf;

use xenspect_synth::Store;
use xenspect_synth::store::table;

use crate::{Failure, at};

#[derive(clap::Args)]
pub(crate) struct StoreArgs {
    /// Directory to write to
    directory: PathBuf,
    /// How many backups, 40 or more with --faults
    #[arg(long, default_value_t = 200)]
    archives: usize,
    /// Seed of the contents
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Break ten of them, and list path, fault and code in expected.tsv
    #[arg(long)]
    faults: bool,
}

pub(crate) fn store(args: &StoreArgs) -> Result<(), Failure> {
    let store = Store {
        archives: args.archives,
        seed: args.seed,
        faults: args.faults,
    };
    let directory = &args.directory;
    at(directory, fs::create_dir_all(directory))?;
    let broken = at(directory, store.write(directory))?;
    if args.faults {
        let path = directory.join("expected.tsv");
        at(&path, fs::write(&path, table(&broken)))?;
    }
    Ok(())
}

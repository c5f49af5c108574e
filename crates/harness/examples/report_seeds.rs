//! Writes JSON reports as seeds for the fuzzer: `report_seeds DIR`.

#[path = "../seeds/reports.rs"]
mod reports;

use std::path::PathBuf;
use std::{fs, io};

fn main() -> io::Result<()> {
    let Some(directory) = std::env::args_os().nth(1).map(PathBuf::from) else {
        return Err(io::Error::other("usage: report_seeds DIR"));
    };
    fs::create_dir_all(&directory)?;
    for (name, report) in reports::reports() {
        fs::write(directory.join(name), report)?;
    }
    Ok(())
}

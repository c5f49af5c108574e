//! The program `xenspect`: arguments, terminal, signals and exit codes. What it knows of backups
//! is in the libraries.

mod args;
mod exit;
mod explain;
mod inputs;
mod interrupt;
mod messages;
mod output;
mod progress;
mod verify;

use std::process::ExitCode;

use clap::Parser;

use args::{Args, Command};

fn main() -> ExitCode {
    let args = Args::parse();
    let exit = match &args.command {
        Command::Verify(command) => verify::run(command),
        Command::Explain(command) => explain::run(command),
    };
    exit.into()
}

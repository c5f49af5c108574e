//! The program `xenspect`: arguments, terminal, signals and exit codes. What it knows of backups
//! is in the libraries.

mod args;
mod changes;
mod commands;
mod compared;
mod exit;
mod hints;
mod host_files;
mod inputs;
mod interrupt;
mod listing;
mod messages;
mod new_file;
mod output;
mod plan;
mod policy;
mod progress;
mod reading;
mod remote;
mod reports;
mod repository;
mod seals;
mod sidecars;
mod sides;
mod skipped;
mod state;
mod verification;

use std::process::ExitCode;

use args::Command;

fn main() -> ExitCode {
    let args = match args::parse(std::env::args_os()) {
        Ok(args) => args,
        Err(refused) => return commands::refused::tell(&refused).into(),
    };
    let exit = match &args.command {
        Command::Verify(command) => return commands::verify::run(command),
        Command::Seal(command) => commands::seal::run(command),
        Command::Prove(command) => commands::prove::run(command),
        Command::Inspect(command) => commands::inspect::run(command),
        Command::Preflight(command) => commands::preflight::run(command),
        Command::Diff(command) => commands::diff::run(command),
        Command::Ls(command) => commands::ls::run(command),
        Command::Cat(command) => commands::cat::run(command),
        Command::History(command) => commands::history::run(command),
        Command::Secrets(command) => commands::secrets::run(command),
        Command::Redact(command) => commands::redact::run(command),
        Command::Report(command) => return commands::report::run(command),
        Command::Policy(command) => commands::policy::run(command),
        Command::Explain(command) => commands::explain::run(command),
        Command::Completions(command) => commands::completions::run(command),
        Command::Man(command) => commands::man::run(command),
    };
    exit.into()
}

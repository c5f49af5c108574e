//! `xenspect-synth`: the command line over the library. Nothing is decided here.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "this binary talks to a terminal"
)]

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use xenspect_synth::{Envelope, Fault, Recipe, apply, samples, seeds};

/// Writes XVA archives for tests: good ones, and ones broken in one named place.
#[derive(Parser)]
#[command(version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// List recipes and faults
    List,
    /// Write one archive
    Build {
        /// Name of the recipe
        recipe: String,
        /// Seed of the contents, uuids and addresses
        #[arg(long)]
        seed: Option<u64>,
        /// Break it with this fault (the archive is then built in memory)
        #[arg(long)]
        fault: Option<String>,
        /// plain, gzip, gzip-members, zstd or zstd-frames
        #[arg(long, value_parser = envelope)]
        envelope: Option<Envelope>,
        /// Size of each disk: bytes, or with a suffix such as 64KiB, 3MiB, 2GiB
        #[arg(long, value_parser = size)]
        size: Option<u64>,
        /// File to write, - for standard output
        #[arg(short, long)]
        output: PathBuf,
    },
    /// Write the files of testdata/
    Samples {
        /// Directory to write to
        directory: PathBuf,
    },
    /// Write small seeds for the fuzz targets
    Seeds {
        /// Directory to write to
        directory: PathBuf,
    },
}

#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("no recipe {0}; `xenspect-synth list` shows them")]
    Recipe(String),
    #[error("no fault {0}; `xenspect-synth list` shows them")]
    Fault(String),
    #[error(transparent)]
    NotApplicable(#[from] xenspect_synth::NotApplicable),
    #[error("{0}: {1}")]
    File(String, #[source] io::Error),
    #[error("standard output: {0}")]
    Output(#[from] io::Error),
}

fn main() -> ExitCode {
    match run(Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => {
            ExitCode::SUCCESS
        }
        Err(failure) => {
            eprintln!("xenspect-synth: {failure}");
            ExitCode::from(2)
        }
    }
}

fn run(command: Command) -> Result<(), Failure> {
    match command {
        Command::List => Ok(list(io::stdout().lock())?),
        Command::Samples { directory } => at(&directory, samples::write_all(&directory)),
        Command::Seeds { directory } => at(&directory, seeds::write_all(&directory)),
        Command::Build {
            recipe,
            seed,
            fault,
            envelope,
            size,
            output,
        } => {
            let mut built = Recipe::named(&recipe).ok_or(Failure::Recipe(recipe))?;
            built.seed = seed.unwrap_or(built.seed);
            built.envelope = envelope.unwrap_or(built.envelope);
            for disk in &mut built.disks {
                disk.virtual_size = size.unwrap_or(disk.virtual_size);
            }
            let fault = match fault {
                Some(name) => Some(Fault::named(&name).ok_or(Failure::Fault(name))?),
                None => None,
            };
            if output.as_os_str() == "-" {
                return write(&built, fault, io::stdout().lock())?.map_err(Failure::Output);
            }
            // The fault is checked before a file is made.
            if let Some(fault) = fault {
                return at(&output, std::fs::write(&output, apply(&built, fault)?));
            }
            let file = File::create(&output);
            at(
                &output,
                file.and_then(|file| built.write_to(BufWriter::new(file))),
            )
        }
    }
}

fn at(path: &Path, result: io::Result<()>) -> Result<(), Failure> {
    result.map_err(|error| Failure::File(path.display().to_string(), error))
}

fn write(
    recipe: &Recipe,
    fault: Option<&Fault>,
    mut out: impl Write,
) -> Result<io::Result<()>, Failure> {
    match fault {
        None => Ok(recipe.write_to(out)),
        Some(fault) => {
            let bytes = apply(recipe, fault)?;
            Ok(out.write_all(&bytes).and_then(|()| out.flush()))
        }
    }
}

fn list(mut out: impl Write) -> io::Result<()> {
    writeln!(out, "Recipes:")?;
    for (name, description) in Recipe::names() {
        writeln!(out, "  {name:<24} {description}")?;
    }
    writeln!(
        out,
        "\nFaults (recipe when none is given elsewhere; * a reader need not object):"
    )?;
    for fault in Fault::all() {
        let mark = if fault.is_harmless() { '*' } else { ' ' };
        writeln!(
            out,
            "{mark} {:<38} {} [{}]",
            fault.name(),
            fault.description(),
            fault.default_recipe_name()
        )?;
    }
    out.flush()
}

fn envelope(text: &str) -> Result<Envelope, String> {
    Envelope::named(text).ok_or_else(|| {
        let names: Vec<&str> = Envelope::NAMES.iter().map(|(name, _)| *name).collect();
        format!("expected one of {}", names.join(", "))
    })
}

fn size(text: &str) -> Result<u64, String> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit: u64 = match &text[digits.len()..] {
        "" | "B" => 1,
        "K" | "KiB" => 1 << 10,
        "M" | "MiB" => 1 << 20,
        "G" | "GiB" => 1 << 30,
        "T" | "TiB" => 1 << 40,
        other => return Err(format!("unknown unit {other}; use KiB, MiB, GiB or TiB")),
    };
    let number: u64 = digits
        .parse()
        .map_err(|error| format!("{digits:?}: {error}"))?;
    number
        .checked_mul(unit)
        .ok_or_else(|| "too large".to_owned())
}

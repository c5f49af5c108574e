//! `xenspect-synth`: the command line over the library. Nothing is decided here.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "this binary talks to a terminal"
)]

mod command;

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use xenspect_synth::{
    Change, DumpFault, DumpRecipe, Envelope, Fault, Recipe, RestoreFault, Scene, apply, apply_dump,
    apply_to_document, change, samples, seeds,
};

/// Stands for the series among the names of changes.
const SERIES: &str = "series";

/// Writes XVA archives, pool databases and host backups for tests: good ones, and ones broken in one named place.
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
    /// Write one archive or pool database
    Build(Build),
    /// Write a pool database and the host it is to be restored to, in every form
    Restore(Restore),
    /// Write two pool databases that differ in one named thing: old.xml and new.xml
    Change(ChangeArgs),
    /// Write a host backup, good or broken in one named place, or the tree it is made of
    HostBackup(command::HostBackupArgs),
    /// Write a whole store of backups with digests beside them, good or with ten things broken
    Store(command::StoreArgs),
    /// Write an export of any size to standard output, in constant memory
    Stream(command::StreamArgs),
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

#[derive(clap::Args)]
struct Build {
    /// Name of the recipe
    recipe: String,
    /// Seed of the contents, uuids and addresses
    #[arg(long)]
    seed: Option<u64>,
    /// Break it with this fault (it is then built in memory)
    #[arg(long)]
    fault: Option<String>,
    /// plain, gzip, gzip-members, zstd or zstd-frames
    #[arg(long, value_parser = envelope)]
    envelope: Option<Envelope>,
    /// Archives: size of each disk, bytes or with a suffix such as 64KiB, 3MiB, 2GiB
    #[arg(long, value_parser = size)]
    size: Option<u64>,
    /// Archives: write ova.xml alone
    #[arg(long, conflicts_with = "envelope")]
    document: bool,
    /// Pool databases: stream this many VMs instead of the recipe's own
    #[arg(long)]
    vms: Option<u64>,
    /// File to write, - for standard output
    #[arg(short, long)]
    output: PathBuf,
}

#[derive(clap::Args)]
struct Restore {
    /// Put this in the way
    #[arg(long)]
    fault: Option<String>,
    /// The busy pool, and a host on which the NICs have changed names
    #[arg(long, conflicts_with = "fault")]
    swapped: bool,
    /// Directory to write to: pool.xml, host.xml, folder/, status-report/, host-backup/
    directory: PathBuf,
}

#[derive(clap::Args)]
struct ChangeArgs {
    /// List the changes
    #[arg(long, exclusive = true)]
    list: bool,
    /// Name of the change, or `series` for five dated databases: 1.xml to 5.xml
    #[arg(required_unless_present = "list")]
    name: Option<String>,
    /// Directory to write to
    #[arg(required_unless_present = "list")]
    directory: Option<PathBuf>,
}

#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("no recipe {0}; `xenspect-synth list` shows them")]
    Recipe(String),
    #[error("no fault {0}; `xenspect-synth list` shows them")]
    Fault(String),
    #[error("no change {0}; `xenspect-synth change --list` shows them")]
    Change(String),
    #[error("no host backup {0}; `xenspect-synth host-backup --list` shows them")]
    HostBackup(String),
    #[error("recipe {0} has no ova.xml")]
    Document(String),
    #[error("--{0} does not go with recipe {1}")]
    Option(&'static str, String),
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
        Command::Restore(restore) => restore_scene(restore),
        Command::Change(args) => changed(args),
        Command::HostBackup(args) => command::host_backup(args),
        Command::Store(args) => command::store(&args),
        Command::Stream(args) => command::stream(&args),
        Command::Samples { directory } => at(&directory, samples::write_all(&directory)),
        Command::Seeds { directory } => at(&directory, seeds::write_all(&directory)),
        Command::Build(build) => match DumpRecipe::named(&build.recipe) {
            Some(recipe) => dump(recipe, build),
            None => archive(build),
        },
    }
}

fn restore_scene(restore: Restore) -> Result<(), Failure> {
    let scene = match restore.fault {
        Some(name) => RestoreFault::named(&name)
            .ok_or(Failure::Fault(name))?
            .build(),
        None if restore.swapped => Scene::demonstration(),
        None => Scene::good(),
    };
    at(
        &restore.directory,
        scene.files().into_iter().try_for_each(|(name, bytes)| {
            let path = restore.directory.join(name);
            path.parent().map_or(Ok(()), fs::create_dir_all)?;
            fs::write(path, bytes)
        }),
    )
}

fn changed(args: ChangeArgs) -> Result<(), Failure> {
    let (Some(name), Some(directory)) = (args.name, args.directory) else {
        return Ok(list_changes(io::stdout().lock())?);
    };
    let files: Vec<(String, Vec<u8>)> = if name == SERIES {
        let numbers = (1..).map(|number| format!("{number}.xml"));
        numbers.zip(change::series()).collect()
    } else {
        let change = Change::named(&name).ok_or(Failure::Change(name))?;
        let (old, new) = change.pair();
        vec![("old.xml".to_owned(), old), ("new.xml".to_owned(), new)]
    };
    let written = fs::create_dir_all(&directory).and_then(|()| {
        let mut files = files.iter();
        files.try_for_each(|(name, bytes)| fs::write(directory.join(name), bytes))
    });
    at(&directory, written)
}

fn list_changes(mut out: impl Write) -> io::Result<()> {
    for change in Change::all() {
        writeln!(out, "  {:<24} {}", change.name(), change.description())?;
    }
    let about = "five dated databases: a VM and a host come and go";
    writeln!(out, "  {SERIES:<24} {about}")?;
    out.flush()
}

fn dump(mut recipe: DumpRecipe, build: Build) -> Result<(), Failure> {
    for (given, option) in [(build.size.is_some(), "size"), (build.document, "document")] {
        if given {
            return Err(Failure::Option(option, build.recipe));
        }
    }
    recipe.seed = build.seed.unwrap_or(recipe.seed);
    recipe.envelope = build.envelope.unwrap_or(recipe.envelope);
    recipe.vms = build.vms.or(recipe.vms);
    match build.fault {
        None => write(&build.output, |out| recipe.write_to(out)),
        Some(name) => {
            let fault = DumpFault::named(&name).ok_or(Failure::Fault(name))?;
            let bytes = apply_dump(&recipe, fault)?;
            write(&build.output, |out| all(out, &bytes))
        }
    }
}

fn archive(build: Build) -> Result<(), Failure> {
    let mut recipe =
        Recipe::named(&build.recipe).ok_or_else(|| Failure::Recipe(build.recipe.clone()))?;
    if build.vms.is_some() {
        return Err(Failure::Option("vms", build.recipe));
    }
    recipe.seed = build.seed.unwrap_or(recipe.seed);
    recipe.envelope = build.envelope.unwrap_or(recipe.envelope);
    for disk in &mut recipe.disks {
        disk.virtual_size = build.size.unwrap_or(disk.virtual_size);
    }
    let fault = match build.fault {
        Some(name) => Some(Fault::named(&name).ok_or(Failure::Fault(name))?),
        None => None,
    };
    // What cannot be built is found out before a file is made.
    let bytes = match (fault, build.document) {
        (None, false) => return write(&build.output, |out| recipe.write_to(out)),
        (Some(fault), false) => apply(&recipe, fault)?,
        (Some(fault), true) => apply_to_document(&recipe, fault)?,
        (None, true) => recipe
            .document_text()
            .ok_or(Failure::Document(build.recipe))?,
    };
    write(&build.output, |out| all(out, &bytes))
}

fn all(out: &mut dyn Write, bytes: &[u8]) -> io::Result<()> {
    out.write_all(bytes)?;
    out.flush()
}

/// Opens the output and lets `fill` write it.
fn write(
    output: &Path,
    fill: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), Failure> {
    if output.as_os_str() == "-" {
        return Ok(fill(&mut io::stdout().lock())?);
    }
    let file = File::create(output);
    at(
        output,
        file.and_then(|file| fill(&mut BufWriter::new(file))),
    )
}

fn at<T>(path: &Path, result: io::Result<T>) -> Result<T, Failure> {
    result.map_err(|error| Failure::File(path.display().to_string(), error))
}

fn list(mut out: impl Write) -> io::Result<()> {
    let recipe =
        |out: &mut dyn Write, (name, description)| writeln!(out, "  {name:<24} {description}");
    writeln!(out, "Recipes of archives:")?;
    Recipe::names().try_for_each(|entry| recipe(&mut out, entry))?;
    writeln!(out, "\nRecipes of pool databases:")?;
    DumpRecipe::names().try_for_each(|entry| recipe(&mut out, entry))?;
    let archives = Fault::all().map(|fault| {
        (
            fault.is_harmless(),
            fault.name(),
            fault.description(),
            fault.default_recipe_name(),
        )
    });
    let dumps = DumpFault::all().map(|fault| {
        (
            fault.is_harmless(),
            fault.name(),
            fault.description(),
            fault.default_recipe_name(),
        )
    });
    writeln!(
        out,
        "\nFaults (recipe when none is given elsewhere; * a reader need not object):"
    )?;
    for (harmless, name, description, recipe) in archives.chain(dumps) {
        let mark = if harmless { '*' } else { ' ' };
        writeln!(out, "{mark} {name:<38} {description} [{recipe}]")?;
    }
    writeln!(out, "\nFaults of restores:")?;
    for fault in RestoreFault::all() {
        let (check, name, description) = (fault.check(), fault.name(), fault.description());
        writeln!(out, "  {name:<38} {description} [check {check}]")?;
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

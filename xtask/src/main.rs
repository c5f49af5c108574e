//! `cargo run -p xtask -- datamodel|releases|all`: makes the generated tables of `xenspect-xapi` from the shared data
//! folder beside the checkout, and `--check` only compares. What the tables mean is documented in that crate.
//!
//! `cargo run -p xtask -- supply`: compares the crates of others with `supply.toml`.
//!
//! `cargo run -p xtask -- old-kernel COMMAND...`: runs a command with the system calls of Linux 3.10 alone.

mod datamodel;
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod old_kernel;
mod releases;
mod rust;
mod supply;
mod tsv;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// One generated file.
struct Target {
    name: &'static str,
    /// From the workspace root.
    path: &'static str,
    generate: fn(&Folders) -> Result<String>,
}

const TARGETS: &[Target] = &[
    Target {
        name: "datamodel",
        path: "crates/xapi/src/datamodel/generated.rs",
        generate: datamodel::generate,
    },
    Target {
        name: "releases",
        path: "crates/xapi/src/releases/generated.rs",
        generate: releases::generate,
    },
];

/// Where the sources are.
struct Folders {
    root: PathBuf,
    /// The shared data.
    data: PathBuf,
}

impl Folders {
    fn find() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        Folders {
            data: root.join("../shared/data"),
            root,
        }
    }

    fn shared(&self, name: &str) -> Result<String> {
        read(&self.data.join(name))
    }

    fn own(&self, name: &str) -> Result<String> {
        read(&self.root.join("xtask/data").join(name))
    }
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()).into())
}

fn main() -> ExitCode {
    match run(&std::env::args().skip(1).collect::<Vec<_>>()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(format_args!("xtask: {error}"));
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<()> {
    #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
    if let [name, command @ ..] = arguments
        && name == "old-kernel"
    {
        return old_kernel::run(command);
    }
    if let [name] = arguments
        && name == "supply"
    {
        return supply::run(&Folders::find().root);
    }
    let check = arguments.iter().any(|argument| argument == "--check");
    let mut names = arguments.iter().filter(|argument| *argument != "--check");
    let (Some(name), None) = (names.next(), names.next()) else {
        return Err(
            "usage: xtask datamodel|releases|all [--check], or: xtask supply, or: xtask old-kernel COMMAND..."
                .into(),
        );
    };
    let targets: Vec<_> = TARGETS
        .iter()
        .filter(|target| name == "all" || name == target.name)
        .collect();
    if targets.is_empty() {
        return Err(format!("no such table: {name}").into());
    }
    let folders = Folders::find();
    for target in targets {
        let text = (target.generate)(&folders)?;
        let path = folders.root.join(target.path);
        if check && read(&path)? != text {
            return Err(
                format!("{} is not what `xtask {}` makes", target.path, target.name).into(),
            );
        }
        if !check {
            fs::write(&path, text)?;
            say(format_args!("wrote {}", target.path));
        }
    }
    Ok(())
}

fn say(what: std::fmt::Arguments<'_>) {
    use std::io::Write;
    // There is nobody left to tell when standard error is gone.
    let _ = writeln!(std::io::stderr(), "{what}");
}

#[cfg(test)]
mod tests {
    use super::{Folders, TARGETS, read, say};

    #[test]
    fn committed_tables_are_what_the_data_makes() {
        let folders = Folders::find();
        if !folders.data.is_dir() {
            say(format_args!(
                "skipped: no shared data at {}",
                folders.data.display()
            ));
            return;
        }
        for target in TARGETS {
            let text = (target.generate)(&folders).unwrap();
            let committed = read(&folders.root.join(target.path)).unwrap();
            assert!(
                committed == text,
                "run `cargo run -p xtask -- {}`",
                target.name
            );
        }
    }
}

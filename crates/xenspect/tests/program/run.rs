//! A folder with inputs, the program run in it, and its answer. Paths in reports are thereby the
//! short names that a test gave.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;
use xenspect_synth::{DumpRecipe, Fault, Recipe};

/// No run takes nearly as long; one that does hangs.
const PATIENCE: Duration = Duration::from_secs(120);

/// Arguments that verify the folder `s`, and leave out what the state file `st` knows for good.
pub(crate) const LEAVES_OUT: [&str; 8] = [
    "--state",
    "st",
    "--skip-verified-within",
    "30d",
    "--settle",
    "0s",
    "-r",
    "s",
];

/// The program with an environment that does not depend on who runs the test.
pub(crate) fn program() -> Command {
    let mut command = Command::new(path());
    for name in [
        "NO_COLOR",
        "CLICOLOR",
        "CLICOLOR_FORCE",
        "LC_CTYPE",
        "LANG",
        "COLUMNS",
    ] {
        command.env_remove(name);
    }
    command.env("LC_ALL", "C.UTF-8").env("TERM", "xterm");
    command
}

/// Where the program is.
pub(crate) fn path() -> &'static Path {
    assert_cmd::cargo::cargo_bin!("xenspect")
}

/// The archive of a recipe.
pub(crate) fn good(recipe: &str) -> Vec<u8> {
    Recipe::named(recipe).expect(recipe).build()
}

/// The archive with a fault in it.
pub(crate) fn damaged(fault: &str) -> Vec<u8> {
    Fault::named(fault).expect(fault).build()
}

/// The pool database of a recipe.
pub(crate) fn dump(recipe: &str) -> Vec<u8> {
    DumpRecipe::named(recipe).expect(recipe).build()
}

/// A temporary folder that the program runs in.
pub(crate) struct Folder(TempDir);

impl Folder {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// A folder with one file in it.
    pub(crate) fn with(name: &str, bytes: &[u8]) -> Self {
        let folder = Self::new();
        folder.put(name, bytes);
        folder
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// Names of what is in it, in their order.
    pub(crate) fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.path()).unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    /// Writes a file, and the folders above it.
    pub(crate) fn put(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        path
    }

    /// Runs the program with nothing on its standard input.
    pub(crate) fn run(&self, args: &[&str]) -> Answer {
        self.pipe(args, Vec::new())
    }

    /// Runs the program with these bytes on its standard input.
    pub(crate) fn pipe(&self, args: &[&str], input: Vec<u8>) -> Answer {
        let mut command = program();
        command.current_dir(self.path()).args(args);
        let output = assert_cmd::Command::from_std(command)
            .timeout(PATIENCE)
            .write_stdin(input)
            .output()
            .unwrap();
        Answer {
            status: output.status.code().expect("no signal and no timeout"),
            stdout: String::from_utf8(output.stdout).expect("a report is UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("remarks are UTF-8"),
        }
    }
}

/// What came out of a run.
pub(crate) struct Answer {
    pub(crate) status: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Answer {
    /// The JSON report.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("{error}\n{}\n{}", self.stdout, self.stderr))
    }

    /// The JSON report's only input.
    pub(crate) fn input(&self) -> Value {
        let report = self.json();
        let inputs = report["inputs"].as_array().expect("inputs");
        assert_eq!(inputs.len(), 1);
        inputs[0].clone()
    }
}

/// An input's findings in their order, without notes: those tell of lawful things, and nearly
/// every export has one.
pub(crate) fn findings(input: &Value) -> Vec<&Value> {
    let findings = input["findings"].as_array().expect("findings");
    findings
        .iter()
        .filter(|finding| finding["severity"] != "note")
        .collect()
}

/// The codes of [`findings`].
pub(crate) fn codes(input: &Value) -> Vec<&str> {
    findings(input)
        .iter()
        .map(|finding| finding["code"].as_str().expect("a code"))
        .collect()
}

/// Straight to standard error: the test harness hides what its own macros print.
pub(crate) fn say_skipped(what: std::fmt::Arguments<'_>) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "{what}");
}

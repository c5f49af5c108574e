//! Examples in a shell: the program in its path, and stand-ins for what an example needs and a test has not.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

use tempfile::TempDir;

/// No example takes nearly as long; one that does hangs.
const PATIENCE: Duration = Duration::from_secs(60);

/// `ssh HOST COMMAND` runs it here; `xe pool-dump-database` writes the pool of the folder; a pager shows what it is given.
const STAND_INS: [(&str, &str); 4] = [
    ("ssh", "shift\nexec sh -c \"$*\"\n"),
    ("xe", "exec cat pool.xml\n"),
    ("less", "exec cat\n"),
    ("sendmail", "cat > mail.txt\n"),
];

/// What became of a script.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) status: i32,
    /// Standard output and standard error as they came.
    pub(crate) output: String,
    /// The runs of the program: exit status and arguments.
    pub(crate) runs: Vec<(i32, String)>,
}

/// Folders of programs, made once for all tests.
struct Programs {
    folder: TempDir,
}

impl Programs {
    fn get() -> &'static Self {
        static PROGRAMS: OnceLock<Programs> = OnceLock::new();
        PROGRAMS.get_or_init(|| {
            let folder = tempfile::tempdir().unwrap();
            let real = assert_cmd::cargo::cargo_bin!("xenspect");
            // Each run leaves a line, so that a pipe cannot hide how the program ended.
            let recorded = format!(
                "'{}' \"$@\"\nstatus=$?\nprintf '%s %s\\n' \"$status\" \"$*\" >> \"$XENSPECT_RUNS\"\nexit $status\n",
                real.display()
            );
            script(folder.path(), "xenspect", &recorded);
            for (name, text) in STAND_INS {
                script(folder.path(), name, text);
            }
            Self { folder }
        })
    }
}

fn script(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    fs::write(&path, format!("#!/bin/sh\n{text}")).unwrap();
    executable(&path);
}

#[cfg(unix)]
fn executable(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

#[cfg(not(unix))]
fn executable(_: &Path) {}

/// Runs a script in a folder, by `sh`, with nothing on its standard input.
pub(crate) fn run(folder: &Path, text: &str) -> Outcome {
    run_by("sh", folder, text)
}

/// The same by another shell.
pub(crate) fn run_by(shell: &str, folder: &Path, text: &str) -> Outcome {
    let record = folder.join(".runs");
    let _ = fs::remove_file(&record);
    let programs = Programs::get().folder.path();
    let mut path = vec![programs.to_owned()];
    path.extend(std::env::split_paths(
        &std::env::var_os("PATH").unwrap_or_default(),
    ));
    let mut command = Command::new(shell);
    command
        .arg("-c")
        .arg(format!("exec 2>&1\n{text}\n"))
        .current_dir(folder)
        .stdin(Stdio::null())
        .env("PATH", std::env::join_paths(path).unwrap())
        .env("XENSPECT_RUNS", &record)
        .env("HOME", folder)
        .env("RUNNER_TEMP", folder)
        .env("GITHUB_STEP_SUMMARY", folder.join("summary.md"))
        .env("LC_ALL", "C.UTF-8")
        .env("TERM", "dumb")
        .env("TZ", "UTC");
    for name in [
        "NO_COLOR",
        "CLICOLOR",
        "CLICOLOR_FORCE",
        "COLUMNS",
        "LANG",
        "LC_CTYPE",
    ] {
        command.env_remove(name);
    }
    let output = assert_cmd::Command::from_std(command)
        .timeout(PATIENCE)
        .output()
        .unwrap();
    let runs = fs::read_to_string(&record).unwrap_or_default();
    Outcome {
        status: output.status.code().expect("no signal and no timeout"),
        output: String::from_utf8_lossy(&output.stdout).into_owned(),
        runs: runs
            .lines()
            .filter_map(|line| {
                let (status, arguments) = line.split_once(' ')?;
                Some((status.parse().ok()?, arguments.to_owned()))
            })
            .collect(),
    }
}

/// `/srv/backups` is `srv/backups` of the folder.
pub(crate) fn here(line: &str) -> String {
    ["/srv/", "/mnt/", "/var/lib/", "/run/", "/backups/"]
        .into_iter()
        .fold(line.to_owned(), |line, folder| {
            let below = folder.trim_start_matches('/');
            [" ", "\"", "'", "="]
                .into_iter()
                .fold(line, |line, before| {
                    line.replace(&format!("{before}{folder}"), &format!("{before}{below}"))
                })
        })
}

/// Where a program is, if this machine has it.
pub(crate) fn which(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|path| path.is_file())
}

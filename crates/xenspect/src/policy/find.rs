//! Which policy file is used, and the reading of it and of baselines.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use xenspect_policy::{Baseline, Policy};

use crate::output::escaped;

/// The name of a policy that is found.
pub(crate) const NAME: &str = "xenspect.toml";
/// A longer policy is none.
const LONGEST_POLICY: u64 = 4 << 20;
/// A line for each of a million findings.
const LONGEST_BASELINE: u64 = 1 << 30;

/// The policy file of the working directory: there, or in the nearest folder above it.
///
/// Never looked for beside inputs, since a backup would bring along what it is judged by.
///
/// # Errors
/// In words, when others can write it, so that nobody knows whose it is.
pub(crate) fn upward() -> Result<Option<PathBuf>, String> {
    let Ok(here) = std::env::current_dir() else {
        return Ok(None);
    };
    let found = here
        .ancestors()
        .map(|folder| folder.join(NAME))
        .find(|path| {
            // A link that leads nowhere is there too, and is told when it is read.
            fs::symlink_metadata(path).is_ok_and(|there| !there.is_dir())
        });
    match found {
        // Nothing is waited for that somebody has put there.
        Some(path) if !path.is_file() => Err(format!(
            "{}: is no file that can be read; --policy FILE uses another one, --no-policy none",
            name(&path)
        )),
        Some(path) if is_open_to_all(&path) => Err(format!(
            "{}: everybody can write it or its folder, so it is not used unasked; --policy FILE uses it, --no-policy goes on without",
            name(&path)
        )),
        found => Ok(found),
    }
}

#[cfg(unix)]
fn is_open_to_all(path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    const OTHERS_WRITE: u32 = 0o002;
    let open = |path: &Path| fs::metadata(path).is_ok_and(|there| there.mode() & OTHERS_WRITE != 0);
    open(path) || path.parent().is_some_and(open)
}

#[cfg(not(unix))]
fn is_open_to_all(_: &Path) -> bool {
    false
}

/// Reads a policy.
///
/// # Errors
/// In words, with the file's name.
pub(crate) fn policy(path: &Path) -> Result<Policy, String> {
    let text = text(path, LONGEST_POLICY)?;
    Policy::read(&text).map_err(|error| wrong(path, "policy", &error.to_string()))
}

/// Reads a baseline.
///
/// # Errors
/// In words, with the file's name.
pub(crate) fn baseline(path: &Path) -> Result<Baseline, String> {
    let text = text(path, LONGEST_BASELINE)?;
    Baseline::read(&text).map_err(|error| wrong(path, "baseline", &error.to_string()))
}

/// The words of an error hold the line, which is kept as a line.
fn wrong(path: &Path, what: &str, words: &str) -> String {
    let lines: Vec<String> = words.lines().map(escaped).collect();
    format!(
        "{}: cannot be used as a {what}: {}",
        name(path),
        lines.join("\n")
    )
}

fn text(path: &Path, longest: u64) -> Result<String, String> {
    let cannot = |why: &dyn std::fmt::Display| format!("{}: cannot be read: {why}", name(path));
    let file = File::open(path).map_err(|error| cannot(&error))?;
    let mut bytes = Vec::new();
    file.take(longest + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| cannot(&error))?;
    if bytes.len() as u64 > longest {
        return Err(cannot(&format_args!("it is longer than {longest} bytes")));
    }
    String::from_utf8(bytes).map_err(|_| cannot(&"it is not UTF-8"))
}

/// A path, for a remark.
pub(crate) fn name(path: &Path) -> String {
    escaped(&path.to_string_lossy())
}

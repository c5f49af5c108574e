//! Which inputs are meant: the ones given, and with `-r` the files below directories.

use std::path::{Path, PathBuf};

use walkdir::WalkDir;

/// One thing to verify.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    /// Standard input.
    Stdin,
    /// A path as it was given.
    Given(PathBuf),
    /// A file met below a directory: of these, only backups are of interest.
    Met(PathBuf),
    /// Something below a directory that is no file: a link, a FIFO, a device.
    Other(PathBuf),
    /// A directory, or something below one, that cannot be listed.
    Unlisted(PathBuf, String),
}

impl Target {
    /// The input that a path means: `-` is standard input.
    pub(crate) fn of(path: &Path) -> Self {
        if path.as_os_str() == "-" {
            Self::Stdin
        } else {
            Self::Given(path.to_owned())
        }
    }

    /// Whether it holds the same when it is opened again. What comes through a pipe is gone.
    pub(crate) fn can_be_read_again(&self) -> bool {
        self.path().is_some_and(Path::is_file)
    }

    /// Where it is; `None` for standard input.
    pub(crate) fn path(&self) -> Option<&Path> {
        match self {
            Self::Stdin => None,
            Self::Given(path) | Self::Met(path) | Self::Other(path) | Self::Unlisted(path, _) => {
                Some(path)
            }
        }
    }
}

/// The inputs in the order given; files of a directory by name. Links are not followed.
pub(crate) fn expand(inputs: &[PathBuf], recursive: bool) -> Vec<Target> {
    let mut targets = Vec::new();
    for input in inputs {
        if input.as_os_str() == "-" {
            targets.push(Target::Stdin);
        } else if !input.is_dir() {
            targets.push(Target::Given(input.clone()));
        } else if recursive {
            below(input, &mut targets);
        } else {
            let reason = "is a directory; use -r for the backups below it".to_owned();
            targets.push(Target::Unlisted(input.clone(), reason));
        }
    }
    targets
}

fn below(directory: &Path, targets: &mut Vec<Target>) {
    for entry in WalkDir::new(directory).sort_by_file_name() {
        match entry {
            Ok(entry) if entry.file_type().is_file() => {
                targets.push(Target::Met(entry.into_path()));
            }
            Ok(entry) if entry.file_type().is_dir() => {}
            Ok(entry) => targets.push(Target::Other(entry.into_path())),
            Err(error) => {
                let path = error.path().unwrap_or(directory).to_owned();
                let reason = error
                    .io_error()
                    .map_or_else(|| error.to_string(), ToString::to_string);
                targets.push(Target::Unlisted(path, reason));
            }
        }
    }
}

/// Whether a file is named like a backup. Contents decide what a file is; the name decides only
/// that a file which turns out to be nothing known is not passed over in silence.
pub(crate) fn is_named_like_a_backup(path: &Path) -> bool {
    const NAMES: [&str; 4] = [".xva", ".vmmeta", ".xbk", ".ova"];
    const PACKED: [&str; 5] = [".gz", ".zst", ".zstd", ".part", ".tmp"];
    let Some(name) = path.file_name() else {
        return false;
    };
    let name = name.to_string_lossy().to_ascii_lowercase();
    let bare = PACKED
        .iter()
        .find_map(|packed| name.strip_suffix(packed))
        .unwrap_or(&name);
    NAMES.iter().any(|suffix| bare.ends_with(suffix))
}

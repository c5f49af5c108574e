//! Which inputs are meant: the ones given, and with `-r` the files below directories.

use std::path::{Path, PathBuf};

use crate::listing::Below;
use crate::remote;

/// One thing to verify.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    /// Standard input.
    Stdin,
    /// A path, or the URL of an object, as it was given.
    Given(PathBuf),
    /// A file met below a directory: of these, only backups are of interest.
    Met(PathBuf),
    /// A file met below a directory that has to be a backup, as something else there says.
    Data(PathBuf),
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

    /// The input that a path means where all below a folder is not.
    pub(crate) fn alone(path: &Path) -> Self {
        if path.is_dir() {
            let reason = "is a directory; use -r for the backups below it".to_owned();
            Self::Unlisted(path.to_owned(), reason)
        } else {
            Self::of(path)
        }
    }

    /// Whether it holds the same when it is opened again. What comes through a pipe is gone.
    pub(crate) fn can_be_read_again(&self) -> bool {
        self.path()
            .is_some_and(|path| path.is_file() || remote::is_url(path))
    }

    /// Where it is; `None` for standard input.
    pub(crate) fn path(&self) -> Option<&Path> {
        match self {
            Self::Stdin => None,
            Self::Given(path)
            | Self::Met(path)
            | Self::Data(path)
            | Self::Other(path)
            | Self::Unlisted(path, _) => Some(path),
        }
    }
}

/// What a path means.
pub(crate) enum Meant {
    /// One input.
    One,
    /// All that is below it.
    Below(Below),
    /// An object, and others below a prefix of the same name.
    Both(Below),
}

/// What a path means with `-r`.
pub(crate) fn meant(path: &Path) -> Meant {
    if !remote::is_url(path) {
        return match path.is_dir() {
            true => Meant::Below(Below::of(path)),
            false => Meant::One,
        };
    }
    let below = Below::of(path);
    if remote::is_prefix(path) {
        return Meant::Below(below);
    }
    // A store has no folders: what is called as nothing is called may be an object or a prefix.
    let unlisted = matches!(&below.targets[..], [(Target::Unlisted(of, _), _)] if of == path);
    if below.targets.is_empty() {
        return Meant::One;
    }
    match (remote::find(path), unlisted) {
        (Ok(None), _) => Meant::Below(below),
        // One that cannot be asked for cannot be read either, and that is told then.
        (Ok(Some(_)) | Err(_), true) => Meant::One,
        (Ok(Some(_)) | Err(_), false) => Meant::Both(below),
    }
}

/// The inputs in the order given; files of a directory by name. Links are not followed.
pub(crate) fn expand(inputs: &[PathBuf], recursive: bool) -> Vec<Target> {
    let mut targets = Vec::new();
    for input in inputs {
        let meant = match recursive {
            true => meant(input),
            false => Meant::One,
        };
        if matches!(meant, Meant::One | Meant::Both(_)) {
            targets.push(Target::alone(input));
        }
        if let Meant::Below(below) | Meant::Both(below) = meant {
            let below = below.targets.into_iter();
            targets.extend(below.map(|(target, _)| target));
        }
    }
    targets
}

/// Names under which hosts keep pool databases (`formats/pool-db.md` sections 1 and 9).
const DATABASES: [&str; 9] = [
    "state.db",
    "restore_db.db",
    "ha_metadata.db",
    "gen_metadata.db",
    "foreign.db",
    "snapshot.db",
    "state-backup.xml",
    "xapi-db.xml",
    "xapi-db-dumped.xml",
];
/// How those in host backups begin; their time follows.
const DATED_DATABASE: &str = "pool-database-";

/// Whether a file is named like a backup. Contents decide what a file is; the name decides only
/// that a file which turns out to be nothing known is not passed over in silence.
pub(crate) fn is_named_like_a_backup(path: &Path) -> bool {
    const NAMES: [&str; 4] = [".xva", ".vmmeta", ".xbk", ".ova"];
    const PACKED: [&str; 8] = [
        ".gz", ".zst", ".zstd", ".xz", ".bz2", ".lz4", ".part", ".tmp",
    ];
    let Some(name) = path.file_name() else {
        return false;
    };
    let name = name.to_string_lossy().to_ascii_lowercase();
    let bare = PACKED
        .iter()
        .find_map(|packed| name.strip_suffix(packed))
        .unwrap_or(&name);
    NAMES.iter().any(|suffix| bare.ends_with(suffix)) || bare.starts_with(DATED_DATABASE)
}

/// Whether a file has a name under which hosts keep pool databases, and others whatever they like: what is known to be something else
/// is none.
pub(crate) fn is_named_like_a_database(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy());
    name.is_some_and(|name| DATABASES.contains(&name.strip_suffix(".gz").unwrap_or(&name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_backups() {
        for name in [
            "web.xva",
            "WEB.XVA.GZ",
            "web.xva.xz",
            "pool.vmmeta",
            "host.xbk",
            "web.ova.part",
            "pool-database-2024-05-31--13-07-09",
        ] {
            assert!(is_named_like_a_backup(Path::new(name)), "{name}");
        }
        for name in ["state.db", "state.db.gz", "xapi-db-dumped.xml"] {
            assert!(is_named_like_a_database(Path::new(name)), "{name}");
        }
        for name in [
            "web.xva.txt",
            "state.db.generation",
            "local.db",
            "notes.xml",
            "data.gz",
            "",
        ] {
            let path = Path::new(name);
            assert!(!is_named_like_a_backup(path), "{name}");
            assert!(!is_named_like_a_database(path), "{name}");
        }
    }
}

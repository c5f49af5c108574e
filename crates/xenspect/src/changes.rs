//! Whether a file is still what it was before it was read: two looks at its path, as `tar` takes them. Who writes without leaving
//! another length or time of change behind is not seen. Objects of a store are bound to one version by their reader.

use std::fs;
use std::path::PathBuf;
use std::time::SystemTime;

use xenspect_model::catalog::Change;

use crate::inputs::Target;
use crate::remote;

/// A regular file before it is read.
pub(crate) struct Before {
    path: PathBuf,
    seen: Seen,
}

/// What can be seen of a file without reading it.
struct Seen {
    identity: Identity,
    len: u64,
    modified: Option<SystemTime>,
}

/// What tells a file from another one of the same name.
#[derive(PartialEq, Eq)]
struct Identity(Option<(u64, u64)>);

impl Before {
    /// Looks at an input; `None` for what has no length and time of change that mean its contents.
    pub(crate) fn of(target: &Target) -> Option<Self> {
        let path = target.path().filter(|path| !remote::is_url(path))?;
        let path = path.to_owned();
        let seen = Seen::of(&fs::metadata(&path).ok()?)?;
        Some(Self { path, seen })
    }

    /// What became of it since.
    pub(crate) fn change(&self) -> Option<Change> {
        let now = fs::metadata(&self.path).ok();
        let Some(now) = now else {
            return Some(Change::Gone);
        };
        let Some(now) = Seen::of(&now) else {
            return Some(Change::Replaced);
        };
        if now.identity != self.seen.identity {
            return Some(Change::Replaced);
        }
        let is_same = now.len == self.seen.len && now.modified == self.seen.modified;
        (!is_same).then_some(Change::Written {
            before: self.seen.len,
            now: now.len,
        })
    }
}

/// A change in words that follow the name of the input.
pub(crate) fn words(change: Change) -> String {
    let what = match change {
        Change::Written { .. } => "it was written to",
        Change::Replaced => "another file took its name",
        Change::Gone => "it was removed",
    };
    format!("{what} while it was read; try again when nothing writes it")
}

impl Seen {
    fn of(metadata: &fs::Metadata) -> Option<Self> {
        metadata.is_file().then(|| Self {
            identity: Identity::of(metadata),
            len: metadata.len(),
            modified: metadata.modified().ok(),
        })
    }
}

impl Identity {
    #[cfg(unix)]
    fn of(metadata: &fs::Metadata) -> Self {
        use std::os::unix::fs::MetadataExt;
        Self(Some((metadata.dev(), metadata.ino())))
    }

    #[cfg(not(unix))]
    fn of(_: &fs::Metadata) -> Self {
        Self(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_became_of_a_file_is_seen() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.xva");
        let other = folder.path().join("b.xva");
        let put = |text: &str| {
            fs::write(&path, text).unwrap();
            Before::of(&Target::of(&path)).unwrap()
        };
        assert_eq!(put("one").change(), None);

        let before = put("one");
        fs::write(&path, "one two").unwrap();
        let change = Change::Written { before: 3, now: 7 };
        assert_eq!(before.change(), Some(change));

        let before = put("one");
        let file = fs::File::options().write(true).open(&path).unwrap();
        file.set_modified(SystemTime::UNIX_EPOCH).unwrap();
        let change = Change::Written { before: 3, now: 3 };
        assert_eq!(before.change(), Some(change));

        // Of the same length and time.
        let before = put("one");
        let modified = fs::metadata(&path).unwrap().modified().unwrap();
        fs::write(&other, "two").unwrap();
        let file = fs::File::options().write(true).open(&other).unwrap();
        file.set_modified(modified).unwrap();
        fs::rename(&other, &path).unwrap();
        assert_eq!(before.change(), cfg!(unix).then_some(Change::Replaced));

        let before = put("one");
        fs::remove_file(&path).unwrap();
        assert_eq!(before.change(), Some(Change::Gone));
        fs::create_dir(&path).unwrap();
        assert_eq!(before.change(), Some(Change::Replaced));
        assert!(Before::of(&Target::of(&path)).is_none());
        assert!(Before::of(&Target::Stdin).is_none());
    }
}

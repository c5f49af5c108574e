//! Files of a folder: those that are wanted, by their path below it. Symbolic links are not followed, and nothing but
//! plain files is opened.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use super::kept::Kept;
use super::{Collected, unreadable};
use crate::error::Error;
use crate::options::Progress;

/// Folders below folders that are looked into.
const DEPTH: usize = 8;
/// Files and folders that are looked at before a folder is taken for more than one of collected files.
const ENTRIES: u64 = 100_000;

/// Takes the wanted files of a folder.
pub(super) fn collect(
    folder: &Path,
    kept: Kept<'_>,
    progress: &Progress,
) -> Result<Collected, Error> {
    progress.begin(0);
    let mut walk = Walk {
        kept,
        progress,
        seen: 0,
        read: 0,
    };
    let entries = sorted(folder)?;
    walk.entries(entries, "", 0)?;
    Ok(walk.kept.of_folder())
}

struct Walk<'a, 'b> {
    kept: Kept<'a>,
    progress: &'b Progress,
    seen: u64,
    read: u64,
}

impl Walk<'_, '_> {
    fn entries(
        &mut self,
        entries: Vec<(String, PathBuf)>,
        above: &str,
        depth: usize,
    ) -> Result<(), Error> {
        for (name, path) in entries {
            if self.progress.is_cancelled() {
                return Err(Error::Interrupted);
            }
            if self.seen == ENTRIES {
                self.kept.remark(format!(
                    "it holds more than {ENTRIES} files and folders; further ones were not looked at"
                ));
            }
            self.seen = self.seen.saturating_add(1);
            if self.seen > ENTRIES {
                return Ok(());
            }
            self.entry(&format!("{above}{name}"), &path, depth)?;
        }
        Ok(())
    }

    fn entry(&mut self, name: &str, path: &Path, depth: usize) -> Result<(), Error> {
        let Ok(metadata) = fs::symlink_metadata(path) else {
            return Ok(());
        };
        if metadata.is_dir() {
            return self.folder(name, path, depth);
        }
        let Some(name) = self.kept.look(name.as_bytes()) else {
            return Ok(());
        };
        if metadata.is_symlink() {
            self.kept
                .leave_out(&name, "is a symbolic link, and links are not followed");
        } else if !metadata.is_file() {
            self.kept.leave_out(&name, "is no plain file");
        } else if let Some(room) = self.kept.room(&name, Some(metadata.len())) {
            self.file(name, path, room);
        }
        Ok(())
    }

    fn folder(&mut self, name: &str, path: &Path, depth: usize) -> Result<(), Error> {
        if depth >= DEPTH {
            self.kept.remark(format!(
                "the folder {name} lies more than {DEPTH} folders deep and was not looked into"
            ));
            return Ok(());
        }
        match sorted(path) {
            Ok(entries) => self.entries(entries, &format!("{name}/"), depth.saturating_add(1)),
            Err(error) => {
                let why = unreadable(&error);
                self.kept.remark(format!("the folder {name} {why}"));
                Ok(())
            }
        }
    }

    fn file(&mut self, name: String, path: &Path, room: u64) {
        let mut bytes = Vec::new();
        // A file may grow while it is read.
        let read = File::open(path)
            .and_then(|file| file.take(room.saturating_add(1)).read_to_end(&mut bytes));
        match read {
            Err(error) => self.kept.leave_out(&name, &unreadable(&error)),
            Ok(_) if bytes.len() as u64 > room => self.kept.too_large(&name),
            Ok(_) => {
                self.read = self.read.saturating_add(bytes.len() as u64);
                self.progress.advance(self.read);
                self.kept.keep(name, bytes);
            }
        }
    }
}

/// The entries of a folder in the order of their names.
fn sorted(folder: &Path) -> std::io::Result<Vec<(String, PathBuf)>> {
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        entries.push((name, entry.path()));
        if entries.len() as u64 > ENTRIES {
            break;
        }
    }
    entries.sort();
    Ok(entries)
}

//! A whole store of backups in folders, with the digests that people keep beside them and a repository of Xen Orchestra; and the
//! same as a copy in which ten things went wrong.
//!
//! ```text
//! nas/2026-11-DD/…        exports, metadata, pool databases and host backups of a day, with a SHA256SUMS
//! loose/…                 exports, each with its .md5
//! xo/xo-vm-backups/VM/…   exports as Xen Orchestra keeps them
//! xo/xo-pool-metadata-backups/SCHEDULE/POOL/…
//! ```
//!
//! The digests are those of the good files, also where the copy is broken. The same number and seed give the same bytes.

mod faults;
mod layout;

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use layout::Backup;

/// A store to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Store {
    /// How many backups it holds.
    pub archives: usize,
    /// Seed of their contents.
    pub seed: u64,
    /// Whether ten of them are broken, each in another way.
    pub faults: bool,
}

/// What is wrong with one file of a store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// Its path below the store's folder, with `/` between its parts.
    pub path: String,
    /// What was done to it.
    pub fault: &'static str,
    /// The code that a verification must give there; `unreadable` where there is a verdict and no code.
    pub code: &'static str,
}

/// The smallest store that has something to break in each of the ten ways.
pub const SMALLEST_WITH_FAULTS: usize = 40;

/// A file of the store.
pub(crate) struct Entry {
    pub(crate) path: String,
    pub(crate) bytes: Vec<u8>,
}

impl Store {
    /// Writes it below a folder, one backup after another, and says what is wrong with it, by path.
    ///
    /// # Errors
    ///
    /// Those of the file system, and one if it is too small for its faults.
    pub fn write(&self, folder: &Path) -> io::Result<Vec<Broken>> {
        if self.faults && self.archives < SMALLEST_WITH_FAULTS {
            return Err(io::Error::other(format!(
                "a store with faults has {SMALLEST_WITH_FAULTS} archives or more"
            )));
        }
        let mut broken = Vec::new();
        let mut lists = layout::Lists::default();
        for number in 0..self.archives {
            let backup = Backup::new(self.seed, number);
            let good = backup.bytes();
            let (mut files, path) = backup.files(&good);
            lists.add(&path, &good);
            if self.faults
                && let Some((fault, code)) = faults::of(number)
            {
                let path = faults::apply(fault, &backup, &good, &path, &mut files);
                broken.push(Broken { path, fault, code });
            }
            put(folder, files)?;
        }
        put(folder, lists.files())?;
        put(folder, layout::around(self.archives))?;
        broken.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(broken)
    }
}

fn put(folder: &Path, files: impl IntoIterator<Item = Entry>) -> io::Result<()> {
    for file in files {
        let path = folder.join(&file.path);
        path.parent().map_or(Ok(()), fs::create_dir_all)?;
        private(&path)?.write_all(&file.bytes)?;
    }
    Ok(())
}

/// A new file that its owner alone can read, since pool databases and host backups hold secrets.
fn private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// The table of what is wrong: path, fault and code with tabs between, and a line of headings.
#[must_use]
pub fn table(broken: &[Broken]) -> String {
    let mut text = "path\tfault\tcode\n".to_owned();
    for Broken { path, fault, code } in broken {
        text.push_str(&format!("{path}\t{fault}\t{code}\n"));
    }
    text
}

//! The tree of a host on a disk, and GNU tar run over it as the script of `xe host-backup` does
//! (`formats/host-backup.md` section 1).

use std::fs::{self, File, Permissions};
use std::io::{self, Seek, SeekFrom, Write};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Component, Path};
use std::process::{Command, Stdio};
use std::time::{Duration, UNIX_EPOCH};

use super::HostBackup;
use super::entry::{Entry, What};

/// What the script leaves out. The patterns are not anchored.
pub const EXCLUDED: [&str; 8] = [
    "tmp/*",
    "tmp/.*",
    "var/crash/*",
    "var/crash/.*",
    "var/log/audit*",
    "var/xsconfig/*",
    "var/xsconfig/.*",
    "var/xapi/[a-f0-9]*-[a-f0-9]*-[a-f0-9]*-[a-f0-9]*-[a-f0-9]*",
];

impl HostBackup {
    /// Writes the files below a folder, in the place of those that are there. Gives the paths of those that this user may not make: devices, as a rule. Owners
    /// are not set.
    ///
    /// # Errors
    ///
    /// Those of the file system; [`io::ErrorKind::InvalidInput`] for a name that leads out of the folder.
    pub fn write_tree(&self, root: &Path) -> io::Result<Vec<String>> {
        let mut skipped = Vec::new();
        for entry in &self.entries {
            if !write(entry, root)? {
                skipped.push(entry.path().to_owned());
            }
        }
        // What is written into a folder changes its time, so that folders come last.
        for entry in self.entries.iter().rev() {
            if entry.what == What::Folder {
                finish(entry, &place(root, entry.path())?)?;
            }
        }
        Ok(skipped)
    }
}

/// Where a path of the archive is below the folder.
fn place(root: &Path, path: &str) -> io::Result<std::path::PathBuf> {
    let safe = |part| matches!(part, Component::Normal(_) | Component::CurDir);
    if Path::new(path).components().all(safe) {
        Ok(root.join(path))
    } else {
        let why = format!("{path} leads out of the folder");
        Err(io::Error::new(io::ErrorKind::InvalidInput, why))
    }
}

/// Whether it could be made.
fn write(entry: &Entry, root: &Path) -> io::Result<bool> {
    let path = place(root, entry.path())?;
    // Nothing is written through a link.
    if fs::symlink_metadata(&path).is_ok_and(|there| !there.is_dir()) {
        fs::remove_file(&path)?;
    }
    match &entry.what {
        What::Folder => return fs::create_dir_all(&path).map(|()| true),
        What::File(bytes) => fs::write(&path, bytes)?,
        What::Zeros(length) => File::create(&path)?.set_len(*length)?,
        What::Sparse { length, pieces } => {
            let mut file = File::create(&path)?;
            file.set_len(*length)?;
            for (offset, piece) in pieces {
                file.seek(SeekFrom::Start(*offset))?;
                file.write_all(piece)?;
            }
        }
        What::HardLink(to) => {
            let to = to.strip_prefix("./").unwrap_or(to);
            return fs::hard_link(place(root, to)?, &path).map(|()| true);
        }
        What::Symlink(to) => return symlink(to, &path).map(|()| true),
        What::Character(major, minor) => {
            return node(&path, &["c", &major.to_string(), &minor.to_string()]);
        }
        What::Block(major, minor) => {
            return node(&path, &["b", &major.to_string(), &minor.to_string()]);
        }
        What::Fifo => return node(&path, &["p"]),
    }
    finish(entry, &path).map(|()| true)
}

fn node(path: &Path, kind: &[&str]) -> io::Result<bool> {
    let made = Command::new("mknod")
        .arg(path)
        .args(kind)
        .stderr(Stdio::null())
        .status()?;
    Ok(made.success())
}

/// Permissions and time of a file or folder.
fn finish(entry: &Entry, path: &Path) -> io::Result<()> {
    let time = UNIX_EPOCH + Duration::from_secs(entry.modified);
    File::open(path)?.set_modified(time)?;
    fs::set_permissions(path, Permissions::from_mode(entry.mode))
}

/// Packs the tree below `root` into `out` by GNU tar with the options of the script.
///
/// # Errors
///
/// Those of running it; when it fails, which it does without `boot/efi`.
pub fn pack(root: &Path, out: File) -> io::Result<()> {
    let status = Command::new("tar")
        .args(["--gzip", "--sparse", "--preserve-permissions"])
        .args(["--one-file-system", "--warning=no-file-ignored"])
        .args(EXCLUDED.map(|pattern| format!("--exclude={pattern}")))
        .args(["--create", "--file=-", ".", "boot/efi"])
        .current_dir(root)
        .env("LC_ALL", "C")
        .stdout(out)
        .status()?;
    if status.success() {
        Ok(())
    } else {
        Err(io::Error::other(format!("tar: {status}")))
    }
}

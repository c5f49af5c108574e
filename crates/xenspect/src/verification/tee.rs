//! `verify --tee`: the copy that is made while an input is read. It gets its name when it is whole, synced, and known to be good; the
//! copy of an input that is not good is kept too, with `.damaged` behind its name.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;
use xenspect_model::catalog::{DigestKind, StoredFile};
use xenspect_model::report::{Input, Tee};

use xenspect_scan::Wish;

use super::beside;
use crate::inputs::Target;
use crate::reading::Failure;

/// Behind the name of a copy of an input that is not good.
const DAMAGED: &str = ".damaged";

/// A copy that is being made.
pub(crate) struct Copy {
    out: PathBuf,
    force: bool,
    file: NamedTempFile,
}

impl Copy {
    /// Begins a copy: a temporary file beside where it shall be.
    ///
    /// # Errors
    /// In words, when it cannot be written there, or something is there and `force` does not say that it may go.
    pub(crate) fn begin(input: &Target, out: &Path, force: bool) -> Result<Self, Failure> {
        Self::new(input, out, force).map_err(Failure::NotWritten)
    }

    fn new(input: &Target, out: &Path, force: bool) -> Result<Self, String> {
        let shown = out.display();
        if out.as_os_str() == "-" {
            return Err("a copy goes to a file; standard output is for the report".to_owned());
        }
        if let Some(input) = input.path()
            && is_same_file(input, out)
        {
            return Err(format!("{shown}: the copy would be written over the input"));
        }
        for taken in [out.to_owned(), damaged(out)] {
            if taken.is_dir() {
                return Err(format!("{}: is a directory", taken.display()));
            }
            // A link that leads nowhere is there, too.
            if !force && fs::symlink_metadata(&taken).is_ok() {
                let taken = taken.display();
                return Err(format!("{taken}: is there already; --force writes over it"));
            }
        }
        let name = out
            .file_name()
            .ok_or_else(|| format!("{shown}: is no name of a file"))?;
        let mut prefix = OsString::from(".");
        prefix.push(name);
        prefix.push(".");
        let mut builder = tempfile::Builder::new();
        builder.prefix(&prefix).suffix(".partial");
        let file = builder
            .tempfile_in(folder(out))
            .map_err(|error| format!("{shown}: cannot be written: {error}"))?;
        Ok(Self {
            out: out.to_owned(),
            force,
            file,
        })
    }

    /// Wishes for the bytes, and for the digest of them.
    ///
    /// # Errors
    /// When the file cannot be opened a second time.
    pub(crate) fn wish(&self, wish: &mut Wish) -> Result<(), Failure> {
        let file = self.file.reopen().map_err(|error| failed(&error))?;
        wish.copy = Some(Box::new(file));
        beside::add(wish, DigestKind::Sha256);
        Ok(())
    }

    /// Gives the copy its name, if all of the input is in it, and tells the report. `good` tells whether it is the name that was asked
    /// for.
    ///
    /// # Errors
    /// In words, when the copy is not whole or cannot get its name. There is no copy then.
    pub(crate) fn finish(
        self,
        source: &Target,
        stored: &StoredFile,
        good: bool,
        input: &mut Input,
    ) -> Result<(), String> {
        let shown = self.out.display().to_string();
        let cannot = |error: io::Error| format!("{shown}: cannot be written: {error}");
        let file = self.file.as_file();
        file.sync_all().map_err(cannot)?;
        let written = file.metadata().map_err(cannot)?.len();
        if written != stored.bytes {
            return Err(format!(
                "{shown}: {written} bytes were written of the {} that were read",
                stored.bytes
            ));
        }
        let path = if good && stored.whole {
            self.out.clone()
        } else {
            damaged(&self.out)
        };
        take_mode(source, file);
        let kept = match self.force {
            true => self.file.persist(&path),
            false => self.file.persist_noclobber(&path),
        };
        kept.map_err(|error| cannot(error.error))?;
        sync_folder(&path).map_err(cannot)?;
        input.copy.tee = Some(Box::new(Tee {
            path: path.to_string_lossy().into_owned(),
            bytes: stored.bytes,
            sha256: stored.digest(DigestKind::Sha256).map(hex),
        }));
        // Nothing may look like a good copy that is not surely one.
        if good && !stored.whole {
            return Err(format!(
                "{}: the input gave other bytes when it was read again, so the copy may not be the same",
                path.display()
            ));
        }
        Ok(())
    }
}

/// The bytes could not be written.
pub(crate) fn failed(error: &io::Error) -> Failure {
    Failure::NotWritten(format!("the copy cannot be written: {error}"))
}

/// Digits of a digest.
pub(super) fn hex(digest: &[u8]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn damaged(out: &Path) -> PathBuf {
    let mut name = out.as_os_str().to_owned();
    name.push(DAMAGED);
    PathBuf::from(name)
}

fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}

fn is_same_file(one: &Path, other: &Path) -> bool {
    match (fs::canonicalize(one), fs::canonicalize(other)) {
        (Ok(one), Ok(other)) => one == other,
        _ => false,
    }
}

/// A copy may be read by those who may read the input. Where that is not to be had, by its owner alone.
fn take_mode(source: &Target, copy: &File) {
    let mode = source.path().and_then(|path| fs::metadata(path).ok());
    if let Some(metadata) = mode.filter(fs::Metadata::is_file) {
        let _ = copy.set_permissions(metadata.permissions());
    }
}

/// A name is on the disk when its folder is.
#[cfg(unix)]
fn sync_folder(path: &Path) -> io::Result<()> {
    File::open(folder(path))?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

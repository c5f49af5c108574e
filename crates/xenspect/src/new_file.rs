//! Files that the program is asked to write. Each appears under its name only when it is whole, and never in the place of an input,
//! of another file unless `--force` says so, or of what is no file.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use tempfile::NamedTempFile;

use crate::output::escaped;

/// What stands where a file shall be; in words.
pub(crate) enum Occupied {
    /// A file is there, which `--force` replaces.
    ByFile(String),
    /// What is there is never replaced.
    ForGood(String),
}

impl Occupied {
    /// The words.
    pub(crate) fn words(self) -> String {
        match self {
            Self::ByFile(words) | Self::ForGood(words) => words,
        }
    }
}

/// Whether a file can be written at a path. `inputs` are never replaced, by whatever names they go.
///
/// # Errors
/// What is there.
pub(crate) fn is_free<'a>(
    path: &Path,
    inputs: impl IntoIterator<Item = &'a Path>,
    force: bool,
) -> Result<(), Occupied> {
    // A link that leads nowhere is there, too.
    let Ok(there) = fs::symlink_metadata(path) else {
        return Ok(());
    };
    let name = escaped(&path.to_string_lossy());
    // The rename would put a file in the place of a device, or of a link.
    if !there.is_file() {
        return Err(Occupied::ForGood(format!(
            "{name} is there already and is no regular file"
        )));
    }
    if inputs.into_iter().any(|input| is_same_file(path, input)) {
        return Err(Occupied::ForGood(format!(
            "{name} is the input; the evidence is never replaced"
        )));
    }
    if force {
        return Ok(());
    }
    Err(Occupied::ByFile(format!(
        "{name} is there already; --force replaces it"
    )))
}

/// Whether two paths lead to one file, by whatever names.
#[cfg(unix)]
fn is_same_file(one: &Path, other: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let identity = |path| fs::metadata(path).map(|file| (file.dev(), file.ino())).ok();
    identity(one).is_some_and(|one| identity(other) == Some(one))
}

#[cfg(not(unix))]
fn is_same_file(one: &Path, other: &Path) -> bool {
    let place = |path: &Path| fs::canonicalize(path).ok();
    place(one).is_some_and(|one| place(other) == Some(one))
}

/// Who may read a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// Its owner alone.
    Owner,
    /// Those who may read what the user writes.
    Usual,
}

/// A file that is being written, beside where it shall be.
pub(crate) struct NewFile(BufWriter<NamedTempFile>);

impl NewFile {
    /// Begins a file that shall be at `path`.
    ///
    /// # Errors
    /// When nothing can be written in its folder.
    pub(crate) fn create(path: &Path, access: Access) -> io::Result<Self> {
        let mut builder = tempfile::Builder::new();
        builder.prefix(".xenspect-").suffix(".partial");
        #[cfg(unix)]
        if access == Access::Usual {
            builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        }
        let file = builder
            .tempfile_in(folder(path))
            .map_err(|error| in_words(&error, folder(path)))?;
        Ok(Self(BufWriter::with_capacity(256 << 10, file)))
    }

    /// The file, for its length and mode. What was written through the buffer may not be in it yet.
    pub(crate) fn file(&self) -> &File {
        self.0.get_ref().as_file()
    }

    /// A second handle, to be written to by somebody else.
    ///
    /// # Errors
    /// Those of the file system.
    pub(crate) fn handle(&self) -> io::Result<File> {
        self.0.get_ref().reopen()
    }

    /// Gives the file its name, when all of it is on the disk.
    ///
    /// # Errors
    /// Those of the file system; one if a file is there by now and `force` is not set. There is no file of ours then.
    pub(crate) fn finish(self, path: &Path, force: bool) -> io::Result<()> {
        let file = self.0.into_inner().map_err(|error| error.into_error())?;
        file.as_file().sync_all()?;
        let persisted = if force {
            file.persist(path)
        } else {
            file.persist_noclobber(path)
        };
        persisted.map_err(|error| error.error)?;
        sync_folder(path)
    }
}

impl Write for NewFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Why no file can be begun in a folder, without the name that it would have had until it was whole.
fn in_words(error: &io::Error, folder: &Path) -> io::Error {
    let kind = error.kind();
    let name = escaped(&folder.to_string_lossy());
    io::Error::new(
        kind,
        match kind {
            io::ErrorKind::NotFound => format!("there is no folder {name}; make it first"),
            _ => format!("{kind} in the folder {name}"),
        },
    )
}

fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
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

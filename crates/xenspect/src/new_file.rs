//! Files that the program is asked to write. Each appears under its name only when it is whole, and never in the place of an input,
//! of another file unless `--force` says so, or of what is no file.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};
use std::thread;
use std::time::Duration;

use tempfile::NamedTempFile;

use crate::interrupt;
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

/// The temporary files that there are, for an end at once.
static BEGUN: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// How often, and how long in between, the list of them is asked for by who wants to end.
const TRIES: (u32, Duration) = (100, Duration::from_millis(10));

/// Removes what is begun and not whole. No file is begun as long as what is returned is kept; it is `None` where a file system
/// hangs while a file is made on it.
pub(crate) fn remove_begun() -> Option<MutexGuard<'static, BTreeSet<PathBuf>>> {
    for _ in 0..TRIES.0 {
        let begun = match BEGUN.try_lock() {
            Ok(begun) => begun,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => {
                thread::sleep(TRIES.1);
                continue;
            }
        };
        for path in begun.iter() {
            // One that has its name by now is not there under this one.
            let _ = fs::remove_file(path);
        }
        return Some(begun);
    }
    None
}

/// A path in the list of temporary files, until this is dropped.
struct Begun(PathBuf);

impl Drop for Begun {
    fn drop(&mut self) {
        let mut begun = BEGUN.lock().unwrap_or_else(PoisonError::into_inner);
        begun.remove(&self.0);
    }
}

/// A file that is being written, beside where it shall be. Dropped before it is finished it is gone.
pub(crate) struct NewFile {
    /// A handle of its own: errors of a [`NamedTempFile`] tell a name that nobody knows.
    out: BufWriter<File>,
    // Dropped in this order, so that what is there is on the list.
    file: NamedTempFile,
    begun: Begun,
}

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
        interrupt::handle_signals();
        let mut begun = BEGUN.lock().unwrap_or_else(PoisonError::into_inner);
        let file = builder
            .tempfile_in(folder(path))
            .map_err(|error| in_words(&error, folder(path)))?;
        begun.insert(file.path().to_owned());
        drop(begun);
        let begun = Begun(file.path().to_owned());
        let out = file.as_file().try_clone()?;
        Ok(Self {
            out: BufWriter::with_capacity(256 << 10, out),
            file,
            begun,
        })
    }

    /// The file, for its length and mode. What was written through the buffer may not be in it yet.
    pub(crate) fn file(&self) -> &File {
        self.file.as_file()
    }

    /// A second handle, to be written to by somebody else.
    ///
    /// # Errors
    /// Those of the file system.
    pub(crate) fn handle(&self) -> io::Result<File> {
        self.file.reopen()
    }

    /// Waits until all that was written is on the disk. Of several files that belong together, all are before any gets its name.
    ///
    /// # Errors
    /// Those of the file system.
    pub(crate) fn settle(&mut self) -> io::Result<()> {
        self.out.flush()?;
        self.file().sync_all()
    }

    /// Gives the file its name, when all of it is on the disk.
    ///
    /// # Errors
    /// Those of the file system; one if a file is there by now and `force` is not set. There is no file of ours then, unless the words
    /// say so.
    pub(crate) fn finish(mut self, path: &Path, force: bool) -> io::Result<()> {
        self.settle()?;
        let Self { begun, file, out } = self;
        drop(out);
        let persisted = if force {
            file.persist(path)
        } else {
            file.persist_noclobber(path)
        };
        // The error has the temporary file, which goes with it.
        persisted.map_err(|failed| failed.error)?;
        drop(begun);
        sync_folder(path)
    }
}

impl Write for NewFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
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

/// A name is on the disk when its folder is. Not every folder can be opened, and not every file system writes one out when it is
/// asked to; only one that fails at it is worth a word.
#[cfg(unix)]
fn sync_folder(path: &Path) -> io::Result<()> {
    use io::ErrorKind as Kind;
    match File::open(folder(path)).and_then(|folder| folder.sync_all()) {
        Err(error)
            if !matches!(
                error.kind(),
                Kind::PermissionDenied | Kind::InvalidInput | Kind::Unsupported
            ) =>
        {
            let words =
                format!("it is whole and has its name, but may lose that with the power: {error}");
            Err(io::Error::new(error.kind(), words))
        }
        _ => Ok(()),
    }
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

//! Files out of what holds many: a folder, a host backup, a status report, any other tar or zip archive. Nothing is
//! unpacked to a disk, and no file is held that nobody asked for. What the files say is for others.

mod bounds;
mod bytes;
mod folder;
mod kept;
mod local_headers;
mod name;
mod packed;
mod tarball;
mod zip;

use std::fs;
use std::io::{self, Read};
use std::path::Path;

pub use bytes::{dump_of, read_text};

pub use crate::envelope::Packing;

pub(crate) use bounds::Bounds;
pub(crate) use kept::Kept;
pub(crate) use name::{Name, shown};
use packed::Packed;
pub(crate) use tarball::{believed, is_of_export, walk_limits, walker};

use crate::error::Error;
use crate::options::{Options, Progress};
use crate::source::Source;

/// Files that were asked for, out of a container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collected {
    /// What they were in.
    pub form: Container,
    /// How it is packed.
    pub packing: Packing,
    /// Name and bytes of each file, in the order of their names. A name has `/` between its parts, and neither a
    /// leading `./` nor the folder that a status report puts around everything.
    pub files: Vec<(String, Vec<u8>)>,
    /// What was left out and why, and what is wrong with the container: sentences without a full stop.
    pub remarks: Vec<String>,
    /// The container ends too early, or breaks. What stands before that is there.
    pub truncated: bool,
}

/// What holds files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Container {
    /// A folder of the file system.
    Folder,
    /// What `xe host-backup` writes (`formats/host-backup.md`).
    HostBackup,
    /// What `xen-bugtool` writes (`formats/pool-db.md` section 9).
    StatusReport,
    /// Another tar or zip archive.
    Archive,
}

/// Takes the files that `wanted` says yes to out of a container. `None`: the path is something else, an export, a
/// pool database or a text for instance; or no file at all, but a pipe, which is not touched then.
///
/// # Errors
/// [`Error::Io`] when the path cannot be opened, [`Error::Interrupted`] when `progress` was told to stop.
pub fn collect(
    path: &Path,
    wanted: &dyn Fn(&str) -> bool,
    options: &Options,
    progress: &Progress,
) -> Result<Option<Collected>, Error> {
    let bounds = Bounds::of(options);
    let kind = fs::metadata(path)?;
    if kind.is_dir() {
        let kept = Kept::new(wanted, bounds);
        return folder::collect(path, kept, progress).map(Some);
    }
    if !readable_twice(&kind) {
        return Ok(None);
    }
    let Source::File { reader, len, .. } = Source::open(path)? else {
        return Ok(None);
    };
    match Packed::of_file(reader, len, options, progress)? {
        Some(packed) => of_packed(packed, Kept::new(wanted, bounds), progress),
        None => Ok(None),
    }
}

fn of_packed(
    packed: Packed,
    kept: Kept<'_>,
    progress: &Progress,
) -> Result<Option<Collected>, Error> {
    match packed {
        Packed::Zip { reader, len } => zip::collect(&reader, len, kept, progress).map(Some),
        Packed::File(feed) => tarball::collect(feed, Packing::Plain, kept, progress),
        Packed::Stream(feed, packing) => tarball::collect(*feed, packing, kept, progress),
    }
}

/// The same from a pipe, which can be read but once: a tar archive, packed or not. Where the answer is `None`, the
/// beginning of the stream is gone.
///
/// # Errors
/// As [`collect`].
pub fn collect_stream(
    reader: Box<dyn Read + Send>,
    wanted: &dyn Fn(&str) -> bool,
    options: &Options,
    progress: &Progress,
) -> Result<Option<Collected>, Error> {
    match Packed::of_stream(reader, options, progress)? {
        Some(packed) => of_packed(packed, Kept::new(wanted, Bounds::of(options)), progress),
        None => Ok(None),
    }
}

/// Whether a look at the first bytes leaves them there for the next reader.
#[cfg(unix)]
fn readable_twice(metadata: &fs::Metadata) -> bool {
    use std::os::unix::fs::FileTypeExt;
    metadata.is_file() || metadata.file_type().is_block_device()
}

#[cfg(not(unix))]
fn readable_twice(metadata: &fs::Metadata) -> bool {
    metadata.is_file()
}

/// The words for a file that the storage does not give.
fn unreadable(error: &io::Error) -> String {
    format!("cannot be read: {error}")
}

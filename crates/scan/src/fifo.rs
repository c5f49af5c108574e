//! FIFOs. To open one waits for somebody who writes into it, for ever if nobody does, so it is opened by whoever reads first: a thread
//! that can be left when the run is stopped.

use std::fs::{self, File};
use std::io::{self, Read};
use std::os::unix::fs::FileTypeExt;
use std::path::{Path, PathBuf};

/// A FIFO that is opened, once, by the first reading.
pub(crate) struct Fifo {
    path: PathBuf,
    /// Once somebody writes into it.
    file: Option<File>,
}

impl Fifo {
    /// The FIFO at a path; `None` where there is anything else, or what cannot be looked at.
    ///
    /// # Errors
    /// When it may not be read, as far as the system tells that of what is not opened; else the first reading says it.
    pub(crate) fn at(path: &Path) -> io::Result<Option<Self>> {
        if !fs::metadata(path).is_ok_and(|there| there.file_type().is_fifo()) {
            return Ok(None);
        }
        may_be_read(path)?;
        Ok(Some(Self {
            path: path.to_owned(),
            file: None,
        }))
    }
}

impl Read for Fifo {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(File::open(&self.path)?),
        };
        file.read(buf)
    }
}

/// The refusal that an attempt to open it would meet.
#[cfg(target_os = "linux")]
fn may_be_read(path: &Path) -> io::Result<()> {
    use rustix::fs::{Access, AtFlags, CWD, accessat};
    use rustix::io::Errno;
    match accessat(CWD, path, Access::READ_OK, AtFlags::EACCESS) {
        Err(error @ Errno::ACCESS) => Err(error.into()),
        _ => Ok(()),
    }
}

/// Only an attempt tells it here.
#[cfg(not(target_os = "linux"))]
#[allow(clippy::unnecessary_wraps, reason = "elsewhere it can fail")]
fn may_be_read(_: &Path) -> io::Result<()> {
    Ok(())
}

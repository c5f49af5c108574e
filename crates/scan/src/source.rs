//! Where bytes come from: a file that can be read at any place, or a stream that is read once.
//! Knows nothing of what the bytes mean.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use crate::local;
use crate::pace::{Pace, Paced};

/// Reading at an offset, from many threads at once.
pub trait ReadAt: Send + Sync {
    /// Reads up to `buf.len()` bytes at `offset`; 0 at and behind the end.
    ///
    /// # Errors
    /// Whatever the storage says. It is read around, unless the error's kind says that nothing can be read any more:
    /// [`NotConnected`](io::ErrorKind::NotConnected) and the like.
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize>;

    /// The same, from the storage itself: a reader that keeps bytes of an earlier reading passes them by. A block that
    /// differs from its sum is [forgotten](Self::forget) as a whole, and then read a second time so.
    ///
    /// # Errors
    /// As [`read_at`](Self::read_at).
    fn read_anew_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        self.read_at(buf, offset)
    }

    /// Says that a range of `len` bytes is going to be read [anew](Self::read_anew_at), so that what the system itself has of it in
    /// memory can be dropped before.
    fn forget(&self, offset: u64, len: u64) {
        let _ = (offset, len);
    }

    /// Bytes that need not be copied, up to `len` and at least one, where they are at hand in memory. `None` says nothing of them:
    /// they are to be read then.
    fn lend(&self, offset: u64, len: usize) -> Option<&[u8]> {
        let _ = (offset, len);
        None
    }

    /// Whether [`lend`](Self::lend) is worth asking.
    fn lends(&self) -> bool {
        false
    }

    /// Says that these bytes are going to be read soon.
    fn expect(&self, offset: u64, len: u64) {
        let _ = (offset, len);
    }
}

impl ReadAt for File {
    #[cfg(unix)]
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        std::os::unix::fs::FileExt::read_at(self, buf, offset)
    }

    #[cfg(windows)]
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        std::os::windows::fs::FileExt::seek_read(self, buf, offset)
    }
}

/// Bytes in memory, for tests and fuzzing.
impl ReadAt for Vec<u8> {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        let rest = usize::try_from(offset)
            .ok()
            .and_then(|start| self.get(start..));
        let mut rest = rest.unwrap_or_default();
        rest.read(buf)
    }
}

/// How a source is opened, and how it is read then.
#[derive(Debug, Clone, Default)]
pub struct Care {
    /// Map files of this machine into memory, and hash their blocks there. A file that shrinks meanwhile, or that the storage does
    /// not give any more, may end the process by a signal. What cannot be mapped is read.
    pub mapped: bool,
    /// Do not fill the system's page cache: what is read of a file that is not there as a whole goes again. It is for Linux;
    /// elsewhere nothing comes of it.
    pub tidy: bool,
    /// Read no faster than this.
    pub pace: Option<Arc<Pace>>,
}

/// An opened input.
pub enum Source {
    /// Random access with a known length in bytes.
    File {
        /// The bytes.
        reader: Arc<dyn ReadAt>,
        /// Their number when it was opened.
        len: u64,
        /// Whether its mode lets others than owner and group read it.
        readable_by_others: bool,
    },
    /// One pass.
    Stream(Box<dyn Read + Send>),
    /// One pass over a length that is known before.
    Sized {
        /// The bytes.
        reader: Box<dyn Read + Send>,
        /// Their number.
        len: u64,
    },
}

impl Source {
    /// Opens a path. Regular files and block devices are read at random, anything else (a FIFO, a
    /// terminal) as a stream. Nobody waits here: a FIFO is opened by its first reading, which waits for somebody who writes.
    ///
    /// # Errors
    /// When it cannot be opened, or is a directory.
    pub fn open(path: &Path) -> io::Result<Self> {
        Self::open_with(path, &Care::default())
    }

    /// The same, to be read with care.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn open_with(path: &Path, care: &Care) -> io::Result<Self> {
        #[cfg(unix)]
        if let Some(fifo) = crate::fifo::Fifo::at(path)? {
            return Ok(Self::Stream(Box::new(fifo)).with_pace(care.pace.as_ref()));
        }
        let mut file = File::open(path)?;
        let metadata = file.metadata()?;
        if metadata.is_dir() {
            return Err(io::Error::new(
                io::ErrorKind::IsADirectory,
                "is a directory",
            ));
        }
        // A block device tells its length by seeking to its end; a FIFO cannot seek.
        let len = match metadata.is_file() {
            true => Some(metadata.len()),
            false => io::Seek::seek(&mut file, io::SeekFrom::End(0))
                .ok()
                .filter(|&len| len > 0),
        };
        let source = match len {
            Some(len) => Self::File {
                len,
                reader: local::reader(file, (&metadata, len), care)?,
                readable_by_others: others_may_read(&metadata),
            },
            None => Self::Stream(Box::new(file)),
        };
        Ok(source.with_pace(care.pace.as_ref()))
    }

    /// The same source, read no faster than a pace.
    #[must_use]
    pub fn with_pace(self, pace: Option<&Arc<Pace>>) -> Self {
        let Some(pace) = pace.map(Arc::clone) else {
            return self;
        };
        match self {
            Self::File {
                reader: inner,
                len,
                readable_by_others,
            } => Self::File {
                reader: Arc::new(Paced { inner, pace }),
                len,
                readable_by_others,
            },
            Self::Stream(inner) => Self::Stream(Box::new(Paced { inner, pace })),
            Self::Sized { reader: inner, len } => Self::Sized {
                reader: Box::new(Paced { inner, pace }),
                len,
            },
        }
    }

    /// Its bytes, where their number is known before.
    #[must_use]
    pub fn size(&self) -> Option<u64> {
        match self {
            Self::File { len, .. } | Self::Sized { len, .. } => Some(*len),
            Self::Stream(_) => None,
        }
    }

    /// Standard input, read once.
    #[must_use]
    pub fn stdin() -> Self {
        Self::Stream(Box::new(io::stdin()))
    }

    /// Bytes in memory, as a file.
    #[must_use]
    pub fn memory(bytes: Vec<u8>) -> Self {
        Self::File {
            len: bytes.len() as u64,
            reader: Arc::new(bytes),
            readable_by_others: false,
        }
    }
}

#[cfg(unix)]
fn others_may_read(metadata: &std::fs::Metadata) -> bool {
    std::os::unix::fs::MetadataExt::mode(metadata) & 0o004 != 0
}

/// Who may read a file is not told by a mode here.
#[cfg(not(unix))]
fn others_may_read(_: &std::fs::Metadata) -> bool {
    false
}

/// Reads until `buf` is full or the end is reached.
pub(crate) fn read_full_at(reader: &dyn ReadAt, buf: &mut [u8], offset: u64) -> io::Result<usize> {
    fill(buf, offset, |rest, at| reader.read_at(rest, at))
}

/// The same, from the storage itself.
pub(crate) fn read_full_anew_at(
    reader: &dyn ReadAt,
    buf: &mut [u8],
    offset: u64,
) -> io::Result<usize> {
    fill(buf, offset, |rest, at| reader.read_anew_at(rest, at))
}

fn fill(
    buf: &mut [u8],
    mut offset: u64,
    read: impl Fn(&mut [u8], u64) -> io::Result<usize>,
) -> io::Result<usize> {
    let mut have = 0;
    while have < buf.len() {
        match read(&mut buf[have..], offset) {
            Ok(0) => break,
            Ok(n) => {
                have += n;
                offset += n as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(have)
}

/// Whether an error says that nothing at all can be read any more, at this place or another: the connection is lost, the file or
/// the device is gone. To read around it would find a whole input of bad sectors. A [`ReadAt`] over a network gives
/// [`NotConnected`](io::ErrorKind::NotConnected) for that. A time-out is none of them: disks have one for a bad sector.
pub(crate) fn is_lost(error: &io::Error) -> bool {
    use io::ErrorKind as Kind;
    /// `ENXIO` and `ENODEV`, which have no kind of their own.
    const DEVICE_GONE: [i32; 2] = [6, 19];
    let gone = |number| cfg!(unix) && DEVICE_GONE.contains(&number);
    matches!(
        error.kind(),
        Kind::NotConnected
            | Kind::ConnectionReset
            | Kind::ConnectionAborted
            | Kind::StaleNetworkFileHandle
            | Kind::HostUnreachable
            | Kind::NetworkUnreachable
            | Kind::NetworkDown
    ) || error.raw_os_error().is_some_and(gone)
}

/// A file read from its beginning to its end.
pub(crate) struct Sequential {
    pub(crate) reader: Arc<dyn ReadAt>,
    pub(crate) offset: u64,
}

impl Read for Sequential {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.reader.read_at(buf, self.offset)?;
        self.offset += n as u64;
        Ok(n)
    }
}

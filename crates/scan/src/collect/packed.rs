//! A container of files, opened: how it is packed, and the feed that its members come from. What they are is told by
//! whoever walks through them.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::zip;
use crate::ahead::{Ahead, is_raised, stopped};
use crate::document::{Form, LOOK};
use crate::envelope::{Broken, Input, Packing, Stream};
use crate::error::Error;
use crate::feed::{FileFeed, StreamFeed};
use crate::options::{Options, Progress};
use crate::pool::Pool;
use crate::source::{ReadAt, Sequential, read_full_at};

/// A container whose members come next.
pub(crate) enum Packed {
    /// A zip archive.
    Zip { reader: Arc<dyn ReadAt>, len: u64 },
    /// What may be a tar archive, in a file and not packed.
    File(FileFeed),
    /// What may be a tar archive, to be read once.
    Stream(Box<StreamFeed>, Packing),
}

impl Packed {
    /// Opens a file; `None` where it is a document, or packed and broken at its first byte.
    pub(crate) fn of_file(
        reader: Arc<dyn ReadAt>,
        len: u64,
        options: &Options,
        progress: &Progress,
    ) -> Result<Option<Self>, Error> {
        progress.begin(len);
        let mut first = [0; LOOK];
        let have = read_full_at(reader.as_ref(), &mut first, 0)?;
        let first = &first[..have];
        if zip::begins(first) {
            return Ok(Some(Self::Zip { reader, len }));
        }
        let inner = UntilStopped {
            inner: Sequential {
                reader: Arc::clone(&reader),
                offset: 0,
            },
            stop: progress.stop(),
        };
        let window = options.limits.zstd_window_log;
        match Stream::open_packed(Input::Here(Box::new(inner)), window) {
            Ok((_, Packing::Plain)) if Form::recognise(first).is_some() => Ok(None),
            Ok((_, Packing::Plain)) => Ok(Some(Self::File(FileFeed::new(reader, len)))),
            Ok((stream, packing)) => Ok(Self::of_unpacked(stream, packing)),
            Err(_) if progress.is_cancelled() => Err(Error::Interrupted),
            Err(broken) => no_container(broken),
        }
    }

    /// Opens what can be read but once: `None` leaves it without its beginning.
    pub(crate) fn of_stream(
        reader: Box<dyn Read + Send>,
        options: &Options,
        progress: &Progress,
    ) -> Result<Option<Self>, Error> {
        progress.begin(0);
        let ahead = Ahead::start(reader, progress.stop());
        let input = Input::Ahead(Box::new(ahead));
        match Stream::open_packed(input, options.limits.zstd_window_log) {
            Ok((stream, packing)) => Ok(Self::of_unpacked(stream, packing)),
            Err(_) if progress.is_cancelled() => Err(Error::Interrupted),
            Err(broken) => no_container(broken),
        }
    }

    fn of_unpacked(mut stream: Stream, packing: Packing) -> Option<Self> {
        if Form::recognise(stream.look(LOOK)).is_some() {
            return None;
        }
        let feed = StreamFeed::new(stream, Pool::new(1), false);
        Some(Self::Stream(Box::new(feed), packing))
    }
}

/// A file that gives no more when the run is stopped. What is packed in it can be nothing at all, over and over, and then
/// nobody else comes to look.
struct UntilStopped {
    inner: Sequential,
    stop: Arc<AtomicBool>,
}

impl Read for UntilStopped {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if is_raised(&self.stop) {
            return Err(stopped());
        }
        self.inner.read(out)
    }
}

/// A stream that breaks before its first byte is no container; others say what it is.
fn no_container(broken: Broken) -> Result<Option<Packed>, Error> {
    match broken {
        Broken::Io(error) => Err(Error::Io(error)),
        Broken::Fault(_) => Ok(None),
    }
}

//! An input, opened: what its compression is, and, if it is one of the documents that are read
//! whole, that document. What an archive holds is told later, by its members.

use std::io::{self, Read};
use std::sync::Arc;

use xenspect_model::Catalog;
use xenspect_model::report::Envelope;

use crate::ahead::Ahead;
use crate::document::{self, Form, LOOK};
use crate::envelope::compression_words;
use crate::envelope::{self, Broken, Stream};
use crate::error::Error;
use crate::host::{self, FRONT};
use crate::options::{Options, Progress};
use crate::record::Record;
use crate::source::{ReadAt, Sequential, Source, read_full_at};

/// An opened input.
pub(crate) enum Opened {
    /// A document, read to its end.
    Document(Catalog),
    /// An archive, not compressed, to be read at any place.
    File {
        reader: Arc<dyn ReadAt>,
        len: u64,
        /// It begins as a host backup does.
        host: bool,
        readable_by_others: bool,
    },
    /// An archive, compressed, or to be read once.
    Stream {
        stream: Box<Stream>,
        envelope: Envelope,
        /// It begins as a host backup does.
        host: bool,
        readable_by_others: bool,
    },
}

impl Source {
    /// Whether its blocks can be read one by one, as [`Options::sample`] wants it: a plain file that begins like an archive, and
    /// not like a host backup.
    #[must_use]
    pub fn is_plain_archive(&self) -> bool {
        let Self::File { reader, .. } = self else {
            return false;
        };
        matches!(
            Front::of(reader.as_ref()),
            Ok(Front::Archive { host: false })
        )
    }
}

/// What the first bytes of a file say that it is.
enum Front {
    Empty,
    Bzip2,
    /// Packed otherwise.
    Packed,
    Document(Form),
    /// An archive, as far as can be told.
    Archive {
        /// It begins as a host backup does.
        host: bool,
    },
}

impl Front {
    fn of(reader: &dyn ReadAt) -> io::Result<Self> {
        let mut first = [0; FRONT];
        let mut have = read_full_at(reader, &mut first[..LOOK], 0)?;
        if have == LOOK {
            // A bad sector behind the first block does not matter yet.
            let more = read_full_at(reader, &mut first[LOOK..], LOOK as u64);
            have += more.unwrap_or(0);
        }
        let front = &first[..have];
        let first = &front[..have.min(LOOK)];
        Ok(if first.is_empty() {
            Self::Empty
        } else if envelope::is_bzip2(first) {
            Self::Bzip2
        } else if envelope::recognise(first) != Envelope::Plain {
            Self::Packed
        } else if let Some(form) = Form::recognise(first) {
            Self::Document(form)
        } else {
            let host = host::begins(front);
            Self::Archive { host }
        })
    }
}

impl Opened {
    pub(crate) fn open(
        source: Source,
        options: &Options,
        progress: &Progress,
        record: Option<&Record>,
    ) -> Result<Self, Error> {
        match source {
            Source::File {
                reader,
                len,
                readable_by_others,
            } => {
                progress.begin(len);
                match Front::of(reader.as_ref())? {
                    Front::Empty => Err(Error::Empty),
                    Front::Bzip2 => Err(Error::Bzip2),
                    Front::Packed => {
                        let inner = Sequential { reader, offset: 0 };
                        let ahead = Ahead::start(Box::new(inner), progress.stop());
                        Self::stream(ahead, readable_by_others, options, progress, record)
                    }
                    Front::Document(form) => document::of_file(
                        form,
                        reader,
                        len,
                        readable_by_others,
                        options,
                        progress,
                        record,
                    )
                    .map(Self::Document),
                    Front::Archive { host } => Ok(Self::File {
                        reader,
                        len,
                        host,
                        readable_by_others,
                    }),
                }
            }
            Source::Stream(inner) => Self::pass(inner, 0, options, progress, record),
            Source::Sized { reader, len } => Self::pass(reader, len, options, progress, record),
        }
    }

    /// Opens what is read once; `len` is 0 where it is not known.
    fn pass(
        inner: Box<dyn Read + Send>,
        len: u64,
        options: &Options,
        progress: &Progress,
        record: Option<&Record>,
    ) -> Result<Self, Error> {
        progress.begin(len);
        let ahead = Ahead::start(inner, progress.stop());
        Self::stream(ahead, false, options, progress, record)
    }

    fn stream(
        ahead: Ahead,
        readable_by_others: bool,
        options: &Options,
        progress: &Progress,
        record: Option<&Record>,
    ) -> Result<Self, Error> {
        let opened = Stream::open(ahead, options.limits.zstd_window_log, progress.stop());
        let (mut stream, envelope) = opened.map_err(|broken| match broken {
            // A pipe that stalled was left because of the order to stop.
            Broken::Io(_) if progress.is_cancelled() => Error::Interrupted,
            Broken::Io(error) => Error::Io(error),
            Broken::Fault(fault) => Error::BrokenAtOnce {
                envelope: "compressed",
                reason: compression_words(&fault),
            },
        })?;
        let front = stream.look(FRONT);
        if envelope == Envelope::Plain && envelope::is_bzip2(front) {
            return Err(Error::Bzip2);
        }
        let host = host::begins(front);
        match Form::recognise(&front[..front.len().min(LOOK)]) {
            Some(form) => document::of_stream(
                form,
                stream,
                envelope,
                readable_by_others,
                options,
                progress,
                record,
            )
            .map(Self::Document),
            None => Ok(Self::Stream {
                stream: Box::new(stream),
                envelope,
                host,
                readable_by_others,
            }),
        }
    }
}

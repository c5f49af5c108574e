//! An input whose compression is known, and whether it is one of the documents that are read
//! whole. What an archive holds is told later, by its members.

use std::io::Read;
use std::sync::Arc;

use xenspect_model::report::Envelope;

use crate::ahead::Ahead;
use crate::document::{Form, LOOK};
use crate::driver::compression_words;
use crate::envelope::{self, Broken, Stream};
use crate::error::Error;
use crate::options::{Options, Progress};
use crate::source::{ReadAt, Sequential, Source, read_full_at};

/// An input, opened as far as its first bytes.
pub(crate) enum Opened {
    /// Not compressed, to be read at any place.
    File {
        reader: Arc<dyn ReadAt>,
        len: u64,
        readable_by_others: bool,
        /// The document it is; `None` for an archive.
        form: Option<Form>,
    },
    /// Compressed, or to be read once.
    Stream {
        stream: Box<Stream>,
        envelope: Envelope,
        readable_by_others: bool,
        /// The document it is; `None` for an archive.
        form: Option<Form>,
    },
}

impl Opened {
    pub(crate) fn open(
        source: Source,
        options: &Options,
        progress: &Progress,
    ) -> Result<Self, Error> {
        match source {
            Source::File {
                reader,
                len,
                readable_by_others,
            } => {
                progress.begin(len);
                let mut first = [0; LOOK];
                let have = read_full_at(reader.as_ref(), &mut first, 0)?;
                let first = &first[..have];
                if first.is_empty() {
                    return Err(Error::Empty);
                }
                if envelope::recognise(first) == Envelope::Plain {
                    return Ok(Self::File {
                        form: Form::recognise(first),
                        reader,
                        len,
                        readable_by_others,
                    });
                }
                let inner = Sequential { reader, offset: 0 };
                Self::stream(Box::new(inner), readable_by_others, options)
            }
            Source::Stream(inner) => {
                progress.begin(0);
                let ahead = Ahead::start(inner, progress.stop());
                Self::stream(Box::new(ahead), false, options)
            }
        }
    }

    fn stream(
        inner: Box<dyn Read + Send>,
        readable_by_others: bool,
        options: &Options,
    ) -> Result<Self, Error> {
        let opened = Stream::open(inner, options.limits.zstd_window_log);
        let (mut stream, envelope) = opened.map_err(|broken| match broken {
            Broken::Io(error) => Error::Io(error),
            Broken::Fault(fault) => Error::BrokenAtOnce {
                envelope: "compressed",
                reason: compression_words(&fault),
            },
        })?;
        let form = Form::recognise(stream.look(LOOK));
        Ok(Self::Stream {
            stream: Box::new(stream),
            envelope,
            readable_by_others,
            form,
        })
    }
}

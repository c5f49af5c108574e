//! Taking the bytes of an input as they are stored, while a scan reads it: a source that looks like the one it is put
//! around, and hands what passes to [lanes](lanes).

mod again;
mod file;
mod lanes;
mod pieces;
mod pipe;

use std::io;
use std::sync::Arc;
use std::thread::Builder;

use xenspect_model::catalog::{DigestKind, Flaw, StoredFile};

use crate::options::{Options, Progress};
use crate::source::Source;
use file::FileTap;
pub(crate) use file::WORKERS;
use lanes::{Copy, Lanes, Made, no_thread};
use pipe::PipeTap;

/// A tap, to be emptied when the scan is done.
pub(crate) enum Tap {
    File(FileTap),
    Pipe(Arc<PipeTap>),
    /// There is none: the system gives no thread.
    Refused {
        error: io::Error,
        /// A copy was wished.
        copy: bool,
    },
}

/// How far an input was read.
#[derive(Debug)]
struct End {
    bytes: u64,
    flaw: Option<Flaw>,
}

impl Tap {
    /// Puts a tap around a source. Lanes run from now on.
    pub(crate) fn around(
        source: Source,
        digests: &[DigestKind],
        copy: Option<Copy>,
        options: &Options,
        progress: &Progress,
    ) -> (Source, Self) {
        let wish = (digests, copy);
        Self::with_threads(source, wish, options, progress, Builder::new)
    }

    /// The same, with threads that come from `thread`.
    fn with_threads(
        source: Source,
        (digests, copy): (&[DigestKind], Option<Copy>),
        options: &Options,
        progress: &Progress,
        thread: fn() -> Builder,
    ) -> (Source, Self) {
        let digests = digests.to_vec();
        let is_copied = copy.is_some();
        let lanes = move || Lanes::start(&digests, copy, thread);
        match source {
            Source::File {
                reader,
                len,
                readable_by_others,
            } => {
                let workers = options.threads;
                let file = (Arc::clone(&reader), len);
                let stop = progress.stop();
                let (reader, tap) = match FileTap::start(file, workers, lanes, stop, thread()) {
                    Ok((tapped, tap)) => (tapped, Self::File(tap)),
                    Err(error) => {
                        let copy = is_copied;
                        (reader, Self::Refused { error, copy })
                    }
                };
                let source = Source::File {
                    reader,
                    len,
                    readable_by_others,
                };
                (source, tap)
            }
            Source::Stream(inner) => {
                let tap = Arc::new(PipeTap::new(inner, lanes()));
                (Source::Stream(pipe::reader(&tap)), Self::Pipe(tap))
            }
            Source::Sized { reader, len } => {
                let tap = Arc::new(PipeTap::new(reader, lanes()));
                let reader = pipe::reader(&tap);
                (Source::Sized { reader, len }, Self::Pipe(tap))
            }
        }
    }

    /// Reads to the end what the scan has left, and waits for the lanes.
    pub(crate) fn finish(self, progress: &Progress) -> (StoredFile, Option<io::Error>) {
        let (end, made) = match self {
            Self::File(tap) => tap.finish(progress),
            Self::Pipe(tap) => tap.finish(progress),
            Self::Refused { error, copy } => refused(&error, copy),
        };
        let Made {
            digests,
            copy_failed,
            digest_failed,
        } = made;
        let lane_failed = digest_failed.map(Flaw::Internal);
        let stored = StoredFile {
            bytes: end.bytes,
            digests,
            flaw: lane_failed.or(end.flaw),
        };
        (stored, copy_failed)
    }
}

/// What is made where nothing reads the file for it.
fn refused(error: &io::Error, copy: bool) -> (End, Made) {
    let error = no_thread(error);
    let end = End {
        bytes: 0,
        flaw: Some(Flaw::Internal(error.to_string())),
    };
    let made = Made {
        copy_failed: copy.then_some(error),
        ..Made::default()
    };
    (end, made)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::threads::impossible;

    /// A tap around a source that gets no thread, with what comes out of it when a scan has read a part.
    fn without_threads(source: Source, copy: Option<Copy>) -> (StoredFile, Option<io::Error>) {
        let progress = Progress::default();
        let options = Options::default();
        let wish = (&[DigestKind::Sha256][..], copy);
        let (source, tap) = Tap::with_threads(source, wish, &options, &progress, impossible);
        match source {
            Source::File { reader, .. } => {
                assert_eq!(reader.read_at(&mut [0; 9], LEN - 9).unwrap(), 9);
            }
            Source::Stream(mut inner)
            | Source::Sized {
                reader: mut inner, ..
            } => {
                assert_eq!(inner.read(&mut [0; 9]).unwrap(), 9);
            }
        }
        tap.finish(&progress)
    }

    const LEN: u64 = 3 << 20;

    #[test]
    fn what_gets_no_thread_is_told_and_the_input_is_read_all_the_same() {
        let bytes = vec![7; 3 << 20];
        for copied in [true, false] {
            let file = Source::memory(bytes.clone());
            let stream = Source::Stream(Box::new(io::Cursor::new(bytes.clone())));
            // Of a stream whoever reads counts the bytes; a file is read by its scan alone.
            for (source, passed) in [(file, 0), (stream, LEN)] {
                let copy = copied.then(|| Box::new(io::sink()) as Copy);
                let (stored, copy_failed) = without_threads(source, copy);
                assert_eq!(stored.bytes, passed);
                assert!(stored.digests.is_empty());
                let Some(Flaw::Internal(words)) = stored.flaw else {
                    panic!("{stored:?}");
                };
                assert!(words.contains("no thread"), "{words}");
                let words = copy_failed.map(|error| error.to_string());
                let is_told = words.is_some_and(|words| words.contains("no thread"));
                assert_eq!(
                    is_told, copied,
                    "of a copy that nobody wished nothing is said"
                );
            }
        }
    }
}

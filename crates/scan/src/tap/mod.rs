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
    Refused(io::Error),
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
                    Err(error) => (reader, Self::Refused(error)),
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
            Self::Refused(error) => refused(&error),
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
fn refused(error: &io::Error) -> (End, Made) {
    let error = no_thread(error);
    let end = End {
        bytes: 0,
        flaw: Some(Flaw::Internal(error.to_string())),
    };
    let made = Made {
        copy_failed: Some(error),
        ..Made::default()
    };
    (end, made)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// More room than a system has for a thread.
    fn impossible() -> Builder {
        Builder::new().stack_size(1 << 60)
    }

    #[test]
    fn what_gets_no_thread_is_told_and_the_input_is_read_all_the_same() {
        let progress = Progress::default();
        let options = Options::default();
        let bytes = vec![7; 3 << 20];
        let stream = Source::Stream(Box::new(io::Cursor::new(bytes.clone())));
        for source in [Source::memory(bytes), stream] {
            let wish: (&[DigestKind], Option<Copy>) =
                (&[DigestKind::Sha256], Some(Box::new(io::sink())));
            let (source, tap) = Tap::with_threads(source, wish, &options, &progress, impossible);
            if let Source::File { reader, .. } = source {
                assert_eq!(reader.read_at(&mut [0; 9], 1 << 20).unwrap(), 9);
            }
            let (stored, copy_failed) = tap.finish(&progress);
            assert!(stored.digests.is_empty());
            let Some(Flaw::Internal(words)) = stored.flaw else {
                panic!("{stored:?}");
            };
            assert!(words.contains("no thread"), "{words}");
            assert!(copy_failed.unwrap().to_string().contains("no thread"));
        }
    }
}

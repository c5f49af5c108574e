//! Taking the bytes of an input as they are stored, while a scan reads it: a source that looks like the one it is put
//! around, and hands what passes to [lanes](lanes).

mod file;
mod lanes;
mod pieces;
mod pipe;

use std::io;
use std::sync::Arc;

use xenspect_model::catalog::{DigestKind, Flaw, StoredFile};

use crate::options::{Options, Progress};
use crate::source::Source;
use file::FileTap;
pub(crate) use file::WORKERS;
use lanes::{Copy, Lanes, Made};
use pipe::PipeTap;

/// A tap, to be emptied when the scan is done.
pub(crate) enum Tap {
    File(FileTap),
    Pipe(Arc<PipeTap>),
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
        let lanes = Lanes::start(digests, copy);
        match source {
            Source::File {
                reader,
                len,
                readable_by_others,
            } => {
                let workers = options.threads;
                let (reader, tap) = FileTap::start(reader, len, workers, lanes, progress.stop());
                let source = Source::File {
                    reader,
                    len,
                    readable_by_others,
                };
                (source, Self::File(tap))
            }
            Source::Stream(inner) => {
                let tap = Arc::new(PipeTap::new(inner, lanes));
                (Source::Stream(pipe::reader(&tap)), Self::Pipe(tap))
            }
            Source::Sized { reader, len } => {
                let tap = Arc::new(PipeTap::new(reader, lanes));
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
        };
        let Made {
            digests,
            copy_failed,
            digest_failed,
        } = made;
        let lane_failed = digest_failed.then(|| Flaw::Internal("a digest failed".to_owned()));
        let stored = StoredFile {
            bytes: end.bytes,
            digests,
            flaw: lane_failed.or(end.flaw),
        };
        (stored, copy_failed)
    }
}

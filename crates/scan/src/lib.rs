//! Reads an input once and establishes the facts about it: opens it, tells its compression and
//! kind by content, walks its members, hashes its blocks on several threads, and returns a
//! [`Catalog`]. It judges nothing and prints nothing.
//!
//! ```
//! use xenspect_scan::{Options, Progress, Source, scan};
//!
//! let not_a_backup = Source::memory(b"hello".to_vec());
//! let error = scan(not_a_backup, &Options::default(), &Progress::default()).unwrap_err();
//! assert!(error.to_string().contains("is not a backup"));
//! ```

mod ahead;
mod appliance;
mod driver;
mod envelope;
mod error;
mod feed;
mod hash;
mod legacy;
mod member;
mod options;
mod pool;
mod recognise;
mod source;
mod workers;

pub use error::Error;
pub use options::{Depth, Limits, Options, Progress};
pub use source::{ReadAt, Source};
pub use xenspect_model::Catalog;

use xenspect_model::report::Envelope;

use ahead::Ahead;
use driver::{Driver, compression_words};
use envelope::{Broken, Stream};
use feed::{FileFeed, StreamFeed};
use pool::Pool;
use source::{Sequential, read_full_at};
use workers::Workers;

/// Bytes that tell the compression.
const FIRST: usize = 8;
/// A stream is decompressed by one thread; more workers than this would only wait for it.
const STREAM_WORKERS: usize = 8;

/// Scans an input.
///
/// The catalog is the same for any number of threads, and for a file and a pipe.
///
/// # Errors
/// [`Error`] when the input cannot be opened or is no backup. Damage is no error.
pub fn scan(source: Source, options: &Options, progress: &Progress) -> Result<Catalog, Error> {
    let threads = options.threads.max(1);
    match source {
        Source::File { reader, len } => {
            progress.begin(len);
            let mut first = [0; FIRST];
            let have = read_full_at(reader.as_ref(), &mut first, 0)?;
            if have == 0 {
                return Err(Error::Empty);
            }
            if envelope::recognise(&first[..have]) == Envelope::Plain {
                let workers = Workers::start(threads, Some(&reader), options.limits.facts);
                let feed = FileFeed::new(reader, len);
                return Driver::new(feed, Envelope::Plain, workers, options, progress).run();
            }
            stream(
                Box::new(Sequential { reader, offset: 0 }),
                threads,
                options,
                progress,
            )
        }
        Source::Stream(inner) => {
            progress.begin(0);
            let ahead = Ahead::start(inner, progress.stop());
            stream(Box::new(ahead), threads, options, progress)
        }
    }
}

fn stream(
    inner: Box<dyn std::io::Read + Send>,
    threads: usize,
    options: &Options,
    progress: &Progress,
) -> Result<Catalog, Error> {
    let (stream, envelope) =
        Stream::open(inner, options.limits.zstd_window_log).map_err(|broken| match broken {
            Broken::Io(error) => Error::Io(error),
            Broken::Fault(fault) => Error::BrokenAtOnce {
                envelope: "compressed",
                reason: compression_words(&fault),
            },
        })?;
    let threads = threads.min(STREAM_WORKERS);
    let pool = Pool::new(2 * threads + 2);
    let workers = Workers::start(threads, None, options.limits.facts);
    let feed = StreamFeed::new(stream, pool);
    Driver::new(feed, envelope, workers, options, progress).run()
}

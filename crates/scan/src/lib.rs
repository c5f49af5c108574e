//! Reads an input once and establishes the facts about it: opens it, tells its compression and
//! kind by content, walks its members, hashes its blocks on several threads, and returns a
//! [`Catalog`]. It judges nothing and prints nothing.
//!
//! What holds many files (a folder, a host backup, a status report) is opened by [`collect`], which
//! takes those out that are asked for; what it says `None` to is for [`scan`].
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
mod collect;
mod document;
mod driver;
mod envelope;
mod error;
mod extents;
mod feed;
#[cfg(unix)]
mod fifo;
mod foreign;
mod hash;
mod host;
mod legacy;
mod local;
mod mapping;
mod member;
mod members;
mod opened;
mod options;
mod pace;
mod pages;
mod pool;
mod recognise;
mod record;
mod recorded;
mod sectors;
mod serve;
mod source;
mod sums;
mod system;
mod taken;
mod tap;
mod threads;
mod tidy;
mod workers;

pub use collect::{Collected, Container, Packing, collect, collect_stream, dump_of, read_text};
pub use error::Error;
pub use host::damage;
pub use members::{
    Contents, Describe, Extracted, Listed, Rewrite, Walked, extract, list, with_description,
};
pub use options::{Depth, Limits, Options, Part, Progress, Sums};
pub use pace::Pace;
pub use source::{Care, ReadAt, Source};
pub use taken::{Taken, Wish, take};
pub use xenspect_model::Catalog;

use xenspect_model::report::Envelope;

use driver::Driver;
use feed::{Feed, FileFeed, StreamFeed};
use opened::Opened;
use pool::Pool;
use record::Record;
use recorded::Recorded;
use workers::Workers;

/// A stream is decompressed by one thread; more workers than this would only wait for it.
const STREAM_WORKERS: usize = 8;

/// Scans an input.
///
/// The catalog is the same for any number of threads, and for a file and a pipe but for the count of stored bytes taken and for what a
/// second look at a block tells, which a pipe does not have.
///
/// # Errors
/// [`Error`] when the input cannot be opened or is no backup. Damage is no error.
pub fn scan(source: Source, options: &Options, progress: &Progress) -> Result<Catalog, Error> {
    scan_for(source, options, progress, None)
}

/// Scans an input, and puts its members down in `record`.
fn scan_for(
    source: Source,
    options: &Options,
    progress: &Progress,
    record: Option<&Record>,
) -> Result<Catalog, Error> {
    match Opened::open(source, options, progress, record)? {
        Opened::Document(catalog) => Ok(catalog),
        Opened::File {
            reader,
            len,
            host: true,
            readable_by_others,
        } => {
            let feed = FileFeed::new(reader, len);
            let front = (Envelope::Plain, readable_by_others);
            host::scan(feed, front, options, progress, record)
        }
        Opened::Stream {
            stream,
            envelope,
            host: true,
            readable_by_others,
        } => {
            let feed = host::WindowFeed::new(*stream);
            let front = (envelope, readable_by_others);
            host::scan(feed, front, options, progress, record)
        }
        Opened::File { reader, len, .. } => {
            let threads = options.threads.max(1);
            let (limit, stop) = (options.limits.facts, progress.stop());
            let workers = Workers::of_file(threads, (&reader, len), limit, record, stop);
            let feed = FileFeed::new(reader, len);
            let how = (Envelope::Plain, options, progress);
            archive(feed, workers, how, record)
        }
        Opened::Stream {
            stream, envelope, ..
        } => {
            let threads = options.threads.clamp(1, STREAM_WORKERS);
            let pool = Pool::new(2 * threads + 2);
            let workers = Workers::of_stream(threads, options.limits.facts, record);
            let feed = StreamFeed::new(*stream, pool, record.is_some());
            archive(feed, workers, (envelope, options, progress), record)
        }
    }
}

fn archive<F: Feed>(
    feed: F,
    workers: Workers,
    (envelope, options, progress): (Envelope, &Options, &Progress),
    record: Option<&Record>,
) -> Result<Catalog, Error> {
    let archive = match record {
        Some(record) => {
            let feed = Recorded::new(feed, progress.stop());
            let record = Some(record.clone());
            Driver::new(feed, envelope, workers, options, progress, record).run()?
        }
        None => Driver::new(feed, envelope, workers, options, progress, None).run()?,
    };
    Ok(Catalog::Archive(Box::new(archive)))
}

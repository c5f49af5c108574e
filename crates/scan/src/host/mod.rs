//! The root of a host in a tar archive, as `xe host-backup` writes it (`formats/host-backup.md` section 2): told by its
//! front, and read in one pass. Nothing is unpacked to a disk, and no path is opened.

mod attributes;
pub(crate) mod contents;
mod damage;
mod databases;
mod file;
mod front;
mod manifest;
mod member;
mod names;
mod reader;
mod sizes;
pub(crate) mod sparse;
pub(crate) mod state;
mod table;
mod window;

use xenspect_model::Catalog;
use xenspect_model::report::Envelope;

use crate::error::Error;
use crate::feed::Feed;
use crate::options::{Options, Progress};
use crate::record::Record;
use crate::recorded::Recorded;
pub use damage::damage;
pub(crate) use front::{FRONT, begins};
use reader::Reader;
pub(crate) use window::WindowFeed;

/// Reads a host backup to its end. `front` is its compression, and whether others may read the file.
/// Its members go to `record`.
pub(crate) fn scan<F: Feed>(
    feed: F,
    front: (Envelope, bool),
    options: &Options,
    progress: &Progress,
    record: Option<&Record>,
) -> Result<Catalog, Error> {
    let backup = match record {
        // Their digests are made on the way, which nobody else should pay for.
        Some(_) => {
            let feed = Recorded::new(feed, progress.stop());
            Reader::new(feed, options, progress, record).run(front)
        }
        None => Reader::new(feed, options, progress, None).run(front),
    };
    Ok(Catalog::Host(Box::new(backup?)))
}

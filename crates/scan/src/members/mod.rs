//! Looking at members without judging them: listing them, taking one out, and writing an export
//! anew with another description. Nothing is hashed here. The walk that all three share is in
//! `walk`.

mod extract;
mod file;
mod list;
mod rewrite;
pub(crate) mod walk;

use std::io::{self, Write};

use xenspect_model::Catalog;
use xenspect_model::report::Envelope;

use crate::collect::walker;
use crate::error::Error;
use crate::feed::{Feed, FileFeed, StreamFeed};
use crate::opened::Opened;
use crate::options::{Depth, Options, Progress};
use crate::pool::Pool;
use crate::source::Source;

pub use extract::{Extracted, extract};
pub use list::{Contents, Listed, list};
pub use rewrite::{Describe, Rewrite, with_description};
pub use walk::Walked;

/// Bytes of a payload handed on at once.
const PIECE: usize = 256 << 10;

enum Either {
    Document(Catalog),
    /// A plain file; with it, whether it is a host backup.
    File(FileFeed, bool),
    Stream(Box<StreamFeed>, Envelope, bool),
}

fn open(source: Source, options: &Options, progress: &Progress) -> Result<Either, Error> {
    // Nothing of a document is judged here.
    let options = &Options {
        depth: Depth::Metadata,
        ..options.clone()
    };
    Ok(match Opened::open(source, options, progress, None)? {
        Opened::Document(catalog) => Either::Document(catalog),
        Opened::File {
            reader, len, host, ..
        } => Either::File(FileFeed::new(reader, len), host),
        Opened::Stream {
            stream,
            envelope,
            host,
            ..
        } => {
            let feed = StreamFeed::new(*stream, Pool::new(1), false);
            Either::Stream(Box::new(feed), envelope, host)
        }
    })
}

/// A walk through an export, or through the files of a host.
fn walk<F: Feed>(feed: F, host: bool, progress: &Progress) -> walk::Walk<'_, F> {
    if host {
        walk::Walk::with(walker(), feed, progress)
    } else {
        walk::Walk::new(feed, progress)
    }
}

/// What was copied of a payload.
struct Copied {
    /// Bytes, from its beginning on.
    have: u64,
    /// What comes next lies where the storage cannot be read.
    unreadable: bool,
}

/// Copies up to `len` bytes. A stream that breaks counts as one that ends. What only stands for bytes that the storage refused is
/// no payload, and not copied.
fn copy<F: Feed>(feed: &mut F, len: u64, out: &mut dyn Write) -> io::Result<Copied> {
    let mut buffer = vec![0; usize::try_from(len).unwrap_or(PIECE).clamp(1, PIECE)];
    let mut have = 0;
    while have < len {
        let want = usize::try_from(len - have)
            .unwrap_or(PIECE)
            .min(buffer.len());
        let from = feed.position();
        let n = feed.read(&mut buffer[..want]).unwrap_or(0);
        if feed.is_unreadable(from) {
            return Ok(Copied {
                have,
                unreadable: true,
            });
        }
        out.write_all(&buffer[..n])?;
        have += n as u64;
        if n < want {
            break;
        }
    }
    Ok(Copied {
        have,
        unreadable: false,
    })
}

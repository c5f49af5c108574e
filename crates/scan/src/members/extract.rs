//! Taking one member out.

use std::io::{self, Write};

use xenspect_model::Catalog;

use super::file::File;
use super::walk::{Walk, Walked, no_archive};
use super::{Copied, Either, copy, open};
use crate::error::Error;
use crate::feed::Feed;
use crate::options::{Options, Progress};
use crate::source::Source;

/// What became of a member that was asked for.
#[derive(Debug)]
pub enum Extracted {
    /// All of it was written.
    Whole {
        /// Its length in bytes.
        size: u64,
    },
    /// The input ends inside of it.
    Cut {
        /// Bytes written.
        have: u64,
        /// Its length in bytes by its header.
        size: u64,
    },
    /// Some of it lies where the storage cannot be read. No other bytes were written for it.
    Unreadable {
        /// Bytes written, all of them in front of those that cannot be read.
        have: u64,
        /// Its length in bytes by its header.
        size: u64,
    },
    /// There is no member of that name.
    Absent {
        /// How far was looked.
        walked: Walked,
    },
    /// It is a hard link of a host backup, to a file of this path. That one is to be asked for, if it may be shown.
    LinkTo(String),
    /// It has no contents, or none that can be read: why, in words that follow its name.
    NoContents(String),
    /// Its payload could not be written out.
    NotWritten(io::Error),
    /// The input is a document and has no members.
    Document(Catalog),
}

/// Writes the payload of the first member of a name. `./` in front of either name does not count. Of a host backup it
/// writes the contents of the last file of that name.
///
/// # Errors
/// [`Error`] when the input cannot be opened, or is neither an archive nor a document.
pub fn extract(
    source: Source,
    name: &[u8],
    options: &Options,
    progress: &Progress,
    out: &mut dyn Write,
) -> Result<Extracted, Error> {
    let file = File {
        name,
        options,
        progress,
    };
    match open(source, options, progress)? {
        Either::Document(catalog) => Ok(Extracted::Document(catalog)),
        Either::File(feed, true) => file.extract(feed, out),
        Either::Stream(feed, _, true) => file.extract(*feed, out),
        Either::File(feed, false) => extraction(feed, name, progress, out),
        Either::Stream(feed, _, false) => extraction(*feed, name, progress, out),
    }
}

fn extraction<F: Feed>(
    feed: F,
    name: &[u8],
    progress: &Progress,
    out: &mut dyn Write,
) -> Result<Extracted, Error> {
    let bare = |name: &[u8]| name.strip_prefix(b"./").unwrap_or(name).to_vec();
    let wanted = bare(name);
    let mut walk = Walk::new(feed, progress);
    loop {
        match walk.next() {
            Ok(member) if bare(&member.name) == wanted => {
                let size = member.size;
                return Ok(match copy(&mut walk.feed, size, out) {
                    Ok(Copied {
                        have,
                        unreadable: true,
                    }) => Extracted::Unreadable { have, size },
                    Ok(Copied { have, .. }) if have < size && walk.is_cancelled() => {
                        let walked = Walked::Interrupted;
                        Extracted::Absent { walked }
                    }
                    Ok(Copied { have, .. }) if have < size => Extracted::Cut { have, size },
                    Ok(_) => Extracted::Whole { size },
                    Err(error) => Extracted::NotWritten(error),
                });
            }
            Ok(_) => {}
            Err(walked) => {
                no_archive(&mut walk, &walked)?;
                return Ok(Extracted::Absent { walked });
            }
        }
    }
}

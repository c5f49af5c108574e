//! Single files: a small text, and a database that was taken out of a container.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use xenspect_model::Catalog;

use crate::error::Error;
use crate::options::{Depth, Options, Progress};
use crate::scan;
use crate::source::Source;

/// Reads a plain file of at most `max` bytes.
///
/// # Errors
/// [`Error::Io`] when it cannot be read or is no plain file, [`Error::DocumentTooLarge`] when it is longer.
pub fn read_text(path: &Path, max: u64) -> Result<Vec<u8>, Error> {
    // Opening a FIFO would wait for its other end.
    if !std::fs::metadata(path)?.is_file() {
        let kind = io::ErrorKind::InvalidInput;
        return Err(io::Error::new(kind, "is no plain file").into());
    }
    let mut text = Vec::new();
    let most = max.saturating_add(1);
    File::open(path)?.take(most).read_to_end(&mut text)?;
    if text.len() as u64 > max {
        let limit = usize::try_from(max).unwrap_or(usize::MAX);
        return Err(Error::DocumentTooLarge { limit });
    }
    Ok(text)
}

/// The pool database that these bytes are, packed or not; `var/backup/pool-database-…` and `var/lib/xcp/state.db` of
/// a host backup for instance. It is not compared with what writing it anew would give.
///
/// # Errors
/// As [`scan`]; [`Error::NoDatabase`] where they are something else that is known.
pub fn dump_of(bytes: Vec<u8>, options: &Options) -> Result<Catalog, Error> {
    let options = Options {
        depth: Depth::Metadata,
        ..options.clone()
    };
    match scan(Source::memory(bytes), &options, &Progress::default())? {
        catalog @ Catalog::Dump(_) => Ok(catalog),
        _ => Err(Error::NoDatabase),
    }
}

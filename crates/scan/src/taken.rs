//! One reading that gives more than the catalog: the digests of the file as it is stored, a copy of it, and the digest of every
//! member.

use std::io::{self, Write};

use xenspect_model::catalog::{Block, DigestKind, Fact, Flaw, Manifest, StoredFile};

use crate::error::Error;
use crate::options::{Depth, Options, Progress};
use crate::record::Record;
use crate::source::Source;
use crate::tap::{self, Tap};
use crate::{Catalog, scan_for};

/// What is wanted of a reading beside the catalog.
#[derive(Default)]
pub struct Wish {
    /// Digests of the file as it is stored.
    pub digests: Vec<DigestKind>,
    /// Whether every member gets a digest. It takes [`Depth::Full`]; with less there is no manifest.
    pub manifest: bool,
    /// Where all bytes go, as they are stored. It is flushed and dropped before [`take`] returns.
    pub copy: Option<Box<dyn Write + Send>>,
}

impl Wish {
    /// Wishes for a digest of the file, once.
    pub fn want(&mut self, kind: DigestKind) {
        if !self.digests.contains(&kind) {
            self.digests.push(kind);
        }
    }
}

/// What a reading gave.
#[derive(Debug)]
pub struct Taken {
    /// The catalog. The rest is there even where the input is no backup.
    pub catalog: Result<Catalog, Error>,
    /// The members with their digests, if they were asked for and there is a catalog.
    pub manifest: Option<Manifest>,
    /// The file as it is stored, if digests or a copy were asked for.
    pub stored: Option<StoredFile>,
    /// Why the copy could not be written. Everything else is there all the same.
    pub copy_failed: Option<io::Error>,
}

/// Scans an input as [`scan`](crate::scan) does, and takes with it what else is wished, in the same pass. The catalog is the same
/// as without a wish.
///
/// With digests or a copy, the input is read in order from its beginning to its end, also where the scan stops early. What
/// the storage refuses is read around in steps of 512 bytes; other bytes stand for it in the copy.
pub fn take(source: Source, wish: Wish, options: &Options, progress: &Progress) -> Taken {
    let wants_bytes = !wish.digests.is_empty() || wish.copy.is_some();
    let (source, tap) = if wants_bytes {
        let (source, tap) = Tap::around(source, &wish.digests, wish.copy, options, progress);
        (source, Some(tap))
    } else {
        (source, None)
    };
    // More workers than the tap keeps pieces for would read their blocks a second time from the storage.
    let threads = match wants_bytes {
        true => options.threads.clamp(1, tap::WORKERS),
        false => options.threads,
    };
    let options = &Options {
        threads,
        ..options.clone()
    };
    let record = wish.manifest && options.depth == Depth::Full;
    let record = record.then(|| Record::new(&options.limits));
    let catalog = scan_for(source, options, progress, record.as_ref());
    let (stored, copy_failed) = tap.map(|tap| tap.finish(progress)).unzip();
    let stored = stored.map(|mut stored: StoredFile| {
        if stored.is_whole() && catalog.as_ref().is_ok_and(is_unstable) {
            stored.flaw = Some(Flaw::Unstable);
        }
        stored
    });
    Taken {
        manifest: record
            .map(Record::into_manifest)
            .filter(|_| catalog.is_ok()),
        catalog,
        stored,
        copy_failed: copy_failed.flatten(),
    }
}

/// Whether the storage gave other bytes on a second look: what the digests and the copy were made of is not what is stored.
fn is_unstable(catalog: &Catalog) -> bool {
    let mut facts = catalog.facts().iter();
    facts.any(|located| matches!(located.fact, Fact::Block(Block::Unstable { .. })))
}

//! A run that is stopped ends at once, with what is known, and calls nothing whole.

use std::io::{self, Read};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use xenspect_model::catalog::{DigestKind, Ending};
use xenspect_scan::{Options, Progress, ReadAt, Source, Taken, Wish, take};
use xenspect_synth::recipe::MIB;
use xenspect_synth::{Content, DiskRecipe, Envelope, Recipe, Release};

use crate::support::{Kept, options, packed};

fn all(source: Source, options: &Options, progress: &Progress) -> (Taken, Vec<u8>) {
    let copy = Kept::default();
    let wish = Wish {
        digests: vec![DigestKind::Sha256],
        manifest: true,
        copy: Some(Box::new(copy.clone())),
    };
    let begun = Instant::now();
    let taken = take(source, wish, options, progress);
    assert!(begun.elapsed() < Duration::from_secs(20));
    (taken, copy.bytes())
}

/// Asks the run to stop when this place is read.
struct StopAt(Vec<u8>, u64, Arc<Progress>);

impl ReadAt for StopAt {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        if offset >= self.1 {
            self.2.cancel();
        }
        self.0.read_at(buf, offset)
    }
}

#[test]
fn a_file_is_left_where_it_is() {
    for envelope in [Envelope::Plain, Envelope::Gzip, Envelope::Zstd] {
        // Of contents that no compression makes small.
        let bytes = Recipe {
            disks: vec![DiskRecipe::new(12 * MIB, Content::Random)],
            envelope,
            ..Recipe::new(Release::V8_2)
        }
        .build();
        let progress = Arc::new(Progress::default());
        let half = bytes.len() as u64 / 2;
        let source = Source::File {
            len: bytes.len() as u64,
            reader: Arc::new(StopAt(bytes.clone(), half, Arc::clone(&progress))),
            readable_by_others: false,
        };
        let (taken, copy) = all(source, &options(2), &progress);
        let stored = taken.stored.unwrap();
        assert!(!stored.is_whole() && stored.sha256().is_none());
        assert!(copy.len() < bytes.len() && bytes.starts_with(&copy));
        if let Ok(catalog) = taken.catalog {
            let archive = catalog.archive().unwrap();
            assert!(matches!(archive.ending, Ending::Interrupted { .. }));
            assert!(archive.facts.is_empty());
            assert!(!taken.manifest.unwrap().complete);
        }
    }
}

/// A pipe on which nothing comes any more.
struct Stalling(io::Cursor<Vec<u8>>, Arc<Progress>);

impl Read for Stalling {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        match self.0.read(buf)? {
            0 => {
                self.1.cancel();
                loop {
                    thread::park();
                }
            }
            n => Ok(n),
        }
    }
}

#[test]
fn a_stalled_pipe_is_left() {
    // Inside the archive, and behind its end, where only the lanes still want something.
    let whole = packed("two-disks", Envelope::Plain);
    for len in [whole.len() / 2, whole.len()] {
        let bytes = whole[..len].to_vec();
        let progress = Arc::new(Progress::default());
        let stalling = Stalling(io::Cursor::new(bytes.clone()), Arc::clone(&progress));
        let source = Source::Stream(Box::new(stalling));
        let (taken, copy) = all(source, &options(2), &progress);
        assert!(!taken.stored.unwrap().is_whole());
        assert!(copy == bytes);
        assert!(taken.copy_failed.is_none());
    }
}

#[test]
fn a_run_that_is_stopped_before_it_begins_reads_next_to_nothing() {
    let bytes = packed("two-disks", Envelope::Plain);
    let progress = Progress::default();
    progress.cancel();
    let (taken, copy) = all(Source::memory(bytes), &options(2), &progress);
    assert!(taken.catalog.is_err() && taken.manifest.is_none());
    assert!(copy.is_empty());
}

#[test]
fn progress_counts_to_the_end_of_what_is_stored() {
    // The scan gives up early: it is no backup.
    let bytes = vec![b'x'; 40 << 20];
    let progress = Progress::default();
    let (taken, copy) = all(Source::memory(bytes.clone()), &options(2), &progress);
    assert!(taken.catalog.is_err());
    assert!(taken.stored.unwrap().is_whole());
    assert_eq!(copy.len(), bytes.len());
    assert_eq!(progress.done(), bytes.len() as u64);
    assert_eq!(progress.total(), Some(bytes.len() as u64));
}

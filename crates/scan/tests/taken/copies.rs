//! A copy that cannot be written ends by itself; nothing else does.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use xenspect_model::catalog::DigestKind;
use xenspect_scan::{Progress, Taken, Wish, take};
use xenspect_synth::Envelope;

use crate::support::{file, options, packed, pipe, sha256};

/// A disk that is full after so many bytes.
struct Full(usize);

impl Write for Full {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0 == 0 {
            return Err(io::ErrorKind::StorageFull.into());
        }
        let n = bytes.len().min(self.0);
        self.0 -= n;
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn copied(source: xenspect_scan::Source, copy: impl Write + Send + 'static) -> Taken {
    let wish = Wish {
        digests: vec![DigestKind::Sha256],
        manifest: false,
        copy: Some(Box::new(copy)),
    };
    take(source, wish, &options(2), &Progress::default())
}

#[test]
fn a_full_disk_stops_the_copy_and_nothing_else() {
    let bytes = packed("two-disks", Envelope::Plain);
    for room in [0, 1, 3_000_000, bytes.len() - 1] {
        for source in [file(&bytes), pipe(&bytes)] {
            let taken = copied(source, Full(room));
            let error = taken.copy_failed.unwrap();
            assert_eq!(error.kind(), io::ErrorKind::StorageFull);
            let stored = taken.stored.unwrap();
            assert_eq!(stored.sha256(), Some(sha256(&bytes)), "{room}");
            assert!(taken.catalog.unwrap().facts().is_empty());
        }
    }
    let taken = copied(file(&bytes), Full(bytes.len()));
    assert!(taken.copy_failed.is_none());
}

/// Fails when it is flushed, as network shares do, and says when it is gone.
struct Late(Arc<AtomicBool>);

impl Write for Late {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Err(io::ErrorKind::QuotaExceeded.into())
    }
}

impl Drop for Late {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[test]
fn the_writer_is_flushed_and_dropped() {
    let bytes = packed("two-disks", Envelope::Gzip);
    let dropped = Arc::new(AtomicBool::new(false));
    let taken = copied(file(&bytes), Late(Arc::clone(&dropped)));
    assert!(taken.copy_failed.is_some());
    assert!(dropped.load(Ordering::Relaxed));
}

/// Fails in a way that no code expects.
struct Panicking;

impl Write for Panicking {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        panic!("a writer's panic")
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_writer_that_panics_is_a_copy_that_failed() {
    let bytes = packed("two-disks", Envelope::Plain);
    let taken = copied(file(&bytes), Panicking);
    assert!(taken.copy_failed.is_some());
    assert!(taken.stored.unwrap().is_whole());
}

//! Storage that misbehaves under a tap: the same is told as without one, and the stored file is not called whole.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::{self, ThreadId};

use xenspect_model::catalog::{Block, Fact, Flaw};
use xenspect_scan::{Progress, ReadAt, Source, Taken, Wish, take};
use xenspect_synth::recipe::MIB;
use xenspect_synth::{Content, DiskRecipe, Envelope, Recipe, Release};

use crate::support::{all_of, assert_same, host_backup, options, packed, shown};

/// What the catalog is without a wish, and everything with it.
fn both<R: ReadAt + 'static>(make: impl Fn() -> R, len: usize) -> (String, Taken, Vec<u8>) {
    let source = || Source::File {
        reader: Arc::new(make()),
        len: len as u64,
        readable_by_others: false,
    };
    let plain = take(source(), Wish::default(), &options(2), &Progress::default());
    let (taken, copy) = all_of(source(), &options(2));
    (shown(&plain), taken, copy)
}

/// Refuses every read that touches these bytes.
struct BadSectors(Vec<u8>, Vec<(u64, u64)>);

impl ReadAt for BadSectors {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        let end = offset + buf.len() as u64;
        if self.1.iter().any(|bad| bad.0 < end && bad.1 > offset) {
            return Err(io::Error::from_raw_os_error(5));
        }
        self.0.read_at(buf, offset)
    }
}

#[test]
fn what_the_storage_refuses_costs_no_more_than_itself() {
    let bytes = packed("two-disks", Envelope::Plain);
    let second_disk = bytes
        .windows(15)
        .position(|name| name == b"Ref:24/00000001")
        .unwrap() as u64;
    for (bad, digests_lost) in [
        // In one block, in a header and what is before it, over two blocks, and at the end.
        (vec![(1_500_000, 1_500_001)], 1),
        (vec![(second_disk + 100, second_disk + 101)], 0),
        (vec![(1_000_000, 1_100_000), (5_000_000, 5_000_001)], 2),
        (vec![(bytes.len() as u64 - 5, bytes.len() as u64)], 0),
    ] {
        let make = || BadSectors(bytes.clone(), bad.clone());
        let (expected, taken, copy) = both(make, bytes.len());
        assert_same(&shown(&taken), &expected, "tapped");
        let stored = taken.stored.unwrap();
        assert!(!stored.is_whole() && stored.sha256().is_none());
        assert_eq!(stored.bytes, bytes.len() as u64);
        assert_eq!(copy.len(), bytes.len());
        for (at, (copied, original)) in copy.iter().zip(&bytes).enumerate() {
            let sector = (at as u64 / 512) * 512..(at as u64 / 512 + 1) * 512;
            let refused = bad
                .iter()
                .any(|bad| bad.0 < sector.end && bad.1 > sector.start);
            assert_eq!(*copied, if refused { 0xa5 } else { *original }, "at {at}");
        }
        let manifest = taken.manifest.unwrap();
        let without = manifest
            .iter()
            .filter(|entry| entry.sha256.is_none())
            .count();
        assert!(without >= digests_lost, "{bad:?}: {without}");
    }
}

#[test]
fn a_bad_sector_in_a_description_or_a_file_of_a_host_takes_its_digest() {
    let bytes = packed("two-disks", Envelope::Plain);
    let (_, taken, _) = both(
        || BadSectors(bytes.clone(), vec![(1024, 1025)]),
        bytes.len(),
    );
    let manifest = taken.manifest.unwrap();
    assert_eq!(manifest.get(0).unwrap().sha256, None);
    assert!(manifest.get(1).unwrap().sha256.is_some());

    let bytes = host_backup(Envelope::Plain);
    let (plain, _) = all_of(Source::memory(bytes.clone()), &options(1));
    let plain = plain.manifest.unwrap();
    let large = plain.iter().find(|entry| entry.size > 2048).unwrap();
    let at = large.offset + 1024;
    let (expected, taken, _) = both(
        || BadSectors(bytes.clone(), vec![(at, at + 1)]),
        bytes.len(),
    );
    assert_same(&shown(&taken), &expected, "tapped");
    let manifest = taken.manifest.unwrap();
    for entry in manifest.iter() {
        let hit = entry.offset == large.offset;
        assert_eq!(entry.sha256.is_none(), hit, "{:?}", entry.name);
    }
}

#[test]
fn a_packed_file_that_breaks_is_read_on_for_the_copy() {
    let bytes = packed("two-disks", Envelope::Gzip);
    let middle = bytes.len() as u64 / 2;
    let make = || BadSectors(bytes.clone(), vec![(middle, middle + 1)]);
    let (expected, taken, copy) = both(make, bytes.len());
    assert_same(&shown(&taken), &expected, "tapped");
    assert!(!taken.stored.unwrap().is_whole());
    assert_eq!(copy.len(), bytes.len());
    assert_eq!(copy.last(), bytes.last());
}

/// Ends before its length says, or has more behind it.
struct OtherLength(Vec<u8>);

impl ReadAt for OtherLength {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        self.0.read_at(buf, offset)
    }
}

#[test]
fn a_file_that_changes_its_length_is_not_whole() {
    for envelope in [Envelope::Plain, Envelope::Gzip] {
        let bytes = packed("two-disks", envelope);
        let half = bytes[..bytes.len() / 2].to_vec();
        let (expected, taken, copy) = both(|| OtherLength(half.clone()), bytes.len());
        if envelope == Envelope::Plain {
            assert!(expected.contains("Shrunk"), "{expected}");
        }
        assert_same(&shown(&taken), &expected, "tapped");
        let stored = taken.stored.unwrap();
        assert_eq!(
            (stored.is_whole(), stored.bytes),
            (false, half.len() as u64)
        );
        assert!(copy == half);
        let (_, taken, copy) = both(|| OtherLength(bytes.clone()), bytes.len() - 600);
        assert!(!taken.stored.unwrap().is_whole(), "it grew");
        assert_eq!(copy.len(), bytes.len() - 600);
    }
}

/// The first reading of a place gives one wrong bit.
struct Flaky(Vec<u8>, AtomicU64);

impl ReadAt for Flaky {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        let n = self.0.read_at(buf, offset)?;
        let hit = 1_500_000_u64
            .checked_sub(offset)
            .filter(|&at| at < n as u64);
        if let (Some(at), 0) = (hit, self.1.load(Ordering::Relaxed)) {
            self.1.fetch_add(1, Ordering::Relaxed);
            buf[usize::try_from(at).unwrap()] ^= 1;
        }
        Ok(n)
    }
}

#[test]
fn a_block_is_read_again_before_it_is_accused_and_the_copy_is_not_whole() {
    let bytes = packed("two-disks", Envelope::Plain);
    let make = || Flaky(bytes.clone(), AtomicU64::new(0));
    let (expected, taken, copy) = both(make, bytes.len());
    assert_same(&shown(&taken), &expected, "tapped");
    let catalog = taken.catalog.unwrap();
    let facts: Vec<_> = catalog.facts().iter().collect();
    assert!(
        matches!(facts[..], [fact] if matches!(fact.fact, Fact::Block(Block::Unstable { .. })))
    );
    assert!(copy != bytes);
    assert!(!taken.stored.unwrap().is_whole());
    // What is in the manifest is what the second look gave.
    let (good, _) = all_of(Source::memory(bytes.clone()), &options(1));
    let (good, found) = (good.manifest.unwrap(), taken.manifest.unwrap());
    assert!(good.iter().eq(found.iter()));
}

/// The first reading of a place gives one wrong bit.
struct WrongAtFirst {
    bytes: Arc<Vec<u8>>,
    at: u64,
    reads: AtomicU64,
}

impl ReadAt for WrongAtFirst {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        let n = self.bytes.read_at(buf, offset)?;
        let at = self.at.checked_sub(offset).filter(|&at| at < n as u64);
        if let (Some(at), 0) = (at, self.reads.load(Ordering::Relaxed)) {
            self.reads.fetch_add(1, Ordering::Relaxed);
            buf[usize::try_from(at).unwrap()] ^= 1;
        }
        Ok(n)
    }
}

#[test]
fn a_copy_of_other_bytes_than_those_that_were_checked_is_not_whole() {
    // Longer than all that the tap keeps, so that the beginning of it is read again for its sum.
    let bytes = Recipe {
        chunk_size: 32 * MIB,
        disks: vec![DiskRecipe::new(32 * MIB, Content::Random)],
        ..Recipe::new(Release::V8_2)
    }
    .build();
    let bytes = Arc::new(bytes);
    for threads in [1, 2] {
        for at in [None, Some(1_500_000), Some(20_000_000)] {
            let source = Source::File {
                len: bytes.len() as u64,
                reader: Arc::new(WrongAtFirst {
                    bytes: Arc::clone(&bytes),
                    at: at.unwrap_or(u64::MAX),
                    reads: AtomicU64::new(0),
                }),
                readable_by_others: false,
            };
            let (taken, copy) = all_of(source, &options(threads));
            let catalog = taken.catalog.unwrap();
            let archive = catalog.archive().unwrap();
            assert_eq!(archive.disks[0].blocks.good, 1, "{threads} {at:?}");
            let stored = taken.stored.unwrap();
            let expected = at.map(|_| Flaw::Unstable);
            assert_eq!(stored.flaw, expected, "{threads} {at:?}");
            assert_eq!(copy != *bytes, at.is_some(), "{threads} {at:?}");
        }
    }
}

/// Gives few bytes at a time, and is interrupted now and then.
struct Slow(Vec<u8>, AtomicU64);

impl ReadAt for Slow {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        if self.1.fetch_add(1, Ordering::Relaxed) % 7 == 3 {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let few = buf.len().min(5000);
        self.0.read_at(&mut buf[..few], offset)
    }
}

#[test]
fn short_and_interrupted_reads_are_no_faults() {
    let bytes = packed("two-disks", Envelope::Zstd);
    let (expected, taken, copy) = both(|| Slow(bytes.clone(), AtomicU64::new(0)), bytes.len());
    assert_same(&shown(&taken), &expected, "tapped");
    assert!(taken.stored.unwrap().is_whole());
    assert!(copy == bytes);
}

/// Fails in a way that no code expects, on any thread but the one that made it.
struct Panicking(Vec<u8>, ThreadId);

impl ReadAt for Panicking {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        assert!(thread::current().id() == self.1, "a reader's panic");
        self.0.read_at(buf, offset)
    }
}

#[test]
fn a_reader_that_fails_leaves_nothing_whole() {
    let bytes = packed("two-disks", Envelope::Plain);
    // With one thread, whoever scans reads everything itself; only the tap has a thread of its own.
    let options = options(1);
    let source = || Source::File {
        len: bytes.len() as u64,
        reader: Arc::new(Panicking(bytes.clone(), thread::current().id())),
        readable_by_others: false,
    };
    let plain = take(source(), Wish::default(), &options, &Progress::default());
    assert!(shown(&plain).contains("internal_error: None"));
    let (taken, _) = all_of(source(), &options);
    assert_same(&shown(&taken), &shown(&plain), "tapped");
    let stored = taken.stored.unwrap();
    assert!(!stored.is_whole() && stored.sha256().is_none());
    assert!(taken.copy_failed.is_some());
}

/// A pipe that breaks with an error instead of an end.
struct Breaking(io::Cursor<Vec<u8>>);

impl Read for Breaking {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        match self.0.read(buf)? {
            0 => Err(io::ErrorKind::ConnectionReset.into()),
            n => Ok(n),
        }
    }
}

#[test]
fn a_pipe_that_breaks_is_not_whole() {
    for envelope in [Envelope::Plain, Envelope::Gzip] {
        let mut half = packed("two-disks", envelope);
        half.truncate(half.len() / 2);
        let source = || Source::Stream(Box::new(Breaking(io::Cursor::new(half.clone()))));
        let plain = take(source(), Wish::default(), &options(2), &Progress::default());
        let (taken, copy) = all_of(source(), &options(2));
        assert_same(&shown(&taken), &shown(&plain), "tapped");
        assert!(copy == half);
        assert!(!taken.stored.unwrap().is_whole());
    }
}

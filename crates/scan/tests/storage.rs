//! Storage that misbehaves: errors, short reads, files that shrink, bytes that differ on a second
//! look, a worker that fails, a run that is stopped.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use xenspect_model::catalog::{Archive, Block, Ending, Fact, Source as SourceFact};
use xenspect_scan::{Options, Progress, ReadAt, Source, scan};
use xenspect_synth::recipe::MIB;
use xenspect_synth::{Content, DiskRecipe, Recipe, Release};

/// Offset inside the second block of the first disk of the recipe below.
const INSIDE_A_BLOCK: u64 = 1_500_000;

fn archive() -> Vec<u8> {
    Recipe::named("two-disks").unwrap().build()
}

fn run(reader: impl ReadAt + 'static, len: usize) -> Archive {
    let source = Source::File {
        reader: Arc::new(reader),
        len: len as u64,
        readable_by_others: false,
    };
    let options = Options {
        threads: 2,
        ..Options::default()
    };
    let catalog = scan(source, &options, &Progress::default()).unwrap();
    catalog.into_archive().unwrap()
}

fn source_facts(catalog: &Archive) -> Vec<(u64, &SourceFact)> {
    catalog
        .facts
        .iter()
        .filter_map(|located| match &located.fact {
            Fact::Source(fact) => Some((located.offset, fact)),
            _ => None,
        })
        .collect()
}

fn good(catalog: &Archive) -> u64 {
    catalog.disks.iter().map(|disk| disk.blocks.good).sum()
}

/// Gives few bytes at a time, and is interrupted now and then.
struct Slow(Vec<u8>, AtomicU64);

impl ReadAt for Slow {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        if self.1.fetch_add(1, Ordering::Relaxed) % 7 == 3 {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let few = buf.len().min(1000);
        self.0.read_at(&mut buf[..few], offset)
    }
}

#[test]
fn short_and_interrupted_reads_are_no_faults() {
    let bytes = archive();
    let len = bytes.len();
    let catalog = run(Slow(bytes, AtomicU64::new(0)), len);
    assert!(catalog.facts.is_empty());
    assert_eq!(good(&catalog), 8);
}

/// Refuses every read that touches one byte.
struct BadSector(Vec<u8>, u64);

impl ReadAt for BadSector {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        if (offset..offset + buf.len() as u64).contains(&self.1) {
            return Err(io::Error::from_raw_os_error(5));
        }
        self.0.read_at(buf, offset)
    }
}

#[test]
fn a_bad_sector_in_a_block_costs_that_block_only() {
    let bytes = archive();
    let len = bytes.len();
    let catalog = run(BadSector(bytes, INSIDE_A_BLOCK), len);
    let facts = source_facts(&catalog);
    assert_eq!(facts.len(), 1);
    assert!(matches!(facts[0].1, SourceFact::ReadError { .. }));
    assert_eq!(catalog.facts.iter().count(), 1);
    assert_eq!(good(&catalog), 7);
    assert_eq!(catalog.disks[0].blocks.unchecked, 1);
}

#[test]
fn a_bad_sector_in_a_header_is_a_range_and_not_the_end() {
    let bytes = archive();
    let header = bytes
        .windows(14)
        .position(|name| name == b"Ref:24/0000000")
        .unwrap() as u64;
    let second = bytes[header as usize + 1..]
        .windows(15)
        .position(|name| name == b"Ref:24/00000001")
        .unwrap() as u64
        + header
        + 1;
    let len = bytes.len();
    let catalog = run(BadSector(bytes, second + 100), len);
    let facts = source_facts(&catalog);
    assert_eq!(facts.len(), 1, "{facts:?}");
    assert_eq!(facts[0].0, second);
    assert!(
        matches!(facts[0].1, SourceFact::ReadError { len: 512, .. }),
        "{facts:?}"
    );
    assert!(matches!(catalog.ending, Ending::Tar(_)));
    assert_eq!(good(&catalog), 7);
}

/// A file that is cut to half its length when its first block is read.
struct Shrinking(Vec<u8>);

impl ReadAt for Shrinking {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        let half = self.0.len() / 2;
        let mut rest = self.0[..half]
            .get(usize::try_from(offset).unwrap()..)
            .unwrap_or_default();
        rest.read(buf)
    }
}

#[test]
fn a_file_that_shrinks_is_told_as_such() {
    let bytes = archive();
    let len = bytes.len();
    let catalog = run(Shrinking(bytes), len);
    let mut had = source_facts(&catalog)
        .into_iter()
        .map(|(_, fact)| match fact {
            SourceFact::Shrunk { size } => *size,
            other => panic!("{other:?}"),
        });
    // Whoever meets the end, the one who walks or one who hashes, tells the length that it had.
    assert!(had.len() > 0 && had.all(|size| size == len as u64));
}

/// The first reading of a place gives one wrong bit.
struct Flaky(Vec<u8>, AtomicU64);

impl ReadAt for Flaky {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        let n = self.0.read_at(buf, offset)?;
        let hit = INSIDE_A_BLOCK
            .checked_sub(offset)
            .filter(|&at| at < n as u64);
        if let (Some(at), 0) = (hit, self.1.load(Ordering::Relaxed)) {
            self.1.fetch_add(1, Ordering::Relaxed);
            buf[at as usize] ^= 1;
        }
        Ok(n)
    }
}

#[test]
fn a_block_is_read_again_before_it_is_accused() {
    let bytes = archive();
    let len = bytes.len();
    let catalog = run(Flaky(bytes, AtomicU64::new(0)), len);
    let facts: Vec<_> = catalog.facts.iter().collect();
    assert_eq!(facts.len(), 1);
    assert!(matches!(facts[0].fact, Fact::Block(Block::Unstable { .. })));
    assert_eq!(good(&catalog), 8);
}

/// Fails in a way that no code expects where a byte inside of a block is read, whoever reads it.
struct Panicking(Vec<u8>);

impl ReadAt for Panicking {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        let range = offset..offset + buf.len() as u64;
        assert!(!range.contains(&INSIDE_A_BLOCK), "a worker's read");
        self.0.read_at(buf, offset)
    }
}

#[test]
fn a_worker_that_fails_leaves_no_good_verdict() {
    let bytes = archive();
    let len = bytes.len();
    let catalog = run(Panicking(bytes), len);
    assert_eq!(catalog.internal_error.as_deref(), Some("a worker's read"));
}

/// Asks the scan to stop once half of it is read.
struct Stopping(io::Cursor<Vec<u8>>, Arc<Progress>);

impl Read for Stopping {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if self.0.position() > self.0.get_ref().len() as u64 / 2 {
            self.1.cancel();
        }
        let few = buf.len().min(10_000);
        self.0.read(&mut buf[..few])
    }
}

#[test]
fn a_stopped_scan_keeps_what_it_knows() {
    let progress = Arc::new(Progress::default());
    let reader = Stopping(io::Cursor::new(archive()), Arc::clone(&progress));
    let source = Source::Stream(Box::new(reader));
    let catalog = scan(source, &Options::default(), &progress).unwrap();
    let catalog = catalog.into_archive().unwrap();
    assert!(
        matches!(catalog.ending, Ending::Interrupted { .. }),
        "{:?}",
        catalog.ending
    );
    assert!((1..8).contains(&good(&catalog)), "{}", good(&catalog));
    assert!(catalog.facts.is_empty());
}

/// Asks the scan to stop when the inside of a block is read, and counts what is read from then on.
struct StopInside(Vec<u8>, Arc<Progress>, Arc<AtomicU64>);

impl ReadAt for StopInside {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        let range = offset..offset + buf.len() as u64;
        if range.contains(&INSIDE_A_BLOCK) {
            self.1.cancel();
        }
        if self.1.is_cancelled() {
            self.2.fetch_add(1, Ordering::Relaxed);
        }
        self.0.read_at(buf, offset)
    }
}

#[test]
fn a_long_block_is_left_where_it_is_when_the_run_is_stopped() {
    // The only block, so that the walk is at its end before it is read.
    let bytes = Recipe {
        chunk_size: 32 * MIB,
        disks: vec![DiskRecipe::new(32 * MIB, Content::Random)],
        ..Recipe::new(Release::V8_2)
    }
    .build();
    let (progress, reads) = (Arc::new(Progress::default()), Arc::default());
    let source = Source::File {
        len: bytes.len() as u64,
        reader: Arc::new(StopInside(bytes, Arc::clone(&progress), Arc::clone(&reads))),
        readable_by_others: false,
    };
    let catalog = scan(source, &Options::default(), &progress).unwrap();
    let catalog = catalog.into_archive().unwrap();
    let reads = reads.load(Ordering::Relaxed);
    assert!((1..4).contains(&reads), "{reads}");
    assert!(
        matches!(catalog.ending, Ending::Interrupted { .. }),
        "{:?}",
        catalog.ending
    );
    let blocks = catalog.disks[0].blocks;
    assert_eq!((blocks.good, blocks.bad, blocks.unchecked), (0, 0, 1));
    assert!(catalog.facts.is_empty());
}

/// A pipe on which nothing comes any more.
struct Stalling(io::Cursor<Vec<u8>>, Arc<Progress>);

impl Read for Stalling {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        match self.0.read(buf)? {
            0 => {
                self.1.cancel();
                thread::park();
                Ok(0)
            }
            n => Ok(n),
        }
    }
}

#[test]
fn a_stalled_pipe_is_left_when_the_run_is_stopped() {
    let mut half = archive();
    half.truncate(half.len() / 2);
    let progress = Arc::new(Progress::default());
    let source = Source::Stream(Box::new(Stalling(
        io::Cursor::new(half),
        Arc::clone(&progress),
    )));
    let catalog = scan(source, &Options::default(), &progress).unwrap();
    let catalog = catalog.into_archive().unwrap();
    assert!(
        matches!(catalog.ending, Ending::Interrupted { .. }),
        "{:?}",
        catalog.ending
    );
    assert!(good(&catalog) > 0);
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
fn a_pipe_that_breaks_is_no_end_of_the_archive() {
    let mut half = archive();
    half.truncate(half.len() / 2);
    let source = Source::Stream(Box::new(Breaking(io::Cursor::new(half))));
    let catalog = scan(source, &Options::default(), &Progress::default()).unwrap();
    let catalog = catalog.into_archive().unwrap();
    assert!(matches!(catalog.ending, Ending::Broken { .. }));
    assert!(matches!(
        source_facts(&catalog)[..],
        [(_, SourceFact::ReadError { .. })]
    ));
}

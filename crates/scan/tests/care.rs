//! Files that are read with care: out of a map, no faster than a pace, and so that the page cache is not filled. None of it changes
//! what is found.

use std::fs::{self, File};
use std::io::{self, Write};
use std::num::NonZeroU64;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tempfile::NamedTempFile;
use xenspect_model::catalog::{Archive, Block, Fact, Source as SourceFact};
use xenspect_scan::{Care, Options, Pace, Progress, ReadAt, Source, scan};
use xenspect_synth::{Fault, Recipe};

fn archive() -> Vec<u8> {
    Recipe::named("two-disks").unwrap().build()
}

fn file(bytes: &[u8]) -> NamedTempFile {
    let mut file = NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    file
}

fn scanned(source: Source) -> Archive {
    let options = Options {
        threads: 2,
        ..Options::default()
    };
    let catalog = scan(source, &options, &Progress::default()).unwrap();
    catalog.into_archive().unwrap()
}

fn pace(rate: u64) -> Arc<Pace> {
    Arc::new(Pace::new(
        NonZeroU64::new(rate).unwrap(),
        Arc::new(AtomicBool::new(false)),
    ))
}

/// Every kind of care by itself, and those that go together.
fn cares() -> Vec<Care> {
    let fast = || Some(pace(1 << 40));
    let care = |mapped, tidy, pace| Care { mapped, tidy, pace };
    vec![
        care(true, false, None),
        care(false, true, None),
        care(false, false, fast()),
        care(true, false, fast()),
        care(false, true, fast()),
    ]
}

#[test]
fn the_catalog_is_the_same_with_any_care() {
    let good = archive();
    let faults = ["flip-block-byte", "truncated-in-block", "header-name-byte"];
    let damaged = faults.iter().map(|name| Fault::named(name).unwrap());
    let archives: Vec<_> = damaged.map(|fault| fault.build()).chain([good]).collect();
    for bytes in archives {
        let file = file(&bytes);
        let usual = scanned(Source::open(file.path()).unwrap());
        for care in cares() {
            let other = scanned(Source::open_with(file.path(), &care).unwrap());
            assert_eq!(format!("{usual:?}"), format!("{other:?}"), "{care:?}");
        }
    }
}

fn good(catalog: &Archive) -> u64 {
    catalog.disks.iter().map(|disk| disk.blocks.good).sum()
}

#[test]
fn a_mapped_file_that_was_cut_off_has_shrunk() {
    let file = file(&archive());
    let care = Care {
        mapped: true,
        ..Care::default()
    };
    let source = Source::open_with(file.path(), &care).unwrap();
    // Inside of a block, in a page of its own.
    let cut = 1_500_000 / 4096 * 4096;
    file.as_file().set_len(cut).unwrap();
    let catalog = scanned(source);
    let shrunk = |fact: &Fact| matches!(fact, Fact::Source(SourceFact::Shrunk { .. }));
    let mut facts = catalog.facts.iter();
    assert!(facts.any(|located| shrunk(&located.fact)), "{catalog:?}");
    assert!(good(&catalog) < 8);
}

/// Lends other bytes than the storage has.
struct Stale {
    stored: Vec<u8>,
    lent: Vec<u8>,
    anew: AtomicU64,
    forgotten: Mutex<Vec<(u64, u64)>>,
}

impl ReadAt for Stale {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        self.stored.read_at(buf, offset)
    }

    fn read_anew_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        self.anew.fetch_add(1, Ordering::Relaxed);
        self.stored.read_at(buf, offset)
    }

    fn forget(&self, offset: u64, len: u64) {
        self.forgotten.lock().unwrap().push((offset, len));
    }

    fn lend(&self, offset: u64, len: usize) -> Option<&[u8]> {
        let start = usize::try_from(offset).unwrap();
        // Few at a time, and now and then none.
        let len = len.min(10_000);
        (start % 3 > 0).then(|| &self.lent[start..start + len])
    }

    fn lends(&self) -> bool {
        true
    }
}

/// The catalog, how often something was read anew, and what was forgotten before that.
fn lending(stored: Vec<u8>, lent: Vec<u8>) -> (Archive, u64, Vec<(u64, u64)>) {
    let len = stored.len() as u64;
    let reader = Arc::new(Stale {
        stored,
        lent,
        anew: AtomicU64::new(0),
        forgotten: Mutex::default(),
    });
    // A pace hands on what it does not know of.
    let source = Source::File {
        reader: reader.clone(),
        len,
        readable_by_others: false,
    };
    let catalog = scanned(source.with_pace(Some(&pace(1 << 40))));
    let forgotten = reader.forgotten.lock().unwrap().clone();
    (catalog, reader.anew.load(Ordering::Relaxed), forgotten)
}

#[test]
fn what_is_lent_is_hashed_and_nothing_is_read_twice() {
    let bytes = archive();
    let (catalog, anew, forgotten) = lending(bytes.clone(), bytes);
    assert_eq!((good(&catalog), anew), (8, 0));
    assert!(forgotten.is_empty());
    assert!(catalog.facts.is_empty());
}

#[test]
fn what_is_lent_and_differs_is_read_from_the_storage() {
    let bytes = archive();
    let mut lent = bytes.clone();
    // All of one block, as some of its bytes are not lent.
    for byte in &mut lent[1_300_000..1_600_000] {
        *byte ^= 1;
    }
    let (catalog, anew, forgotten) = lending(bytes, lent);
    // It is read in many pieces, and dropped once.
    assert!(anew > 1);
    let [(start, len)] = forgotten[..] else {
        panic!("{forgotten:?}");
    };
    assert!(start <= 1_300_000 && start + len >= 1_600_000 && len == 1 << 20);
    assert_eq!(good(&catalog), 8);
    let facts: Vec<_> = catalog.facts.iter().collect();
    assert_eq!(facts.len(), 1);
    assert!(matches!(facts[0].fact, Fact::Block(Block::Unstable { .. })));
}

#[test]
fn all_that_shares_a_pace_takes_its_time_together() {
    let bytes = archive();
    let len = bytes.len() as u64;
    let care = Care {
        pace: Some(pace(len * 8)),
        ..Care::default()
    };
    let file = file(&bytes);
    let begun = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| scanned(Source::open_with(file.path(), &care).unwrap()));
        }
    });
    // Two files, eight of them in a second.
    assert!(begun.elapsed() >= Duration::from_millis(240));
}

#[test]
fn a_stopped_run_does_not_wait_for_its_pace() {
    let stop = Arc::new(AtomicBool::new(false));
    let rate = NonZeroU64::new(1000).unwrap();
    let care = Care {
        pace: Some(Arc::new(Pace::new(rate, Arc::clone(&stop)))),
        ..Care::default()
    };
    let file = file(&archive());
    let source = Source::open_with(file.path(), &care).unwrap();
    let progress = Progress::default();
    let begun = Instant::now();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            std::thread::sleep(Duration::from_millis(100));
            progress.cancel();
            stop.store(true, Ordering::Relaxed);
        });
        let _ = scan(source, &Options::default(), &progress);
    });
    // At this pace it would take two hours.
    assert!(begun.elapsed() < Duration::from_secs(60));
}

#[test]
fn an_empty_file_and_a_folder_are_told_as_without_care() {
    let empty = file(b"");
    let folder = tempfile::tempdir().unwrap();
    for care in cares() {
        assert!(matches!(
            Source::open_with(empty.path(), &care),
            Ok(Source::File { len: 0, .. })
        ));
        let error = Source::open_with(folder.path(), &care).err().unwrap();
        assert_eq!(error.kind(), io::ErrorKind::IsADirectory);
    }
}

#[test]
fn a_careful_reading_leaves_the_file_as_it_is() {
    let bytes = archive();
    let file = file(&bytes);
    let modified = |file: &File| file.metadata().unwrap().modified().unwrap();
    let before = modified(file.as_file());
    for care in cares() {
        scanned(Source::open_with(file.path(), &care).unwrap());
    }
    assert_eq!(fs::read(file.path()).unwrap(), bytes);
    assert_eq!(modified(file.as_file()), before);
}

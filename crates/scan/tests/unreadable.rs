//! Members that lie where the storage cannot be read: nothing else is handed out for them. And storage that is lost as a whole,
//! which is no input of bad sectors.

use std::io;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use xenspect_model::catalog::{Archive, DigestKind, Ending, Fact, Flaw, Source as SourceFact};
use xenspect_scan::{
    Depth, Error, Extracted, Options, Progress, ReadAt, Rewrite, Source, Wish, extract, list, scan,
    take, with_description,
};
use xenspect_synth::Recipe;

/// What stands for bytes that cannot be read, inside of the scan alone.
const FILLER: u8 = 0xa5;

/// Refuses every read that touches a range.
struct Refusing {
    bytes: Vec<u8>,
    from: u64,
    to: u64,
    error: fn() -> io::Error,
}

impl ReadAt for Refusing {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        let end = (offset + buf.len() as u64).min(self.bytes.len() as u64);
        if offset < self.to && end > self.from {
            return Err((self.error)());
        }
        self.bytes.read_at(buf, offset)
    }
}

fn source(bytes: &[u8], (from, to): (u64, u64), error: fn() -> io::Error) -> Source {
    Source::File {
        len: bytes.len() as u64,
        reader: Arc::new(Refusing {
            bytes: bytes.to_vec(),
            from,
            to,
            error,
        }),
        readable_by_others: false,
    }
}

fn bad_sector() -> io::Error {
    io::Error::from_raw_os_error(5)
}

fn lost() -> io::Error {
    io::Error::new(io::ErrorKind::NotConnected, "the store is gone")
}

fn archive() -> Vec<u8> {
    Recipe::named("two-disks").unwrap().build()
}

/// Where the payload of the last member of this name begins.
fn payload_of(archive: &[u8], name: &str) -> u64 {
    let mut archive = tar::Archive::new(archive);
    let entries = archive.entries().unwrap().map(Result::unwrap);
    let found = entries.filter(|entry| *entry.path_bytes() == *name.as_bytes());
    found.last().unwrap().raw_file_position()
}

fn taken_out(source: Source, name: &str) -> (Extracted, Vec<u8>) {
    let mut out = Vec::new();
    let outcome = extract(
        source,
        name.as_bytes(),
        &Options::default(),
        &Progress::default(),
        &mut out,
    );
    (outcome.unwrap(), out)
}

#[test]
fn a_block_with_a_bad_sector_is_not_whole() {
    let bytes = archive();
    let name = "Ref:24/00000000";
    let start = payload_of(&bytes, name);
    for at in [start, start + 700_000, start + (1 << 20) - 1] {
        let (outcome, out) = taken_out(source(&bytes, (at, at + 1), bad_sector), name);
        let Extracted::Unreadable { have, size } = outcome else {
            panic!("{at}: {outcome:?}");
        };
        assert_eq!(size, 1 << 20);
        assert_eq!(out.len() as u64, have);
        assert!(have <= at - start, "{at}: {have}");
        let range = usize::try_from(start).unwrap()..usize::try_from(start + have).unwrap();
        assert_eq!(out, bytes[range], "{at}");
    }
    // One beside it does not matter.
    let beside = start + (1 << 20);
    let (outcome, out) = taken_out(source(&bytes, (beside, beside + 1), bad_sector), name);
    assert!(matches!(outcome, Extracted::Whole { .. }), "{outcome:?}");
    assert_eq!(out.len(), 1 << 20);
}

#[test]
fn a_file_of_a_host_with_a_bad_sector_is_not_whole() {
    let name = "etc/passwd";
    let mut backup = xenspect_synth::HostBackup::named("member").unwrap();
    backup.envelope = xenspect_synth::Envelope::Plain;
    let bytes = backup.bytes();
    let start = payload_of(&bytes, &format!("./{name}"));
    let (outcome, out) = taken_out(source(&bytes, (start, start + 1), bad_sector), name);
    assert!(
        matches!(outcome, Extracted::Unreadable { have: 0, .. }),
        "{outcome:?}"
    );
    assert!(out.is_empty());
}

#[test]
fn nothing_is_written_anew_over_a_bad_sector() {
    let bytes = archive();
    for (name, inside) in [
        ("ova.xml", 600),
        ("Ref:24/00000000", 0),
        ("Ref:24/00000000", 700_000),
    ] {
        let at = payload_of(&bytes, name) + inside;
        let mut out = Vec::new();
        let outcome = with_description(
            source(&bytes, (at, at + 1), bad_sector),
            true,
            &Options::default(),
            &Progress::default(),
            &mut |text| Ok(text.to_vec()),
            &mut out,
        );
        let outcome = outcome.unwrap();
        let Rewrite::Broken(words) = &outcome else {
            panic!("{name}: {outcome:?}");
        };
        assert!(words.contains("cannot be read"), "{words}");
        assert!(!out.windows(64).any(|bytes| bytes == [FILLER; 64]));
    }
}

fn read_errors(archive: &Archive) -> Vec<u64> {
    let facts = archive.facts.iter();
    facts
        .filter_map(|located| match located.fact {
            Fact::Source(SourceFact::ReadError { .. }) => Some(located.offset),
            _ => None,
        })
        .collect()
}

#[test]
fn a_lost_store_ends_the_reading_and_is_no_range_of_bad_sectors() {
    let bytes = archive();
    // From a header on to the end.
    let from = payload_of(&bytes, "Ref:24/00000000") - 512;
    let to = bytes.len() as u64;
    let catalog = scan(
        source(&bytes, (from, to), lost),
        &Options::default(),
        &Progress::default(),
    );
    let archive = catalog.unwrap().into_archive().unwrap();
    assert!(
        matches!(archive.ending, Ending::Broken { offset, .. } if offset == from),
        "{:?}",
        archive.ending
    );
    assert_eq!(read_errors(&archive), [from]);
}

/// Refuses all reads after so many.
struct Dying(Vec<u8>, AtomicUsize);

impl ReadAt for Dying {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        let one_less = |left: usize| left.checked_sub(1);
        let (set, get) = (Ordering::Relaxed, Ordering::Relaxed);
        self.1
            .fetch_update(set, get, one_less)
            .map_err(|_| bad_sector())?;
        self.0.read_at(buf, offset)
    }
}

#[test]
fn what_cannot_be_told_because_of_bad_sectors_is_not_called_something_else() {
    let (options, progress) = (Options::default(), Progress::default());
    // The beginning is read, and says that it may be an archive.
    let dying = || {
        let bytes = archive();
        Source::File {
            len: bytes.len() as u64,
            reader: Arc::new(Dying(bytes, AtomicUsize::new(2))),
            readable_by_others: false,
        }
    };
    let letter = || {
        source(
            &b"Dear administrator, ".repeat(5000),
            (40_000, 40_001),
            bad_sector,
        )
    };
    let mut answers: Vec<Result<(), Error>> = Vec::new();
    for source in [&dying as &dyn Fn() -> Source, &letter] {
        answers.push(scan(source(), &options, &progress).map(drop));
        let nothing = &mut |_: &_| ControlFlow::Continue(());
        answers.push(list(source(), &options, &progress, nothing).map(drop));
        let taken = extract(source(), b"ova.xml", &options, &progress, &mut Vec::new());
        answers.push(taken.map(drop));
    }
    for answer in answers {
        let Err(Error::Unread(reason)) = answer else {
            panic!("{answer:?}");
        };
        assert!(reason.contains("os error 5"), "{reason}");
    }
}

#[test]
fn a_store_that_is_lost_under_a_tap_ends_the_reading_too() {
    let bytes = archive();
    let from = payload_of(&bytes, "Ref:24/00000000") - 512;
    let to = bytes.len() as u64;
    let wish = Wish {
        digests: vec![DigestKind::Sha256],
        ..Wish::default()
    };
    let source = source(&bytes, (from, to), lost);
    let taken = take(source, wish, &Options::default(), &Progress::default());
    let archive = taken.catalog.unwrap().into_archive().unwrap();
    assert!(
        matches!(archive.ending, Ending::Broken { .. }),
        "{:?}",
        archive.ending
    );
    let stored = taken.stored.unwrap();
    assert!(stored.bytes <= from, "{}", stored.bytes);
    assert_eq!(stored.sha256(), None);
}

#[test]
fn what_only_the_tap_meets_is_told() {
    let bytes = archive();
    let at = payload_of(&bytes, "Ref:24/00000000") + 700_000;
    let sector = at / 512 * 512;
    let wish = Wish {
        digests: vec![DigestKind::Sha256],
        ..Wish::default()
    };
    // The scan itself does not look at the block.
    let options = Options {
        depth: Depth::Headers,
        ..Options::default()
    };
    let source = source(&bytes, (sector, sector + 1024), bad_sector);
    let taken = take(source, wish, &options, &Progress::default());
    let archive = taken.catalog.unwrap().into_archive().unwrap();
    assert!(read_errors(&archive).is_empty());
    let stored = taken.stored.unwrap();
    assert_eq!(stored.sha256(), None);
    let Some(Flaw::ReadError { offset, len, .. }) = stored.flaw else {
        panic!("{stored:?}");
    };
    assert_eq!((offset, len), (sector, 1024));
}

/// A file that is cut where a window of headers is refused.
struct CutThere(Vec<u8>, u64);

impl ReadAt for CutThere {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        let end = offset + buf.len() as u64;
        if buf.len() > 512 && offset <= self.1 && end > self.1 {
            return Err(bad_sector());
        }
        let kept = &self.0[..usize::try_from(self.1).unwrap()];
        let rest = kept.get(usize::try_from(offset).unwrap()..);
        let n = buf.len().min(rest.unwrap_or_default().len());
        buf[..n].copy_from_slice(&rest.unwrap_or_default()[..n]);
        Ok(n)
    }
}

#[test]
fn nothing_is_found_behind_an_end_that_was_met_at_a_bad_sector() {
    let bytes = archive();
    let len = bytes.len() as u64;
    let whole = scan(
        Source::memory(bytes.clone()),
        &Options::default(),
        &Progress::default(),
    );
    let whole = whole.unwrap().into_archive().unwrap();
    // The window before has the header of the last block of the disk, and its sum.
    let cut = payload_of(&bytes, "Ref:24/00000001") - 512;
    for cut in [cut, cut - 512, cut + 100] {
        let source = Source::File {
            len,
            reader: Arc::new(CutThere(bytes.clone(), cut)),
            readable_by_others: false,
        };
        let catalog = scan(source, &Options::default(), &Progress::default());
        let archive = catalog.unwrap().into_archive().unwrap();
        let facts: Vec<_> = archive.facts.iter().collect();
        let shrunk = |fact: &Fact| matches!(fact, Fact::Source(SourceFact::Shrunk { .. }));
        assert!(facts.iter().any(|fact| shrunk(&fact.fact)), "{facts:?}");
        assert!(facts.iter().all(|fact| fact.offset <= cut), "{facts:?}");
        assert!(
            archive.stream_bytes <= cut,
            "{cut}: {}",
            archive.stream_bytes
        );
        assert!(archive.members < whole.members);
        let complete = matches!(
            archive.ending,
            Ending::Tar(xenspect_archive::tar::Ending::Complete)
        );
        assert!(!complete, "{:?}", archive.ending);
    }
}

/// Has one byte more than it had when it was opened.
#[test]
fn a_file_that_grew_says_so() {
    let mut bytes = archive();
    let before = bytes.len() as u64;
    bytes.push(0);
    let source = Source::File {
        reader: Arc::new(bytes),
        len: before,
        readable_by_others: false,
    };
    let wish = Wish {
        digests: vec![DigestKind::Sha256],
        ..Wish::default()
    };
    let taken = take(source, wish, &Options::default(), &Progress::default());
    let flaw = taken.stored.unwrap().flaw;
    assert_eq!(flaw, Some(Flaw::Changed { before, now: None }));
}

//! Files of this machine, as a run wants them read: with the storage told what comes next, mapped into memory, or so that the page
//! cache is not filled.

use std::fs::{File, Metadata};
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use xenspect_mapped::Mapped;

use crate::source::{Care, ReadAt};
use crate::system;
use crate::tidy::Tidy;

/// The reader of a file or a block device.
pub(crate) fn reader(
    file: File,
    (metadata, len): (&Metadata, u64),
    care: &Care,
) -> io::Result<Arc<dyn ReadAt>> {
    if care.tidy
        && system::HAS_ADVICE
        && let Some(tidy) = Tidy::of(&file, len, care.pace.is_none())?
    {
        return Ok(Arc::new(tidy));
    }
    // What the system reads unasked is in front of a pace, and of a sample it would be most of what is read.
    if care.pace.is_some() {
        system::read_as_asked(&file);
    }
    let map = (care.mapped && metadata.is_file() && system::is_local(&file))
        .then(|| Mapped::of(&file).ok())
        .flatten();
    Ok(match map {
        Some(map) => Arc::new(MappedFile {
            file: LocalFile::new(file),
            map,
        }),
        None => Arc::new(LocalFile::new(file)),
    })
}

/// A shorter read is one of a header, in front of a block that a worker is going to read.
const SHORT: usize = 64 << 10;
/// Blocks during which the storage is told what comes, after a header that was not in memory. Of a file that is in memory it is told
/// nothing, since that takes longer than it is worth.
const TELLING: u32 = 256;
/// Bytes that the storage is told of at once, as soon as the block in front of them is met.
const PART: u64 = 4 << 20;
/// Bytes between two blocks that follow one another: headers and sums.
const BETWEEN: u64 = 64 << 10;
/// Blocks that are dropped from the page cache before a second look at them. An archive that differs everywhere should not be read
/// several times over for that.
const DOUBTED: u32 = 256;

/// Counts the blocks that were doubted.
#[derive(Default)]
pub(crate) struct Doubts(AtomicU32);

impl Doubts {
    /// Whether one more is worth being read from the storage once more.
    pub(crate) fn admit(&self) -> bool {
        let one_more = |doubted: u32| (doubted < DOUBTED).then_some(doubted + 1);
        let (set, get) = (Ordering::Relaxed, Ordering::Relaxed);
        self.0.fetch_update(set, get, one_more).is_ok()
    }
}

/// A file that is read at positions.
struct LocalFile {
    file: File,
    /// Blocks during which the storage is still to be told what comes.
    telling: AtomicU32,
    /// How far it was told, where blocks follow one another.
    told: AtomicU64,
    /// Where the last block ends that was expected.
    expected: AtomicU64,
    doubts: Doubts,
}

impl LocalFile {
    fn new(file: File) -> Self {
        Self {
            file,
            telling: AtomicU32::new(0),
            told: AtomicU64::new(0),
            expected: AtomicU64::new(0),
            doubts: Doubts::default(),
        }
    }
}

impl ReadAt for LocalFile {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        if buf.len() >= SHORT {
            return self.file.read_at(buf, offset);
        }
        match system::read_cached(&self.file, buf, offset) {
            Some(n) if n > 0 => return Ok(n),
            _ => self.telling.store(TELLING, Ordering::Relaxed),
        }
        self.file.read_at(buf, offset)
    }

    /// What is in the page cache may be what is wrong. Where it cannot be dropped, and of what is mapped, the second look is one at the
    /// same memory.
    fn forget(&self, offset: u64, len: u64) {
        if self.doubts.admit() {
            system::drop_around(&self.file, offset, len);
        }
    }

    /// Lets the storage begin with what comes before a worker asks for it, in the order of the file, so that it is busy also while
    /// blocks are hashed.
    fn expect(&self, offset: u64, len: u64) {
        let telling = self.telling.load(Ordering::Relaxed);
        if telling == 0 {
            return;
        }
        self.telling.store(telling - 1, Ordering::Relaxed);
        let behind = offset.saturating_add(len);
        let before = self.expected.swap(behind, Ordering::Relaxed);
        let end = offset.saturating_add(len.min(PART));
        // Where blocks are left out, nobody reads what lies between them.
        let follows = (before..=before.saturating_add(BETWEEN)).contains(&offset);
        let (from, end) = if follows {
            let told = self.told.load(Ordering::Relaxed);
            let end = (end - end % PART).saturating_add(2 * PART);
            self.told.store(end, Ordering::Relaxed);
            (told.clamp(offset, end), end)
        } else {
            (offset, end)
        };
        system::read_ahead(&self.file, from, end - from);
    }
}

/// A file that is mapped. Only blocks are hashed out of the map; all else is read.
struct MappedFile {
    file: LocalFile,
    map: Mapped,
}

impl ReadAt for MappedFile {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        self.file.read_at(buf, offset)
    }

    fn forget(&self, offset: u64, len: u64) {
        self.file.forget(offset, len);
    }

    fn lend(&self, offset: u64, len: usize) -> Option<&[u8]> {
        self.map.range(offset, len)
    }

    fn lends(&self) -> bool {
        true
    }

    fn expect(&self, offset: u64, len: u64) {
        self.file.expect(offset, len);
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::num::NonZeroU64;
    use std::ops::Range;

    use tempfile::NamedTempFile;

    use super::*;
    use crate::pace::Pace;

    /// Whether the page cache has the beginning of a file, where that can be told.
    fn is_cached(file: &File) -> Option<bool> {
        system::read_cached(file, &mut [0], 0).map(|n| n > 0)
    }

    #[test]
    fn blocks_are_dropped_before_a_second_look_up_to_a_number() {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&[7; 4096]).unwrap();
        file.sync_all().unwrap();
        let local = LocalFile::new(file);
        let mut dropped = [0; 2];
        for block in 0..2 * DOUBTED {
            local.read_anew_at(&mut [0; 1024], 0).unwrap();
            assert_ne!(is_cached(&local.file), Some(false));
            local.forget(0, 4096);
            let is_gone = is_cached(&local.file) == Some(false);
            dropped[(block / DOUBTED) as usize] += u32::from(is_gone);
            // Parts of a block are none of their own.
            for part in 0..4 {
                local.read_anew_at(&mut [0; 1024], part * 1024).unwrap();
            }
        }
        assert_eq!(local.doubts.0.load(Ordering::Relaxed), DOUBTED);
        assert_eq!(dropped[1], 0);
        // A page that somebody else has in hand at that moment stays.
        match dropped[0] {
            0 => say_skipped(),
            dropped => assert!(dropped > DOUBTED / 2, "{dropped}"),
        }
    }

    fn say_skipped() {
        let words = "SKIPPED: files in the temporary folder stay in memory";
        let _ = writeln!(io::stderr(), "{words}");
    }

    const MIB: u64 = 1 << 20;

    /// Pages of a range that the page cache has.
    fn cached_pages(file: &File, range: Range<u64>) -> usize {
        let is_there = |at| matches!(system::read_cached(file, &mut [0], at), Some(1..));
        range.step_by(4096).filter(|&at| is_there(at)).count()
    }

    /// A file of 24 MiB that is not in the page cache, but for its first page, which was asked for; `None` where it cannot be brought
    /// out of it.
    fn cold() -> Option<NamedTempFile> {
        let mut file = NamedTempFile::new().unwrap();
        file.write_all(&vec![7; 24 << 20]).unwrap();
        file.as_file().sync_all().unwrap();
        system::drop_all(file.as_file());
        system::read_as_asked(file.as_file());
        let is_cold = system::HAS_ADVICE && cached_pages(file.as_file(), 0..4096) == 0;
        if !is_cold {
            say_skipped();
        }
        is_cold.then_some(file)
    }

    fn reader_of(file: &NamedTempFile, tidy: bool, pace: bool) -> Arc<dyn ReadAt> {
        let file = file.reopen().unwrap();
        let metadata = file.metadata().unwrap();
        let pace = pace.then(|| Arc::new(Pace::new(NonZeroU64::MAX, Arc::default())));
        let care = Care {
            mapped: false,
            tidy,
            pace,
        };
        let len = metadata.len();
        reader(file, (&metadata, len), &care).unwrap()
    }

    /// Whether the page cache has what it should have, in one of several attempts: others may move single pages meanwhile.
    fn comes_true(attempt: impl Fn() -> bool) -> bool {
        (0..10).any(|_| attempt())
    }

    #[test]
    fn under_a_pace_nothing_is_read_that_was_not_asked_for() {
        let attempt = |tidy| {
            let Some(file) = cold() else { return true };
            let reader = reader_of(&file, tidy, true);
            // A header, and a block behind it, in the pieces in which they are read.
            reader.read_at(&mut [0; 4096], 10 * MIB - 4096).unwrap();
            for piece in 0..8 {
                let offset = 10 * MIB + piece * (128 << 10);
                reader.read_at(&mut vec![0; 128 << 10], offset).unwrap();
            }
            let around = |range| cached_pages(file.as_file(), range);
            let others = around(4096..10 * MIB - 4096) + around(11 * MIB..24 * MIB);
            // The least that a system reads ahead is 32 pages.
            around(10 * MIB..11 * MIB) == 256 && others < 32
        };
        for tidy in [false, true] {
            assert!(comes_true(|| attempt(tidy)), "{tidy}");
        }
    }

    #[test]
    fn what_a_look_at_the_cache_fetches_itself_is_known() {
        let Some(file) = cold() else { return };
        let fetched = || system::fetched().expect("it was counted before");
        let Some(before) = system::fetched() else {
            let words = "SKIPPED: the system does not count what a thread has fetched";
            let _ = writeln!(io::stderr(), "{words}");
            return;
        };
        // Others may have brought single pages of it meanwhile, but not all.
        for at in (0..24 * MIB).step_by(1 << 20) {
            file.as_file().read_at(&mut [0; 512], at).unwrap();
        }
        let cold = fetched();
        assert!(cold > before, "{before}, {cold}");
        file.as_file().read_at(&mut [0; 512], MIB).unwrap();
        assert_eq!(fetched(), cold, "it is there by now");
    }

    #[test]
    fn of_a_sample_a_tidy_reader_reads_what_is_in_it() {
        let attempt = || {
            let Some(file) = cold() else { return true };
            let reader = reader_of(&file, true, false);
            for block in (1..24).step_by(3) {
                reader.expect(block * MIB, MIB);
                for piece in 0..8 {
                    let offset = block * MIB + piece * (128 << 10);
                    reader.read_at(&mut vec![0; 128 << 10], offset).unwrap();
                }
            }
            (0..24).all(|block| {
                let start = (block * MIB).max(4096);
                let pages = cached_pages(file.as_file(), start..(block + 1) * MIB);
                match block % 3 {
                    1 => pages == 256,
                    _ => pages < 32,
                }
            })
        };
        assert!(comes_true(attempt));
    }
}

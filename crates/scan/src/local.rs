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
        && let Some(tidy) = Tidy::of(&file, len)?
    {
        return Ok(Arc::new(tidy));
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
/// Ranges that are dropped from the page cache before a second look at them. An archive that differs everywhere should not be read
/// several times over for that.
const DOUBTED: u32 = 256;

/// A file that is read at positions.
struct LocalFile {
    file: File,
    /// Blocks during which the storage is still to be told what comes.
    telling: AtomicU32,
    /// How far it was told, where blocks follow one another.
    told: AtomicU64,
    /// Where the last block ends that was expected.
    expected: AtomicU64,
    /// Ranges that were doubted.
    doubted: AtomicU32,
}

impl LocalFile {
    fn new(file: File) -> Self {
        Self {
            file,
            telling: AtomicU32::new(0),
            told: AtomicU64::new(0),
            expected: AtomicU64::new(0),
            doubted: AtomicU32::new(0),
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

    /// What is in the page cache may be what is wrong, so it is dropped first. Where that cannot be had, and of what is mapped, it is a
    /// second look at the same memory.
    fn read_anew_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        if self.doubted.fetch_add(1, Ordering::Relaxed) < DOUBTED {
            system::drop_around(&self.file, offset, buf.len() as u64);
        }
        self.file.read_at(buf, offset)
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

    fn read_anew_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        self.file.read_anew_at(buf, offset)
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

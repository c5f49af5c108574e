//! What a caller can set for a scan, and how it watches and stops one.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// Bounds on what an input can make a scan hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Longest document (`ova.xml`, `checksum.xml`) that is read, in bytes. Default 16 MiB.
    pub document: u64,
    /// Longest pool database that is read, in bytes. It is held in memory, with an index of about a
    /// quarter of its length beside it. Files of a container may together have twice as many.
    /// Default 1 GiB.
    pub dump: u64,
    /// Facts kept of each kind; further ones are counted. Default 1000.
    pub facts: usize,
    /// Disks of one archive. Default 4096.
    pub disks: usize,
    /// Digests kept for a legacy table. Default 524 288, which is 512 GiB of blocks.
    pub kept_digests: u64,
    /// Blocks of one archive that are kept with their sums, where that is asked for. Default 4 194 304, which is 4 TiB
    /// of blocks and takes 160 MiB, and as much again for a while where sums are computed.
    pub kept_blocks: u64,
    /// zstd frames may use a window of 2 to this power bytes. Default 27 (128 MiB), as the `zstd`
    /// program has it.
    pub zstd_window_log: u32,
    /// Members that belong to no export before an archive is taken for something else. Default 64.
    pub foreign_members: u64,
    /// Bytes without a member before an input is taken for something else. Default 16 MiB.
    pub unrecognised: u64,
    /// Files of a host backup that are kept, and of which a name that is there twice is noticed; further ones are
    /// counted. A host has about a hundred thousand. Default 1 Mi.
    pub files: usize,
    /// Bytes of all paths of those files, and of all targets of links; by themselves, bytes of all names of a manifest.
    /// Default 256 MiB.
    pub names: u64,
    /// Bytes in holes of sparse files of a host backup that are read. They take no room in it, so that nothing else
    /// bounds the time they cost. Default 32 GiB.
    pub holes: u64,
    /// Members of a manifest; further ones are counted. Default 16 Mi, which is eight TiB of disks and takes 1.3 GiB.
    pub members: usize,
}

/// Values of a document. A VM's export has some thousands; at this many a parsed document stays
/// well below the memory that a whole scan may take.
const DOCUMENT_VALUES: usize = 600_000;

impl Limits {
    /// What the parsers of documents are given.
    pub(crate) fn of_documents(&self) -> xenspect_xapi::Limits {
        xenspect_xapi::Limits {
            bytes: usize::try_from(self.document).unwrap_or(usize::MAX),
            values: DOCUMENT_VALUES,
            oddities: self.facts,
            ..xenspect_xapi::Limits::default()
        }
    }
}

impl Limits {
    /// What the parser of pool databases is given.
    pub(crate) fn of_dumps(&self) -> xenspect_xapi::db::DumpLimits {
        xenspect_xapi::db::DumpLimits {
            bytes: usize::try_from(self.dump).unwrap_or(usize::MAX),
            oddities: self.facts,
            ..xenspect_xapi::db::DumpLimits::default()
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            document: 16 << 20,
            dump: 1 << 30,
            facts: 1000,
            disks: 4096,
            kept_digests: 1 << 19,
            kept_blocks: 1 << 22,
            zstd_window_log: 27,
            foreign_members: 64,
            unrecognised: 16 << 20,
            files: 1 << 20,
            names: 256 << 20,
            holes: 32 << 30,
            members: 16 << 20,
        }
    }
}

/// How deep a scan looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Depth {
    /// The description at the front; of what follows, nothing is looked at.
    Metadata,
    /// Names, order, sizes and documents; blocks are passed by.
    Headers,
    /// Also every block against its sum.
    #[default]
    Full,
}

/// What becomes of the blocks of the disks and their sums.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sums {
    /// They are forgotten when they are looked at.
    #[default]
    Drop,
    /// They are kept with the sums that the archive has of them. With [`Depth::Headers`] no block of a plain file is
    /// read for that.
    Stored,
    /// They are kept with the XXH64 of what is there, whatever the archive has. It takes [`Depth::Full`]; with less there
    /// are no sums.
    Computed,
}

/// A part of the blocks of an archive, so that several runs read all of them together, each block once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    index: u32,
    of: u32,
}

impl Part {
    /// The part `index` of `of`, counted from 0. `None` where there is no such part.
    #[must_use]
    pub fn new(index: u32, of: u32) -> Option<Self> {
        (index < of).then_some(Self { index, of })
    }

    /// Which of the parts it is, from 0.
    #[must_use]
    pub fn index(self) -> u32 {
        self.index
    }

    /// How many parts there are.
    #[must_use]
    pub fn of(self) -> u32 {
        self.of
    }

    /// Whether the block of this number along the archive is in it.
    pub(crate) fn has(self, number: u64) -> bool {
        number.checked_rem(u64::from(self.of)) == Some(u64::from(self.index))
    }
}

/// How to scan.
#[derive(Debug, Clone)]
pub struct Options {
    /// Worker threads, at least one. Their number never changes a result.
    pub threads: usize,
    /// How deep to look.
    pub depth: Depth,
    /// What becomes of blocks and sums.
    pub sums: Sums,
    /// The files of a host backup whose contents are kept, by path without `./` in front. Default: none. Pool databases
    /// are read whatever it says.
    pub host_files: fn(&str) -> bool,
    /// The files of a host backup that its table names, by path; `.` is the root. Default: all, which takes some 350 bytes
    /// each. Files whose contents are kept, databases and those with a digest are in it whatever this says.
    pub host_table: fn(&str) -> bool,
    /// Whether every file of a host backup gets its SHA-256. Default: none does, as that takes longer than unpacking.
    pub digests: bool,
    /// Of an archive that is a plain file, only these blocks are read; the others count as unchecked, and
    /// [`Archive::sampled`](xenspect_model::catalog::Archive::sampled) says so. Blocks are counted along the archive, from 0.
    /// All of them are read of a stream, of an archive that ends in a table of sums, and where sums are
    /// [computed](Sums::Computed). Default: all.
    pub sample: Option<Part>,
    /// Bounds.
    pub limits: Limits,
}

impl Default for Options {
    /// One worker per processor.
    fn default() -> Self {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            threads,
            depth: Depth::default(),
            sums: Sums::default(),
            host_files: |_| false,
            host_table: |_| true,
            digests: false,
            sample: None,
            limits: Limits::default(),
        }
    }
}

/// Where a scan is. It is written by the scan and polled by whoever wants to show it.
#[derive(Debug, Default)]
pub struct Progress {
    done: AtomicU64,
    total: AtomicU64,
    cancelled: Arc<AtomicBool>,
}

impl Progress {
    /// Bytes of the input taken so far, as stored.
    #[must_use]
    pub fn done(&self) -> u64 {
        self.done.load(Ordering::Relaxed)
    }

    /// Bytes of the input, where that is known.
    #[must_use]
    pub fn total(&self) -> Option<u64> {
        Some(self.total.load(Ordering::Relaxed)).filter(|&total| total > 0)
    }

    /// Asks the scan to stop at the next member. What it established until then is kept.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }

    /// Whether it was asked to stop.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    /// The order to stop, for a thread that waits.
    pub(crate) fn stop(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.cancelled)
    }

    pub(crate) fn advance(&self, done: u64) {
        self.done.store(done, Ordering::Relaxed);
    }

    pub(crate) fn begin(&self, total: u64) {
        self.done.store(0, Ordering::Relaxed);
        self.total.store(total, Ordering::Relaxed);
    }
}

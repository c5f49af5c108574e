//! The threads that read and hash blocks. A job holds a block together with its stored sum, so
//! that workers need nothing but their job; what they found is joined at the end, in order.

use std::sync::Arc;
use std::thread::JoinHandle;

use crossbeam_channel::{Receiver, Sender, bounded};
use xenspect_archive::xva::Digest;
use xenspect_model::catalog::{BlockCounts, BlockState, SumState};

use crate::feed::Payload;
use crate::hash::{BlockHasher, Hashed, Wanted};
use crate::mapping::Maps;
use crate::record::{Entry, Record};
use crate::source::{ReadAt, read_full_anew_at, read_full_at};
use crate::sums::{Computed, Slot};

/// Bytes that a worker reads at once. They stay in the core's own cache between reading and
/// hashing.
const PIECE: usize = 256 << 10;
/// Bytes that it has lent to it at once. Nothing is copied, so there is no cache to fit into.
const LENT: usize = 1 << 20;

/// A block to look at.
pub(crate) struct Job {
    /// Index of its disk.
    pub(crate) disk: usize,
    pub(crate) number: u64,
    /// Where it lies on its disk.
    pub(crate) start: Option<u64>,
    pub(crate) len: u64,
    pub(crate) header_offset: u64,
    pub(crate) stored: Option<Digest>,
    /// Keep its SHA-1 for the table at the end.
    pub(crate) keep_sha1: bool,
    /// Keep its XXH64 for this place.
    pub(crate) slot: Option<Slot>,
    /// Its place in the manifest.
    pub(crate) entry: Option<Entry>,
    pub(crate) payload: Payload,
}

impl Job {
    /// A block that belongs to no disk that is looked at, or whose sum was cut off: all that is wanted is its digest.
    pub(crate) fn loose(entry: Entry, payload: Payload) -> Self {
        Self {
            disk: NO_DISK,
            number: 0,
            start: None,
            len: 0,
            header_offset: 0,
            stored: None,
            keep_sha1: false,
            slot: None,
            entry: Some(entry),
            payload,
        }
    }
}

/// The disk of a block that is none of those that are looked at.
const NO_DISK: usize = usize::MAX;

/// A block that is not as its sum says.
#[derive(Debug, Clone)]
pub(crate) struct Deviation {
    pub(crate) disk: usize,
    pub(crate) number: u64,
    pub(crate) start: Option<u64>,
    pub(crate) len: u64,
    pub(crate) header_offset: u64,
    pub(crate) what: What,
}

#[derive(Debug, Clone)]
pub(crate) enum What {
    Mismatch { stored: Digest, computed: Digest },
    Unstable,
    Unread { offset: u64, reason: String },
    Shrunk { offset: u64 },
}

/// Deviations of one kind: the first ones, and how many there are.
#[derive(Debug, Default)]
pub(crate) struct Deviations {
    pub(crate) first: Vec<Deviation>,
    pub(crate) total: u64,
}

impl Deviations {
    fn push(&mut self, limit: usize, deviation: Deviation) {
        self.total += 1;
        if self.first.len() < limit {
            self.first.push(deviation);
        }
    }

    /// Joins what two workers found. Each has its own first ones in order of the archive, so the
    /// first of all are among them.
    fn join(&mut self, limit: usize, other: Self) {
        self.total += other.total;
        self.first.extend(other.first);
        self.first.sort_by_key(|deviation| deviation.header_offset);
        self.first.truncate(limit);
    }
}

/// A digest kept for the table at the end.
#[derive(Debug, Clone, Copy)]
pub(crate) struct KeptSha1 {
    pub(crate) disk: usize,
    pub(crate) number: u64,
    pub(crate) header_offset: u64,
    pub(crate) digest: [u8; 20],
}

/// What workers found.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// By index of the disk.
    pub(crate) disks: Vec<BlockCounts>,
    /// Where the blocks lie that were looked at.
    pub(crate) maps: Maps,
    pub(crate) mismatches: Deviations,
    pub(crate) unstable: Deviations,
    pub(crate) unread: Deviations,
    pub(crate) sha1s: Vec<KeptSha1>,
    pub(crate) computed: Vec<Computed>,
}

impl Tally {
    /// Maps a block, unless it is a keep-alive or has no place.
    fn map(&mut self, job: &Job, state: BlockState) {
        if let (Some(start), true) = (job.start, job.len > 0) {
            self.maps.put(job.disk, state, start);
        }
    }

    fn counts(&mut self, disk: usize) -> &mut BlockCounts {
        if self.disks.len() <= disk {
            self.disks.resize(disk + 1, BlockCounts::default());
        }
        &mut self.disks[disk]
    }

    fn join(&mut self, limit: usize, other: Self) {
        for (disk, counts) in other.disks.into_iter().enumerate() {
            let sum = self.counts(disk);
            sum.good += counts.good;
            sum.bad += counts.bad;
            sum.unchecked += counts.unchecked;
            sum.zero += counts.zero;
        }
        self.maps.join(other.maps);
        self.mismatches.join(limit, other.mismatches);
        self.unstable.join(limit, other.unstable);
        self.unread.join(limit, other.unread);
        self.sha1s.extend(other.sha1s);
        self.computed.extend(other.computed);
    }
}

/// The running threads.
pub(crate) struct Workers {
    jobs: Option<Sender<Job>>,
    /// Where blocks are read from that lie in a file.
    reader: Option<Arc<dyn ReadAt>>,
    threads: Vec<JoinHandle<Tally>>,
    limit: usize,
}

impl Workers {
    /// Starts `threads` workers. `reader` is where [`Payload::InFile`] is read from; `limit` is the
    /// number of deviations of a kind that are kept. The digests of blocks go to `record`.
    pub(crate) fn start(
        threads: usize,
        reader: Option<&Arc<dyn ReadAt>>,
        limit: usize,
        record: Option<&Record>,
    ) -> Self {
        // Short, so that disks and network shares still see a nearly sequential stream.
        let (jobs, queue) = bounded(threads * 2);
        let threads = (0..threads)
            .map(|_| {
                let (queue, reader) = (queue.clone(), reader.cloned());
                let record = record.cloned();
                std::thread::spawn(move || work(&queue, reader.as_deref(), limit, record.as_ref()))
            })
            .collect();
        Self {
            jobs: Some(jobs),
            reader: reader.cloned(),
            threads,
            limit,
        }
    }

    /// Hands a job over; waits while the queue is full. When no worker is left all of them failed,
    /// which [`finish`](Self::finish) tells.
    pub(crate) fn submit(&self, job: Job) {
        if let (Some(reader), &Payload::InFile { offset, len }) = (&self.reader, &job.payload) {
            reader.expect(offset, len);
        }
        if let Some(jobs) = &self.jobs {
            let _ = jobs.send(job);
        }
    }

    /// Waits for the workers, and joins what they found. An error is a worker's panic.
    pub(crate) fn finish(mut self) -> Result<Tally, String> {
        self.jobs = None;
        let mut tally = Tally::default();
        let mut panicked = None;
        for thread in self.threads {
            match thread.join() {
                Ok(other) => tally.join(self.limit, other),
                Err(panic) => panicked = Some(panic_text(panic.as_ref())),
            }
        }
        tally.sha1s.sort_by_key(|kept| kept.header_offset);
        panicked.map_or(Ok(tally), Err)
    }
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "a worker failed".to_owned())
}

fn work(
    queue: &Receiver<Job>,
    reader: Option<&dyn ReadAt>,
    limit: usize,
    record: Option<&Record>,
) -> Tally {
    let mut tally = Tally::default();
    let mut piece = Vec::new();
    for mut job in queue {
        let payload = std::mem::replace(&mut job.payload, Payload::InFile { offset: 0, len: 0 });
        let stored = Wanted::of(job.stored.map(|sum| sum.kind()));
        let wanted = Wanted {
            sha1: job.keep_sha1 || stored.sha1,
            xxh64: job.slot.is_some() || stored.xxh64,
            sha256: job.entry.is_some(),
        };
        let in_file = match (&payload, reader) {
            (Payload::InFile { offset, len }, Some(reader)) => Some((reader, *offset, *len)),
            _ => None,
        };
        let hashed = match (payload, in_file) {
            (_, Some((reader, offset, len))) => {
                hash_range(reader, (offset, len), wanted, &mut piece, Reading::First)
            }
            (Payload::Buffered { buffer, len }, None) => {
                let mut hasher = BlockHasher::new(wanted);
                hasher.update(&buffer[..len]);
                Ok(hasher.finish())
            }
            (Payload::Hashed(hashed), None) => Ok(hashed),
            (Payload::InFile { offset, .. }, None) => {
                let reason = "there is nothing to read it from".to_owned();
                Err(What::Unread { offset, reason })
            }
        };
        let again = || {
            let (reader, offset, len) = in_file?;
            let anew = &mut Vec::new();
            hash_range(reader, (offset, len), wanted, anew, Reading::Anew).ok()
        };
        let (sha256, sum) = if job.disk == NO_DISK {
            (hashed.ok().and_then(|hashed| hashed.sha256), SumState::None)
        } else {
            judge(&mut tally, limit, &job, hashed, again)
        };
        if let (Some(record), Some(entry)) = (record, job.entry) {
            record.found(entry, sha256, sum);
        }
    }
    tally
}

/// Compares a block with its sum and counts it. Gives its SHA-256, if that was wanted, and what its sum says.
fn judge(
    tally: &mut Tally,
    limit: usize,
    job: &Job,
    hashed: Result<Hashed, What>,
    again: impl FnOnce() -> Option<Hashed>,
) -> (Option<[u8; 32]>, SumState) {
    let deviation = |what| Deviation {
        disk: job.disk,
        number: job.number,
        start: job.start,
        len: job.len,
        header_offset: job.header_offset,
        what,
    };
    let keep_alive = job.len == 0;
    let mut hashed = match hashed {
        Ok(hashed) => hashed,
        Err(what) => {
            tally.counts(job.disk).unchecked += 1;
            tally.map(job, BlockState::Unchecked);
            tally.unread.push(limit, deviation(what));
            return (None, SumState::None);
        }
    };
    let sum = match job
        .stored
        .map(|stored| (stored, hashed.digest(stored.kind())))
    {
        None | Some((_, None)) => {
            tally.counts(job.disk).unchecked += u64::from(!keep_alive);
            SumState::None
        }
        Some((stored, Some(computed))) if stored == computed => {
            tally.counts(job.disk).good += u64::from(!keep_alive);
            SumState::Right
        }
        Some((stored, Some(computed))) => {
            // Before the archive is accused, the way to it is tried a second time.
            let second = again().filter(|second| second.digest(stored.kind()) == Some(stored));
            if let Some(second) = second {
                hashed = second;
                tally.counts(job.disk).good += u64::from(!keep_alive);
                tally.unstable.push(limit, deviation(What::Unstable));
                SumState::Right
            } else {
                tally.counts(job.disk).bad += 1;
                tally
                    .mismatches
                    .push(limit, deviation(What::Mismatch { stored, computed }));
                SumState::Wrong
            }
        }
    };
    let state = match sum {
        SumState::Wrong => BlockState::Bad,
        SumState::Right if hashed.zero => BlockState::Zero,
        SumState::Right => BlockState::Present,
        _ => BlockState::Unchecked,
    };
    tally.map(job, state);
    if !keep_alive && hashed.zero {
        tally.counts(job.disk).zero += 1;
    }
    if let (Some(slot), Some(xxh64)) = (job.slot, hashed.xxh64) {
        tally.computed.push(Computed { slot, xxh64 });
    }
    if let (true, Some(digest)) = (job.keep_sha1, hashed.sha1) {
        let (disk, number, header_offset) = (job.disk, job.number, job.header_offset);
        tally.sha1s.push(KeptSha1 {
            disk,
            number,
            header_offset,
            digest,
        });
    }
    (hashed.sha256, sum)
}

/// How a worker reads.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reading {
    /// As far as bytes are at hand, these.
    First,
    /// From the storage itself.
    Anew,
}

fn hash_range(
    reader: &dyn ReadAt,
    (mut offset, len): (u64, u64),
    wanted: Wanted,
    piece: &mut Vec<u8>,
    reading: Reading,
) -> Result<Hashed, What> {
    let mut hasher = BlockHasher::new(wanted);
    let mut left = len;
    while left > 0 {
        let rest = usize::try_from(left).unwrap_or(usize::MAX);
        let lent = match reading {
            Reading::First => reader.lend(offset, rest.min(LENT)),
            Reading::Anew => None,
        };
        let lent = lent.filter(|bytes| (1..=rest).contains(&bytes.len()));
        let n = if let Some(bytes) = lent {
            hasher.update(bytes);
            bytes.len()
        } else {
            let want = rest.min(PIECE);
            piece.resize(PIECE, 0);
            let read = match reading {
                Reading::First => read_full_at(reader, &mut piece[..want], offset),
                Reading::Anew => read_full_anew_at(reader, &mut piece[..want], offset),
            };
            let n = read.map_err(|error| What::Unread {
                offset,
                reason: error.to_string(),
            })?;
            if n < want {
                return Err(What::Shrunk {
                    offset: offset + n as u64,
                });
            }
            hasher.update(&piece[..n]);
            n
        };
        offset += n as u64;
        left -= n as u64;
    }
    Ok(hasher.finish())
}

//! One worker: reads a block, hashes it, and compares it with its sum.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use xenspect_model::catalog::{BlockState, SumState};

use super::tally::{Deviation, KeptSha1, Tally, What};
use super::{Job, NO_DISK};
use crate::feed::Payload;
use crate::hash::{BlockHasher, Hashed, Wanted};
use crate::pages::Room;
use crate::record::Record;
use crate::source::{ReadAt, read_full_anew_at, read_full_at};
use crate::sums::Computed;

/// Bytes that a worker reads at once. They stay in the core's own cache between reading and
/// hashing.
const PIECE: usize = 128 << 10;
/// Bytes that it has lent to it at once. Nothing is copied, so there is no cache to fit into.
const LENT: usize = 1 << 20;

/// What one thread needs, and what it found.
pub(super) struct Worker {
    /// Where blocks are read from that lie in a file, and the length that it had when it was opened.
    pub(super) file: Option<(Arc<dyn ReadAt>, u64)>,
    /// Deviations of a kind that are kept.
    pub(super) limit: usize,
    record: Option<Record>,
    /// The order to stop.
    stop: Arc<AtomicBool>,
    pub(super) tally: Tally,
    /// The bytes that were read last.
    piece: Room,
    /// What a panic said.
    pub(super) panicked: Option<String>,
}

impl Worker {
    pub(super) fn new(
        file: Option<(Arc<dyn ReadAt>, u64)>,
        limit: usize,
        record: Option<Record>,
        stop: Arc<AtomicBool>,
    ) -> Self {
        Self {
            file,
            limit,
            record,
            stop,
            tally: Tally::default(),
            piece: Room::default(),
            panicked: None,
        }
    }

    /// One for the same work, which found nothing yet.
    pub(super) fn another(&self) -> Self {
        let stop = Arc::clone(&self.stop);
        Self::new(self.file.clone(), self.limit, self.record.clone(), stop)
    }

    /// Does a job, and goes on after a panic, so that nobody waits for a thread that is no more.
    pub(super) fn work(&mut self, job: Job) {
        let done = catch_unwind(AssertUnwindSafe(|| self.take(job)));
        if let Err(panic) = done {
            self.panicked = Some(panic_text(panic.as_ref()));
        }
    }

    /// Reads and hashes a block, and compares it with its sum.
    fn take(&mut self, mut job: Job) {
        let payload = std::mem::replace(&mut job.payload, Payload::InFile { offset: 0, len: 0 });
        let stored = Wanted::of(job.stored.map(|sum| sum.kind()));
        let wanted = Wanted {
            sha1: job.keep_sha1 || stored.sha1,
            xxh64: job.slot.is_some() || stored.xxh64,
            sha256: job.entry.is_some(),
        };
        let in_file = match (&payload, &self.file) {
            (Payload::InFile { offset, len }, Some((reader, size))) => {
                Some(((reader.as_ref(), *size), (*offset, *len)))
            }
            _ => None,
        };
        let stop = self.stop.as_ref();
        let hashed = match (payload, in_file) {
            (_, Some((file, range))) => {
                let piece = &mut self.piece;
                hash_range(file, range, wanted, piece, Reading::First, stop)
            }
            (Payload::Buffered { buffer, len }, None) => {
                let mut hasher = BlockHasher::new(wanted);
                hasher.update(&buffer[..len]);
                Ok(hasher.finish())
            }
            (Payload::Hashed(hashed), None) => Ok(hashed),
            (Payload::InFile { offset, .. }, None) => {
                let reason = "there is nothing to read it from".to_owned();
                Err(NotHashed::Unread(What::Unread { offset, reason }))
            }
        };
        let again = || {
            let (file, range) = in_file?;
            let anew = &mut Room::default();
            file.0.forget(range.0, range.1);
            Some(hash_range(file, range, wanted, anew, Reading::Anew, stop))
        };
        let (sha256, sum) = if job.disk == NO_DISK {
            if let Err(NotHashed::Stopped) = hashed {
                self.tally.left_at(Some(job.header_offset));
            }
            (hashed.ok().and_then(|hashed| hashed.sha256), SumState::None)
        } else {
            judge(&mut self.tally, self.limit, &job, hashed, again)
        };
        if let (Some(record), Some(entry)) = (&self.record, job.entry) {
            record.found(entry, sha256, sum);
        }
    }
}

pub(super) fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "a worker failed".to_owned())
}

/// Compares a block with its sum and counts it. Gives its SHA-256, if that was wanted, and what its sum says.
fn judge(
    tally: &mut Tally,
    limit: usize,
    job: &Job,
    hashed: Result<Hashed, NotHashed>,
    again: impl FnOnce() -> Option<Result<Hashed, NotHashed>>,
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
        Err(NotHashed::Unread(what)) => {
            tally.not_read(job);
            tally.unread.push(limit, deviation(what));
            return (None, SumState::None);
        }
        Err(NotHashed::Stopped) => {
            tally.left(job);
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
            let second = match again() {
                Some(Err(NotHashed::Stopped)) => {
                    tally.left(job);
                    return (None, SumState::None);
                }
                Some(Ok(second)) => Some(second),
                Some(Err(NotHashed::Unread(_))) | None => None,
            };
            let second = second.filter(|second| second.digest(stored.kind()) == Some(stored));
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

/// Why there is no digest of a block.
enum NotHashed {
    /// The run is stopped.
    Stopped,
    /// It could not be read.
    Unread(What),
}

/// Reads and hashes a range, unless the run is stopped: a block may have any length.
fn hash_range(
    (reader, size): (&dyn ReadAt, u64),
    (mut offset, len): (u64, u64),
    wanted: Wanted,
    room: &mut Room,
    reading: Reading,
    stop: &AtomicBool,
) -> Result<Hashed, NotHashed> {
    let mut hasher = BlockHasher::new(wanted);
    let mut left = len;
    while left > 0 {
        if stop.load(Ordering::Relaxed) {
            return Err(NotHashed::Stopped);
        }
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
            let piece = room.at(offset, want);
            let read = match reading {
                Reading::First => read_full_at(reader, piece, offset),
                Reading::Anew => read_full_anew_at(reader, piece, offset),
            };
            let n = read.map_err(|error| {
                let reason = error.to_string();
                NotHashed::Unread(What::Unread { offset, reason })
            })?;
            if n < want {
                let offset = offset + n as u64;
                return Err(NotHashed::Unread(What::Shrunk { offset, size }));
            }
            hasher.update(&piece[..n]);
            n
        };
        offset += n as u64;
        left -= n as u64;
    }
    Ok(hasher.finish())
}

//! What workers count and keep, joined at the end.

use xenspect_archive::xva::Digest;
use xenspect_model::catalog::{BlockCounts, BlockState};

use super::Job;
use crate::mapping::Maps;
use crate::sums::Computed;

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
    Mismatch {
        stored: Digest,
        computed: Digest,
    },
    Unstable,
    Unread {
        offset: u64,
        reason: String,
    },
    /// The file ends at `offset`, and had `size` bytes when it was opened.
    Shrunk {
        offset: u64,
        size: u64,
    },
}

/// Deviations of one kind: the first ones, and how many there are.
#[derive(Debug, Default)]
pub(crate) struct Deviations {
    pub(crate) first: Vec<Deviation>,
    pub(crate) total: u64,
}

impl Deviations {
    pub(super) fn push(&mut self, limit: usize, deviation: Deviation) {
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
    /// Where the header of the first block lies that was left because the run was stopped.
    pub(crate) stopped: Option<u64>,
    pub(crate) sha1s: Vec<KeptSha1>,
    pub(crate) computed: Vec<Computed>,
}

impl Tally {
    /// Maps a block, unless it is a keep-alive or has no place.
    pub(super) fn map(&mut self, job: &Job, state: BlockState) {
        if let (Some(start), true) = (job.start, job.len > 0) {
            self.maps.put(job.disk, state, start);
        }
    }

    /// Counts a block that was not read, or not to its end.
    pub(super) fn not_read(&mut self, job: &Job) {
        self.counts(job.disk).unchecked += 1;
        self.map(job, BlockState::Unchecked);
    }

    /// The same of a block that was left because the run was stopped, which says nothing of the block.
    pub(super) fn left(&mut self, job: &Job) {
        self.not_read(job);
        self.left_at(Some(job.header_offset));
    }

    pub(super) fn left_at(&mut self, offset: Option<u64>) {
        self.stopped = self.stopped.into_iter().chain(offset).min();
    }

    pub(super) fn counts(&mut self, disk: usize) -> &mut BlockCounts {
        if self.disks.len() <= disk {
            self.disks.resize(disk + 1, BlockCounts::default());
        }
        &mut self.disks[disk]
    }

    pub(super) fn join(&mut self, limit: usize, other: Self) {
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
        self.left_at(other.stopped);
        self.sha1s.extend(other.sha1s);
        self.computed.extend(other.computed);
    }
}

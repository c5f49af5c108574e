//! The threads that read and hash blocks. A job holds a block together with its stored sum, so
//! that workers need nothing but their job; what they found is joined at the end, in order.

mod tally;
mod worker;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::thread::{self, JoinHandle};

use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};
use xenspect_archive::xva::Digest;

use crate::feed::Payload;
use crate::record::{Entry, Record};
use crate::source::ReadAt;
use crate::sums::Slot;

pub(crate) use tally::{Deviation, KeptSha1, Tally, What};
use worker::{Worker, panic_text};

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

/// Blocks that wait at most, however many threads were asked for.
const MOST_QUEUED: usize = 4096;
/// Blocks that wait before a further thread is started: an archive of one block needs none.
const WAITING: usize = 2;

/// Those who read and hash blocks: threads, which are started when there is something for them to do, and where blocks lie in a file
/// also whoever hands them over.
pub(crate) struct Workers {
    jobs: Sender<Job>,
    /// The other end of `jobs`.
    queue: Receiver<Job>,
    /// The thread that hands jobs over, as a worker.
    own: Worker,
    /// Whether it is one while others are.
    helps: bool,
    threads: Vec<JoinHandle<Worker>>,
    /// Threads at most.
    most: usize,
}

impl Workers {
    /// `threads` workers for blocks that lie in a file of `len` bytes. The thread that hands them over is one of them: it takes the oldest block
    /// when the others have enough before them, so that no more threads are busy than were asked for. At most `limit` deviations of a
    /// kind are kept. The digests of blocks go to `record`. Once `stop` is raised, blocks are left where they are.
    pub(crate) fn of_file(
        threads: usize,
        (reader, len): (&Arc<dyn ReadAt>, u64),
        limit: usize,
        record: Option<&Record>,
        stop: Arc<AtomicBool>,
    ) -> Self {
        let file = (Arc::clone(reader), len);
        let own = Worker::new(Some(file), limit, record.cloned(), stop);
        Self::new(threads, threads.saturating_sub(1), own, true)
    }

    /// `threads` workers for blocks that come with their bytes. Whoever hands them over unpacks the next ones meanwhile. What is
    /// in memory is hashed whether the run is stopped or not.
    pub(crate) fn of_stream(threads: usize, limit: usize, record: Option<&Record>) -> Self {
        let own = Worker::new(None, limit, record.cloned(), Arc::default());
        Self::new(threads, threads, own, false)
    }

    fn new(threads: usize, most: usize, own: Worker, helps: bool) -> Self {
        // Short, so that disks and network shares still see a nearly sequential stream.
        let (jobs, queue) = bounded(threads.max(1).saturating_mul(2).min(MOST_QUEUED));
        Self {
            jobs,
            queue,
            own,
            helps,
            threads: Vec::new(),
            most,
        }
    }

    /// Hands a job over; works or waits while the queue is full.
    pub(crate) fn submit(&mut self, mut job: Job) {
        if let (Some((reader, _)), &Payload::InFile { offset, len }) =
            (&self.own.file, &job.payload)
        {
            reader.expect(offset, len);
        }
        while let Err(TrySendError::Full(back)) = self.jobs.try_send(job) {
            if (self.helps || self.threads.is_empty())
                && let Ok(oldest) = self.queue.try_recv()
            {
                self.own.work(oldest);
            } else if !self.helps {
                // The queue has two ends here, so sending cannot fail.
                let _ = self.jobs.send(back);
                return;
            }
            job = back;
        }
        if self.queue.len() >= WAITING && self.threads.len() < self.most {
            self.start();
        }
    }

    /// Starts a thread. Where the system gives no more, those that there are have to do.
    fn start(&mut self) {
        let (queue, mut worker) = (self.queue.clone(), self.own.another());
        let run = move || {
            for job in queue {
                worker.work(job);
            }
            worker
        };
        match thread::Builder::new().spawn(run) {
            Ok(thread) => self.threads.push(thread),
            Err(_) => self.most = self.threads.len(),
        }
    }

    /// Does what is left, waits for the threads, and joins what was found. An error is a worker's panic.
    pub(crate) fn finish(mut self) -> Result<Tally, String> {
        while let Ok(job) = self.queue.try_recv() {
            self.own.work(job);
        }
        drop(self.jobs);
        let Worker {
            limit,
            mut tally,
            mut panicked,
            ..
        } = self.own;
        for thread in self.threads {
            match thread.join() {
                Ok(other) => {
                    tally.join(limit, other.tally);
                    panicked = panicked.or(other.panicked);
                }
                Err(panic) => panicked = Some(panic_text(panic.as_ref())),
            }
        }
        tally.sha1s.sort_by_key(|kept| kept.header_offset);
        panicked.map_or(Ok(tally), Err)
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::hash::Hashed;

    /// A block of eight zeros, whose SHA-1 is not this one.
    fn job(number: u64, payload: Payload) -> Job {
        Job {
            disk: 0,
            number,
            start: Some(number * 8),
            len: 8,
            header_offset: number * 512,
            stored: Some(Digest::Sha1([0; 20])),
            keep_sha1: false,
            slot: None,
            entry: None,
            payload,
        }
    }

    fn in_file(number: u64) -> Job {
        job(number, Payload::InFile { offset: 0, len: 8 })
    }

    fn zeros() -> Arc<dyn ReadAt> {
        Arc::new(vec![0; 8])
    }

    fn of_file(threads: usize, reader: &Arc<dyn ReadAt>) -> Workers {
        Workers::of_file(threads, (reader, u64::MAX), 10, None, Arc::default())
    }

    #[test]
    fn every_block_is_judged_by_any_number_of_threads() {
        for threads in [0, 1, 2, 3, 64, usize::MAX] {
            let mut workers = of_file(threads, &zeros());
            (0..500).for_each(|number| workers.submit(in_file(number)));
            assert!(workers.threads.len() < threads.max(1));
            let tally = workers.finish().unwrap();
            assert_eq!(tally.mismatches.total, 500, "{threads}");
            let first: Vec<u64> = tally.mismatches.first.iter().map(|at| at.number).collect();
            assert_eq!(first, (0..10).collect::<Vec<_>>(), "{threads}");
        }
    }

    #[test]
    fn threads_are_started_when_blocks_wait() {
        let mut workers = of_file(8, &zeros());
        workers.submit(in_file(0));
        assert_eq!(workers.threads.len(), 0, "an archive of one block");
        workers.submit(in_file(1));
        assert_eq!(workers.threads.len(), 1, "a second block waits");
        let counts = workers.finish().unwrap().disks;
        assert_eq!(counts.iter().map(|disk| disk.bad).sum::<u64>(), 2);
    }

    #[test]
    fn blocks_of_a_run_that_is_stopped_are_left_and_not_accused() {
        /// Raises the flag at the first reading of all, or at the second one of a block.
        struct Stopping {
            stop: Arc<AtomicBool>,
            at_second: bool,
            reads: AtomicUsize,
        }
        impl ReadAt for Stopping {
            fn read_at(&self, out: &mut [u8], _: u64) -> io::Result<usize> {
                self.reads.fetch_add(1, Ordering::Relaxed);
                self.stop.fetch_or(!self.at_second, Ordering::Relaxed);
                out.fill(1);
                Ok(out.len())
            }
            fn read_anew_at(&self, out: &mut [u8], offset: u64) -> io::Result<usize> {
                self.stop.store(true, Ordering::Relaxed);
                self.read_at(out, offset)
            }
        }
        const LEN: u64 = 64 << 20;
        for at_second in [false, true] {
            let stop = Arc::new(AtomicBool::new(false));
            let stopping = Arc::new(Stopping {
                stop: Arc::clone(&stop),
                at_second,
                reads: AtomicUsize::new(0),
            });
            let reader: Arc<dyn ReadAt> = stopping.clone();
            let mut workers = Workers::of_file(1, (&reader, LEN), 10, None, stop);
            for number in [7, 8] {
                let payload = Payload::InFile {
                    offset: 0,
                    len: LEN,
                };
                workers.submit(Job {
                    len: LEN,
                    ..job(number, payload)
                });
            }
            let tally = workers.finish().unwrap();
            let reads = stopping.reads.load(Ordering::Relaxed) as u64;
            let once = LEN / (128 << 10);
            assert_eq!(reads, 1 + if at_second { once } else { 0 });
            assert_eq!((tally.disks[0].unchecked, tally.disks[0].bad), (2, 0));
            assert_eq!((tally.unread.total, tally.mismatches.total), (0, 0));
            assert_eq!(tally.stopped, Some(7 * 512));
        }
    }

    #[test]
    fn where_no_thread_can_be_had_whoever_hands_over_does_it() {
        let mut workers = Workers::of_stream(4, 10, None);
        workers.most = 0;
        for number in 0..100 {
            let hashed = Hashed {
                sha1: Some([0; 20]),
                xxh64: None,
                sha256: None,
                zero: true,
            };
            workers.submit(job(number, Payload::Hashed(hashed)));
        }
        let tally = workers.finish().unwrap();
        assert_eq!((tally.disks[0].good, tally.mismatches.total), (100, 0));
    }

    #[test]
    fn nobody_waits_for_a_worker_that_failed() {
        struct Defect;
        impl ReadAt for Defect {
            fn read_at(&self, _: &mut [u8], _: u64) -> io::Result<usize> {
                panic!("a defect");
            }
        }
        let defect: Arc<dyn ReadAt> = Arc::new(Defect);
        for threads in [1, 2, 5] {
            let mut workers = of_file(threads, &defect);
            (0..100).for_each(|number| workers.submit(in_file(number)));
            assert_eq!(workers.finish().unwrap_err(), "a defect");
        }
    }
}

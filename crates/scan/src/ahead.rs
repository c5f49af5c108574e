//! Reading ahead on a thread of its own. A pipe that stalls can then be left when the run is
//! stopped, and waiting for the other end, or copying from the page cache, overlaps with
//! decompressing.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::Builder;
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError, unbounded};

use crate::pool::{Buffer, Pool};
use crate::threads::hand_over;

/// Bytes asked of the input at once. Large enough that system calls do not count, small enough to
/// stay in the cache until they are decompressed.
pub(crate) const CHUNK: usize = 256 << 10;
/// Chunks that wait to be taken.
const WAITING: usize = 4;
/// Buffers: those that wait, one that is being read into, one that is taken from, and one with
/// whoever has the last.
const BUFFERS: usize = WAITING + 3;
/// The fewest that can do, and one to read ahead.
const FEW: usize = 4;
/// Buffers that are filled from several chunks: one of them is with whoever has the last. They
/// are not of the others, because whoever fills one would wait for a buffer that only itself can free.
const JOINED: usize = 2;
/// Chunks after which more than the front of an input is wanted. Until then it is not read far ahead.
pub(crate) const FRONT: usize = 8;
/// How long somebody waits before a stop is looked for.
pub(crate) const PATIENCE: Duration = Duration::from_millis(50);

/// Bytes that were read.
pub(crate) struct Chunk {
    buffer: Buffer,
    len: usize,
}

impl Chunk {
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.buffer[..self.len]
    }
}

/// A chunk, the end, or the input's error.
type Outcome = io::Result<Option<Chunk>>;

/// Who reads.
enum Reader {
    /// A thread of its own.
    Aside(Receiver<Outcome>),
    /// Whoever asks, where the system gives no thread.
    Here(Box<dyn Read + Send>),
}

/// The reading side.
pub(crate) struct Ahead {
    reader: Reader,
    pool: Pool,
    joined: Pool,
    /// What came last, and how much of it is taken.
    current: Option<Chunk>,
    taken: usize,
    /// Chunks that came.
    came: usize,
    ended: bool,
    /// The input's error, until the bytes before it are taken.
    failed: Option<io::Error>,
    stop: Arc<AtomicBool>,
    /// Nobody wants what comes any more.
    left: Arc<AtomicBool>,
}

impl Ahead {
    /// Starts to read. The thread ends with the input, or when it has something to say and nobody
    /// listens; on a pipe that stays silent it stays too, which costs no more than itself. Where the system gives no
    /// thread, nothing is read ahead, and a pipe that stalls keeps whoever asks.
    pub(crate) fn start(inner: Box<dyn Read + Send>, stop: Arc<AtomicBool>) -> Self {
        Self::with_thread(Builder::new(), inner, stop)
    }

    fn with_thread(thread: Builder, inner: Box<dyn Read + Send>, stop: Arc<AtomicBool>) -> Self {
        // The pool bounds what waits. A channel with a bound of its own would keep its messages when this side goes, and
        // with them the buffers that the thread waits for: it would stay for ever, with the input open.
        let (give, chunks) = unbounded();
        let pool = Pool::growing(FEW, BUFFERS, CHUNK);
        let buffers = pool.clone();
        let started = hand_over(thread, inner, move |mut inner| {
            loop {
                let outcome = read_chunk(&mut inner, &buffers);
                let last = !matches!(outcome, Ok(Some(_)));
                if give.send(outcome).is_err() || last {
                    break;
                }
            }
        });
        Self {
            reader: match started {
                Ok(()) => Reader::Aside(chunks),
                Err(inner) => Reader::Here(inner),
            },
            pool,
            joined: Pool::growing(JOINED, JOINED, CHUNK),
            current: None,
            taken: 0,
            came: 0,
            ended: false,
            failed: None,
            stop,
            left: Arc::default(),
        }
    }

    /// Raised by whoever gives up on this, where another thread has it.
    pub(crate) fn left(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.left)
    }

    /// What comes next: [`CHUNK`] bytes, fewer only at the end or in front of an error; `None` at
    /// the end. A chunk that is whole anyhow, as those of files are, is handed on as it came.
    pub(crate) fn next_whole(&mut self) -> io::Result<Option<Chunk>> {
        self.refill()?;
        if self.taken == 0
            && let Some(chunk) = self.current.take_if(|chunk| chunk.len == CHUNK)
        {
            return Ok(Some(chunk));
        }
        let mut buffer = self.joined.take();
        let mut len = 0;
        while len < CHUNK {
            match self.read(&mut buffer[len..]) {
                Ok(0) => break,
                Ok(n) => len += n,
                Err(error) if len == 0 => return Err(error),
                Err(error) => {
                    self.failed = Some(error);
                    break;
                }
            }
        }
        Ok((len > 0).then_some(Chunk { buffer, len }))
    }

    /// Takes the next chunk, if the last one is used up.
    fn refill(&mut self) -> io::Result<()> {
        if let Some(error) = self.failed.take() {
            self.ended = true;
            return Err(error);
        }
        let used_up = |chunk: &Chunk| chunk.len == self.taken;
        if self.ended || !self.current.as_ref().is_none_or(used_up) {
            return Ok(());
        }
        self.current = None;
        self.taken = 0;
        loop {
            // Before each chunk: a pipe that gives a little at a time never lets anybody wait so long.
            if is_raised(&self.stop) || is_raised(&self.left) {
                return Err(stopped());
            }
            let outcome = match &mut self.reader {
                Reader::Here(inner) => read_chunk(inner, &self.pool),
                Reader::Aside(chunks) => match chunks.recv_timeout(PATIENCE) {
                    Ok(outcome) => outcome,
                    Err(RecvTimeoutError::Timeout) => continue,
                    Err(RecvTimeoutError::Disconnected) => {
                        Err(io::Error::other("the reading thread failed"))
                    }
                },
            };
            self.ended = !matches!(outcome, Ok(Some(_)));
            self.current = outcome?;
            self.came = self.came.saturating_add(1);
            if self.came > FRONT {
                self.pool.grow();
            }
            return Ok(());
        }
    }
}

impl Read for Ahead {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.refill()?;
        let rest = match &self.current {
            Some(chunk) => &chunk.bytes()[self.taken..],
            None => &[],
        };
        let n = rest.len().min(out.len());
        out[..n].copy_from_slice(&rest[..n]);
        self.taken += n;
        Ok(n)
    }
}

/// What is said where the run was stopped.
pub(crate) fn stopped() -> io::Error {
    io::Error::other("the run was stopped")
}

/// Reads what comes next into a buffer of the pool.
fn read_chunk(inner: &mut dyn Read, pool: &Pool) -> Outcome {
    let mut buffer = pool.take();
    loop {
        match inner.read(&mut buffer) {
            Ok(0) => return Ok(None),
            Ok(len) => return Ok(Some(Chunk { buffer, len })),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

pub(crate) fn is_raised(flag: &AtomicBool) -> bool {
    flag.load(Ordering::Relaxed)
}

#[cfg(test)]
mod tests {
    use std::thread;
    use std::time::Instant;

    use super::*;
    use crate::threads::impossible;

    /// Much longer than anything here takes that is not stuck.
    const LONG: Duration = Duration::from_secs(20);

    /// Gives bytes without end, so many at a time and after such a pause; tells when it is gone.
    struct Endless {
        most: usize,
        pause: Duration,
        gone: Arc<AtomicBool>,
    }

    impl Endless {
        fn new(most: usize, pause: Duration) -> Self {
            let gone = Arc::default();
            Self { most, pause, gone }
        }
    }

    impl Read for Endless {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            thread::sleep(self.pause);
            Ok(out.len().min(self.most))
        }
    }

    impl Drop for Endless {
        fn drop(&mut self) {
            self.gone.store(true, Ordering::Relaxed);
        }
    }

    /// Chunks that are read and not taken.
    fn waiting(ahead: &Ahead) -> usize {
        match &ahead.reader {
            Reader::Aside(chunks) => chunks.len(),
            Reader::Here(_) => 0,
        }
    }

    fn wait_for(what: impl Fn() -> bool) {
        let begin = Instant::now();
        while !what() {
            assert!(begin.elapsed() < LONG, "nothing happened");
            thread::sleep(Duration::from_millis(2));
        }
    }

    #[test]
    fn whoever_has_read_all_that_may_wait_goes_with_the_last_who_listens() {
        let input = Endless::new(CHUNK, Duration::ZERO);
        let gone = Arc::clone(&input.gone);
        let ahead = Ahead::start(Box::new(input), Arc::default());
        wait_for(|| waiting(&ahead) == FEW);
        // By then it waits for a buffer, of which all are in the channel.
        thread::sleep(PATIENCE);
        drop(ahead);
        wait_for(|| gone.load(Ordering::Relaxed));
    }

    #[test]
    fn no_more_waits_than_there_are_buffers() {
        let input = Endless::new(CHUNK, Duration::ZERO);
        let mut ahead = Ahead::start(Box::new(input), Arc::default());
        for _ in 0..4 * BUFFERS {
            let chunk = ahead.next_whole().unwrap();
            assert!(waiting(&ahead) < BUFFERS);
            drop(chunk);
        }
        thread::sleep(PATIENCE);
        assert!(waiting(&ahead) <= BUFFERS);
    }

    #[test]
    fn without_a_thread_whoever_asks_reads() {
        let bytes: Vec<u8> = (0..=u8::MAX).cycle().take(3 * CHUNK + 5).collect();
        let input = io::Cursor::new(bytes.clone());
        let stop = Arc::new(AtomicBool::new(false));
        let mut ahead = Ahead::with_thread(impossible(), Box::new(input), Arc::clone(&stop));
        assert!(matches!(ahead.reader, Reader::Here(_)));
        let first = ahead.next_whole().unwrap().unwrap();
        let mut read = first.bytes().to_vec();
        ahead.read_to_end(&mut read).unwrap();
        assert!(read == bytes);
        let input = Endless::new(CHUNK, Duration::ZERO);
        let mut ahead = Ahead::with_thread(impossible(), Box::new(input), Arc::clone(&stop));
        assert!(ahead.next_whole().unwrap().is_some());
        stop.store(true, Ordering::Relaxed);
        let error = ahead.next_whole().err().map(|error| error.to_string());
        assert_eq!(error, Some(stopped().to_string()));
    }

    #[test]
    fn an_order_to_stop_ends_a_pipe_that_drips() {
        let stop = Arc::new(AtomicBool::new(false));
        let input = Endless::new(100, Duration::from_millis(5));
        let mut ahead = Ahead::start(Box::new(input), Arc::clone(&stop));
        let orders = Arc::clone(&stop);
        let order = thread::spawn(move || {
            thread::sleep(3 * PATIENCE);
            orders.store(true, Ordering::Relaxed);
        });
        let begin = Instant::now();
        // A whole chunk would take thirteen seconds.
        let outcome = ahead.next_whole();
        assert!(begin.elapsed() < Duration::from_secs(5));
        // What came until then is given first.
        let error = match outcome {
            Ok(chunk) => {
                assert!(chunk.is_some_and(|chunk| chunk.bytes().len() < CHUNK));
                ahead.next_whole().err()
            }
            Err(error) => Some(error),
        };
        assert_eq!(
            error.map(|error| error.to_string()),
            Some(stopped().to_string())
        );
        order.join().unwrap();
    }
}

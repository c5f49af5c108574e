//! Reading ahead on a thread of its own. A pipe that stalls can then be left when the run is
//! stopped, and waiting for the other end overlaps with decompressing.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError, bounded};

/// Bytes asked of the pipe at once.
const CHUNK: usize = 256 << 10;
/// Chunks that wait to be taken.
const WAITING: usize = 4;
/// How long a stalled pipe is waited for before a stop is looked for.
const PATIENCE: Duration = Duration::from_millis(50);

/// The reading side.
pub(crate) struct Ahead {
    chunks: Receiver<io::Result<Vec<u8>>>,
    current: Vec<u8>,
    taken: usize,
    ended: bool,
    stop: Arc<AtomicBool>,
}

impl Ahead {
    /// Starts to read. The thread ends with the input, or when it has something to say and nobody
    /// listens; on a pipe that stays silent it stays too, which costs no more than itself.
    pub(crate) fn start(inner: Box<dyn Read + Send>, stop: Arc<AtomicBool>) -> Self {
        let (give, chunks) = bounded(WAITING);
        std::thread::spawn(move || {
            let mut inner = inner;
            loop {
                let mut chunk = vec![0; CHUNK];
                let outcome = match inner.read(&mut chunk) {
                    Ok(n) => {
                        chunk.truncate(n);
                        Ok(chunk)
                    }
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                    Err(error) => Err(error),
                };
                let last = outcome.as_ref().map_or(true, Vec::is_empty);
                if give.send(outcome).is_err() || last {
                    break;
                }
            }
        });
        Self {
            chunks,
            current: Vec::new(),
            taken: 0,
            ended: false,
            stop,
        }
    }

    fn next_chunk(&mut self) -> io::Result<()> {
        loop {
            match self.chunks.recv_timeout(PATIENCE) {
                Ok(outcome) => {
                    self.current = outcome?;
                    self.taken = 0;
                    self.ended = self.current.is_empty();
                    return Ok(());
                }
                Err(RecvTimeoutError::Timeout) if self.stop.load(Ordering::Relaxed) => {
                    return Err(io::Error::other("the run was stopped"));
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(io::Error::other("the reading thread failed"));
                }
            }
        }
    }
}

impl Read for Ahead {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.taken == self.current.len() && !self.ended {
            self.next_chunk()?;
        }
        let rest = &self.current[self.taken..];
        let n = rest.len().min(out.len());
        out[..n].copy_from_slice(&rest[..n]);
        self.taken += n;
        Ok(n)
    }
}

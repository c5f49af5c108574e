//! The tap of a stream: whoever reads from it hands the bytes to the lanes first.

use std::io::{self, Read};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use xenspect_model::catalog::Flaw;

use super::End;
use super::lanes::{Lanes, Made, Piece};
use crate::ahead::Ahead;
use crate::options::Progress;

/// Bytes taken at once of what a scan has left.
const CHUNK: usize = 256 << 10;

/// A stream and the lanes. They have locks of their own: a pipe that stalls keeps its reader, and must not keep the lanes.
pub(crate) struct PipeTap {
    inner: Mutex<Box<dyn Read + Send>>,
    state: Mutex<State>,
}

struct State {
    lanes: Option<Lanes>,
    bytes: u64,
    /// The end was reached.
    ended: bool,
    /// The stream broke, or bytes of it were not handed on.
    flaw: Option<Flaw>,
}

impl PipeTap {
    pub(super) fn new(inner: Box<dyn Read + Send>, lanes: Lanes) -> Self {
        Self {
            inner: Mutex::new(inner),
            state: Mutex::new(State {
                lanes: Some(lanes),
                bytes: 0,
                ended: false,
                flaw: None,
            }),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads what the scan has left. A pipe that stalls is left when the run is stopped.
    pub(super) fn finish(self: Arc<Self>, progress: &Progress) -> (End, Made) {
        if !self.state().ended && !progress.is_cancelled() {
            let mut rest = Ahead::start(reader(&self), progress.stop());
            let mut piece = vec![0; CHUNK];
            while !progress.is_cancelled() {
                match rest.read(&mut piece) {
                    Ok(0) | Err(_) => break,
                    Ok(_) => progress.advance(self.state().bytes),
                }
            }
        }
        let stopped = progress.is_cancelled() && !self.state().ended;
        let mut state = self.state();
        let end = End {
            bytes: state.bytes,
            flaw: match state.flaw.take() {
                _ if stopped => Some(Flaw::Stopped),
                // Nobody stopped it, and nothing broke: then whoever read it failed.
                None if !state.ended => {
                    Some(Flaw::Internal("it was not read to its end".to_owned()))
                }
                flaw => flaw,
            },
        };
        let lanes = state.lanes.take();
        drop(state);
        let made = lanes.map(Lanes::finish);
        (end, made.unwrap_or_default())
    }
}

/// A reader of the stream. There may be one after the other.
pub(super) fn reader(tap: &Arc<PipeTap>) -> Box<dyn Read + Send> {
    Box::new(TappedPipe(Arc::clone(tap)))
}

struct TappedPipe(Arc<PipeTap>);

impl Read for TappedPipe {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let inner = self.0.inner.lock();
        let mut inner = inner.unwrap_or_else(PoisonError::into_inner);
        if self.0.state().ended {
            return Ok(0);
        }
        let outcome = inner.read(out);
        let mut state = self.0.state();
        match &outcome {
            Ok(0) => state.ended = !out.is_empty(),
            Ok(n) => {
                state.bytes += *n as u64;
                match &mut state.lanes {
                    Some(lanes) => {
                        let piece: Piece = Arc::new(out[..*n].to_vec());
                        lanes.give(&piece);
                    }
                    None => {
                        let words = "bytes came behind the end of the reading";
                        state.flaw = Some(Flaw::Internal(words.to_owned()));
                    }
                }
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => {
                let offset = state.bytes;
                state.flaw.get_or_insert_with(|| Flaw::ReadError {
                    offset,
                    len: 0,
                    reason: error.to_string(),
                });
            }
        }
        outcome
    }
}

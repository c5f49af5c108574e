//! Reading an object once, from its beginning to its end, some pieces ahead.

use std::collections::VecDeque;
use std::io::{self, Read};
use std::sync::Arc;

use tokio::task::JoinHandle;

use crate::error::RemoteError;
use crate::object::Object;
use crate::remote::Engine;

/// Bytes of the first request, which goes alone: what turns out to be no backup is left with that.
const FIRST: u64 = 2 << 20;
/// Bytes of each further request.
const PIECE: u64 = 4 << 20;
/// Requests at once. Stores limit the speed of each by itself, and between two of them nothing would come.
const LANES: usize = 6;

/// The reading end. Dropped half-way, it stops all requests.
pub(crate) struct Reading {
    engine: Arc<Engine>,
    object: Arc<Object>,
    /// Where the next request begins.
    next: u64,
    coming: VecDeque<Piece>,
    current: Vec<u8>,
    /// Bytes of it that are read.
    taken: usize,
    /// Buffers to be filled again: allocators do not give back large ones as soon as they are freed.
    spare: Vec<Vec<u8>>,
    /// What went wrong. Nothing is read beyond it.
    failed: Option<RemoteError>,
}

/// A task that ends with its handle.
struct Piece(JoinHandle<Result<Vec<u8>, RemoteError>>);

impl Drop for Piece {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Reading {
    pub(crate) fn start(engine: Arc<Engine>, object: Object) -> Self {
        let mut reading = Self {
            engine,
            object: Arc::new(object),
            next: 0,
            coming: VecDeque::new(),
            current: Vec::new(),
            taken: 0,
            spare: Vec::new(),
            failed: None,
        };
        reading.ask(FIRST);
        reading
    }

    /// Sends requests for what comes next, as many as there are to be at once.
    fn ask_ahead(&mut self) {
        while self.coming.len() < LANES && self.next < self.object.len() {
            self.ask(PIECE);
        }
    }

    /// Sends the next request.
    fn ask(&mut self, size: u64) {
        let from = self.next;
        let to = from.saturating_add(size).min(self.object.len());
        let object = Arc::clone(&self.object);
        let mut bytes = self.spare.pop().unwrap_or_default();
        let piece = self.engine.spawn(async move {
            bytes.clear();
            bytes.reserve_exact(usize::try_from(to.saturating_sub(from)).unwrap_or_default());
            object.read(from..to, &mut bytes).await?;
            Ok(bytes)
        });
        self.coming.push_back(Piece(piece));
        self.next = to;
    }

    /// Waits for the next piece, if there is one.
    fn advance(&mut self) -> Result<(), RemoteError> {
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        if self.coming.is_empty() {
            self.ask_ahead();
        }
        let Some(mut piece) = self.coming.pop_front() else {
            return Ok(());
        };
        let alone = self.current.is_empty();
        let outcome = self.engine.wait(&mut piece.0);
        let outcome = outcome.unwrap_or(Err(RemoteError::Nonsense("reading it failed within")));
        match outcome {
            Ok(bytes) => {
                self.spare.push(std::mem::replace(&mut self.current, bytes));
                self.taken = 0;
            }
            Err(error) => {
                self.coming.clear();
                self.failed = Some(error.clone());
                return Err(error);
            }
        }
        if !alone {
            self.ask_ahead();
        }
        Ok(())
    }
}

impl Read for Reading {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if self.taken >= self.current.len() && !buf.is_empty() {
            self.advance()?;
        }
        let rest = self.current.get(self.taken..).unwrap_or_default();
        let taken = rest.len().min(buf.len());
        if let (Some(to), Some(from)) = (buf.get_mut(..taken), rest.get(..taken)) {
            to.copy_from_slice(from);
        }
        self.taken = self.taken.saturating_add(taken);
        Ok(taken)
    }
}

//! Buffers that are used again and again, so that memory does not grow with the input.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crossbeam_channel::{Receiver, Sender, bounded};

use crate::pages::PageBuffer;

/// A fixed number of buffers. Taking one waits until one is free.
#[derive(Clone)]
pub(crate) struct Pool {
    give_back: Sender<PageBuffer>,
    free: Receiver<PageBuffer>,
    bytes: usize,
    /// Buffers that may still be added.
    more: Arc<AtomicUsize>,
}

impl Pool {
    /// Bytes in a buffer for blocks: one of nominal length.
    pub(crate) const BUFFER: usize = 1 << 20;

    /// Buffers for blocks.
    pub(crate) fn new(buffers: usize) -> Self {
        Self::growing(buffers, buffers, Self::BUFFER)
    }

    /// A few buffers of so many bytes, which may [grow](Self::grow) to `most`.
    pub(crate) fn growing(few: usize, most: usize, bytes: usize) -> Self {
        let (give_back, free) = bounded(most);
        for _ in 0..few {
            // Zeroed memory that is never touched costs nothing, so few buffers are ever real
            // for a small input. A full channel cannot happen: its capacity is their number.
            let _ = give_back.try_send(PageBuffer::new(bytes));
        }
        Self {
            give_back,
            free,
            bytes,
            more: Arc::new(AtomicUsize::new(most.saturating_sub(few))),
        }
    }

    /// Adds a buffer, as long as there may be more.
    pub(crate) fn grow(&self) {
        let one_less = |more: usize| more.checked_sub(1);
        let (set, get) = (Ordering::Relaxed, Ordering::Relaxed);
        if self.more.fetch_update(set, get, one_less).is_ok() {
            let _ = self.give_back.try_send(PageBuffer::new(self.bytes));
        }
    }

    /// A buffer whose contents are whatever was last in it.
    pub(crate) fn take(&self) -> Buffer {
        // The pool itself holds a sender, so receiving cannot fail; an own buffer would do too.
        let bytes = self
            .free
            .recv()
            .unwrap_or_else(|_| PageBuffer::new(self.bytes));
        Buffer {
            bytes: Some(bytes),
            home: self.give_back.clone(),
        }
    }
}

/// A buffer on loan; it goes back when dropped.
pub(crate) struct Buffer {
    /// There until it is dropped.
    bytes: Option<PageBuffer>,
    home: Sender<PageBuffer>,
}

impl Deref for Buffer {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        self.bytes.as_deref().unwrap_or_default()
    }
}

impl DerefMut for Buffer {
    fn deref_mut(&mut self) -> &mut [u8] {
        self.bytes.as_deref_mut().unwrap_or_default()
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        if let Some(bytes) = self.bytes.take() {
            let _ = self.home.try_send(bytes);
        }
    }
}

//! Buffers that lie in memory as what is read into them lies in its file. A system copies whole pages out of its cache, and some
//! processors take a third longer where the two ends of a copy do not lie alike in their pages.

use std::ops::{Deref, DerefMut};

/// Bytes of a page.
const PAGE: usize = 4096;

/// Where a page begins at or behind the beginning of some bytes.
fn first_page(bytes: &[u8]) -> usize {
    bytes.as_ptr().addr().wrapping_neg() % PAGE
}

/// Room for pieces of a file, one after the other.
#[derive(Debug, Default)]
pub(crate) struct Room {
    bytes: Vec<u8>,
}

impl Room {
    /// Room for `len` bytes at `offset` of a file, which has whatever was last in it.
    pub(crate) fn at(&mut self, offset: u64, len: usize) -> &mut [u8] {
        let needed = len.saturating_add(2 * PAGE);
        if self.bytes.len() < needed {
            // Memory that is zero from the beginning costs nothing until it is touched.
            self.bytes = vec![0; needed];
        }
        let start = first_page(&self.bytes) + (offset % PAGE as u64) as usize;
        &mut self.bytes[start..start + len]
    }
}

/// A fixed number of bytes that begin with a page.
#[derive(Debug)]
pub(crate) struct PageBuffer {
    bytes: Box<[u8]>,
    start: usize,
    len: usize,
}

impl PageBuffer {
    /// So many bytes, all zero. Memory that is never touched costs nothing.
    pub(crate) fn new(len: usize) -> Self {
        let bytes = vec![0; len.saturating_add(PAGE)].into_boxed_slice();
        let start = first_page(&bytes);
        Self { bytes, start, len }
    }
}

impl Deref for PageBuffer {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes[self.start..self.start + self.len]
    }
}

impl DerefMut for PageBuffer {
    fn deref_mut(&mut self) -> &mut [u8] {
        &mut self.bytes[self.start..self.start + self.len]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_lie_as_in_their_file() {
        let mut room = Room::default();
        for (offset, len) in [(0, 1), (8704, 4096), (u64::MAX, 100_000), (1, 0)] {
            let piece = room.at(offset, len);
            assert_eq!(piece.len(), len);
            let lies = piece.as_ptr().addr() % PAGE;
            assert_eq!(lies as u64, offset % PAGE as u64, "{offset}");
        }
    }

    #[test]
    fn a_buffer_begins_with_a_page_wherever_it_is_moved() {
        for len in [0, 1, PAGE, 1 << 20] {
            let moved = Box::new(PageBuffer::new(len));
            assert_eq!(moved.len(), len);
            assert_eq!(moved.as_ptr().addr() % PAGE, 0);
        }
    }
}

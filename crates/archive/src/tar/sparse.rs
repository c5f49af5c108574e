//! The map of an old-GNU sparse file (`formats/host-backup.md` section 2): four pieces in the
//! header, then blocks of 21 while flagged. Only checked, not kept: to place what follows, and to
//! verify that the stored size is the sum of the pieces. Not here: pax sparse files, whose maps
//! are payload.

use tar::{GnuExtSparseHeader, GnuSparseHeader};

use super::BLOCK;
use super::header::{Header, number};

/// A map as far as it has been read.
#[derive(Debug)]
pub(super) struct SparseMap {
    goes_on: bool,
    blocks: usize,
    /// End of the last piece in the unpacked file; `None` once the map made no sense.
    end: Option<u64>,
    /// Sum of the pieces so far.
    stored: u64,
}

impl SparseMap {
    pub(super) fn new(header: &Header<'_>) -> Self {
        let mut map = Self {
            goes_on: false,
            blocks: 0,
            end: Some(0),
            stored: 0,
        };
        match header.gnu() {
            Some(gnu) => {
                map.pieces(&gnu.sparse);
                map.goes_on = gnu.is_extended();
            }
            None => map.end = None,
        }
        map
    }

    /// Takes over an extension block.
    pub(super) fn take(&mut self, block: &[u8; BLOCK]) {
        let mut extension = GnuExtSparseHeader::new();
        extension.as_mut_bytes().copy_from_slice(block);
        self.blocks = self.blocks.saturating_add(1);
        self.pieces(extension.sparse());
        self.goes_on = extension.is_extended();
    }

    /// Whether an extension block comes next.
    pub(super) fn goes_on(&self) -> bool {
        self.goes_on
    }

    /// Extension blocks read.
    pub(super) fn blocks(&self) -> usize {
        self.blocks
    }

    /// Whether the map is sound and describes a file of these sizes.
    pub(super) fn describes(&self, stored: u64, real: Option<u64>) -> bool {
        let (Some(end), Some(real)) = (self.end, real) else {
            return false;
        };
        self.stored == stored && end <= real
    }

    fn pieces(&mut self, pieces: &[GnuSparseHeader]) {
        for piece in pieces.iter().filter(|piece| !piece.is_empty()) {
            let offset = number(&piece.offset, piece.offset()).value();
            let length = number(&piece.numbytes, piece.length()).value();
            self.end = self.append(offset, length);
        }
    }

    fn append(&mut self, offset: Option<u64>, length: Option<u64>) -> Option<u64> {
        let (end, offset, length) = (self.end?, offset?, length?);
        self.stored = self.stored.checked_add(length)?;
        if offset < end {
            None
        } else {
            offset.checked_add(length)
        }
    }
}

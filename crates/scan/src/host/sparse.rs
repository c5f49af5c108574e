//! Where the payload of a member belongs in its file. A file with holes is stored without them, with a map: of old GNU
//! tar in the header and blocks behind it (`formats/host-backup.md` section 2), of pax in version 1.0 in front of the
//! payload, in older ones in an extension header.

use tar::{GnuExtSparseHeader, GnuSparseHeader, Header};
use xenspect_archive::tar::{BLOCK, Limits, Member, MemberKind};

use crate::feed::Feed;
use crate::members::walk::{Stop, Walk};

/// Pieces that a block of an old-GNU map has.
const PIECES_OF_BLOCK: usize = 21;

/// A piece of a file that its payload has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Piece {
    /// Its first byte in the file.
    pub(crate) offset: u64,
    /// Bytes.
    pub(crate) len: u64,
}

/// How a file is laid out.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Layout {
    /// Bytes of the file, holes included.
    pub(crate) length: u64,
    /// What the payload has of it, in its order.
    pub(crate) pieces: Vec<Piece>,
}

impl Layout {
    /// Bytes in holes.
    pub(crate) fn holes(&self) -> u64 {
        let stored = self
            .pieces
            .iter()
            .fold(0_u64, |sum, piece| sum.saturating_add(piece.len));
        self.length.saturating_sub(stored)
    }
}

/// How a file is laid out, or why that is not known, in words that go behind "it". The map of a pax file is read from
/// the payload.
pub(crate) fn layout<F: Feed>(
    walk: &mut Walk<'_, F>,
    member: &Member,
) -> Result<Result<Layout, &'static str>, Stop> {
    let broken_map = Err("is a sparse file whose map is damaged");
    let (pieces, stored) = match (member.kind, member.real_size) {
        (MemberKind::GnuSparse, _) => (old_gnu(walk.header_and_map(member)), member.size),
        (_, None) => {
            return Ok(Ok(Layout {
                length: member.size,
                pieces: vec![Piece {
                    offset: 0,
                    len: member.size,
                }],
            }));
        }
        (_, Some(_)) if !member.sparse_map.is_empty() => {
            let pieces = member.sparse_map.iter();
            let pieces = pieces.map(|&(offset, len)| Piece { offset, len });
            (Some(pieces.collect()), member.size)
        }
        (_, Some(_)) => match pax(walk, member.size)? {
            Some((pieces, map)) => (Some(pieces), member.size.saturating_sub(map)),
            None => return Ok(Err("is a sparse file whose map is not read")),
        },
    };
    let (Some(pieces), Some(length)) = (pieces, member.real_size) else {
        return Ok(broken_map);
    };
    if !describes(&pieces, stored, length) {
        return Ok(broken_map);
    }
    Ok(Ok(Layout { length, pieces }))
}

/// Whether pieces follow one another, are the whole payload, and end in the file.
fn describes(pieces: &[Piece], stored: u64, length: u64) -> bool {
    let mut end = 0_u64;
    let mut sum = 0_u64;
    for piece in pieces {
        let next = piece.offset.checked_add(piece.len);
        match (next, sum.checked_add(piece.len)) {
            (Some(next), Some(more)) if piece.offset >= end => (end, sum) = (next, more),
            _ => return false,
        }
    }
    sum == stored && end <= length
}

/// The map in a header and the blocks behind it.
fn old_gnu<'b>(mut blocks: impl Iterator<Item = &'b [u8; BLOCK]>) -> Option<Vec<Piece>> {
    let header = Header::from_byte_slice(blocks.next()?);
    let mut pieces = Vec::new();
    add(&mut pieces, &header.as_gnu()?.sparse)?;
    for block in blocks {
        let mut extension = GnuExtSparseHeader::new();
        extension.as_mut_bytes().copy_from_slice(block);
        add(&mut pieces, extension.sparse())?;
    }
    Some(pieces)
}

fn add(pieces: &mut Vec<Piece>, stored: &[GnuSparseHeader]) -> Option<()> {
    for piece in stored.iter().filter(|piece| !piece.is_empty()) {
        pieces.push(Piece {
            offset: piece.offset().ok()?,
            len: piece.length().ok()?,
        });
    }
    Some(())
}

/// The map at the front of a payload of `size` bytes: a number of pieces, then offset and length of each, in decimal
/// digits and each in a line, filled with NULs to whole blocks. With it, the bytes that it takes; `None` where there is
/// none.
fn pax<F: Feed>(walk: &mut Walk<'_, F>, size: u64) -> Result<Option<(Vec<Piece>, u64)>, Stop> {
    let mut numbers = Numbers::default();
    let mut taken = 0_u64;
    let mut block = [0; BLOCK];
    while !numbers.is_complete() {
        taken = taken.saturating_add(BLOCK as u64);
        if taken > size {
            return Ok(None);
        }
        if walk.feed.read(&mut block).map_err(Stop::Broken)? < BLOCK {
            return Err(Stop::Short);
        }
        if numbers.take(&block).is_none() {
            return Ok(None);
        }
    }
    Ok(Some((numbers.pieces(), taken)))
}

/// The numbers of a pax map, as they come.
#[derive(Debug, Default)]
struct Numbers {
    read: Vec<u64>,
    /// The digits of a line so far.
    open: Option<u64>,
}

impl Numbers {
    /// Pieces by the first line.
    fn count(&self) -> Option<u64> {
        self.read.first().copied()
    }

    fn is_complete(&self) -> bool {
        let wanted = |count: u64| count.saturating_mul(2).saturating_add(1);
        self.count()
            .is_some_and(|count| self.read.len() as u64 >= wanted(count))
    }

    /// Takes a block; `None` where it is no map.
    fn take(&mut self, block: &[u8]) -> Option<()> {
        // As many as an old map may have.
        let most = Limits::default()
            .sparse_blocks
            .saturating_mul(PIECES_OF_BLOCK);
        for byte in block {
            if self.is_complete() {
                break;
            }
            match byte {
                b'0'..=b'9' => {
                    let digit = u64::from(byte.saturating_sub(b'0'));
                    let before = self.open.unwrap_or(0).checked_mul(10)?;
                    self.open = Some(before.checked_add(digit)?);
                }
                b'\n' => {
                    self.read.push(self.open.take()?);
                    if self.count()? > most as u64 {
                        return None;
                    }
                }
                _ => return None,
            }
        }
        Some(())
    }

    fn pieces(&self) -> Vec<Piece> {
        let pairs = self.read.get(1..).unwrap_or_default();
        let piece = |pair: &[u64]| match pair {
            &[offset, len] => Some(Piece { offset, len }),
            _ => None,
        };
        pairs.chunks(2).filter_map(piece).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(offset: u64, len: u64) -> Piece {
        Piece { offset, len }
    }

    #[test]
    fn maps_that_describe_a_file() {
        for (pieces, stored, length, expected) in [
            (vec![], 0, 0, true),
            (vec![], 0, 1 << 40, true),
            (vec![piece(10, 5), piece(20, 0)], 5, 20, true),
            (vec![piece(0, 5), piece(5, 5)], 10, 10, true),
            (vec![piece(0, 5), piece(4, 5)], 10, 10, false),
            (vec![piece(10, 5), piece(0, 5)], 10, 20, false),
            (vec![piece(0, 5)], 6, 10, false),
            (vec![piece(6, 5)], 5, 10, false),
            (vec![piece(u64::MAX, 1)], 1, u64::MAX, false),
        ] {
            assert_eq!(describes(&pieces, stored, length), expected, "{pieces:?}");
        }
    }

    #[test]
    fn numbers_of_a_pax_map() {
        for (text, expected) in [
            ("0\n\0\0", Some(vec![])),
            ("1\n512\n7\n", Some(vec![piece(512, 7)])),
            ("2\n0\n1\n9\n0\nrest", Some(vec![piece(0, 1), piece(9, 0)])),
            ("\n", None),
            ("x", None),
            ("1\n-1\n7\n", None),
            ("99999999999999999999\n", None),
            ("100000\n", None),
        ] {
            let mut numbers = Numbers::default();
            let taken = numbers.take(text.as_bytes());
            let pieces = taken.map(|()| numbers.pieces());
            assert_eq!(pieces, expected, "{text:?}");
            if taken.is_some() {
                assert!(numbers.is_complete(), "{text:?}");
            }
        }
    }
}

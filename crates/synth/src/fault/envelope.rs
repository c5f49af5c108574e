//! Faults in the compressed stream.

use super::Damage::Pieces;
use super::Fault;
use crate::content::Content;
use crate::envelope::Envelope;

pub(super) static FAULTS: &[Fault] = &[
    Fault::new(
        "gzip-cut",
        "the gzip stream cut in the middle",
        "gzip",
        Pieces(|p, e| gzip(e).and_then(|()| cut(p))),
    ),
    Fault::new(
        "gzip-cut-in-trailer",
        "the last 4 of the 8 bytes of the gzip trailer missing",
        "gzip",
        Pieces(|p, e| gzip(e).and_then(|()| shorten(p, 4))),
    ),
    Fault::new(
        "gzip-crc-wrong",
        "one bit of the CRC-32 in the gzip trailer flipped",
        "gzip",
        Pieces(|p, e| gzip(e).and_then(|()| flip_from_end(p, 8))),
    ),
    Fault::new(
        "gzip-isize-wrong",
        "one bit of the length in the gzip trailer flipped",
        "gzip",
        Pieces(|p, e| gzip(e).and_then(|()| flip_from_end(p, 4))),
    ),
    Fault::new(
        "gzip-byte-flipped",
        "one bit in the middle of the gzip stream flipped",
        "gzip",
        Pieces(|p, e| gzip(e).and_then(|()| flip_middle(p))),
    ),
    Fault::new(
        "gzip-garbage-after",
        "1000 pseudo-random bytes behind the gzip member",
        "gzip",
        Pieces(|p, e| gzip(e).and_then(|()| garbage(p))),
    )
    .harmless(),
    Fault::new(
        "gzip-second-member-missing",
        "the second of several gzip members missing",
        "gzip-members",
        Pieces(|p, e| gzip(e).and_then(|()| drop_second(p))),
    ),
    Fault::new(
        "zstd-cut",
        "the zstd stream cut in the middle",
        "zstd",
        Pieces(|p, e| zstd(e).and_then(|()| cut(p))),
    ),
    Fault::new(
        "zstd-checksum-wrong",
        "one bit of the content checksum of the zstd frame flipped",
        "zstd",
        Pieces(|p, e| zstd(e).and_then(|()| flip_from_end(p, 4))),
    ),
    Fault::new(
        "zstd-byte-flipped",
        "one bit in the middle of the zstd stream flipped",
        "zstd",
        Pieces(|p, e| zstd(e).and_then(|()| flip_middle(p))),
    ),
    Fault::new(
        "zstd-garbage-after",
        "1000 pseudo-random bytes behind the zstd frame",
        "zstd",
        Pieces(|p, e| zstd(e).and_then(|()| garbage(p))),
    )
    .harmless(),
    Fault::new(
        "zstd-second-frame-missing",
        "the second of several zstd frames missing",
        "zstd-frames",
        Pieces(|p, e| zstd(e).and_then(|()| drop_second(p))),
    ),
];

fn gzip(envelope: Envelope) -> Option<()> {
    matches!(envelope, Envelope::Gzip | Envelope::GzipMembers(_)).then_some(())
}

fn zstd(envelope: Envelope) -> Option<()> {
    matches!(envelope, Envelope::Zstd | Envelope::ZstdFrames(_)).then_some(())
}

/// Half of the whole stream stays.
fn cut(pieces: &mut [Vec<u8>]) -> Option<()> {
    let mut keep = pieces.iter().map(Vec::len).sum::<usize>() / 2;
    for piece in pieces.iter_mut() {
        piece.truncate(keep);
        keep -= piece.len();
    }
    Some(())
}

fn shorten(pieces: &mut [Vec<u8>], by: usize) -> Option<()> {
    let last = pieces.last_mut()?;
    last.truncate(last.len().checked_sub(by)?);
    Some(())
}

fn flip_from_end(pieces: &mut [Vec<u8>], back: usize) -> Option<()> {
    let last = pieces.last_mut()?;
    let at = last.len().checked_sub(back)?;
    last[at] ^= 0x01;
    Some(())
}

fn flip_middle(pieces: &mut [Vec<u8>]) -> Option<()> {
    let piece = pieces.first_mut()?;
    let at = piece.len() / 2;
    *piece.get_mut(at)? ^= 0x10;
    Some(())
}

fn garbage(pieces: &mut Vec<Vec<u8>>) -> Option<()> {
    // A first byte that starts neither a gzip member nor a zstd frame.
    let mut bytes = Content::Random.chunk(0, 0, 0, 1000);
    bytes[0] = b'#';
    pieces.push(bytes);
    Some(())
}

fn drop_second(pieces: &mut Vec<Vec<u8>>) -> Option<()> {
    (pieces.len() > 2).then(|| pieces.remove(1)).map(|_| ())
}

//! Digests that lie beside files: as coreutils, BSD and OpenSSL write them, and as Xen Orchestra does; and what a file that was read
//! is compared with.

mod compare;
mod line;
mod list;
mod shelf;
mod text;
mod xen_orchestra;

pub use compare::{Expectation, Expected, compare, kinds};
pub use line::{Record, record};
pub use list::{BAD_LINES, LIST_LIMIT, List, Told, normal};
pub use shelf::{Form, Shelf, form};
pub use text::Ends;
pub use xen_orchestra::{CHECKSUM_LIMIT, checksum};

use xenspect_model::catalog::DigestKind;

/// The kind whose digests have this many bytes.
fn kind_of_length(bytes: usize) -> Option<DigestKind> {
    DigestKind::ALL.into_iter().find(|kind| kind.len() == bytes)
}

/// The bytes that an even number of hexadecimal digits of either case stands for.
fn unhex(digits: &[u8]) -> Option<Vec<u8>> {
    let (pairs, []) = digits.as_chunks::<2>() else {
        return None;
    };
    let digit = |byte: u8| char::from(byte).to_digit(16)?.try_into().ok();
    pairs
        .iter()
        .map(|&[high, low]| {
            let high: u8 = digit(high)?;
            let low: u8 = digit(low)?;
            Some(high << 4 | low)
        })
        .collect()
}

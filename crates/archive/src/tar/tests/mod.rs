//! Tests of the walker, on archives built byte by byte from the layout tables and not with the
//! walker's own constants.

mod build;
mod damage;
mod edges;
mod endings;
mod extensions;
mod gnu_numbers;
mod headers;
mod hostile;
mod sparse;

use build::{Built, HeaderBuilder, data};

use super::{Limits, Located, Oddity, Walked, walk_slice};

/// A belief as an XVA reader has it: `ova.xml`, or a block of at most 1 MiB or its checksum.
fn xva_like(name: &[u8], size: u64) -> bool {
    name == b"ova.xml" || (name.starts_with(b"Ref:") && size <= 1 << 20)
}

/// A belief for tests in which it must not matter.
fn nothing(_name: &[u8], _size: u64) -> bool {
    false
}

fn walk(archive: &[u8]) -> Walked {
    walk_slice(archive, Limits::default(), xva_like)
}

fn names(walked: &Walked) -> Vec<String> {
    walked
        .members
        .iter()
        .map(|m| String::from_utf8_lossy(&m.name).into_owned())
        .collect()
}

fn at(offset: u64, oddity: Oddity) -> Located {
    Located { offset, oddity }
}

//! Old-GNU sparse members.

use super::super::{Ending, Limits, MemberKind, Oddity, walk_slice};
use super::{Built, HeaderBuilder, at, data, names, nothing, walk};

fn octal(value: u64) -> Vec<u8> {
    format!("{value:011o}\0").into_bytes()
}

/// A header with up to four pieces.
fn header(stored: usize, real: u64, pieces: &[(u64, u64)], goes_on: bool) -> HeaderBuilder {
    let mut header = HeaderBuilder::gnu("lastlog", stored, b'S').put(483, &octal(real));
    for (index, (offset, length)) in pieces.iter().enumerate() {
        let at = 386 + index * 24;
        header = header
            .put(at, &octal(*offset))
            .put(at + 12, &octal(*length));
    }
    header.put(482, &[u8::from(goes_on)])
}

/// A map block with up to 21 pieces.
fn map(pieces: &[(u64, u64)], goes_on: bool) -> [u8; 512] {
    let mut block = [0; 512];
    for (index, (offset, length)) in pieces.iter().enumerate() {
        block[index * 24..index * 24 + 12].copy_from_slice(&octal(*offset));
        block[index * 24 + 12..index * 24 + 24].copy_from_slice(&octal(*length));
    }
    block[504] = u8::from(goes_on);
    block
}

fn archive(maps: &[[u8; 512]], header: HeaderBuilder, stored: usize) -> Vec<u8> {
    let mut built = Built::default().block(header.summed());
    for map in maps {
        built = built.block(*map);
    }
    built.payload(&data(stored)).member("ova.xml", b"x").end().0
}

#[test]
fn a_map_in_the_header() {
    let header = header(
        1024,
        1 << 20,
        &[(4096, 512), (8192, 512), (1 << 20, 0)],
        false,
    );
    let walked = walk(&archive(&[], header, 1024));
    assert_eq!(walked.oddities, []);
    let member = &walked.members[0];
    assert_eq!((member.kind, member.size), (MemberKind::GnuSparse, 1024));
    assert_eq!((member.real_size, member.data_offset), (Some(1 << 20), 512));
    assert_eq!(names(&walked), ["lastlog", "ova.xml"]);
}

#[test]
fn a_map_that_goes_on() {
    let first = [(0, 512), (1024, 512), (2048, 512), (3072, 512)];
    let more = |from: u64| {
        (from..from + 21)
            .map(|i| (i * 1024, 512))
            .collect::<Vec<_>>()
    };
    let maps = [
        map(&more(4), true),
        map(&more(25), true),
        map(&[(1 << 20, 0)], false),
    ];
    let stored = 46 * 512;
    let walked = walk(&archive(
        &maps,
        header(stored, 1 << 20, &first, true),
        stored,
    ));
    assert_eq!(walked.oddities, []);
    let member = &walked.members[0];
    assert_eq!((member.map_blocks(), member.data_offset), (3, 2048));
    assert_eq!(member.end_offset(), 2048 + 46 * 512);
    assert_eq!(names(&walked), ["lastlog", "ova.xml"]);
}

#[test]
fn maps_that_do_not_add_up() {
    for (pieces, real) in [
        (&[(0, 512)][..], 1 << 20),
        (&[(0, 512), (256, 512)], 1 << 20),
        (&[(0, 512), (4096, 512)], 4096),
        (&[(0, 512), (u64::from(u32::MAX), 512 * 3)], 1 << 20),
    ] {
        let walked = walk(&archive(&[], header(1024, real, pieces, false), 1024));
        assert_eq!(
            walked.oddities,
            [at(0, Oddity::SparseMapMalformed)],
            "{pieces:?}"
        );
        assert_eq!(names(&walked), ["lastlog", "ova.xml"]);
    }
    let unreadable = header(1024, 1 << 20, &[(0, 1024)], false).put(386, b"not a number");
    let walked = walk(&archive(&[], unreadable, 1024));
    assert_eq!(walked.oddities, [at(0, Oddity::SparseMapMalformed)]);
    let other_magic = header(1024, 1 << 20, &[(0, 1024)], false).put(257, b"ustar\x0000");
    let walked = walk(&archive(&[], other_magic, 1024));
    assert_eq!(walked.oddities, [at(0, Oddity::SparseMapMalformed)]);
    assert_eq!(walked.members[0].real_size, None);
}

#[test]
fn a_map_over_the_limit_is_lost() {
    let maps = [map(&[], true), map(&[], true), map(&[(0, 512)], false)];
    let bytes = archive(&maps, header(512, 512, &[], true), 512);
    let walked = walk_slice(
        &bytes,
        Limits {
            sparse_blocks: 3,
            ..Limits::default()
        },
        nothing,
    );
    assert_eq!(
        (walked.oddities.as_slice(), walked.members.len()),
        (&[][..], 2)
    );
    let limits = Limits {
        sparse_blocks: 2,
        ..Limits::default()
    };
    let walked = walk_slice(&bytes, limits, |name, _| name == b"ova.xml");
    let told = at(0, Oddity::SparseMapTooLong { limit: 2 });
    assert_eq!(
        walked.oddities,
        [told, at(0, Oddity::Lost { bytes: 5 * 512 })]
    );
    assert_eq!(names(&walked), ["ova.xml"]);
}

#[test]
fn input_that_ends_in_a_map() {
    let built = Built::default().block(header(512, 512, &[], true).summed());
    let mut bytes = built.block(map(&[], true)).0;
    assert_eq!(walk(&bytes).ending, Ending::InSparseMap { have: 0 });
    bytes.extend([0; 100]);
    assert_eq!(walk(&bytes).ending, Ending::InSparseMap { have: 100 });
}

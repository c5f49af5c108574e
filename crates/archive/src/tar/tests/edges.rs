//! Extensions and maps by the thousand, and sizes at the edges of their types, among them those that two fields disagree on.

use super::super::{Ending, ExtensionKind, Limits, Oddity, walk_slice};
use super::build::record;
use super::{Built, HeaderBuilder, at, names, walk, xva_like};

fn base_256(first: u8, value: u64) -> Vec<u8> {
    [&[first, 0, 0, 0][..], &value.to_be_bytes()].concat()
}

#[test]
fn negative_numbers_are_no_sizes() {
    for field in [
        vec![0xff; 12],
        [&[0xff; 11][..], &[0]].concat(),
        base_256(0xc0, 5),
        b"-0000000005\0".to_vec(),
    ] {
        let header = HeaderBuilder::xapi("Ref:1/00000000", 0).put(124, &field);
        let archive = Built::default().block(header.summed()).end();
        let walked = walk(&archive.0);
        assert!(walked.members.is_empty(), "{field:?}");
        let stored = field.clone().try_into().unwrap();
        let unreadable = at(0, Oddity::SizeUnreadable { field: stored });
        assert_eq!(walked.oddities.first(), Some(&unreadable));
        assert_eq!(walked.ending, Ending::Complete);
    }
}

#[test]
fn pax_sizes_at_the_edge() {
    for (size, told) in [
        ("9223372036854775807", true),
        ("9223372036854775808", true),
        ("18446744073709551615", true),
        // No number of 64 bits, so the header's own size counts.
        ("18446744073709551616", false),
        (&"9".repeat(1000), false),
    ] {
        let archive = Built::default()
            .extension(b'x', &record("size", size.as_bytes()))
            .member("Ref:1/00000000", b"x")
            .end();
        let walked = walk(&archive.0);
        let oddity = &walked.oddities[0].oddity;
        if told {
            assert!(matches!(oddity, Oddity::SizeTooLarge { .. }), "{size}");
            assert!(walked.members.is_empty());
        } else {
            let kind = ExtensionKind::PaxLocal;
            assert_eq!(*oddity, Oddity::ExtensionMalformed { kind }, "{size}");
            assert_eq!(names(&walked), ["Ref:1/00000000"]);
        }
    }
}

#[test]
fn a_million_tiny_records_are_read_once_each() {
    let records = record("k", b"v").repeat(1_000_000);
    let limits = Limits {
        extension_bytes: 16 << 20,
        ..Limits::default()
    };
    let archive = Built::default()
        .extension(b'x', &[records, record("path", b"Ref:1/00000007")].concat())
        .member("x", b"y")
        .end();
    let walked = walk_slice(&archive.0, limits, xva_like);
    assert_eq!(names(&walked), ["Ref:1/00000007"]);
    assert!(walked.oddities.is_empty());
}

#[test]
fn maps_of_two_hundred_thousand_pieces_are_as_long_as_their_header() {
    let pieces: Vec<String> = (0..200_000).map(|n| format!("{},1", 2 * n)).collect();
    let limits = Limits {
        extension_bytes: 16 << 20,
        ..Limits::default()
    };
    let map = [
        record("GNU.sparse.size", b"400000"),
        record("GNU.sparse.map", pieces.join(",").as_bytes()),
    ]
    .concat();
    let archive = |limits| {
        let built = Built::default()
            .extension(b'x', &map)
            .member("etc/holes", &[0; 512])
            .end();
        walk_slice(&built.0, limits, xva_like)
    };
    assert_eq!(archive(limits).members[0].sparse_map.len(), 200_000);
    // Within the usual limit the header is passed by as a whole.
    let walked = archive(Limits::default());
    assert!(walked.members[0].sparse_map.is_empty());
    assert!(matches!(
        walked.oddities[0].oddity,
        Oddity::ExtensionTooLarge { .. }
    ));
}

#[test]
fn a_thousand_extension_headers_in_a_row_are_told_once() {
    let one = record("path", b"Ref:1/00000001");
    let archive = (0..1000).fold(Built::default(), |built, _| built.extension(b'x', &one));
    let walked = walk(&archive.member("Ref:1/00000000", b"x").end().0);
    let limit = Limits::default().pending_extensions;
    let too_many = walked
        .oddities
        .iter()
        .filter(|located| located.oddity == Oddity::TooManyExtensions { limit });
    assert_eq!(too_many.count(), 1);
    assert_eq!(names(&walked), ["Ref:1/00000001"]);
}

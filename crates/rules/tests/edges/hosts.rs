//! Host backups with sizes, maps, names and links at the edges.

use std::fmt::Write;

use xenspect_model::report::{Input, Verdict};
use xenspect_synth::{Envelope, HostBackup};

use super::support::*;

/// The members of a good backup.
fn members() -> Vec<u8> {
    let mut backup = HostBackup::named("coordinator").unwrap();
    backup.envelope = Envelope::Plain;
    let mut bytes = backup.bytes();
    let last = bytes.iter().rposition(|byte| *byte != 0).unwrap();
    bytes.truncate((last + 1).next_multiple_of(BLOCK));
    bytes
}

/// A good backup with these members behind its last one.
fn backup(piece: &[u8]) -> Vec<u8> {
    let mut bytes = members();
    bytes.extend_from_slice(piece);
    bytes.resize(bytes.len() + 2 * BLOCK, 0);
    Envelope::Gzip.encode(&bytes)
}

fn with_member(piece: &[u8]) -> Said {
    let good = said(&verify(backup(&[])));
    assert_eq!(good.1.len(), 0, "{:?}", good.1);
    said(&verify(backup(piece)))
}

/// A header as GNU tar writes it, with more fields set.
fn gnu(name: &str, size: &[u8], flag: u8, fields: &[(usize, &[u8])]) -> Vec<u8> {
    let mut block = header(name, size, flag);
    let mut put = |at: usize, bytes: &[u8]| block[at..at + bytes.len()].copy_from_slice(bytes);
    put(257, b"ustar  \0");
    for (at, bytes) in fields {
        put(*at, bytes);
    }
    block[148..156].fill(b' ');
    let sum: u64 = block.iter().map(|byte| u64::from(*byte)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    block
}

#[test]
fn sizes_that_no_file_can_have() {
    for size in [
        base_256(0x80, (1 << 63) - 1),
        base_256(0x80, u64::MAX),
        vec![0xff; 12],
    ] {
        let (verdict, codes) = with_member(&gnu("./usr/x", &size, b'0', &[]));
        assert_eq!(verdict, Verdict::Damaged, "{size:?}: {codes:?}");
        assert_eq!(codes.get("tar/size-invalid"), Some(&1), "{codes:?}");
    }
    // One that a file can have is cut, and more than a host has room for.
    let said = with_member(&gnu("./usr/x", &base_256(0x80, 1 << 62), b'0', &[]));
    let codes = [("host/cut-in-file", 1), ("host/too-large", 1)];
    assert_eq!(said, expected(Verdict::Damaged, &codes));
}

#[test]
fn links_to_themselves_and_round_in_a_circle() {
    let link = |name: &str, to: &str, flag| gnu(name, &octal(0), flag, &[(157, to.as_bytes())]);
    let pieces = [
        link("./usr/self", "./usr/self", b'1'),
        link("./usr/hard-a", "./usr/hard-b", b'1'),
        link("./usr/hard-b", "./usr/hard-a", b'1'),
        link("./usr/soft", "soft", b'2'),
        link("./usr/soft-a", "soft-b", b'2'),
        link("./usr/soft-b", "soft-a", b'2'),
    ];
    let (_, codes) = with_member(&pieces.concat());
    // What is hard-linked to is not there, and nothing else is wrong.
    assert!(
        codes.keys().all(|code| code.starts_with("host/")),
        "{codes:?}"
    );
    // A size on a hard link is no payload.
    let sized = gnu(
        "./usr/sized",
        &base_256(0x80, 1 << 63),
        b'1',
        &[(157, b"./usr/self")],
    );
    let (_, codes) = with_member(&sized);
    assert!(!codes.contains_key("tar/size-invalid"), "{codes:?}");
}

/// An old-GNU sparse member: pieces in the header, then in blocks of 21.
fn old_sparse(pieces: &[(u64, u64)], stored: u64, real: u64) -> Vec<u8> {
    let entry = |(offset, len): &(u64, u64)| {
        let number = |value: u64| base_256(0x80, value);
        [number(*offset), number(*len)].concat()
    };
    let (first, rest) = pieces.split_at(pieces.len().min(4));
    let map = first.iter().map(entry).collect::<Vec<_>>().concat();
    let real = base_256(0x80, real);
    let more = [u8::from(!rest.is_empty())];
    let fields: [(usize, &[u8]); 3] = [(386, &map), (482, &more), (483, &real)];
    let mut bytes = gnu("./usr/holes", &octal(stored), b'S', &fields);
    let blocks = rest.chunks(21).count();
    for (index, chunk) in rest.chunks(21).enumerate() {
        let mut block = chunk.iter().map(entry).collect::<Vec<_>>().concat();
        block.resize(504, 0);
        block.push(u8::from(index + 1 < blocks));
        block.resize(BLOCK, 0);
        bytes.extend(block);
    }
    bytes.resize(
        bytes.len() + usize::try_from(stored).unwrap().next_multiple_of(BLOCK),
        b'x',
    );
    bytes
}

#[test]
fn old_maps() {
    let most = (1_u64 << 63) - 1;
    for (what, pieces, stored, real) in [
        ("overlapping", vec![(0, 512), (256, 512)], 1024, 4096),
        ("beyond the end", vec![(0, 512), (8192, 512)], 1024, 4096),
        ("decreasing", vec![(4096, 512), (0, 512)], 1024, 8192),
        (
            "of sizes near the edge",
            vec![(most, 512), (0, 512)],
            1024,
            u64::MAX,
        ),
        ("beyond all numbers", vec![(u64::MAX, 512)], 512, u64::MAX),
        (
            "whose pieces are too many bytes",
            vec![(0, most), (most, most)],
            1024,
            u64::MAX,
        ),
    ] {
        let (verdict, codes) = with_member(&old_sparse(&pieces, stored, real));
        assert_eq!(verdict, Verdict::Damaged, "{what}: {codes:?}");
        assert_eq!(
            codes.get("tar/extension-invalid"),
            Some(&1),
            "{what}: {codes:?}"
        );
    }
    // Up to the limit of blocks, and far beyond it.
    let pieces = |count: u64| -> Vec<(u64, u64)> { (0..count).map(|at| (2 * at, 1)).collect() };
    let (verdict, codes) = with_member(&old_sparse(&pieces(80_000), 80_000, 160_000));
    assert_eq!((verdict, codes.len()), (Verdict::Sound, 0), "{codes:?}");
    let (verdict, codes) = with_member(&old_sparse(&pieces(200_000), 200_000, 400_000));
    assert_eq!(verdict, Verdict::Damaged);
    assert!(codes.contains_key("tar/extension-invalid"), "{codes:?}");
}

fn pax(records: &[u8], payload: &[u8]) -> Vec<u8> {
    let member = member("./usr/GNUSparseFile.1/holes", payload);
    [extension(b'x', records), member].concat()
}

#[test]
fn maps_of_pax() {
    let real = record("GNU.sparse.realsize", b"9223372036854775807");
    let modern = [
        record("GNU.sparse.major", b"1"),
        record("GNU.sparse.minor", b"0"),
        real,
    ]
    .concat();
    for map in [
        "9999999\n0\n1\n".to_owned(),
        "18446744073709551616\n0\n1\n".to_owned(),
        "2\n512\n512\n0\n512\n".to_owned(),
        "1\n18446744073709551615\n512\n".to_owned(),
        "-1\n".to_owned(),
        "1\n".repeat(1000),
    ] {
        let payload = [padded(map.as_bytes()), vec![b'x'; 1024]].concat();
        no_panic(&verify(backup(&pax(&modern, &payload))));
    }
    let flood: String = (0..1_000_000).fold(String::new(), |mut map, at| {
        let _ = write!(map, "{},1,", 2 * at);
        map
    });
    let older = [
        record("GNU.sparse.size", b"2000000"),
        record("GNU.sparse.map", flood.as_bytes()),
    ];
    no_panic(&verify(backup(&pax(&older.concat(), &[b'x'; 1024]))));
    let oldest = [
        record("GNU.sparse.size", b"2000000"),
        record("GNU.sparse.offset", b"1").repeat(100_000),
        record("GNU.sparse.numbytes", b"1").repeat(100_000),
    ];
    no_panic(&verify(backup(&pax(&oldest.concat(), &[b'x'; 1024]))));
}

/// The walk came to its end, and what comes behind the member is still read.
fn no_panic(input: &Input) {
    assert_ne!(input.verdict, Verdict::Unreadable, "{:?}", input.findings);
    assert!(
        input
            .findings
            .iter()
            .all(|finding| finding.code.name() != "scan/internal-error")
    );
}

#[test]
fn names_by_the_hundred_thousand_are_told_apart() {
    const NAMES: u32 = 200_000;
    let folder = gnu("./usr/many/", &octal(0), b'5', &[]);
    let name = |at: u32| gnu(&format!("./usr/many/{at}"), &octal(0), b'0', &[]);
    // Every hundredth is there twice.
    let again = (0..NAMES).step_by(100);
    let end = vec![0; 2 * BLOCK];
    let pieces = [members(), folder].into_iter();
    let pieces = pieces.chain((0..NAMES).chain(again).map(name)).chain([end]);
    let input = verify_stream(Pieces::new(pieces));
    let repeated = input
        .findings
        .iter()
        .filter(|finding| finding.code.name() == "host/name-repeated");
    let more = input.omitted.iter();
    let more = more.filter(|(code, _)| code.name() == "host/name-repeated");
    let count = repeated.count() as u64 + more.map(|(_, more)| more).sum::<u64>();
    assert_eq!(count, u64::from(NAMES) / 100);
}

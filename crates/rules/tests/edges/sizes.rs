//! Sizes of members near the ends of their types.

use xenspect_model::report::Verdict::{Damaged, Incomplete};

use super::support::*;

const NAME: &str = "Ref:9/00000000";

#[test]
fn sizes_that_no_file_can_have_are_invalid() {
    let most = (1_u64 << 63) - 1;
    for size in [
        base_256(0x80, most),
        base_256(0x80, 1 << 63),
        base_256(0x80, u64::MAX),
        // Negative, and of more than 64 bits.
        vec![0xff; 12],
        base_256(0xc0, 4096),
        base_256(0x81, 4096),
        b"no size here".to_vec(),
        b"-0000000001\0".to_vec(),
    ] {
        let header = header(NAME, &size, 0);
        let expected = expected(Damaged, &[("tar/size-invalid", 1)]);
        assert_eq!(told(with(&header)), expected, "{size:?}");
    }
}

#[test]
fn sizes_that_a_file_can_have_are_cut_short() {
    // A disk that nobody knows is begun, so that the input is more than cut short.
    for size in [
        b"777777777777".to_vec(),
        base_256(0x80, 1 << 62),
        base_256(0x80, (1 << 63) - (1 << 20)),
    ] {
        let header = header(NAME, &size, 0);
        let codes = [("xva/truncated-in-block", 1), ("xva/disk-unknown", 1)];
        assert_eq!(told(with(&header)), expected(Damaged, &codes), "{size:?}");
        // The same for a member that belongs to no disk.
        let header = super::support::header("notes", &size, 0);
        let codes = [("xva/truncated-in-block", 1), ("xva/member-foreign", 1)];
        let expected = expected(Incomplete, &codes);
        assert_eq!(told(with(&header)), expected, "{size:?}");
    }
}

#[test]
fn pax_sizes_are_held_to_the_same() {
    let block = member(NAME, b"x");
    for size in ["9223372036854775807", "18446744073709551615"] {
        let records = extension(b'x', &record("size", size.as_bytes()));
        let said = told(with(&[records, block.clone()].concat()));
        assert_eq!(said, expected(Damaged, &[("tar/size-invalid", 1)]));
    }
    let records = extension(b'x', &record("size", "9".repeat(40).as_bytes()));
    let (verdict, codes) = told(with(&[records, block].concat()));
    assert_eq!(verdict, Damaged);
    assert_eq!(codes.get("tar/extension-invalid"), Some(&1));
}

#[test]
fn names_of_a_mebibyte_are_passed_by() {
    let long = "n".repeat(1 << 20);
    for piece in [
        extension(b'L', long.as_bytes()),
        extension(b'K', long.as_bytes()),
        extension(b'x', &record("path", long.as_bytes())),
        extension(b'x', &record("comment", &vec![b'c'; 10 << 20])),
        extension(b'x', &record("k", b"v").repeat(1_000_000)),
        extension(b'g', long.as_bytes()),
    ] {
        let (verdict, codes) = told(with(&[piece, member("notes", b"x")].concat()));
        let codes_expected = [("tar/extension-invalid", 1), ("xva/member-foreign", 1)];
        assert_eq!(codes, codes_expected.into());
        assert_eq!(verdict, Damaged);
    }
}

#[test]
fn a_thousand_extension_headers_in_a_row_are_told_once() {
    let one = extension(b'x', &record("path", b"notes"));
    let piece = [one.repeat(1000), member("x", b"x")].concat();
    let said = told(with(&piece));
    let codes = [("tar/extension-invalid", 1), ("xva/member-foreign", 1)];
    assert_eq!(said, expected(Damaged, &codes));
}

#[test]
fn ids_of_disks_are_no_longer_than_numbers() {
    // Four thousand zeros in front: with so many such disks a report would be megabytes.
    let name = format!("Ref:{}7/00000000", "0".repeat(4000));
    let one = [extension(b'L', name.as_bytes()), member("x", b"x")].concat();
    let input = verify(with(&one.repeat(3)));
    let codes = [("xva/member-foreign", 3)];
    let expected = expected(xenspect_model::report::Verdict::Suspect, &codes);
    assert_eq!(said(&input), expected);
    let shown = |finding: &xenspect_model::Finding| {
        let member = finding.place.member.as_ref();
        member.map_or(0, |member| member.text.len())
    };
    assert!(input.findings.iter().all(|finding| shown(finding) <= 255));
}

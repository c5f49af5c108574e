//! Numbers that GNU tar reads, and those that it does not. Each row was tried with GNU tar 1.34 and `tar -xzp`.

use super::super::NumberField::{self, *};
use super::build::HeaderBuilder;
use super::{Built, walk};

fn unreadable(header: HeaderBuilder) -> Vec<NumberField> {
    let walked = walk(&Built::default().block(header.summed()).end().0);
    walked.members[0].unreadable.clone()
}

/// A file as GNU tar packs it, with a field of another text, filled up with NULs.
fn with(at: usize, width: usize, text: &[u8]) -> Vec<NumberField> {
    let mut field = vec![0; width];
    field[..text.len()].copy_from_slice(text);
    unreadable(HeaderBuilder::gnu("./a", 0, b'0').put(at, &field))
}

#[test]
fn texts_that_are_numbers_and_others() {
    for (text, is_number) in [
        (b"0000644\0".as_slice(), true),
        (b"00000644", true),
        (b"77777777", true),
        (b" 644 \0", true),
        (b"644     ", true),
        (b"\x00644", true),
        (b"644\0zzzz", true),
        (b"644 zzzz", true),
        (b"", true),
        (b"+AB", true),
        (b"\x80\0\0\0\0\0\x01\xa4", true),
        (b"        ", false),
        (b"garbage", false),
        (b"0009999", false),
        (b"000644z", false),
        (b"\x81\0\0\0\0\0\0\0", false),
        (b"+A!", false),
    ] {
        for (at, field) in [(100, Mode), (108, Uid), (116, Gid)] {
            let expected = if is_number { vec![] } else { vec![field] };
            assert_eq!(with(at, 8, text), expected, "{field:?} {text:?}");
        }
    }
}

#[test]
fn numbers_have_their_range() {
    let (minus_one, huge) = (
        [0xff; 12],
        *b"\x80\x7f\x7f\x7f\x7f\x7f\x7f\x7f\x7f\x7f\x7f\x7f",
    );
    for (at, width, field, negative, large) in [
        (100, 8, Mode, true, true),
        (108, 8, Uid, false, false),
        (116, 8, Gid, false, false),
        // Before 1970, and more than 64 bits.
        (136, 12, Mtime, true, false),
    ] {
        let expected = |fits| if fits { vec![] } else { vec![field] };
        assert_eq!(with(at, width, &minus_one[..width]), expected(negative));
        assert_eq!(with(at, width, &huge[..width]), expected(large));
    }
    let last = |top| [&[0x80, 0, 0, 0, top][..], &[0xff; 7]].concat();
    assert_eq!(with(136, 12, &last(0x7f)), []);
    assert_eq!(with(136, 12, &last(0x80)), [Mtime]);
    assert_eq!(with(108, 8, b"\x80\0\0\0\xff\xff\xff\xff"), []);
    assert_eq!(with(108, 8, b"\x80\0\0\x01\0\0\0\0"), [Uid]);
}

#[test]
fn what_tar_does_not_read_does_not_matter() {
    let bad = HeaderBuilder::gnu("./a", 0, b'0')
        .put(108, b"nothing\0")
        .put(116, b"nothing\0");
    assert_eq!(unreadable(bad.clone()), [Uid, Gid]);
    let named = bad.put(265, b"root").put(297, b"root");
    assert_eq!(unreadable(named.clone()), []);
    // Without a magic there are no names.
    assert_eq!(unreadable(named.put(257, &[0; 8])), [Uid, Gid]);
    let devices = |flag| {
        HeaderBuilder::gnu("./a", 0, flag)
            .put(329, b"nothing\0")
            .put(337, b"nothing\0")
    };
    assert_eq!(unreadable(devices(b'3')), [DeviceMajor, DeviceMinor]);
    assert_eq!(unreadable(devices(b'0')), []);
    assert_eq!(unreadable(devices(b'4').put(257, &[0; 8])), []);
}

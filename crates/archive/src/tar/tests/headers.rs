//! One header: checksums, numbers, names, kinds.

use super::super::{Ending, HeaderStyle, HeaderSum, Limits, MemberKind, Oddity, walk_slice};
use super::{Built, HeaderBuilder, at, data, names, nothing, walk};

/// Walks through one header, then a member `next`; whatever the header says of itself, the walk
/// must come out at the end.
fn one(header: [u8; 512], payload: &[u8]) -> super::Walked {
    let archive = Built::default()
        .block(header)
        .payload(payload)
        .member("ova.xml", b"x")
        .end();
    walk(&archive.0)
}

#[test]
fn xapi_header_is_read_in_full() {
    let archive = Built::default().member("Ref:4/00000000", &data(700)).end();
    let walked = walk_slice(&archive.0, Limits::default(), nothing);
    assert_eq!(walked.oddities, []);
    assert_eq!(walked.ending, Ending::Complete);
    assert_eq!(walked.end_markers, 1);
    let [member] = walked.members.as_slice() else {
        panic!("{walked:?}")
    };
    assert_eq!(member.name, b"Ref:4/00000000");
    assert_eq!((member.header_offset, member.data_offset), (0, 512));
    assert_eq!(
        (member.size, member.padding(), member.end_offset()),
        (700, 324, 1536)
    );
    assert_eq!(
        (member.kind, member.style),
        (MemberKind::File, HeaderStyle::Bare)
    );
    assert_eq!(
        (member.mode, member.uid, member.gid),
        (Some(0o400), Some(0), Some(0))
    );
    assert_eq!((member.mtime, member.real_size), (Some(0), None));
    assert_eq!(
        (member.header_sum, member.map_blocks()),
        (HeaderSum::Right, 0)
    );
}

#[test]
fn checksum_spellings() {
    let header = HeaderBuilder::xapi("Ref:4/00000000", 0);
    let sum = header.computed();
    for spelling in [
        format!("{sum:07o}\0"),
        format!("{sum:06o}\0 "),
        format!("{sum:06o} \0"),
        format!("{sum:>6o}\0 "),
        format!("{sum:>7o}\0"),
        format!("{sum:08o}"),
        format!("{sum:o}\0\0\0\0"),
    ] {
        let mut field = spelling.clone().into_bytes();
        field.truncate(8);
        let walked = one(header.clone().put(148, &field).without_sum(), &[]);
        assert_eq!(walked.oddities, [], "{spelling:?}");
        assert_eq!(
            names(&walked),
            ["Ref:4/00000000", "ova.xml"],
            "{spelling:?}"
        );
    }
}

#[test]
fn checksum_of_signed_bytes_is_taken_and_told() {
    let header = HeaderBuilder::xapi("Ref:4/\u{e9}", 0);
    let signed = header.computed() - 2 * 256;
    let walked = one(
        header
            .put(148, format!("{signed:06o}\0 ").as_bytes())
            .without_sum(),
        &[],
    );
    assert_eq!(walked.oddities, [at(0, Oddity::HeaderSumSigned)]);
    assert_eq!(walked.members[0].header_sum, HeaderSum::Right);
}

#[test]
fn type_flags() {
    for (flag, kind) in [
        (0, MemberKind::File),
        (b'0', MemberKind::File),
        (b'1', MemberKind::HardLink),
        (b'2', MemberKind::Symlink),
        (b'3', MemberKind::CharDevice),
        (b'4', MemberKind::BlockDevice),
        (b'5', MemberKind::Directory),
        (b'6', MemberKind::Fifo),
        (b'7', MemberKind::Contiguous),
        (b'V', MemberKind::Other(b'V')),
        (0xff, MemberKind::Other(0xff)),
    ] {
        let walked = one(
            HeaderBuilder::gnu("Ref:1/0", 0, flag)
                .put(157, b"to")
                .summed(),
            &[],
        );
        assert_eq!(walked.oddities, []);
        assert_eq!(walked.members[0].kind, kind);
        let link = matches!(kind, MemberKind::HardLink | MemberKind::Symlink);
        assert_eq!(walked.members[0].link_name == b"to", link, "{kind:?}");
        assert_eq!(names(&walked), ["Ref:1/0", "ova.xml"]);
    }
}

#[test]
fn unknown_flag_has_a_payload_like_a_file() {
    let walked = one(HeaderBuilder::gnu("odd", 3, b'Q').summed(), b"abc");
    assert_eq!(walked.oddities, []);
    assert_eq!(names(&walked), ["odd", "ova.xml"]);
    assert_eq!(walked.members[1].header_offset, 1024);
}

#[test]
fn file_with_a_trailing_slash_is_a_directory() {
    for flag in [0, b'0', b'7'] {
        let walked = one(HeaderBuilder::xapi("etc/", 0).flag(flag).summed(), &[]);
        assert_eq!(walked.members[0].kind, MemberKind::Directory);
    }
}

#[test]
fn prefix_counts_in_posix_headers_alone() {
    let posix = HeaderBuilder::ustar("name", 0, b'0')
        .put(345, b"some/where")
        .summed();
    assert_eq!(names(&one(posix, &[]))[0], "some/where/name");
    let gnu = HeaderBuilder::gnu("name", 0, b'0')
        .put(345, b"some/where")
        .summed();
    let walked = one(gnu, &[]);
    assert_eq!(names(&walked)[0], "name");
    let read_as = |member: &super::super::Member| member.importers_name();
    assert_eq!(read_as(&walked.members[0]).unwrap(), b"some/where/name");
    let long = Built::default().extension(b'L', b"long\0").block(gnu);
    assert_eq!(read_as(&walk(&long.end().0).members[0]), None);
    assert_eq!(read_as(&one(posix, &[]).members[0]), None);
    let bare = HeaderBuilder::xapi("name", 0)
        .put(345, b"some/where")
        .summed();
    let walked = one(bare, &[]);
    assert_eq!(
        (names(&walked)[0].as_str(), read_as(&walked.members[0])),
        ("name", None)
    );
}

#[test]
fn styles() {
    let style = |header: HeaderBuilder| one(header.summed(), &[]).members[0].style;
    assert_eq!(style(HeaderBuilder::xapi("a", 0)), HeaderStyle::Bare);
    assert_eq!(style(HeaderBuilder::ustar("a", 0, 0)), HeaderStyle::Ustar);
    assert_eq!(style(HeaderBuilder::gnu("a", 0, 0)), HeaderStyle::Gnu);
}

#[test]
fn a_name_may_fill_its_field() {
    let name = "n".repeat(100);
    let walked = one(HeaderBuilder::xapi(&name, 0).summed(), &[]);
    assert_eq!(names(&walked)[0], name);
}

#[test]
fn size_spellings() {
    for field in [
        b"00000001001\0",
        b"00000001001 ",
        b"       1001 ",
        b"1001\0\0\0\0\0\0\0\0",
    ] {
        let walked = one(
            HeaderBuilder::xapi("a", 0).put(124, field).summed(),
            &data(513),
        );
        assert_eq!(walked.oddities, [], "{field:?}");
        assert_eq!(walked.members[0].size, 513);
        assert_eq!(walked.members[1].header_offset, 1536);
    }
}

#[test]
fn size_in_base_256_is_read_and_told() {
    let field = [0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 1];
    let walked = one(
        HeaderBuilder::gnu("a", 0, b'0').put(124, &field).summed(),
        &data(513),
    );
    assert_eq!(walked.oddities, [at(0, Oddity::NumberBase256)]);
    assert_eq!(walked.members[0].size, 513);
    assert_eq!(names(&walked), ["a", "ova.xml"]);
}

#[test]
fn sizes_that_are_none_make_a_lost_run() {
    let negative = [0xff; 12];
    let mut huge = [0; 12];
    huge[0] = 0x80;
    huge[1] = 1;
    let blank = [0; 12];
    for field in [
        negative,
        huge,
        blank,
        *b"            ",
        *b"-0000000001\0",
        *b"+0000000001\0",
        *b"00000000008\0",
    ] {
        let walked = one(
            HeaderBuilder::xapi("Ref:1/0", 0).put(124, &field).summed(),
            &data(600),
        );
        let lost = at(0, Oddity::Lost { bytes: 1536 });
        let expected = [at(0, Oddity::SizeUnreadable { field }), lost];
        assert_eq!(walked.oddities, expected, "{field:?}");
        assert_eq!(names(&walked), ["ova.xml"]);
        assert_eq!(walked.ending, Ending::Complete);
    }
}

#[test]
fn blank_size_is_zero_where_no_payload_belongs() {
    let walked = one(
        HeaderBuilder::gnu("d/", 0, b'5')
            .put(124, &[0; 12])
            .summed(),
        &[],
    );
    assert_eq!(walked.oddities, []);
    assert_eq!(names(&walked), ["d/", "ova.xml"]);
}

#[test]
fn sizes_near_the_top_of_the_range() {
    // No member may end behind 2^63 - 1; with its header, 2^63 - 1023 is one too many.
    let field = |size: u64| {
        let mut field = [0; 12];
        field[0] = 0x80;
        field[4..].copy_from_slice(&size.to_be_bytes());
        HeaderBuilder::gnu("Ref:1/0", 0, b'0')
            .put(124, &field)
            .summed()
    };
    for size in [
        u64::MAX,
        u64::MAX - 511,
        1 << 63,
        (1 << 63) - 1,
        (1 << 63) - 1023,
    ] {
        let walked = one(field(size), &[]);
        let lost = at(0, Oddity::Lost { bytes: 512 });
        let told = [
            at(0, Oddity::NumberBase256),
            at(0, Oddity::SizeTooLarge { size }),
            lost,
        ];
        assert_eq!(walked.oddities, told);
        assert_eq!(names(&walked), ["ova.xml"]);
    }
    let size = (1 << 63) - 1024;
    let walked = one(field(size), &[]);
    assert_eq!(walked.oddities, [at(0, Oddity::NumberBase256)]);
    assert_eq!(names(&walked), ["Ref:1/0"]);
    assert_eq!(walked.ending, Ending::NoEndBlocks);
    assert_eq!(walked.missing_payload, size - 2048);
}

#[test]
fn directory_with_a_size_keeps_its_payload() {
    let walked = one(HeaderBuilder::gnu("d/", 3, b'5').summed(), b"abc");
    let (kind, size) = (MemberKind::Directory, 3);
    let told = Oddity::HeaderOnlySize {
        kind,
        size,
        payload_assumed: true,
    };
    assert_eq!(walked.oddities, [at(0, told)]);
    assert_eq!(names(&walked), ["d/", "ova.xml"]);
}

#[test]
fn hard_link_with_a_size_has_no_payload() {
    let walked = one(
        HeaderBuilder::gnu("b", 3, b'1').put(157, b"a").summed(),
        &[],
    );
    let (kind, size) = (MemberKind::HardLink, 3);
    let told = Oddity::HeaderOnlySize {
        kind,
        size,
        payload_assumed: false,
    };
    assert_eq!(walked.oddities, [at(0, told)]);
    assert_eq!(walked.members[0].size, 0);
    assert_eq!(names(&walked), ["b", "ova.xml"]);
}

#[test]
fn unreadable_owner_fields_are_absent() {
    let header = HeaderBuilder::xapi("a", 0)
        .put(100, b"rw-r--r-")
        .put(108, &[0xff; 8])
        .put(116, &[0x80, 0, 0, 0, 0, 1, 0, 0])
        .put(136, &[0xff; 12]);
    let walked = one(header.summed(), &[]);
    assert_eq!(walked.oddities, []);
    let member = &walked.members[0];
    assert_eq!(
        (member.mode, member.uid, member.gid),
        (None, None, Some(65536))
    );
    assert_eq!(member.mtime, None);
}

//! Extension headers: GNU long names, pax records, their limits.

use super::super::{Ending, ExtensionKind, Limits, MemberKind, Oddity, walk_slice};
use super::build::record;
use super::{Built, HeaderBuilder, Walked, at, data, names, walk, xva_like};

fn long(len: usize) -> String {
    "dir/".repeat(len / 4) + &"n".repeat(len % 4)
}

fn pax(records: &[(&str, &[u8])]) -> Vec<u8> {
    records
        .iter()
        .flat_map(|(key, value)| record(key, value))
        .collect()
}

/// A `g` or `x` payload before two plain members.
fn with(flag: u8, payload: &[u8]) -> Walked {
    walk(
        &Built::default()
            .extension(flag, payload)
            .member("a", b"1")
            .member("b", b"2")
            .end()
            .0,
    )
}

#[test]
fn gnu_long_names_are_followed() {
    let (name, target) = (long(301), long(405));
    let link = HeaderBuilder::gnu(&name[..100], 0, b'2').put(157, &target.as_bytes()[..100]);
    let archive = Built::default()
        .extension(b'K', format!("{target}\0").as_bytes())
        .extension(b'L', format!("{name}\0").as_bytes())
        .block(link.summed())
        .member("next", &[])
        .end();
    let walked = walk(&archive.0);
    assert_eq!(walked.oddities, []);
    assert_eq!(names(&walked), [name.as_str(), "next"]);
    assert_eq!(walked.members[0].link_name, target.as_bytes());
    assert_eq!(walked.members[0].kind, MemberKind::Symlink);
    assert_eq!(walked.members[0].header_offset, 4 * 512);
}

#[test]
fn a_long_name_of_whole_blocks_has_no_padding() {
    let name = long(512);
    let walked = with(b'L', name.as_bytes());
    assert_eq!(names(&walked), [name.as_str(), "b"]);
}

#[test]
fn pax_records_count_for_the_next_member() {
    let records = pax(&[
        ("path", b"p/\xc3\xa9"),
        ("linkpath", b"not used by a file"),
        ("uid", b"70000000"),
        ("gid", b"70000001"),
        ("mtime", b"1700000000.123456789"),
        ("comment", b"a\nb=c\n"),
    ]);
    let walked = with(b'x', &records);
    assert_eq!(walked.oddities, []);
    assert_eq!(names(&walked), ["p/\u{e9}", "b"]);
    let member = &walked.members[0];
    assert_eq!(
        (member.uid, member.gid),
        (Some(70_000_000), Some(70_000_001))
    );
    assert_eq!(member.mtime, Some(1_700_000_000));
    assert_eq!(member.link_name, b"");
    assert_eq!(
        (walked.members[1].uid, walked.members[1].mtime),
        (Some(0), Some(0))
    );
}

#[test]
fn pax_size_goes_before_the_header_size() {
    let archive = Built::default()
        .extension(b'x', &pax(&[("size", b"700")]))
        .block(HeaderBuilder::ustar("a", 0, b'0').summed())
        .payload(&data(700))
        .member("b", &[])
        .end();
    let walked = walk(&archive.0);
    assert_eq!(walked.oddities, []);
    assert_eq!(walked.members[0].size, 700);
    assert_eq!(names(&walked), ["a", "b"]);
}

#[test]
fn pax_size_lets_an_unreadable_header_size_pass() {
    let archive = Built::default()
        .extension(b'x', &pax(&[("size", b"1")]))
        .block(
            HeaderBuilder::ustar("a", 0, b'0')
                .put(124, b"999999999999")
                .summed(),
        )
        .payload(b"1")
        .end();
    assert_eq!(walk(&archive.0).oddities, []);
}

#[test]
fn global_records_stay_until_overridden() {
    let archive = Built::default()
        .extension(b'g', &pax(&[("uid", b"7"), ("mtime", b"-5.5")]))
        .member("a", &[])
        .extension(b'x', &pax(&[("uid", b"8")]))
        .member("b", &[])
        .extension(b'x', &pax(&[("uid", b""), ("mtime", b"")]))
        .member("c", &[])
        .extension(b'g', &pax(&[("uid", b"")]))
        .member("d", &[])
        .end();
    let walked = walk(&archive.0);
    assert_eq!(walked.oddities, []);
    let seen: Vec<_> = walked.members.iter().map(|m| (m.uid, m.mtime)).collect();
    assert_eq!(
        seen,
        [
            (Some(7), None),
            (Some(8), None),
            (Some(0), Some(0)),
            (Some(0), None)
        ]
    );
}

#[test]
fn value_with_line_ends_hides_no_record() {
    let inner = record("path", b"smuggled");
    let walked = with(
        b'x',
        &record("comment", &[b"\n", inner.as_slice(), b"\n"].concat()),
    );
    assert_eq!(walked.oddities, []);
    assert_eq!(names(&walked), ["a", "b"]);
}

#[test]
fn pax_sparse_members_have_their_own_name_and_their_real_size() {
    let records = pax(&[
        ("GNU.sparse.major", b"1"),
        ("GNU.sparse.minor", b"0"),
        ("GNU.sparse.name", b"disk.img"),
        ("GNU.sparse.realsize", b"1048576"),
    ]);
    let walked = with(b'x', &records);
    assert_eq!(walked.oddities, []);
    assert_eq!(names(&walked), ["disk.img", "b"]);
    assert_eq!(walked.members[0].real_size, Some(1_048_576));
    assert_eq!(walked.members[1].real_size, None);
}

#[test]
fn malformed_records() {
    let kind = ExtensionKind::PaxLocal;
    let told = [at(0, Oddity::ExtensionMalformed { kind })];
    let good = record("path", b"good");
    for bad in [
        &b"9999 path=x\n"[..],
        b"99999999999999999999999 path=x\n",
        b"0 path=x\n",
        b"5 path=x\n",
        b" path=x\n",
        b"-9 path=x\n",
        b"9 path=xx",
        b"9 pathxx\n",
        b"junk",
        b"10 size=-1\n",
        b"10 size=1x\n",
        b"11 mtime=x\n",
        b"13 path=x\0yz\n",
        b"\0",
    ] {
        let walked = with(b'x', &[good.as_slice(), bad].concat());
        assert_eq!(walked.oddities, told, "{:?}", String::from_utf8_lossy(bad));
        assert_eq!(names(&walked), ["good", "b"]);
    }
}

#[test]
fn an_unreadable_value_does_not_hide_the_records_behind_it() {
    let walked = with(b'x', &pax(&[("uid", b"root"), ("path", b"good")]));
    let kind = ExtensionKind::PaxLocal;
    assert_eq!(
        walked.oddities,
        [at(0, Oddity::ExtensionMalformed { kind })]
    );
    assert_eq!(names(&walked), ["good", "b"]);
}

#[test]
fn empty_long_name_is_malformed() {
    for payload in [&b""[..], b"\0\0"] {
        let walked = with(b'L', payload);
        let kind = ExtensionKind::GnuLongName;
        assert_eq!(
            walked.oddities,
            [at(0, Oddity::ExtensionMalformed { kind })]
        );
        assert_eq!(names(&walked), ["a", "b"]);
    }
}

#[test]
fn a_repeated_extension_is_told_and_the_later_counts() {
    let archive = Built::default()
        .extension(b'L', b"first\0")
        .extension(b'L', b"second\0")
        .member("a", &[])
        .end();
    let walked = walk(&archive.0);
    let kind = ExtensionKind::GnuLongName;
    assert_eq!(
        walked.oddities,
        [at(1024, Oddity::ExtensionRepeated { kind })]
    );
    assert_eq!(names(&walked), ["second"]);
}

#[test]
fn a_pax_name_goes_before_a_long_name() {
    let archive = Built::default()
        .extension(b'x', &record("path", b"pax"))
        .extension(b'L', b"gnu\0")
        .member("a", &[])
        .end();
    assert_eq!(names(&walk(&archive.0)), ["pax"]);
}

#[test]
fn an_extension_over_the_limit_is_passed_by() {
    let limits = Limits {
        extension_bytes: 1000,
        ..Limits::default()
    };
    for (len, name) in [(1000, long(1000)), (1001, "a".to_owned())] {
        let archive = Built::default()
            .extension(b'L', long(len).as_bytes())
            .member("a", &[])
            .end();
        let walked = walk_slice(&archive.0, limits, xva_like);
        let (kind, size) = (ExtensionKind::GnuLongName, 1001);
        let told = [at(
            0,
            Oddity::ExtensionTooLarge {
                kind,
                size,
                limit: 1000,
            },
        )];
        assert_eq!(walked.oddities, told[..usize::from(len == 1001)]);
        assert_eq!(names(&walked), [name]);
        assert_eq!(walked.ending, Ending::Complete);
    }
}

#[test]
fn extensions_over_the_count_are_passed_by_and_told_once() {
    let mut archive = Built::default();
    for index in 0..5 {
        archive = archive.extension(b'g', &record("uid", format!("{index}").as_bytes()));
    }
    let archive = archive
        .member("a", &[])
        .extension(b'g', &record("gid", b"9"))
        .member("b", &[]);
    let limits = Limits {
        pending_extensions: 3,
        ..Limits::default()
    };
    let walked = walk_slice(&archive.end().0, limits, xva_like);
    assert_eq!(
        walked.oddities,
        [at(3 * 1024, Oddity::TooManyExtensions { limit: 3 })]
    );
    assert_eq!(walked.members[0].uid, Some(2));
    assert_eq!(walked.members[1].gid, Some(9));
}

#[test]
fn an_extension_without_a_member_dangles() {
    let archive = Built::default().member("a", &[]).extension(b'L', b"name\0");
    let dangling = [at(512, Oddity::DanglingExtension)];
    for (archive, ending) in [
        (archive.clone().end(), Ending::Complete),
        (archive.clone().zeros(1), Ending::SingleZeroBlock),
        (archive, Ending::NoEndBlocks),
    ] {
        let walked = walk(&archive.0);
        assert_eq!(walked.oddities, dangling);
        assert_eq!(walked.ending, ending);
    }
    let globals_alone = Built::default().extension(b'g', &record("uid", b"1")).end();
    assert_eq!(walk(&globals_alone.0).oddities, []);
}

#[test]
fn extension_headers_with_impossible_sizes_are_lost() {
    let huge = [0x80, 0, 0, 0, 0xff, 0, 0, 0, 0, 0, 0, 0];
    let header = HeaderBuilder::gnu("././@LongLink", 0, b'L')
        .put(124, &huge)
        .summed();
    let walked = walk(
        &Built::default()
            .block(header)
            .member("ova.xml", &[])
            .end()
            .0,
    );
    let size = 0xff << 56;
    let told = [
        at(0, Oddity::NumberBase256),
        at(0, Oddity::SizeTooLarge { size }),
        at(0, Oddity::Lost { bytes: 512 }),
    ];
    assert_eq!(walked.oddities, told);
    assert_eq!(names(&walked), ["ova.xml"]);
    let header = HeaderBuilder::gnu("././@LongLink", 0, b'L')
        .put(124, b"long enough!")
        .summed();
    let walked = walk(
        &Built::default()
            .block(header)
            .member("ova.xml", &[])
            .end()
            .0,
    );
    let field = *b"long enough!";
    let lost = at(0, Oddity::Lost { bytes: 512 });
    assert_eq!(
        walked.oddities,
        [at(0, Oddity::SizeUnreadable { field }), lost]
    );
}

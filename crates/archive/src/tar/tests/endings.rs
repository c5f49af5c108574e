//! How a stream ends, and what may come behind its end.

use super::super::{Ending, Limits, Oddity, Trailing, walk_slice};
use super::{Built, HeaderBuilder, at, data, names, nothing, walk};

#[test]
fn every_ending() {
    let archive = Built::default().member("ova.xml", &data(512));
    let extension = archive.clone().extension(b'L', &data(600));
    let short = archive.clone().zeros(1);
    let cut = |archive: &Built, bytes: usize| archive.0[..archive.0.len() - bytes].to_vec();
    for (bytes, ending) in [
        (archive.clone().end().0, Ending::Complete),
        (archive.clone().zeros(1).0, Ending::SingleZeroBlock),
        (cut(&archive.clone().end(), 1), Ending::SingleZeroBlock),
        (archive.0, Ending::NoEndBlocks),
        (Vec::new(), Ending::NoEndBlocks),
        (cut(&short, 511), Ending::InHeader { have: 1 }),
        (cut(&extension, 1024), Ending::InExtension { have: 0 }),
        (cut(&extension, 1), Ending::InExtension { have: 1023 }),
    ] {
        let walked = walk(&bytes);
        assert_eq!(walked.ending, ending);
        assert_eq!(walked.oddities, []);
        assert_eq!(walked.missing_payload, 0);
    }
}

#[test]
fn a_payload_cut_short_is_told_by_the_offset() {
    let archive = Built::default().member("ova.xml", &data(700));
    for (len, missing) in [(1535, 1), (1212, 324), (1211, 325), (512, 1024)] {
        let walked = walk(&archive.0[..len]);
        assert_eq!(
            (walked.missing_payload, walked.ending),
            (missing, Ending::NoEndBlocks)
        );
        assert_eq!(names(&walked), ["ova.xml"]);
    }
}

#[test]
fn lone_zero_block_between_members() {
    let archive = Built::default()
        .member("ova.xml", b"x")
        .zeros(1)
        .member("other", b"y")
        .end();
    let walked = walk_slice(&archive.0, Limits::default(), nothing);
    assert_eq!(walked.oddities, [at(1024, Oddity::LoneZeroBlock)]);
    assert_eq!(names(&walked), ["ova.xml", "other"]);
    assert_eq!(walked.ending, Ending::Complete);
}

#[test]
fn zeros_behind_the_end_are_counted_and_not_told() {
    let walked = walk(&Built::default().member("ova.xml", b"x").zeros(18).0);
    assert_eq!(walked.oddities, []);
    assert_eq!(walked.end_markers, 1);
    assert_eq!(
        walked.trailing,
        Trailing {
            bytes: 16 * 512,
            first_odd: None
        }
    );
}

#[test]
fn a_piece_of_a_block_behind_the_end_is_odd() {
    let archive = Built::default().member("ova.xml", b"x").end().zeros(1).0;
    let end = archive.len() as u64;
    for rest in [&[0; 3][..], b"x", &[7; 511]] {
        let walked = walk(&[archive.as_slice(), rest].concat());
        assert_eq!(walked.oddities, []);
        assert_eq!(walked.ending, Ending::Complete);
        let trailing = Trailing {
            bytes: 512 + rest.len() as u64,
            first_odd: Some(end),
        };
        assert_eq!(walked.trailing, trailing);
    }
}

#[test]
fn other_bytes_behind_the_end() {
    let archive = Built::default()
        .member("ova.xml", b"x")
        .end()
        .zeros(3)
        .payload(&data(600));
    let bytes = &archive.0[..archive.0.len() - 100];
    let walked = walk(bytes);
    assert_eq!(walked.oddities, []);
    assert_eq!(walked.ending, Ending::Complete);
    let trailing = Trailing {
        bytes: 5 * 512 - 100,
        first_odd: Some(1024 + 5 * 512),
    };
    assert_eq!(walked.trailing, trailing);
}

#[test]
fn believable_members_behind_the_end_are_walked() {
    let archive = Built::default()
        .member("ova.xml", b"x")
        .end()
        .zeros(1)
        .payload(&data(512))
        .member("Ref:1/0", &data(512))
        .member("odd", b"")
        .end()
        .zeros(1);
    let walked = walk(&archive.0);
    let told = Oddity::MembersAfterEnd {
        end_marker: 1024,
        between: 1024,
    };
    assert_eq!(walked.oddities, [at(3072, told)]);
    assert_eq!(names(&walked), ["ova.xml", "Ref:1/0", "odd"]);
    assert_eq!((walked.end_markers, walked.ending), (2, Ending::Complete));
    assert_eq!(
        walked.trailing,
        Trailing {
            bytes: 512,
            first_odd: None
        }
    );
}

#[test]
fn unbelieved_members_behind_the_end_are_trailing_bytes() {
    let archive = Built::default()
        .member("ova.xml", b"x")
        .end()
        .member("odd", b"y");
    let walked = walk(&archive.0);
    assert_eq!(walked.oddities, []);
    assert_eq!(names(&walked), ["ova.xml"]);
    assert_eq!(
        walked.trailing,
        Trailing {
            bytes: 1024,
            first_odd: Some(2048)
        }
    );
    let unsized_ = HeaderBuilder::xapi("Ref:1/0", 0)
        .put(124, &[0xff; 12])
        .summed();
    let walked = walk(&Built::default().end().block(unsized_).0);
    assert_eq!(
        walked.trailing,
        Trailing {
            bytes: 512,
            first_odd: Some(1024)
        }
    );
}

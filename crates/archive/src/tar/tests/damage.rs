//! Damaged headers: what is still believed, what is lost, where the walk goes on.

use super::super::{Ending, HeaderSum, Limits, Oddity, Trailing, walk_slice};
use super::{Built, HeaderBuilder, at, data, names, nothing, walk};

const MIB: usize = 1 << 20;

/// Overwrites bytes of an archive.
fn spoil(archive: &Built, at: usize, bytes: &[u8]) -> Vec<u8> {
    let mut spoiled = archive.0.clone();
    spoiled[at..at + bytes.len()].copy_from_slice(bytes);
    spoiled
}

/// `ova.xml` at 0, a block of 2048 bytes at 1024, its checksum at 3584, the end at 4608.
fn small() -> Built {
    Built::default()
        .member("ova.xml", b"<value/>")
        .member("Ref:1/00000000", &data(2048))
        .member("Ref:1/00000000.xxhash", b"0123456789ABCDEF")
        .end()
}

fn sum_wrong(stored: Option<u64>, computed: u64, believed: bool) -> Oddity {
    Oddity::HeaderSumWrong {
        stored,
        computed,
        believed,
    }
}

fn lost(offset: u64, bytes: u64) -> super::Located {
    at(offset, Oddity::Lost { bytes })
}

#[test]
fn a_believed_file_is_handed_out_despite_its_checksum() {
    let walked = walk(&spoil(&small(), 1024 + 100, b"0000600\0"));
    let computed = HeaderBuilder::xapi("Ref:1/00000000", 2048).computed() + 2;
    let stored = Some(computed - 2);
    assert_eq!(
        walked.oddities,
        [at(1024, sum_wrong(stored, computed, true))]
    );
    assert_eq!(
        walked.members[1].header_sum,
        HeaderSum::Wrong { stored, computed }
    );
    assert_eq!(
        names(&walked),
        ["ova.xml", "Ref:1/00000000", "Ref:1/00000000.xxhash"]
    );
    assert_eq!(walked.ending, Ending::Complete);
}

#[test]
fn a_checksum_that_is_no_number_is_just_wrong() {
    let walked = walk(&spoil(&small(), 1024 + 148, &[0xff; 8]));
    let computed = HeaderBuilder::xapi("Ref:1/00000000", 2048).computed();
    assert_eq!(walked.oddities, [at(1024, sum_wrong(None, computed, true))]);
    assert_eq!(walked.members.len(), 3);
}

#[test]
fn damage_to_a_name_costs_one_member() {
    let walked = walk(&spoil(&small(), 1024, b"Q"));
    let stored = HeaderBuilder::xapi("Ref:1/00000000", 2048).computed();
    assert_eq!(
        walked.oddities,
        [
            at(1024, sum_wrong(Some(stored), stored - 1, false)),
            lost(1024, 2560)
        ]
    );
    assert_eq!(names(&walked), ["ova.xml", "Ref:1/00000000.xxhash"]);
    assert_eq!(walked.ending, Ending::Complete);
}

#[test]
fn only_plain_files_are_believed() {
    let header = HeaderBuilder::gnu("Ref:1/0", 512, b'5');
    for flag in [b'1', b'2', b'5', b'S', b'L', b'x', b'g', b'K'] {
        let spoiled = header
            .clone()
            .flag(flag)
            .put(148, b"0000001\0")
            .without_sum();
        let archive = Built::default()
            .block(spoiled)
            .payload(&data(512))
            .member("ova.xml", b"");
        let walked = walk(&archive.0);
        assert_eq!(names(&walked), ["ova.xml"], "{flag}");
        assert_eq!(walked.oddities[1..], [lost(0, 1024)], "{flag}");
    }
}

#[test]
fn an_archive_inside_a_lost_payload_stays_inside() {
    let inner = small();
    let archive = Built::default()
        .member("ova.xml", b"")
        .member("Ref:1/00000000", &inner.0)
        .member("Ref:1/00000000.xxhash", b"0123456789ABCDEF")
        .end();
    let walked = walk(&spoil(&archive, 512, b"Q"));
    assert_eq!(walked.oddities[1..], [lost(512, 512 + inner.len())]);
    assert_eq!(names(&walked), ["ova.xml", "Ref:1/00000000.xxhash"]);
    assert_eq!(walked.ending, Ending::Complete);
}

#[test]
fn at_the_hint_any_right_header_is_taken() {
    let archive = Built::default()
        .member("Ref:1/00000000", &data(1000))
        .member("not believed", b"x")
        .end();
    let spoiled = spoil(&archive, 0, b"Q");
    let walked = walk_slice(&spoiled, Limits::default(), nothing);
    assert_eq!(walked.oddities[1..], [lost(0, 1536)]);
    assert_eq!(names(&walked), ["not believed"]);
}

#[test]
fn without_a_hint_headers_must_be_believed() {
    let archive = Built::default()
        .member("Ref:1/00000000", &data(1000))
        .member("not believed", b"x")
        .member("Ref:1/00000001", b"x")
        .end();
    let mut spoiled = spoil(&archive, 0, b"Q");
    spoiled[124] = b'z';
    let walked = walk(&spoiled);
    assert_eq!(walked.oddities[1..], [lost(0, 1536 + 1024)]);
    assert_eq!(names(&walked), ["Ref:1/00000001"]);
}

#[test]
fn a_hint_over_the_limit_is_none() {
    let archive = Built::default()
        .block(
            HeaderBuilder::xapi("Q", 4096)
                .put(148, b"0000001\0")
                .without_sum(),
        )
        .member("Ref:1/00000001", b"x")
        .end()
        .zeros(20);
    let limits = Limits {
        believed_payload: 4095,
        ..Limits::default()
    };
    let walked = walk_slice(&archive.0, limits, super::xva_like);
    assert_eq!(walked.oddities[1..], [lost(0, 512)]);
    assert_eq!(names(&walked), ["Ref:1/00000001"]);
}

#[test]
fn a_hint_that_leads_nowhere_ends_the_wait() {
    // The damaged size says 512, but 2048 bytes follow.
    let mut spoiled = spoil(&small(), 1024, b"Q");
    spoiled[1024 + 124..1024 + 135].copy_from_slice(b"00000001000");
    let walked = walk(&spoiled);
    assert_eq!(walked.oddities[1..], [lost(1024, 2560)]);
    assert_eq!(names(&walked), ["ova.xml", "Ref:1/00000000.xxhash"]);
}

#[test]
fn two_damaged_headers_in_a_row_make_one_run() {
    let archive = small();
    let mut spoiled = spoil(&archive, 1024, b"Q");
    spoiled[3584] = b'Q';
    let walked = walk(&spoiled);
    assert_eq!(walked.oddities[1..], [lost(1024, 3584)]);
    assert_eq!(names(&walked), ["ova.xml"]);
    assert_eq!((walked.ending, walked.end_markers), (Ending::Complete, 1));
}

#[test]
fn a_damaged_but_believable_header_at_the_hint_is_handed_out() {
    let mut spoiled = spoil(&small(), 1024, b"Q");
    spoiled[3584 + 100] = b'7';
    let walked = walk(&spoiled);
    assert_eq!(walked.oddities[1], lost(1024, 2560));
    let Oddity::HeaderSumWrong { believed: true, .. } = walked.oddities[2].oddity else {
        panic!("{:?}", walked.oddities)
    };
    assert_eq!(walked.oddities.len(), 3);
    assert_eq!(names(&walked), ["ova.xml", "Ref:1/00000000.xxhash"]);
}

#[test]
fn damage_before_the_end_marker_leaves_the_marker() {
    // With a readable size the marker stands at the hint; without, it is found at the end.
    let with_hint = spoil(&small(), 3584, b"Q");
    let without_hint = spoil(&Built(with_hint.clone()), 3584 + 124, b"zzz");
    for (bytes, end_markers) in [(with_hint, 1), (without_hint, 0)] {
        let walked = walk(&bytes);
        assert_eq!(walked.oddities[1..], [lost(3584, 1024)]);
        assert_eq!(
            (walked.ending, walked.end_markers),
            (Ending::Complete, end_markers)
        );
        assert_eq!(walked.trailing, Trailing::default());
        let padded = [bytes.as_slice(), &[0; 1536 + 7]].concat();
        let walked = walk(&padded);
        assert_eq!(walked.oddities[1..], [lost(3584, 1024)]);
        assert_eq!(walked.ending, Ending::Complete);
        assert_eq!(
            walked.trailing,
            Trailing {
                bytes: 1536 + 7,
                // Where it was looked for, bytes may have been lost or put in, and the rest stands as it fell.
                first_odd: (end_markers == 1).then_some(padded.len() as u64 - 7)
            }
        );
    }
}

#[test]
fn a_lost_run_at_the_end_of_the_input() {
    let archive = small();
    let hint = spoil(&archive, 3584, b"Q");
    // One zero block where the next header should be.
    let walked = walk(&hint[..5120]);
    assert_eq!(walked.oddities[1..], [lost(3584, 1024)]);
    assert_eq!(walked.ending, Ending::SingleZeroBlock);
    // Nothing there, or not even all of the payload.
    for end in [4608, 4607, 4096, 4095 + 512] {
        let walked = walk(&hint[..end]);
        assert_eq!(
            walked.oddities[1..],
            [lost(3584, u64::try_from(end).unwrap() - 3584)]
        );
        assert_eq!(walked.ending, Ending::InLostRun);
    }
}

#[test]
fn zeros_of_a_lost_payload_are_no_end_marker() {
    let archive = Built::default().member("Ref:1/00000000", &vec![0; 4096]);
    let walked = walk(&spoil(&archive, 0, b"Q")[..2048]);
    assert_eq!(walked.ending, Ending::InLostRun);
    assert_eq!(walked.oddities[1..], [lost(0, 2048)]);
    let full = archive
        .member("Ref:1/00000000.xxhash", b"0123456789ABCDEF")
        .end();
    let walked = walk(&spoil(&full, 0, b"Q"));
    assert_eq!(walked.oddities[1..], [lost(0, 4608)]);
    assert_eq!(names(&walked), ["Ref:1/00000000.xxhash"]);
}

#[test]
fn a_zeroed_header_begins_a_lost_run() {
    let walked = walk(&spoil(&small(), 1024, &[0; 512]));
    assert_eq!(walked.oddities, [lost(1024, 2560)]);
    assert_eq!(names(&walked), ["ova.xml", "Ref:1/00000000.xxhash"]);
}

#[test]
fn a_zeroed_range_looks_like_the_end_and_the_walk_goes_on() {
    let walked = walk(&spoil(&small(), 1024, &[0; 1536]));
    let told = Oddity::MembersAfterEnd {
        end_marker: 1024,
        between: 1536,
    };
    assert_eq!(walked.oddities, [at(3584, told)]);
    assert_eq!(names(&walked), ["ova.xml", "Ref:1/00000000.xxhash"]);
    assert_eq!((walked.ending, walked.end_markers), (Ending::Complete, 2));
    assert_eq!(walked.trailing, Trailing::default());
}

#[test]
fn a_lone_zero_block_at_the_hint() {
    let archive = Built::default()
        .member("Ref:1/0", &data(512))
        .zeros(1)
        .member("ova.xml", b"")
        .end();
    let walked = walk(&spoil(&archive, 0, b"Q"));
    assert_eq!(
        walked.oddities[1..],
        [lost(0, 1024), at(1024, Oddity::LoneZeroBlock)]
    );
    assert_eq!(names(&walked), ["ova.xml"]);
}

#[test]
fn a_lone_zero_block_at_the_hint_before_a_damaged_believable_header() {
    let archive = Built::default()
        .member("Ref:1/0", &data(512))
        .zeros(1)
        .member("ova.xml", b"")
        .end();
    let mut spoiled = spoil(&archive, 0, b"Q");
    spoiled[1536 + 100] = b'7';
    let walked = walk(&spoiled);
    assert_eq!(
        walked.oddities[1..3],
        [lost(0, 1024), at(1024, Oddity::LoneZeroBlock)]
    );
    assert_eq!(walked.members[0].header_offset, 1536);
    assert!(matches!(
        walked.members[0].header_sum,
        HeaderSum::Wrong { .. }
    ));
}

#[test]
fn zero_blocks_apart_are_no_end_marker() {
    let archive = Built::default()
        .payload(&data(512))
        .zeros(1)
        .payload(&data(512))
        .zeros(1);
    let walked = walk(&archive.0);
    assert_eq!(walked.oddities[1..], [lost(0, archive.len())]);
    assert_eq!(walked.ending, Ending::InLostRun);
}

#[test]
fn a_lone_zero_block_before_a_damaged_believable_header() {
    let archive = Built::default().zeros(1).member("ova.xml", b"x").end();
    let walked = walk(&spoil(&archive, 512 + 100, b"7"));
    assert_eq!(walked.oddities[0], at(0, Oddity::LoneZeroBlock));
    assert_eq!((walked.oddities.len(), walked.members.len()), (2, 1));
}

#[test]
fn what_described_a_lost_member_does_not_describe_the_next() {
    let archive = Built::default()
        .extension(b'L', b"a name of its own\0")
        .member("Ref:1/00000000", &data(600))
        .member("Ref:1/00000001", b"x")
        .end();
    let walked = walk(&spoil(&archive, 1024, b"Q"));
    assert_eq!(names(&walked), ["Ref:1/00000001"]);
    assert_eq!(walked.oddities[1..], [lost(1024, 1536)]);
}

#[test]
fn every_single_bit_flip_in_a_header_is_told_and_costs_one_member_at_most() {
    // Sizes are believed as closely as the format allows; a size that is off leads astray else.
    fn exact(name: &[u8], size: u64) -> bool {
        match name.strip_prefix(b"Ref:1/00000000") {
            Some(b".xxhash") => size == 16,
            Some(b"") => size == 2048,
            _ => name == b"ova.xml",
        }
    }
    let archive = small();
    let whole = names(&walk(&archive.0));
    let limits = Limits {
        believed_payload: 2048,
        ..Limits::default()
    };
    for bit in 0..512 * 8 {
        let mut spoiled = archive.0.clone();
        spoiled[1024 + bit / 8] ^= 1 << (bit % 8);
        let walked = walk_slice(&spoiled, limits, exact);
        // A space and a NUL around the checksum's digits mean the same; nothing else may pass.
        let in_sum = (148..156).contains(&(bit / 8));
        assert!(in_sum || !walked.oddities.is_empty(), "bit {bit}");
        let mut rest = names(&walked);
        rest.retain(|name| whole.contains(name));
        assert!(rest.len() >= 2, "bit {bit}: {rest:?}");
        assert!(
            rest.contains(&whole[0]) && rest.contains(&whole[2]),
            "bit {bit}: {rest:?}"
        );
        assert_eq!(walked.ending, Ending::Complete, "bit {bit}");
    }
}

#[test]
fn a_burst_of_any_place_and_length_is_told_and_passed() {
    let mut archive = Built::default().member("ova.xml", b"<value/>");
    for index in 0..6 {
        archive = archive
            .member(&format!("Ref:1/{index:08}"), &data(2048))
            .member(&format!("Ref:1/{index:08}.xxhash"), b"0123456789ABCDEF");
    }
    let archive = archive.end();
    for block in 0..archive.0.len() / 512 - 16 {
        for len in [1, 2, 5, 9] {
            let walked = walk(&spoil(&archive, block * 512, &vec![0xa5; len * 512]));
            assert_eq!(walked.ending, Ending::Complete);
            let last = walked.members.last().map(|m| m.name.clone());
            assert_eq!(
                last.as_deref(),
                Some(&b"Ref:1/00000005.xxhash"[..]),
                "{block}+{len}"
            );
            let lost = walked
                .oddities
                .iter()
                .filter(|l| matches!(l.oddity, Oddity::Lost { .. }));
            assert!(lost.count() <= 1, "{block}+{len}: {:?}", walked.oddities);
        }
    }
}

#[test]
fn oddities_are_kept_up_to_the_limit_and_then_counted() {
    let mut archive = Built::default();
    for _ in 0..10 {
        archive = archive.member("a", b"").zeros(1);
    }
    let archive = archive.member("a", b"").end();
    let mut walker = super::super::Walker::new(
        Limits {
            kept_oddities: 4,
            ..Limits::default()
        },
        nothing,
    );
    for block in archive.0.chunks(512) {
        walker.block(block.try_into().unwrap());
    }
    let taken = walker.take_oddities();
    assert_eq!(taken.len(), 5);
    assert_eq!(taken[4].oddity, Oddity::Unlisted { count: 6 });
    assert_eq!(walker.take_oddities(), []);
}

#[test]
fn a_damaged_block_of_one_mib_is_found_again() {
    let archive = Built::default()
        .member("Ref:1/00000000", &vec![0; MIB])
        .member("Ref:1/00000000.xxhash", b"87D2A1B6E1163EF1")
        .end();
    let walked = walk(&spoil(&archive, 0, b"Q"));
    assert_eq!(walked.oddities[1..], [lost(0, 512 + (1 << 20))]);
    assert_eq!(names(&walked), ["Ref:1/00000000.xxhash"]);
}

//! Members that are gone, new, or have other contents.

use xenspect_model::report::{SealOutcome, Verdict};
use xenspect_model::{Code, Range};
use xenspect_synth::SumKind;

use crate::build::{archive, blocks, fact, judged, lose, member, position, seal};

#[test]
fn a_pair_lost_in_the_middle_is_known_by_the_seal_alone() {
    let good = archive();
    let seal = seal(&good.encode());
    let blocks = blocks(&good);
    let mut copy = good;
    lose(&mut copy, &blocks[2]);
    let judged = judged(&seal, &copy.encode());
    // The archive by itself looks as good as one with a gap of zeros.
    assert!(judged.is_sound_alone(), "{:#?}", judged.alone);
    assert!(
        judged
            .alone
            .not_checked
            .iter()
            .any(|open| open.contains("lost together with its sum"))
    );
    let lost = judged.only();
    assert_eq!(lost.code, Code::SealMemberLost);
    assert_eq!(member(lost), blocks[2]);
    assert_eq!(lost.place.block, Some(2));
    assert_eq!(lost.place.disk.as_deref(), blocks[2].split('/').next());
    let range = Range {
        start: 2 << 20,
        length: 1 << 20,
    };
    assert_eq!(lost.place.disk_range, Some(range));
    assert_eq!(fact(lost, "members"), "2");
    assert_eq!(fact(lost, "last"), format!("{}.xxhash", blocks[2]));
    assert_eq!(fact(lost, "sealed_behind"), format!("{}.xxhash", blocks[1]));
    assert_eq!(judged.input.verdict, Verdict::Damaged);
    let sealed = judged.sealed();
    assert_eq!(
        (sealed.outcome, sealed.lost, sealed.added),
        (SealOutcome::Differs, 2, 0)
    );
    assert!(!sealed.same_file && !sealed.same_members);
    // What the seal did not confirm stays open.
    assert!(
        judged
            .input
            .not_checked
            .iter()
            .any(|open| open.contains("lost together with its sum"))
    );
}

#[test]
fn lost_neighbours_are_one_finding() {
    let good = archive();
    let seal = seal(&good.encode());
    let blocks = blocks(&good);
    let mut copy = good;
    for block in &blocks[1..4] {
        lose(&mut copy, block);
    }
    let judged = judged(&seal, &copy.encode());
    let lost = judged.only();
    assert_eq!(
        (lost.code, member(lost)),
        (Code::SealMemberLost, blocks[1].as_str())
    );
    assert_eq!(fact(lost, "members"), "6");
    assert_eq!(fact(lost, "last"), format!("{}.xxhash", blocks[3]));
    let range = Range {
        start: 1 << 20,
        length: 3 << 20,
    };
    assert_eq!(lost.place.disk_range, Some(range));
}

#[test]
fn the_last_pair_that_is_lost_is_named() {
    let good = archive();
    let seal = seal(&good.encode());
    let last = String::from_utf8(good.members[good.members.len() - 2].name.clone()).unwrap();
    let mut copy = good;
    lose(&mut copy, &last);
    let judged = judged(&seal, &copy.encode());
    let lost = judged.only();
    assert_eq!(
        (lost.code, member(lost)),
        (Code::SealMemberLost, last.as_str())
    );
    assert_eq!(fact(lost, "members"), "2");
}

#[test]
fn what_lies_behind_a_cut_is_one_finding_and_no_damage() {
    let good = archive();
    let bytes = good.encode();
    let seal = seal(&bytes);
    let blocks = blocks(&good);
    // Between two pairs: what is there is right.
    let cut = good.spans()[position(&good, &blocks[3])].header;
    let judged = judged(&seal, &bytes[..cut]);
    let behind = judged.only();
    assert_eq!(behind.code, Code::SealMembersBehindEnd);
    assert_eq!(member(behind), blocks[3]);
    let left = good.members.len() - position(&good, &blocks[3]);
    assert_eq!(fact(behind, "members"), left.to_string());
    assert_eq!(judged.sealed().lost, left as u64);
    assert_eq!(judged.input.verdict, judged.alone.verdict);
    assert_eq!(judged.input.verdict, Verdict::Incomplete);
}

#[test]
fn a_member_that_is_cut_is_not_called_changed() {
    let good = archive();
    let bytes = good.encode();
    let seal = seal(&bytes);
    let blocks = blocks(&good);
    let cut = good.spans()[position(&good, &blocks[3])].payload.start + 100;
    let judged = judged(&seal, &bytes[..cut]);
    let behind = judged.only();
    assert_eq!(behind.code, Code::SealMembersBehindEnd);
    assert_eq!(member(behind), format!("{}.xxhash", blocks[3]));
    assert_eq!(judged.sealed().changed, 0);
    assert_eq!(judged.sealed().not_compared, 1);
}

#[test]
fn an_added_pair_is_named() {
    let good = archive();
    let blocks = blocks(&good);
    let mut without = good.clone();
    lose(&mut without, &blocks[2]);
    let seal = seal(&without.encode());
    let judged = judged(&seal, &good.encode());
    let added = judged.only();
    assert_eq!(
        (added.code, member(added)),
        (Code::SealMemberAdded, blocks[2].as_str())
    );
    assert_eq!(fact(added, "members"), "2");
    assert_eq!(fact(added, "behind"), format!("{}.xxhash", blocks[1]));
    let at = good.spans()[position(&good, &blocks[2])].header as u64;
    assert_eq!(added.place.offset, Some(at));
    assert_eq!(judged.sealed().added, 2);
}

#[test]
fn contents_that_changed_with_their_sum_are_seen() {
    let good = archive();
    let seal = seal(&good.encode());
    let blocks = blocks(&good);
    let at = position(&good, &blocks[2]);
    let mut copy = good;
    copy.members[at].payload[17] ^= 1;
    copy.members[at + 1] = copy.members[at].sum(SumKind::Xxh64).unwrap();
    let judged = judged(&seal, &copy.encode());
    assert!(judged.is_sound_alone());
    let changed = judged.only();
    assert_eq!(
        (changed.code, member(changed)),
        (Code::SealMemberChanged, blocks[2].as_str())
    );
    assert_eq!(fact(changed, "members"), "2");
    assert_ne!(
        fact(changed, "sealed_sha256"),
        fact(changed, "found_sha256")
    );
    assert_eq!(changed.facts.get("sealed_size"), None);
    assert_eq!(changed.place.offset, Some(copy.spans()[at].header as u64));
    assert_eq!(
        changed.place.disk_range,
        Some(Range {
            start: 2 << 20,
            length: 1 << 20
        })
    );
}

#[test]
fn a_changed_description_is_seen() {
    let good = archive();
    let seal = seal(&good.encode());
    let mut copy = good;
    let text = String::from_utf8(copy.members[0].payload.clone()).unwrap();
    let other = text.replacen("name_label</name><value>", "name_label</name><value>x", 1);
    assert_ne!(text, other);
    copy.members[0].payload = other.into_bytes();
    let judged = judged(&seal, &copy.encode());
    let changed = judged.only();
    assert_eq!(
        (changed.code, member(changed)),
        (Code::SealMemberChanged, "ova.xml")
    );
    assert_eq!(fact(changed, "sealed_size"), (text.len()).to_string());
    assert_eq!(fact(changed, "found_size"), (text.len() + 1).to_string());
}

#[test]
fn a_renamed_member_is_lost_and_added() {
    let good = archive();
    let seal = seal(&good.encode());
    let mut copy = good;
    let last = copy.members.len() - 1;
    copy.members[last].name = b"notes".to_vec();
    let judged = judged(&seal, &copy.encode());
    assert_eq!(
        judged.codes(),
        [Code::SealMemberLost, Code::SealMemberAdded]
    );
    assert_eq!(member(judged.findings()[1]), "notes");
}

#[test]
fn ten_thousand_runs_are_counted_and_the_first_ones_kept() {
    let mut good = archive();
    let pattern = good.members.last().unwrap().clone();
    for number in 0..2400 {
        let mut member = pattern.clone();
        member.name = format!("note-{number}").into_bytes();
        good.members.push(member);
    }
    let seal = seal(&good.encode());
    let mut number = 0;
    good.members.retain(|member| {
        number += 1;
        !member.name.starts_with(b"note") || number % 2 == 0
    });
    let judged = judged(&seal, &good.encode());
    assert_eq!(judged.findings().len(), 1000);
    assert_eq!(judged.input.omitted[&Code::SealMemberLost], 200);
    assert_eq!(judged.sealed().lost, 1200);
}

//! Members in another order, and members of one name.

use xenspect_model::Code;

use crate::build::{archive, blocks, fact, judged, lose, member, position, seal};

#[test]
fn only_what_moved_is_named() {
    let good = archive();
    let seal = seal(&good.encode());
    let blocks = blocks(&good);
    let at = position(&good, &blocks[1]);
    let mut copy = good;
    let pair: Vec<_> = copy.members.drain(at..at + 2).collect();
    let to = position(&copy, &blocks[4]);
    copy.members.splice(to..to, pair);
    let judged = judged(&seal, &copy.encode());
    let moved = judged.only();
    assert_eq!(
        (moved.code, member(moved)),
        (Code::SealMemberMoved, blocks[1].as_str())
    );
    assert_eq!(fact(moved, "members"), "2");
    assert_eq!(
        fact(moved, "sealed_behind"),
        format!("{}.xxhash", blocks[0])
    );
    assert_eq!(moved.place.offset, Some(copy.spans()[to].header as u64));
    assert_eq!(judged.sealed().moved, 2);
}

#[test]
fn what_follows_a_lost_member_has_not_moved() {
    let good = archive();
    let seal = seal(&good.encode());
    let blocks = blocks(&good);
    let mut copy = good;
    lose(&mut copy, &blocks[1]);
    lose(&mut copy, &blocks[3]);
    let judged = judged(&seal, &copy.encode());
    assert_eq!(judged.codes(), [Code::SealMemberLost; 2]);
    assert_eq!(judged.sealed().moved, 0);
}

#[test]
fn a_doubled_member_is_an_added_one() {
    let good = archive();
    let seal = seal(&good.encode());
    let blocks = blocks(&good);
    let at = position(&good, &blocks[2]);
    let mut copy = good;
    let pair = copy.members[at..at + 2].to_vec();
    copy.members.splice(at..at, pair);
    let judged = judged(&seal, &copy.encode());
    let added = judged.only();
    assert_eq!(added.code, Code::SealMemberAdded);
    assert_eq!(fact(added, "members"), "2");
    assert_eq!(judged.sealed().lost, 0);
}

#[test]
fn two_of_one_name_that_change_places_are_seen() {
    let mut good = archive();
    let last = good.members.len() - 1;
    let mut one = good.members[last].clone();
    one.name = b"same".to_vec();
    let mut other = one.clone();
    other.payload = b"other".to_vec();
    good.members.push(one);
    good.members.push(other);
    let seal = seal(&good.encode());
    let len = good.members.len();
    good.members.swap(len - 1, len - 2);
    let moved = judged(&seal, &good.encode());
    assert_eq!(moved.codes(), [Code::SealMemberMoved]);
    // One of the two with other contents: the one that is alike stays what it is.
    good.members.swap(len - 1, len - 2);
    good.members[len - 2].payload = b"changed".to_vec();
    let changed = judged(&seal, &good.encode());
    assert_eq!(changed.codes(), [Code::SealMemberChanged]);
    assert_eq!(changed.sealed().changed, 1);
}

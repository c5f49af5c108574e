//! Pairs of copies, one fault at a time.

mod made;
mod mirrored;

use xenspect_model::Range;
use xenspect_model::report::AgainstState::{OneIsRight, OtherArchive, Same, Undecided};
use xenspect_model::report::{Against, AgainstState, Carries, Difference};

use super::{CopySide, StreamSum, copies};
use made::{BLOCK, Copy, compare, export, files, item};

/// State, members that are alike, differ, are here only and there only.
type Counts = (AgainstState, [u64; 4]);

fn counts(against: &Against) -> Counts {
    let counts = [
        against.same,
        against.different,
        against.only_here,
        against.only_there,
    ];
    (against.state, counts)
}

/// Names, how they differ, and which is right, of each range.
fn ranges(against: &Against) -> Vec<(String, u64, Difference, Carries)> {
    let ranges = against.ranges.iter().map(|range| {
        let name = match &range.last {
            Some(last) => format!("{}..{last}", range.first),
            None => range.first.clone(),
        };
        (name, range.members, range.differs, range.right)
    });
    ranges.collect()
}

#[track_caller]
fn assert_one(against: &Against, expected: Counts, range: (&str, u64, Difference, Carries)) {
    assert_eq!(counts(against), expected);
    let (name, members, differs, right) = range;
    assert_eq!(
        ranges(against),
        [(name.to_owned(), members, differs, right)]
    );
}

const B3: &str = "Ref:4/00000003";
const S3: &str = "Ref:4/00000003.xxhash";

#[test]
fn the_same() {
    let against = compare(&export(6, 1), &export(6, 1));
    assert_eq!(counts(&against), (Same, [13, 0, 0, 0]));
    assert!(against.ranges.is_empty());
    assert_eq!((against.moved, against.not_compared), (0, 0));
}

#[test]
fn nothing_at_all() {
    let none = Copy::whole(Vec::new());
    assert_eq!(counts(&compare(&none, &none)), (Same, [0; 4]));
}

#[test]
fn a_flipped_byte_in_a_block() {
    let (good, bad) = (export(6, 1), export(6, 1).flip(B3));
    let expected = (OneIsRight, [12, 1, 0, 0]);
    let contents = Difference::Contents;
    assert_one(
        &compare(&bad, &good),
        expected,
        (B3, 1, contents, Carries::There),
    );
    assert_one(
        &compare(&good, &bad),
        expected,
        (B3, 1, contents, Carries::Here),
    );
}

#[test]
fn a_damaged_sum() {
    let (good, bad) = (export(6, 1), export(6, 1).flip(S3));
    let against = compare(&bad, &good);
    let expected = (OneIsRight, [12, 1, 0, 0]);
    assert_one(
        &against,
        expected,
        (S3, 1, Difference::Contents, Carries::There),
    );
    let range = &against.ranges[0];
    assert_eq!(range.disk.as_deref(), Some("Ref:4"));
    assert_eq!(
        range.disk_range,
        Some(Range {
            start: 3 * BLOCK,
            length: BLOCK
        })
    );
}

#[test]
fn a_block_here_and_its_sum_there() {
    // The block of the one and the sum of the other belong together, but nothing says so.
    let (here, there) = (export(6, 1).flip(B3), export(6, 1).flip(S3));
    let against = compare(&here, &there);
    assert_one(
        &against,
        (Undecided, [11, 2, 0, 0]),
        (
            "Ref:4/00000003..Ref:4/00000003.xxhash",
            2,
            Difference::Contents,
            Carries::Neither,
        ),
    );
}

#[test]
fn both_damaged_at_different_places() {
    let here = export(6, 1).flip("Ref:4/00000001");
    let there = export(6, 1).flip("Ref:4/00000004");
    let against = compare(&here, &there);
    assert_eq!(counts(&against), (OneIsRight, [11, 2, 0, 0]));
    let right: Vec<_> = against.ranges.iter().map(|range| range.right).collect();
    assert_eq!(right, [Carries::There, Carries::Here]);
}

#[test]
fn both_damaged_at_one_place() {
    let mut there = export(6, 1).flip(B3);
    there.items[7].contents ^= 1 << 41;
    assert_one(
        &compare(&export(6, 1).flip(B3), &there),
        (Undecided, [12, 1, 0, 0]),
        (B3, 1, Difference::Contents, Carries::Neither),
    );
}

#[test]
fn both_damaged_alike() {
    let bad = export(6, 1).flip(B3);
    let alike = (B3, 1, Difference::Alike, Carries::Neither);
    assert_one(&compare(&bad, &bad), (Same, [13, 0, 0, 0]), alike);
    // Then no whole archive can be made of both, although the other place has a right one.
    let against = compare(&bad.clone().flip("Ref:4/00000001"), &bad);
    assert_eq!(counts(&against), (Undecided, [12, 1, 0, 0]));
}

#[test]
fn cut_short_here() {
    let (cut, good) = (export(6, 1).cut("Ref:4/00000004"), export(6, 1));
    let against = compare(&cut, &good);
    let name = "Ref:4/00000004..Ref:4/00000005.xxhash";
    assert_one(
        &against,
        (OneIsRight, [9, 0, 0, 4]),
        (name, 4, Difference::OnlyThere, Carries::There),
    );
    let range = &against.ranges[0];
    let pair = 512 + BLOCK + 1024;
    let there = Range {
        start: 512 + 5120 + 4 * pair,
        length: 2 * pair,
    };
    assert_eq!((range.here, range.there), (None, Some(there)));
    let disk_range = Range {
        start: 4 * BLOCK,
        length: 2 * BLOCK,
    };
    assert_eq!(range.disk_range, Some(disk_range));
    let against = compare(&good, &cut);
    assert_eq!(counts(&against), (OneIsRight, [9, 0, 4, 0]));
}

#[test]
fn cut_short_behind_a_block() {
    // The block is the same in both, so what the sum that is only there says holds for it.
    let cut = export(6, 1).cut(S3);
    let against = compare(&cut, &export(6, 1));
    let name = "Ref:4/00000003.xxhash..Ref:4/00000005.xxhash";
    assert_one(
        &against,
        (OneIsRight, [8, 0, 0, 5]),
        (name, 5, Difference::OnlyThere, Carries::There),
    );
}

#[test]
fn both_cut_short() {
    let (short, shorter) = (export(6, 1).cut(B3), export(6, 1).cut("Ref:4/00000002"));
    // What neither has cannot be had from them.
    assert_eq!(counts(&compare(&shorter, &short)).0, Undecided);
    // Alike as far as they go.
    assert_eq!(counts(&compare(&short, &short)).0, Same);
}

#[test]
fn headers_lost_at_different_places() {
    let here = export(6, 1)
        .lose("Ref:4/00000001")
        .lose("Ref:4/00000001.xxhash");
    let there = export(6, 1)
        .lose("Ref:4/00000004")
        .lose("Ref:4/00000004.xxhash");
    let against = compare(&here, &there);
    assert_eq!(counts(&against), (OneIsRight, [9, 0, 2, 2]));
}

#[test]
fn a_header_lost_at_one_place_in_both() {
    let here = export(6, 1).lose(B3).lose(S3).lose("Ref:4/00000004");
    let there = export(6, 1).lose(B3).lose(S3);
    let against = compare(&here, &there);
    assert_eq!(counts(&against), (Undecided, [10, 0, 0, 1]));
}

#[test]
fn the_end_lost_here_and_a_header_there() {
    let here = export(6, 1).cut("Ref:4/00000004");
    let there = export(6, 1)
        .lose("Ref:4/00000001")
        .lose("Ref:4/00000001.xxhash");
    assert_eq!(counts(&compare(&here, &there)), (OneIsRight, [7, 0, 2, 4]));
    let overlapping = export(6, 1)
        .lose("Ref:4/00000005")
        .lose("Ref:4/00000005.xxhash");
    assert_eq!(counts(&compare(&here, &overlapping)).0, Undecided);
}

#[test]
fn a_header_lost_here() {
    let against = compare(&export(6, 1).lose(B3), &export(6, 1));
    assert_one(
        &against,
        (OneIsRight, [12, 0, 0, 1]),
        (B3, 1, Difference::OnlyThere, Carries::There),
    );
}

#[test]
fn a_sum_lost_here() {
    let against = compare(&export(6, 1).lose(S3), &export(6, 1));
    assert_one(
        &against,
        (OneIsRight, [12, 0, 0, 1]),
        (S3, 1, Difference::OnlyThere, Carries::There),
    );
}

#[test]
fn a_sum_lost_here_and_its_block_damaged_there() {
    // The sum there contradicts its block, and that is all there is.
    let against = compare(&export(6, 1).lose(S3), &export(6, 1).flip(B3));
    assert_eq!(counts(&against), (Undecided, [11, 1, 0, 1]));
}

#[test]
fn a_pair_that_is_gone_without_a_trace() {
    let lost = export(6, 1).without(B3).without(S3);
    let against = compare(&lost, &export(6, 1));
    let name = "Ref:4/00000003..Ref:4/00000003.xxhash";
    assert_one(
        &against,
        (OneIsRight, [11, 0, 0, 2]),
        (name, 2, Difference::OnlyThere, Carries::There),
    );
}

#[test]
fn archives_without_sums() {
    let mut good = export(6, 1);
    good.items.retain(|item| !item.name.ends_with("xxhash"));
    assert_eq!(counts(&compare(&good, &good)), (Same, [7, 0, 0, 0]));
    let against = compare(&good.clone().flip(B3), &good);
    let contents = Difference::Contents;
    assert_one(
        &against,
        (Undecided, [6, 1, 0, 0]),
        (B3, 1, contents, Carries::Untold),
    );
    let against = compare(&good.clone().without(B3), &good);
    let only_there = Difference::OnlyThere;
    assert_one(
        &against,
        (Undecided, [6, 0, 0, 1]),
        (B3, 1, only_there, Carries::Untold),
    );
    let against = compare(&good.clone().lose(B3), &good);
    assert_one(
        &against,
        (OneIsRight, [6, 0, 0, 1]),
        (B3, 1, only_there, Carries::There),
    );
}

#[test]
fn contents_that_cannot_be_read() {
    let (good, bad) = (export(6, 1), export(6, 1).unread(B3));
    let only_there = Difference::OnlyThere;
    let against = compare(&bad, &good);
    let expected = (OneIsRight, [12, 0, 0, 1]);
    assert_one(&against, expected, (B3, 1, only_there, Carries::There));
    assert!(against.ranges[0].here.is_some());
    let unread = Difference::Unread;
    let expected = (Undecided, [12, 1, 0, 0]);
    assert_one(
        &compare(&bad, &bad),
        expected,
        (B3, 1, unread, Carries::Neither),
    );
}

#[test]
fn neighbours_are_joined_over_their_sums() {
    let bad = (2..5).fold(export(8, 1), |copy, n| copy.flip(&format!("Ref:4/{n:08}")));
    let against = compare(&bad, &export(8, 1));
    let name = "Ref:4/00000002..Ref:4/00000004";
    assert_one(
        &against,
        (OneIsRight, [14, 3, 0, 0]),
        (name, 3, Difference::Contents, Carries::There),
    );
    let range = &against.ranges[0];
    let disk_range = Range {
        start: 2 * BLOCK,
        length: 3 * BLOCK,
    };
    assert_eq!(range.disk_range, Some(disk_range));
    assert_eq!(range.here, range.there);
    let pair = 512 + BLOCK + 1024;
    // To behind the last block that differs, and not to behind its sum.
    assert_eq!(range.here.unwrap().length, 2 * pair + 512 + BLOCK);
}

#[test]
fn others_between_part_ranges() {
    let bad = export(8, 1).flip("Ref:4/00000002").flip("Ref:4/00000004");
    assert_eq!(compare(&bad, &export(8, 1)).ranges.len(), 2);
}

#[test]
fn ranges_beyond_those_kept_are_counted() {
    let good = export(2400, 1);
    let mut bad = good.clone();
    let blocks = bad.items.iter_mut().skip(1).step_by(4);
    blocks.for_each(|block| block.contents ^= 1 << 40);
    let against = compare(&bad, &good);
    assert_eq!((against.ranges.len(), against.ranges_more), (1000, 200));
    assert_eq!(against.different, 1200);
}

#[test]
fn two_exports_of_one_vm() {
    let (old, new) = (export(6, 1), export(6, 1).rewrite(B3).flip("ova.xml"));
    let against = compare(&new, &old);
    assert_eq!(counts(&against), (OtherArchive, [10, 3, 0, 0]));
    assert_eq!(against.ranges[1].right, Carries::Both);
}

#[test]
fn two_exports_of_other_vms() {
    assert_eq!(
        counts(&compare(&export(6, 1), &export(6, 2))).0,
        OtherArchive
    );
    // Whole exports of which one is damaged all over are still told apart.
    let all_bad = (0..6).fold(export(6, 2), |copy, n| copy.flip(&format!("Ref:4/{n:08}")));
    assert_ne!(counts(&compare(&export(6, 1), &all_bad)).0, Same);
}

#[test]
fn no_name_in_common() {
    let against = compare(&export(6, 1), &files(&["etc/passwd", "etc/hosts"]));
    assert_eq!(counts(&against).0, OtherArchive);
}

#[test]
fn ova_xml_with_other_contents() {
    assert_one(
        &compare(&export(6, 1).flip("ova.xml"), &export(6, 1)),
        (Undecided, [12, 1, 0, 0]),
        ("ova.xml", 1, Difference::Contents, Carries::Untold),
    );
    // Damage does not change lengths.
    assert_one(
        &compare(&export(6, 1).grow("ova.xml"), &export(6, 1)),
        (OtherArchive, [12, 1, 0, 0]),
        ("ova.xml", 1, Difference::Contents, Carries::Both),
    );
}

#[test]
fn the_checksum_of_the_stream_decides_what_has_none() {
    use StreamSum::{None, Right, Wrong};
    let (good, bad) = (
        export(6, 1).manifest(),
        export(6, 1).flip("ova.xml").manifest(),
    );
    for (here, there, expected) in [
        (Right, Wrong, Carries::Here),
        (Wrong, Right, Carries::There),
        (Wrong, Wrong, Carries::Untold),
        (Right, Right, Carries::Untold),
        (None, Right, Carries::Untold),
        (Wrong, None, Carries::Untold),
    ] {
        let side = |manifest, stream_sum| CopySide {
            stream_sum,
            ..CopySide::from(manifest)
        };
        let against = copies(side(&bad, here), side(&good, there));
        assert_eq!(against.ranges[0].right, expected, "{here:?} {there:?}");
    }
}

#[test]
fn a_host_backup() {
    let names = ["etc/", "etc/passwd", "etc/hosts", "var/log/xensource.log"];
    let good = files(&names);
    assert_eq!(counts(&compare(&good, &good)), (Same, [4, 0, 0, 0]));
    let flipped = good.clone().flip("etc/hosts");
    assert_eq!(counts(&compare(&flipped, &good)), (Undecided, [3, 1, 0, 0]));
    // Of another day.
    let later = good.clone().grow("var/log/xensource.log");
    assert_eq!(counts(&compare(&later, &good)).0, OtherArchive);
    let fewer = good.clone().without("etc/hosts");
    assert_eq!(
        counts(&compare(&fewer, &good)),
        (OtherArchive, [3, 0, 0, 1])
    );
    let mut chmod = good.clone();
    let mut before = good.clone();
    (chmod.items[1].attributes, before.items[1].attributes) = (Some(1), Some(2));
    assert_eq!(counts(&compare(&chmod, &before)).0, OtherArchive);
    // Broken off.
    let cut = good.clone().cut("etc/hosts");
    assert_eq!(counts(&compare(&cut, &good)), (OneIsRight, [2, 0, 0, 2]));
    // Packed again in another order, which means nothing to tar.
    let moved = good.clone().swap("etc/passwd", "etc/hosts");
    let against = compare(&moved, &good);
    assert_eq!((counts(&against), against.moved), ((Same, [4, 0, 0, 0]), 1));
    assert_eq!(against.ranges[0].differs, Difference::Order);
}

#[test]
fn a_pool_database() {
    let dump = |size, contents| Copy::whole(vec![item("pool-db", size, contents)]);
    assert_eq!(counts(&compare(&dump(9, 1), &dump(9, 1))).0, Same);
    assert_eq!(counts(&compare(&dump(9, 2), &dump(9, 1))).0, Undecided);
    assert_eq!(counts(&compare(&dump(8, 2), &dump(9, 1))).0, OtherArchive);
    // It may be the same one, cut short.
    let mut cut = dump(8, 2);
    (cut.complete, cut.cut_short) = (false, true);
    assert_eq!(counts(&compare(&cut, &dump(9, 1))).0, Undecided);
    let log = Copy::whole(vec![item("redo-log", 9, 1)]);
    assert_eq!(counts(&compare(&log, &dump(9, 1))).0, OtherArchive);
}

#[test]
fn members_that_changed_places() {
    let good = export(6, 1);
    let moved = good
        .clone()
        .swap(B3, "Ref:4/00000004")
        .swap(S3, "Ref:4/00000004.xxhash");
    let against = compare(&moved, &good);
    assert_eq!(
        (counts(&against), against.moved),
        ((OneIsRight, [13, 0, 0, 0]), 2)
    );
    for range in &against.ranges {
        assert_eq!(
            (range.differs, range.right),
            (Difference::Order, Carries::There)
        );
    }
    let other = good.swap("Ref:4/00000001", "Ref:4/00000002");
    assert_eq!(counts(&compare(&moved, &other)).0, Undecided);
}

#[test]
fn one_moved_member_is_one_however_far_it_went() {
    let mut moved = export(50, 1);
    let member = moved.items.remove(0);
    moved.items.push(member);
    let against = compare(&export(50, 1), &moved);
    assert_eq!((against.moved, against.state), (1, OneIsRight));
    assert_eq!(against.ranges[0].first, "ova.xml");
    assert_eq!(against.ranges[0].right, Carries::Here);
}

#[test]
fn a_name_that_is_there_several_times() {
    let mut twice = files(&["a", "b"]);
    twice.items.push(item("a", 7, 70));
    assert_eq!(counts(&compare(&twice, &twice)), (Same, [3, 0, 0, 0]));
    let mut many = Copy::whole(Vec::new());
    many.items = (0..200_000).map(|n| item("x", 0, n)).collect();
    let mut fewer = many.clone();
    fewer.items.pop();
    fewer.items.insert(0, item("y", 0, 0));
    let against = compare(&many, &fewer);
    assert_eq!(
        (against.same, against.only_here, against.only_there),
        (199_999, 1, 1)
    );
}

#[test]
fn members_that_were_not_kept_are_told() {
    let (mut here, there) = (export(6, 1).manifest(), export(6, 1).manifest());
    here.left_out = 7;
    let against = copies(&here, &there);
    assert_eq!((against.state, against.not_compared), (Undecided, 7));
}

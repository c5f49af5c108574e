use proptest::prelude::{Just, Strategy, prop_assert, prop_assert_eq, prop_oneof, proptest};
use xenspect_archive::xva::Digest;
use xenspect_model::catalog::{BlockSum, LostPart};
use xenspect_model::diff::{BlockRange, Extent, RangeKind};

use super::matching::{Pair, pairs};
use super::sides::SideDisk;
use super::sweep::{Reasons, Swept, sweep};
use super::zeros::Zeros;

const MIB: u64 = 1 << 20;

fn block(start: u64, len: u32, sum: u64) -> BlockSum {
    BlockSum {
        start,
        len,
        sum: Some(Digest::Xxh64(sum)),
    }
}

fn swept(old: &SideDisk<'_>, new: &SideDisk<'_>) -> Swept {
    sweep(old, new, &mut Zeros::default(), &mut Reasons::default())
}

fn of_blocks(blocks: &[BlockSum]) -> SideDisk<'_> {
    SideDisk {
        blocks,
        ..SideDisk::default()
    }
}

#[test]
fn ranges_beyond_those_kept_are_counted() {
    let old: Vec<_> = (0..20_010).map(|n| block(n * 512, 512, n)).collect();
    let mut new = old.clone();
    let other = new.iter_mut().step_by(2);
    other.for_each(|block| block.sum = Some(Digest::Xxh64(u64::MAX)));
    let swept = swept(&of_blocks(&old), &of_blocks(&new));
    assert_eq!(swept.changed.blocks, 10_005);
    assert_eq!((swept.ranges.len(), swept.more_ranges), (10_000, 5));
}

#[test]
fn a_range_beyond_those_kept_is_counted_once_however_long() {
    let old: Vec<_> = (0..30_000).map(|n| block(n * 512, 512, n)).collect();
    let mut new = old.clone();
    for (at, block) in new.iter_mut().enumerate() {
        if at % 2 == 0 || at > 20_000 {
            block.sum = Some(Digest::Xxh64(u64::MAX));
        }
    }
    let swept = swept(&of_blocks(&old), &of_blocks(&new));
    assert_eq!((swept.ranges.len(), swept.more_ranges), (10_000, 1));
    let last = swept.ranges.last().unwrap();
    assert_eq!((last.start, last.len), (19_998 * 512, 512));
}

#[test]
fn blocks_with_other_boundaries_are_changed_together() {
    let old = [block(0, 1024, 1), block(1024, 1024, 2)];
    let new = [block(0, 512, 3), block(512, 1024, 4)];
    let swept = swept(&of_blocks(&old), &of_blocks(&new));
    let expected = Extent {
        blocks: 2,
        bytes: 2048,
    };
    assert_eq!(swept.changed, expected);
    assert_eq!(swept.ranges.len(), 1);
}

#[test]
fn a_lost_part_that_the_other_side_leaves_out_is_unknown_too() {
    let ends = [block(0, 512, 1), block(4 * MIB, 512, 2)];
    let lost = [LostPart {
        start: MIB,
        end: Some(3 * MIB),
    }];
    let old = SideDisk {
        lost: &lost,
        ..of_blocks(&ends)
    };
    let swept = swept(&old, &of_blocks(&ends));
    assert_eq!(swept.same.blocks, 2);
    let range = BlockRange {
        is: RangeKind::Unknown,
        start: MIB,
        len: 2 * MIB,
    };
    assert_eq!(swept.ranges, [range]);
    assert_eq!(swept.unknown.blocks, 2);
}

#[test]
fn places_at_the_end_of_numbers_and_odd_orders_are_borne() {
    let blocks = [
        block(u64::MAX - 1, u32::MAX, 1),
        block(0, 0, 2),
        block(u64::MAX, 5, 3),
        block(7, 512, 4),
    ];
    let lost = [LostPart {
        start: 9,
        end: Some(3),
    }];
    let odd = SideDisk {
        lost: &lost,
        ..of_blocks(&blocks)
    };
    for (old, new) in [
        (&odd, &odd),
        (&odd, &SideDisk::default()),
        (&SideDisk::default(), &odd),
    ] {
        let _ = swept(old, new);
    }
}

fn disk(reference: &str, uuid: &str, origin: &str) -> SideDisk<'static> {
    let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    SideDisk {
        reference: reference.to_owned(),
        uuid: some(uuid),
        origin: some(origin),
        is_described: !uuid.is_empty(),
        ..SideDisk::default()
    }
}

/// What became of the disks, by references.
fn paired(old: &[SideDisk<'_>], new: &[SideDisk<'_>]) -> Vec<(String, String)> {
    let name = |disk: &SideDisk<'_>| disk.reference.clone();
    pairs(old, new)
        .into_iter()
        .map(|pair| match pair {
            Pair::Both(old, new) => (name(old), name(new)),
            Pair::Added(new) => ("-".to_owned(), name(new)),
            Pair::Removed(old) => (name(old), "-".to_owned()),
        })
        .collect()
}

#[test]
fn exports_of_two_snapshots_of_one_disk_are_matched() {
    let old = [disk("Ref:1", "snapshot-1", "disk")];
    let new = [disk("Ref:2", "snapshot-2", "disk")];
    assert_eq!(paired(&old, &new), [("Ref:1".into(), "Ref:2".into())]);
    // And that of a snapshot with that of the disk itself.
    let new = [disk("Ref:3", "disk", "disk")];
    assert_eq!(paired(&old, &new), [("Ref:1".into(), "Ref:3".into())]);
}

#[test]
fn a_reference_matches_none_of_two_described_disks() {
    let old = [disk("Ref:1", "one", "one")];
    let new = [disk("Ref:1", "two", "two")];
    let expected = [
        ("-".to_owned(), "Ref:1".to_owned()),
        ("Ref:1".to_owned(), "-".to_owned()),
    ];
    assert_eq!(paired(&old, &new), expected);
    let new = [disk("Ref:1", "", ""), disk("Ref:2", "", "")];
    let expected = [
        ("Ref:1".to_owned(), "Ref:1".to_owned()),
        ("-".to_owned(), "Ref:2".to_owned()),
    ];
    assert_eq!(paired(&old, &new), expected);
}

#[test]
fn a_uuid_that_two_disks_have_matches_none() {
    let old = [disk("Ref:1", "one", "one")];
    let new = [disk("Ref:2", "one", "one"), disk("Ref:3", "one", "one")];
    let pairs = paired(&old, &new);
    assert!(pairs.iter().all(|(old, new)| old == "-" || new == "-"));
    assert_eq!(pairs.len(), 3);
}

/// Blocks of one length: for each place none, or one with one of a few sums, or one without.
fn any_blocks() -> impl Strategy<Value = Vec<BlockSum>> {
    let place = prop_oneof![Just(None), (0_u64..4).prop_map(Some)];
    proptest::collection::vec(place, 0..24).prop_map(|places| {
        let blocks = (0..).zip(places);
        blocks
            .filter_map(|(at, sum)| {
                let sum = sum?;
                Some(BlockSum {
                    sum: (sum > 0).then_some(Digest::Xxh64(sum)),
                    ..block(at * 512, 512, 0)
                })
            })
            .collect()
    })
}

proptest! {
    #[test]
    fn each_block_is_counted_once(old in any_blocks(), new in any_blocks()) {
        let swept = swept(&of_blocks(&old), &of_blocks(&new));
        let mut expected = [0; 5];
        for start in (0..24).map(|at| at * 512) {
            let at = |blocks: &[BlockSum]| blocks.iter().find(|block| block.start == start).copied();
            let kind = match (at(&old), at(&new)) {
                (None, None) => continue,
                (Some(old), Some(new)) if old.sum.is_some() && old.sum == new.sum => 0,
                (Some(BlockSum { sum: None, .. }), _) | (_, Some(BlockSum { sum: None, .. })) => 4,
                (Some(_), Some(_)) => 1,
                (None, Some(_)) => 2,
                (Some(_), None) => 3,
            };
            expected[kind] += 1;
        }
        let found = [swept.same, swept.changed, swept.appeared, swept.vanished, swept.unknown];
        prop_assert_eq!(found.map(|extent| extent.blocks), expected);
        prop_assert_eq!(found.map(|extent| extent.bytes), expected.map(|blocks| blocks * 512));
        let in_ranges: u64 = swept.ranges.iter().map(|range| range.len).sum();
        prop_assert_eq!(in_ranges, expected[1..].iter().sum::<u64>() * 512);
        // In order, and neighbours of one kind are one.
        for pair in swept.ranges.windows(2) {
            let end = pair[0].start + pair[0].len;
            prop_assert!(end < pair[1].start || end == pair[1].start && pair[0].is != pair[1].is);
        }
    }
}

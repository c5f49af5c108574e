use proptest::prelude::*;

use super::super::{NOMINAL_BLOCK, NotPlaced, Place, Placement};

const MIB: u64 = NOMINAL_BLOCK;

#[test]
fn keep_alives_shift_numbers_but_not_offsets() {
    // Blocks 0 and 1, a keep-alive, then the block that would have been number 2.
    let mut placement = Placement::new(MIB);
    let starts: Vec<_> = [(0, MIB), (1, MIB), (2, 0), (3, MIB)]
        .into_iter()
        .map(|(number, len)| placement.place(number, len).unwrap().start)
        .collect();
    assert_eq!(starts, [0, MIB, 2 * MIB, 2 * MIB]);
    assert_eq!(placement.position(), 3 * MIB);
}

#[test]
fn gaps_count_a_unit_for_each_absent_block() {
    let mut placement = Placement::new(MIB);
    placement.place(0, MIB).unwrap();
    assert_eq!(
        placement.place(5, 512),
        Ok(Place {
            start: 5 * MIB,
            absent: 4
        })
    );
    assert_eq!(placement.position(), 5 * MIB + 512);
    // A disk that begins with a later block has lost its beginning, and keeps its place.
    assert_eq!(
        Placement::new(MIB).place(3, MIB),
        Ok(Place {
            start: 3 * MIB,
            absent: 3
        })
    );
}

#[test]
fn numbers_must_increase() {
    let mut placement = Placement::new(MIB);
    placement.place(4, MIB).unwrap();
    let before = placement.clone();
    assert_eq!(placement.place(4, MIB), Err(NotPlaced::Doubled));
    assert_eq!(
        placement.place(3, MIB),
        Err(NotPlaced::OutOfOrder { last: 4 })
    );
    assert_eq!(placement, before);
}

#[test]
fn a_place_beyond_all_disks_is_refused() {
    let mut placement = Placement::new(MIB);
    assert_eq!(placement.place(u64::MAX, 1), Err(NotPlaced::BeyondRange));
    assert_eq!(
        placement.place(0, u64::MAX),
        Ok(Place {
            start: 0,
            absent: 0
        })
    );
    assert_eq!(placement.place(1, 1), Err(NotPlaced::BeyondRange));
    assert_eq!(placement.position(), u64::MAX);
}

proptest! {
    #[test]
    fn places_follow_each_other(blocks: Vec<(u64, u64)>) {
        let mut placement = Placement::new(MIB);
        let mut end = 0;
        for (number, len) in blocks {
            if let Ok(place) = placement.place(number, len) {
                prop_assert!(place.start >= end);
                end = place.start + len;
                prop_assert_eq!(placement.position(), end);
                prop_assert_eq!(placement.last(), Some(number));
            }
        }
    }
}

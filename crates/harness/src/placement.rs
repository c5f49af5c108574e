//! Sequences of blocks for the placement on one disk; sequences of members are in `members`.

use xenspect_archive::xva::{NOMINAL_BLOCK, NotPlaced, Placement};

use crate::actions::Actions;
use crate::members;

/// Reads the bytes as a sequence of blocks for [`Placement`], or as a sequence of members for
/// `Assembly` and `Replay`.
///
/// Invariants of the placement:
/// - the position only grows, and a block that has no place leaves it where it was;
/// - a block begins where the one before ended, plus the absent ones; numbers grow;
/// - a refusal gives the true reason.
///
/// Invariants of the assembly:
/// - a block is settled at most once, after it was fed, and exactly once unless it was cut off;
/// - every disk's lists and their number are bounded, and its counts agree with each other;
/// - in the end the counts of a disk are those of its settled blocks.
///
/// Invariants of the replay:
/// - the answer does not depend on what follows a stop, nor on how often it is asked for;
/// - it stops at something that was fed, or because the input ended;
/// - `force` is told to help only if a sum differed.
///
/// # Panics
///
/// When one of them does not hold.
pub fn block_placement(data: &[u8]) {
    let mut actions = Actions::new(data);
    match actions.byte().map(|choice| choice % 3) {
        Some(0) => place(&mut actions),
        Some(1) => members::assemble(&mut actions),
        Some(_) => members::replay(&mut actions),
        None => {}
    }
}

fn place(actions: &mut Actions<'_>) {
    let unit = match actions.byte() {
        Some(0) => actions.number().unwrap_or(NOMINAL_BLOCK),
        _ => NOMINAL_BLOCK,
    };
    let mut placement = Placement::new(unit);
    while let (Some(number), Some(len)) = (actions.number(), actions.len()) {
        let (position, last) = (placement.position(), placement.last());
        match placement.place(number, len) {
            Ok(place) => {
                assert!(last.is_none_or(|last| number > last));
                assert_eq!(place.absent, number - last.map_or(0, |last| last + 1));
                assert_eq!(Some(place.start), position.checked_add(place.absent * unit));
                assert_eq!(Some(placement.position()), place.start.checked_add(len));
                assert_eq!(placement.last(), Some(number));
            }
            Err(reason) => {
                assert_eq!((placement.position(), placement.last()), (position, last));
                match reason {
                    NotPlaced::Doubled => assert_eq!(last, Some(number)),
                    NotPlaced::OutOfOrder { last: before } => {
                        assert!(last == Some(before) && number < before);
                    }
                    NotPlaced::BeyondRange => {
                        let absent = u128::from(number - last.map_or(0, |last| last + 1));
                        let end = u128::from(position) + absent * u128::from(unit);
                        assert!(end + u128::from(len) > u128::from(u64::MAX));
                    }
                }
            }
        }
    }
}

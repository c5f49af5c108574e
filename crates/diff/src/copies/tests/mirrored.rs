//! Whatever is wrong with two copies: looked at from the other side the answer is the same, mirrored.

use proptest::collection::vec;
use proptest::prelude::*;

use xenspect_model::report::{AgainstState, DifferingRange};

use super::made::{Copy, compare, export, files};

/// Faults, by a number for the kind and one for the place.
fn damaged(mut copy: Copy, faults: &[(u8, usize)]) -> Copy {
    for &(kind, place) in faults {
        let count = copy.items.len();
        if count == 0 {
            break;
        }
        let name = copy.items[place % count].name.clone();
        copy = match kind {
            0 => copy.flip(&name),
            1 => copy.lose(&name),
            2 => copy.unread(&name),
            3 => copy.without(&name),
            4 => copy.cut(&name),
            5 => copy.grow(&name),
            6 => {
                let again = copy.items[place % count].clone();
                copy.items.push(again);
                copy
            }
            _ => {
                let other = copy.items[(place / 7) % count].name.clone();
                copy.swap(&name, &other)
            }
        };
    }
    copy
}

fn sorted(mut ranges: Vec<DifferingRange>) -> Vec<String> {
    let mut ranges: Vec<_> = ranges.drain(..).map(|range| format!("{range:?}")).collect();
    ranges.sort();
    ranges
}

proptest! {
    #[test]
    fn looked_at_from_the_other_side(
        is_export: bool,
        here in vec((0u8..8, 0usize..400), 0..5),
        there in vec((0u8..8, 0usize..400), 0..5),
    ) {
        let good = if is_export {
            export(9, 1)
        } else {
            files(&["a", "b", "c/", "c/d", "c/e", "f"])
        };
        let moves = here.iter().chain(&there).any(|&(kind, _)| kind > 5);
        let (here, there) = (damaged(good.clone(), &here), damaged(good, &there));
        let against = compare(&here, &there);
        let mirrored = compare(&there, &here).mirrored(String::new());
        prop_assert_eq!(against.state, mirrored.state);
        let counts = |against: &xenspect_model::report::Against| {
            [against.same, against.different, against.only_here, against.only_there, against.moved]
        };
        prop_assert_eq!(counts(&against), counts(&mirrored));
        // Of two members that changed places either one can be said to have moved.
        if !moves {
            prop_assert_eq!(sorted(against.ranges.clone()), sorted(mirrored.ranges));
        }
        // Each member is counted once.
        let members = |copy: &Copy| copy.manifest().len() as u64;
        let both = against.same + against.different;
        let all = both + against.only_here + against.only_there;
        prop_assert!(all >= members(&here).max(members(&there)));
        prop_assert!(all <= members(&here) + members(&there));
        let in_ranges: u64 = against.ranges.iter().map(|range| range.members).sum();
        prop_assert!(in_ranges >= against.different + against.only_here + against.only_there);
    }

    #[test]
    fn a_copy_is_the_same_as_itself(faults in vec((0u8..8, 0usize..400), 0..5)) {
        let copy = damaged(export(9, 1), &faults);
        let against = compare(&copy, &copy);
        prop_assert_eq!(against.only_here + against.only_there + against.moved, 0);
        let unread = against.different > 0;
        prop_assert_eq!(against.state, if unread { AgainstState::Undecided } else { AgainstState::Same });
    }
}

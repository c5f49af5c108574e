//! Parts that are read in turn, over several runs.

use std::collections::BTreeMap;

use proptest::prelude::*;
use xenspect_model::report::Verdict;
use xenspect_state::{Extent, Outcome, Part, RunIdentity, State};

use crate::{DAY, Folder, day, entry, identity, key, print};

fn read(state: &State, name: &str, modified: i64, of: u32, at: i64) -> u32 {
    let run = state.begin(&identity().sample(of), true, day(at)).unwrap();
    let part = state.next_part(&key(name), &print(modified), of).unwrap();
    let input = entry(name, Verdict::Sound);
    let outcome = Outcome::new(&input, Extent::Part(part.unwrap()), day(at));
    run.record(&key(name), &print(modified), &outcome).unwrap();
    run.finish(day(at)).unwrap();
    part.unwrap().index()
}

#[test]
fn the_next_run_reads_the_next_part() {
    let folder = Folder::new();
    let state = folder.open();
    let week: Vec<_> = (0..9).map(|n| read(&state, "a", 7, 7, n)).collect();
    assert_eq!(week, [0, 1, 2, 3, 4, 5, 6, 0, 1]);
    let recent = |within: u32| {
        let recent = state.recent(&key("a"), &print(7), DAY * within, day(8));
        recent.unwrap().map(|full| (full.at, full.parts))
    };
    // The oldest of the last seven is of the third day.
    assert_eq!(recent(6), Some((day(2), Some(7))));
    assert_eq!(recent(5), None);
    // Changed: from the beginning. Changed back: too.
    assert_eq!(read(&state, "a", 8, 7, 9), 0);
    assert_eq!(read(&state, "a", 7, 7, 10), 0);
    // In other parts: from the beginning, and the earlier ones are remembered.
    assert_eq!(read(&state, "a", 7, 3, 11), 0);
    assert_eq!(read(&state, "a", 7, 7, 12), 1);
    assert_eq!(state.next_part(&key("a"), &print(7), 0).unwrap(), None);
}

#[test]
fn what_was_found_bad_last_is_bad_until_it_is_good_or_another_file() {
    let folder = Folder::new();
    let state = folder.open();
    let was_bad = |modified| state.was_bad(&key("a"), &print(modified)).unwrap();
    let record = |verdict, extent, at| {
        let run = state.begin(&identity().sample(3), true, day(at)).unwrap();
        let input = entry("a", verdict);
        let outcome = Outcome::new(&input, extent, day(at));
        run.record(&key("a"), &print(7), &outcome).unwrap();
        run.finish(day(at)).unwrap();
    };
    assert!(!was_bad(7), "nothing is known of it");
    assert!(!state.knows(&key("a")).unwrap());
    record(Verdict::Damaged, Extent::Part(Part::first(3).unwrap()), 1);
    assert_eq!((was_bad(7), was_bad(8)), (true, false));
    assert!(state.knows(&key("a")).unwrap());
    record(Verdict::Damaged, Extent::Full, 2);
    assert!(was_bad(7));
    record(Verdict::Sound, Extent::Full, 3);
    assert!(!was_bad(7));
}

#[test]
fn the_slot_of_whole_inputs_moves_with_finished_runs() {
    let folder = Folder::new();
    let state = folder.open();
    let begin =
        |identity: &RunIdentity, resume, at| state.begin(identity, resume, day(at)).unwrap();
    let sampled = identity().sample(3);
    assert_eq!(begin(&identity(), true, 0).sample(), None);
    let run = begin(&sampled, true, 0);
    assert_eq!(run.sample(), Part::new(0, 3));
    run.finish(day(0)).unwrap();
    // Interrupted and gone on with, and given up: the same slot again.
    for (resume, at) in [(true, 1), (true, 2), (false, 3), (true, 40)] {
        assert_eq!(begin(&sampled, resume, at).sample(), Part::new(1, 3));
    }
    begin(&sampled, true, 41).finish(day(41)).unwrap();
    let last = begin(&sampled, true, 42);
    assert_eq!(last.sample(), Part::new(2, 3));
    last.finish(day(42)).unwrap();
    assert_eq!(begin(&sampled, true, 43).sample(), Part::new(0, 3));
    // Another job has its own.
    assert_eq!(
        begin(&identity().sample(4), true, 44).sample(),
        Part::new(0, 4)
    );
}

/// One run over all inputs that may be interrupted after some of them. Those in parts are named `p…`, whole ones `w…`.
fn run(
    state: &State,
    names: &[String],
    of: u32,
    stop_after: Option<usize>,
    at: i64,
    reads: &mut BTreeMap<(String, u32), u32>,
) {
    let run = state.begin(&identity().sample(of), true, day(at)).unwrap();
    let slot = run.sample().unwrap();
    for (index, name) in names.iter().enumerate() {
        if stop_after == Some(index) {
            return;
        }
        let key = key(name);
        if run.done_already(&key, &print(7)).unwrap().is_some() {
            continue;
        }
        let extent = if name.starts_with('p') {
            let part = state.next_part(&key, &print(7), of).unwrap().unwrap();
            *reads.entry((name.clone(), part.index())).or_default() += 1;
            Extent::Part(part)
        } else if key.slot(of) == slot.index() {
            *reads.entry((name.clone(), 0)).or_default() += 1;
            Extent::Full
        } else {
            continue;
        };
        let input = entry(name, Verdict::Sound);
        run.record(&key, &print(7), &Outcome::new(&input, extent, day(at)))
            .unwrap();
    }
    run.finish(day(at)).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// Over as many finished runs as there are parts, each part and each whole input is read exactly once, whatever is interrupted in
    /// between.
    #[test]
    fn each_part_exactly_once(of in 1_u32..5, inputs in 1_usize..4, stops in prop::collection::vec(0_usize..7, 0..10)) {
        let folder = Folder::new();
        let names: Vec<_> = (0..inputs).flat_map(|n| [format!("p{n}"), format!("w{n}")]).collect();
        let mut reads = BTreeMap::new();
        let mut stops = stops.into_iter();
        let mut at = 0;
        for _ in 0..of {
            // Up to two interruptions of each.
            for stop in stops.by_ref().take(2) {
                if stop < names.len() {
                    run(&folder.open(), &names, of, Some(stop), at, &mut reads);
                    at += 1;
                }
            }
            run(&folder.open(), &names, of, None, at, &mut reads);
            at += 1;
        }
        prop_assert!(reads.values().all(|&n| n == 1), "{reads:?}");
        let state = folder.open();
        for name in &names {
            let parts = reads.keys().filter(|(of, _)| of == name).count();
            let expected = if name.starts_with('p') { of as usize } else { 1 };
            prop_assert_eq!(parts, expected, "{}", name);
            let full = state.recent(&key(name), &print(7), DAY * 100, day(at)).unwrap();
            prop_assert!(full.is_some(), "{name}");
        }
    }
}

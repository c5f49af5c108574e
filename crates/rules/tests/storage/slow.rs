//! Short and interrupted reads change nothing.

use proptest::prelude::*;

use crate::inputs::{GOOD, Good, Reading, any, cases};
use crate::script::Script;

/// Reads of a few bytes up to many, and interruptions of which not all calls are.
fn slow() -> impl Strategy<Value = Script> {
    let most = prop::collection::vec(prop_oneof![1..600usize, 1..90_000usize], 1..20);
    let interrupted = prop::collection::vec(any_bool(), 0..9);
    (most, interrupted).prop_map(|(most, mut interrupted)| {
        if !interrupted.is_empty() {
            interrupted.push(false);
        }
        Script {
            // No list of tiny reads alone, which would take for ever.
            most: most.into_iter().chain([70_001]).collect(),
            interrupted,
            ..Script::default()
        }
    })
}

fn any_bool() -> impl Strategy<Value = bool> {
    prop::bool::weighted(0.4)
}

fn check(good: &Good, script: &Script, (pipe, sized, all): (bool, bool, bool), threads: usize) {
    let storage = good.storage(script.clone());
    let source = match pipe {
        true => storage.pipe(sized),
        false => storage.file(),
    };
    let reading = Reading::of(source, all, threads);
    assert!(
        good.is_clean(&reading.input),
        "{} {script:?}: {:?}",
        good.name,
        reading.input
    );
    if all {
        assert!(reading.stored.unwrap().is_whole(), "{}", good.name);
        assert!(reading.copy == *good.bytes, "{}", good.name);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(48), ..ProptestConfig::default() })]

    #[test]
    fn short_and_interrupted_reads_are_no_faults(
        good in any(),
        script in slow(),
        how in proptest::arbitrary::any::<(bool, bool, bool)>(),
        threads in 1..4usize,
    ) {
        check(good, &script, how, threads);
    }
}

#[test]
fn reads_of_one_byte_are_no_faults() {
    let script = Script {
        most: vec![1],
        interrupted: vec![true, false],
        ..Script::default()
    };
    // Each read of a pipe goes from one thread to another.
    let short = GOOD.iter().filter(|good| good.len() < 200_000);
    for good in short {
        check(good, &script, (false, false, false), 2);
    }
}

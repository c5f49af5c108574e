//! Storage that refuses a range, once or for ever, that ends early, or that is lost: never a good verdict, and the report says what
//! was not read.

use std::io;
use std::ops::Range;

use proptest::prelude::*;
use xenspect_model::Code;
use xenspect_model::report::Verdict;

use crate::inputs::{GOOD, Good, Reading, any, cases};
use crate::script::Script;

/// Where the headers and contents of an uncompressed archive are; all of anything else.
fn needed(good: &Good) -> Vec<Range<u64>> {
    let is_archive = good.name.ends_with("Plain")
        && (good.name.starts_with("export") || good.name.starts_with("host"));
    if !is_archive {
        return std::iter::once(0..good.len()).collect();
    }
    let mut needed = Vec::new();
    let mut archive = tar::Archive::new(good.bytes.as_slice());
    let mut end = 0;
    for entry in archive.entries().unwrap() {
        let entry = entry.unwrap();
        let payload = entry.raw_file_position();
        needed.push(entry.raw_header_position()..payload + entry.size());
        end = (payload + entry.size()).next_multiple_of(512);
    }
    // The two blocks of zeros.
    needed.push(end..end + 1024);
    needed
}

fn is_needed(good: &Good, refused: &Range<u64>) -> bool {
    let needed = needed(good);
    needed
        .iter()
        .any(|needed| needed.start < refused.end && refused.start < needed.end)
}

/// Where to refuse, as shares of the input, and whether what is in front of it is given first.
fn places() -> impl Strategy<Value = (f64, u64, bool)> {
    let length = prop_oneof![1..600u64, 1..300_000u64];
    (0.0..1.0, length, proptest::arbitrary::any::<bool>())
}

fn script(good: &Good, (at, length, gives_front): (f64, u64, bool)) -> Script {
    let start = (at * good.len() as f64) as u64;
    Script {
        refused: Some(start..(start + length).min(good.len())),
        gives_front,
        ..Script::default()
    }
}

fn read(good: &Good, script: &Script, pipe: bool, all: bool) -> Reading {
    let storage = good.storage(script.clone());
    let source = match pipe {
        true => storage.pipe(false),
        false => storage.file(),
    };
    Reading::of(source, all, 2)
}

/// Asserts that an input is not called good, and why; `all` of the file is to be read.
fn not_good(good: &Good, script: &Script, reading: &Reading, all: bool) {
    let said = format!("{} {script:?}: {:?}", good.name, reading.input);
    let refused = script.refused.clone().unwrap();
    if !all && good.is_clean(&reading.input) {
        assert!(!is_needed(good, &refused), "{said}");
        return;
    }
    assert!(!reading.is_good(), "{said}");
    let is_told = reading.has(Code::SourceReadError)
        || reading.input.verdict == Verdict::Unreadable && reading.input.error.is_some();
    assert!(is_told, "{said}");
    if let Some(stored) = &reading.stored {
        assert!(!stored.is_whole() && stored.sha256().is_none(), "{said}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(64), ..ProptestConfig::default() })]

    #[test]
    fn what_is_refused_is_never_good(
        good in any(),
        place in places(),
        pipe in proptest::arbitrary::any::<bool>(),
        all in proptest::arbitrary::any::<bool>(),
    ) {
        let script = script(good, place);
        let reading = read(good, &script, pipe, all);
        not_good(good, &script, &reading, all);
        if all {
            // Whatever stands for what is refused, everything else is in the copy as it is.
            let refused = script.refused.unwrap();
            let sectors = refused.start / 512 * 512..refused.end.next_multiple_of(512);
            for (at, (copied, original)) in reading.copy.iter().zip(good.bytes.iter()).enumerate() {
                prop_assert!(copied == original || sectors.contains(&(at as u64)), "{} at {at}", good.name);
            }
        }
    }

    #[test]
    fn what_is_refused_once_is_read_or_told(
        good in any(),
        place in places(),
        times in 1..4usize,
        all in proptest::arbitrary::any::<bool>(),
    ) {
        let script = Script { times: Some(times), ..script(good, place) };
        let reading = read(good, &script, false, all);
        if !good.is_clean(&reading.input) {
            not_good(good, &script, &reading, false);
        } else if let Some(stored) = &reading.stored {
            prop_assert!(stored.is_whole() && reading.copy == *good.bytes, "{} {script:?}", good.name);
        }
    }

    #[test]
    fn what_ends_early_is_never_good(
        good in any(),
        share in 0.0..1.0,
        all in proptest::arbitrary::any::<bool>(),
    ) {
        let end = (share * good.len() as f64) as u64;
        let script = Script { end: Some(end), ..Script::default() };
        let reading = read(good, &script, false, all);
        if !all && good.is_clean(&reading.input) {
            prop_assert!(!is_needed(good, &(end..good.len())), "{} {end}", good.name);
        } else {
            prop_assert!(!reading.is_good(), "{} {end}: {:?}", good.name, reading.input);
        }
    }
}

#[test]
fn what_is_lost_is_never_good_and_is_told_once() {
    for good in GOOD.iter() {
        for share in [3, 2] {
            let script = Script {
                refused: Some(good.len() / share..good.len()),
                error: Some(io::ErrorKind::NotConnected),
                ..Script::default()
            };
            for (pipe, all) in [(false, false), (false, true), (true, false), (true, true)] {
                let reading = read(good, &script, pipe, all);
                not_good(good, &script, &reading, false);
                let told = reading.input.findings.iter();
                let told = told.filter(|finding| finding.code == Code::SourceReadError);
                assert!(told.count() <= 1, "{}: {:?}", good.name, reading.input);
            }
        }
    }
}

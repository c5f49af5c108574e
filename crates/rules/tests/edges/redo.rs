//! Redo logs with lengths that are as large as their digits allow.

use xenspect_model::report::Verdict::{Damaged, Suspect};
use xenspect_synth::DumpRecipe;

use super::support::*;

fn log() -> Vec<u8> {
    DumpRecipe::named("redo-log").unwrap().build()
}

/// Where the first text stands in the log.
fn find(log: &[u8], text: &str) -> usize {
    let found = log.windows(text.len()).position(|at| at == text.as_bytes());
    found.unwrap()
}

fn put(log: &mut [u8], at: usize, text: &str) {
    log[at..at + text.len()].copy_from_slice(text.as_bytes());
}

#[test]
fn lengths_of_changes() {
    let good = log();
    let (verdict, codes) = said(&verify(good.clone()));
    assert_eq!(
        (verdict, codes.len()),
        (xenspect_model::report::Verdict::Sound, 0)
    );
    // The length of a change stands in front of it; the words are those of the change.
    let at = find(&good, "WriteFiel");
    for length in ["9999999999999999", "9223372036854775", "0000000000000000"] {
        let mut log = good.clone();
        put(&mut log, at - 16, length);
        let (verdict, codes) = said(&verify(log));
        assert_eq!(verdict, Suspect, "{length}: {codes:?}");
        assert!(codes.contains_key("db/redo-log-end"), "{length}: {codes:?}");
    }
    for length in ["99999999", "00000000"] {
        // The first text of the change is as long as it says, or longer than the change.
        let mut log = good.clone();
        put(&mut log, at + 9, length);
        let (verdict, codes) = said(&verify(log));
        assert_eq!(verdict, Damaged, "{length}: {codes:?}");
        let skipped = codes.get("db/redo-log-change-skipped");
        assert_eq!(skipped, Some(&1), "{length}: {codes:?}");
    }
}

#[test]
fn the_length_of_the_database() {
    let good = log();
    let at = find(&good, "<?xml");
    for length in [
        "9999999999999999",
        "0000000000000000",
        "-000000000000001",
        "+000000000000009",
    ] {
        let mut log = good.clone();
        put(&mut log, at - 16, length);
        let options = xenspect_scan::Options::default();
        let source = xenspect_scan::Source::memory(log);
        let outcome = xenspect_scan::scan(source, &options, &xenspect_scan::Progress::default());
        let input = outcome.map(|catalog| xenspect_rules::input(String::new(), &catalog));
        let sound = |input: &xenspect_model::report::Input| {
            input.verdict == xenspect_model::report::Verdict::Sound
        };
        assert!(!input.is_ok_and(|input| sound(&input)), "{length}");
    }
}

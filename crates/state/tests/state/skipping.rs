//! What was verified a short while ago.

use xenspect_model::Severity;
use xenspect_model::report::{Kind, Verdict};
use xenspect_state::{Extent, Fingerprint, Outcome, Part};

use crate::{DAY, Folder, at, day, entry, identity, key, print, record};

#[test]
fn a_good_one_is_known_by_length_time_and_what_lies_beside() {
    let folder = Folder::new();
    let state = folder.open();
    let run = state.begin(&identity(), true, day(0)).unwrap();
    let sealed = Fingerprint {
        beside: "2 5 \"a.xva.seal.json\"\n".to_owned(),
        ..print(7)
    };
    let input = entry("a.xva", Verdict::Suspect);
    run.record(
        &key("a.xva"),
        &sealed,
        &Outcome::new(&input, Extent::Full, day(0)),
    )
    .unwrap();
    let recent = |name: &str, print: &Fingerprint, days: u32, now: i64| {
        let recent = state.recent(&key(name), print, DAY * days, day(now));
        recent.unwrap().map(|full| (full.at, full.verdict))
    };
    let known = Some((day(0), Verdict::Suspect));
    assert_eq!(recent("a.xva", &sealed, 30, 30), known);
    assert_eq!(recent("a.xva", &sealed, 30, 31), None);
    assert_eq!(recent("b.xva", &sealed, 30, 1), None);
    assert_eq!(recent("a.xva", &print(7), 30, 1), None);
    let longer = Fingerprint {
        size: 1025,
        ..sealed.clone()
    };
    assert_eq!(recent("a.xva", &longer, 30, 1), None);
    let later = Fingerprint {
        modified: Some(8),
        ..sealed.clone()
    };
    assert_eq!(recent("a.xva", &later, 30, 1), None);
    let unknown = Fingerprint {
        modified: None,
        ..sealed
    };
    assert_eq!(recent("a.xva", &unknown, 30, 1), None);
}

#[test]
fn a_bad_one_is_never_left_out() {
    let folder = Folder::new();
    let state = folder.open();
    let run = state.begin(&identity(), true, day(0)).unwrap();
    record(&run, "a.xva", Verdict::Sound, day(0));
    let known = |now| {
        let recent = state.recent(&key("a.xva"), &print(7), DAY * 30, day(now));
        recent.unwrap().is_some()
    };
    assert!(known(1));
    let mut bad = entry("a.xva", Verdict::Damaged);
    bad.error = None;
    let part = Extent::Part(Part::new(3, 7).unwrap());
    run.record(&key("a.xva"), &print(7), &Outcome::new(&bad, part, day(1)))
        .unwrap();
    assert!(!known(2));
    record(&run, "a.xva", Verdict::Unreadable, day(2));
    assert!(!known(3));
    record(&run, "a.xva", Verdict::Sound, day(3));
    assert!(known(4));
}

#[test]
fn a_clock_that_was_set_back_does_not_leave_out_for_ever() {
    let folder = Folder::new();
    let state = folder.open();
    let run = state.begin(&identity(), true, day(9_000)).unwrap();
    record(&run, "a.xva", Verdict::Sound, day(9_000));
    let known = |now| {
        let recent = state.recent(&key("a.xva"), &print(7), DAY * 30, now);
        recent.unwrap().is_some()
    };
    assert!(!known(day(3_000)));
    // Verified again with the right clock, it counts from then on, whatever else was once said.
    let run = state.begin(&identity(), true, day(3_000)).unwrap();
    assert_eq!(run.resumed(), None);
    record(&run, "a.xva", Verdict::Sound, day(3_000));
    assert!(known(day(3_001)));
    assert!(!known(day(3_031)));
    // Clocks of two machines differ by a little.
    assert!(known(at(3_000 * 86_400 - 60)));
}

#[test]
fn the_last_digest_of_the_same_contents() {
    let folder = Folder::new();
    let state = folder.open();
    let run = state.begin(&identity(), true, day(0)).unwrap();
    let input = entry("a.xva", Verdict::Sound);
    let outcome = Outcome {
        sha256: Some("ab12"),
        ..Outcome::new(&input, Extent::Full, day(1))
    };
    run.record(&key("a.xva"), &print(7), &outcome).unwrap();
    record(&run, "a.xva", Verdict::Sound, day(2));
    let digest = |print: &Fingerprint| state.known_digest(&key("a.xva"), print).unwrap();
    assert_eq!(digest(&print(7)), Some(("ab12".to_owned(), day(1))));
    assert_eq!(digest(&print(8)), None);
}

#[test]
fn a_record_tells_what_was_recorded() {
    let folder = Folder::new();
    let state = folder.open();
    let run = state.begin(&identity(), true, day(0)).unwrap();
    let mut input = entry("a.xva", Verdict::Suspect);
    input.kind = Some(Kind::VdiTar);
    input.findings = vec![xenspect_model::Finding::new(
        xenspect_model::Code::MemberForeign,
    )];
    let part = Part::new(4, 7).unwrap();
    let outcome = Outcome {
        input: &input,
        sha256: Some("00ff"),
        extent: Extent::Part(part),
        duration: std::time::Duration::from_millis(12_345),
        bytes_read: 99,
        at: at(1_000),
    };
    run.record(&key("a.xva"), &print(-7), &outcome).unwrap();
    let past = folder.open().history(&Default::default()).unwrap();
    let record = &past[0].verifications[0];
    assert_eq!(record.at, at(1_000));
    assert_eq!(record.print.modified, Some(-7));
    assert_eq!(record.kind, Some(Kind::VdiTar));
    assert_eq!(record.verdict, Verdict::Suspect);
    assert_eq!(record.worst, Some(Severity::Warning));
    assert_eq!(record.extent, Extent::Part(part));
    assert_eq!(record.sha256.as_deref(), Some("00ff"));
    assert_eq!(record.duration.as_millis(), 12_345);
    assert_eq!(record.bytes_read, 99);
    assert_eq!(record.tool, "0.1.0");
}

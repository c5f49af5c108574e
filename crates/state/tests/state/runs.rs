//! Runs that are interrupted and gone on with.

use xenspect_model::report::{Input, Verdict};
use xenspect_model::{Code, Finding};
use xenspect_state::{Extent, Fingerprint, Key, Outcome, RESUMED_WITHIN, Run};

use crate::{DAY, Folder, at, day, entry, identity, key, print, record};

fn done(run: &Run, name: &str) -> Option<Input> {
    run.done_already(&key(name), &print(7)).unwrap()
}

#[test]
fn a_run_goes_on_where_the_last_one_was_interrupted() {
    let folder = Folder::new();
    {
        let run = folder.open().begin(&identity(), true, at(100)).unwrap();
        assert_eq!(run.resumed(), None);
        assert_eq!(run.since(), at(100));
        for name in ["a", "b", "c"] {
            record(&run, name, Verdict::Sound, at(110));
        }
        record(&run, "gone", Verdict::Unreadable, at(110));
    }
    {
        let run = folder.open().begin(&identity(), true, at(200)).unwrap();
        let resumed = run.resumed().unwrap();
        assert_eq!((resumed.since, resumed.done), (at(100), 4));
        assert_eq!(run.since(), at(100));
        assert_eq!(done(&run, "a"), Some(entry("a", Verdict::Sound)));
        assert_eq!(done(&run, "d"), None);
        // What could not be read is tried again.
        assert_eq!(done(&run, "gone"), None);
        record(&run, "d", Verdict::Damaged, at(210));
        // What this run did itself is not taken for done, if it is given twice.
        assert_eq!(done(&run, "d"), None);
    }
    let run = folder.open().begin(&identity(), true, at(300)).unwrap();
    assert_eq!(run.resumed().unwrap().done, 5);
    assert_eq!(run.since(), at(100));
    assert_eq!(done(&run, "a"), Some(entry("a", Verdict::Sound)));
    assert_eq!(done(&run, "d"), Some(entry("d", Verdict::Damaged)));
    run.finish(at(310)).unwrap();

    let run = folder.open().begin(&identity(), true, at(400)).unwrap();
    assert_eq!(run.resumed(), None);
    assert_eq!(done(&run, "a"), None);
}

#[test]
fn what_is_not_the_same_job_is_not_gone_on_with() {
    let others = [
        identity().option("depth", "headers"),
        identity().option("shard", "1/2"),
        identity().input("/srv/other"),
        identity().sample(7),
    ];
    for other in others {
        let folder = Folder::new();
        let state = folder.open();
        record(
            &state.begin(&other, true, at(0)).unwrap(),
            "a",
            Verdict::Sound,
            at(1),
        );
        let run = state.begin(&identity(), true, at(2)).unwrap();
        assert_eq!(run.resumed(), None, "{other:?}");
        assert_eq!(done(&run, "a"), None, "{other:?}");
    }
}

#[test]
fn it_need_not_go_on() {
    let folder = Folder::new();
    let state = folder.open();
    record(
        &state.begin(&identity(), true, at(0)).unwrap(),
        "a",
        Verdict::Sound,
        at(1),
    );
    let anew = state.begin(&identity(), false, at(2)).unwrap();
    assert_eq!(anew.resumed(), None);
    assert_eq!(done(&anew, "a"), None);
    record(&anew, "b", Verdict::Sound, at(3));
    // The one before it is given up with it.
    let run = state.begin(&identity(), true, at(4)).unwrap();
    assert_eq!(run.resumed().unwrap().since, at(2));
    assert_eq!(done(&run, "a"), None);
    assert!(done(&run, "b").is_some());
}

#[test]
fn old_results_are_no_report_of_now() {
    let limit = i64::try_from(RESUMED_WITHIN.as_secs()).unwrap();
    for (now, goes_on) in [(1_000 + limit, true), (1_001 + limit, false), (0, false)] {
        let folder = Folder::new();
        let state = folder.open();
        // It began long ago and was still at work a second before it was interrupted.
        let run = state.begin(&identity(), true, at(400)).unwrap();
        record(&run, "a", Verdict::Sound, at(1_000));
        let run = state.begin(&identity(), true, at(now)).unwrap();
        assert_eq!(run.resumed().is_some(), goes_on, "{now}");
    }
}

#[test]
fn an_input_that_changed_is_verified_again() {
    let folder = Folder::new();
    let state = folder.open();
    record(
        &state.begin(&identity(), true, at(0)).unwrap(),
        "a",
        Verdict::Sound,
        at(1),
    );
    let run = state.begin(&identity(), true, at(2)).unwrap();
    let sealed = Fingerprint {
        beside: "1 1 \"a.seal.json\"\n".to_owned(),
        ..print(7)
    };
    for print in [print(8), sealed] {
        assert_eq!(run.done_already(&key("a"), &print).unwrap(), None);
    }
    assert!(done(&run, "a").is_some());
}

#[test]
fn what_another_run_found_since_counts_more() {
    let folder = Folder::new();
    let state = folder.open();
    record(
        &state.begin(&identity(), true, at(0)).unwrap(),
        "a",
        Verdict::Sound,
        at(1),
    );
    let other = identity().option("depth", "headers");
    record(
        &state.begin(&other, true, at(2)).unwrap(),
        "a",
        Verdict::Damaged,
        at(3),
    );
    let run = state.begin(&identity(), true, at(4)).unwrap();
    assert_eq!(done(&run, "a"), None);
}

#[test]
fn a_path_that_is_given_otherwise_is_reported_otherwise() {
    let folder = Folder::new();
    let state = folder.open();
    let store = tempfile::tempdir().unwrap();
    let file = store.path().join("a.xva");
    std::fs::write(&file, "x").unwrap();
    let run = state.begin(&identity(), true, at(0)).unwrap();
    let key = Key::of_path(&file);
    let input = entry("a", Verdict::Sound);
    run.record(&key, &print(7), &Outcome::new(&input, Extent::Full, at(1)))
        .unwrap();
    let run = state.begin(&identity(), true, at(2)).unwrap();
    assert!(run.done_already(&key, &print(7)).unwrap().is_some());
    let otherwise = Key::of_path(&store.path().join(".").join("a.xva"));
    assert_eq!(otherwise.text(), key.text());
    assert_eq!(run.done_already(&otherwise, &print(7)).unwrap(), None);
}

#[test]
fn entries_come_back_as_they_were() {
    let folder = Folder::new();
    let state = folder.open();
    let mut input = entry("\u{1b}[31m\u{202e}", Verdict::Damaged);
    input.error = None;
    input.bytes = u64::MAX;
    for code in Code::ALL {
        let finding = Finding::new(*code)
            .block("Ref:4", u64::MAX)
            .at(18_000_384)
            .fact("expected", "00ff")
            .fact("length", u64::MAX);
        input.findings.push(finding);
    }
    input.omitted.insert(Code::BlockChecksum, 49);
    input.copy.sidecars.push(xenspect_model::report::Sidecar {
        path: "SHA256SUMS".to_owned(),
        tells: "SHA-256".to_owned(),
        outcome: xenspect_model::report::SidecarOutcome::Wrong,
        expected: None,
        found: Some("00".to_owned()),
        detail: None,
    });
    let run = state.begin(&identity(), true, at(0)).unwrap();
    let outcome = Outcome::new(&input, Extent::Full, at(1));
    run.record(&key("a"), &print(7), &outcome).unwrap();
    let run = state.begin(&identity(), true, at(2)).unwrap();
    let back = done(&run, "a").unwrap();
    assert_eq!(back, input);
    assert_eq!(
        serde_json::to_string(&back).unwrap(),
        serde_json::to_string(&input).unwrap()
    );
}

#[test]
fn what_nobody_asks_for_is_dropped() {
    let folder = Folder::new();
    let state = folder.open();
    let count = |table: &str| -> i64 {
        let connection = rusqlite::Connection::open(folder.file()).unwrap();
        let sql = format!("SELECT count(*) FROM {table}");
        connection.query_row(&sql, [], |row| row.get(0)).unwrap()
    };
    for n in 0..5 {
        let run = state.begin(&identity(), true, day(n)).unwrap();
        record(&run, "a", Verdict::Sound, day(n));
        record(&run, "b", Verdict::Sound, day(n));
        run.finish(day(n)).unwrap();
    }
    assert_eq!((count("verifications"), count("entries")), (10, 2));
    assert_eq!((count("runs"), count("identities")), (5, 1));

    // What an interrupted run may be gone on with by is kept, though another one came in between.
    let interrupted = state.begin(&identity(), true, day(5)).unwrap();
    record(&interrupted, "a", Verdict::Sound, day(5));
    let other = identity().option("depth", "headers");
    record(
        &state.begin(&other, true, day(5)).unwrap(),
        "a",
        Verdict::Sound,
        day(5),
    );
    assert_eq!(count("entries"), 3);

    // A thousand more of the same, which would take a while one by one.
    const COLUMNS: &str = "input, run, path, at, size, modified, tag, beside, verdict, extent, duration, bytes_read, tool, sum";
    let many = format!(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) \
         INSERT INTO verifications ({COLUMNS}) SELECT {COLUMNS} FROM verifications, n WHERE id = 1"
    );
    let connection = rusqlite::Connection::open(folder.file()).unwrap();
    connection.execute(&many, []).unwrap();
    assert_eq!(count("verifications"), 1_012);
    let run = state.begin(&identity(), false, day(20)).unwrap();
    record(&run, "a", Verdict::Sound, day(20));
    assert_eq!((count("verifications"), count("entries")), (1_005, 2));
    let recent = state.recent(&key("a"), &print(7), DAY, day(20)).unwrap();
    assert_eq!(recent.unwrap().at, day(20));
}

#[test]
fn threads_share_a_run() {
    let folder = Folder::new();
    let state = folder.open();
    let run = state.begin(&identity(), true, at(0)).unwrap();
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let run = &run;
            scope.spawn(move || {
                for n in 0..10 {
                    record(run, &format!("{thread}-{n}"), Verdict::Sound, at(1));
                }
            });
        }
    });
    drop(run);
    let run = state.begin(&identity(), true, at(2)).unwrap();
    assert_eq!(run.resumed().unwrap().done, 40);
}

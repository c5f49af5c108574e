//! `history`: what a state file knows, which the library writes here.

use std::time::{Duration, SystemTime};

use xenspect_model::report::{Input, Kind, Verdict};
use xenspect_state::{Extent, Fingerprint, Key, Outcome, RunIdentity, State, Timestamp};

use crate::run::Folder;

/// Days before now, to the second.
fn ago(days: u64) -> Timestamp {
    let time = SystemTime::now() - Duration::from_secs(days * 86_400);
    let second = time.duration_since(SystemTime::UNIX_EPOCH).unwrap();
    Timestamp::from_second(second.as_secs() as i64).unwrap()
}

/// A folder with two archives and what is known of them, and of one that is gone.
fn filled() -> Folder {
    let folder = Folder::new();
    folder.put("store/web01.xva", b"x");
    folder.put("store/db01.xva", b"x");
    let state = State::open(&folder.path().join("state.db")).unwrap();
    let run = state
        .begin(&RunIdentity::new("0.1.0"), true, ago(50))
        .unwrap();
    for (name, verdict, days) in [
        ("store/web01.xva", Verdict::Sound, 50),
        ("store/db01.xva", Verdict::Sound, 40),
        ("store/gone.xva", Verdict::Sound, 40),
        ("store/web01.xva", Verdict::Suspect, 2),
        ("store/db01.xva", Verdict::Damaged, 1),
    ] {
        let mut input = Input::unreadable(name.to_owned(), String::new());
        input.kind = Some(Kind::Xva);
        input.verdict = verdict;
        let print = Fingerprint {
            size: 3 << 30,
            modified: Some(1_700_000_000_000_000_000),
            ..Fingerprint::default()
        };
        let outcome = Outcome {
            duration: Duration::from_millis(61_500),
            ..Outcome::new(&input, Extent::Full, ago(days))
        };
        let key = Key::of_path(&folder.path().join(name));
        run.record(&key, &print, &outcome).unwrap();
    }
    run.finish(ago(1)).unwrap();
    folder
}

#[test]
fn the_last_of_each_and_the_series_of_one() {
    let folder = filled();
    let all = folder.run(&["history", "--state", "state.db"]);
    assert_eq!((all.status, all.stderr.as_str()), (0, ""));
    let lines: Vec<_> = all.stdout.lines().collect();
    assert!(lines[0].starts_with("below "), "{}", all.stdout);
    for (line, name, verdict) in [
        (2, "db01.xva", "damaged"),
        (3, "web01.xva", "suspect"),
        (4, "gone.xva", "sound"),
    ] {
        assert!(lines[line].ends_with(name), "{}", all.stdout);
        assert!(lines[line].contains(verdict) && lines[line].contains("3 GiB"));
    }
    assert_eq!(lines[6], "3 inputs: 1 sound, 1 suspect, 1 damaged");

    let one = folder.run(&["history", "--state", "state.db", "store/web01.xva"]);
    assert_eq!(one.status, 0, "{}", one.stderr);
    assert!(one.stdout.contains("as it is now: verified in full at"));
    assert_eq!(one.stdout.matches("61 s").count(), 2, "{}", one.stdout);

    let recent = folder.run(&["history", "--state", "state.db", "--since", "7d", "store"]);
    assert_eq!(
        recent.stdout.matches("61 s").count(),
        2,
        "{}",
        recent.stdout
    );
}

#[test]
fn documents_and_rows() {
    let folder = filled();
    let all = folder.run(&[
        "history", "--state", "state.db", "--format", "json", "store",
    ]);
    let document = all.json();
    assert_eq!(document["inputs"][1]["count"], 2);
    assert_eq!(document["inputs"][1]["fully"]["verdict"], "suspect");
    assert_eq!(document["inputs"][0].get("fully"), None);
    let first = &document["inputs"][0]["verifications"][0];
    assert_eq!(first["modified"], "2023-11-14T22:13:20Z");
    assert_eq!(first["duration_ms"], 61_500);
    let all = folder.run(&["history", "--state", "state.db", "--format", "csv", "store"]);
    assert_eq!((all.status, all.stdout.lines().count()), (0, 6));
}

#[test]
fn what_is_due_is_exit_status_1() {
    let folder = filled();
    let due = folder.run(&["history", "--state", "state.db", "--due", "30d"]);
    assert_eq!(due.status, 1, "{}", due.stderr);
    assert!(due.stdout.contains("never"), "{}", due.stdout);
    assert!(!due.stdout.contains("web01"), "{}", due.stdout);
    assert!(
        due.stdout.contains("1 more is gone from the disk"),
        "{}",
        due.stdout
    );
    let web = folder.run(&[
        "history",
        "--state",
        "state.db",
        "--due",
        "30d",
        "store/web01.xva",
    ]);
    assert_eq!((web.status, web.stderr.as_str()), (0, ""));
    assert!(
        web.stdout.starts_with("Nothing that is there is due"),
        "{}",
        web.stdout
    );

    // Gone by itself it is due no more; with the whole store gone, nobody can say that all is well.
    std::fs::remove_file(folder.path().join("store/db01.xva")).unwrap();
    let due = folder.run(&["history", "--state", "state.db", "--due", "30d"]);
    assert_eq!(due.status, 0, "{}", due.stdout);
    std::fs::remove_dir_all(folder.path().join("store")).unwrap();
    let due = folder.run(&["history", "--state", "state.db", "--due", "30d"]);
    assert_eq!(due.status, 1, "{}", due.stdout);
    assert!(
        due.stderr.contains("is the store mounted?"),
        "{}",
        due.stderr
    );
}

#[test]
fn what_cannot_be_answered() {
    let folder = filled();
    let unknown = folder.run(&["history", "--state", "state.db", "store/new\u{1b}.xva"]);
    assert_eq!(unknown.status, 1);
    assert!(
        unknown
            .stderr
            .contains("nothing is recorded of store/new\\u{1b}.xva"),
        "{}",
        unknown.stderr
    );

    folder.put("notes.txt", b"web01 was good");
    for (file, says) in [
        ("none.db", "cannot be opened"),
        ("notes.txt", "no state file"),
        ("store", "directory"),
    ] {
        let answer = folder.run(&["history", "--state", file]);
        assert_eq!((answer.status, answer.stdout.as_str()), (2, ""), "{file}");
        assert!(answer.stderr.contains(says), "{file}: {}", answer.stderr);
    }
    assert!(!folder.path().join("none.db").exists());
    let answer = folder.run(&["history", "--state", "state.db", "--due", "soon"]);
    assert_eq!(answer.status, 2);
    assert!(answer.stderr.contains("30d"), "{}", answer.stderr);
}

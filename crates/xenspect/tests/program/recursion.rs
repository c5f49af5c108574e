//! `-r`: the backups below a directory, by name, and nothing of interest passed over in silence.

use serde_json::Value;
use xenspect_synth::{Content, Envelope};

use crate::run::{Folder, damaged, good};

/// Backups, good and bad, between files of other kinds, some of them under names that lie.
fn store() -> Folder {
    let folder = Folder::new();
    for (name, bytes) in [
        ("store/01-good.xva", good("small")),
        ("store/02-named-like-a-photo.jpg", good("gzip")),
        (
            "store/03-garbage.xva",
            Content::Random.chunk(3, 0, 0, 50_000),
        ),
        ("store/04-letter.txt", b"Dear reader".to_vec()),
        ("store/05-empty.xva", Vec::new()),
        ("store/06-empty.txt", Vec::new()),
        (
            "store/07-broken.gz",
            Envelope::Gzip.encode(&good("small"))[..60].to_vec(),
        ),
        ("store/08-unfinished.xva.part", vec![0; 200_000]),
        ("store/2025/november/db.xva", damaged("flip-block-byte")),
        ("store/2025/november/notes", b"none".to_vec()),
        ("store/2025/october/db.vmmeta", good("metadata-only")),
        ("store/2026/disk.tar", good("per-disk-export")),
    ] {
        folder.put(name, &bytes);
    }
    folder
}

fn paths_and_verdicts(report: &Value) -> Vec<(&str, &str)> {
    let inputs = report["inputs"].as_array().unwrap();
    inputs
        .iter()
        .map(|input| {
            (
                input["path"].as_str().unwrap(),
                input["verdict"].as_str().unwrap(),
            )
        })
        .collect()
}

#[test]
fn a_tree_is_verified_by_name_and_only_what_concerns_backups_is_reported() {
    let folder = store();
    let answer = folder.run(&["verify", "-r", "--format", "json", "store"]);
    assert_eq!(answer.status, 2);
    let report = answer.json();
    assert_eq!(
        paths_and_verdicts(&report),
        [
            ("store/01-good.xva", "sound"),
            ("store/02-named-like-a-photo.jpg", "sound"),
            ("store/03-garbage.xva", "unreadable"),
            ("store/05-empty.xva", "unreadable"),
            ("store/07-broken.gz", "unreadable"),
            ("store/08-unfinished.xva.part", "unreadable"),
            ("store/2025/november/db.xva", "damaged"),
            ("store/2025/october/db.vmmeta", "sound"),
            ("store/2026/disk.tar", "sound"),
        ]
    );
    assert_eq!(
        answer.stderr,
        "xenspect: passed over, being no backups: 3 (store/04-letter.txt, \
         store/06-empty.txt, store/2025/november/notes)\n"
    );
}

#[test]
fn two_runs_are_the_same() {
    let folder = store();
    let args = ["verify", "-r", "--format", "json", "store"];
    assert_eq!(folder.run(&args).stdout, folder.run(&args).stdout);
}

#[test]
fn a_directory_without_r_is_an_error_that_says_how() {
    let folder = store();
    let answer = folder.run(&["verify", "--format", "json", "store"]);
    assert_eq!(answer.status, 2);
    let error = answer.input()["error"].as_str().unwrap().to_owned();
    assert_eq!(error, "is a directory; use -r for the backups below it");
}

#[test]
fn directories_and_files_go_together_in_the_order_given() {
    let folder = store();
    folder.put("letter.txt", b"Dear reader");
    let args = [
        "verify",
        "-r",
        "--format",
        "json",
        "--quiet",
        "letter.txt",
        "store/2026",
    ];
    let report = folder.run(&args).json();
    // Given by name, a letter is named although below a directory it is not.
    let expected = [
        ("letter.txt", "unreadable"),
        ("store/2026/disk.tar", "sound"),
    ];
    assert_eq!(paths_and_verdicts(&report), expected);
}

#[test]
fn nothing_to_verify_is_2_and_said() {
    let folder = Folder::with("store/letter.txt", b"Dear reader");
    let answer = folder.run(&["verify", "-r", "store"]);
    assert_eq!((answer.status, answer.stdout.as_str()), (2, ""));
    assert_eq!(
        answer.stderr,
        "xenspect: passed over, being no backups: 1 (store/letter.txt)\n\
         xenspect: no backup was found below store\n"
    );
    // A program that reads the report gets one.
    let answer = folder.run(&["verify", "-r", "--format", "json", "store"]);
    assert_eq!(answer.status, 2);
    assert_eq!(answer.json()["inputs"], serde_json::json!([]));
}

#[cfg(unix)]
#[test]
fn links_are_not_followed() {
    let folder = store();
    let to = folder.path().join("store/2026/loop");
    std::os::unix::fs::symlink("..", to).unwrap();
    let answer = folder.run(&["verify", "-r", "--format", "json", "store/2026"]);
    assert!(
        answer
            .stderr
            .contains("being links or no files: 1 (store/2026/loop)"),
        "{}",
        answer.stderr
    );
    assert_eq!(
        paths_and_verdicts(&answer.json()),
        [("store/2026/disk.tar", "sound")]
    );
}

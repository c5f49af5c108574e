//! Standard streams that are closed, and readers that go away.

use std::fs;
use std::process::Command;

use super::answer;
use crate::run::{Answer, Folder, good, path};

/// Commands that write much to standard output, with their status.
const COMMANDS: [(&[&str], i32); 9] = [
    (&["verify", "in"], 0),
    (&["verify", "--format", "jsonl", "in"], 0),
    (&["inspect", "in"], 0),
    (&["ls", "in"], 0),
    (&["cat", "in", "ova.xml"], 0),
    (&["diff", "--format", "html", "in", "in"], 0),
    (&["seal", "--quiet", "-o", "-", "in"], 0),
    (&["redact", "--quiet", "-o", "-", "in"], 0),
    (&["explain", "--list"], 0),
];

/// Runs the program in a line of a shell, where `PROGRAM` stands for it and its arguments.
fn shell(folder: &Folder, line: &str, args: &[&str]) -> Answer {
    let program = format!("{} \"$@\"", path().display());
    let output = Command::new("sh")
        .current_dir(folder.path())
        .args(["-c", &line.replace("PROGRAM", &program), "sh"])
        .args(args)
        .env("LC_ALL", "C.UTF-8")
        .output()
        .unwrap();
    answer(output)
}

#[test]
fn a_reader_that_has_gone_away_is_no_failure_and_nothing_is_said() {
    let folder = Folder::with("in", &good("two-disks"));
    for (args, status) in COMMANDS {
        let answer = shell(&folder, "{ PROGRAM; echo $? >&2; } | head -c0", args);
        assert_eq!(answer.stderr, format!("{status}\n"), "{args:?}");
        let late = shell(&folder, "{ PROGRAM; echo $? >&2; } | head -c1", args);
        assert_eq!(late.stderr, format!("{status}\n"), "{args:?}");
    }
}

#[test]
fn closed_streams_are_no_failure_and_never_an_input() {
    let bytes = good("two-disks");
    let folder = Folder::with("in", &bytes);
    for (args, status) in COMMANDS {
        let whole = shell(&folder, "PROGRAM", args);
        assert_eq!(whole.status, status, "{args:?}: {}", whole.stderr);
        let closed = shell(&folder, "PROGRAM >&-", args);
        assert_eq!(
            (closed.status, closed.stderr),
            (status, whole.stderr.clone()),
            "{args:?}"
        );
        for line in ["PROGRAM 2>&-", "PROGRAM <&-", "PROGRAM <&- 2>&-"] {
            let closed = shell(&folder, line, args);
            let is_random = args[0] == "redact";
            assert_eq!(closed.status, status, "{line} {args:?}");
            assert!(
                closed.stdout == whole.stdout || is_random,
                "{line} {args:?}"
            );
        }
        // No file that was opened has taken the number of a stream.
        assert!(
            fs::read(folder.path().join("in")).unwrap() == bytes,
            "{args:?}"
        );
    }
    let nothing = shell(&folder, "PROGRAM <&-", &["verify", "-"]);
    assert_eq!(nothing.status, 2, "{}", nothing.stdout);
}

#[test]
fn a_copy_and_reports_in_files_come_whole_with_all_streams_closed() {
    let bytes = good("two-disks");
    let folder = Folder::with("in", &bytes);
    let args = ["verify", "--tee", "out", "--report", "json=r.json", "in"];
    let answer = shell(&folder, "PROGRAM <&- >&- 2>&-", &args);
    assert_eq!(answer.status, 0);
    assert!(fs::read(folder.path().join("out")).unwrap() == bytes);
    let report = fs::read(folder.path().join("r.json")).unwrap();
    let report: serde_json::Value = serde_json::from_slice(&report).unwrap();
    assert_eq!(report["inputs"][0]["verdict"], "sound");
    assert_eq!(folder.names(), ["in", "out", "r.json"]);
}

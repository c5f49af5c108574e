//! Reads that fail. What is said of which range is tested with the rules (`rules/tests/storage`); here it is that no command takes an
//! input for good that was not read, and that none leaves half a file.

use std::fs;

use super::{Traced, can_trace, kinds, left_over};
use crate::run::{Answer, Folder};

/// What is done with `in`, and the file that is written by it.
const COMMANDS: [(&[&str], Option<&str>); 7] = [
    (&["verify", "--format", "json", "in"], None),
    (
        &["verify", "--format", "json", "--tee", "out", "in"],
        Some("out"),
    ),
    (
        &["verify", "--format", "json", "--against", "other", "in"],
        None,
    ),
    (&["verify", "--format", "json", "--state", "st", "in"], None),
    (&["seal", "-o", "out", "in"], Some("out")),
    (
        &[
            "redact",
            "--with-disks",
            "--key-file",
            "key",
            "-o",
            "out",
            "in",
        ],
        Some("out"),
    ),
    (&["diff", "--read-blocks", "in", "other"], None),
];

/// No read of the input comes to anything.
const ALL: [&str; 1] = ["pread64,preadv2:error=EIO:when=1+"];
/// What is short is asked of the page cache first. Where that has nothing every read is a `pread64`, so that they can be counted as they
/// come.
const NOT_IN_MEMORY: &str = "preadv2:error=EAGAIN";
/// Reads are counted in each thread by itself, and of each call by itself. The first four of a file are of its front: two that tell
/// whether it is an archive, and the same two again.
const RULES: [&[&str]; 5] = [
    &ALL,
    // A file that is in memory: its later headers, and later pieces of blocks.
    &["pread64,preadv2:error=EIO:when=5+"],
    // All behind the front.
    &[NOT_IN_MEMORY, "pread64:error=EIO:when=5+"],
    // One alone, the first behind the front: a header, a document, a piece of what is packed or copied.
    &[NOT_IN_MEMORY, "pread64:error=EIO:when=5"],
    // One alone behind the description of an export: a header or a piece.
    &[NOT_IN_MEMORY, "pread64:error=EIO:when=8"],
];

fn scene(bytes: &[u8]) -> Folder {
    let folder = Folder::with("in", bytes);
    folder.put("other", bytes);
    folder.put("key", b"a key");
    folder
}

/// The file that a run has written, if it has.
fn written(folder: &Folder, out: Option<&str>) -> Option<Vec<u8>> {
    fs::read(folder.path().join(out?)).ok()
}

/// What a report says of `in`.
fn verdict(answer: &Answer) -> String {
    let report = answer.json();
    let inputs = report["inputs"].as_array().unwrap();
    let of_in = inputs.iter().find(|input| input["path"] == "in").unwrap();
    of_in["verdict"].as_str().unwrap().to_owned()
}

fn is_long() -> bool {
    std::env::var_os("XENSPECT_LONG").is_some()
}

#[test]
fn reads_that_fail_are_never_a_good_backup() {
    if !can_trace() {
        return;
    }
    for (kind, bytes) in kinds() {
        for (args, out) in COMMANDS {
            let clean = scene(&bytes);
            let expected = clean.run(args);
            for inject in RULES {
                // All of them for all kinds take minutes, most of which are the tracer's.
                if kind != "export" && ![RULES[0], RULES[2]].contains(&inject) && !is_long() {
                    continue;
                }
                let folder = scene(&bytes);
                let traced = Traced {
                    folder: &folder,
                    only: Some("in"),
                    inject,
                };
                let (answer, injected) = traced.run(args);
                let said = format!(
                    "{kind} {args:?} {inject:?}: {} {}",
                    answer.stdout, answer.stderr
                );
                let is_all = inject == ALL;
                // Of an export each rule meets something; others are not read as often.
                assert!(injected || !is_all && kind != "export", "{said}");
                assert_eq!(left_over(folder.path()), [""; 0], "{said}");
                assert_eq!(fs::read(folder.path().join("in")).unwrap(), bytes);
                let is_clean =
                    (answer.status, &answer.stdout) == (expected.status, &expected.stdout);
                // Nobody can do without all behind the front of an export.
                let needs_it = kind == "export" && inject == RULES[2];
                assert!(!(is_clean && needs_it), "{said}");
                if !injected || is_clean && !is_all {
                    // It was read at the next try, or nobody needs it.
                    assert!(is_clean, "{said}");
                    assert!(written(&folder, out) == written(&clean, out), "{said}");
                    continue;
                }
                assert_ne!(answer.status, 0, "{said}");
                assert_eq!(written(&folder, out), None, "{said}");
                if is_all {
                    assert_eq!(answer.status, 2, "{said}");
                    if args[0] == "verify" {
                        assert_eq!(verdict(&answer), "unreadable", "{said}");
                    }
                }
                if args[0] == "verify" && answer.status == 1 {
                    let verdict = verdict(&answer);
                    assert!(
                        ["damaged", "incomplete"].contains(&verdict.as_str()),
                        "{said}"
                    );
                    assert!(answer.stdout.contains("source/read-error"), "{said}");
                }
            }
        }
    }
}

#[test]
fn interrupted_calls_are_no_faults() {
    if !can_trace() {
        return;
    }
    for (kind, bytes) in kinds() {
        for (args, out) in COMMANDS {
            let clean = scene(&bytes);
            let expected = clean.run(args);
            let folder = scene(&bytes);
            let traced = Traced {
                folder: &folder,
                only: Some("in"),
                inject: &["pread64,preadv2:error=EINTR:when=1+2"],
            };
            let (answer, injected) = traced.run(args);
            let said = format!("{kind} {args:?}: {} {}", answer.stdout, answer.stderr);
            assert!(injected, "{said}");
            assert_eq!(
                (answer.status, &answer.stdout),
                (expected.status, &expected.stdout),
                "{said}"
            );
            assert!(written(&folder, out) == written(&clean, out), "{said}");
        }
    }
}

#[test]
fn interrupted_calls_of_pipes_and_files_that_are_written_are_no_faults() {
    if !can_trace() {
        return;
    }
    for (kind, bytes) in kinds() {
        let folder = Folder::new();
        let args = [
            "verify",
            "--format",
            "json",
            "--tee",
            "out",
            "--report",
            "json=r.json",
            "-",
        ];
        // The first reads are those of the loader.
        let inject = ["read:error=EINTR:when=12+2", "write:error=EINTR:when=1+2"];
        let traced = Traced {
            folder: &folder,
            only: None,
            inject: &inject,
        };
        let (answer, injected) = traced.pipe(&args, bytes.clone());
        assert!(injected);
        assert_eq!(answer.status, 0, "{kind}: {}", answer.stderr);
        assert!(
            fs::read(folder.path().join("out")).unwrap() == bytes,
            "{kind}"
        );
        assert_eq!(
            fs::read_to_string(folder.path().join("r.json")).unwrap(),
            answer.stdout
        );
    }
}

#[test]
fn a_pipe_that_fails_is_no_end_of_the_input() {
    if !can_trace() {
        return;
    }
    // Short ones are read before.
    let long = kinds()
        .into_iter()
        .filter(|(_, bytes)| bytes.len() > 4 << 20);
    let long: Vec<_> = long.collect();
    assert!(long.len() > 1);
    for (kind, bytes) in long {
        let folder = Folder::new();
        // Behind those of the loader and of the start; how many there are is of no account.
        for rule in ["read:error=EIO:when=25+", "read:error=EIO:when=40+"] {
            let traced = Traced {
                folder: &folder,
                only: None,
                inject: &[rule],
            };
            let (answer, injected) =
                traced.pipe(&["verify", "--alone", "--tee", "out", "-"], bytes.clone());
            assert!(injected, "{kind} {rule}");
            assert_ne!(answer.status, 0, "{kind} {rule}: {}", answer.stdout);
            assert!(!folder.path().join("out").exists(), "{kind} {rule}");
            assert_eq!(left_over(folder.path()), [""; 0]);
            let _ = fs::remove_file(folder.path().join("out"));
            let _ = fs::remove_file(folder.path().join("out.damaged"));
        }
    }
}

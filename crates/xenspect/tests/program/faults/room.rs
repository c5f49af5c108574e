//! File systems without room, and those that may not be written: in a namespace of the test's own.

use std::fs;
use std::process::Command;

use super::{answer, can_mount};
use crate::run::{Answer, Folder, good, path};

/// Runs the program with `there` in its folder being a file system of so many KiB, or one that can only be read. What is in it
/// behind the run is listed at the end of standard error.
fn run(folder: &Folder, mount: &str, args: &[&str]) -> (Answer, Vec<String>) {
    fs::create_dir_all(folder.path().join("there")).unwrap();
    let program = path().display();
    let script = format!(
        "{mount} && {{ {program} \"$@\"; status=$?; echo there: >&2; ls -A there | tr '\\n' ' ' >&2; exit $status; }}"
    );
    let output = Command::new("unshare")
        .current_dir(folder.path())
        .args(["-Urm", "sh", "-c", &script, "sh"])
        .args(args)
        .env("LC_ALL", "C.UTF-8")
        .output()
        .unwrap();
    let mut answer = answer(output);
    let said = std::mem::take(&mut answer.stderr);
    let (said, names) = said.split_once("there:\n").expect("a list of names");
    answer.stderr = said.to_owned();
    let names = names.split_whitespace().map(str::to_owned).collect();
    (answer, names)
}

const SMALL: &str = "mount -t tmpfs -o size=1024k none there";
const FULL: &str =
    "mount -t tmpfs -o size=64k none there && { cat /dev/zero > there/filler 2> /dev/null; true; }";
const CLOSED: &str = "mount --bind there there && mount -o remount,ro,bind there";

#[test]
fn a_full_disk_is_told_and_loses_no_report() {
    if !can_mount() {
        return;
    }
    let folder = Folder::with("in", &good("two-disks"));
    let alone = folder.run(&["verify", "in"]);
    for (mount, args, left) in [
        (SMALL, &["verify", "--tee", "there/out", "in"][..], &[][..]),
        (FULL, &["verify", "--tee", "there/out", "in"], &["filler"]),
        (
            FULL,
            &["verify", "--report", "json=there/out", "in"],
            &["filler"],
        ),
        (
            FULL,
            &["verify", "--report", "jsonl=there/out", "in"],
            &["filler"],
        ),
        (
            FULL,
            &["verify", "--write-baseline", "there/out", "in"],
            &["filler"],
        ),
        (
            FULL,
            &["verify", "--state", "there/st", "in"],
            &["filler", "st"],
        ),
        (FULL, &["seal", "-o", "there/out", "in"], &["filler"]),
        (
            SMALL,
            &["redact", "--with-disks", "-o", "there/out", "in"],
            &[],
        ),
    ] {
        let (answer, names) = run(&folder, mount, args);
        let said = format!("{args:?}: {} {}", answer.stdout, answer.stderr);
        assert_eq!(answer.status, 2, "{said}");
        assert_eq!(names, left, "{said}");
        assert!(
            answer.stderr.contains("full") || answer.stderr.contains("No space"),
            "{said}"
        );
        if args[0] == "verify" {
            assert_eq!(answer.stdout, alone.stdout, "{said}");
        }
    }
}

#[test]
fn a_disk_that_gets_full_in_the_middle_of_a_run_loses_no_report() {
    if !can_mount() {
        return;
    }
    let folder = Folder::new();
    for n in 0..12 {
        folder.put(&format!("s/{n:02}.xva"), &good("small"));
    }
    let alone = folder.run(&["verify", "-r", "s"]);
    // Room for the tables and a few of the inputs.
    let mount = "mount -t tmpfs -o size=84k none there";
    let args = ["verify", "-r", "--settle", "0s", "--state", "there/st", "s"];
    let (answer, names) = run(&folder, mount, &args);
    assert_eq!(answer.status, 2, "{}", answer.stderr);
    assert_eq!(answer.stdout, alone.stdout);
    assert!(
        answer.stderr.contains("the disk is full"),
        "{}",
        answer.stderr
    );
    assert_eq!(names, ["st"]);
}

#[test]
fn a_folder_that_cannot_be_written_is_told_before_anything_is_read() {
    if !can_mount() {
        return;
    }
    let folder = Folder::with("there/in", &good("small"));
    let alone = folder.run(&["verify", "there/in"]);
    // Of files that are only read, nothing is missed.
    let (read, _) = run(&folder, CLOSED, &["verify", "there/in"]);
    assert_eq!((read.status, &read.stdout), (0, &alone.stdout));
    for args in [
        &["verify", "--tee", "there/out", "there/in"][..],
        &["verify", "--report", "json=there/out", "there/in"],
        &["verify", "--report", "jsonl=there/out", "there/in"],
        &["verify", "--write-baseline", "there/out", "there/in"],
        &["seal", "there/in"],
        &["redact", "-o", "there/out", "there/in"],
    ] {
        let (answer, names) = run(&folder, CLOSED, args);
        let said = format!("{args:?}: {} {}", answer.stdout, answer.stderr);
        assert_eq!(answer.status, 2, "{said}");
        assert_eq!(names, ["in"], "{said}");
        assert!(!answer.stdout.contains("SOUND"), "{said}");
        let why = format!("{}{}", answer.stdout, answer.stderr);
        assert!(why.contains("read-only"), "{said}");
    }
}

#[test]
fn a_state_file_that_cannot_be_written_takes_no_verification_with_it() {
    if !can_mount() {
        return;
    }
    let folder = Folder::with("there/in", &good("small"));
    let alone = folder.run(&["verify", "there/in"]);
    let args = ["verify", "--state", "there/st", "there/in"];
    let (none, _) = run(&folder, CLOSED, &args);
    assert_eq!(folder.run(&args).status, 0);
    let (kept, names) = run(&folder, CLOSED, &args);
    assert_eq!(names, ["in", "st"]);
    for answer in [none, kept] {
        assert_eq!(
            (answer.status, &answer.stdout),
            (2, &alone.stdout),
            "{}",
            answer.stderr
        );
        assert!(
            answer.stderr.contains("the state file cannot be used: "),
            "{}",
            answer.stderr
        );
    }
}

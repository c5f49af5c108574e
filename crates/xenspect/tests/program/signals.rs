//! Signals, and readers of the report that go away.

use std::io::Write;
use std::process::{Child, ChildStdin, Command, ExitStatus, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::run::{codes, damaged, good, program};

/// Longer than any run here takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// The program, verifying what is written to the pipe.
fn verify(args: &[&str]) -> (Child, ChildStdin) {
    let mut child = program()
        .arg("verify")
        .args(args)
        .arg("-")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let pipe = child.stdin.take().unwrap();
    (child, pipe)
}

fn interrupt(child: &Child) {
    let sent = Command::new("kill")
        .arg("-INT")
        .arg(child.id().to_string())
        .status()
        .unwrap();
    assert!(sent.success());
}

/// The exit status, or none when the program is still running after `patience`.
fn wait(child: &mut Child, patience: Duration) -> Option<ExitStatus> {
    let begun = Instant::now();
    while begun.elapsed() < patience {
        if let Some(status) = child.try_wait().unwrap() {
            return Some(status);
        }
        sleep(Duration::from_millis(10));
    }
    None
}

/// Output of a program that must end; one that does not is killed, and the test fails.
fn end(child: Child) -> Output {
    end_within(child, PATIENCE)
}

/// The same, with a limit that is part of what is tested.
fn end_within(mut child: Child, limit: Duration) -> Output {
    let ended = wait(&mut child, limit);
    if ended.is_none() {
        child.kill().unwrap();
    }
    let output = child.wait_with_output().unwrap();
    assert!(
        ended.is_some(),
        "still running: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    output
}

/// Feeds small pieces until the program does not take them any more.
fn drip(pipe: &mut ChildStdin, bytes: &[u8], child: &mut Child) {
    for piece in bytes.chunks(32 << 10) {
        if pipe.write_all(piece).is_err() || child.try_wait().unwrap().is_some() {
            return;
        }
        sleep(Duration::from_millis(20));
    }
    panic!("the program took all of the archive after the signal");
}

/// Eight blocks that do not compress.
fn archive() -> Vec<u8> {
    good("random")
}

fn input_of(report: &[u8]) -> Value {
    let report: Value = serde_json::from_slice(report).unwrap();
    assert_eq!(report["inputs"].as_array().unwrap().len(), 1);
    report["inputs"][0].clone()
}

#[test]
fn the_first_signal_ends_the_scan_with_a_report() {
    let bytes = archive();
    let (mut child, mut pipe) = verify(&["--format", "json"]);
    // More than a pipe holds, so the program runs and has taken most of it.
    let (first, rest) = bytes.split_at(bytes.len() / 2);
    pipe.write_all(first).unwrap();
    interrupt(&child);
    drip(&mut pipe, rest, &mut child);
    drop(pipe);
    let output = end(child);
    assert_eq!(output.status.code(), Some(130));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    let input = input_of(&output.stdout);
    assert_eq!(input["verdict"], "incomplete");
    assert_eq!(codes(&input), ["scan/interrupted"]);
    let good = input["disks"][0]["good"].as_u64().unwrap();
    assert!((2..8).contains(&good), "{good} blocks");
    assert_eq!(input["disks"][0]["bad"], 0);
}

#[test]
fn an_interrupted_damaged_backup_is_damaged_and_130() {
    let bytes = archive();
    let mut bytes = bytes;
    // Within the first block.
    bytes[200_000] ^= 1;
    let (mut child, mut pipe) = verify(&["--format", "json"]);
    let (first, rest) = bytes.split_at(bytes.len() / 2);
    pipe.write_all(first).unwrap();
    interrupt(&child);
    drip(&mut pipe, rest, &mut child);
    drop(pipe);
    let output = end(child);
    assert_eq!(output.status.code(), Some(130));
    let input = input_of(&output.stdout);
    assert_eq!(input["verdict"], "damaged");
    assert_eq!(
        codes(&input),
        ["xva/block-checksum-mismatch", "scan/interrupted"]
    );
}

#[test]
fn a_signal_before_anything_is_known_is_130() {
    let bytes = archive();
    let (mut child, mut pipe) = verify(&["--format", "json"]);
    // The program has installed its handler once it reads.
    pipe.write_all(&bytes[..300]).unwrap();
    sleep(Duration::from_millis(500));
    interrupt(&child);
    sleep(Duration::from_millis(200));
    let _ = pipe.write_all(&bytes[300..100_000]);
    drop(pipe);
    let ended = wait(&mut child, PATIENCE);
    assert!(ended.is_some());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130));
    let input = input_of(&output.stdout);
    assert_ne!(input["verdict"], "sound");
}

/// Gives a run half an archive, leaves the pipe open, and interrupts it so many times. It must end
/// with 130 by itself.
fn interrupted_on_a_stalled_pipe(times: usize) -> Output {
    let bytes = archive();
    let (child, mut pipe) = verify(&["--format", "json"]);
    pipe.write_all(&bytes[..bytes.len() / 2]).unwrap();
    for _ in 0..times {
        interrupt(&child);
    }
    let output = end_within(child, Duration::from_secs(10));
    drop(pipe);
    assert_eq!(output.status.code(), Some(130));
    output
}

/// The other end of the pipe says nothing more, and does not close it either.
#[test]
fn a_signal_ends_a_run_whose_pipe_has_stalled() {
    let output = interrupted_on_a_stalled_pipe(1);
    let input = input_of(&output.stdout);
    assert_eq!(input["verdict"], "incomplete");
    assert_eq!(codes(&input), ["scan/interrupted"]);
}

/// Which of the two ends the program is a matter of luck; that they do not get in each other's
/// way is not.
#[test]
fn two_signals_in_a_row_end_the_program_with_130() {
    let output = interrupted_on_a_stalled_pipe(2);
    // A whole report or none, never a part.
    if !output.stdout.is_empty() {
        assert_eq!(input_of(&output.stdout)["verdict"], "incomplete");
    }
}

#[test]
fn a_closed_standard_output_is_no_failure_and_keeps_the_status() {
    for (bytes, status) in [
        (good("small"), 0),
        (damaged("flip-sum-digit"), 1),
        (vec![7; 9000], 2),
    ] {
        for args in [&["--format", "json"][..], &[]] {
            let (mut child, mut pipe) = verify(args);
            // Nobody reads, before there is anything to read.
            drop(child.stdout.take());
            let _ = pipe.write_all(&bytes);
            drop(pipe);
            let output = end(child);
            assert_eq!(output.status.code(), Some(status), "{args:?}");
            assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{args:?}");
        }
    }
}

#[test]
fn a_closed_standard_output_is_no_failure_of_explain_either() {
    let mut child = program()
        .args(["explain", "--list"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = end(child);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

/// `/dev/full` refuses every write as a full disk does.
#[cfg(target_os = "linux")]
#[test]
fn a_report_that_cannot_be_written_is_said_and_2() {
    let full = || {
        std::fs::OpenOptions::new()
            .write(true)
            .open("/dev/full")
            .unwrap()
    };
    let folder = crate::run::Folder::with("a.xva", &good("small"));
    let mut command = program();
    command.current_dir(folder.path()).args(["verify", "a.xva"]);
    let output = command
        .stdout(full())
        .stderr(Stdio::piped())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        said.starts_with("xenspect: cannot write the report: "),
        "{said}"
    );
}

#[test]
fn an_interrupted_run_ends_the_same_in_every_form() {
    let bytes = archive();
    for form in crate::formats::FORMS {
        let (mut child, mut pipe) = verify(&["--format", form]);
        let (first, rest) = bytes.split_at(bytes.len() / 2);
        pipe.write_all(first).unwrap();
        interrupt(&child);
        drip(&mut pipe, rest, &mut child);
        drop(pipe);
        let output = end(child);
        let status = if form == "nagios" { 3 } else { 130 };
        assert_eq!(output.status.code(), Some(status), "{form}");
        let told = String::from_utf8_lossy(&output.stdout);
        assert!(!told.is_empty(), "{form}");
        if form == "jsonl" {
            assert!(
                told.ends_with("\"exit_status\":130,\"interrupted\":true}\n"),
                "{told}"
            );
        }
    }
}

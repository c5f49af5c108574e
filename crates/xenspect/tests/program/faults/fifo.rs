//! FIFOs, which wait in the moment in which they are opened for somebody who writes into them.

use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::{PATIENCE, Traced, can_trace, left_over, send, status};
use crate::run::{Answer, Folder, good, program};

/// Everything that reads a FIFO as its input.
const COMMANDS: [&[&str]; 10] = [
    &["verify", "fifo"],
    &["verify", "--jobs", "2", "fifo", "other"],
    &["verify", "--tee", "out", "--report", "json=r.json", "fifo"],
    &["verify", "--io-limit", "100M", "fifo"],
    &["seal", "-o", "out", "fifo"],
    &["inspect", "fifo"],
    &["ls", "fifo"],
    &["cat", "fifo", "ova.xml"],
    &["redact", "--quiet", "-o", "out", "fifo"],
    &["diff", "fifo", "other"],
];

fn scene() -> Folder {
    let folder = Folder::with("other", &good("small"));
    let made = Command::new("mkfifo")
        .arg("fifo")
        .current_dir(folder.path())
        .status();
    assert!(made.is_ok_and(|status| status.success()));
    folder
}

/// Waits until a process handles a signal to end.
fn is_ready(process: u32) {
    const TERM: u32 = 15;
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        let told = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
        let mask = told.lines().find_map(|line| line.strip_prefix("SigCgt:"));
        let mask = u64::from_str_radix(mask.unwrap().trim(), 16).unwrap();
        if mask & (1 << (TERM - 1)) != 0 {
            return;
        }
        sleep(Duration::from_millis(5));
    }
    panic!("it handles no signals");
}

#[test]
fn a_signal_ends_a_run_whose_fifo_nobody_writes_into() {
    for args in COMMANDS {
        let folder = scene();
        let mut child = program()
            .current_dir(folder.path())
            .args(args)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        is_ready(child.id());
        // Long enough to have come to the FIFO.
        sleep(Duration::from_millis(300));
        assert!(child.try_wait().unwrap().is_none(), "{args:?}");
        send("-TERM", child.id());
        let begun = Instant::now();
        while child.try_wait().unwrap().is_none() && begun.elapsed() < Duration::from_secs(10) {
            sleep(Duration::from_millis(5));
        }
        // One that waits for ever must not outlive the test.
        let _ = child.kill();
        let ended = status(&mut child);
        assert_eq!(ended, Some(130), "{args:?}");
        assert_eq!(left_over(folder.path()), [""; 0], "{args:?}");
        assert!(!folder.path().join("out").exists(), "{args:?}");
    }
}

/// Feeds the FIFO once, as somebody does who does not come again.
fn fed(folder: &Folder, bytes: &[u8], run: impl FnOnce() -> Answer) -> Answer {
    let path = folder.path().join("fifo");
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            let mut fifo = fs::File::options().write(true).open(path).unwrap();
            // A reader that has enough goes away.
            let _ = fifo.write_all(bytes);
        });
        let answer = run();
        writer.join().unwrap();
        answer
    })
}

#[test]
fn what_comes_through_a_fifo_is_read_as_standard_input_is() {
    let bytes = good("random");
    for args in COMMANDS {
        let folder = scene();
        let by_fifo = fed(&folder, &bytes, || folder.run(args));
        let written = fs::read(folder.path().join("out"));
        let _ = fs::remove_file(folder.path().join("out"));
        let dashed: Vec<&str> = args
            .iter()
            .map(|arg| if *arg == "fifo" { "-" } else { arg })
            .collect();
        let by_pipe = folder.pipe(&dashed, bytes.clone());
        let said = format!("{args:?}: {}", by_fifo.stderr);
        assert_eq!(by_fifo.status, by_pipe.status, "{said}");
        let told = by_pipe.stdout.replace("standard input", "fifo");
        assert!(by_fifo.stdout == told, "{said}: {}", by_fifo.stdout);
        let piped = fs::read(folder.path().join("out"));
        assert_eq!(written.is_ok(), piped.is_ok(), "{said}");
        if args.contains(&"--tee") {
            assert!(written.unwrap() == bytes, "{said}");
        }
    }
}

#[test]
fn a_fifo_is_opened_once() {
    if !can_trace() {
        return;
    }
    let bytes = good("random");
    for args in COMMANDS {
        let folder = scene();
        let log = tempfile::NamedTempFile::new().unwrap();
        let traced = Traced {
            folder: &folder,
            only: None,
            // Nothing is tampered with.
            inject: &["open,openat,openat2:delay_exit=1"],
        };
        fed(&folder, &bytes, || {
            let output = traced.command(args, log.path()).output().unwrap();
            super::answer(output)
        });
        let calls = fs::read_to_string(log.path()).unwrap();
        let opened = calls.lines().filter(|line| line.contains("\"fifo\""));
        let opened: Vec<&str> = opened.collect();
        assert_eq!(opened.len(), 1, "{args:?}: {opened:?}");
    }
}

//! Inputs that change while they are read. A run is stopped in the middle of its reading, the file is changed, and the run goes on.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::process::Stdio;
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::{PATIENCE, Traced, answer, can_trace, kinds, left_over, send};
use crate::run::{Answer, Folder, codes};

/// Something that is done to a file, and its name.
type Change = (&'static str, fn(&Path));

/// What is done to a file while it is read.
const CHANGES: [Change; 6] = [
    ("cut", |path| {
        let file = File::options().write(true).open(path).unwrap();
        file.set_len(file.metadata().unwrap().len() / 2).unwrap();
    }),
    ("grown", |path| {
        let mut file = File::options().append(true).open(path).unwrap();
        file.write_all(&[0; 4096]).unwrap();
    }),
    ("written to", |path| {
        let bytes = fs::read(path).unwrap();
        let mut file = File::options().write(true).open(path).unwrap();
        file.write_all(&bytes[..1]).unwrap();
    }),
    ("touched", |path| {
        let file = File::options().write(true).open(path).unwrap();
        file.set_modified(std::time::SystemTime::UNIX_EPOCH)
            .unwrap();
    }),
    ("replaced", |path| {
        let other = path.with_extension("new");
        fs::copy(path, &other).unwrap();
        fs::rename(other, path).unwrap();
    }),
    ("removed", |path| fs::remove_file(path).unwrap()),
];

/// The process of a thread: a signal to a thread that has ended would reach nobody.
fn process_of(thread: &str) -> u32 {
    let status = fs::read_to_string(format!("/proc/{thread}/status")).unwrap();
    let of = |line: &str| line.strip_prefix("Tgid:").map(str::trim).map(str::to_owned);
    status.lines().find_map(of).unwrap().parse().unwrap()
}

/// Runs the program, and changes `in` while it is read.
pub(super) fn run_and(folder: &Folder, args: &[&str], change: impl FnOnce()) -> Answer {
    let log = tempfile::NamedTempFile::new().unwrap();
    let traced = Traced {
        folder,
        only: Some("in"),
        inject: &["pread64,preadv2:signal=SIGSTOP:when=3"],
    };
    let mut child = traced
        .command(args, log.path())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let begun = Instant::now();
    let stopped = loop {
        assert!(begun.elapsed() < PATIENCE);
        assert!(
            child.try_wait().unwrap().is_none(),
            "it ended before it was stopped"
        );
        let calls = fs::read_to_string(log.path()).unwrap();
        let mut lines = calls
            .lines()
            .filter(|line| line.contains("stopped by SIGSTOP"));
        if let Some(line) = lines.next() {
            break process_of(line.split_whitespace().next().unwrap());
        }
        sleep(Duration::from_millis(2));
    };
    change();
    let output = std::thread::spawn(|| child.wait_with_output().unwrap());
    // Calls are counted in each thread by itself, so it may be stopped more than once.
    while !output.is_finished() {
        send("-CONT", stopped);
        sleep(Duration::from_millis(5));
    }
    answer(output.join().unwrap())
}

#[test]
fn an_input_that_changes_while_it_is_read_is_never_good() {
    if !can_trace() {
        return;
    }
    for (kind, bytes) in kinds() {
        for (name, change) in CHANGES {
            let folder = Folder::with("in", &bytes);
            let path = folder.path().join("in");
            let answer = run_and(&folder, &["verify", "--format", "json", "in"], || {
                change(&path);
            });
            let said = format!("{kind} {name}: {} {}", answer.stdout, answer.stderr);
            // What lost its end may be nothing at all any more.
            assert!(
                answer.status == 1 || name == "cut" && answer.status == 2,
                "{said}"
            );
            if answer.status == 1 {
                let input = answer.input();
                assert!(
                    codes(&input).contains(&"source/changed-while-read"),
                    "{said}"
                );
                if name != "cut" {
                    let mut codes = codes(&input);
                    codes.retain(|code| !code.ends_with("/readable-by-others"));
                    assert_eq!(codes, ["source/changed-while-read"], "{said}");
                    assert_eq!(input["verdict"], "incomplete", "{said}");
                }
            }
        }
    }
}

#[test]
fn nothing_that_is_made_of_a_changing_input_looks_whole() {
    if !can_trace() {
        return;
    }
    let outs: [(&[&str], i32, Option<&str>); 4] = [
        (&["verify", "--tee", "out", "in"], 1, Some("out.damaged")),
        (&["seal", "-o", "out", "in"], 1, None),
        (&["redact", "--with-disks", "-o", "out", "in"], 2, None),
        (&["diff", "in", "other"], 2, None),
    ];
    let (_, bytes) = kinds().swap_remove(0);
    for (args, status, written) in outs {
        for (name, change) in CHANGES {
            let folder = Folder::with("in", &bytes);
            folder.put("other", &bytes);
            let path = folder.path().join("in");
            let answer = run_and(&folder, args, || change(&path));
            let said = format!("{args:?} {name}: {} {}", answer.stdout, answer.stderr);
            assert!(
                answer.status == status || name == "cut" && answer.status > 0,
                "{said}"
            );
            assert_eq!(left_over(folder.path()), [""; 0], "{said}");
            let names = folder.names();
            let new: Vec<&str> = names
                .iter()
                .map(String::as_str)
                .filter(|name| !["in", "other"].contains(name))
                .collect();
            assert_eq!(new, Vec::from_iter(written), "{said}");
        }
    }
}

#[test]
fn a_change_of_one_of_two_copies_is_told_of_that_one() {
    if !can_trace() {
        return;
    }
    let (_, bytes) = kinds().swap_remove(0);
    let folder = Folder::with("in", &bytes);
    folder.put("other", &bytes);
    let path = folder.path().join("in");
    let args = ["verify", "--format", "json", "--against", "in", "other"];
    let answer = run_and(&folder, &args, || CHANGES[3].1(&path));
    assert_eq!(answer.status, 1, "{}", answer.stderr);
    let report = answer.json();
    let inputs = report["inputs"].as_array().unwrap();
    let told: Vec<_> = inputs
        .iter()
        .map(|input| (input["path"].as_str().unwrap(), codes(input)))
        .collect();
    assert_eq!(
        told,
        [("other", vec![]), ("in", vec!["source/changed-while-read"])]
    );
}

#[test]
fn a_changing_input_is_never_recorded_as_good() {
    if !can_trace() {
        return;
    }
    let (_, bytes) = kinds().swap_remove(0);
    for (name, change) in CHANGES {
        let folder = Folder::with("in", &bytes);
        let path = folder.path().join("in");
        let args = ["verify", "--state", "st", "in"];
        let answer = run_and(&folder, &args, || change(&path));
        assert_ne!(answer.status, 0, "{name}: {}", answer.stdout);
        let history = folder.run(&["history", "--state", "st", "in"]);
        // A file of the same length and time is another one all the same, and that is recorded.
        assert!(
            !history.stdout.contains("in full"),
            "{name}: {}",
            history.stdout
        );
    }
}

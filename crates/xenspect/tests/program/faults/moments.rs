//! Interrupts at random moments: all that is left is whole, and the next run ends as one would that was never interrupted. Ten moments
//! of each run are tried, or as many as it takes for one of them to meet it; `XENSPECT_MOMENTS=100` tries a hundred, with figures on
//! standard error.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::{self, sleep};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::{left_over, send, status};
use crate::run::{Folder, damaged, dump, good, program, say_skipped};

/// The signals that ask a program to end.
const SIGNALS: [&str; 3] = ["-INT", "-TERM", "-HUP"];
/// How often a run is tried that no signal has met yet: one of them comes too early or too late by chance, all of them never.
const TRIES: usize = 100;

/// How many moments of a run, one of each signal in turn.
fn moments() -> usize {
    let asked = std::env::var("XENSPECT_MOMENTS");
    asked.map_or(10, |number| number.parse().unwrap())
}

/// Numbers from 0 to 1 that are the same in every run of the tests.
struct Random(u64);

impl Random {
    fn next(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }
}

/// The status of a run that was interrupted.
const INTERRUPTED: i32 = 130;

/// A run that is interrupted.
struct Run<'a> {
    name: &'a str,
    args: &'a [&'a str],
    /// Makes what it needs.
    scene: &'a dyn Fn() -> Folder,
    /// Whether it can be gone on with, and then ends as if nothing had been.
    goes_on: bool,
}

impl Run<'_> {
    fn command(&self, folder: &Folder) -> Command {
        let mut command = program();
        command.current_dir(folder.path()).args(self.args);
        command.stdin(Stdio::null()).stderr(Stdio::null());
        command.stdout(fs::File::create(folder.path().join("stdout")).unwrap());
        command
    }

    /// A run to its end: its status, how long it takes, and what it writes.
    fn whole(&self, folder: &Folder) -> (Option<i32>, Duration, BTreeMap<String, Vec<u8>>) {
        let begun = Instant::now();
        let mut child = self.command(folder).spawn().unwrap();
        let status = status(&mut child);
        (status, begun.elapsed(), files(folder.path()))
    }

    /// Interrupts it again and again.
    fn interrupt(&self) {
        let reference = (self.scene)();
        let (expected, _, wanted) = self.whole(&reference);
        // The first one may have waited for the program to be read.
        let length = (0..3).map(|_| self.whole(&(self.scene)()).1).min().unwrap();
        let mut random = Random(0x9e37_79b9_7f4a_7c15);
        let mut ended = BTreeMap::<String, usize>::new();
        let met = format!("{:?}", Some(INTERRUPTED));
        for moment in 0..moments().max(TRIES) {
            if moment >= moments() && ended.contains_key(&met) {
                break;
            }
            let folder = (self.scene)();
            let signal = SIGNALS[moment % SIGNALS.len()];
            let mut child = self.command(&folder).spawn().unwrap();
            sleep(length.mul_f64(random.next()));
            send(signal, child.id());
            let twice = moment % 4 == 3;
            if twice {
                sleep(length.mul_f64(random.next() / 8.0));
                send(signal, child.id());
            }
            let ended_with = status(&mut child);
            let said = format!(
                "{} {moment} {signal} twice: {twice}: {ended_with:?}",
                self.name
            );
            // None: before anything was begun that could be left half done.
            assert!(
                ended_with.is_none_or(|status| status == INTERRUPTED || Some(status) == expected),
                "{said}"
            );
            *ended.entry(format!("{ended_with:?}")).or_default() += 1;
            for part in [".", "s"] {
                let part = folder.path().join(part);
                if part.exists() {
                    assert_eq!(left_over(&part), [""; 0], "{said}");
                }
            }
            for (name, bytes) in files(folder.path()) {
                is_whole(&name, &bytes, &wanted, ended_with == expected, &said);
            }
            if self.goes_on {
                let (again, _, written) = self.whole(&folder);
                assert_eq!(again, expected, "{said}");
                for (name, bytes) in written {
                    // The state knows times.
                    let same =
                        name == "st" || lasting(&name, &bytes) == lasting(&name, &wanted[&name]);
                    assert!(same, "{said}: {name}");
                }
            }
        }
        assert!(ended.contains_key(&met), "{}: {ended:?}", self.name);
        if moments() > 10 {
            say_skipped(format_args!(
                "{}: {} moments of {length:?}, ended as {ended:?}",
                self.name,
                moments()
            ));
        }
    }
}

/// The files that a run wrote, without what it read.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap().map(Result::unwrap);
    let names = entries.map(|entry| entry.file_name().into_string().unwrap());
    let written = names
        .filter(|name| !(name.starts_with("in") || ["s", "key", "pool"].contains(&name.as_str())));
    written
        .map(|name| (name.clone(), fs::read(folder.join(&name)).unwrap()))
        .collect()
}

/// What does not differ from run to run.
fn lasting(name: &str, bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    match name {
        "r.jsonl" => crate::formats::without_time("jsonl", &text),
        _ => text.into_owned(),
    }
}

/// Asserts that a file is as a run to its end writes it; one of a run that was stopped may say so, or be shorter on standard output.
fn is_whole(
    name: &str,
    bytes: &[u8],
    wanted: &BTreeMap<String, Vec<u8>>,
    to_its_end: bool,
    said: &str,
) {
    let text = String::from_utf8_lossy(bytes);
    match name {
        "stdout" if !to_its_end => {}
        "r.json" => {
            let report: Value =
                serde_json::from_slice(bytes).unwrap_or_else(|error| panic!("{said}: {error}"));
            assert!(report["inputs"].is_array(), "{said}");
        }
        "r.jsonl" => {
            let last = text.lines().last().unwrap();
            assert!(last.starts_with("{\"type\":\"end\""), "{said}");
            // A signal behind the last input changes nothing any more but the status.
            assert!(
                !to_its_end || !last.contains("\"interrupted\":true"),
                "{said}"
            );
        }
        "r.html" => assert!(text.trim_end().ends_with("</html>"), "{said}"),
        // Looked at by the next run. A new one that nothing was written to yet is empty, with a journal beside it.
        "st" | "st-journal" => {}
        _ => assert!(
            Some(bytes) == wanted.get(name).map(Vec::as_slice),
            "{said}: {name}"
        ),
    }
}

#[test]
fn verify_with_everything_that_it_can_write_is_interrupted() {
    Run {
        name: "verify --tee --report",
        args: &[
            "verify",
            "-q",
            "--tee",
            "out",
            "--report",
            "json=r.json",
            "--report",
            "jsonl=r.jsonl",
            "--report",
            "html=r.html",
            "in",
        ],
        scene: &|| Folder::with("in", &good("random")),
        goes_on: false,
    }
    .interrupt();
}

#[test]
fn verify_of_a_store_is_interrupted_and_gone_on_with() {
    Run {
        name: "verify -r --state",
        args: &[
            "verify",
            "-q",
            "-r",
            "--settle",
            "0s",
            "--report",
            "json=r.json",
            "--report",
            "jsonl=r.jsonl",
            "--state",
            "st",
            "s",
        ],
        scene: &|| {
            let folder = Folder::new();
            for n in 0..6 {
                folder.put(&format!("s/{n}.xva"), &good("two-disks"));
            }
            folder.put("s/bad.xva", &damaged("flip-block-byte"));
            folder
        },
        goes_on: true,
    }
    .interrupt();
}

#[test]
fn a_seal_is_interrupted() {
    Run {
        name: "seal",
        args: &["seal", "-q", "-o", "out", "in"],
        scene: &|| Folder::with("in", &good("random")),
        goes_on: false,
    }
    .interrupt();
}

#[test]
fn a_redaction_is_interrupted() {
    Run {
        name: "redact",
        args: &[
            "redact",
            "-q",
            "--with-disks",
            "--key-file",
            "key",
            "-o",
            "out",
            "in",
        ],
        scene: &|| {
            let folder = Folder::with("in", &good("two-disks"));
            folder.put("key", b"a key");
            folder
        },
        goes_on: false,
    }
    .interrupt();
}

#[test]
fn a_join_of_reports_is_interrupted() {
    let one = Folder::with("in", &good("small"));
    let report = one.run(&["verify", "--format", "json", "in"]).stdout;
    Run {
        name: "report merge",
        args: &[
            "report",
            "merge",
            "-q",
            "--report",
            "json=r.json",
            "--report",
            "jsonl=r.jsonl",
            "--report",
            "html=r.html",
            "in.json",
        ],
        scene: &|| Folder::with("in.json", report.as_bytes()),
        goes_on: false,
    }
    .interrupt();
}

#[test]
fn a_comparison_is_interrupted() {
    Run {
        name: "diff",
        args: &["diff", "-q", "--read-blocks", "in", "in2"],
        scene: &|| {
            let folder = Folder::with("in", &good("two-disks"));
            folder.put("in2", &good("two-disks"));
            folder
        },
        goes_on: false,
    }
    .interrupt();
}

#[test]
fn a_preflight_is_interrupted() {
    Run {
        name: "preflight",
        args: &["preflight", "-q", "in", "--target", "pool"],
        scene: &|| {
            let folder = Folder::with("in", &dump("pool-8.2"));
            folder.put("pool", &dump("fresh-host"));
            folder
        },
        goes_on: false,
    }
    .interrupt();
}

/// A run that writes a copy and reports, which is given signals when it has begun and its pipe has stalled: its status, and the files
/// that are there then.
fn stalled(signals: &[&str]) -> (Option<i32>, Folder) {
    let bytes = good("random");
    let folder = Folder::new();
    let mut child = program()
        .current_dir(folder.path())
        .args(["verify", "-q", "--tee", "out"])
        .args(["--report", "json=r.json", "--report", "jsonl=r.jsonl", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut pipe = child.stdin.take().unwrap();
    std::io::Write::write_all(&mut pipe, &bytes[..bytes.len() / 2]).unwrap();
    assert!(!left_over(folder.path()).is_empty(), "it has begun");
    for signal in signals {
        send(signal, child.id());
    }
    let status = status(&mut child);
    drop(pipe);
    (status, folder)
}

/// Two interrupts at once while everything is being written end the program at once, and nothing half is left.
#[test]
fn a_second_interrupt_leaves_no_file_that_is_not_whole() {
    for _ in 0..3 {
        let (status, folder) = stalled(&["-INT", "-INT"]);
        assert_eq!(status, Some(INTERRUPTED));
        for (name, bytes) in files(folder.path()) {
            // Which of the two ends the program is a matter of luck.
            assert!(name == "r.json" || name == "r.jsonl", "{name}");
            is_whole(&name, &bytes, &BTreeMap::new(), false, "twice");
        }
    }
}

#[test]
fn a_run_that_is_killed_leaves_nothing_under_a_final_name() {
    let (status, folder) = stalled(&["-KILL"]);
    assert_eq!(status, None);
    let (names, left) = (folder.names(), left_over(folder.path()));
    assert_eq!(names.len(), left.len(), "{names:?}");
    assert_eq!(left.len(), 2, "a copy and a report that is a stream");
    assert!(names.iter().all(|name| name.starts_with(".xenspect-")));
}

/// The status of a run that a shell has put behind itself after `before`, and that gets a signal while it waits for a pipe.
fn behind_a_shell(before: &str, signal: &str) -> Option<i32> {
    let folder = Folder::with("in", &good("random"));
    // A pipe that is fed once the signal has come.
    let script = format!(
        "{before}; mkfifo fifo; {} verify -q - < fifo & run=$!; exec 3> fifo; sleep 2; kill -{signal} $run; sleep 0.1; \
         cat in >&3; exec 3>&-; wait $run",
        crate::run::path().display()
    );
    let mut child = Command::new("sh")
        .current_dir(folder.path())
        .args(["-c", &script])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    status(&mut child)
}

#[test]
fn signals_that_are_ignored_stop_nothing() {
    thread::scope(|scope| {
        for signal in ["HUP", "INT", "TERM"] {
            let before = format!("trap '' {signal}");
            scope.spawn(move || assert_eq!(behind_a_shell(&before, signal), Some(0), "{signal}"));
        }
        for signal in ["HUP", "TERM"] {
            scope.spawn(move || {
                assert_eq!(
                    behind_a_shell("true", signal),
                    Some(INTERRUPTED),
                    "{signal}"
                );
            });
        }
    });
}

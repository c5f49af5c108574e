//! Interrupts at random moments: all that is left is whole, and the next run ends as one would that was never interrupted. Ten moments
//! of each run are tried; `XENSPECT_MOMENTS=100` tries a hundred, with figures on standard error.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::{left_over, send, status};
use crate::run::{Folder, damaged, dump, good, program, say_skipped};

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
        for moment in 0..moments() {
            let folder = (self.scene)();
            let signal = if moment % 2 == 0 { "-INT" } else { "-TERM" };
            let mut child = self.command(&folder).spawn().unwrap();
            sleep(length.mul_f64(random.next()));
            send(signal, child.id());
            let twice = moment % 3 == 2;
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
                ended_with.is_none_or(|status| status == 130 || Some(status) == expected),
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
                is_whole(&name, &bytes, &wanted, ended_with != expected, &said);
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
    stopped: bool,
    said: &str,
) {
    let text = String::from_utf8_lossy(bytes);
    match name {
        "stdout" if stopped => {}
        "r.json" => {
            let report: Value =
                serde_json::from_slice(bytes).unwrap_or_else(|error| panic!("{said}: {error}"));
            assert!(report["inputs"].is_array(), "{said}");
        }
        "r.jsonl" => assert!(
            text.lines()
                .last()
                .unwrap()
                .starts_with("{\"type\":\"end\""),
            "{said}"
        ),
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

/// Two interrupts at once while everything is being written end the program at once, and nothing half is left.
#[test]
fn a_second_interrupt_leaves_no_file_that_is_not_whole() {
    let bytes = good("random");
    for _ in 0..3 {
        let folder = Folder::new();
        let mut child = program()
            .current_dir(folder.path())
            .args([
                "verify",
                "-q",
                "--tee",
                "out",
                "--report",
                "jsonl=r.jsonl",
                "-",
            ])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut pipe = child.stdin.take().unwrap();
        std::io::Write::write_all(&mut pipe, &bytes[..bytes.len() / 2]).unwrap();
        assert!(!left_over(folder.path()).is_empty(), "it has begun");
        send("-INT", child.id());
        send("-INT", child.id());
        assert_eq!(status(&mut child), Some(130));
        let names = folder.names();
        assert!(names.iter().all(|name| name == "r.jsonl"), "{names:?}");
        drop(pipe);
    }
}

#[test]
fn a_hangup_that_is_ignored_stops_nothing() {
    let folder = Folder::with("in", &good("random"));
    for (trap, status_of_run) in [("trap '' HUP", 0), ("true", 130)] {
        // A pipe that is fed once the signal has come.
        let script = format!(
            "{trap}; mkfifo fifo; {} verify -q - < fifo & run=$!; exec 3> fifo; sleep 2; kill -HUP $run; sleep 0.1; \
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
        assert_eq!(status(&mut child), Some(status_of_run), "{trap}");
        fs::remove_file(folder.path().join("fifo")).unwrap();
    }
}

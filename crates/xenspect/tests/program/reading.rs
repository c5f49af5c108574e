//! The options of reading: what they bound, what they leave alone, and that the report is the same with all of them.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::run::{Folder, codes, damaged, good, program, say_skipped};

/// Much longer than a run takes that ends at once.
const PATIENCE: Duration = Duration::from_secs(30);
const MIB: u64 = 1 << 20;

fn archive() -> Vec<u8> {
    good("two-disks")
}

/// A rate at which so many bytes take this long, as an option has it.
fn rate(bytes: u64, time: Duration) -> String {
    format!("--io-limit={}", u128::from(bytes) * 1000 / time.as_millis())
}

/// The program, verifying `a.xva` in a folder.
fn started(folder: &Folder, args: &[&str]) -> Child {
    program()
        .current_dir(folder.path())
        .args(["verify", "--quiet", "--format", "json"])
        .args(args)
        .arg("a.xva")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

#[test]
fn the_report_is_the_same_with_any_of_them() {
    let folder = Folder::with("a.xva", &archive());
    folder.put("b.xva", &damaged("flip-block-byte"));
    for name in ["a.xva", "b.xva"] {
        let verify = |options: &[&str]| {
            let args = [&["verify", "--quiet", "--format", "json"], options, &[name]].concat();
            folder.run(&args)
        };
        let usual = verify(&[]);
        for options in [
            &["--mmap"][..],
            &["--mmap", "--threads", "64"],
            &["--mmap", "--io-limit", "1GiB/s"],
            &["--no-cache-pollution"],
            &["--no-cache-pollution", "--threads", "64"],
            &["--no-cache-pollution", "--io-limit", "1G"],
            &["--io-limit", "200MB"],
            &["--zstd-window", "2GiB"],
            &["--threads", "64"],
        ] {
            let other = verify(options);
            assert_eq!(other.stdout, usual.stdout, "{options:?}");
            assert_eq!(other.status, usual.status, "{options:?}");
        }
    }
}

#[test]
fn every_command_that_has_them_takes_them() {
    let folder = Folder::with("a.xva", &archive());
    folder.put("b.xva", &archive());
    let care = [
        "--io-limit",
        "1G",
        "--no-cache-pollution",
        "--zstd-window",
        "256MiB",
    ];
    for (command, status) in [
        (&["inspect", "a.xva"][..], 0),
        (&["ls", "a.xva"], 0),
        (&["cat", "a.xva", "ova.xml"], 0),
        (&["secrets", "a.xva"], 0),
        (&["redact", "a.xva", "-o", "c.xva"], 0),
        (&["diff", "--read-blocks", "a.xva", "b.xva"], 0),
        (
            &[
                "diff",
                "--mmap",
                "--read-blocks",
                "--threads",
                "2",
                "a.xva",
                "b.xva",
            ],
            0,
        ),
        (&["seal", "a.xva"], 0),
    ] {
        let care: &[&str] = match command.contains(&"--mmap") {
            true => &[],
            false => &care,
        };
        let answer = folder.run(&[command, care].concat());
        assert_eq!(answer.status, status, "{command:?}\n{}", answer.stderr);
    }
}

#[test]
fn what_cannot_be_is_refused() {
    let folder = Folder::with("a.xva", &archive());
    for (options, words) in [
        (&["--io-limit", "fast"][..], "K, M, G or KiB, MiB, GiB"),
        (&["--io-limit", "0"], "at least one byte"),
        (&["--zstd-window", "128M"], "power of two"),
        (&["--zstd-window", "4GiB"], "from 1KiB to 2GiB"),
        (&["--threads", "0"], "at least 1"),
        (&["--mmap", "--no-cache-pollution"], "cannot be used with"),
    ] {
        let answer = folder.run(&[&["verify"], options, &["a.xva"]].concat());
        assert_eq!(answer.status, 2, "{options:?}");
        assert!(answer.stderr.contains(words), "{}", answer.stderr);
        assert_eq!(answer.stdout, "");
    }
}

#[test]
fn a_limit_holds_for_files_pipes_copies_and_several_inputs_together() {
    const TIME: Duration = Duration::from_millis(600);
    let bytes = archive();
    let len = bytes.len() as u64;
    let folder = Folder::with("a.xva", &bytes);
    folder.put("b.xva", &bytes);
    let once = rate(len, TIME);
    let both = rate(2 * len, TIME);
    let took = |args: &[&str], input: Vec<u8>| {
        let begun = Instant::now();
        let answer = folder.pipe(&[&["verify", "--quiet"], args].concat(), input);
        assert_eq!(answer.status, 0, "{}", answer.stderr);
        begun.elapsed()
    };
    assert!(took(&[&once, "a.xva"], Vec::new()) >= TIME);
    assert!(took(&[&once, "--mmap", "a.xva"], Vec::new()) >= TIME * 9 / 10);
    assert!(took(&[&once, "-"], bytes) >= TIME);
    assert!(took(&[&once, "--tee", "c.xva", "a.xva"], Vec::new()) >= TIME);
    assert!(took(&[&both, "--jobs", "2", "a.xva", "b.xva"], Vec::new()) >= TIME);
    assert_eq!(
        fs::read(folder.path().join("c.xva")).unwrap(),
        fs::read(folder.path().join("a.xva")).unwrap()
    );
}

/// What the system counted that a process has read, in bytes.
#[cfg(target_os = "linux")]
fn read_by(child: &Child) -> Option<u64> {
    let text = fs::read_to_string(format!("/proc/{}/io", child.id())).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("rchar: "))?;
    line.parse().ok()
}

#[cfg(target_os = "linux")]
#[test]
fn no_more_is_read_than_the_time_allows() {
    const RATE: u64 = 2 * MIB;
    // One step of each thread may be on its way, and the program reads some files of the system.
    const MORE: u64 = MIB;
    let folder = Folder::with("a.xva", &archive());
    let begun = Instant::now();
    let mut child = started(&folder, &["--threads", "4", &format!("--io-limit={RATE}")]);
    let mut looked = 0;
    while child.try_wait().unwrap().is_none() {
        let Some(read) = read_by(&child) else {
            break;
        };
        // The clock is read after the counter, so that this cannot be wrong by being slow.
        let millis = u64::try_from(begun.elapsed().as_millis()).unwrap();
        let allowed = RATE * millis / 1000 + MORE;
        assert!(read <= allowed, "{read} after {millis} ms");
        looked += 1;
        sleep(Duration::from_millis(50));
    }
    assert!(child.wait().unwrap().success());
    assert!(looked > 10, "{looked}");
}

#[cfg(unix)]
#[test]
fn an_interrupt_does_not_wait_for_the_limit() {
    let folder = Folder::with("a.xva", &archive());
    // At this rate it would take half an hour.
    for more in [&["--tee", "c.xva"][..], &[], &["--mmap"]] {
        let mut child = started(&folder, &[more, &["--io-limit", "4096"]].concat());
        sleep(Duration::from_millis(700));
        let sent = Command::new("kill")
            .args(["-INT", &child.id().to_string()])
            .status();
        assert!(sent.unwrap().success());
        let ended = within(&mut child, PATIENCE);
        assert_eq!(
            ended.and_then(|status| status.code()),
            Some(130),
            "{more:?}"
        );
        assert_eq!(folder.names(), ["a.xva"], "{more:?}");
    }
}

/// How a process ended; one that runs for longer is killed.
fn within(child: &mut Child, patience: Duration) -> Option<std::process::ExitStatus> {
    let begun = Instant::now();
    while begun.elapsed() < patience {
        if let Some(status) = child.try_wait().unwrap() {
            return Some(status);
        }
        sleep(Duration::from_millis(10));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    None
}

#[cfg(unix)]
#[test]
fn a_mapped_file_that_shrinks_is_never_good() {
    for cut in [0, 100_000, 4 * MIB, 6 * MIB] {
        let folder = Folder::with("a.xva", &archive());
        let limit = ["--mmap", "--threads", "1", "--io-limit", "8MiB"];
        let child = started(&folder, &limit);
        // In the middle, as the limit has it.
        sleep(Duration::from_millis(300));
        let file = fs::File::options()
            .write(true)
            .open(folder.path().join("a.xva"))
            .unwrap();
        file.set_len(cut).unwrap();
        let output = child.wait_with_output().unwrap();
        // By a signal, or by saying what is wrong.
        match output.status.code() {
            None => assert!(output.stdout.is_empty(), "a report of nothing"),
            Some(status) => {
                assert!(matches!(status, 1 | 2), "{status} at {cut}");
                let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
                let input = &report["inputs"][0];
                assert_ne!(input["verdict"], "sound", "{report}");
            }
        }
    }
}

/// Whether the programs are here that speak with the page cache.
#[cfg(target_os = "linux")]
fn has_cache_programs(folder: &Folder) -> bool {
    let path = folder.path().join("a.xva");
    let can_ask = Command::new("fincore").arg("--version").output().is_ok();
    if !can_ask {
        say_skipped(format_args!("SKIPPED: there is no fincore here"));
        return false;
    }
    evict(&path);
    if cached(&path) > 0 {
        say_skipped(format_args!(
            "SKIPPED: files in the temporary folder stay in memory"
        ));
        return false;
    }
    true
}

/// Has a file written to its storage and dropped from the page cache.
#[cfg(target_os = "linux")]
fn evict(path: &Path) {
    fs::File::open(path).unwrap().sync_all().unwrap();
    let status = Command::new("dd")
        .arg(format!("if={}", path.display()))
        .args(["iflag=nocache", "count=0", "status=none"])
        .status();
    assert!(status.unwrap().success());
}

/// Bytes of a file that are in the page cache.
#[cfg(target_os = "linux")]
fn cached(path: &Path) -> u64 {
    let output = Command::new("fincore")
        .args(["--bytes", "--noheadings", "--output", "RES"])
        .arg(path)
        .output()
        .unwrap();
    String::from_utf8(output.stdout)
        .unwrap()
        .trim()
        .parse()
        .unwrap()
}

#[cfg(target_os = "linux")]
#[test]
fn the_page_cache_is_not_filled_and_what_is_needed_stays() {
    const PAGES: u64 = 64 << 10;
    let bytes = archive();
    let folder = Folder::with("a.xva", &bytes);
    if !has_cache_programs(&folder) {
        return;
    }
    let path = folder.path().join("a.xva");
    let verify = |options: &[&str]| {
        let answer = folder.run(&[&["verify", "--quiet"], options, &["a.xva"]].concat());
        assert_eq!(answer.status, 0, "{}", answer.stderr);
        cached(&path)
    };
    let all = bytes.len() as u64 / 4096 * 4096;
    assert!(verify(&[]) >= all, "the test itself");
    assert!(verify(&["--no-cache-pollution"]) >= all, "others need it");
    for threads in ["1", "4"] {
        evict(&path);
        let left = verify(&["--no-cache-pollution", "--threads", threads]);
        assert!(left <= PAGES, "{left} with {threads} threads");
    }
    evict(&path);
    let left = verify(&["--no-cache-pollution", "--depth", "headers"]);
    assert!(left <= PAGES, "{left} of headers");
    evict(&path);
    let left = verify(&["--no-cache-pollution", "--tee", "c.xva"]);
    assert!(left <= PAGES, "{left} with a copy");
}

#[test]
fn a_larger_window_is_unpacked_when_it_is_allowed() {
    let folder = Folder::with("a.xva", &archive());
    // Of a pipe it cannot know that so large a window is of no use.
    let mut command = Command::new("sh");
    command.args(["-c", "cat a.xva | zstd --long=28 -q -c"]);
    let output = command.current_dir(folder.path()).output().unwrap();
    if output.status.code() == Some(127) {
        say_skipped(format_args!("SKIPPED: there is no zstd here"));
        return;
    }
    assert!(output.status.success());
    folder.put("b.xva.zst", &output.stdout);
    let verify = |window: &[&str]| {
        let args = ["verify", "--quiet", "--format", "json", "b.xva.zst"];
        folder.run(&[&args, window].concat())
    };
    assert_ne!(verify(&[]).status, 0);
    assert_ne!(verify(&["--zstd-window", "128MiB"]).status, 0);
    let allowed = verify(&["--zstd-window", "256MiB"]);
    assert_eq!(allowed.status, 0, "{}", allowed.stderr);
    assert!(codes(&allowed.input()).is_empty());
}

/// What stands behind the option in a text.
fn advised(text: &str) -> &str {
    let (_, rest) = text.split_once("--zstd-window ").expect(text);
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric());
    &rest[..end.unwrap_or(rest.len())]
}

#[test]
fn what_is_advised_of_windows_is_what_the_option_takes() {
    let folder = Folder::new();
    // A frame of one block, whose window is a power of two and eighths of it.
    for (log, eighths, allowing) in [(28, 0, "256MiB"), (28, 1, "512MiB"), (30, 7, "2GiB")] {
        let mut frame = vec![0x28, 0xb5, 0x2f, 0xfd, 0, (log - 10) << 3 | eighths];
        frame.extend([0x29, 0, 0]);
        frame.extend(b"hello");
        folder.put("a.xva.zst", &frame);
        let refused = folder.run(&["verify", "--quiet", "a.xva.zst"]);
        let said = refused.stdout.split_whitespace().collect::<Vec<_>>();
        let said = said.join(" ");
        let window = advised(&said);
        assert_eq!(window, allowing, "{said}");
        let allowed = folder.run(&["verify", "--zstd-window", window, "--quiet", "a.xva.zst"]);
        assert!(!allowed.stdout.contains("window"), "{}", allowed.stdout);
        assert!(allowed.stderr.is_empty(), "{}", allowed.stderr);
    }
    let advice = folder.run(&["explain", "envelope/window-too-large"]).stdout;
    let advice = advice.split_whitespace().collect::<Vec<_>>().join(" ");
    let (_, advice) = advice.split_once("Allow the window").expect(&advice);
    folder.put("a.xva", &archive());
    let answer = folder.run(&["verify", "--zstd-window", advised(advice), "a.xva"]);
    assert_eq!(answer.status, 0, "{}", answer.stderr);
}

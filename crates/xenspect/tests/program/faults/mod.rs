//! What the program does when the machine fails it: reads that fail, disks that are full, inputs that change, streams that are closed,
//! folders that cannot be written, a state file that cannot be used, signals at any moment. The table of the manual's reliability.md
//! names these tests.

mod changing;
mod closed;
mod documented;
mod fifo;
mod moments;
mod reading;
mod room;
mod state_file;
mod writing;

use std::path::Path;
use std::process::{Child, Command, Output};
use std::sync::OnceLock;
use std::thread::sleep;
use std::time::{Duration, Instant};

use xenspect_synth::{Envelope, HostBackup};

use crate::run::{Answer, Folder, dump, good, program, say_skipped};

/// No run takes nearly as long.
const PATIENCE: Duration = Duration::from_secs(120);

/// A good input of each kind.
fn kinds() -> Vec<(&'static str, Vec<u8>)> {
    let mut host = HostBackup::named("xcp-ng-8.3").unwrap();
    host.envelope = Envelope::Gzip;
    vec![
        ("export", good("two-disks")),
        ("zstd", Envelope::Zstd.encode(&good("random"))),
        ("pool database", dump("pool-8.2")),
        ("host backup", host.bytes()),
    ]
}

/// The system calls of a run are tampered with.
struct Traced<'a> {
    folder: &'a Folder,
    /// Only calls that are about this file of the folder; any if there is none.
    only: Option<&'a str>,
    /// What is done with which call, as `strace --inject` takes it.
    inject: &'a [&'a str],
}

impl Traced<'_> {
    /// The command, which writes what it traces to `log`.
    fn command(&self, args: &[&str], log: &Path) -> Command {
        let calls = self
            .inject
            .iter()
            .map(|rule| rule.split(':').next().unwrap());
        let calls: Vec<&str> = calls.collect();
        let mut command = Command::new("strace");
        command.args(["-f", "-qq", "-s", "8", "-o"]).arg(log);
        command.arg("-e").arg(format!("trace={}", calls.join(",")));
        for rule in self.inject {
            command.arg("-e").arg(format!("inject={rule}"));
        }
        if let Some(only) = self.only {
            command.arg("-P").arg(self.folder.path().join(only));
        }
        let program = program();
        for (name, value) in program.get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        command.arg(program.get_program()).args(args);
        command.current_dir(self.folder.path());
        command
    }

    /// Runs it, and says whether anything was tampered with. That something is not in memory is no fault, so it does not count.
    fn run(&self, args: &[&str]) -> (Answer, bool) {
        self.pipe(args, Vec::new())
    }

    /// The same with something on standard input.
    fn pipe(&self, args: &[&str], input: Vec<u8>) -> (Answer, bool) {
        let log = tempfile::NamedTempFile::new().unwrap();
        let output = assert_cmd::Command::from_std(self.command(args, log.path()))
            .timeout(PATIENCE)
            .write_stdin(input)
            .output()
            .unwrap();
        let calls = std::fs::read_to_string(log.path()).unwrap();
        let mut faults = calls
            .lines()
            .filter(|call| call.contains("(INJECTED)") && !call.contains("EAGAIN"));
        (answer(output), faults.next().is_some())
    }
}

/// What came out of a run that ended by itself.
fn answer(output: Output) -> Answer {
    Answer {
        status: output.status.code().expect("no signal and no timeout"),
        stdout: String::from_utf8(output.stdout).expect("a report is UTF-8"),
        stderr: String::from_utf8(output.stderr).expect("remarks are UTF-8"),
    }
}

/// Whether a command can be run here; that it cannot is said.
fn can(what: &str, command: &[&str]) -> bool {
    let ran = Command::new(command[0]).args(&command[1..]).output();
    let ran = ran.is_ok_and(|output| output.status.success());
    if !ran {
        say_skipped(format_args!("skipped: no {what} here"));
    }
    ran
}

/// Whether system calls can be tampered with.
fn can_trace() -> bool {
    static CAN: OnceLock<bool> = OnceLock::new();
    *CAN.get_or_init(|| can("strace", &["strace", "-qq", "-o", "/dev/null", "true"]))
}

/// Whether file systems can be mounted that nobody else sees.
fn can_mount() -> bool {
    static CAN: OnceLock<bool> = OnceLock::new();
    let script = "mount -t tmpfs -o size=64k none /mnt";
    *CAN.get_or_init(|| can("mount namespace", &["unshare", "-Urm", "sh", "-c", script]))
}

/// Names in a folder that are left of files that did not become whole.
fn left_over(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.ends_with(".partial")).collect()
}

/// The status of a program that must end, or none of one that a signal has ended.
fn status(child: &mut Child) -> Option<i32> {
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        if let Some(status) = child.try_wait().unwrap() {
            return status.code();
        }
        sleep(Duration::from_millis(2));
    }
    child.kill().unwrap();
    panic!("still running");
}

/// Sends a signal to a process of ours. One that has ended is as well.
fn send(signal: &str, process: u32) {
    let _ = Command::new("kill")
        .args([signal, &process.to_string()])
        .output();
}

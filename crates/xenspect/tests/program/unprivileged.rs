//! The program as nobody: another user without any capability, in a folder that cannot be written on a system that cannot be written,
//! without a home, a folder for temporary files, `/proc` and a network. It says what it says otherwise.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};

use xenspect_synth::HostBackup;

use crate::run::{Answer, Folder, damaged, dump, good, path, say_skipped};

/// Where the folder is seen, and what is mounted over. It is there on every system.
const SEEN: &str = "/mnt";

/// What of the rights of root is left to whoever runs the program.
const NOBODY: [&str; 5] = [
    "--reuid=65534",
    "--regid=65534",
    "--clear-groups",
    "--no-new-privs",
    "--bounding-set=-all",
];

/// In namespaces of its own: the folder as `/mnt`, with the program in it; then nothing can be written, and there is no `/proc`. What is
/// mounted below `/` is not made read-only with it, so that is done one by one. Where one cannot be, the test that tries to write tells
/// whether that matters.
const SETTING: &str = "set -eu
mount --make-rprivate /
mount --bind \"$1\" /mnt
mount --bind \"$2\" /mnt/program
mount -o remount,bind,ro /mnt/program
mount -o remount,bind,ro /mnt
while read -r _ place _ options _; do
    case $options in
        rw | rw,*) mount -o remount,bind,ro \"$place\" 2> /dev/null || : ;;
    esac
done < /proc/mounts
mount -t tmpfs -o ro,size=4k none /tmp
if [ -d /dev/shm ]; then mount -t tmpfs -o ro,size=4k none /dev/shm; fi
mount -t tmpfs -o ro,size=4k none /proc
cd /mnt
shift 2
exec \"$@\"";

/// How namespaces can be had here.
#[derive(Clone, Copy)]
enum Way {
    /// As root, which then becomes nobody.
    Root,
    /// As anybody, in a namespace of users too, where there is but one user; it has no capability in the end.
    Users,
}

impl Way {
    /// The first that works; `None` is said aloud.
    fn found(folder: &Folder) -> Option<Self> {
        for way in [Self::Root, Self::Users] {
            let probe = way.run(folder, Path::new("/bin/true"), &["/mnt/program"]);
            if probe.is_ok_and(|output| output.status.success()) {
                return Some(way);
            }
        }
        say_skipped(format_args!(
            "skipped: no namespaces here, or no unshare and setpriv, so nothing was run as nobody"
        ));
        None
    }

    fn run(self, folder: &Folder, program: &Path, args: &[&str]) -> std::io::Result<Output> {
        let mut command = Command::new("unshare");
        command.args(["--mount", "--net"]);
        if matches!(self, Self::Users) {
            command.args(["--user", "--map-root-user"]);
        }
        command.args(["--", "sh", "-c", SETTING, "sh"]);
        command.arg(folder.path()).arg(program).arg("setpriv");
        let is_less = |argument: &&&str| {
            matches!(self, Self::Root) || argument.contains("priv") || argument.contains("bounding")
        };
        command.args(NOBODY.iter().filter(is_less));
        command.args([
            "env",
            "-i",
            "LC_ALL=C.UTF-8",
            "TERM=xterm",
            "TMPDIR=/nowhere",
        ]);
        command.args(args).current_dir("/").output()
    }

    /// The program in the folder.
    fn answer(self, folder: &Folder, args: &[&str]) -> Answer {
        let args = [&["/mnt/program"][..], args].concat();
        let output = self.run(folder, path(), &args).unwrap();
        Answer {
            status: output.status.code().expect("no signal"),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// Inputs of each kind, and what commands read beside them; all of it can be read by everybody.
fn folder() -> Folder {
    let folder = Folder::new();
    folder.put("good.xva", &good("tiny"));
    folder.put("bad.xva", &damaged("flip-block-byte"));
    folder.put("packed.xva.gz", &gzip_of(&good("tiny")));
    folder.put("pool.xml", &dump("pool-small"));
    folder.put(
        "host.xbk",
        &HostBackup::named("coordinator").unwrap().bytes(),
    );
    folder.put("xenspect.toml", b"policy = 1\n");
    for args in [
        &["seal", "good.xva"][..],
        &["verify", "--state", "st", "--settle", "0s", "good.xva"],
        &[
            "verify",
            "--quiet",
            "--format",
            "json",
            "--report",
            "json=out.json",
            "good.xva",
        ],
    ] {
        let answer = folder.run(args);
        assert_eq!(
            answer.status, 0,
            "{args:?}: {}{}",
            answer.stdout, answer.stderr
        );
    }
    let proof = folder.run(&["prove", "good.xva.seal.json", "ova.xml"]);
    folder.put("proof.json", proof.stdout.as_bytes());
    let member = folder.run(&["cat", "good.xva", "ova.xml"]);
    folder.put("ova.xml", member.stdout.as_bytes());
    folder.put("program", b"");
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    for name in folder.names() {
        let file = folder.path().join(name);
        fs::set_permissions(file, fs::Permissions::from_mode(0o644)).unwrap();
    }
    folder
}

fn gzip_of(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Every command that can do without writing, with what it reads.
const COMMANDS: [&[&str]; 29] = [
    &["verify", "good.xva"],
    &["verify", "bad.xva"],
    &["verify", "packed.xva.gz"],
    &["verify", "pool.xml", "host.xbk"],
    &["verify", "--format", "json", "good.xva"],
    &["verify", "-r", "--format", "json", "."],
    &["verify", "--against", "packed.xva.gz", "good.xva"],
    &["verify", "missing.xva"],
    &["inspect", "good.xva"],
    &["inspect", "pool.xml"],
    &["inspect", "host.xbk"],
    &["inspect", "--find", "xenbr0", "pool.xml"],
    &["preflight", "good.xva", "--target", "pool.xml"],
    &["preflight", "host.xbk", "--target", "host.xbk"],
    &["diff", "good.xva", "bad.xva"],
    &["ls", "good.xva"],
    &["cat", "good.xva", "ova.xml"],
    &["cat", "pool.xml", "PIF"],
    &["history", "--state", "st"],
    &["secrets", "pool.xml"],
    &["prove", "good.xva.seal.json", "ova.xml"],
    &["prove", "--check", "proof.json", "ova.xml"],
    &["report", "merge", "out.json"],
    &["policy", "check"],
    &["policy", "schema"],
    &["policy", "baseline-schema"],
    &["explain", "xva/block-checksum-mismatch"],
    &["completions", "bash"],
    &["man", "verify"],
];

/// What has to write.
const WRITING: [&[&str]; 9] = [
    &["seal", "packed.xva.gz"],
    &["seal", "--force", "good.xva"],
    &["redact", "pool.xml", "-o", "copy.xml"],
    &["verify", "--tee", "copy.xva", "good.xva"],
    &["verify", "--report", "json=report.json", "good.xva"],
    &["verify", "--write-baseline", "baseline.json", "good.xva"],
    &["verify", "--state", "new-state", "good.xva"],
    &["verify", "--state", "st", "good.xva"],
    &["verify", "s3://bucket/key"],
];

/// The commands below one, as its help lists them, each with the words in front of it.
fn commands_below(folder: &Folder, above: &[String]) -> Vec<Vec<String>> {
    let mut args: Vec<&str> = above.iter().map(String::as_str).collect();
    args.push("--help");
    let help = folder.run(&args).stdout;
    let list = help.split("\nCommands:\n").nth(1).unwrap_or_default();
    let names = list
        .lines()
        .take_while(|line| !line.is_empty())
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help");
    let below = names.map(|name| [above, &[name.to_owned()]].concat());
    let mut found = Vec::new();
    for command in below {
        let further = commands_below(folder, &command);
        match further.is_empty() {
            true => found.push(command),
            false => found.extend(further),
        }
    }
    found
}

#[test]
fn every_command_is_run_as_nobody() {
    let commands = commands_below(&Folder::new(), &[]);
    assert!(commands.len() > 15, "{commands:?}");
    for command in commands {
        let is_run = |args: &&[&str]| args.iter().zip(&command).all(|(a, b)| a == b);
        let run = COMMANDS.iter().chain(&WRITING).find(|args| is_run(args));
        assert!(run.is_some(), "{command:?} is not run");
    }
}

#[test]
fn nobody_is_told_the_same() {
    let folder = folder();
    let Some(way) = Way::found(&folder) else {
        return;
    };
    let names = folder.names();
    for args in COMMANDS {
        let mut usual = folder.run(args);
        let mut nobody = way.answer(&folder, args);
        // Whole paths are told of a policy that was found.
        let here = folder.path().to_str().unwrap();
        let texts = [
            &mut usual.stdout,
            &mut usual.stderr,
            &mut nobody.stdout,
            &mut nobody.stderr,
        ];
        for text in texts {
            *text = text.replace(here, SEEN);
        }
        assert_eq!(nobody.stderr, usual.stderr, "{args:?}");
        assert_eq!(nobody.stdout, usual.stdout, "{args:?}");
        assert_eq!(nobody.status, usual.status, "{args:?}");
    }
    assert_eq!(folder.names(), names, "something was written");
}

#[test]
fn what_has_to_write_says_that_it_cannot() {
    let folder = folder();
    let Some(way) = Way::found(&folder) else {
        return;
    };
    let names = folder.names();
    for args in WRITING {
        let answer = way.answer(&folder, args);
        assert_eq!(
            answer.status, 2,
            "{args:?}: {}{}",
            answer.stdout, answer.stderr
        );
        assert_ne!(answer.stderr, "", "{args:?}");
    }
    assert_eq!(folder.names(), names, "something was written");
}

#[test]
fn there_is_nothing_to_write_to_indeed() {
    let folder = folder();
    let Some(way) = Way::found(&folder) else {
        return;
    };
    let mut places = vec![
        SEEN.to_owned(),
        "/".to_owned(),
        "/tmp".to_owned(),
        "/dev/shm".to_owned(),
        "/var/tmp".to_owned(),
    ];
    // Whatever else is mounted here.
    let mounts = fs::read_to_string("/proc/mounts").unwrap();
    let mounts = mounts.lines().filter_map(|line| line.split(' ').nth(1));
    places.extend(mounts.map(str::to_owned));
    for place in places {
        let attempt = format!("{place}/attempt");
        let touched = way
            .run(&folder, Path::new("/bin/true"), &["touch", &attempt])
            .unwrap();
        assert!(!touched.status.success(), "{attempt} can be written");
    }
}

/// A limit on the processes of a user counts threads too. The program has the one that it begins with.
#[test]
fn without_threads_the_verdict_is_the_same() {
    let folder = folder();
    // What is compared with a seal is read by threads of its own.
    for name in ["xenspect.toml", "good.xva.seal.json"] {
        fs::remove_file(folder.path().join(name)).unwrap();
    }
    // So large that progress is shown of it.
    let large = good("random");
    assert!(large.len() > 8 << 20);
    let large = folder.put("large.xva", &large);
    fs::set_permissions(large, fs::Permissions::from_mode(0o644)).unwrap();
    let Some(way) = Way::found(&folder) else {
        return;
    };
    let limited = |args: &[&str]| {
        let args = [&["prlimit", "--nproc=1"][..], args].concat();
        way.run(&folder, path(), &args)
            .is_ok_and(|output| output.status.success())
    };
    if !limited(&["true"]) || limited(&["sh", "-c", "(true); :"]) {
        say_skipped(format_args!(
            "skipped: no prlimit here, or no limit on processes, so nothing was run without threads"
        ));
        return;
    }
    for args in [
        &["verify", "large.xva"][..],
        &["verify", "good.xva", "bad.xva"],
        &["verify", "--jobs", "2", "large.xva", "bad.xva", "good.xva"],
        &["verify", "packed.xva.gz"],
        &["inspect", "packed.xva.gz"],
        &["ls", "packed.xva.gz"],
        &["verify", "pool.xml"],
        &["inspect", "pool.xml"],
    ] {
        let usual = folder.run(args);
        let limited = [&["prlimit", "--nproc=1", "/mnt/program"][..], args].concat();
        let output = way.run(&folder, path(), &limited).unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(said, usual.stderr, "{args:?}");
        let told = String::from_utf8(output.stdout).unwrap();
        assert_eq!(told, usual.stdout, "{args:?}");
        assert_eq!(output.status.code(), Some(usual.status), "{args:?}");
    }
    // Through a pipe.
    let usual = folder.run(&["verify", "packed.xva.gz"]).stdout;
    let script = "prlimit --nproc=1 /mnt/program verify - < packed.xva.gz";
    let output = way.run(&folder, path(), &["sh", "-c", script]).unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    assert_eq!(told.replace("standard input", "packed.xva.gz"), usual);
    // No thread listens to signals, so they do what they would do without one. Whoever is not ended takes sixteen seconds.
    let script = "prlimit --nproc=1 /mnt/program verify -q --io-limit 500K large.xva & sleep 1; kill -TERM $!; wait $!";
    let output = way.run(&folder, path(), &["sh", "-c", script]).unwrap();
    assert_eq!(output.status.code(), Some(128 + 15));
}

#[test]
fn a_fifo_that_may_not_be_read_is_told_as_a_file_is() {
    let folder = folder();
    let file = folder.put("closed.xva", &good("tiny"));
    let fifo = folder.path().join("fifo");
    let made = Command::new("mkfifo").arg(&fifo).status();
    assert!(made.is_ok_and(|status| status.success()));
    for path in [&file, &fifo] {
        fs::set_permissions(path, fs::Permissions::from_mode(0o000)).unwrap();
    }
    let Some(way) = Way::found(&folder) else {
        return;
    };
    let of_file = way.answer(&folder, &["verify", "closed.xva"]);
    let of_fifo = way.answer(&folder, &["verify", "fifo"]);
    assert!(
        of_file.stdout.contains("cannot be opened"),
        "{}",
        of_file.stdout
    );
    assert_eq!(of_fifo.stdout.replace("fifo", "closed.xva"), of_file.stdout);
    assert_eq!(of_fifo.status, of_file.status);
}

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

/// In namespaces of its own: the folder as `/mnt`, with the program in it; then nothing can be written, and there is no `/proc`.
const SETTING: &str = "set -eu
mount --make-rprivate /
mount --bind \"$1\" /mnt
mount --bind \"$2\" /mnt/program
mount -o remount,bind,ro /mnt/program
mount -o remount,bind,ro /mnt
mount -o remount,bind,ro / || :
mount -t tmpfs -o ro,size=4k none /tmp
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

/// Every command, with what it reads.
const COMMANDS: [&[&str]; 27] = [
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
    &["explain", "xva/block-checksum-mismatch"],
    &["completions", "bash"],
    &["man", "verify"],
];

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
    for args in [
        &["seal", "packed.xva.gz"][..],
        &["seal", "--force", "good.xva"],
        &["redact", "pool.xml", "-o", "copy.xml"],
        &["verify", "--tee", "copy.xva", "good.xva"],
        &["verify", "--report", "json=report.json", "good.xva"],
        &["verify", "--write-baseline", "baseline.json", "good.xva"],
        &["verify", "--state", "new-state", "good.xva"],
        &["verify", "--state", "st", "good.xva"],
        &["verify", "s3://bucket/key"],
    ] {
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
    for place in [SEEN, "/tmp", "/"] {
        let attempt = format!("{place}/attempt");
        let touched = way
            .run(&folder, Path::new("/bin/true"), &["touch", &attempt])
            .unwrap();
        assert!(!touched.status.success(), "{attempt} can be written");
    }
}

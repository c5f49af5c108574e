//! Files that cannot be written: a disk that is full, one that fails, a limit on lengths. What was there stays as it was, no half file
//! has its final name, and the report of what was read comes all the same.

use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};

use super::{Traced, answer, can_trace, left_over};
use crate::run::{Folder, good, path, program};

/// Runs that write a file, its name, and a word of what is said when it cannot be.
const WRITERS: [(&[&str], &str); 7] = [
    (&["verify", "--tee", "out", "--force", "in"], "out"),
    (&["verify", "--report", "json=out", "in"], "out"),
    (&["verify", "--report", "jsonl=out", "in"], "out"),
    (&["verify", "--report", "html=out", "in"], "out"),
    (&["verify", "--write-baseline", "out", "in"], "out"),
    (&["seal", "--force", "-o", "out", "in"], "out"),
    (
        &["redact", "--force", "--with-disks", "-o", "out", "in"],
        "out",
    ),
];

/// Runs whose report tells of the input all the same.
fn reports(args: &[&str]) -> bool {
    args[0] == "verify"
}

#[test]
fn a_disk_that_fails_leaves_no_half_file() {
    if !can_trace() {
        return;
    }
    for rule in [
        "fsync:error=EIO",
        "fsync:error=ENOSPC",
        "rename,renameat,renameat2,link,linkat:error=EIO",
        "rename,renameat,renameat2,link,linkat:error=EDQUOT",
    ] {
        for (args, out) in WRITERS {
            let folder = Folder::with("in", &good("small"));
            let alone = folder.run(&["verify", "in"]);
            let calls = rule.split(':').next().unwrap();
            let error = rule.split(':').next_back().unwrap();
            let rules: Vec<String> = calls
                .split(',')
                .map(|call| format!("{call}:{error}"))
                .collect();
            let rules: Vec<&str> = rules.iter().map(String::as_str).collect();
            let traced = Traced {
                folder: &folder,
                only: None,
                inject: &rules,
            };
            let (answer, injected) = traced.run(args);
            let said = format!("{args:?} {rule}: {} {}", answer.stdout, answer.stderr);
            assert!(injected, "{said}");
            assert_eq!(answer.status, 2, "{said}");
            assert!(answer.stderr.contains(out), "{said}");
            assert_eq!(folder.names(), ["in"], "{said}");
            if reports(args) {
                assert_eq!(answer.stdout, alone.stdout, "{said}");
            }
        }
    }
}

#[test]
fn what_was_there_stays_when_it_cannot_be_replaced() {
    if !can_trace() {
        return;
    }
    for (args, out) in WRITERS {
        let folder = Folder::with("in", &good("small"));
        assert_eq!(folder.run(args).status, 0);
        let before = fs::read(folder.path().join(out)).unwrap();
        let traced = Traced {
            folder: &folder,
            only: None,
            inject: &["fsync:error=ENOSPC"],
        };
        let (answer, _) = traced.run(args);
        assert_eq!(answer.status, 2, "{args:?}: {}", answer.stderr);
        assert_eq!(folder.names(), ["in", out], "{args:?}");
        assert!(
            fs::read(folder.path().join(out)).unwrap() == before,
            "{args:?}"
        );
    }
}

#[test]
fn a_seal_whose_signature_cannot_be_written_is_none() {
    let folder = Folder::with("in", &good("small"));
    let made = Command::new("ssh-keygen")
        .current_dir(folder.path())
        .args(["-q", "-t", "ed25519", "-N", "", "-f", "key"])
        .status();
    if !can_trace() || !made.is_ok_and(|status| status.success()) {
        crate::run::say_skipped(format_args!("skipped: no ssh-keygen or strace here"));
        return;
    }
    let names = folder.names();
    // Both are on the disk before any has its name.
    for nth in ["fsync:error=ENOSPC:when=1", "fsync:error=ENOSPC:when=2"] {
        let traced = Traced {
            folder: &folder,
            only: None,
            inject: &[nth],
        };
        let (answer, injected) = traced.run(&["seal", "--sign", "key", "in"]);
        assert!(injected);
        assert_eq!(answer.status, 2, "{}", answer.stderr);
        assert_eq!(folder.names(), names, "{nth}");
    }
}

#[test]
fn a_folder_that_cannot_be_written_out_is_told_and_keeps_the_file() {
    if !can_trace() {
        return;
    }
    let folder = Folder::with("in", &good("small"));
    // The first one is the file's, the second one the folder's.
    let traced = Traced {
        folder: &folder,
        only: None,
        inject: &["fsync:error=EIO:when=2"],
    };
    let (answer, _) = traced.run(&["verify", "--tee", "out", "in"]);
    assert_eq!(answer.status, 2, "{}", answer.stderr);
    assert!(
        answer.stderr.contains("is whole and has its name"),
        "{}",
        answer.stderr
    );
    assert!(fs::read(folder.path().join("out")).unwrap() == good("small"));
    fs::remove_file(folder.path().join("out")).unwrap();
    // Of file systems that know no such thing.
    for error in ["EINVAL", "EOPNOTSUPP"] {
        let rule = format!("fsync:error={error}:when=2");
        let traced = Traced {
            folder: &folder,
            only: None,
            inject: &[&rule],
        };
        let (answer, _) = traced.run(&["verify", "--tee", "out", "in"]);
        assert_eq!(answer.status, 0, "{error}: {}", answer.stderr);
        fs::remove_file(folder.path().join("out")).unwrap();
    }
}

#[test]
fn a_limit_on_lengths_is_told_and_leaves_nothing() {
    for (args, out) in WRITERS {
        let folder = Folder::with("in", &good("two-disks"));
        let expected = folder.run(&["verify", "in"]);
        let program = path().display().to_string();
        // One block of 512 bytes.
        let script = format!("ulimit -f 1; exec {program} \"$@\"");
        let output = Command::new("sh")
            .current_dir(folder.path())
            .args(["-c", &script, "sh"])
            .args(args)
            .output()
            .unwrap();
        let answer = answer(output);
        let said = format!("{args:?}: {} {}", answer.stdout, answer.stderr);
        if fs::metadata(folder.path().join(out)).is_ok_and(|file| file.len() <= 512) {
            assert_eq!(answer.status, 0, "{said}");
            continue;
        }
        assert_eq!(answer.status, 2, "{said}");
        assert_eq!(left_over(folder.path()), [""; 0], "{said}");
        assert_eq!(folder.names(), ["in"], "{said}");
        if reports(args) {
            assert_eq!(answer.stdout, expected.stdout, "{said}");
        }
    }
}

/// What was not there when the run began, and is by its end, is nobody's to replace.
#[test]
fn what_has_come_to_the_place_of_a_report_stays() {
    let bytes = good("random");
    for (form, of_a_stream) in [("json", false), ("jsonl", true)] {
        for is_file in [true, false] {
            let folder = Folder::new();
            let report = format!("{form}=r");
            let mut child = program()
                .current_dir(folder.path())
                .args(["verify", "-q", "--report", &report, "-"])
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap();
            let mut pipe = child.stdin.take().unwrap();
            pipe.write_all(&bytes[..bytes.len() / 2]).unwrap();
            let begun = usize::from(of_a_stream);
            assert_eq!(left_over(folder.path()).len(), begun, "it has begun");
            match is_file {
                true => drop(folder.put("r", b"precious")),
                false => fs::create_dir(folder.path().join("r")).unwrap(),
            }
            pipe.write_all(&bytes[bytes.len() / 2..]).unwrap();
            drop(pipe);
            let answer = answer(child.wait_with_output().unwrap());
            let said = format!("{form} {is_file}: {} {}", answer.stdout, answer.stderr);
            assert_eq!(answer.status, 2, "{said}");
            assert!(answer.stdout.contains("SOUND"), "{said}");
            assert!(
                answer.stderr.contains("cannot write the report r: "),
                "{said}"
            );
            assert_eq!(folder.names(), ["r"], "{said}");
            if is_file {
                assert_eq!(fs::read(folder.path().join("r")).unwrap(), b"precious");
            }
        }
    }
}

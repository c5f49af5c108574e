//! `verify --tee`: a copy is made while an input is read, and its name says whether it is good.

use std::fs;

use xenspect_synth::Envelope;

use crate::run::{Folder, damaged, dump, good};

#[test]
fn a_good_input_is_copied_byte_for_byte() {
    for bytes in [
        good("two-disks"),
        Envelope::Gzip.encode(&good("two-disks")),
        Envelope::Zstd.encode(&good("small")),
        dump("pool-8.2"),
    ] {
        let folder = Folder::with("in", &bytes);
        let answer = folder.run(&["verify", "--format", "json", "--tee", "out", "in"]);
        assert_eq!(answer.status, 0, "{}{}", answer.stdout, answer.stderr);
        assert_eq!(folder.names(), ["in", "out"]);
        assert_eq!(fs::read(folder.path().join("out")).unwrap(), bytes);
        let input = answer.input();
        assert_eq!(input["tee"]["path"], "out");
        assert_eq!(input["tee"]["bytes"], bytes.len() as u64);
        assert_eq!(input["tee"]["sha256"].as_str().unwrap().len(), 64);
        // The report is otherwise the one without a copy.
        let alone = folder.run(&["verify", "--format", "json", "in"]).input();
        let mut without = input;
        without.as_object_mut().unwrap().remove("tee");
        assert_eq!(without, alone);
    }
}

#[test]
fn what_comes_through_a_pipe_is_copied_too() {
    let folder = Folder::new();
    let bytes = Envelope::Gzip.encode(&good("two-disks"));
    let answer = folder.pipe(&["verify", "--tee", "out.xva", "-"], bytes.clone());
    assert_eq!(answer.status, 0, "{}", answer.stderr);
    assert!(
        answer.stdout.contains("copied to    out.xva, "),
        "{}",
        answer.stdout
    );
    assert_eq!(fs::read(folder.path().join("out.xva")).unwrap(), bytes);
}

#[test]
fn the_copy_of_a_damaged_input_says_so_in_its_name() {
    let mut cut = Envelope::Gzip.encode(&good("two-disks"));
    cut.truncate(cut.len() / 2);
    for bytes in [
        damaged("flip-block-byte"),
        damaged("truncated-in-block"),
        cut,
    ] {
        let folder = Folder::with("in", &bytes);
        let answer = folder.run(&["verify", "--tee", "out", "in"]);
        assert_eq!(answer.status, 1, "{}{}", answer.stdout, answer.stderr);
        assert_eq!(folder.names(), ["in", "out.damaged"]);
        assert_eq!(fs::read(folder.path().join("out.damaged")).unwrap(), bytes);
    }
}

#[test]
fn what_is_no_backup_is_copied_all_the_same() {
    let folder = Folder::with("in", b"Dear reader");
    let answer = folder.run(&["verify", "--tee", "out", "in"]);
    assert_eq!(answer.status, 2);
    assert_eq!(folder.names(), ["in", "out.damaged"]);
}

#[test]
fn a_digest_beside_the_input_decides_on_the_name_of_the_copy() {
    let folder = Folder::with("in.xva", &good("small"));
    folder.put("in.xva.md5", b"00000000000000000000000000000000  in.xva\n");
    let answer = folder.run(&["verify", "--tee", "out", "in.xva"]);
    assert_eq!(answer.status, 1, "{}", answer.stdout);
    assert!(folder.names().contains(&"out.damaged".to_owned()));
    let answer = folder.run(&["verify", "--alone", "--tee", "out", "in.xva"]);
    assert_eq!(answer.status, 2, "the damaged copy is in the way");
    let answer = folder.run(&["verify", "--alone", "--force", "--tee", "out", "in.xva"]);
    assert_eq!(answer.status, 0, "{}", answer.stderr);
}

#[test]
fn nothing_is_overwritten_unasked() {
    let bytes = good("small");
    for taken in ["out", "out.damaged"] {
        let folder = Folder::with("in", &bytes);
        folder.put(taken, b"mine");
        let answer = folder.run(&["verify", "--tee", "out", "in"]);
        assert_eq!(answer.status, 2);
        assert!(
            answer
                .stdout
                .contains("is there already; --force replaces it"),
            "{}",
            answer.stdout
        );
        assert_eq!(folder.names(), ["in", taken]);
        assert_eq!(fs::read(folder.path().join(taken)).unwrap(), b"mine");
    }
    let folder = Folder::with("in", &bytes);
    folder.put("out", b"mine");
    let answer = folder.run(&["verify", "--tee", "out", "--force", "in"]);
    assert_eq!(answer.status, 0, "{}", answer.stderr);
    assert_eq!(fs::read(folder.path().join("out")).unwrap(), bytes);
}

#[test]
fn the_input_is_never_written() {
    let bytes = good("small");
    let folder = Folder::with("in", &bytes);
    fs::create_dir(folder.path().join("sub")).unwrap();
    for out in ["in", "./in", "sub/../in"] {
        let answer = folder.run(&["verify", "--force", "--tee", out, "in"]);
        assert_eq!(answer.status, 2, "{out}");
        assert_eq!(fs::read(folder.path().join("in")).unwrap(), bytes);
    }
}

#[test]
fn a_copy_that_cannot_be_written_is_no_copy() {
    let folder = Folder::with("in", &good("small"));
    for out in ["missing/out", "-", "."] {
        let answer = folder.run(&["verify", "--tee", out, "in"]);
        assert_eq!(answer.status, 2, "{out}: {}", answer.stdout);
    }
    assert_eq!(folder.names(), ["in"]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told_and_leaves_nothing() {
    // A file system of its own would take privileges; a limit on the size of files fails a write as well.
    let folder = Folder::with("in", &good("two-disks"));
    let program = crate::run::path().display().to_string();
    let script = format!("ulimit -f 64; trap '' XFSZ; {program} verify --tee out in");
    let output = std::process::Command::new("sh")
        .args(["-c", &script])
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("the copy cannot be written"), "{told}");
    // What the reading found is reported as without a copy.
    let report = String::from_utf8(output.stdout).unwrap();
    let alone = folder.run(&["verify", "in"]);
    assert_eq!((alone.status, alone.stdout), (0, report));
    assert_eq!(folder.names(), ["in"]);
}

#[test]
fn it_is_about_one_input() {
    let folder = Folder::with("in", &good("small"));
    let answer = folder.run(&["verify", "--tee", "out", "in", "in"]);
    assert_eq!(answer.status, 2);
    assert!(
        answer.stderr.contains("--tee is about one input"),
        "{}",
        answer.stderr
    );
    assert_eq!(
        folder.run(&["verify", "-r", "--tee", "out", "in"]).status,
        2
    );
    assert_eq!(folder.names(), ["in"]);
}

#[cfg(unix)]
#[test]
fn a_link_or_a_device_is_never_replaced() {
    let folder = Folder::with("in", &good("small"));
    folder.put("elsewhere", b"mine");
    std::os::unix::fs::symlink("elsewhere", folder.path().join("out")).unwrap();
    let answer = folder.run(&["verify", "--force", "--tee", "out", "in"]);
    assert_eq!(answer.status, 2);
    assert!(
        answer.stdout.contains("is no regular file"),
        "{}",
        answer.stdout
    );
    assert!(folder.path().join("out").is_symlink());
    assert_eq!(folder.names(), ["elsewhere", "in", "out"]);
}

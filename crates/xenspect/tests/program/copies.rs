//! `verify` with what tells whether a copy is good: seals, digests beside it, another copy.

use std::fs;
use std::process::Command;

use serde_json::Value;
use xenspect_synth::Envelope;

use crate::run::{Folder, codes, damaged, good, say_skipped};

#[test]
fn a_pair_that_was_lost_in_the_middle_is_seen_by_the_seal_alone() {
    let folder = Folder::with("a.xva", &good("two-disks"));
    assert_eq!(folder.run(&["seal", "a.xva"]).status, 0);
    let answer = folder.run(&["verify", "--format", "json", "a.xva"]);
    let input = answer.input();
    assert_eq!(
        (answer.status, &input["verdict"]),
        (0, &"sound".into()),
        "{input:#}"
    );
    assert_eq!(input["seal"]["path"], "a.xva.seal.json");
    let lost = damaged("missing-middle-pair-looks-like-a-gap");
    folder.put("b.xva", &lost);
    let alone = folder.run(&["verify", "--format", "json", "b.xva"]).input();
    assert_eq!(alone["verdict"], "sound", "the archive alone cannot tell");
}

#[test]
fn a_seal_tells_what_a_copy_lacks() {
    let folder = Folder::with("a.xva", &good("two-disks"));
    assert_eq!(folder.run(&["seal", "a.xva"]).status, 0);
    // A recompressed copy has the same members.
    folder.put("b.xva.gz", &Envelope::Gzip.encode(&good("two-disks")));
    let answer = folder.run(&[
        "verify",
        "--format",
        "json",
        "--seal",
        "a.xva.seal.json",
        "b.xva.gz",
    ]);
    assert_eq!(answer.status, 0, "{}", answer.stdout);
    let findings = answer.input()["findings"].as_array().unwrap().clone();
    assert!(
        findings
            .iter()
            .any(|finding| finding["code"] == "seal/recompressed"),
        "{findings:?}"
    );
    // A copy of the last pair less.
    let bytes = good("two-disks");
    let mut archive = tar::Archive::new(&bytes[..]);
    let mut shorter = tar::Builder::new(Vec::new());
    let entries: Vec<_> = archive
        .entries()
        .unwrap()
        .map(|entry| {
            let mut entry = entry.unwrap();
            let (header, mut contents) = (entry.header().clone(), Vec::new());
            std::io::Read::read_to_end(&mut entry, &mut contents).unwrap();
            (header, contents)
        })
        .collect();
    for (at, (header, contents)) in entries.iter().enumerate() {
        // Two members in the middle.
        if !(3..5).contains(&at) {
            shorter.append(header, &contents[..]).unwrap();
        }
    }
    folder.put("a.xva", &shorter.into_inner().unwrap());
    let answer = folder.run(&["verify", "--format", "json", "a.xva"]);
    let input = answer.input();
    assert_eq!(answer.status, 1);
    assert!(codes(&input).contains(&"seal/member-lost"), "{input:#}");
    assert_eq!(input["seal"]["lost"], 2);
}

#[test]
fn a_seal_that_must_be_signed() {
    let folder = Folder::with("a.xva", &good("small"));
    let keygen = |args: &[&str]| {
        let done = Command::new("ssh-keygen")
            .args(args)
            .current_dir(folder.path())
            .output();
        done.is_ok_and(|done| done.status.success())
    };
    if !keygen(&["-q", "-t", "ed25519", "-N", "", "-C", "backup", "-f", "key"]) {
        say_skipped(format_args!(
            "signed seals: SKIPPED, there is no ssh-keygen"
        ));
        return;
    }
    assert!(keygen(&[
        "-q", "-t", "ed25519", "-N", "", "-C", "other", "-f", "other"
    ]));
    assert_eq!(folder.run(&["seal", "--sign", "key", "a.xva"]).status, 0);
    let verify =
        |key: &str| folder.run(&["verify", "--format", "json", "--verify-key", key, "a.xva"]);
    let good = verify("key.pub");
    assert_eq!(good.status, 0, "{}", good.stdout);
    let other = verify("other.pub");
    assert_eq!(other.status, 1);
    assert_eq!(codes(&other.input()), ["seal/signature-other-key"]);
    fs::remove_file(folder.path().join("a.xva.seal.json.sig")).unwrap();
    assert_eq!(
        codes(&verify("key.pub").input()),
        ["seal/signature-missing"]
    );
    fs::remove_file(folder.path().join("a.xva.seal.json")).unwrap();
    assert_eq!(verify("key.pub").status, 1, "no seal is no signature");
}

#[test]
fn digests_beside_an_input_are_compared_in_the_same_pass() {
    let folder = Folder::with("a.xva", &good("small"));
    let sum = |program: &str, list: &str| {
        let done = Command::new(program)
            .arg("a.xva")
            .current_dir(folder.path())
            .output();
        match done {
            Ok(done) if done.status.success() => {
                folder.put(list, &done.stdout);
                true
            }
            _ => false,
        }
    };
    let lists = [
        ("sha256sum", "SHA256SUMS"),
        ("md5sum", "a.xva.md5"),
        ("sha1sum", "a.xva.sha1"),
        ("sha512sum", "a.xva.sha512"),
    ];
    if !lists.iter().all(|(program, list)| sum(program, list)) {
        say_skipped(format_args!(
            "digests of coreutils: SKIPPED, there are none"
        ));
        return;
    }
    let answer = folder.run(&["verify", "--format", "json", "a.xva"]);
    assert_eq!(answer.status, 0, "{}", answer.stdout);
    let input = answer.input();
    let sidecars = input["sidecars"].as_array().unwrap();
    assert_eq!(sidecars.len(), 4, "{sidecars:?}");
    assert!(
        sidecars.iter().all(|sidecar| sidecar["outcome"] == "good"),
        "{sidecars:?}"
    );
    // Now another archive under the same name.
    folder.put("a.xva", &good("two-disks"));
    let answer = folder.run(&["verify", "--format", "json", "a.xva"]);
    assert_eq!(answer.status, 1);
    assert_eq!(codes(&answer.input()), ["sidecar/wrong"; 4]);
    let alone = folder.run(&["verify", "--alone", "--format", "json", "a.xva"]);
    assert_eq!((alone.status, alone.input().get("sidecars")), (0, None));
}

#[test]
fn of_two_copies_it_is_said_which_one_is_right() {
    let folder = Folder::with("a.xva", &good("small"));
    let same = folder.run(&["verify", "--format", "json", "--against", "a.xva", "a.xva"]);
    assert_eq!(same.status, 0, "{}{}", same.stdout, same.stderr);
    let states = |answer: &Value| -> Vec<String> {
        let inputs = answer["inputs"].as_array().unwrap().iter();
        inputs
            .map(|input| input["against"]["state"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(states(&same.json()), ["same", "same"]);
    // A byte in a block of the other copy.
    let mut bytes = good("small");
    let at = bytes.len() / 2;
    bytes[at] ^= 1;
    folder.put("b.xva", &bytes);
    for (input, other, right) in [("a.xva", "b.xva", "here"), ("b.xva", "a.xva", "there")] {
        let answer = folder.run(&["verify", "--format", "json", "--against", other, input]);
        assert_eq!(answer.status, 1, "{}", answer.stdout);
        let report = answer.json();
        assert_eq!(states(&report), ["one-is-right", "one-is-right"]);
        let ranges = report["inputs"][0]["against"]["ranges"].as_array().unwrap();
        assert_eq!(ranges.len(), 1);
        assert_eq!(ranges[0]["right"], right);
        assert!(ranges[0]["disk_range"]["length"].as_u64().unwrap() > 0);
    }
    // Another one that cannot be read says nothing against this one.
    folder.put("empty.xva", b"");
    for other in ["empty.xva", "absent.xva"] {
        let answer = folder.run(&["verify", "--format", "json", "--against", other, "a.xva"]);
        assert_eq!(answer.status, 2, "{}", answer.stdout);
        let report = answer.json();
        let told = |at: usize| {
            let input = &report["inputs"][at];
            let words = |key: &str| input[key].as_str().unwrap().to_owned();
            (words("path"), words("verdict"))
        };
        assert_eq!(told(0), ("a.xva".to_owned(), "sound".to_owned()));
        assert_eq!(told(1), (other.to_owned(), "unreadable".to_owned()));
    }
    // A copy that was recompressed is no other copy.
    folder.put("c.xva.zst", &Envelope::Zstd.encode(&good("small")));
    let answer = folder.run(&[
        "verify",
        "--format",
        "json",
        "--against",
        "c.xva.zst",
        "a.xva",
    ]);
    assert_eq!(answer.status, 0, "{}", answer.stdout);
}

#[cfg(unix)]
#[test]
fn a_pipe_that_is_called_like_a_seal_or_a_digest_is_not_waited_for() {
    let folder = Folder::with("a.xva", &good("small"));
    let made = |name: &str| {
        let made = Command::new("mkfifo")
            .arg(name)
            .current_dir(folder.path())
            .status();
        made.is_ok_and(|status| status.success())
    };
    assert!(made("a.xva.seal.json") && made("a.xva.md5") && made("SHA256SUMS"));
    let answer = folder.run(&["verify", "--format", "json", "a.xva"]);
    assert_eq!(answer.status, 1, "{}", answer.stdout);
    assert!(
        codes(&answer.input()).contains(&"seal/unreadable"),
        "{}",
        answer.stdout
    );
}

//! Exit statuses, and the one sentence for what is no backup.

use std::fmt::Write;
use std::process::Command;

use xenspect_synth::{Content, Envelope};

use crate::run::{Folder, codes, damaged, good};

#[test]
fn a_good_backup_is_0() {
    let folder = Folder::with("web01.xva", &good("small"));
    let answer = folder.run(&["verify", "web01.xva"]);
    assert_eq!((answer.status, answer.stderr.as_str()), (0, ""));
    assert!(
        answer.stdout.starts_with("web01.xva  SOUND\n"),
        "{}",
        answer.stdout
    );
}

#[test]
fn a_damaged_backup_is_1_whatever_fails() {
    let folder = Folder::with("web01.xva", &damaged("flip-block-byte"));
    for fail_on in ["note", "warning", "error"] {
        let answer = folder.run(&["verify", "--fail-on", fail_on, "web01.xva"]);
        assert_eq!(
            (answer.status, answer.stderr.as_str()),
            (1, ""),
            "{fail_on}"
        );
    }
}

/// The exit status and verdict of a damaged archive for each `--fail-on`.
fn assert_statuses(fault: &str, verdict: &str, statuses: [(&str, i32); 3]) {
    let folder = Folder::with("web01.xva", &damaged(fault));
    for (fail_on, status) in statuses {
        let answer = folder.run(&[
            "verify",
            "--fail-on",
            fail_on,
            "--format",
            "json",
            "web01.xva",
        ]);
        assert_eq!(answer.status, status, "{fail_on}");
        assert_eq!(answer.input()["verdict"], verdict);
    }
}

#[test]
fn a_suspect_backup_is_1_only_where_warnings_fail() {
    let statuses = [("error", 0), ("warning", 1), ("note", 1)];
    assert_statuses("single-end-block", "suspect", statuses);
    let folder = Folder::with("web01.xva", &damaged("single-end-block"));
    assert_eq!(folder.run(&["verify", "web01.xva"]).status, 0);
}

#[test]
fn a_note_is_1_only_where_notes_fail() {
    let statuses = [("error", 0), ("warning", 0), ("note", 1)];
    assert_statuses("seven-digit-block-number", "sound", statuses);
}

/// A tar archive of something else, by the system's tar; none where there is no GNU tar.
fn unrelated_tar() -> Option<Vec<u8>> {
    let folder = Folder::new();
    folder.put("letters/one.txt", b"one");
    folder.put("letters/two.txt", &[b'2'; 3000]);
    let packed = Command::new("tar")
        .args(["--sort=name", "-cf", "-", "-C"])
        .arg(folder.path())
        .arg("letters")
        .env_remove("TAR_OPTIONS")
        .output();
    match packed {
        Ok(output) if output.status.success() => Some(output.stdout),
        _ => {
            crate::run::say_skipped(format_args!(
                "SKIPPED: the tar archive among the unknown inputs: no GNU tar here"
            ));
            None
        }
    }
}

#[test]
fn what_is_no_backup_is_2_and_one_sentence() {
    let random = Content::Random.chunk(7, 0, 0, 300_000);
    let mut jpeg = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x48\x00\x48".to_vec();
    jpeg.extend(Content::Mixed.chunk(7, 0, 0, 100_000));
    let tar = unrelated_tar();
    let mut inputs = vec![
        ("empty.xva", Vec::new()),
        ("letter.xva", b"Dear reader, ".repeat(100)),
        ("zeros.xva", vec![0; 3_000_000]),
        ("random.xva", random.clone()),
        ("photo.jpg", jpeg),
        ("random.gz", Envelope::Gzip.encode(&random)),
        ("random.zst", Envelope::Zstd.encode(&random)),
        (
            "broken.gz",
            [b"\x1f\x8b\x08\0\0\0\0\0\0\x03".as_slice(), &[0xff; 4000]].concat(),
        ),
        (
            "broken.zst",
            [b"\x28\xb5\x2f\xfd".as_slice(), &[0xff; 4000]].concat(),
        ),
        (
            "cut.gz",
            Envelope::Gzip.encode(&good("small"))[..60].to_vec(),
        ),
        (
            "local.db",
            b"<config><row key=\"ha.armed\" value=\"false\"/></config>\n".to_vec(),
        ),
    ];
    inputs.extend(tar.map(|tar| ("letters.tar", tar)));
    let folder = Folder::new();
    std::fs::create_dir(folder.path().join("backups")).unwrap();
    let mut names = vec!["missing.xva", "backups"];
    for (name, bytes) in &inputs {
        folder.put(name, bytes);
        names.push(name);
    }
    let mut all = String::new();
    for name in names {
        let answer = folder.run(&["verify", "--format", "json", name]);
        assert_eq!(answer.status, 2, "{name}");
        let input = answer.input();
        assert_eq!(input["verdict"], "unreadable", "{name}");
        assert!(codes(&input).is_empty(), "{name}");
        let sentence = input["error"].as_str().expect(name);
        assert!(!sentence.contains('\n'), "{name}");
        // The snapshot must hold where there is no tar, too.
        if name == "letters.tar" {
            assert_eq!(
                sentence,
                "is a tar archive, but no XVA: it has neither ova.xml nor blocks \
                 (its first member is \"letters/\")"
            );
        } else {
            writeln!(all, "{name}: {sentence}").unwrap();
        }
        let human = folder.run(&["verify", name]);
        assert_eq!((human.status, human.stderr.as_str()), (2, ""), "{name}");
        assert!(
            human.stdout.starts_with(&format!("{name}  UNREADABLE\n  ")),
            "{}",
            human.stdout
        );
    }
    insta::assert_snapshot!(all);
}

#[test]
fn only_an_empty_input_is_called_empty() {
    let folder = Folder::with("letter.txt", b"Dear reader");
    let file = folder.run(&["verify", "--format", "json", "letter.txt"]);
    let pipe = folder.pipe(
        &["verify", "--format", "json", "-"],
        b"Dear reader".to_vec(),
    );
    for answer in [file, pipe] {
        assert_eq!(answer.status, 2);
        let error = answer.input()["error"].as_str().unwrap().to_owned();
        assert!(
            error.starts_with("is not a backup that xenspect knows"),
            "{error}"
        );
    }
}

/// As the plain archive that is cut at the same place.
#[test]
fn a_cut_inside_ova_xml_is_incomplete_in_every_envelope() {
    let plain = damaged("truncated-in-ova");
    let packed = Envelope::Gzip.encode(&good("small"));
    for bytes in [plain, packed[..300].to_vec()] {
        let folder = Folder::with("a.xva", &bytes);
        let answer = folder.run(&["verify", "--format", "json", "a.xva"]);
        assert_eq!(answer.status, 1);
        let input = answer.input();
        assert_eq!(input["verdict"], "incomplete", "{input:#}");
        assert_eq!(codes(&input).len(), 1, "{input:#}");
        assert_eq!(input["import"]["xapi_error"], "IMPORT_ERROR_PREMATURE_EOF");
    }
}

#[test]
fn unknown_bytes_on_a_pipe_get_the_same_sentence() {
    let random = Content::Random.chunk(7, 0, 0, 300_000);
    let folder = Folder::with("random.xva", &random);
    let file = folder.run(&["verify", "--format", "json", "random.xva"]);
    let pipe = folder.pipe(&["verify", "--format", "json", "-"], random);
    assert_eq!(pipe.status, 2);
    assert_eq!(file.input()["error"], pipe.input()["error"]);
    let nothing = folder.run(&["verify", "--format", "json", "-"]);
    assert_eq!(nothing.status, 2);
    assert_eq!(nothing.input()["verdict"], "unreadable");
}

#[test]
fn every_envelope_is_taken_from_a_pipe() {
    let folder = Folder::new();
    let recipes = ["small", "gzip", "gzip-members", "zstd", "zstd-frames"];
    for recipe in recipes {
        let answer = folder.pipe(&["verify", "-"], good(recipe));
        assert_eq!((answer.status, answer.stderr.as_str()), (0, ""), "{recipe}");
        assert!(
            answer.stdout.starts_with("standard input  SOUND\n"),
            "{}",
            answer.stdout
        );
    }
    for envelope in [Envelope::Plain, Envelope::Gzip, Envelope::Zstd] {
        let bytes = envelope.encode(&damaged("flip-block-byte"));
        assert_eq!(
            folder.pipe(&["verify", "-"], bytes).status,
            1,
            "{envelope:?}"
        );
    }
}

#[test]
fn the_worst_of_several_inputs_counts() {
    let folder = Folder::with("good.xva", &good("small"));
    folder.put("bad.xva", &damaged("flip-sum-digit"));
    folder.put("letter.txt", b"Dear reader");
    for (inputs, status) in [
        (&["good.xva", "good.xva"][..], 0),
        (&["good.xva", "bad.xva"], 1),
        (&["bad.xva", "good.xva"], 1),
        (&["letter.txt", "good.xva"], 2),
        (&["letter.txt", "bad.xva", "good.xva"], 2),
        (&["good.xva", "missing.xva"], 2),
    ] {
        let mut args = vec!["verify", "--format", "json"];
        args.extend(inputs);
        let answer = folder.run(&args);
        assert_eq!(answer.status, status, "{inputs:?}");
        let report = answer.json();
        let paths: Vec<_> = report["inputs"]
            .as_array()
            .unwrap()
            .iter()
            .map(|i| &i["path"])
            .collect();
        assert_eq!(paths, inputs.to_vec());
    }
}

#[test]
fn a_file_and_standard_input_go_together() {
    let folder = Folder::with("good.xva", &good("small"));
    let args = ["verify", "--format", "json", "good.xva", "-"];
    let answer = folder.pipe(&args, damaged("flip-sum-digit"));
    assert_eq!(answer.status, 1);
    let report = answer.json();
    assert_eq!(report["inputs"][0]["verdict"], "sound");
    assert_eq!(report["inputs"][1]["path"], "-");
    assert_eq!(report["inputs"][1]["verdict"], "damaged");
}

#[test]
fn wrong_arguments_are_2_and_leave_standard_output_alone() {
    let folder = Folder::with("good.xva", &good("small"));
    for args in [
        &["verify"][..],
        &[],
        &["verify", "--threads", "0", "good.xva"],
        &["verify", "--threads", "many", "good.xva"],
        &["verify", "--format", "yaml", "good.xva"],
        &["verify", "--fail-on", "sometimes", "good.xva"],
        &["verify", "--no-such-option", "good.xva"],
        &["check", "good.xva"],
        &["explain"],
    ] {
        let answer = folder.run(args);
        assert_eq!((answer.status, answer.stdout.as_str()), (2, ""), "{args:?}");
        assert!(!answer.stderr.is_empty(), "{args:?}");
    }
}

#[test]
fn headers_alone_are_never_called_sound() {
    let folder = Folder::with("a.xva", &good("small"));
    let answer = folder.run(&["verify", "--depth", "headers", "--format", "json", "a.xva"]);
    let input = answer.input();
    assert_eq!(input["verdict"], "incomplete", "{input:#}");
    assert!(
        input.to_string().contains("\"scan/headers-only\""),
        "{input:#}"
    );
    assert_eq!(answer.status, 0);
}

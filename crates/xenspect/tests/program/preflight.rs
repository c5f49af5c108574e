//! `preflight`: both sides in every form they come in, the answers, and how it ends.

use std::io::Write;

use serde_json::Value;
use xenspect_synth::restore::File;
use xenspect_synth::{Envelope, RestoreFault, Scene};

use crate::run::{Answer, Folder, good};

/// The pool and the host of a scene, as two files.
fn both(scene: &Scene) -> Folder {
    let folder = Folder::with("pool.xml", &scene.dump());
    folder.put("host.xml", &scene.host.database());
    folder
}

fn compare(folder: &Folder, more: &[&str]) -> Answer {
    let mut args = vec!["preflight", "pool.xml", "--target", "host.xml"];
    args.extend(more);
    folder.run(&args)
}

#[test]
fn a_good_pair_is_accepted() {
    let answer = compare(&both(&Scene::good()), &["--format", "json"]);
    assert_eq!(
        (answer.status, answer.stderr.as_str()),
        (0, ""),
        "{}",
        answer.stdout
    );
    let report = answer.json();
    assert_eq!(report["preflight"]["accepted"], true);
    assert_eq!(report["preflight"]["boots"], true);
    assert_eq!(report["preflight"]["xapi_error"], Value::Null);
}

#[test]
fn a_target_whose_check_value_is_wrong_is_not_relied_on() {
    let scene = Scene::good();
    let folder = both(&scene);
    let mut packed = Envelope::Gzip.encode(&scene.host.database());
    folder.put("host.xml", &packed);
    assert_eq!(compare(&folder, &[]).status, 0);
    let crc = packed.len() - 8;
    packed[crc] ^= 1;
    folder.put("host.xml", &packed);
    let answer = compare(&folder, &["--format", "json"]);
    assert_eq!(answer.status, 1, "{}", answer.stderr);
    assert!(
        answer.stderr.contains("host.xml: it is damaged"),
        "{}",
        answer.stderr
    );
    assert_ne!(answer.json()["preflight"]["accepted"], true);
}

#[test]
fn what_people_see() {
    let answer = compare(&both(&Scene::demonstration()), &[]);
    assert_eq!((answer.status, answer.stderr.as_str()), (1, ""));
    insta::assert_snapshot!("preflight_three_hosts", answer.stdout);
    let answer = compare(&both(&Scene::demonstration()), &["--format", "markdown"]);
    insta::assert_snapshot!("preflight_three_hosts_markdown", answer.stdout);
}

/// Tar archives of the same files in every packing, and a zip file.
fn packed(folder: &Folder, name: &str, files: &[File]) -> Vec<String> {
    let mut tar = tar::Builder::new(Vec::new());
    for (name, bytes) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o600);
        tar.append_data(&mut header, name, &bytes[..]).unwrap();
    }
    let tar = tar.into_inner().unwrap();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(&tar).unwrap();
    let mut bzip2 = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
    bzip2.write_all(&tar).unwrap();
    let mut zip = Vec::new();
    let mut archive = rawzip::ZipArchiveWriter::new(&mut zip);
    for (name, bytes) in files {
        let (mut entry, config) = archive.new_file(name).start().unwrap();
        let mut writer = config.wrap(&mut entry);
        writer.write_all(bytes).unwrap();
        let (_, descriptor) = writer.finish().unwrap();
        entry.finish(descriptor).unwrap();
    }
    archive.finish().unwrap();
    let forms = [
        ("tar", tar),
        ("tar.gz", gzip.finish().unwrap()),
        ("tar.bz2", bzip2.finish().unwrap()),
        ("zip", zip),
    ];
    let put = |(extension, bytes): (&str, Vec<u8>)| {
        let name = format!("{name}.{extension}");
        folder.put(&name, &bytes);
        name
    };
    forms.map(put).into()
}

/// What a report says, the target's path and the sources of its facts aside.
fn said(answer: &Answer) -> Value {
    let mut report = answer.json();
    for field in ["path", "sources"] {
        report["target"][field].take();
    }
    report
}

/// Answers, NICs, versions, and what was found: the same whatever the target's facts were read from.
fn answers(report: &Value) -> Vec<String> {
    let mut found: Vec<String> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| format!("{} {}", finding["code"], finding["place"]))
        .collect();
    found.sort();
    let preflight = &report["preflight"];
    for field in ["accepted", "boots", "xapi_error", "further_errors"] {
        found.push(preflight[field].to_string());
    }
    found.push(report["version"]["relation"].to_string());
    found.push(report["nics"].to_string());
    found.push(report["renaming"].to_string());
    found
}

#[test]
fn all_forms_of_one_host_give_the_same_answer() {
    let faults = ["nic-missing", "nics-swapped"];
    let faults = faults.map(|name| RestoreFault::named(name).expect(name).build());
    for scene in [Scene::good(), Scene::demonstration()]
        .into_iter()
        .chain(faults)
    {
        let folder = both(&scene);
        let json = ["--format", "json"];
        let expected = said(&compare(&folder, &json));

        // What is saved of the database is all that is known of it.
        for (name, format) in [("host.toml", "human"), ("host.json", "json")] {
            let saved = folder.run(&[
                "preflight",
                "--print-profile",
                "host.xml",
                "--format",
                format,
            ]);
            assert_eq!(saved.status, 0, "{}", saved.stderr);
            folder.put(name, saved.stdout.as_bytes());
            let again = folder.run(&[
                "preflight",
                "pool.xml",
                "--target",
                name,
                "--format",
                "json",
            ]);
            assert_eq!(said(&again), expected, "{name}");
        }

        for (name, bytes) in scene.host.folder() {
            folder.put(&format!("facts/{name}"), &bytes);
        }
        let mut forms = vec!["facts".to_owned()];
        forms.extend(packed(&folder, "facts-packed", &scene.host.folder()));
        forms.extend(packed(&folder, "bug-report", &scene.host.status_report()));
        forms.extend(packed(&folder, "backup", &scene.host.host_backup()));
        for form in forms {
            let args = [
                "preflight",
                "pool.xml",
                "--target",
                &form,
                "--format",
                "json",
            ];
            let answer = folder.run(&args);
            assert!(answer.status < 2, "{form}: {}", answer.stderr);
            let (is, should) = (answers(&said(&answer)), answers(&expected));
            assert_eq!(is, should, "{form}");
        }
    }
}

#[test]
fn the_database_of_a_host_backup_is_what_would_be_restored() {
    let scene = Scene::good();
    let folder = both(&scene);
    let files: Vec<File> = [
        (
            "./etc/xensource-inventory",
            &b"PRODUCT_BRAND='XenServer'\n"[..],
        ),
        ("./var/lib/xcp/state.db", &scene.host.database()),
        (
            "./var/backup/pool-database-2024-05-31--13-07-09",
            &scene.dump(),
        ),
    ]
    .map(|(name, bytes)| (name.to_owned(), bytes.to_owned()))
    .into();
    for form in packed(&folder, "backup", &files) {
        let answer = folder.run(&[
            "preflight",
            &form,
            "--target",
            "host.xml",
            "--format",
            "json",
        ]);
        let report = answer.json();
        // Where it is taken for a host backup, the host itself cannot come back: its inventory lacks nearly all. What is
        // left is to restore the database alone.
        let is_host = report["host"].is_object();
        let status = i32::from(is_host);
        assert_eq!(
            (answer.status, answer.stderr.as_str()),
            (status, ""),
            "{form}"
        );
        let member = report["input"]["member"].as_str().unwrap();
        assert_eq!(member, "var/backup/pool-database-2024-05-31--13-07-09");
        assert_eq!(report["preflight"]["accepted"], !is_host, "{form}");
        if is_host {
            assert_eq!(report["host"]["database"], "target-as-it-is", "{form}");
        }
    }
}

#[test]
fn every_fault_gives_a_document_of_the_schema() {
    let schema = include_str!("../../../../docs/preflight.schema.json");
    let schema = serde_json::from_str(schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for (name, _) in RestoreFault::names() {
        let scene = RestoreFault::named(name)
            .expect("a fault of that name")
            .build();
        let folder = both(&scene);
        for (file, bytes) in scene.host.folder() {
            folder.put(&format!("facts/{file}"), &bytes);
        }
        let args = [
            "preflight",
            "pool.xml",
            "--target",
            "facts",
            "--format",
            "json",
        ];
        let answer = folder.run(&args);
        assert!(answer.status < 2, "{name}: {}", answer.stderr);
        let report = answer.json();
        let errors: Vec<_> = validator
            .iter_errors(&report)
            .map(|error| error.to_string())
            .collect();
        assert!(errors.is_empty(), "{name}: {errors:?}");
        let refused =
            report["preflight"]["accepted"] == false || report["preflight"]["boots"] == false;
        assert!(!refused || answer.status == 1, "{name}");
    }
}

#[test]
fn what_cannot_be_said_is_not_good() {
    let folder = both(&Scene::good());
    folder.put("little.toml", b"[product]\nschema = \"5.603\"\n");
    let args = ["preflight", "pool.xml", "--target", "little.toml"];
    let answer = folder.run(&args);
    assert_eq!(answer.status, 1, "{}", answer.stdout);
    assert!(
        answer.stdout.contains("CANNOT BE SAID"),
        "{}",
        answer.stdout
    );
    let answer = folder.run(&[&args[..], &["--format", "json"]].concat());
    assert_eq!(answer.json()["preflight"]["accepted"], Value::Null);
}

#[test]
fn an_export_is_compared_with_a_pool() {
    let folder = both(&Scene::good());
    folder.put("web.xva", &good("good-8.2"));
    let args = [
        "preflight",
        "web.xva",
        "--target",
        "host.xml",
        "--format",
        "json",
    ];
    let answer = folder.run(&args);
    assert!(answer.status < 2, "{}", answer.stderr);
    let report = answer.json();
    assert_eq!(report["preflight"]["boots"], Value::Null);
    assert!(report["preflight"]["accepted"].is_boolean(), "{report}");
    assert_eq!(report["input"]["kind"], "xva");
}

#[test]
fn sides_that_cannot_be_read_end_with_2_and_one_sentence() {
    let folder = both(&Scene::good());
    folder.put("notes.txt", b"nothing of interest\n");
    folder.put("odd.toml", b"[host]\nnaem = \"x\"\n");
    folder.put("web.xva", &good("good-8.2"));
    folder.put("empty/notes.txt", b"nothing of interest\n");
    for (input, target, said) in [
        ("absent.xml", "host.xml", "absent.xml: cannot be"),
        ("pool.xml", "absent.xml", "absent.xml: cannot be"),
        ("notes.txt", "host.xml", "notes.txt: is not a backup"),
        ("pool.xml", "notes.txt", "notes.txt: "),
        ("pool.xml", "odd.toml", "naem"),
        ("pool.xml", "web.xva", "web.xva: is a VM export"),
        ("pool.xml", "empty", "empty: "),
        ("empty", "host.xml", "empty: is a folder"),
        ("-", "-", "standard input"),
    ] {
        let answer = folder.run(&["preflight", input, "--target", target]);
        assert_eq!(
            (answer.status, answer.stdout.as_str()),
            (2, ""),
            "{input} {target}"
        );
        assert!(
            answer.stderr.contains(said),
            "{input} {target}: {}",
            answer.stderr
        );
    }
}

#[test]
fn either_side_comes_through_a_pipe() {
    let scene = Scene::good();
    let folder = both(&scene);
    let answer = folder.pipe(&["preflight", "-", "--target", "host.xml"], scene.dump());
    assert_eq!((answer.status, answer.stderr.as_str()), (0, ""));
    let answer = folder.pipe(
        &["preflight", "pool.xml", "--target", "-"],
        scene.host.database(),
    );
    assert_eq!((answer.status, answer.stderr.as_str()), (0, ""));
}

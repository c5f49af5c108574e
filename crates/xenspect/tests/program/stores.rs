//! Whole stores: every fault of a copied tree is named and nothing else, however many inputs are read at a time, by however many
//! machines, and whatever was interrupted.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use serde_json::Value;
use tempfile::TempDir;
use xenspect_synth::Envelope;
use xenspect_synth::store::{Broken, SMALLEST_WITH_FAULTS, Store};

use crate::run::{Answer, Folder, damaged, dump, good};

/// A store with ten faults, written once; nothing here changes it.
pub(crate) fn store() -> &'static (TempDir, Vec<Broken>) {
    static STORE: OnceLock<(TempDir, Vec<Broken>)> = OnceLock::new();
    STORE.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let store = Store {
            archives: SMALLEST_WITH_FAULTS,
            seed: 7,
            faults: true,
        };
        let broken = store.write(&folder.path().join("store")).unwrap();
        (folder, broken)
    })
}

fn run(args: &[&str]) -> Answer {
    run_in(store().0.path(), args)
}

fn run_in(folder: &Path, args: &[&str]) -> Answer {
    let mut command = crate::run::program();
    command.current_dir(folder).args(args);
    let output = command.output().unwrap();
    Answer {
        status: output.status.code().unwrap(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Verdicts and codes (without notes) by path.
fn by_path(report: &Value) -> BTreeMap<String, (String, Vec<String>)> {
    let inputs = report["inputs"].as_array().unwrap().iter();
    inputs
        .map(|input| {
            let codes = input["findings"].as_array().unwrap().iter();
            let codes = codes
                .filter(|finding| finding["severity"] != "note")
                .map(|finding| finding["code"].as_str().unwrap().to_owned());
            let verdict = input["verdict"].as_str().unwrap().to_owned();
            (
                input["path"].as_str().unwrap().to_owned(),
                (verdict, codes.collect()),
            )
        })
        .collect()
}

/// Holds a report against what was broken: those ten are named with their codes, and all others are good.
pub(crate) fn the_ten_are_named(report: &Value, broken: &[Broken], prefix: &str) {
    let mut told = by_path(report);
    for Broken { path, fault, code } in broken {
        let (verdict, codes) = told
            .remove(&format!("{prefix}{path}"))
            .unwrap_or_else(|| panic!("{path} ({fault}) is not in the report"));
        match *code {
            "unreadable" => assert_eq!(verdict, "unreadable", "{path}"),
            code => assert!(
                codes.iter().any(|told| told == code),
                "{path} ({fault}): {codes:?}"
            ),
        }
        assert!(
            verdict != "sound" && verdict != "suspect",
            "{path} ({fault}): {verdict}"
        );
    }
    for (path, (verdict, codes)) in told {
        assert!(
            (verdict == "sound" || verdict == "suspect")
                && codes.iter().all(|code| !code.starts_with("sidecar/")),
            "{path} was not broken: {verdict} {codes:?}"
        );
    }
}

#[test]
fn ten_faults_of_a_copied_tree_are_named_and_the_rest_is_good() {
    let (_, broken) = store();
    assert_eq!(broken.len(), 10);
    let answer = run(&["verify", "-r", "--format", "json", "store"]);
    // One of the ten is an empty file, which is no backup at all.
    assert_eq!(answer.status, 2, "{}", answer.stderr);
    the_ten_are_named(&answer.json(), broken, "store/");
}

#[test]
fn the_report_does_not_depend_on_how_many_are_read_at_a_time() {
    let one = run(&["verify", "-r", "--jobs", "1", "--format", "json", "store"]);
    for jobs in ["2", "7"] {
        let several = run(&["verify", "-r", "--jobs", jobs, "--format", "json", "store"]);
        assert_eq!(one.stdout, several.stdout, "{jobs} jobs");
    }
}

#[test]
fn shards_together_give_the_report_of_one_run() {
    let whole = run(&["verify", "-r", "--format", "json", "store"]);
    for shards in [1, 2, 3, 7] {
        let folder = Folder::new();
        let mut merge = vec![
            "report".to_owned(),
            "merge".to_owned(),
            "--format".to_owned(),
            "json".to_owned(),
        ];
        let mut worst = 0;
        for k in 1..=shards {
            let shard = format!("{k}/{shards}");
            let part = run(&[
                "verify", "-r", "--format", "json", "--shard", &shard, "store",
            ]);
            worst = worst.max(part.status);
            let name = format!("{k}.json");
            folder.put(&name, part.stdout.as_bytes());
            merge.push(name);
        }
        let merge: Vec<&str> = merge.iter().map(String::as_str).collect();
        let merged = folder.run(&merge);
        assert_eq!(
            merged.stdout, whole.stdout,
            "{shards} shards: {}",
            merged.stderr
        );
        assert_eq!((merged.status, worst), (whole.status, whole.status));
    }
}

#[test]
fn a_shard_without_inputs_is_no_failure() {
    let folder = Folder::with("store/a.xva", &good("small"));
    let statuses: Vec<i32> = (1..=5)
        .map(|k| {
            folder
                .run(&["verify", "-r", "--shard", &format!("{k}/5"), "store"])
                .status
        })
        .collect();
    assert_eq!(statuses, [0; 5]);
}

#[test]
fn what_was_good_lately_is_left_out_and_what_was_not_is_read_again() {
    let (_, broken) = store();
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state").display().to_string();
    let first = run(&[
        "verify", "-r", "--state", &state, "--settle", "0s", "--format", "json", "store",
    ]);
    assert_eq!(first.status, 2, "{}", first.stderr);
    let args = [
        "verify",
        "-r",
        "--state",
        &state,
        "--settle",
        "0s",
        "--skip-verified-within",
        "30d",
        "--format",
        "json",
        "store",
    ];
    let second = run(&args);
    let report = second.json();
    let left = report["left"].as_array().unwrap();
    assert!(
        left.iter()
            .all(|left| left["reason"] == "verified-recently"),
        "{left:?}"
    );
    let inputs = first.json()["inputs"].as_array().unwrap().len();
    let read = by_path(&report);
    assert_eq!(read.len() + left.len(), inputs);
    for Broken { path, .. } in broken {
        assert!(read.contains_key(&format!("store/{path}")), "{path}");
    }
    let history = run(&["history", "--state", &state]);
    assert_eq!(history.status, 0, "{}", history.stderr);
    assert!(history.stdout.contains("store/"), "{}", history.stdout);
}

#[test]
fn a_sample_reads_each_block_and_each_file_once() {
    let folder = Folder::new();
    for (name, recipe) in [
        ("a.xva", "two-disks"),
        ("b.xva", "small"),
        ("c.xva.gz", "gzip"),
    ] {
        folder.put(&format!("store/{name}"), &good(recipe));
    }
    let whole = folder
        .run(&["verify", "-r", "--format", "json", "store"])
        .json();
    let blocks = |report: &Value, name: &str| -> u64 {
        let inputs = report["inputs"].as_array().unwrap().iter();
        let of_name = inputs.filter(|input| input["path"] == format!("store/{name}"));
        of_name
            .flat_map(|input| input["disks"].as_array().unwrap())
            .map(|disk| disk["good"].as_u64().unwrap())
            .sum()
    };
    let mut read = [0; 3];
    for _ in 0..3 {
        let args = [
            "verify", "-r", "--state", "state", "--settle", "0s", "--sample", "1/3", "--format",
            "json", "store",
        ];
        let answer = folder.run(&args);
        assert_eq!(answer.status, 0, "{}{}", answer.stdout, answer.stderr);
        let report = answer.json();
        for (sum, name) in read.iter_mut().zip(["a.xva", "b.xva", "c.xva.gz"]) {
            *sum += blocks(&report, name);
        }
    }
    for (sum, name) in read.into_iter().zip(["a.xva", "b.xva", "c.xva.gz"]) {
        assert_eq!(sum, blocks(&whole, name), "{name}");
    }
}

/// Which part of it is damaged is told by one run of four; those that follow do not call it sound for another part.
#[test]
fn a_sample_of_what_is_damaged_is_never_sound_again() {
    let folder = Folder::with("store/a.xva", &damaged("flip-block-byte"));
    let packed = Envelope::Gzip.encode(&damaged("flip-block-byte"));
    folder.put("store/b.xva.gz", &packed);
    let args = [
        "verify", "-r", "--state", "state", "--settle", "0s", "--sample", "1/4", "--format",
        "json", "store",
    ];
    let mut known = [false; 2];
    for _ in 0..6 {
        let report = folder.run(&args).json();
        for (known, name) in known.iter_mut().zip(["store/a.xva", "store/b.xva.gz"]) {
            let mut inputs = report["inputs"].as_array().unwrap().iter();
            let input = inputs.find(|input| input["path"] == name);
            let is_damaged = input.is_some_and(|input| input["verdict"] == "damaged");
            assert!(is_damaged || !*known, "{name}: {report}");
            *known = is_damaged;
        }
    }
    assert_eq!(known, [true; 2]);
}

/// A file that was a backup and is nothing any more, by whatever name.
#[test]
fn what_was_a_backup_once_is_not_passed_over() {
    let folder = Folder::with("store/kept", &dump("pool-small"));
    folder.put("store/notes", b"of no interest");
    let args = [
        "verify", "-r", "--state", "state", "--settle", "0s", "--format", "json", "store",
    ];
    assert_eq!(folder.run(&args).status, 0);
    for lost in [&b""[..], &[0; 70_000], b"something else"] {
        folder.put("store/kept", lost);
        let answer = folder.run(&args);
        assert_eq!(answer.status, 2, "{}", answer.stderr);
        let report = answer.json();
        assert_eq!(report["inputs"][0]["path"], "store/kept");
        assert_eq!(report["inputs"][0]["verdict"], "unreadable");
        assert_eq!(report["inputs"].as_array().unwrap().len(), 1);
    }
}

/// Names that hosts give to pool databases are those of backups.
#[test]
fn a_pool_database_that_is_lost_is_told_by_its_name() {
    let folder = Folder::with("store/a.xva", &good("small"));
    folder.put("store/pool-database-2024-05-31--13-07-09", b"");
    folder.put("store/state.db", &[0; 70_000]);
    // Of a name that others use too, and something else.
    folder.put("store/other/snapshot.db", b"SQLite format 3\0 and so on");
    let answer = folder.run(&["verify", "-r", "--format", "json", "store"]);
    assert_eq!(answer.status, 2, "{}", answer.stderr);
    let report = answer.json();
    let verdicts = report["inputs"].as_array().unwrap().iter();
    let verdicts: Vec<&str> = verdicts
        .map(|input| input["verdict"].as_str().unwrap())
        .collect();
    assert_eq!(verdicts, ["sound", "unreadable", "unreadable"]);
}

#[test]
fn what_is_being_written_is_left_for_the_next_run() {
    let folder = Folder::with("store/a.xva", &good("small"));
    let args = [
        "verify", "-r", "--settle", "1h", "--format", "json", "store",
    ];
    let answer = folder.run(&args);
    assert_eq!(answer.status, 0, "{}", answer.stdout);
    let report = answer.json();
    assert_eq!(report["inputs"], Value::Array(Vec::new()));
    assert_eq!(report["left"][0]["reason"], "still-growing");
    // Named itself, it is read.
    let args = [
        "verify",
        "--settle",
        "1h",
        "--format",
        "json",
        "store/a.xva",
    ];
    assert_eq!(folder.run(&args).input()["verdict"], "sound");
}

#[test]
fn a_state_that_is_none_is_not_used_and_nothing_is_skipped() {
    let folder = Folder::with("store/a.xva", &good("small"));
    folder.put("state", b"this is no state file, whatever it is called");
    let answer = folder.run(&["verify", "-r", "--state", "state", "store"]);
    assert_eq!(answer.status, 2);
    assert!(answer.stdout.contains("a.xva"), "{}", answer.stdout);
    assert!(answer.stderr.contains("state file"), "{}", answer.stderr);
    let kept = fs::read(folder.path().join("state")).unwrap();
    assert_eq!(kept, b"this is no state file, whatever it is called");
}

#[test]
fn nothing_in_a_store_is_changed() {
    let look = || -> Vec<(String, u64, std::time::SystemTime)> {
        let folder = store().0.path().join("store");
        let entries = walkdir::WalkDir::new(folder).sort_by_file_name();
        entries
            .into_iter()
            .map(|entry| {
                let entry = entry.unwrap();
                let metadata = entry.metadata().unwrap();
                (
                    entry.path().display().to_string(),
                    metadata.len(),
                    metadata.modified().unwrap(),
                )
            })
            .collect()
    };
    let before = look();
    run(&["verify", "-r", "store"]);
    assert_eq!(look(), before);
}

#[cfg(unix)]
#[test]
fn a_run_that_was_killed_is_gone_on_with_to_the_same_report() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state").display().to_string();
    let args = [
        "verify", "-r", "--jobs", "1", "--settle", "0s", "--format", "json", "--state", &state,
        "store",
    ];
    let whole = run(&["verify", "-r", "--format", "json", "store"]);
    let mut child = crate::run::program()
        .current_dir(store().0.path())
        .args(args)
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    // It is killed when some inputs are done, and others are not.
    let done = || {
        let history = run(&["history", "--state", &state, "--format", "json"]);
        serde_json::from_str::<Value>(&history.stdout)
            .ok()
            .and_then(|history| Some(history["inputs"].as_array()?.len()))
            .unwrap_or(0)
    };
    while done() < 3 {
        assert!(
            child.try_wait().unwrap().is_none(),
            "it came to its end too soon"
        );
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let done = done();
    let again = run(&args);
    let words = format!("{done} of ");
    assert!(
        again.stderr.contains("goes on with the run of") && again.stderr.contains(&words),
        "{}",
        again.stderr
    );
    assert_eq!((again.status, again.stdout), (whole.status, whole.stdout));
    // A run that came to its end is not gone on with.
    assert!(!run(&args).stderr.contains("goes on"));
}

#[test]
fn a_file_that_is_no_backup_and_is_as_its_digest_says_is_passed_over() {
    let folder = Folder::with("store/readme.txt", b"Dear reader");
    folder.put("store/a.xva", &good("small"));
    let md5 = "8e5a3ed3e6d6ef1ec9d8f4ad7ba5a1d2  readme.txt\n";
    folder.put("store/readme.txt.md5", md5.as_bytes());
    let wrong = folder
        .run(&["verify", "-r", "--format", "json", "store"])
        .json();
    assert_eq!(by_path(&wrong)["store/readme.txt"].1, ["sidecar/wrong"]);
    let found = wrong["inputs"][1]["sidecars"][0]["found"].as_str().unwrap();
    folder.put(
        "store/readme.txt.md5",
        format!("{found}  readme.txt\n").as_bytes(),
    );
    let answer = folder.run(&["verify", "-r", "--format", "json", "store"]);
    assert_eq!(answer.status, 0, "{}", answer.stdout);
    assert_eq!(by_path(&answer.json()).len(), 1);
}

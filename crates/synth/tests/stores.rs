//! Whole stores: the same bytes each time, digests that fit, and ten faults each in a backup of its own.
#![allow(clippy::print_stderr, reason = "skipped checks say so")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use xenspect_synth::Store;
use xenspect_synth::store::{Broken, SMALLEST_WITH_FAULTS, table};

/// Every file below a folder by its path.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut all = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).expect("below it");
                let name = name.to_str().expect("UTF-8").replace('\\', "/");
                all.insert(name, fs::read(path).expect("a file"));
            }
        }
    }
    all
}

fn written(faults: bool) -> (BTreeMap<String, Vec<u8>>, Vec<Broken>) {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store {
        archives: SMALLEST_WITH_FAULTS,
        seed: 3,
        faults,
    };
    let broken = store.write(folder.path()).expect("it is written");
    (files(folder.path()), broken)
}

#[test]
fn ten_backups_are_broken_and_nothing_else_differs() {
    let (good, none) = written(false);
    let (bad, broken) = written(true);
    // That all others are alike shows too that the same seed gives the same bytes.
    assert_eq!(none, []);
    assert_eq!(broken.len(), 10);
    let mut names: Vec<&str> = broken.iter().map(|broken| broken.fault).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), 10);
    let differing: Vec<&String> = good
        .iter()
        .filter(|(path, bytes)| bad.get(*path) != Some(*bytes))
        .map(|(path, _)| path)
        .collect();
    for Broken { path, fault, code } in &broken {
        if *code == "store/data-missing" {
            let stem = path.strip_suffix(".json").expect("a description");
            for gone in [".xva", ".xva.checksum"] {
                let gone = format!("{stem}{gone}");
                assert!(
                    good.contains_key(&gone) && !bad.contains_key(&gone),
                    "{gone}"
                );
            }
            assert_eq!(good[path], bad[path]);
        } else {
            assert!(differing.contains(&path), "{fault}: {path}");
        }
    }
    // One of the ten is two files that are gone, and no description.
    assert_eq!(differing.len(), 9 + 2);
    assert!(bad.keys().all(|path| good.contains_key(path)));
    assert_eq!(table(&broken).lines().count(), 11);
}

#[test]
fn a_store_that_is_too_small_for_its_faults_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store {
        archives: SMALLEST_WITH_FAULTS - 1,
        seed: 1,
        faults: true,
    };
    assert!(store.write(folder.path()).is_err());
}

#[test]
fn the_digests_are_those_of_coreutils() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store {
        archives: 20,
        seed: 1,
        faults: false,
    };
    store.write(folder.path()).expect("it is written");
    if Command::new("sha256sum").arg("--version").output().is_err() {
        eprintln!("skipped: there is no sha256sum");
        return;
    }
    let check = |program: &str, list: &str, below: &str| {
        let output = Command::new(program)
            .args(["--check", "--strict", "--quiet", list])
            .current_dir(folder.path().join(below))
            .output()
            .expect("it runs");
        assert!(output.status.success(), "{output:?}");
    };
    for day in ["nas/2026-11-01", "nas/2026-11-02"] {
        check("sha256sum", "SHA256SUMS", day);
    }
    check("md5sum", "vm-002.xva.md5", "loose");
}

//! Lists of the targets, which stand in several files: all of them have the same names.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use xenspect_harness::TARGETS;

fn read(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn names() -> BTreeSet<String> {
    TARGETS.iter().map(|(name, _)| (*name).to_owned()).collect()
}

/// What stands between two texts on lines that have both.
fn between(text: &str, before: &str, after: &str) -> BTreeSet<String> {
    let lines = text.lines();
    let names = lines.filter_map(|line| {
        let (name, _) = line.strip_prefix(before)?.split_once(after)?;
        Some(name.to_owned())
    });
    names.collect()
}

#[test]
fn every_target_has_a_file_that_calls_it() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/fuzz_targets");
    let files = fs::read_dir(folder).unwrap().map(|entry| {
        let name = entry.unwrap().file_name().into_string().unwrap();
        name.strip_suffix(".rs").unwrap().to_owned()
    });
    assert_eq!(files.collect::<BTreeSet<_>>(), names());
    for (name, _) in TARGETS {
        let file = read(&format!("fuzz/fuzz_targets/{name}.rs"));
        assert!(
            file.contains(&format!("xenspect_harness::{name}(data)")),
            "{file}"
        );
    }
}

#[test]
fn every_target_is_built_and_run() {
    assert_eq!(
        between(&read("fuzz/Cargo.toml"), "path = \"fuzz_targets/", ".rs\""),
        names()
    );
    assert_eq!(
        between(&read("fuzz/targets.sh"), "    target ", " "),
        names()
    );
    let coverage = read("fuzz/coverage.sh");
    for name in names() {
        assert!(
            coverage.contains(&format!("    {name}) echo '")),
            "{name} is for no files"
        );
    }
}

/// Source files below a folder of the workspace, as paths that begin with `/crates/`.
fn sources(folder: &str) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut folders = vec![PathBuf::from(folder)];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(root.join(&folder)).unwrap() {
            let entry = entry.unwrap();
            let path = folder.join(entry.file_name());
            if entry.file_type().unwrap().is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                found.push(format!("/{}", path.display()));
            }
        }
    }
    found
}

/// Those of some files that a target is for, by the pattern of `coverage.sh` and by the program that it uses there.
fn covered(target: &str, files: &[String]) -> Vec<String> {
    let script = r#"eval "$(sed -n '/^files() {/,/^}/p' "$1")"
        shift
        name=$1
        shift
        printf '%s\n' "$@" | awk -v files="/crates/$(files "$name")" '$0 ~ files'"#;
    let coverage = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/coverage.sh");
    let output = Command::new("sh")
        .args(["-c", script, "sh"])
        .arg(coverage)
        .arg(target)
        .args(files)
        .output()
        .unwrap();
    assert!(output.status.success() && output.stderr.is_empty());
    let found = String::from_utf8(output.stdout).unwrap();
    found.lines().map(str::to_owned).collect()
}

#[test]
fn every_target_is_for_files_that_are_there() {
    let all = sources("crates");
    for name in names() {
        assert!(!covered(&name, &all).is_empty(), "{name} is for no files");
    }
    let mut expected = sources("crates/xapi/src/db");
    expected.retain(|file| !file.contains("/tests/") && !file.contains("/redo_log/"));
    assert!(expected.iter().any(|file| file.ends_with("reader/rows.rs")));
    assert_eq!(covered("pool_dump", &expected), expected);
}

#[test]
fn a_target_that_is_not_there_is_refused() {
    for script in ["run.sh", "coverage.sh"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz");
        let mut command = Command::new("sh");
        command.arg(path.join(script));
        if script == "run.sh" {
            command.arg("1");
        }
        let output = command.arg("no-such-target").output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{script}");
        assert!(output.stdout.is_empty());
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.starts_with("usage: "), "{said}");
    }
}

#[test]
fn every_target_is_told_of_in_the_page() {
    let page = read("fuzz/README.md");
    let mut tables = page.split("\n## ");
    let targets = tables.next().unwrap();
    assert_eq!(between(targets, "| `", "` |"), names());
    let covered = tables
        .find(|section| section.starts_with("What they reach"))
        .unwrap();
    assert_eq!(between(covered, "| `", "` |"), names());
}

#[test]
fn dictionaries_are_there() {
    for line in read("fuzz/targets.sh").lines() {
        let mut words = line.split_whitespace();
        if words.next() != Some("target") {
            continue;
        }
        let dictionary = words.nth(2).unwrap();
        if dictionary != "-" {
            let text = read(&format!("fuzz/dictionaries/{dictionary}.dict"));
            let entries = text
                .lines()
                .filter(|line| !line.starts_with('#') && !line.is_empty());
            for entry in entries {
                assert!(entry.starts_with('"') && entry.ends_with('"'), "{entry}");
            }
        }
    }
}

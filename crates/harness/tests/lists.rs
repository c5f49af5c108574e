//! Lists of the targets, which stand in several files: all of them have the same names.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

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

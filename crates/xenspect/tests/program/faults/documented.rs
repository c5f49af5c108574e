//! The page of the manual that promises what is tested here names tests that there are.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Names of the functions in the tests of the workspace.
fn functions(folder: &Path, names: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() {
            functions(&path, names);
        } else if path.extension().is_some_and(|end| end == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            let named = text
                .lines()
                .filter_map(|line| line.trim_start().strip_prefix("fn "));
            let named =
                named.filter_map(|line| line.split_once('(').map(|(name, _)| name.to_owned()));
            names.extend(named);
        }
    }
}

#[test]
fn every_test_that_is_named_is_there() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut names = BTreeSet::new();
    for entry in fs::read_dir(&crates).unwrap().map(Result::unwrap) {
        for part in ["src", "tests"] {
            let part = entry.path().join(part);
            if part.is_dir() {
                functions(&part, &mut names);
            }
        }
    }
    let page = crates.join("../docs/manual/src/reliability.md");
    let page = fs::read_to_string(page).unwrap();
    // In the last column of each row.
    let rows = page
        .lines()
        .filter(|line| line.starts_with("| ") && line.contains('`'));
    let last = rows.filter_map(|row| row.trim_end_matches([' ', '|']).rsplit_once(" | "));
    let named: Vec<&str> = last
        .flat_map(|(_, tests)| tests.split(", "))
        .filter_map(|test| test.trim().strip_prefix('`')?.strip_suffix('`'))
        .collect();
    assert!(named.len() > 20, "{named:?}");
    for test in named {
        assert!(names.contains(test), "there is no test {test}");
    }
}

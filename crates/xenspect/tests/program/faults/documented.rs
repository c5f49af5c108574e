//! The page of the manual that promises what is tested here names tests that there are.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Names of the tests of the workspace.
fn tests(folder: &Path, names: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() {
            tests(&path, names);
        } else if path.extension().is_some_and(|end| end == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            let mut is_test = false;
            for line in text.lines().map(str::trim_start) {
                match line.strip_prefix("fn ") {
                    Some(rest) if is_test => {
                        let name = rest.split('(').next().unwrap_or_default();
                        names.insert(name.to_owned());
                        is_test = false;
                    }
                    // Further attributes may stand between the two.
                    _ => is_test = line == "#[test]" || is_test && line.starts_with("#["),
                }
            }
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
                tests(&part, &mut names);
            }
        }
    }
    let page = crates.join("../docs/manual/src/reliability.md");
    let page = fs::read_to_string(page).unwrap();
    // In the last column of each row of a table that has such a one.
    let mut is_table = false;
    let mut named = 0;
    for line in page.lines() {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [_, _, .., last, ""] = cells[..] else {
            is_table = false;
            continue;
        };
        if last == "proved by" {
            is_table = true;
        } else if is_table && last != "---" {
            for test in last.split(", ") {
                let quoted = test
                    .strip_prefix('`')
                    .and_then(|test| test.strip_suffix('`'));
                let test = quoted.unwrap_or_else(|| panic!("{test} is no test"));
                assert!(names.contains(test), "there is no test {test}");
                named += 1;
            }
        }
    }
    assert!(named > 20, "{named}");
}

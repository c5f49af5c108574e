//! Every code of pool databases is given by some test of this crate: its name stands in one.

use std::fs;
use std::path::{Path, PathBuf};

use xenspect_model::Code;

fn sources(dir: &Path, text: &mut String) {
    for entry in fs::read_dir(dir).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, text);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            text.push_str(&fs::read_to_string(&path).expect("a source"));
        }
    }
}

#[test]
fn no_code_is_without_a_test() {
    let mut text = String::new();
    let tests = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests");
    sources(&tests.join("dumps"), &mut text);
    let without: Vec<_> = Code::ALL
        .iter()
        .map(|code| code.name())
        .filter(|name| name.starts_with("db/"))
        .filter(|name| {
            // Behind a severity or in quotes: a longer code with the same beginning does not count.
            let ends = ["\"", " x", "`"];
            !ends
                .iter()
                .any(|end| text.contains(&format!("{name}{end}")))
        })
        .collect();
    assert!(without.is_empty(), "{without:?}");
}

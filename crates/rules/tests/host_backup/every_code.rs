//! Every code of host backups is given by some test here: its name stands in one.

use std::fs;
use std::path::PathBuf;

use xenspect_model::Code;

#[test]
fn no_code_is_without_a_test() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/host_backup");
    let mut text = String::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        text.push_str(&fs::read_to_string(path).expect("a source"));
    }
    let codes = Code::ALL.iter().map(|code| code.name());
    let without: Vec<_> = codes
        .filter(|name| name.starts_with("host/"))
        .filter(|name| !text.contains(&format!("\"{name}\"")))
        .collect();
    assert!(without.is_empty(), "{without:?}");
}

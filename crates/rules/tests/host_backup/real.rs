//! The inventories of real hosts in the place of the made one: nobody disagrees on a line, and nothing would be run.

use std::fs;
use std::path::PathBuf;

use xenspect_model::Severity;
use xenspect_model::report::RestoreAnswer;

use crate::build::{INVENTORY, verify};

#[test]
fn real_inventories() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/real/host");
    let Ok(entries) = fs::read_dir(&folder) else {
        eprintln!("skipped: no folder with files of real hosts");
        return;
    };
    let mut seen = 0;
    for entry in entries {
        let path = entry.expect("an entry").path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if !name.ends_with("xensource-inventory") {
            continue;
        }
        seen += 1;
        let inventory = fs::read(&path).expect("it can be read");
        let input = verify(|scene| {
            // They are of other hosts than the databases.
            scene.databases.clear();
            scene.files.insert(INVENTORY.to_owned(), inventory);
        });
        let told = input
            .findings
            .iter()
            .filter(|finding| finding.severity > Severity::Note);
        let codes: Vec<_> = told.map(|finding| finding.code.name()).collect();
        let host = input.host.expect("it is of a host");
        if name.starts_with("xs-5") {
            assert_eq!(
                codes,
                ["host/database-missing", "host/old-layout"],
                "{name}"
            );
            assert_eq!(host.installer.answer, RestoreAnswer::NotListed, "{name}");
        } else {
            assert_eq!(codes, ["host/database-missing"], "{name}");
            assert_eq!(host.installer.answer, RestoreAnswer::Accepted, "{name}");
        }
    }
    assert!(seen > 0, "no inventory in the folder");
}

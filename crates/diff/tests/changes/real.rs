//! Real pool databases against themselves and one another. They are not part of the repository.

use std::fs;
use std::io::Write;
use std::path::Path;

use xenspect_diff::{Settings, diff};
use xenspect_model::Catalog;
use xenspect_model::diff::DiffReport;

use crate::support::{assert_symmetric, read, side, tool};

/// The databases with their names; none where they are not at hand.
fn all() -> Vec<(String, Catalog)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/real/pool-db");
    let files = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut all: Vec<(String, Catalog)> = files
        .filter(|file| file.path().extension().is_some_and(|end| end == "xml"))
        .map(|file| {
            let name = file.file_name().to_string_lossy().into_owned();
            (name, read(&fs::read(file.path()).unwrap()))
        })
        .collect();
    all.sort_by(|(one, _), (other, _)| one.cmp(other));
    if all.is_empty() {
        let _ = writeln!(std::io::stderr(), "skipped: the real dumps are not there");
    }
    all
}

fn compare(old: &Catalog, new: &Catalog) -> DiffReport {
    let (old, new) = (side("old.xml", old), side("new.xml", new));
    diff(&tool(), &old, &new, &Settings::default())
}

#[test]
fn each_is_the_same_as_itself() {
    for (name, dump) in all() {
        let report = compare(&dump, &dump);
        assert!(report.groups.is_empty(), "{name}: {:?}", report.groups);
        assert!(report.left_out.is_empty(), "{name}: {:?}", report.left_out);
    }
}

#[test]
fn every_two_compare_in_both_directions() {
    let all = all();
    for (at, (old_name, old)) in all.iter().enumerate() {
        for (new_name, new) in all.iter().skip(at + 1) {
            let name = format!("{old_name} and {new_name}");
            assert_symmetric(&name, &compare(old, new), &compare(new, old));
        }
    }
}

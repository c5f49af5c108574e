//! The real samples of the shared data: what is counted in their tables is what was counted in the files. Skips, and
//! says so, where the data is not there.

use std::io::Write as _;
use std::path::Path;

use serde_json::Value as Json;
use xenspect_inventory::{Store, find, of_store};
use xenspect_model::inventory::{Cell, Section};
use xenspect_xapi::Limits;
use xenspect_xapi::db::{Database, DumpLimits};

fn samples(kind: &str) -> Vec<(String, Vec<u8>, Json)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/real");
    if !folder.is_dir() {
        // Straight to standard error: the test harness hides what its own macros print.
        let _ = writeln!(
            std::io::stderr(),
            "skipped: no sample data at {}",
            folder.display()
        );
        return Vec::new();
    }
    let facts = std::fs::read(folder.join("FACTS.json")).unwrap();
    let facts: Json = serde_json::from_slice(&facts).unwrap();
    let files = facts["files"].as_object().unwrap().iter();
    let samples: Vec<_> = files
        .filter(|(_, facts)| facts["kind"] == kind)
        .map(|(name, facts)| {
            (
                name.clone(),
                std::fs::read(folder.join(name)).unwrap(),
                facts.clone(),
            )
        })
        .collect();
    assert!(!samples.is_empty());
    samples
}

fn count(sections: &[Section], name: &str) -> u64 {
    let section = sections
        .iter()
        .find(|section| section.name == name)
        .unwrap();
    for row in &section.table.rows {
        assert_eq!(row.len(), section.table.columns.len());
    }
    section.table.rows.len() as u64
}

#[test]
fn dumps_have_as_many_rows_as_were_counted() {
    for (name, bytes, facts) in samples("pool-db") {
        let database = Database::read(&bytes, &DumpLimits::default()).unwrap();
        let (summary, sections) = of_store(Store::Pool(&database));
        assert!(!summary.is_empty(), "{name}");
        let counted = |key: &str| facts[key].as_u64().unwrap();
        let vms = |key: &str| facts["vm"][key].as_u64().unwrap();
        for (section, expected) in [
            ("pool", counted("pools")),
            ("hosts", counted("hosts")),
            ("nics", counted("pifs")),
            ("networks", counted("networks")),
            ("srs", counted("srs")),
            ("vms", vms("real_vms")),
            ("vifs", counted("vifs")),
            ("templates", vms("templates")),
            ("disks", counted("vdis")),
        ] {
            assert_eq!(count(&sections, section), expected, "{name} {section}");
        }
        let snapshots = sections
            .iter()
            .find(|section| section.name == "snapshots")
            .unwrap();
        let owners = (0..snapshots.table.rows.len())
            .filter(|row| snapshots.table.cell(*row, "kind") == Some(&Cell::text("VM")))
            .count() as u64;
        assert_eq!(
            count(&sections, "snapshots") - owners,
            vms("snapshots"),
            "{name}"
        );
    }
}

#[test]
fn every_vm_and_host_of_a_dump_is_found_by_its_uuid() {
    for (name, bytes, facts) in samples("pool-db") {
        let database = Database::read(&bytes, &DumpLimits::default()).unwrap();
        let store = Store::Pool(&database);
        for (list, class) in [("real_vms", "VM"), ("host_list", "host")] {
            for object in facts[list].as_array().into_iter().flatten() {
                let uuid = object["uuid"].as_str().unwrap();
                let (hits, _) = find(store, uuid);
                assert!(
                    hits.iter()
                        .any(|hit| hit.class == class && hit.field == "uuid"),
                    "{name} {uuid}"
                );
            }
        }
    }
}

#[test]
fn exports_have_as_many_rows_as_were_counted() {
    for (name, bytes, facts) in samples("ova-xml") {
        let export = xenspect_xapi::export::parse(&bytes, &Limits::default()).unwrap();
        let (_, sections) = of_store(Store::Export(&export));
        for (section, list) in [("vms", "vms"), ("disks", "vdis"), ("vifs", "vifs")] {
            let expected = facts[list].as_array().unwrap().len() as u64;
            assert_eq!(count(&sections, section), expected, "{name} {section}");
        }
        let vif = &facts["vifs"][0];
        let (hits, _) = find(Store::Export(&export), vif["MAC"].as_str().unwrap());
        assert_eq!(hits[0].reference, vif["id"].as_str().unwrap(), "{name}");
    }
}

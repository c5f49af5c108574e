//! Which disk is which.

use xenspect_model::diff::{Change, RangeKind};
use xenspect_synth::recipe::MIB;
use xenspect_synth::{Edit, Kind, Recipe};

use crate::support::{assert_not_same, assert_same, compared, edited, mib, only, text, vm};

use RangeKind::{Appeared, Changed, Vanished};

/// The uuids of VDIs in an archive's description, in the order of the document.
fn vdi_uuids(recipe: &Recipe) -> Vec<String> {
    let text = String::from_utf8(recipe.document_text().unwrap()).unwrap();
    let records = text.split("<name>class</name>").skip(1);
    records
        .filter(|record| record.starts_with("<value>VDI</value>"))
        .filter_map(|record| field(record, "uuid"))
        .collect()
}

fn field(record: &str, name: &str) -> Option<String> {
    let (_, rest) = record.split_once(&format!("<name>{name}</name><value>"))?;
    rest.split_once("</value>")
        .map(|(value, _)| value.to_owned())
}

/// Another text of the same length wherever it stands.
fn replaced(bytes: &[u8], from: &str, to: &str) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let mut bytes = bytes.to_vec();
    let mut at = 0;
    let mut found = 0;
    while let Some(next) = bytes[at..]
        .windows(from.len())
        .position(|window| window == from.as_bytes())
    {
        at += next;
        bytes[at..at + to.len()].copy_from_slice(to.as_bytes());
        found += 1;
    }
    assert!(found > 0, "{from} is not there");
    bytes
}

#[test]
fn disks_are_matched_by_uuid_whatever_their_references() {
    let edits = [
        Edit::Renumbered { first_id: 900 },
        Edit::Contents { disk: 1, chunk: 0 },
    ];
    let report = edited(&vm([text(2 * MIB), text(3 * MIB)]), &edits);
    let [first, second] = &report.disks[..] else {
        panic!("{:?}", report.disks);
    };
    assert_ne!(first.old_reference, first.new_reference);
    assert!(first.uuid.is_some());
    assert_same(first, 2);
    assert_eq!(second.same, mib(2));
    assert_not_same(second, [(Changed, 0, 1)]);
}

#[test]
fn a_disk_that_came() {
    let report = edited(&vm([text(2 * MIB)]), &[Edit::Added(text(3 * MIB))]);
    let [first, second] = &report.disks[..] else {
        panic!("{:?}", report.disks);
    };
    assert_same(first, 2);
    assert_eq!(second.change, Change::Added);
    assert_eq!(second.old_reference, None);
    assert_not_same(second, [(Appeared, 0, 3)]);
}

#[test]
fn a_disk_that_went() {
    let report = edited(&vm([text(2 * MIB), text(3 * MIB)]), &[Edit::Removed]);
    let [first, second] = &report.disks[..] else {
        panic!("{:?}", report.disks);
    };
    assert_same(first, 2);
    assert_eq!(second.change, Change::Removed);
    assert_eq!(second.new_reference, None);
    assert_not_same(second, [(Vanished, 0, 3)]);
}

#[test]
fn disks_with_other_uuids_are_matched_by_their_place_at_the_vm() {
    let recipe = vm([text(2 * MIB), text(3 * MIB)]);
    let [uuid, _] = &vdi_uuids(&recipe)[..] else {
        panic!("{:?}", vdi_uuids(&recipe));
    };
    let old = recipe.build();
    let new = replaced(&old, uuid, "00000000-1111-2222-3333-444444444444");
    let report = compared(&old, &new);
    let [first, second] = &report.disks[..] else {
        panic!("{:?}", report.disks);
    };
    let other = "00000000-1111-2222-3333-444444444444";
    assert!(
        [first, second]
            .into_iter()
            .any(|disk| disk.uuid.as_deref() == Some(other))
    );
    assert_eq!([first.change, second.change], [Change::Changed; 2]);
    assert_eq!(first.same.blocks + second.same.blocks, 5);
}

#[test]
fn a_disk_of_a_tarball_is_that_of_an_export_with_one_disk() {
    let recipe = vm([text(3 * MIB)]);
    let tarball = Recipe {
        kind: Kind::PerDisk,
        ..recipe.clone()
    };
    let report = compared(&recipe.build(), &tarball.build());
    assert_same(only(&report), 3);
}

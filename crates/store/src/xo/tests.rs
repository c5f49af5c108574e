use std::collections::BTreeMap;

use proptest::prelude::*;
use xenspect_model::store::{Leftover, StoreFact, StoreState};

use super::*;

const VM: &str = "xo-vm-backups/vm";
const POOL: &str = "xo-pool-metadata-backups/schedule/pool/20261101T020000Z";
const CONFIG: &str = "xo-config-backups/schedule/20261101T020000Z";
const FULL: &str =
    r#"{"mode":"full","xva":"./n.xva","size":5,"timestamp":0,"vm":{"name_label":"web"}}"#;
const DELTA: &str = r#"{"mode":"delta","vhds":{"a":"vdis/j/v/n.vhd","b":"./vdis/j/w/n.alias.vhd"},"vm":{"name_label":"db"}}"#;
const POOL_JSON: &str = r#"{"jobId":"j","pool":{"name_label":"prod"},"timestamp":0}"#;
const CONFIG_JSON: &str = r#"{"jobId":"j","data":"./data.json","timestamp":0}"#;

/// A repository without fault: paths and contents.
fn good() -> BTreeMap<String, String> {
    let files = [
        (format!("{VM}/n.json"), FULL),
        (format!("{VM}/n.xva"), "12345"),
        (format!("{VM}/n.xva.checksum"), "$1$$"),
        (format!("{VM}/cache.json.gz"), "x"),
        (format!("{VM}/d.json"), DELTA),
        (format!("{VM}/vdis/j/v/n.vhd"), "x"),
        (format!("{VM}/vdis/j/w/n.alias.vhd"), "data/u.vhd"),
        (format!("{VM}/vdis/j/w/data/u.vhd/blocks/0/1"), "x"),
        (format!("{POOL}/metadata.json"), POOL_JSON),
        (format!("{POOL}/data"), "<?xml"),
        (format!("{CONFIG}/metadata.json"), CONFIG_JSON),
        (format!("{CONFIG}/data.json"), "{}"),
        ("xo-backup-log/20261101/entry".to_owned(), "{}"),
        ("encryption.json".to_owned(), r#"{"algorithm":"none"}"#),
        ("metadata.json".to_owned(), "{}"),
    ];
    files
        .into_iter()
        .map(|(path, text)| (path, text.to_owned()))
        .collect()
}

fn look(files: &BTreeMap<String, String>) -> Survey {
    let entries: Vec<Entry> = files
        .iter()
        .map(|(path, text)| Entry {
            path: path.clone(),
            bytes: text.len() as u64,
            kind: if path.ends_with(".lock") {
                EntryKind::Folder
            } else {
                EntryKind::File
            },
        })
        .collect();
    survey(&entries, &mut |path| {
        files
            .get(path)
            .map(|text| text.clone().into_bytes())
            .ok_or_else(|| "gone".to_owned())
    })
}

fn fact(path: String, what: StoreState) -> StoreFact {
    StoreFact { path, what }
}

fn left(path: String, kind: Leftover, bytes: u64) -> StoreFact {
    let busy = false;
    fact(path, StoreState::Leftover { kind, bytes, busy })
}

#[test]
fn a_good_repository_has_no_fault() {
    let files = good();
    let survey = look(&files);
    assert_eq!(survey.facts, []);
    assert_eq!(survey.repositories.iter().collect::<Vec<_>>(), [""]);
    let of = |role| -> Vec<&str> {
        let all = survey.roles.iter().filter(|(_, known)| **known == role);
        all.map(|(path, _)| path.as_str()).collect()
    };
    assert_eq!(
        of(Role::Data),
        [format!("{POOL}/data"), format!("{VM}/n.xva")]
    );
    assert!(of(Role::Leftover).is_empty());
    assert_eq!(survey.roles.len(), files.len(), "every file has a role");
    assert_eq!(
        survey.passed,
        Passed {
            descriptions: 4,
            disks: 2,
            configurations: 1,
            others: 6
        }
    );
    assert_eq!(
        survey.labels[&format!("{VM}/n.xva")],
        "web, 1970-01-01 00:00 UTC"
    );
    assert_eq!(
        survey.labels[&format!("{POOL}/data")],
        "prod, 1970-01-01 00:00 UTC"
    );
}

#[test]
fn a_repository_may_be_anywhere_below() {
    let files = good();
    let moved = files
        .into_iter()
        .map(|(path, text)| (format!("nas/xo/{path}"), text))
        .collect();
    let survey = look(&moved);
    assert_eq!(survey.facts, []);
    assert_eq!(survey.repositories.iter().collect::<Vec<_>>(), ["nas/xo"]);
    let none = BTreeMap::from([("a/web.xva".to_owned(), "x".to_owned())]);
    assert!(look(&none).is_empty());
}

/// One change to the good repository.
type Change = fn(&mut BTreeMap<String, String>);

#[test]
fn one_fault_is_told_and_nothing_else() {
    let unusable = |why: &str| StoreState::MetadataUnusable(why.to_owned());
    let without = |expected: &str| StoreState::MetadataMissing {
        expected: expected.to_owned(),
        busy: false,
    };
    let missing = |names: &[&str]| {
        StoreState::DataMissing(names.iter().map(|name| (*name).to_owned()).collect())
    };
    let put = |files: &mut BTreeMap<String, String>, path: &str, text: &str| {
        files.insert(path.to_owned(), text.to_owned());
    };
    let cases: Vec<(&str, Change, StoreFact)> = vec![
        (
            "a full backup without its data",
            |files| {
                files.remove(&format!("{VM}/n.xva"));
                files.remove(&format!("{VM}/n.xva.checksum"));
            },
            fact(format!("{VM}/n.json"), missing(&["n.xva"])),
        ),
        (
            "a delta backup without one of its disks",
            |files| drop(files.remove(&format!("{VM}/vdis/j/v/n.vhd"))),
            fact(format!("{VM}/d.json"), missing(&["vdis/j/v/n.vhd"])),
        ),
        (
            "data that no description names",
            |files| drop(files.remove(&format!("{VM}/n.json"))),
            fact(format!("{VM}/n.xva"), without("n.json")),
        ),
        (
            "an empty description",
            |files| drop(files.insert(format!("{VM}/n.json"), String::new())),
            fact(format!("{VM}/n.json"), unusable("it is empty")),
        ),
        (
            "a description of data elsewhere",
            |files| {
                let text = FULL.replace("./n.xva", "../n.xva");
                files.insert(format!("{VM}/n.json"), text);
            },
            fact(
                format!("{VM}/n.json"),
                unusable("its data would be outside of the VM's folder"),
            ),
        ),
        (
            "data under its temporary name",
            |files| drop(files.insert(format!("{VM}/.m.xva"), "1234".to_owned())),
            left(format!("{VM}/.m.xva"), Leftover::Temporary, 4),
        ),
        (
            "a disk under its temporary name",
            |files| drop(files.insert(format!("{VM}/vdis/j/v/.m.vhd"), "12".to_owned())),
            left(format!("{VM}/vdis/j/v/.m.vhd"), Leftover::Temporary, 2),
        ),
        (
            "a merge that is not done",
            |files| drop(files.insert(format!("{VM}/vdis/j/v/.n.vhd.merge.json"), "{}".to_owned())),
            left(
                format!("{VM}/vdis/j/v/.n.vhd.merge.json"),
                Leftover::Merge,
                2,
            ),
        ),
        (
            "a checksum without its file",
            |files| drop(files.insert(format!("{VM}/m.xva.checksum"), "$1$$".to_owned())),
            left(format!("{VM}/m.xva.checksum"), Leftover::Checksum, 4),
        ),
        (
            "a lock",
            |files| drop(files.insert("xo-vm-backups/vm.lock".to_owned(), String::new())),
            left("xo-vm-backups/vm.lock".to_owned(), Leftover::Lock, 0),
        ),
        (
            "a pool's description without data",
            |files| drop(files.remove(&format!("{POOL}/data"))),
            fact(format!("{POOL}/metadata.json"), missing(&["data"])),
        ),
        (
            "a pool's data without description",
            |files| drop(files.remove(&format!("{POOL}/metadata.json"))),
            fact(format!("{POOL}/data"), without("metadata.json")),
        ),
        (
            "a pool's data under its temporary name",
            |files| drop(files.insert(format!("{POOL}/.data"), "1".to_owned())),
            left(format!("{POOL}/.data"), Leftover::Temporary, 1),
        ),
        (
            "a configuration without data",
            |files| drop(files.remove(&format!("{CONFIG}/data.json"))),
            fact(format!("{CONFIG}/metadata.json"), missing(&["data.json"])),
        ),
        (
            "a cut description of a configuration",
            |files| drop(files.insert(format!("{CONFIG}/metadata.json"), "{".to_owned())),
            fact(
                format!("{CONFIG}/metadata.json"),
                unusable("it ends too early, at line 1, column 1"),
            ),
        ),
    ];
    for (what, change, expected) in cases {
        let mut files = good();
        change(&mut files);
        assert_eq!(look(&files).facts, [expected], "{what}");
    }
    // An empty disk is told once, and is there.
    let mut files = good();
    put(&mut files, &format!("{VM}/vdis/j/v/n.vhd"), "");
    let empty = left(format!("{VM}/vdis/j/v/n.vhd"), Leftover::Empty, 0);
    assert_eq!(look(&files).facts, [empty]);
}

#[test]
fn a_lock_says_that_a_job_may_be_at_work() {
    let mut files = good();
    files.insert("xo-vm-backups/vm.lock".to_owned(), String::new());
    files.insert(format!("{VM}/.m.xva"), "1".to_owned());
    files.insert(format!("{VM}/l.xva"), "1".to_owned());
    let facts = look(&files).facts;
    let busy: Vec<bool> = facts
        .iter()
        .map(|fact| match fact.what {
            StoreState::Leftover { busy, .. } | StoreState::MetadataMissing { busy, .. } => busy,
            _ => false,
        })
        .collect();
    assert_eq!(facts.len(), 3);
    assert_eq!(busy, [false, true, true], "{facts:?}");
}

#[test]
fn an_encrypted_repository_is_said_to_be_one() {
    let mut files = good();
    files.insert(
        "encryption.json".to_owned(),
        r#"{"algorithm":"aes-256-gcm"}"#.to_owned(),
    );
    for name in ["n.json", "d.json"] {
        files.insert(format!("{VM}/{name}"), "\u{1}\u{2}".to_owned());
    }
    let what = StoreState::Encrypted("aes-256-gcm".to_owned());
    assert_eq!(
        look(&files).facts,
        [fact("encryption.json".to_owned(), what)]
    );
}

#[test]
fn names_of_later_versions_do() {
    let mut files = good();
    let name = "20261101T020000Z_8d0a4c1e-2f4b-4a52-9a3d-0c3f2b1d4e5f";
    files.insert(
        format!("{VM}/{name}.json"),
        FULL.replace("n.xva", &format!("{name}.xva")),
    );
    files.insert(format!("{VM}/{name}.xva"), "12345".to_owned());
    assert_eq!(look(&files).facts, []);
}

proptest! {
    #[test]
    fn any_listing_is_looked_over(paths in proptest::collection::vec(
        "(a/)?xo-(vm|pool-metadata|config)-backups(/[a-c.]{1,3}){1,4}(\\.json|\\.xva|\\.lock|/data|/metadata.json|)", 0..12)
    ) {
        let files: BTreeMap<String, String> = paths.into_iter().map(|path| (path, FULL.to_owned())).collect();
        let survey = look(&files);
        for fact in &survey.facts {
            prop_assert!(files.contains_key(&fact.path), "{:?}", fact);
        }
    }
}

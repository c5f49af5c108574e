//! Files that are compared key by key.

use xenspect_diff::is_compared_by_key;
use xenspect_model::catalog::FileTable;
use xenspect_model::diff::{Change, Delta, FieldChange, Shown};

use super::support::*;

const INVENTORY: &str = "etc/xensource-inventory";
const RULES: &str = "etc/sysconfig/network-scripts/interface-rename-data/static-rules.conf";
const LAST_START: &str = "etc/sysconfig/network-scripts/interface-rename-data/dynamic-rules.json";
const FIRSTBOOT: &str = "etc/firstboot.d/data/management.conf";

fn of(path: &str, text: &[u8]) -> FileTable {
    let digest = format!("{text:?}");
    let mut files = table(&[(path, file(&digest))]);
    files.contents.insert(path.to_owned(), text.to_vec());
    files
}

fn keys(path: &str, old: &str, new: &str) -> Vec<FieldChange> {
    assert!(is_compared_by_key(path));
    let found = compared(&of(path, old.as_bytes()), &of(path, new.as_bytes()));
    let mut changes = found.changes;
    assert_eq!(changes.len(), 1, "the file is told too");
    changes.pop().map(|change| change.keys).unwrap_or_default()
}

fn value(field: &str, old: Option<&str>, new: Option<&str>) -> FieldChange {
    let text = |text: Option<&str>| text.map(|text| Shown::Text(text.to_owned()));
    FieldChange {
        field: field.to_owned(),
        delta: Delta::Value {
            old: text(old),
            new: text(new),
        },
        is_told: false,
    }
}

#[test]
fn one_key() {
    for (path, old, new, expected) in [
        (
            INVENTORY,
            "A='1'\nPRODUCT_VERSION='8.2.1'\n",
            "A='1'\nPRODUCT_VERSION='8.3.0'\n",
            vec![value("PRODUCT_VERSION", Some("8.2.1"), Some("8.3.0"))],
        ),
        (
            INVENTORY,
            "A='1'\n",
            "A='1'\nB=''\n",
            vec![value("B", None, Some(""))],
        ),
        (
            INVENTORY,
            "A='1'\nB='2'\n",
            "B='2'\n",
            vec![value("A", Some("1"), None)],
        ),
        // In another order, with another quote and a comment: other bytes, and the same keys.
        (INVENTORY, "A='1'\nB='2'\n", "# x\nB=2\nA=\"1\"\n", vec![]),
        (
            FIRSTBOOT,
            "LABEL='eth0'\nIP='10.0.0.1'\n",
            "LABEL='eth1'\nIP='10.0.0.1'\n",
            vec![value("LABEL", Some("eth0"), Some("eth1"))],
        ),
        (
            RULES,
            "eth0:mac=\"aa:bb\"\n",
            "eth0:pci=\"0000:03:00.0\"\neth1:guess\n",
            vec![
                value("eth0", Some("mac aa:bb"), Some("pci 0000:03:00.0")),
                value("eth1", None, Some("guess")),
            ],
        ),
        (
            LAST_START,
            "# note\n{\"lastboot\": [[\"aa\", \"03\", \"eth0\"]], \"old\": []}",
            "{\"lastboot\": [[\"bb\", \"03\", \"eth0\"]], \"old\": []}",
            vec![value("lastboot eth0", Some("aa at 03"), Some("bb at 03"))],
        ),
    ] {
        assert_eq!(keys(path, old, new), expected, "{old:?} {new:?}");
    }
}

#[test]
fn secrets_are_told_and_not_shown() {
    for (old, new, change) in [
        ("", "ADMIN_PASSWORD='hunter2'", Change::Added),
        ("ADMIN_PASSWORD='hunter2'", "", Change::Removed),
        (
            "ADMIN_PASSWORD='hunter1'",
            "ADMIN_PASSWORD='hunter2'",
            Change::Changed,
        ),
        // One of the two is one.
        (
            "ADMIN_PASSWORD=''",
            "ADMIN_PASSWORD='hunter2'",
            Change::Changed,
        ),
    ] {
        let expected = FieldChange {
            field: "ADMIN_PASSWORD".to_owned(),
            delta: Delta::Secret { change, key: None },
            is_told: false,
        };
        assert_eq!(keys(FIRSTBOOT, old, new), [expected], "{old} {new}");
    }
    let proxy = keys(FIRSTBOOT, "P='http://a:b@c'", "P='http://a:d@c'");
    assert!(matches!(proxy[0].delta, Delta::Secret { .. }), "{proxy:?}");
}

#[test]
fn what_cannot_be_read_is_compared_by_its_digest() {
    let long = format!("A='{}'", "x".repeat(70_000));
    for (path, old, new) in [
        (INVENTORY, long.as_bytes(), b"A='1'".as_slice()),
        (INVENTORY, b"A='1'", b"A='\xff'"),
        (LAST_START, b"{}", b"{"),
        ("etc/hosts", b"A='1'", b"A='2'"),
    ] {
        let found = compared(&of(path, old), &of(path, new));
        assert_eq!(found.changes.len(), 1, "{path}");
        assert_eq!(found.changes[0].keys, [], "{path}");
    }
    let mut held = of(INVENTORY, b"A='1'");
    held.contents.clear();
    let found = compared(&held, &of(INVENTORY, b"A='2'"));
    assert_eq!(found.changes[0].keys, []);
}

//! One change of a file, and exactly the difference that it gives.

use xenspect_diff::Settings;
use xenspect_model::catalog::FileTable;
use xenspect_model::diff::{
    Change, Delta, FieldChange, FileChange, FileChanges, FileKind, FileState,
};

use super::support::*;

const PATH: &str = "etc/hosts";

fn changed(path: &str, old: FileState, new: FileState) -> FileChange {
    FileChange {
        change: Change::Changed,
        path: path.to_owned(),
        old: Some(old),
        new: Some(new),
        keys: Vec::new(),
    }
}

#[test]
fn nothing_differs_of_one_backup() {
    let files = table(&[
        (".", other(FileKind::Folder, None)),
        (PATH, file("a")),
        ("etc/link", other(FileKind::Symlink, Some("hosts"))),
        ("var/log/x", file("a")),
    ]);
    let report = report(&files, &files, &Settings::default());
    assert!(report.same);
    let expected = FileChanges {
        same: 4,
        ..FileChanges::default()
    };
    assert_eq!(report.files, Some(expected));
    assert_eq!(report.not_compared, [""; 0]);
}

#[test]
fn one_change() {
    let mode = FileState {
        mode: "4755".to_owned(),
        ..file("a")
    };
    let owner = FileState {
        owner: "0:7".to_owned(),
        ..file("a")
    };
    let link = |to| other(FileKind::Symlink, Some(to));
    let folder = other(FileKind::Folder, None);
    let private = FileState {
        mode: "0700".to_owned(),
        ..folder.clone()
    };
    for (old, new) in [
        (file("a"), file("b")),
        (file("a"), mode),
        (file("a"), owner),
        (file("a"), link("x")),
        (link("x"), link("y")),
        (folder.clone(), file("a")),
        (folder.clone(), private),
        (folder, other(FileKind::Fifo, None)),
    ] {
        let others = [("etc", file("same")), ("usr", file("same"))];
        let with = |state: &FileState| {
            let mut files = table(&others);
            files.files.insert(PATH.to_owned(), state.clone());
            files
        };
        let report = report(&with(&old), &with(&new), &Settings::default());
        assert!(!report.same);
        let files = report.files.expect("files");
        assert_eq!(files.same, 2);
        assert_eq!(files.changes, [changed(PATH, old, new)]);
    }
}

#[test]
fn files_come_and_go_in_the_order_of_their_paths() {
    let old = table(&[("a", file("1")), ("c", file("3")), ("e", file("5"))]);
    let new = table(&[("b", file("2")), ("c", file("3")), ("f", file("6"))]);
    let found = compared(&old, &new);
    assert_eq!(found.same, 1);
    let told: Vec<_> = found
        .changes
        .iter()
        .map(|change| (change.path.as_str(), change.change))
        .collect();
    let expected = [
        ("a", Change::Removed),
        ("b", Change::Added),
        ("e", Change::Removed),
        ("f", Change::Added),
    ];
    assert_eq!(told, expected);
    assert_eq!(found.changes[0].old, Some(file("1")));
    assert_eq!(found.changes[0].new, None);
    assert_eq!(found.changes[1].old, None);
    assert_eq!(found.changes[1].new, Some(file("2")));
    let none = FileTable::default();
    assert_eq!(compared(&none, &old).changes.len(), 3);
    assert_eq!(compared(&old, &none).changes.len(), 3);
}

#[test]
fn which_name_of_a_file_is_the_link_does_not_matter() {
    let link = |to: &str, contents: &str| FileState {
        is: FileKind::HardLink,
        link: Some(to.to_owned()),
        ..file(contents)
    };
    let old = table(&[("a", file("x")), ("b", link("a", "x"))]);
    let new = table(&[("a", link("b", "x")), ("b", file("x"))]);
    let found = compared(&old, &new);
    assert_eq!((found.same, found.changes.len()), (2, 0));
    let new = table(&[("a", link("b", "y")), ("b", file("y"))]);
    assert_eq!(compared(&old, &new).changes.len(), 2);
}

#[test]
fn files_that_always_differ_are_counted() {
    let paths = [
        ("var/log/messages", "logs"),
        ("var/lib/xcp/blobs/rrds/x.gz", "RRDs and messages"),
        ("var/lib/xcp/state.db", "pool databases"),
        (
            "var/backup/pool-database-2024-05-31--13-07-09",
            "pool databases",
        ),
        ("run/x", "state of running programs"),
        ("var/cache/yum/x", "caches"),
        ("etc/lvm/archive/vg_00001.vg", "copies of LVM metadata"),
        ("opt/x.lock", "locks and numbers of processes"),
        ("var/lib/systemd/random-seed", "random seeds and timers"),
    ];
    let all = Settings {
        all: true,
        ..Settings::default()
    };
    for (path, what) in paths {
        let (one, two) = (table(&[(path, file("a"))]), table(&[(path, file("b"))]));
        let none = FileTable::default();
        for (old, new) in [(&one, &two), (&one, &none), (&none, &two)] {
            let report_of = report(old, new, &Settings::default());
            assert!(report_of.same, "{path}");
            let expected = FileChanges {
                volatile: [(what.to_owned(), 1)].into(),
                ..FileChanges::default()
            };
            assert_eq!(report_of.files, Some(expected), "{path}");
            let found = report(old, new, &all).files.expect("files");
            assert!(found.volatile.is_empty(), "{path}");
            assert_eq!(found.changes.len(), 1, "{path}");
        }
    }
}

#[test]
fn of_secrets_it_is_told_that_they_changed() {
    let told = FieldChange {
        field: "contents".to_owned(),
        delta: Delta::Secret {
            change: Change::Changed,
            key: None,
        },
        is_told: false,
    };
    for path in [
        "etc/shadow",
        "etc/shadow-",
        "root/.ssh/id_rsa",
        "etc/ssh/ssh_host_rsa_key",
        "etc/xensource/ptoken",
        "etc/xensource/xapi-ssl.pem",
        "etc/xensource/xapi-pool-tls.pem",
        "etc/krb5.keytab",
        "var/lib/xcp/local.db",
        "etc/iscsi/initiatorname.iscsi",
        "etc/pki/tls/private/host.key",
        "etc/xensource/license",
    ] {
        let (old, new) = (table(&[(path, file("a"))]), table(&[(path, file("b"))]));
        let hidden = FileState {
            sha256: None,
            ..file("")
        };
        let found = compared(&old, &new);
        let expected = FileChange {
            keys: vec![told.clone()],
            ..changed(path, hidden.clone(), hidden.clone())
        };
        assert_eq!(found.changes, [expected], "{path}");
        assert_eq!(compared(&old, &old).same, 1);

        let gone = compared(&old, &FileTable::default());
        assert_eq!(gone.changes[0].old, Some(hidden.clone()));
        let mode = FileState {
            mode: "0600".to_owned(),
            ..file("a")
        };
        let found = compared(&old, &table(&[(path, mode)]));
        assert_eq!(found.changes[0].keys, [], "its contents are the same");
        assert_eq!(found.changes[0].old, Some(hidden));
    }
}

#[test]
fn changes_beyond_those_kept_are_counted() {
    let files = |contents: &str| {
        let files = (0..10_005).map(|n| (format!("usr/{n:05}"), file(contents)));
        FileTable {
            files: files.collect(),
            ..FileTable::default()
        }
    };
    let found = compared(&files("a"), &files("b"));
    assert_eq!((found.changes.len(), found.more), (10_000, 5));
    assert_eq!(found.changes[9_999].path, "usr/09999");
    let found = compared(&files("a"), &FileTable::default());
    assert_eq!((found.changes.len(), found.more), (10_000, 5));
}

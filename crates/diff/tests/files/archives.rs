//! Host backups as the system's tar writes them, with one change of the host between two of them.

use std::fs::{self, File, Permissions};
use std::io::Write;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;
use xenspect_diff::is_compared_by_key;
use xenspect_model::catalog::FileTable;
use xenspect_model::diff::{Change, Delta, FileKind, FileState, Shown};
use xenspect_scan::{Catalog, Options, Progress, Source, scan};

use super::support::*;

const INVENTORY: &str = "etc/xensource-inventory";

fn write(root: &Path, name: &str, bytes: &[u8]) {
    let path = root.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, bytes).unwrap();
    fs::set_permissions(path, Permissions::from_mode(0o644)).unwrap();
}

/// The root of a host, as far as it matters.
fn host() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path();
    write(
        root,
        INVENTORY,
        b"PRODUCT_VERSION='8.2.1'\nINSTALLATION_UUID='u'\n",
    );
    write(root, "etc/hosts", b"127.0.0.1 localhost\n");
    write(root, "etc/shadow", b"root:a:\n");
    write(root, "var/log/messages", b"a\n");
    write(root, "usr/bin/a", b"a");
    fs::hard_link(root.join("usr/bin/a"), root.join("usr/bin/b")).unwrap();
    symlink("hosts", root.join("etc/link")).unwrap();
    let holes = File::create(root.join("usr/holes")).unwrap();
    holes.set_len(1 << 20).unwrap();
    (&holes).write_all(b"x").unwrap();
    dir
}

/// Its backup; `None` where there is no tar, which is said.
fn backup(root: &Path, how: &[&str]) -> Option<FileTable> {
    let out = tempfile::NamedTempFile::new().unwrap();
    let output = Command::new("tar")
        .args(["-c", "--preserve-permissions", "--one-file-system", "-f"])
        .arg(out.path())
        .args(how)
        .arg(".")
        .current_dir(root)
        .output();
    let Ok(output) = output else {
        // Not through the test harness, which would swallow it.
        let _ = std::io::stderr().write_all(b"SKIPPED: no tar on this system\n");
        return None;
    };
    assert!(output.status.success(), "{output:?}");
    let source = Source::open(out.path()).unwrap();
    let options = Options {
        host_files: is_compared_by_key,
        digests: true,
        ..Options::default()
    };
    match scan(source, &options, &Progress::default()).unwrap() {
        Catalog::Host(backup) => Some(backup.tree),
        other => panic!("{:?}", other.kind()),
    }
}

const USUAL: [&str; 2] = ["--gzip", "--sparse"];

#[test]
fn the_same_host_is_the_same_however_it_is_packed() {
    let host = host();
    let Some(old) = backup(host.path(), &USUAL) else {
        return;
    };
    for how in [
        &[][..],
        &["--zstd"],
        &["--sort=name", "--sparse"],
        &["--format=pax", "-S"],
    ] {
        let new = backup(host.path(), how).unwrap();
        let found = compared(&old, &new);
        assert_eq!(found.changes, [], "{how:?}");
        assert_eq!(found.same, old.files.len() as u64);
    }
}

#[test]
fn one_change_of_a_host() {
    type Edit = fn(&Path);
    let edits: [(Edit, &[(&str, Change)]); 8] = [
        (
            |root| write(root, "etc/hosts", b"::1 localhost\n"),
            &[("etc/hosts", Change::Changed)],
        ),
        (
            |root| {
                fs::set_permissions(root.join("etc/hosts"), Permissions::from_mode(0o600)).unwrap();
            },
            &[("etc/hosts", Change::Changed)],
        ),
        (
            |root| fs::rename(root.join("etc/hosts"), root.join("etc/hosts.old")).unwrap(),
            &[
                ("etc/hosts", Change::Removed),
                ("etc/hosts.old", Change::Added),
            ],
        ),
        (
            |root| {
                fs::remove_file(root.join("etc/link")).unwrap();
                symlink("shadow", root.join("etc/link")).unwrap();
            },
            &[("etc/link", Change::Changed)],
        ),
        (
            |root| write(root, "usr/bin/b", b"c"),
            &[
                ("usr/bin/a", Change::Changed),
                ("usr/bin/b", Change::Changed),
            ],
        ),
        (
            |root| {
                File::options()
                    .write(true)
                    .open(root.join("usr/holes"))
                    .unwrap()
                    .set_len(1 << 21)
                    .unwrap();
            },
            &[("usr/holes", Change::Changed)],
        ),
        (|root| write(root, "var/log/messages", b"b\n"), &[]),
        (
            |root| write(root, "etc/shadow", b"root:b:\n"),
            &[("etc/shadow", Change::Changed)],
        ),
    ];
    for (edit, expected) in edits {
        let host = host();
        let Some(old) = backup(host.path(), &USUAL) else {
            return;
        };
        edit(host.path());
        let found = compared(&old, &backup(host.path(), &USUAL).unwrap());
        let told: Vec<_> = found
            .changes
            .iter()
            .map(|change| (change.path.as_str(), change.change))
            .collect();
        assert_eq!(told, expected);
    }
}

#[test]
fn the_inventory_is_compared_by_key() {
    let host = host();
    let Some(old) = backup(host.path(), &USUAL) else {
        return;
    };
    write(
        host.path(),
        INVENTORY,
        b"INSTALLATION_UUID='u'\nPRODUCT_VERSION='8.3.0'\n",
    );
    let found = compared(&old, &backup(host.path(), &USUAL).unwrap());
    assert_eq!(found.changes.len(), 1);
    let keys = &found.changes[0].keys;
    assert_eq!(keys.len(), 1);
    assert_eq!(keys[0].field, "PRODUCT_VERSION");
    let text = |text: &str| Some(Shown::Text(text.to_owned()));
    let expected = Delta::Value {
        old: text("8.2.1"),
        new: text("8.3.0"),
    };
    assert_eq!(keys[0].delta, expected);
}

#[test]
fn a_file_in_the_place_of_a_link_is_a_change_of_kind() {
    let host = host();
    let Some(old) = backup(host.path(), &USUAL) else {
        return;
    };
    fs::remove_file(host.path().join("etc/link")).unwrap();
    write(host.path(), "etc/link", b"127.0.0.1 localhost\n");
    let found = compared(&old, &backup(host.path(), &USUAL).unwrap());
    assert_eq!(found.changes.len(), 1);
    let kind = |state: Option<&FileState>| state.map(|state| state.is);
    let change = &found.changes[0];
    assert_eq!(kind(change.old.as_ref()), Some(FileKind::Symlink));
    assert_eq!(kind(change.new.as_ref()), Some(FileKind::File));
}

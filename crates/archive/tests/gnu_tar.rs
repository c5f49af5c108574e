//! Archives written by the system's GNU tar in its formats, compared with the files on disk and
//! with what the tar crate reads. Skipped where there is no GNU tar.

#![cfg(unix)]

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{Seek, SeekFrom, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, symlink};
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;
use xenspect_archive::tar::{Ending, HeaderStyle, Limits, Member, MemberKind, Walked, walk_slice};

fn gnu_tar() -> bool {
    let version = Command::new("tar").arg("--version").output();
    let found = version.is_ok_and(|output| output.stdout.starts_with(b"tar (GNU tar)"));
    if !found {
        say_skipped(format_args!("SKIPPED: no GNU tar on this system"));
    }
    found
}

/// A small root file system: all kinds GNU tar can write without being root.
fn tree() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path();
    for folder in ["etc/xensource", "boot", "var/lib/empty"] {
        fs::create_dir_all(root.join(folder)).unwrap();
    }
    for (name, size) in [
        ("etc/empty", 0),
        ("etc/one", 1),
        ("etc/full", 512),
        ("boot/k", 70_001),
    ] {
        fs::write(root.join(name), vec![b'x'; size]).unwrap();
    }
    fs::hard_link(root.join("etc/one"), root.join("etc/zz-again")).unwrap();
    symlink("../boot/k", root.join("etc/link")).unwrap();
    let mut sparse = File::create(root.join("var/lib/holes")).unwrap();
    for piece in 0..40u64 {
        sparse.seek(SeekFrom::Start(piece * 65_536 + 4096)).unwrap();
        sparse.write_all(&[b'p'; 4096]).unwrap();
    }
    sparse.set_len(8 << 20).unwrap();
    dir
}

/// Names beyond the 100 bytes of the plain field, and beyond what a prefix can hold.
fn add_long_names(root: &Path) {
    let folder = root.join("d".repeat(90)).join("e".repeat(60));
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("f".repeat(20)), b"long").unwrap();
}

fn add_very_long_names(root: &Path) {
    add_long_names(root);
    fs::write(root.join("g".repeat(200)), b"longer").unwrap();
    fs::write(root.join("line\nend"), b"odd").unwrap();
    symlink("t".repeat(180), root.join("to-long")).unwrap();
    fs::hard_link(root.join("g".repeat(200)), root.join("h".repeat(210))).unwrap();
}

fn pack(root: &Path, options: &[&str]) -> Vec<u8> {
    let mut command = Command::new("tar");
    command
        .args(options)
        .args(["--sort=name", "-cf", "-", "-C"])
        .arg(root)
        .arg(".");
    let output = command.env_remove("TAR_OPTIONS").output().unwrap();
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{options:?}: {message}");
    output.stdout
}

fn walk(bytes: &[u8]) -> Walked {
    let walked = walk_slice(bytes, Limits::default(), |_, _| false);
    assert_eq!(walked.oddities, []);
    assert_eq!(walked.ending, Ending::Complete);
    assert_eq!(walked.trailing.first_odd, None);
    assert_eq!(bytes.len() % 10_240, 0);
    walked
}

/// Every path under `root` as GNU tar spells it, with its metadata.
fn on_disk(root: &Path) -> BTreeMap<Vec<u8>, fs::Metadata> {
    let mut found = BTreeMap::new();
    let mut open = vec![root.to_path_buf()];
    while let Some(path) = open.pop() {
        let metadata = fs::symlink_metadata(&path).unwrap();
        let inside = path.strip_prefix(root).unwrap();
        let mut name = [b"./", inside.as_os_str().as_bytes()].concat();
        if metadata.is_dir() {
            open.extend(
                fs::read_dir(&path)
                    .unwrap()
                    .map(|entry| entry.unwrap().path()),
            );
            if !name.ends_with(b"/") {
                name.push(b'/');
            }
        }
        found.insert(name, metadata);
    }
    found
}

/// Size, kind, links and owner of each member, against the file it was made from.
fn compare_with_disk(root: &Path, walked: &Walked) {
    let disk = on_disk(root);
    let packed: BTreeMap<_, _> = walked.members.iter().map(|m| (m.name.clone(), m)).collect();
    assert_eq!(packed.len(), walked.members.len());
    assert_eq!(
        packed.keys().collect::<Vec<_>>(),
        disk.keys().collect::<Vec<_>>()
    );
    for (name, metadata) in &disk {
        let member = packed[name];
        let shown = String::from_utf8_lossy(name);
        assert_eq!(member.uid, Some(u64::from(metadata.uid())), "{shown}");
        assert_eq!(member.gid, Some(u64::from(metadata.gid())), "{shown}");
        assert_eq!(member.mode, Some(metadata.mode() & 0o7777), "{shown}");
        assert_eq!(
            member.mtime,
            u64::try_from(metadata.mtime()).ok(),
            "{shown}"
        );
        compare_kind(root, member, metadata);
    }
}

fn compare_kind(root: &Path, member: &Member, metadata: &fs::Metadata) {
    let shown = String::from_utf8_lossy(&member.name);
    match member.kind {
        MemberKind::Directory => assert!(metadata.is_dir(), "{shown}"),
        MemberKind::Symlink => {
            let path = root.join(std::ffi::OsStr::from_bytes(&member.name));
            let target = fs::read_link(path).unwrap();
            assert_eq!(member.link_name, target.as_os_str().as_bytes(), "{shown}");
        }
        MemberKind::HardLink => {
            let target = root.join(std::ffi::OsStr::from_bytes(&member.link_name));
            assert_eq!(
                fs::metadata(target).unwrap().ino(),
                metadata.ino(),
                "{shown}"
            );
        }
        MemberKind::File | MemberKind::GnuSparse => {
            assert!(metadata.is_file(), "{shown}");
            assert_eq!(
                member.real_size.unwrap_or(member.size),
                metadata.len(),
                "{shown}"
            );
        }
        other => panic!("{shown}: {other:?}"),
    }
}

/// Names, sizes, links and places, against the tar crate's reading.
fn compare_with_tar(bytes: &[u8], walked: &Walked) {
    let mut archive = tar::Archive::new(bytes);
    let mut members = walked.members.iter();
    for entry in archive.entries().unwrap() {
        let entry = entry.unwrap();
        let flag = entry.header().entry_type().as_byte();
        if flag == b'g' {
            continue;
        }
        let member = members.next().unwrap();
        assert_eq!(member.name, entry.path_bytes().as_ref());
        assert_eq!(member.header_offset, entry.raw_header_position());
        assert_eq!(member.real_size.unwrap_or(member.size), entry.size());
        if matches!(member.kind, MemberKind::HardLink | MemberKind::Symlink) {
            assert_eq!(
                Some(member.link_name.as_slice()),
                entry.link_name_bytes().as_deref()
            );
        }
    }
    assert_eq!(members.next(), None);
}

fn find<'walked>(walked: &'walked Walked, name: &str) -> &'walked Member {
    walked
        .members
        .iter()
        .find(|member| member.name == name.as_bytes())
        .unwrap()
}

#[test]
fn gnu_format_as_the_host_backup_has_it() {
    if !gnu_tar() {
        return;
    }
    let dir = tree();
    add_very_long_names(dir.path());
    for options in [
        &["--format=gnu"][..],
        &["--format=oldgnu"],
        &["--format=gnu", "--sparse"],
    ] {
        let bytes = pack(dir.path(), options);
        let walked = walk(&bytes);
        compare_with_disk(dir.path(), &walked);
        compare_with_tar(&bytes, &walked);
        assert!(
            walked
                .members
                .iter()
                .all(|member| member.style == HeaderStyle::Gnu)
        );
        let holes = find(&walked, "./var/lib/holes");
        if options.contains(&"--sparse") {
            assert_eq!(holes.kind, MemberKind::GnuSparse);
            assert!(holes.map_blocks() >= 1, "{holes:?}");
            assert_eq!(holes.real_size, Some(8 << 20));
            assert!(holes.size < 8 << 20);
        } else {
            assert_eq!((holes.kind, holes.real_size), (MemberKind::File, None));
        }
    }
}

#[test]
fn posix_formats() {
    if !gnu_tar() {
        return;
    }
    let dir = tree();
    add_long_names(dir.path());
    let bytes = pack(dir.path(), &["--format=ustar"]);
    let walked = walk(&bytes);
    compare_with_disk(dir.path(), &walked);
    compare_with_tar(&bytes, &walked);
    assert!(
        walked
            .members
            .iter()
            .all(|member| member.style == HeaderStyle::Ustar)
    );
    add_very_long_names(dir.path());
    for options in [
        &["--format=pax"][..],
        &["--format=pax", "--pax-option=comment=all"],
    ] {
        let bytes = pack(dir.path(), options);
        let walked = walk(&bytes);
        compare_with_disk(dir.path(), &walked);
    }
    // The tar crate cuts pax records at line ends, so it does not see this name.
    fs::remove_file(dir.path().join("line\nend")).unwrap();
    let bytes = pack(dir.path(), &["--format=pax"]);
    compare_with_tar(&bytes, &walk(&bytes));
}

#[test]
fn pax_sparse_formats() {
    if !gnu_tar() {
        return;
    }
    let dir = tree();
    for version in ["0.0", "0.1", "1.0"] {
        let version = format!("--sparse-version={version}");
        let walked = walk(&pack(dir.path(), &["--format=pax", "--sparse", &version]));
        compare_with_disk(dir.path(), &walked);
        let holes = find(&walked, "./var/lib/holes");
        assert_eq!(
            (holes.kind, holes.real_size),
            (MemberKind::File, Some(8 << 20)),
            "{version}"
        );
        assert!(holes.size < 8 << 20);
    }
}

#[test]
fn v7_format() {
    if !gnu_tar() {
        return;
    }
    let dir = tree();
    let bytes = pack(dir.path(), &["--format=v7"]);
    let walked = walk(&bytes);
    compare_with_disk(dir.path(), &walked);
    compare_with_tar(&bytes, &walked);
    assert!(
        walked
            .members
            .iter()
            .all(|member| member.style == HeaderStyle::Bare)
    );
}

/// Straight to standard error: the test harness hides what its own macros print.
fn say_skipped(what: std::fmt::Arguments<'_>) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "{what}");
}

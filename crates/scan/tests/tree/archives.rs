//! Archives as the system's tar writes them.

use std::fs::{self, File};
use std::io::{Seek, SeekFrom, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use tar::EntryType;
use xenspect_model::diff::{FileKind, FileState};
use xenspect_model::report::Envelope;
use xenspect_scan::{Error, Limits, Progress, Source, scan};

use super::support::*;

const NAME: &str = "etc/xensource-inventory";

#[test]
fn a_host_backup_gives_all_its_files_however_it_is_packed() {
    let host = host();
    let mut tables = Vec::new();
    for (how, envelope) in [
        (&[][..], Envelope::Plain),
        (&["--gzip"], Envelope::Gzip),
        (&["--zstd"], Envelope::Zstd),
    ] {
        let Some(bytes) = as_a_host(host.path(), how) else {
            return;
        };
        let streamed = table_of(host_of(pipe(&bytes), &options()));
        let mut table = some(bytes);
        assert_eq!(streamed, table);
        assert_eq!(table.envelope, Some(envelope));
        table.envelope = None;
        tables.push(table);
    }
    let table = tables.pop().unwrap();
    assert!(tables.iter().all(|other| *other == table));
    assert_eq!(table.remarks, [""; 0]);
    assert!(!table.incomplete);
    let paths: Vec<&str> = table.files.keys().map(String::as_str).collect();
    let expected = [
        ".",
        "boot",
        "boot/efi",
        "boot/efi/grub.cfg",
        "boot/vmlinuz",
        "etc",
        "etc/empty",
        "etc/kernel",
        "etc/linked",
        "etc/xensource-inventory",
        "tmp",
    ];
    assert_eq!(paths, expected);
    let kernel = &table.files["boot/vmlinuz"];
    let owner = kernel.owner.clone();
    let expected = FileState {
        is: FileKind::File,
        len: Some(300_000),
        sha256: digest(&[b'k'; 300_000]),
        link: None,
        mode: "0644".to_owned(),
        owner,
    };
    assert_eq!(*kernel, expected);
    assert!(kernel.owner.split(':').all(|id| id.parse::<u64>().is_ok()));
    let link = &table.files["etc/kernel"];
    assert_eq!(link.is, FileKind::Symlink);
    assert_eq!(link.link.as_deref(), Some("../boot/vmlinuz"));
    assert_eq!((link.len, &link.sha256), (None, &None));
    assert_eq!(table.files["etc"].is, FileKind::Folder);
    assert_eq!(table.files["etc/empty"].sha256, digest(b""));
}

#[test]
fn a_host_backup_in_bzip2_is_refused() {
    let Some(bytes) = as_a_host(host().path(), &["--bzip2"]) else {
        return;
    };
    for source in [Source::memory(bytes.clone()), pipe(&bytes)] {
        let result = scan(source, &options(), &Progress::default());
        assert!(matches!(result, Err(Error::Bzip2)), "{result:?}");
    }
}

#[test]
fn of_two_names_of_a_file_both_have_its_contents() {
    let host = host();
    let Some(bytes) = as_a_host(host.path(), &[]) else {
        return;
    };
    let table = some(bytes);
    let mut kinds = Vec::new();
    for (name, other) in [
        ("etc/linked", "etc/xensource-inventory"),
        ("etc/xensource-inventory", "etc/linked"),
    ] {
        let state = &table.files[name];
        assert_eq!(state.sha256, digest(INVENTORY.as_bytes()), "{name}");
        assert_eq!(state.len, Some(INVENTORY.len() as u64));
        assert_eq!(table.contents[name], INVENTORY.as_bytes());
        if state.is == FileKind::HardLink {
            assert_eq!(state.link.as_deref(), Some(other));
        }
        kinds.push(state.is);
    }
    kinds.sort_by_key(|kind| *kind == FileKind::HardLink);
    assert_eq!(kinds, [FileKind::File, FileKind::HardLink]);
}

/// Pieces of a file between holes: more of them than a header has room for, and than one block of a map has.
fn with_holes(root: &Path, name: &str, pieces: u64) {
    write(root, name, b"");
    let mut file = File::options().write(true).open(root.join(name)).unwrap();
    for piece in 0..pieces {
        file.seek(SeekFrom::Start(piece * (1 << 17) + (1 << 16)))
            .unwrap();
        file.write_all(&[b'p'; 5000]).unwrap();
    }
    file.set_len(pieces * (1 << 17) + 100_000).unwrap();
}

#[test]
fn a_file_with_holes_is_the_same_file_without() {
    for pieces in [0, 1, 3, 5, 60] {
        let host = host();
        with_holes(host.path(), "etc/holes", pieces);
        let expected = fs::read(host.path().join("etc/holes")).unwrap();
        let mut sizes = Vec::new();
        for how in [
            &["--sparse", "--format=gnu"][..],
            &["--format=gnu"],
            &["--sparse", "--format=pax"],
            &["--sparse", "--format=pax", "--sparse-version=0.1"],
            &["--sparse", "--format=pax", "--sparse-version=0.0"],
        ] {
            let Some(bytes) = packed(host.path(), how, &["."]) else {
                return;
            };
            sizes.push(bytes.len());
            let table = some(bytes);
            assert_eq!(table.remarks, [""; 0], "{pieces} {how:?}");
            let state = &table.files["etc/holes"];
            assert_eq!(state.is, FileKind::File);
            assert_eq!(state.len, Some(expected.len() as u64), "{pieces} {how:?}");
            assert_eq!(state.sha256, digest(&expected), "{pieces} {how:?}");
            assert!(table.contents["etc/holes"] == expected, "{pieces} {how:?}");
            assert_eq!(table.files["boot/vmlinuz"].len, Some(300_000));
        }
        assert!(sizes[0] < sizes[1], "it was not written sparse: {sizes:?}");
    }
}

#[test]
fn older_maps_of_pax_that_do_not_fit_are_told() {
    for map in [
        "0,9",
        "0,1,5",
        "6,2,0,2",
        "0,2,1,2",
        "99,4",
        "0,x",
        "",
        "0,18446744073709551615,1,5",
    ] {
        let record = |key: &str, value: &str| {
            let body = format!(" {key}={value}\n");
            // The number counts itself.
            let length = body.len() + 2;
            format!("{length}{body}")
        };
        let mut records = record("GNU.sparse.realsize", "10") + &record("GNU.sparse.name", NAME);
        records += &record("GNU.sparse.map", map);
        let tar = Tar::rooted().member(EntryType::XHeader, b"pax", "", records.as_bytes());
        let table = some(tar.file("made-up", "1234").bytes());
        assert_eq!(table.files[NAME].sha256, None, "{map}");
        let remark = format!("the contents of {NAME} are unknown: it is a sparse file");
        assert!(
            table.remarks.iter().any(|told| told.starts_with(&remark)),
            "{map}: {:?}",
            table.remarks
        );
    }
}

#[test]
fn holes_are_bounded() {
    let host = host();
    with_holes(host.path(), "etc/holes", 3);
    let Some(bytes) = as_a_host(host.path(), &[]) else {
        return;
    };
    let limits = Limits {
        holes: 1000,
        ..Limits::default()
    };
    let table = within(bytes, limits);
    assert_eq!(table.files["etc/holes"].sha256, None);
    let remark = "the contents of etc/holes are unknown: it has more bytes in holes than are read";
    assert_eq!(table.remarks, [remark]);
}

#[test]
fn modes_and_long_names() {
    let host = host();
    let (long, deep) = ("l".repeat(150), "d".repeat(120));
    let name = format!("etc/{deep}/{long}");
    write(host.path(), &name, b"x");
    for mode in [0o644, 0o600, 0o4755] {
        let permissions = fs::Permissions::from_mode(mode);
        fs::set_permissions(host.path().join(&name), permissions).unwrap();
        for format in ["--format=gnu", "--format=pax"] {
            let how = [format, "--owner=5000000", "--group=7", "--numeric-owner"];
            let Some(bytes) = packed(host.path(), &how, &["."]) else {
                return;
            };
            let state = &some(bytes).files[&name];
            assert_eq!(state.mode, format!("{mode:04o}"));
            assert_eq!(state.owner, "5000000:7", "{format}");
            assert_eq!(state.sha256, digest(b"x"));
        }
    }
}

//! The manifest of a host backup: contents as tar unpacks them, and everything else as attributes.

use std::fs;
use std::io::{Read, Write};
use std::process::Command;

use sha2::{Digest, Sha256};
use xenspect_model::catalog::Manifest;
use xenspect_synth::Envelope;

use crate::support::{entries, file, host_backup, manifest_of, options, pipe, sha256};

#[test]
fn contents_are_those_that_tar_unpacks_in_every_envelope() {
    let plain = host_backup(Envelope::Plain);
    let mut archive = tar::Archive::new(&plain[..]);
    let expected: Vec<_> = archive
        .entries()
        .unwrap()
        .map(|entry| {
            let mut entry = entry.unwrap();
            let mut contents = Vec::new();
            entry.read_to_end(&mut contents).unwrap();
            (entry.path_bytes().into_owned(), sha256(&contents))
        })
        .collect();
    let first = manifest_of(file(&plain), &options(1));
    for envelope in [Envelope::Plain, Envelope::Gzip, Envelope::Zstd] {
        let bytes = envelope.encode(&plain);
        for source in [file(&bytes), pipe(&bytes)] {
            let manifest = manifest_of(source, &options(2));
            let found: Vec<_> = manifest
                .iter()
                .map(|entry| (entry.name.into_owned(), entry.sha256.unwrap()))
                .collect();
            assert_eq!(found.len(), expected.len());
            for (found, expected) in found.iter().zip(&expected) {
                assert_eq!(found, expected, "{}", String::from_utf8_lossy(&found.0));
            }
            assert!(manifest.complete);
            assert_eq!(entries(&manifest), entries(&first));
        }
    }
}

/// One member behind the root.
fn archive(change: impl FnOnce(&mut tar::Header)) -> Vec<u8> {
    let mut header = tar::Header::new_gnu();
    header.set_path("etc/x").unwrap();
    header.set_entry_type(tar::EntryType::Symlink);
    header.set_link_name("to").unwrap();
    header.set_mode(0o777);
    header.set_uid(0);
    header.set_gid(0);
    header.set_mtime(1_600_000_000);
    header.set_size(0);
    change(&mut header);
    header.set_cksum();
    let mut root = tar::Header::new_gnu();
    root.set_path("./").unwrap();
    root.set_entry_type(tar::EntryType::Directory);
    root.set_mode(0o755);
    root.set_size(0);
    root.set_cksum();
    let mut bytes = [root.as_bytes().as_slice(), header.as_bytes()].concat();
    bytes.resize(10_240, 0);
    bytes
}

fn second(manifest: &Manifest) -> ([u8; 32], [u8; 16]) {
    let entry = manifest.get(1).unwrap();
    (entry.sha256.unwrap(), entry.attributes.unwrap())
}

#[test]
fn attributes_are_a_digest_of_a_text_that_anybody_can_write() {
    let link = second(&manifest_of(file(&archive(|_| {})), &options(1)));
    let text = "kind symbolic link\nmode 0777\nuid 0\ngid 0\nmtime 1600000000\nlink 2\nto";
    assert_eq!(link.0, sha256(b""));
    assert_eq!(link.1, Sha256::digest(text)[..16]);
    let device = archive(|header| {
        header.set_entry_type(tar::EntryType::Block);
        header.set_mode(0o660);
        header.as_mut_bytes()[157..]
            .iter_mut()
            .take(2)
            .for_each(|byte| *byte = 0);
        header.set_device_major(8).unwrap();
        header.set_device_minor(17).unwrap();
    });
    let text =
        "kind block device\nmode 0660\nuid 0\ngid 0\nmtime 1600000000\ndevice 8 17\nlink 0\n";
    let device = second(&manifest_of(file(&device), &options(1)));
    assert_eq!(device.1, Sha256::digest(text)[..16]);
}

#[test]
fn each_attribute_counts() {
    let changes: [fn(&mut tar::Header); 7] = [
        |_| {},
        |header| header.set_mode(0o4777),
        |header| header.set_uid(1),
        |header| header.set_gid(1),
        |header| header.set_mtime(7),
        |header| header.set_link_name("ot").unwrap(),
        |header| header.set_entry_type(tar::EntryType::Link),
    ];
    let mut seen = Vec::new();
    for change in changes {
        let manifest = manifest_of(file(&archive(change)), &options(1));
        let (_, attributes) = second(&manifest);
        assert!(!seen.contains(&attributes));
        seen.push(attributes);
    }
}

#[test]
fn a_sparse_file_has_the_digest_of_what_it_unpacks_to() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path();
    fs::create_dir(root.join("etc")).unwrap();
    let mut sparse = fs::File::create(root.join("etc/holes")).unwrap();
    sparse.set_len(9 << 20).unwrap();
    std::os::unix::fs::FileExt::write_all_at(&sparse, b"in the middle", 4 << 20).unwrap();
    sparse.flush().unwrap();
    let contents = fs::read(root.join("etc/holes")).unwrap();
    for format in [
        &["--format=gnu"][..],
        &["--format=pax", "--sparse-version=1.0"],
    ] {
        let out = tempfile::NamedTempFile::new().unwrap();
        let made = Command::new("tar")
            .args(["--sparse", "-c", "-f"])
            .arg(out.path())
            .args(format)
            .arg(".")
            .current_dir(root)
            .output();
        if !made.is_ok_and(|made| made.status.success()) {
            let _ = std::io::stderr().write_all(b"SKIPPED: no GNU tar on this system\n");
            return;
        }
        let bytes = fs::read(out.path()).unwrap();
        let manifest = manifest_of(file(&bytes), &options(1));
        let found = entries(&manifest);
        let holes = found
            .iter()
            .find(|entry| entry.name.ends_with(b"holes"))
            .unwrap();
        assert_eq!(holes.size, 9 << 20);
        assert_eq!(holes.sha256, Some(sha256(&contents)), "{format:?}");
    }
}

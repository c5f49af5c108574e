//! Trees of files, archives of them, and shorthand.

use std::fs;
use std::io::{Cursor, Write};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::Command;

use sha2::{Digest, Sha256};
use tempfile::TempDir;
use xenspect_model::catalog::{FileTable, HostBackup};
use xenspect_scan::{Catalog, Limits, Options, Progress, Source, damage, scan};

pub(crate) const INVENTORY: &str = "INSTALLATION_UUID='u'\n";
/// A pool database without rows.
pub(crate) const DATABASE: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<database><manifest><pair key=\"schema_major_vsn\" value=\"5\"/><pair key=\"schema_minor_vsn\" value=\"603\"/><pair key=\"generation_count\" value=\"7\"/></manifest></database>";
/// How `xe host-backup` calls tar (`formats/host-backup.md` section 1).
pub(crate) const AS_A_HOST: [&str; 5] = [
    "--sparse",
    "--preserve-permissions",
    "--one-file-system",
    "--warning=no-file-ignored",
    "--exclude=tmp/*",
];

pub(crate) fn wanted(name: &str) -> bool {
    matches!(name, "etc/xensource-inventory" | "etc/linked" | "etc/holes")
}

/// With digests, and what a few files hold.
pub(crate) fn options() -> Options {
    Options {
        host_files: wanted,
        digests: true,
        ..Options::default()
    }
}

pub(crate) fn host_of(source: Source, options: &Options) -> HostBackup {
    match scan(source, options, &Progress::default()).unwrap() {
        Catalog::Host(backup) => *backup,
        other => panic!("{:?}", other.kind()),
    }
}

pub(crate) fn scanned(bytes: Vec<u8>) -> HostBackup {
    host_of(Source::memory(bytes), &options())
}

pub(crate) fn pipe(bytes: &[u8]) -> Source {
    Source::Stream(Box::new(Cursor::new(bytes.to_vec())))
}

/// What a comparison is given of a backup: its files, and all that is wrong with it in words.
pub(crate) fn table_of(backup: HostBackup) -> FileTable {
    let damage = damage(&backup);
    let mut table = backup.tree;
    table.remarks.extend(damage);
    table.incomplete |= !table.remarks.is_empty();
    table
}

pub(crate) fn some(bytes: Vec<u8>) -> FileTable {
    table_of(scanned(bytes))
}

pub(crate) fn within(bytes: Vec<u8>, limits: Limits) -> FileTable {
    let options = Options {
        limits,
        ..options()
    };
    table_of(host_of(Source::memory(bytes), &options))
}

/// An archive as tar ends it.
pub(crate) fn ended(mut bytes: Vec<u8>) -> Vec<u8> {
    bytes.resize(bytes.len().next_multiple_of(10_240), 0);
    bytes
}

pub(crate) fn digest(bytes: &[u8]) -> Option<String> {
    let digest = Sha256::digest(bytes);
    Some(digest.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// The root of a host, as far as it matters.
pub(crate) fn host() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path();
    for (name, text) in [
        ("etc/xensource-inventory", INVENTORY),
        ("etc/empty", ""),
        ("boot/efi/grub.cfg", "set x"),
        ("tmp/gone", "x"),
    ] {
        write(root, name, text.as_bytes());
    }
    write(root, "boot/vmlinuz", &[b'k'; 300_000]);
    fs::hard_link(
        root.join("etc/xensource-inventory"),
        root.join("etc/linked"),
    )
    .unwrap();
    symlink("../boot/vmlinuz", root.join("etc/kernel")).unwrap();
    dir
}

pub(crate) fn write(root: &Path, name: &str, bytes: &[u8]) {
    let path = root.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, bytes).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o644)).unwrap();
}

/// What tar makes of a folder; `None` where there is no such program, which is said.
pub(crate) fn packed(root: &Path, how: &[&str], operands: &[&str]) -> Option<Vec<u8>> {
    let out = tempfile::NamedTempFile::new().unwrap();
    let output = Command::new("tar")
        .args(["-c", "-f", out.path().to_str().unwrap()])
        .args(how)
        .args(operands)
        .current_dir(root)
        .output();
    let Ok(output) = output else {
        // Not through the test harness, which would swallow it.
        let _ = std::io::stderr().write_all(b"SKIPPED: no tar on this system\n");
        return None;
    };
    assert!(output.status.success(), "{output:?}");
    Some(fs::read(out.path()).unwrap())
}

pub(crate) fn as_a_host(root: &Path, more: &[&str]) -> Option<Vec<u8>> {
    packed(root, &[&AS_A_HOST, more].concat(), &[".", "boot/efi"])
}

/// An archive of members given by kind, name and contents.
#[derive(Clone)]
pub(crate) struct Tar(Vec<u8>);

impl Tar {
    /// One that begins with its root, as a host backup does.
    pub(crate) fn rooted() -> Self {
        Self::new().member(tar::EntryType::Directory, b"./", "", b"")
    }

    pub(crate) fn new() -> Self {
        Self(Vec::new())
    }

    pub(crate) fn member(
        mut self,
        kind: tar::EntryType,
        name: &[u8],
        link: &str,
        bytes: &[u8],
    ) -> Self {
        let mut header = tar::Header::new_gnu();
        header.as_mut_bytes()[..name.len()].copy_from_slice(name);
        header.as_mut_bytes()[157..157 + link.len()].copy_from_slice(link.as_bytes());
        header.set_entry_type(kind);
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        header.set_cksum();
        self.0.extend_from_slice(header.as_bytes());
        self.0.extend_from_slice(bytes);
        self.0.resize(self.0.len().next_multiple_of(512), 0);
        self
    }

    pub(crate) fn file(self, name: &str, text: &str) -> Self {
        self.member(
            tar::EntryType::Regular,
            name.as_bytes(),
            "",
            text.as_bytes(),
        )
    }

    /// With the marker that ends an archive.
    pub(crate) fn bytes(mut self) -> Vec<u8> {
        self.0.resize(self.0.len() + 1024, 0);
        self.0
    }
}

//! Trees of files, programs of the system, and shorthand.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;
use xenspect_scan::{Collected, Error, Options, Progress, collect};

pub(crate) const INVENTORY: &str = "INSTALLATION_UUID='u'\n";
pub(crate) const DUMP: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<database><manifest>\
    <pair key=\"schema_major_vsn\" value=\"5\"/><pair key=\"schema_minor_vsn\" value=\"790\"/>\
    <pair key=\"generation_count\" value=\"9\"/></manifest><table name=\"pool\">\
    <row ref=\"OpaqueRef:1\" __ctime=\"1\" __mtime=\"2\" _ref=\"OpaqueRef:1\" uuid=\"u\"/></table></database>";
pub(crate) const DATABASE: &str = "var/backup/pool-database-20240531130709";

/// What a preflight would want.
pub(crate) fn wanted(name: &str) -> bool {
    name.ends_with("xensource-inventory")
        || name.ends_with("ip-link.json")
        || name.starts_with("var/backup/pool-database-")
        || name == "xapi-db.xml"
        || name == "inventory.xml"
}

pub(crate) fn taken(path: &Path) -> Result<Option<Collected>, Error> {
    collect(path, &wanted, &Options::default(), &Progress::default())
}

pub(crate) fn some(path: &Path) -> Collected {
    taken(path).unwrap().expect("a container")
}

/// Names with their texts.
pub(crate) fn texts(collected: &Collected) -> Vec<(&str, &str)> {
    collected
        .files
        .iter()
        .map(|(name, bytes)| (name.as_str(), std::str::from_utf8(bytes).unwrap()))
        .collect()
}

pub(crate) fn write(root: &Path, name: &str, text: &str) {
    let path = root.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// The root of a host, as far as it matters.
pub(crate) fn host() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), "etc/xensource-inventory", INVENTORY);
    write(dir.path(), "etc/shadow", "root:secret:");
    write(dir.path(), "boot/vmlinuz", &"k".repeat(300_000));
    write(dir.path(), DATABASE, DUMP);
    dir
}

/// The tree of a status report.
pub(crate) fn report() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    let top = "bug-report-20240531130709";
    for (name, text) in [
        ("etc/xensource-inventory", INVENTORY),
        ("xapi-db.xml", DUMP),
        ("inventory.xml", "<system-status-inventory/>"),
        ("var/log/xensource.log", "much"),
    ] {
        write(dir.path(), &format!("{top}/{name}"), text);
    }
    dir
}

pub(crate) const OF_HOST: [(&str, &str); 2] =
    [("etc/xensource-inventory", INVENTORY), (DATABASE, DUMP)];
pub(crate) const OF_REPORT: [(&str, &str); 3] = [
    ("etc/xensource-inventory", INVENTORY),
    ("inventory.xml", "<system-status-inventory/>"),
    ("xapi-db.xml", DUMP),
];

/// Runs a program in a folder; false where it is not there.
pub(crate) fn run(program: &str, arguments: &[&str], folder: &Path) -> bool {
    let Ok(output) = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .output()
    else {
        let message = format!("SKIPPED: no {program} on this system\n");
        // Not through the test harness, which would swallow it.
        let _ = std::io::stderr().write_all(message.as_bytes());
        return false;
    };
    assert!(
        output.status.success(),
        "{program} {arguments:?}: {output:?}"
    );
    true
}

/// An archive of members given by kind, name and contents.
pub(crate) struct Tar(tar::Builder<Vec<u8>>);

impl Tar {
    pub(crate) fn new() -> Self {
        Self(tar::Builder::new(Vec::new()))
    }

    pub(crate) fn member(mut self, kind: tar::EntryType, name: &str, bytes: &[u8]) -> Self {
        let mut header = tar::Header::new_gnu();
        header.as_mut_bytes()[..name.len()].copy_from_slice(name.as_bytes());
        header.set_entry_type(kind);
        if matches!(kind, tar::EntryType::Symlink | tar::EntryType::Link) {
            header.set_link_name("etc/shadow").unwrap();
        }
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        header.set_cksum();
        self.0.append(&header, bytes).unwrap();
        self
    }

    pub(crate) fn file(self, name: &str, text: &str) -> Self {
        self.member(tar::EntryType::Regular, name, text.as_bytes())
    }

    pub(crate) fn root(self) -> Self {
        self.member(tar::EntryType::Directory, "./", b"")
    }

    pub(crate) fn bytes(self) -> Vec<u8> {
        self.0.into_inner().unwrap()
    }

    pub(crate) fn stored(self) -> Stored {
        Stored::new(&self.bytes())
    }
}

/// Bytes in a file.
pub(crate) struct Stored(TempDir);

impl Stored {
    pub(crate) fn new(bytes: &[u8]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("input"), bytes).unwrap();
        Self(dir)
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.0.path().join("input")
    }
}

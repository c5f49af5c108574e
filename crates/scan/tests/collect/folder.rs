//! Folders.

use std::fs;
use std::io;
use std::time::Duration;

use xenspect_scan::{Container, Error, Packing};

use super::support::*;

#[test]
fn a_folder_gives_what_is_wanted_in_the_order_of_names() {
    let host = host();
    let collected = some(host.path());
    assert_eq!(collected.form, Container::Folder);
    assert_eq!(collected.packing, Packing::Plain);
    assert_eq!(texts(&collected), OF_HOST);
    assert_eq!(collected.remarks, [""; 0]);
}

#[test]
fn an_empty_folder_is_a_container_of_nothing() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(texts(&some(folder.path())), [("", ""); 0]);
}

#[test]
fn a_folder_around_everything_is_taken_off() {
    let report = report();
    assert_eq!(texts(&some(report.path())), OF_REPORT);
}

#[test]
fn a_path_that_is_not_there_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let error = taken(&folder.path().join("none")).unwrap_err();
    assert!(matches!(error, Error::Io(error) if error.kind() == io::ErrorKind::NotFound));
}

#[test]
fn folders_are_looked_into_as_deep_as_collected_files_lie() {
    let folder = tempfile::tempdir().unwrap();
    let deep = "d/".repeat(8);
    write(folder.path(), &format!("{deep}xensource-inventory"), "at");
    write(folder.path(), &format!("{deep}d/ip-link.json"), "below");
    let collected = some(folder.path());
    assert_eq!(collected.files.len(), 1);
    assert_eq!(collected.remarks.len(), 1);
    assert!(collected.remarks[0].contains("was not looked into"));
}

#[cfg(unix)]
#[test]
fn links_are_not_followed() {
    let (folder, elsewhere) = (tempfile::tempdir().unwrap(), host());
    let root = folder.path();
    let file = elsewhere.path().join("etc/xensource-inventory");
    std::os::unix::fs::symlink(file, root.join("xensource-inventory")).unwrap();
    std::os::unix::fs::symlink(elsewhere.path(), root.join("host")).unwrap();
    std::os::unix::fs::symlink("nowhere", root.join("other")).unwrap();
    let collected = some(root);
    assert_eq!(collected.files, []);
    assert_eq!(
        collected.remarks,
        ["xensource-inventory is left out: it is a symbolic link, and links are not followed"]
    );
}

#[cfg(unix)]
#[test]
fn a_fifo_is_never_opened() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["xensource-inventory", "other"] {
        if !run("mkfifo", &[name], folder.path()) {
            return;
        }
    }
    let root = folder.path().to_owned();
    let (done, wait) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let collected = some(&root);
        let itself = taken(&root.join("other")).unwrap();
        done.send((collected, itself)).unwrap();
    });
    let (collected, itself) = wait.recv_timeout(Duration::from_secs(20)).unwrap();
    assert_eq!(
        collected.remarks,
        ["xensource-inventory is left out: it is no plain file"]
    );
    assert_eq!(itself, None);
}

#[cfg(unix)]
#[test]
fn a_file_that_cannot_be_read_is_told() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "xensource-inventory", INVENTORY);
    write(folder.path(), "ip-link.json", "[]");
    let closed = folder.path().join("xensource-inventory");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).unwrap();
    // The superuser may read it all the same.
    let may = fs::File::open(&closed).is_ok();
    let collected = some(folder.path());
    assert_eq!(collected.files.len(), if may { 2 } else { 1 });
    assert_eq!(collected.remarks.len(), usize::from(!may));
}

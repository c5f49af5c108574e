//! Host backups through the program: every fault by its code, the pages, members, secrets, differences, and preflight.

mod compared;
mod faults;
mod packed;
mod preflight;
mod shown;

use xenspect_synth::{HostBackup, HostFault};

use crate::run::Folder;

/// A file that only its owner may read, unless a fault is that others may.
fn put(folder: &Folder, name: &str, backup: &HostBackup) {
    let path = folder.put(name, &backup.bytes());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = if backup.readable_by_others {
            0o644
        } else {
            0o600
        };
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    }
    #[cfg(not(unix))]
    let _ = path;
}

/// A good backup of this kind of host.
fn good(name: &str) -> HostBackup {
    HostBackup::named(name).expect(name)
}

/// A backup with a fault.
fn broken(name: &str) -> HostBackup {
    HostFault::named(name).expect(name).build()
}

/// A folder with a backup in `host.xbk`.
fn folder(backup: &HostBackup) -> Folder {
    let folder = Folder::new();
    put(&folder, "host.xbk", backup);
    folder
}

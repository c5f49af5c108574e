//! What a path of a repository is, by its parts.

/// The folders that make a repository.
pub const MARKS: [&str; 4] = [
    "xo-vm-backups",
    "xo-pool-metadata-backups",
    "xo-config-backups",
    "xo-backup-log",
];

/// Where a path is in a repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place<'a> {
    /// Directly in `xo-vm-backups`.
    AboveVms {
        /// Name of the file or folder.
        name: &'a str,
    },
    /// Directly in the folder of a VM.
    OfVm {
        /// Path of that folder.
        folder: &'a str,
        /// Name of the file.
        name: &'a str,
    },
    /// A file somewhere below a VM's `vdis`.
    Disk {
        /// Path of the VM's folder.
        vm: &'a str,
        /// Name of the file.
        name: &'a str,
        /// Whether it is inside of a disk that is a folder.
        inside: bool,
    },
    /// A file of a backup of a pool's metadata.
    Pool {
        /// Path of the backup's folder.
        folder: &'a str,
        /// Name of the file.
        name: &'a str,
    },
    /// A file of a backup of Xen Orchestra's own configuration.
    Config {
        /// Path of the backup's folder.
        folder: &'a str,
        /// Name of the file.
        name: &'a str,
    },
    /// In the log.
    Log,
    /// Anywhere else in one of the folders.
    Elsewhere,
}

/// Where a path is, and the path of its repository; `None` if it is in none of the folders.
#[must_use]
pub fn place(path: &str) -> Option<(&str, Place<'_>)> {
    let mut at = 0_usize;
    let mut mark = None;
    for part in path.split('/') {
        if MARKS.contains(&part) {
            mark = Some(part);
            break;
        }
        at = at.checked_add(part.len())?.checked_add(1)?;
    }
    let mark = mark?;
    let root = path.get(..at)?.trim_end_matches('/');
    let below = path.get(at..)?.strip_prefix(mark)?;
    // The folder itself is not in it.
    let below = below.strip_prefix('/')?;
    let parts: Vec<&str> = below.split('/').collect();
    let (name, parents) = parts.split_last()?;
    let folder = path.get(..path.len().checked_sub(name.len())?.checked_sub(1)?)?;
    let place = match (mark, parents) {
        ("xo-vm-backups", []) => Place::AboveVms { name },
        ("xo-vm-backups", [_]) => Place::OfVm { folder, name },
        ("xo-vm-backups", [vm, "vdis", rest @ ..]) => Place::Disk {
            vm: path.get(
                ..at.checked_add(mark.len())?
                    .checked_add(1)?
                    .checked_add(vm.len())?,
            )?,
            name,
            inside: rest.iter().any(|part| part.ends_with(".vhd")),
        },
        ("xo-pool-metadata-backups", [_, _, _]) => Place::Pool { folder, name },
        ("xo-config-backups", [_, _]) => Place::Config { folder, name },
        ("xo-backup-log", _) => Place::Log,
        _ => Place::Elsewhere,
    };
    Some((root, place))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_told_by_its_parts() {
        for (path, root, expected) in [
            (
                "xo-vm-backups/vm/n.xva",
                "",
                Place::OfVm {
                    folder: "xo-vm-backups/vm",
                    name: "n.xva",
                },
            ),
            (
                "a/b/xo-vm-backups/vm/vdis/job/vdi/n.vhd",
                "a/b",
                Place::Disk {
                    vm: "a/b/xo-vm-backups/vm",
                    name: "n.vhd",
                    inside: false,
                },
            ),
            (
                "xo-vm-backups/vm/vdis/job/vdi/data/u.vhd/blocks/0/1",
                "",
                Place::Disk {
                    vm: "xo-vm-backups/vm",
                    name: "1",
                    inside: true,
                },
            ),
            (
                "xo-vm-backups/vm.lock",
                "",
                Place::AboveVms { name: "vm.lock" },
            ),
            (
                "r/xo-pool-metadata-backups/s/p/t/data",
                "r",
                Place::Pool {
                    folder: "r/xo-pool-metadata-backups/s/p/t",
                    name: "data",
                },
            ),
            (
                "xo-config-backups/s/t/data.json",
                "",
                Place::Config {
                    folder: "xo-config-backups/s/t",
                    name: "data.json",
                },
            ),
            ("xo-backup-log/20261101/x", "", Place::Log),
            ("xo-vm-backups/vm/other/x", "", Place::Elsewhere),
            ("xo-pool-metadata-backups/s/data", "", Place::Elsewhere),
        ] {
            assert_eq!(place(path), Some((root, expected)), "{path}");
        }
        for path in [
            "",
            "xo-vm-backups",
            "a/web.xva",
            "my-xo-vm-backups/vm/n.xva",
        ] {
            assert_eq!(place(path), None, "{path}");
        }
    }
}

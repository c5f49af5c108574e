//! Changes of disks, what they are attached to, and SRs.

use super::editor::{Editor, reference};
use super::{Change, change};
use crate::dump::planted;

pub(super) static CHANGES: &[Change] = &[
    change("disk-grown", "a disk is larger", |pool| {
        let columns = [
            ("virtual_size", "42949672960"),
            ("physical_utilisation", "6442450944"),
        ];
        pool.set("VDI", "web 1", &columns);
    }),
    change("disk-moved-sr", "a disk is in another SR", |pool| {
        let sr = reference("SR", "nfs");
        pool.set("VDI", "build 0", &[("SR", &sr)]);
    }),
    change("disk-renamed", "a disk has another name", |pool| {
        pool.set("VDI", "web 1", &[("name__label", "web archive")]);
    }),
    change("disk-detached", "a disk is no longer attached", |pool| {
        pool.remove(&[("VBD", "web 1")]);
    }),
    change("disk-attached", "a disk is attached that was not", |pool| {
        pool.copy(&[("VBD", "build 0", "build 1")]);
        let disk = reference("VDI", "orphan");
        let columns = [
            ("VDI", &*disk),
            ("userdevice", "1"),
            ("device", "xvdb"),
            ("bootable", "false"),
        ];
        pool.set("VBD", "build 1", &columns);
    }),
    change("disk-swapped", "another disk in the same place", |pool| {
        let disk = reference("VDI", "orphan");
        pool.set("VBD", "build 0", &[("VDI", &disk)]);
    }),
    change("iso-changed", "another ISO in a CD drive", |pool| {
        let iso = reference("VDI", "debian iso");
        pool.set("VBD", "web cd", &[("VDI", &iso)]);
    })
    .with(|pool| {
        pool.copy(&[("VDI", "tools iso", "debian iso")]);
        let library = reference("SR", "cifs");
        let columns = [
            ("SR", &*library),
            ("name__label", "debian.iso"),
            ("location", "debian.iso"),
            ("is_tools_iso", "false"),
        ];
        pool.set("VDI", "debian iso", &columns);
    }),
    change("sr-added", "an SR that both hosts reach", added),
    change(
        "sr-removed",
        "an SR with its PBDs and their passwords",
        |pool| {
            pool.remove(&[
                ("SR", "cifs"),
                ("PBD", "cifs 0"),
                ("PBD", "cifs 1"),
                ("secret", "cifspassword-0"),
                ("secret", "cifspassword-1"),
            ]);
        },
    ),
    change("sr-renamed", "an SR has another name", |pool| {
        pool.set("SR", "nfs", &[("name__label", "Old filer")]);
    }),
    change(
        "pbd-device-config",
        "another target, with another password",
        |pool| {
            let (label, column) = ("iscsi 0", "device_config");
            pool.replace("PBD", label, column, "198.51.100.21", "198.51.100.31");
            let secret = planted(1, "incoming_chappassword-0");
            pool.replace("PBD", label, column, &secret, "PLANTED-SECRET-another");
        },
    ),
];

fn added(pool: &mut Editor) {
    pool.copy(&[
        ("SR", "nfs", "backups"),
        ("PBD", "nfs 0", "backups 0"),
        ("PBD", "nfs 1", "backups 1"),
    ]);
    pool.set("SR", "backups", &[("name__label", "Backups")]);
    for label in ["backups 0", "backups 1"] {
        pool.replace(
            "PBD",
            label,
            "device_config",
            "/export/pool",
            "/export/backups",
        );
    }
}

//! Storage repositories, how hosts reach them, and the disks that belong to no VM.

use super::hosts::Hosts;
use super::{Extent, NULL, Pool};
use crate::dump::value::map;

/// References that the other parts need.
pub(super) struct Storage {
    /// Local storage of the first host.
    pub(super) local: String,
    /// Shared storage; the local one in a small pool.
    pub(super) shared: String,
    /// Shared iSCSI storage; the local one in a small pool.
    pub(super) iscsi: String,
}

pub(super) struct Sr<'a> {
    pub(super) label: &'a str,
    pub(super) name: &'a str,
    pub(super) ty: &'a str,
    pub(super) content: &'a str,
    pub(super) shared: bool,
    pub(super) sm_config: String,
}

impl Sr<'_> {
    pub(super) fn add(&self, pool: &mut Pool) -> String {
        pool.add(
            "SR",
            self.label,
            &[
                ("name__label", self.name.to_owned()),
                ("type", self.ty.to_owned()),
                ("content_type", self.content.to_owned()),
                ("shared", self.shared.to_string()),
                ("physical_size", "1099511627776".into()),
                ("physical_utilisation", "214748364800".into()),
                ("virtual_allocation", "322122547200".into()),
                ("is_tools_sr", (self.label == "tools").to_string()),
                ("sm_config", self.sm_config.clone()),
            ],
        )
    }
}

pub(super) fn pbd(pool: &mut Pool, at: usize, sr: &str, label: &str, config: &[(&str, &str)]) {
    let host = pool.reference("host", &format!("host {at}"));
    let columns = [
        ("host", host),
        ("SR", sr.to_owned()),
        ("device_config", map(config)),
        ("currently_attached", "true".to_owned()),
    ];
    pool.add("PBD", &format!("{label} {at}"), &columns);
}

pub(super) fn add(pool: &mut Pool, hosts: &Hosts, extent: Extent) -> Storage {
    let none = map::<&str, &str>(&[]);
    let mut local = Vec::new();
    for at in 0..hosts.hosts.len() {
        let label = format!("local {at}");
        let sr = Sr {
            label: &label,
            name: "Local storage",
            ty: "ext",
            content: "user",
            shared: false,
            sm_config: map(&[("devserial", "scsi-3600508b1001c")]),
        }
        .add(pool);
        pbd(
            pool,
            at,
            &sr,
            "local",
            &[("device", "/dev/disk/by-id/scsi-3600508b1001c-part3")],
        );
        local.push(sr);
        let label = format!("dvd {at}");
        let sr = Sr {
            label: &label,
            name: "DVD drives",
            ty: "udev",
            content: "iso",
            shared: false,
            sm_config: map(&[("type", "cd")]),
        }
        .add(pool);
        pbd(pool, at, &sr, "dvd", &[("location", "/dev/xapi/cd")]);
    }
    let tools = Sr {
        label: "tools",
        name: "XenServer Tools",
        ty: "iso",
        content: "iso",
        shared: true,
        sm_config: none,
    }
    .add(pool);
    for at in 0..hosts.hosts.len() {
        pbd(
            pool,
            at,
            &tools,
            "tools",
            &[
                ("location", "/opt/xensource/packages/iso"),
                ("legacy_mode", "true"),
            ],
        );
    }
    pool.add(
        "VDI",
        "tools iso",
        &[
            ("name__label", "guest-tools.iso".into()),
            ("SR", tools),
            ("location", "guest-tools.iso".into()),
            ("virtual_size", "15728640".into()),
            ("physical_utilisation", "15728640".into()),
            ("read_only", "true".into()),
            ("managed", "true".into()),
            ("is_tools_iso", "true".into()),
        ],
    );
    let local = local.swap_remove(0);
    drivers(pool);
    if extent == Extent::Small {
        return Storage {
            shared: local.clone(),
            iscsi: local.clone(),
            local,
        };
    }
    let (shared, iscsi) = remote(pool, hosts.hosts.len());
    unowned(pool, &shared, &iscsi);
    Storage {
        local,
        shared,
        iscsi,
    }
}

/// NFS, iSCSI with CHAP and a CIFS share, each reached from every host.
fn remote(pool: &mut Pool, hosts: usize) -> (String, String) {
    let nfs = Sr {
        label: "nfs",
        name: "NFS virtual disk storage",
        ty: "nfs",
        content: "user",
        shared: true,
        sm_config: map::<&str, &str>(&[]),
    }
    .add(pool);
    let iscsi = Sr {
        label: "iscsi",
        name: "iSCSI virtual disk storage",
        ty: "lvmoiscsi",
        content: "user",
        shared: true,
        sm_config: map(&[("allocation", "thick"), ("use_vhd", "true")]),
    }
    .add(pool);
    let cifs = Sr {
        label: "cifs",
        name: "ISO library",
        ty: "iso",
        content: "iso",
        shared: true,
        sm_config: map(&[("iso_type", "cifs")]),
    }
    .add(pool);
    // Start-up moves passwords into rows of `secret` since they exist, except those of drivers it does not know
    // (`formats/pool-db.md` section 10).
    let modern = pool.schema.0 > 61;
    for at in 0..hosts {
        pbd(
            pool,
            at,
            &nfs,
            "nfs",
            &[
                ("server", "198.51.100.20"),
                ("serverpath", "/export/pool"),
                ("nfsversion", "4"),
            ],
        );
        let chap = credential(
            pool,
            modern,
            at,
            "chappassword",
            "PBD.device_config[chappassword]",
        );
        let incoming = pool.plant(
            "PBD.device_config[incoming_chappassword]",
            &format!("incoming_chappassword-{at}"),
        );
        let cifspw = credential(
            pool,
            modern,
            at,
            "cifspassword",
            "PBD.device_config[cifspassword]",
        );
        pbd(
            pool,
            at,
            &iscsi,
            "iscsi",
            &[
                ("target", "198.51.100.21"),
                ("targetIQN", "iqn.2024-01.net.example:target"),
                ("SCSIid", "36001405a1b2c3d4"),
                ("chapuser", "initiator"),
                (&chap.0, &chap.1),
                ("incoming_chapuser", "target"),
                ("incoming_chappassword", &incoming),
            ],
        );
        pbd(
            pool,
            at,
            &cifs,
            "cifs",
            &[
                ("location", "//198.51.100.22/iso"),
                ("type", "cifs"),
                ("username", "reader"),
                (&cifspw.0, &cifspw.1),
            ],
        );
    }
    (nfs, iscsi)
}

/// Key and value of a password in a device configuration: in clear, or the uuid of a row.
fn credential(
    pool: &mut Pool,
    modern: bool,
    at: usize,
    key: &str,
    place: &str,
) -> (String, String) {
    let what = format!("{key}-{at}");
    if modern {
        (format!("{key}_secret"), pool.secret(&what).0)
    } else {
        (key.to_owned(), pool.plant(place, &what))
    }
}

/// A disk nobody has attached, the hidden parent of a VHD chain, a metadata VDI.
fn unowned(pool: &mut Pool, nfs: &str, iscsi: &str) {
    let disk = |name: &str, sr: &str, managed: bool| {
        vec![
            ("name__label", name.to_owned()),
            ("SR", sr.to_owned()),
            ("virtual_size", "10737418240".to_owned()),
            ("physical_utilisation", "2147483648".to_owned()),
            ("managed", managed.to_string()),
        ]
    };
    let columns = disk("left over from a migration", iscsi, true);
    located(pool, "orphan", columns);
    let columns = disk("base copy", nfs, false);
    located(pool, "base copy", columns);
    let mut columns = disk("Pool Metadata Backup", nfs, true);
    columns.push(("other_config", map(&[("ctxs-pool-backup", "true")])));
    let hash = pool.plant("VDI.sm_config[key_hash]", "key-hash");
    columns.push((
        "sm_config",
        map(&[("vdi_type", "raw"), ("key_hash", &hash)]),
    ));
    located(pool, "metadata backup", columns);
}

/// Adds a VDI whose `location` is its uuid, as file-based storage has it.
pub(super) fn located(pool: &mut Pool, label: &str, mut columns: Vec<(&str, String)>) -> String {
    let location = pool.uuid(&format!("uuid VDI {label}"));
    columns.push(("location", location));
    columns.push(("parent", NULL.to_owned()));
    pool.add("VDI", label, &columns)
}

pub(super) fn drivers(pool: &mut Pool) {
    for (ty, name) in [
        ("ext", "Local EXT3 VHD"),
        ("iso", "ISO"),
        ("lvmoiscsi", "LVHD over iSCSI"),
        ("nfs", "NFS VHD"),
        ("udev", "udev"),
    ] {
        pool.add(
            "SM",
            ty,
            &[
                ("name__label", name.to_owned()),
                ("type", ty.to_owned()),
                ("vendor", "Citrix Systems Inc".into()),
                ("required_api_version", "1.1".into()),
                (
                    "configuration",
                    map(&[("password", "not a secret: what the key means")]),
                ),
            ],
        );
    }
}

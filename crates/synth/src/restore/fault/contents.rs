//! Faults of hosts, VMs and storage: checks 34 to 46.

use super::RestoreFault as Fault;
use super::edit::{NOWHERE, UNKNOWN, first, insert, local_sr, named, reference, row, set_key, vm};
use super::file::add;
use crate::dump::value::{map, set};
use crate::dump::{FEATURES, Row};
use crate::restore::Scene;

pub(super) static FAULTS: &[Fault] = &[
    Fault::new(34, "member-more", "the pool has one more member", |scene| {
        let control_domain = add(
            scene,
            "VM",
            "xcp-4",
            &[
                ("name__label", "Control domain on host: xcp-4".to_owned()),
                ("is_control_domain", "true".to_owned()),
                ("power_state", "Running".to_owned()),
                ("domid", "0".to_owned()),
            ],
        )?;
        let host = add(
            scene,
            "host",
            "xcp-4",
            &[
                ("name__label", "xcp-4".to_owned()),
                ("hostname", "xcp-4".to_owned()),
                ("address", "192.0.2.14".to_owned()),
                ("control_domain", control_domain.clone()),
            ],
        )?;
        let is_it = |row: &Row| row.reference == control_domain;
        scene.pool.row_mut("VM", is_it)?.set("resident_on", host);
        Some(())
    }),
    Fault::new(
        35,
        "vm-running",
        "the VM web runs on the coordinator",
        |scene| resident(scene, "web", "Running", "xcp-1"),
    ),
    Fault::new(
        35,
        "vm-running-elsewhere",
        "the VM web runs on the member xcp-2",
        |scene| resident(scene, "web", "Running", "xcp-2"),
    ),
    Fault::new(
        35,
        "vm-paused-elsewhere",
        "the VM queue is paused on the member xcp-3",
        |scene| resident(scene, "queue", "Paused", "xcp-3"),
    ),
    Fault::new(
        36,
        "memory-on-member",
        "the memory of the VM mail is on the local SR of xcp-3",
        |scene| {
            let sr = local_sr(&scene.pool, "xcp-3")?;
            let image = row(&scene.pool, "VM", "mail")?
                .get("suspend_VDI")?
                .to_owned();
            scene
                .pool
                .row_mut("VDI", |row| row.reference == image)?
                .set("SR", sr);
            Some(())
        },
    ),
    Fault::new(
        36,
        "memory-nowhere",
        "the VM mail is suspended without its memory",
        |scene| {
            let image = row(&scene.pool, "VM", "mail")?
                .get("suspend_VDI")?
                .to_owned();
            scene
                .pool
                .table_mut("VDI")?
                .rows
                .retain(|row| row.reference != image);
            vm(&mut scene.pool, "mail", |row| {
                row.set("suspend_VDI", "OpaqueRef:NULL");
            })
        },
    ),
    Fault::new(
        37,
        "local-disk-gone",
        "the disk of the coordinator's local SR is not in the host",
        |scene| {
            for name in &mut scene.host.disks {
                *name = name.replace("scsi-3600508b1001c001", "scsi-36006016012345678");
            }
            let is_it = |row: &Row| {
                row.get("device_config")
                    .is_some_and(|text| text.contains("scsi-3600508b1001c001"))
            };
            let pbd = scene.host.dump.row_mut("PBD", is_it)?;
            pbd.set(
                "device_config",
                map(&[("device", "/dev/disk/by-id/scsi-36006016012345678-part3")]),
            );
            Some(())
        },
    ),
    Fault::new(
        38,
        "local-sr-more",
        "the host has a second local SR",
        |scene| {
            let schema = scene.recipe.schema;
            let host = scene.host.dump.rows("host").first()?.reference.clone();
            let columns = [
                ("name__label", "Local storage 2".to_owned()),
                ("type", "ext".to_owned()),
                ("content_type", "user".to_owned()),
                ("shared", "false".to_owned()),
            ];
            let sr = insert(&mut scene.host.dump, schema, "SR", "local 2", &columns)?;
            let device = map(&[("device", "/dev/disk/by-id/scsi-3600508b1001c009")]);
            let columns = [("host", host), ("SR", sr), ("device_config", device)];
            insert(&mut scene.host.dump, schema, "PBD", "local 2", &columns)?;
            scene.host.disks.push("scsi-3600508b1001c009".to_owned());
            Some(())
        },
    ),
    Fault::new(
        39,
        "password-of-sr-missing",
        "chappassword_secret of a PBD of the coordinator names no secret",
        |scene| {
            let host = reference(&scene.pool, "host", "xcp-1")?;
            let is_it = |row: &Row| {
                row.get("host") == Some(&host)
                    && row
                        .get("device_config")
                        .is_some_and(|text| text.contains("chappassword_secret"))
            };
            set_key(
                scene.pool.row_mut("PBD", is_it)?,
                "device_config",
                "chappassword_secret",
                UNKNOWN,
            )
        },
    ),
    Fault::new(
        40,
        "default-sr-missing",
        "pool.default_SR names no row",
        |scene| {
            first(&mut scene.pool, "pool", |row| {
                row.set("default_SR", NOWHERE);
            })
        },
    ),
    Fault::new(
        42,
        "pci-passed-through",
        "the VM gateway has a PCI device of the coordinator",
        |scene| {
            let device = scene
                .pool
                .row_mut("PCI", |row| row.get("pci_id") == Some("0000:5e:00.0"))?;
            let pci = device.reference.clone();
            let own = reference(&scene.pool, "VM", "gateway")?;
            let device = scene.pool.row_mut("PCI", |row| row.reference == pci)?;
            device.set("attached_VMs", set([own]));
            vm(&mut scene.pool, "gateway", |row| {
                row.set("attached_PCIs", set([pci]));
                row.set("other_config", map(&[("pci", "0/0000:5e:00.0")]));
            })
        },
    ),
    Fault::new(
        42,
        "usb-passed-through",
        "the VM gateway has a USB device",
        |scene| {
            let group = add(
                scene,
                "USB_group",
                "key",
                &[("name__label", "a key".to_owned())],
            )?;
            let own = reference(&scene.pool, "VM", "gateway")?;
            let usb = add(
                scene,
                "VUSB",
                "key",
                &[("VM", own), ("USB_group", group.clone())],
            )?;
            vm(&mut scene.pool, "gateway", |row| {
                row.set("VUSBs", set([&usb]));
            })?;
            let group = scene
                .pool
                .row_mut("USB_group", |row| row.reference == group)?;
            group.set("VUSBs", set([usb]));
            Some(())
        },
    ),
    Fault::new(
        43,
        "vbd-without-vdi",
        "the disk of the VM web is in no SR",
        |scene| {
            let vdi = disk_of(scene, "web disk")?;
            scene
                .pool
                .table_mut("VDI")?
                .rows
                .retain(|row| row.reference != vdi);
            let is_it = |row: &Row| row.get("VDI") == Some(&vdi);
            scene
                .pool
                .row_mut("VBD", is_it)?
                .set("VDI", "OpaqueRef:NULL");
            Some(())
        },
    ),
    Fault::new(
        43,
        "vdi-missing",
        "the last scan did not find the disk of the VM web",
        |scene| {
            named(&mut scene.pool, "VDI", "web disk", |row| {
                row.set("missing", "true");
            })
        },
    ),
    Fault::new(
        43,
        "vdi-unmanaged",
        "the disk of the VM web is not managed",
        |scene| {
            named(&mut scene.pool, "VDI", "web disk", |row| {
                row.set("managed", "false");
            })
        },
    ),
    Fault::new(
        44,
        "vtpm-contents-missing",
        "VTPM.contents names no secret",
        |scene| first(&mut scene.pool, "VTPM", |row| row.set("contents", NOWHERE)),
    )
    .at(783),
    Fault::new(
        45,
        "disk-full",
        "4 KiB are free below /var/lib/xcp",
        |scene| {
            scene.host.free = 4;
            Some(())
        },
    ),
    Fault::new(
        46,
        "cpu-feature-missing",
        "the CPU of the host lacks a feature that the pool has",
        |scene| {
            let fewer = FEATURES.replace("000007ab", "00000729");
            cpu(scene, "features_hvm", &fewer)
        },
    ),
    Fault::new(
        46,
        "cpu-vendor-differs",
        "the CPU of the host is of another vendor",
        |scene| cpu(scene, "vendor", "AuthenticAMD"),
    ),
];

/// A VM is in this state on this host.
fn resident(scene: &mut Scene, name: &str, state: &str, host: &str) -> Option<()> {
    let host = reference(&scene.pool, "host", host)?;
    let own = reference(&scene.pool, "VM", name)?;
    for table in ["VBD", "VIF"] {
        let rows = scene.pool.table_mut(table)?.rows.iter_mut();
        rows.filter(|row| row.get("VM") == Some(&own))
            .for_each(|row| row.set("currently_attached", "true"));
    }
    vm(&mut scene.pool, name, |row| {
        row.set("power_state", state);
        row.set("resident_on", host);
        row.set("domid", "11");
    })
}

fn disk_of(scene: &Scene, name: &str) -> Option<String> {
    reference(&scene.pool, "VDI", name)
}

/// A key of `cpu_info` of the host and its pool.
fn cpu(scene: &mut Scene, key: &str, value: &str) -> Option<()> {
    for table in ["host", "pool"] {
        let row = scene.host.dump.row_mut(table, |_| true)?;
        set_key(row, "cpu_info", key, value)?;
    }
    Some(())
}

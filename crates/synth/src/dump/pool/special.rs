//! Snapshots, and VMs with devices that few have.

use super::hosts::Hosts;
use super::machines::{Disk, add_machine, disk, machine, nic};
use super::storage::Storage;
use super::{NULL, Pool};
use crate::dump::value::{map, set};

/// Two snapshots of `web`, the second made after the first; the VM goes on from the second.
pub(super) fn snapshots(pool: &mut Pool, hosts: &Hosts, storage: &Storage) {
    let web = pool.reference("VM", "web");
    for number in 1..=2 {
        let label = format!("web snapshot {number}");
        let parent = if number == 2 {
            pool.reference("VM", "web snapshot 1")
        } else {
            NULL.to_owned()
        };
        let time = format!("2024050{number}T03:00:00Z");
        let hidden = pool.plant(
            "VM.snapshot_metadata",
            &format!("snapshot-metadata-{number}"),
        );
        let inner = map(&[("vm-data/password", &hidden)]);
        let mut columns = machine(&format!("before update {number}"), "Halted", 2);
        columns.extend([
            ("is_a_snapshot", "true".into()),
            ("is_a_template", "true".into()),
            ("snapshot_of", web.clone()),
            ("snapshot_time", time.clone()),
            ("parent", parent),
            (
                "snapshot_info",
                map(&[
                    ("power-state-at-snapshot", "Running"),
                    ("disk-snapshot-type", "crash_consistent"),
                ]),
            ),
            (
                "snapshot_metadata",
                map(&[
                    ("uuid", pool.uuid("uuid VM web").as_str()),
                    ("power_state", "Running"),
                    ("xenstore_data", &inner),
                    ("VBDs", "()"),
                ]),
            ),
        ]);
        let vm = add_machine(pool, &label, columns);
        for at in 0..2 {
            let source = pool.reference("VDI", &format!("web {at}"));
            let extra = vec![
                ("is_a_snapshot", "true".to_owned()),
                ("snapshot_of", source),
                ("snapshot_time", time.clone()),
                ("read_only", "false".to_owned()),
            ];
            let name = ["web root", "web data"][at];
            disk(
                pool,
                Disk {
                    vm: &vm,
                    label: format!("{label} {at}"),
                    name,
                    sr: &storage.shared,
                    at,
                    attached: false,
                    extra,
                },
            );
        }
        nic(pool, &vm, &label, 0, &hosts.main, false);
    }
}

/// UEFI with secure boot and a VTPM, a GPU, a PCI device passed through.
pub(super) fn devices(pool: &mut Pool, hosts: &Hosts, storage: &Storage) {
    let variables = pool.plant("VM.NVRAM[EFI-variables]", "efi-variables");
    let mut columns = machine("windows", "Halted", 8);
    columns.extend([
        (
            "HVM__boot_params",
            map(&[("firmware", "uefi"), ("order", "cdn")]),
        ),
        (
            "platform",
            map(&[
                ("secureboot", "true"),
                ("device-model", "qemu-upstream-uefi"),
                ("viridian", "true"),
                ("vtpm", "true"),
            ]),
        ),
        ("NVRAM", map(&[("EFI-variables", &variables)])),
        ("domain_type", "hvm".into()),
    ]);
    let vm = add_machine(pool, "windows", columns);
    disk(
        pool,
        Disk {
            vm: &vm,
            label: "windows 0".into(),
            name: "C:",
            sr: &storage.shared,
            at: 0,
            attached: false,
            extra: Vec::new(),
        },
    );
    nic(pool, &vm, "windows", 0, &hosts.main, false);
    let (_, contents) = pool.base64_secret("vtpm");
    pool.add("VTPM", "windows", &[("VM", vm), ("contents", contents)]);

    let vm = add_machine(pool, "gpu", machine("gpu", "Halted", 16));
    pool.add(
        "VGPU",
        "gpu",
        &[
            ("VM", vm.clone()),
            ("GPU_group", hosts.gpu_group.clone()),
            ("type", hosts.gpu_type.clone()),
            ("device", "0".into()),
        ],
    );
    disk(
        pool,
        Disk {
            vm: &vm,
            label: "gpu 0".into(),
            name: "gpu",
            sr: &storage.local,
            at: 0,
            attached: false,
            extra: Vec::new(),
        },
    );

    let device = pool.reference("PCI", "nvme 0");
    let mut columns = machine("pass-through", "Running", 16);
    columns.extend([
        ("resident_on", hosts.hosts[0].clone()),
        ("attached_PCIs", set([device])),
        ("other_config", map(&[("pci", "0/0000:5e:00.0")])),
    ]);
    let vm = add_machine(pool, "pass-through", columns);
    disk(
        pool,
        Disk {
            vm: &vm,
            label: "pass-through 0".into(),
            name: "pass-through",
            sr: &storage.local,
            at: 0,
            attached: true,
            extra: Vec::new(),
        },
    );
}

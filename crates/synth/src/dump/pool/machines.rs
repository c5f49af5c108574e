//! VMs, templates and control domains with their disks, interfaces, metrics and consoles. Snapshots and VMs with
//! special devices are in `special`.

use super::hosts::Hosts;
use super::storage::{Storage, located};
use super::{Extent, NULL, Pool, special};
use crate::content::mac;
use crate::dump::value::{map, set};

const GIB: i64 = 1 << 30;

pub(super) type Columns<'a> = Vec<(&'a str, String)>;

/// What all VM rows have in common; `memory` in GiB.
pub(super) fn machine(name: &str, state: &str, memory: i64) -> Columns<'static> {
    let bytes = (memory * GIB).to_string();
    vec![
        ("name__label", name.to_owned()),
        ("power_state", state.to_owned()),
        ("user_version", "1".into()),
        ("memory__static_max", bytes.clone()),
        ("memory__dynamic_max", bytes.clone()),
        ("memory__dynamic_min", bytes.clone()),
        ("memory__static_min", (memory * GIB / 2).to_string()),
        ("memory__target", bytes),
        ("VCPUs__max", "2".into()),
        ("VCPUs__at_startup", "2".into()),
        ("HVM__boot_policy", "BIOS order".into()),
        ("HVM__boot_params", map(&[("order", "cdn"), ("firmware", "bios")])),
        ("platform", map(&[("timeoffset", "0"), ("nx", "true"), ("acpi", "1"), ("apic", "true"), ("pae", "true"), ("viridian", "true")])),
        ("affinity", NULL.into()),
        ("domid", if state == "Running" { "7" } else { "-1" }.into()),
        ("guest_metrics", NULL.into()),
        ("recommendations", "<restrictions><restriction field=\"memory-static-max\" max=\"137438953472\" /></restrictions>".into()),
    ]
}

/// Adds a VM with its metrics and, while it runs, its console.
pub(super) fn add_machine(pool: &mut Pool, label: &str, mut columns: Columns<'_>) -> String {
    let running = columns
        .iter()
        .any(|(column, text)| *column == "power_state" && text == "Running");
    let metrics = pool.add(
        "VM_metrics",
        label,
        &[
            ("memory__actual", (2 * GIB).to_string()),
            ("VCPUs__number", "2".into()),
            ("hvm", "true".into()),
            ("start_time", "20240601T08:00:00Z".into()),
            ("install_time", "20240101T08:00:00Z".into()),
        ],
    );
    columns.push(("metrics", metrics));
    let vm = pool.add("VM", label, &columns);
    if running {
        let location = format!(
            "https://192.0.2.11/console?uuid={}",
            pool.uuid(&format!("uuid console {label}"))
        );
        pool.add(
            "console",
            label,
            &[
                ("VM", vm.clone()),
                ("protocol", "rfb".into()),
                ("location", location),
            ],
        );
    }
    vm
}

pub(super) struct Disk<'a> {
    pub(super) vm: &'a str,
    pub(super) label: String,
    pub(super) name: &'a str,
    pub(super) sr: &'a str,
    pub(super) at: usize,
    pub(super) attached: bool,
    pub(super) extra: Columns<'a>,
}

pub(super) fn disk(pool: &mut Pool, disk: Disk<'_>) -> String {
    let mut columns = vec![
        ("name__label", disk.name.to_owned()),
        ("SR", disk.sr.to_owned()),
        ("virtual_size", (20 * GIB).to_string()),
        ("physical_utilisation", (5 * GIB).to_string()),
        (
            "type",
            if disk.at == 0 { "system" } else { "user" }.to_owned(),
        ),
        ("managed", "true".to_owned()),
        (
            "sm_config",
            map(&[("vhd-parent", pool.uuid("uuid VDI base copy").as_str())]),
        ),
    ];
    columns.extend(disk.extra);
    let vdi = located(pool, &disk.label, columns);
    let letter = ["xvda", "xvdb", "xvdc"][disk.at % 3];
    pool.add(
        "VBD",
        &disk.label,
        &[
            ("VM", disk.vm.to_owned()),
            ("VDI", vdi.clone()),
            ("userdevice", disk.at.to_string()),
            ("device", letter.to_owned()),
            ("bootable", (disk.at == 0).to_string()),
            ("unpluggable", "true".into()),
            ("currently_attached", disk.attached.to_string()),
            ("other_config", map(&[("owner", "")])),
        ],
    );
    vdi
}

fn cd(pool: &mut Pool, vm: &str, label: &str, iso: bool) {
    let vdi = if iso {
        pool.reference("VDI", "tools iso")
    } else {
        NULL.to_owned()
    };
    pool.add(
        "VBD",
        &format!("{label} cd"),
        &[
            ("VM", vm.to_owned()),
            ("VDI", vdi),
            ("userdevice", "3".into()),
            ("type", "CD".into()),
            ("mode", "RO".into()),
            ("empty", (!iso).to_string()),
        ],
    );
}

pub(super) fn nic(
    pool: &mut Pool,
    vm: &str,
    label: &str,
    at: usize,
    network: &str,
    attached: bool,
) {
    let address = mac(pool.seed, &format!("VIF {label} {at}"));
    pool.add(
        "VIF",
        &format!("{label} {at}"),
        &[
            ("VM", vm.to_owned()),
            ("network", network.to_owned()),
            ("device", at.to_string()),
            ("MAC", address),
            ("MAC_autogenerated", "true".into()),
            ("MTU", "1500".into()),
            ("currently_attached", attached.to_string()),
        ],
    );
}

pub(super) fn add(pool: &mut Pool, hosts: &Hosts, storage: &Storage, extent: Extent) {
    for (at, host) in hosts.hosts.iter().enumerate() {
        let mut columns = machine(
            &format!("Control domain on host: host-{}", at + 1),
            "Running",
            4,
        );
        columns.extend([
            ("is_control_domain", "true".into()),
            ("resident_on", host.clone()),
            ("domid", "0".into()),
        ]);
        add_machine(pool, &format!("control domain {at}"), columns);
    }
    web(pool, hosts, storage);
    templates(pool, extent);
    if extent == Extent::Full {
        special::snapshots(pool, hosts, storage);
        plain(pool, hosts, storage);
        special::devices(pool, hosts, storage);
    }
}

/// A running VM with two disks, two interfaces, guest metrics and passwords where people put them.
fn web(pool: &mut Pool, hosts: &Hosts, storage: &Storage) {
    let guest = pool.add(
        "VM_guest_metrics",
        "web",
        &[
            (
                "os_version",
                map(&[
                    ("name", "Debian GNU/Linux 12 (bookworm)"),
                    ("uname", "6.1.0-18-amd64"),
                    ("distro", "debian"),
                    ("major", "12"),
                    ("minor", "5"),
                ]),
            ),
            (
                "PV_drivers_version",
                map(&[
                    ("major", "7"),
                    ("minor", "30"),
                    ("micro", "0"),
                    ("build", "12"),
                ]),
            ),
            ("PV_drivers_up_to_date", "true".into()),
            ("PV_drivers_detected", "true".into()),
            (
                "networks",
                map(&[
                    ("0/ip", "192.0.2.80"),
                    ("0/ipv4/0", "192.0.2.80"),
                    ("0/ipv6/0", "2001:db8::80"),
                ]),
            ),
            (
                "other",
                map(&[("feature-balloon", "1"), ("feature-suspend", "1")]),
            ),
            ("live", "true".into()),
            ("last_updated", "20240601T09:00:00Z".into()),
        ],
    );
    let xenstore = pool.plant("VM.xenstore_data[vm-data/password]", "xenstore");
    let arguments = pool.plant("VM.PV__args", "pv-args");
    let other = pool.plant("VM.other_config[auto_password]", "vm-other-config");
    let booted = pool.plant("VM.last_booted_record", "last-booted-record");
    let last = pool.reference("VM", "web snapshot 2");
    let appliance = pool.reference("VM_appliance", "shop");
    let mut columns = machine("web", "Running", 2);
    columns.extend([
        ("name__description", "Front end, é and \"quotes\"".into()),
        ("resident_on", hosts.hosts[0].clone()),
        ("affinity", hosts.hosts[0].clone()),
        ("guest_metrics", guest),
        (
            "PV__args",
            format!("console=hvc0 root_password={arguments}"),
        ),
        (
            "xenstore_data",
            map(&[
                ("vm-data/password", xenstore.as_str()),
                ("vm-data/role", "front"),
            ]),
        ),
        (
            "other_config",
            map(&[
                ("base_template_name", "Debian Bookworm 12"),
                ("auto_password", &other),
            ]),
        ),
        (
            "last_booted_record",
            format!("('struct' ('name_label' 'web') ('PV_args' 'password={booted}'))"),
        ),
    ]);
    if hosts.hosts.len() > 1 {
        columns.extend([
            ("parent", last),
            ("appliance", appliance),
            ("tags", set(["production", "front end"])),
        ]);
        pool.add("VM_appliance", "shop", &[("name__label", "shop".into())]);
    }
    let vm = add_machine(pool, "web", columns);
    for at in 0..2 {
        let name = ["web root", "web data"][at];
        disk(
            pool,
            Disk {
                vm: &vm,
                label: format!("web {at}"),
                name,
                sr: &storage.shared,
                at,
                attached: true,
                extra: Vec::new(),
            },
        );
        nic(pool, &vm, "web", at, [&hosts.main, &hosts.vlan][at], true);
    }
    cd(pool, &vm, "web", true);
}

/// A running VM on the other host, halted ones, a suspended one.
fn plain(pool: &mut Pool, hosts: &Hosts, storage: &Storage) {
    let mut columns = machine("database", "Running", 8);
    columns.push(("resident_on", hosts.hosts[1].clone()));
    let vm = add_machine(pool, "database", columns);
    disk(
        pool,
        Disk {
            vm: &vm,
            label: "database 0".into(),
            name: "database",
            sr: &storage.iscsi,
            at: 0,
            attached: true,
            extra: Vec::new(),
        },
    );
    nic(pool, &vm, "database", 0, &hosts.vlan, true);

    let word = pool.word_secret("VM.other_config[backup_password]", "backup");
    let mut columns = machine("build", "Halted", 4);
    columns.push(("other_config", map(&[("backup_password", &word)])));
    let vm = add_machine(pool, "build", columns);
    disk(
        pool,
        Disk {
            vm: &vm,
            label: "build 0".into(),
            name: "build",
            sr: &storage.local,
            at: 0,
            attached: false,
            extra: Vec::new(),
        },
    );
    cd(pool, &vm, "build", false);
    nic(pool, &vm, "build", 0, &hosts.main, false);

    let image = located(
        pool,
        "suspend image",
        vec![
            ("name__label", "Suspend image".into()),
            ("SR", storage.shared.clone()),
            ("type", "suspend".into()),
            ("virtual_size", (3 * GIB).to_string()),
            ("physical_utilisation", (2 * GIB).to_string()),
            ("managed", "true".into()),
        ],
    );
    let mut columns = machine("mail", "Suspended", 2);
    columns.extend([
        ("suspend_VDI", image),
        ("suspend_SR", storage.shared.clone()),
    ]);
    let vm = add_machine(pool, "mail", columns);
    disk(
        pool,
        Disk {
            vm: &vm,
            label: "mail 0".into(),
            name: "mail",
            sr: &storage.shared,
            at: 0,
            attached: true,
            extra: Vec::new(),
        },
    );
    nic(pool, &vm, "mail", 0, &hosts.main, true);
}

pub(super) fn templates(pool: &mut Pool, extent: Extent) {
    let names: &[(&str, bool)] = match extent {
        Extent::Small => &[("Other install media", true)],
        Extent::FreshHost => &[
            ("Other install media", true),
            ("Debian Bookworm 12", true),
            ("Windows Server 2022 (64-bit)", true),
        ],
        _ => &[
            ("Other install media", true),
            ("Debian Bookworm 12", true),
            ("Windows Server 2022 (64-bit)", true),
            ("our base image", false),
        ],
    };
    for (name, default) in names {
        let mut columns = machine(name, "Halted", 1);
        columns.extend([
            ("is_a_template", "true".into()),
            ("is_default_template", default.to_string()),
            ("other_config", if *default { map(&[("default_template", "true"), ("disks", "<provision><disk device=\"0\" size=\"21474836480\" sr=\"\" bootable=\"true\" type=\"system\"/></provision>")]) } else { map(&[("install-methods", "cdrom")]) }),
        ]);
        add_machine(pool, &format!("template {name}"), columns);
    }
}

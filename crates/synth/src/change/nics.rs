//! Changes of NICs, of VMs and of hosts, and of networks.

use super::editor::{Editor, reference};
use super::{Change, change};

const NULL: &str = "OpaqueRef:NULL";

pub(super) static CHANGES: &[Change] = &[
    change("nic-added", "a VM has one more NIC", |pool| {
        pool.copy(&[("VIF", "web 1", "web 2")]);
        pool.set(
            "VIF",
            "web 2",
            &[("device", "2"), ("MAC", "02:00:5e:00:53:02")],
        );
    }),
    change("nic-removed", "a VM has one NIC less", |pool| {
        pool.remove(&[("VIF", "web 1")]);
    }),
    change("nic-rewired", "a NIC is on another network", |pool| {
        let network = reference("network", "vlan");
        pool.set("VIF", "web 0", &[("network", &network)]);
    }),
    change("nic-mac", "a NIC has another address", |pool| {
        pool.set("VIF", "build 0", &[("MAC", "02:00:5e:00:53:07")]);
    }),
    change(
        "nic-unplugged",
        "a NIC is unplugged while its VM runs",
        |pool| pool.set("VIF", "web 0", &[("currently_attached", "false")]),
    ),
    change("link-lost", "a NIC of a host has lost its link", |pool| {
        pool.set("PIF_metrics", "eth2 0", &[("carrier", "false")]);
    }),
    change(
        "guest-restarted-elsewhere",
        "a guest was restarted, and has another address",
        |pool| {
            pool.copy(&[("VM_guest_metrics", "web", "web again")]);
            pool.remove(&[("VM_guest_metrics", "web")]);
            let again = "web again";
            pool.replace(
                "VM_guest_metrics",
                again,
                "networks",
                "'192.0.2.80'",
                "'192.0.2.81'",
            );
            let metrics = reference("VM_guest_metrics", again);
            pool.set("VM", "web", &[("guest_metrics", &metrics), ("domid", "9")]);
        },
    ),
    change(
        "pif-ip-changed",
        "a host's NIC has another IP address",
        |pool| {
            pool.set("PIF", "eth2 1", &[("IP", "10.0.0.112")]);
        },
    ),
    change(
        "pif-management-moved",
        "a host is managed over another NIC",
        |pool| {
            pool.set("PIF", "bond0 1", &[("management", "false")]);
            pool.set("PIF", "eth2 1", &[("management", "true")]);
            pool.set("host", "host 1", &[("address", "10.0.0.12")]);
        },
    ),
    change("bond-added", "two NICs of a host bonded", bonded).with(spare),
    change("vlan-added", "a VLAN on the bond of a host", |pool| {
        pool.copy(&[
            ("network", "vlan", "vlan 200"),
            ("PIF", "vlan 0", "vlan 200"),
            ("VLAN", "vlan 0", "vlan 200"),
        ]);
        let columns = [("name__label", "Backup, VLAN 200"), ("bridge", "xapi5")];
        pool.set("network", "vlan 200", &columns);
        pool.set("PIF", "vlan 200", &[("VLAN", "200")]);
        pool.set("VLAN", "vlan 200", &[("tag", "200")]);
    }),
    change("network-added", "a network without a NIC", |pool| {
        let columns = [
            ("name__label", "Laboratory"),
            ("bridge", "xapi6"),
            ("MTU", "1500"),
        ];
        pool.add("network", "laboratory", &columns);
    }),
    change("network-renamed", "a network has another name", |pool| {
        pool.set("network", "vlan", &[("name__label", "Servers")]);
    }),
    change("network-mtu", "frames of a network are shorter", |pool| {
        pool.set("network", "storage", &[("MTU", "1500")]);
    }),
];

/// Two NICs of the first host that nothing uses.
fn spare(pool: &mut Editor) {
    for (label, device, mac) in [
        ("eth3 0", "eth3", "02:00:5e:00:53:13"),
        ("eth4 0", "eth4", "02:00:5e:00:53:14"),
    ] {
        pool.copy(&[
            ("PIF", "eth2 0", label),
            ("PIF_metrics", "eth2 0", label),
            ("network", "eth1", label),
        ]);
        let network = reference("network", label);
        let columns = [
            ("device", device),
            ("MAC", mac),
            ("MTU", "1500"),
            ("network", &*network),
            ("ip_configuration_mode", "None"),
            ("IP", ""),
            ("netmask", ""),
        ];
        pool.set("PIF", label, &columns);
        let name = format!("Pool-wide network associated with {device}");
        pool.set(
            "network",
            label,
            &[("name__label", &name), ("bridge", device)],
        );
    }
}

fn bonded(pool: &mut Editor) {
    pool.copy(&[
        ("network", "main", "bond1"),
        ("PIF", "bond0 0", "bond1 0"),
        ("Bond", "bond 0", "bond1 0"),
    ]);
    let columns = [("name__label", "Bond 3+4"), ("bridge", "xapi7")];
    pool.set("network", "bond1", &columns);
    let columns = [
        ("device", "bond1"),
        ("management", "false"),
        ("MAC", "02:00:5e:00:53:13"),
        ("ip_configuration_mode", "None"),
        ("IP", ""),
        ("netmask", ""),
        ("gateway", ""),
        ("DNS", ""),
        ("bond_slave_of", NULL),
    ];
    pool.set("PIF", "bond1 0", &columns);
    let primary = reference("PIF", "eth3 0");
    pool.set("Bond", "bond1 0", &[("primary_slave", &primary)]);
    let bond = reference("Bond", "bond1 0");
    for label in ["eth3 0", "eth4 0"] {
        pool.set("PIF", label, &[("bond_slave_of", &bond)]);
    }
}

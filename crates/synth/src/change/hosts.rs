//! Changes of hosts.

use super::editor::{Editor, reference};
use super::{Change, change};

pub(super) static CHANGES: &[Change] = &[
    change("host-added", "a third host joins", added),
    Change::backwards("host-removed", "a third host leaves", added),
    change("host-renamed", "a host has another name", |pool| {
        pool.set("host", "host 1", &[("name__label", "rack2-lower")]);
    }),
    change("host-updated", "a host has a newer build", |pool| {
        let column = "software_version";
        pool.replace(
            "host",
            "host 0",
            column,
            "release/yangtze/master/58",
            "release/yangtze/master/65",
        );
        pool.replace("host", "host 0", column, "2024-03-04", "2024-09-10");
    }),
    change(
        "certificate-renewed",
        "a host has a new certificate",
        |pool| {
            pool.copy(&[("Certificate", "host 0", "host 0 renewed")]);
            pool.remove(&[("Certificate", "host 0")]);
            let columns = [
                ("not_before", "20240601T00:00:00Z"),
                ("not_after", "20340530T00:00:00Z"),
                (
                    "fingerprint",
                    "00:35:94:5B:40:2B:AB:43:21:A1:7C:E9:6C:C7:0C:C9:35:0D:57:6E:75:8D:3B:90:C0:4B:BC:B2:9A:0B:34:18",
                ),
            ];
            pool.set("Certificate", "host 0 renewed", &columns);
        },
    ),
    change(
        "patch-applied",
        "an update is applied to both hosts",
        |pool| {
            let columns = [("name__label", "XS82ECU1064"), ("version", "1.0")];
            pool.add("pool_update", "update", &columns);
            let update = reference("pool_update", "update");
            for (label, at) in [("host 0", "0"), ("host 1", "1")] {
                pool.join("host", label, "updates", &update);
                let host = reference("host", &format!("host {at}"));
                pool.join("pool_update", "update", "hosts", &host);
            }
        },
    ),
];

/// Rows of the second host, to be copied for a third: class and label with `{}` for its number.
const ROWS: [(&str, &str); 35] = [
    ("host", "host {}"),
    ("host_metrics", "host {}"),
    ("host_cpu", "{} 0"),
    ("host_cpu", "{} 1"),
    ("host_cpu", "{} 2"),
    ("host_cpu", "{} 3"),
    ("Certificate", "host {}"),
    ("PCI", "gpu {}"),
    ("PCI", "nvme {}"),
    ("PGPU", "gpu {}"),
    ("PIF", "eth0 {}"),
    ("PIF", "eth1 {}"),
    ("PIF", "eth2 {}"),
    ("PIF", "bond0 {}"),
    ("PIF", "vlan {}"),
    ("PIF_metrics", "eth0 {}"),
    ("PIF_metrics", "eth1 {}"),
    ("PIF_metrics", "eth2 {}"),
    ("Bond", "bond {}"),
    ("VLAN", "vlan {}"),
    ("SR", "local {}"),
    ("SR", "dvd {}"),
    ("PBD", "local {}"),
    ("PBD", "dvd {}"),
    ("PBD", "tools {}"),
    ("PBD", "nfs {}"),
    ("PBD", "iscsi {}"),
    ("PBD", "cifs {}"),
    ("VM", "control domain {}"),
    ("VM_metrics", "control domain {}"),
    ("console", "control domain {}"),
    ("secret", "bmc-{}"),
    ("secret", "chappassword-{}"),
    ("secret", "cifspassword-{}"),
    ("Cluster_host", "{}"),
];

/// Adds a third host like the second one.
pub(super) fn added(pool: &mut Editor) {
    let labels: Vec<(&str, String, String)> = ROWS
        .iter()
        .map(|(class, label)| (*class, label.replace("{}", "1"), label.replace("{}", "2")))
        .collect();
    let rows: Vec<(&str, &str, &str)> = labels
        .iter()
        .map(|(class, from, to)| (*class, &**from, &**to))
        .collect();
    pool.copy(&rows);
    let columns = [
        ("name__label", "host-3"),
        ("hostname", "host-3"),
        ("address", "192.0.2.13"),
    ];
    pool.set("host", "host 2", &columns);
    pool.set("PIF", "bond0 2", &[("IP", "192.0.2.13")]);
    pool.set("PIF", "eth2 2", &[("IP", "10.0.0.13")]);
    for (label, mac) in [
        ("eth0 2", "02:00:5e:00:53:20"),
        ("eth1 2", "02:00:5e:00:53:21"),
        ("eth2 2", "02:00:5e:00:53:22"),
        ("bond0 2", "02:00:5e:00:53:20"),
        ("vlan 2", "02:00:5e:00:53:20"),
    ] {
        pool.set("PIF", label, &[("MAC", mac)]);
    }
    let name = [("name__label", "Control domain on host: host-3")];
    pool.set("VM", "control domain 2", &name);
    pool.join(
        "Cluster",
        "cluster",
        "cluster_hosts",
        &reference("Cluster_host", "2"),
    );
}

//! What would change.

use std::collections::BTreeMap;

use xenspect_model::preflight::{Change, PifChange};

use super::build::{NOWHERE, NULL, Pool, host, judge, to, uuid};

fn change(before: &str, after: &str) -> Option<Change> {
    let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Some(Change {
        before: text(before),
        after: text(after),
    })
}

#[test]
fn hosts_uuids_and_addresses_are_rewritten() {
    let changes = judge(&Pool::new(), host(), Vec::new()).preflight.changes;
    let hosts = &changes.hosts_forgotten;
    assert_eq!(hosts.len(), 1);
    assert_eq!((hosts[0].name.as_str(), hosts[0].pifs), ("two", 1));
    assert_eq!(hosts[0].local_srs.len(), 1);
    assert_eq!(hosts[0].local_srs[0].name, "two-local");
    assert_eq!(changes.host_uuid, change(&uuid(10), &uuid(100)));
    assert_eq!(changes.control_domain_uuid, change(&uuid(11), &uuid(101)));
    let pif = PifChange {
        device: "eth0".to_owned(),
        vlan: None,
        mac: change("02:00:00:00:00:10", "02:00:00:00:00:aa"),
        management: None,
    };
    assert_eq!(changes.pifs, [pif]);
    assert_eq!(changes.management, None);
    assert!(changes.nics_forgotten.is_empty() && changes.vms_halted.is_empty());
}

/// Management moves to every PIF with the device, VLANs too; a VLAN keeps its MAC address.
#[test]
fn management_goes_to_the_device() {
    let mut pool = Pool::new();
    for (name, device, vlan) in [("eth1", "eth1", "-1"), ("vlan", "eth1", "50")] {
        let physical = if vlan == "-1" { "true" } else { "false" };
        pool.add(
            "PIF",
            name,
            &[
                ("uuid", &uuid(if vlan == "-1" { 70 } else { 71 })),
                ("host", &to("one")),
                ("device", device),
                ("MAC", "02:00:00:00:00:bb"),
                ("physical", physical),
                ("management", "false"),
                ("VLAN", vlan),
            ],
        );
    }
    let listed = format!("('{}'%.'{}'%.'{}')", to("one-eth0"), to("eth1"), to("vlan"));
    pool.set("host", "one", "PIFs", &listed);
    let mut target = host();
    let nics = target.nics.as_mut().unwrap();
    let mut second = nics[0].clone();
    nics[0].management = Some(false);
    second.device = "eth1".to_owned();
    second.mac = Some("02:00:00:00:00:cc".to_owned());
    let mut third = second.clone();
    third.device = "eth2".to_owned();
    third.management = Some(false);
    nics.extend([second, third]);
    let changes = judge(&pool, target, Vec::new()).preflight.changes;
    let flags: Vec<_> = changes
        .pifs
        .iter()
        .map(|pif| (pif.device.as_str(), pif.vlan, pif.management))
        .collect();
    assert_eq!(
        flags,
        [
            ("eth0", None, Some(false)),
            ("eth1", None, Some(true)),
            ("eth1", Some(50), Some(true)),
        ]
    );
    assert_eq!(changes.pifs[2].mac, None);
    assert_eq!(changes.management, change("eth0", "eth1"));
    assert_eq!(changes.nics_forgotten, ["eth2"]);
}

#[test]
fn rows_stay_or_are_collected() {
    let mut pool = Pool::new();
    pool.add("PIF_metrics", "metrics", &[("uuid", &uuid(80))]);
    pool.set("PIF", "two-eth0", "metrics", &to("metrics"));
    pool.add(
        "Bond",
        "bond",
        &[("uuid", &uuid(81)), ("master", &to("two-eth0"))],
    );
    pool.add(
        "Bond",
        "own bond",
        &[("uuid", &uuid(82)), ("master", &to("one-eth0"))],
    );
    pool.add("PCI", "pci", &[("uuid", &uuid(83)), ("host", &to("two"))]);
    pool.add(
        "PCI",
        "own pci",
        &[("uuid", &uuid(84)), ("host", &to("one"))],
    );
    pool.set("VBD", "web-vbd", "VDI", NOWHERE);
    pool.set("VDI", "web-disk", "SR", NULL);
    let changes = judge(&pool, host(), Vec::new()).preflight.changes;
    let counts = |rows: &[(&str, u64)]| -> BTreeMap<String, u64> {
        rows.iter()
            .map(|(table, count)| ((*table).to_owned(), *count))
            .collect()
    };
    assert_eq!(
        changes.orphans,
        counts(&[("Bond", 1), ("PIF_metrics", 1), ("VM", 1)])
    );
    let collected = [
        ("PBD", 2),
        ("PCI", 1),
        ("VBD", 1),
        ("VDI", 1),
        ("host_metrics", 1),
    ];
    assert_eq!(changes.collected, counts(&collected));
}

#[test]
fn vms_that_ran_come_up_halted() {
    for host_of_web in ["one", "two", "nowhere"] {
        let mut pool = Pool::new();
        pool.web("Running", &to(host_of_web));
        let changes = judge(&pool, host(), Vec::new()).preflight.changes;
        let names: Vec<_> = changes
            .vms_halted
            .iter()
            .map(|vm| vm.name.as_str())
            .collect();
        assert_eq!(names, ["web"], "{host_of_web}");
    }
}

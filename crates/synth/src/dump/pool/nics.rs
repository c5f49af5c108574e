//! Network interfaces of hosts, bonds and VLANs.

use super::{NULL, Pool};
use crate::content::mac;

struct Nic<'a> {
    device: &'a str,
    network: &'a str,
    slave: bool,
    ip: Option<String>,
    management: bool,
}

/// The interfaces of one host: two bonded ones where there are several hosts, one for storage, a VLAN on the first.
pub(super) fn interfaces(pool: &mut Pool, at: usize, count: usize, networks: &[String; 5]) {
    let [main, vlan, storage, eth0, eth1] = networks;
    let bonded = count > 1;
    let address = format!("192.0.2.{}", at + 11);
    let nics = [
        Nic {
            device: "eth0",
            network: if bonded { eth0 } else { main },
            slave: bonded,
            ip: (!bonded).then(|| address.clone()),
            management: !bonded,
        },
        Nic {
            device: "eth1",
            network: eth1,
            slave: bonded,
            ip: None,
            management: false,
        },
        Nic {
            device: "eth2",
            network: storage,
            slave: false,
            ip: Some(format!("10.0.0.{}", at + 11)),
            management: false,
        },
    ];
    let host = pool.reference("host", &format!("host {at}"));
    let bond = pool.reference("Bond", &format!("bond {at}"));
    for nic in &nics {
        let label = format!("{} {at}", nic.device);
        let metrics = pool.add(
            "PIF_metrics",
            &label,
            &[
                ("carrier", "true".into()),
                ("vendor_name", "Intel Corporation".into()),
                (
                    "device_name",
                    "Ethernet Controller X710 for 10GbE SFP+".into(),
                ),
                ("speed", "10000".into()),
                ("duplex", "true".into()),
                ("pci_bus_path", "0000:02:00.0".into()),
                ("last_updated", "20240601T10:00:00Z".into()),
            ],
        );
        let mut columns = vec![
            ("device", nic.device.to_owned()),
            ("network", nic.network.to_owned()),
            ("host", host.clone()),
            ("MAC", mac(pool.seed, &format!("{} {at}", nic.device))),
            (
                "MTU",
                if nic.device == "eth2" { "9000" } else { "1500" }.to_owned(),
            ),
            ("VLAN", "-1".to_owned()),
            ("physical", "true".to_owned()),
            ("management", nic.management.to_string()),
            ("metrics", metrics),
            (
                "bond_slave_of",
                if nic.slave {
                    bond.clone()
                } else {
                    NULL.to_owned()
                },
            ),
        ];
        columns.extend(address_columns(nic.ip.as_deref()));
        pool.add("PIF", &label, &columns);
    }
    let base = if bonded {
        bond_pif(pool, at, &host, main, &address)
    } else {
        pool.reference("PIF", &format!("eth0 {at}"))
    };
    vlan_pif(
        pool,
        at,
        &host,
        vlan,
        &base,
        if bonded { "bond0" } else { "eth0" },
    );
}

fn address_columns(ip: Option<&str>) -> Vec<(&'static str, String)> {
    let Some(ip) = ip else {
        return vec![
            ("ip_configuration_mode", "None".to_owned()),
            ("currently_attached", "true".to_owned()),
        ];
    };
    vec![
        ("ip_configuration_mode", "Static".to_owned()),
        ("currently_attached", "true".to_owned()),
        ("IP", ip.to_owned()),
        ("netmask", "255.255.255.0".to_owned()),
        (
            "gateway",
            if ip.starts_with("192") {
                "192.0.2.1"
            } else {
                ""
            }
            .to_owned(),
        ),
        (
            "DNS",
            if ip.starts_with("192") {
                "192.0.2.2,192.0.2.3"
            } else {
                ""
            }
            .to_owned(),
        ),
    ]
}

fn bond_pif(pool: &mut Pool, at: usize, host: &str, network: &str, address: &str) -> String {
    let mut columns = vec![
        ("device", "bond0".to_owned()),
        ("network", network.to_owned()),
        ("host", host.to_owned()),
        ("MAC", mac(pool.seed, &format!("eth0 {at}"))),
        ("MTU", "1500".to_owned()),
        ("VLAN", "-1".to_owned()),
        ("management", "true".to_owned()),
    ];
    columns.extend(address_columns(Some(address)));
    let master = pool.add("PIF", &format!("bond0 {at}"), &columns);
    let primary = pool.reference("PIF", &format!("eth0 {at}"));
    pool.add(
        "Bond",
        &format!("bond {at}"),
        &[
            ("master", master.clone()),
            ("primary_slave", primary),
            ("mode", "active-backup".into()),
            ("links_up", "2".into()),
        ],
    );
    master
}

fn vlan_pif(pool: &mut Pool, at: usize, host: &str, network: &str, base: &str, device: &str) {
    let vlan = pool.reference("VLAN", &format!("vlan {at}"));
    let mut columns = vec![
        ("device", device.to_owned()),
        ("network", network.to_owned()),
        ("host", host.to_owned()),
        ("MAC", mac(pool.seed, &format!("eth0 {at}"))),
        ("MTU", "1500".to_owned()),
        ("VLAN", "100".to_owned()),
        ("VLAN_master_of", vlan),
    ];
    columns.extend(address_columns(None));
    let untagged = pool.add("PIF", &format!("vlan {at}"), &columns);
    pool.add(
        "VLAN",
        &format!("vlan {at}"),
        &[
            ("tagged_PIF", base.to_owned()),
            ("untagged_PIF", untagged),
            ("tag", "100".into()),
        ],
    );
}

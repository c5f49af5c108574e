//! Networks, and the interfaces of hosts on them.

use super::{Card, NULL, Pool, Site};
use crate::dump::value::map;

/// Networks by what they are for.
pub(super) struct Networks {
    eth: [String; 4],
    /// That of the bond and that of the VLAN on it, where there are such.
    bond: Option<(String, String)>,
}

impl Networks {
    /// Where VMs are: the bond's and the VLAN's.
    pub(super) fn of_vms(&self) -> [String; 2] {
        match &self.bond {
            Some((bond, vlan)) => [bond.clone(), vlan.clone()],
            None => [self.eth[0].clone(), self.eth[0].clone()],
        }
    }
}

pub(super) fn networks(pool: &mut Pool, bonded: bool) -> Networks {
    let mut network = |label: &str, name: &str, bridge: &str| {
        let columns = [
            ("name__label", name.to_owned()),
            ("bridge", bridge.to_owned()),
            ("MTU", "1500".to_owned()),
        ];
        pool.add("network", label, &columns)
    };
    let eth = [0, 1, 2, 3].map(|number| {
        let name = format!("Pool-wide network associated with eth{number}");
        let name = if bonded && number == 3 {
            "Storage"
        } else {
            &name
        };
        network(&format!("eth{number}"), name, &format!("xenbr{number}"))
    });
    let bond = bonded.then(|| {
        (
            network("bond", "Bond 1+2", "xapi0"),
            network("vlan", "Servers, VLAN 50", "xapi1"),
        )
    });
    pool.add(
        "network",
        "internal",
        &[
            ("name__label", "Host internal management network".into()),
            ("bridge", "xenapi".into()),
            (
                "other_config",
                map(&[
                    ("is_guest_installer_network", "true"),
                    ("is_host_internal_management_network", "true"),
                    ("ip_begin", "169.254.0.1"),
                    ("ip_end", "169.254.255.254"),
                    ("netmask", "255.255.0.0"),
                ]),
            ),
        ],
    );
    Networks { eth, bond }
}

/// The PIFs of a host; with a bond of `eth1` and `eth2`, and VLAN 50 on it, where the pool has their networks.
pub(super) fn interfaces(pool: &mut Pool, site: &Site, networks: &Networks) {
    for (number, card) in site.cards.iter().enumerate() {
        physical(pool, site, number, card, networks);
    }
    let Some((bond, vlan)) = &networks.bond else {
        return;
    };
    let at = site.at;
    let mac = &site.cards[1].mac;
    let primary = pool.reference("PIF", &format!("eth1 {at}"));
    let master = stacked(pool, site, &format!("bond0 {at}"), bond, mac, &[]);
    pool.add(
        "Bond",
        &format!("bond {at}"),
        &[
            ("master", master.clone()),
            ("primary_slave", primary),
            ("mode", "balance-slb".into()),
            ("links_up", "2".into()),
        ],
    );
    let tag = [
        ("VLAN", "50".to_owned()),
        (
            "VLAN_master_of",
            pool.reference("VLAN", &format!("vlan {at}")),
        ),
    ];
    let untagged = stacked(pool, site, &format!("vlan {at}"), vlan, mac, &tag);
    pool.add(
        "VLAN",
        &format!("vlan {at}"),
        &[
            ("tagged_PIF", master),
            ("untagged_PIF", untagged),
            ("tag", "50".into()),
        ],
    );
}

/// A PIF on the bond, or the bond itself.
fn stacked(
    pool: &mut Pool,
    site: &Site,
    label: &str,
    network: &str,
    mac: &str,
    more: &[(&'static str, String)],
) -> String {
    let mut columns = vec![
        ("device", "bond0".to_owned()),
        ("network", network.to_owned()),
        ("host", pool.reference("host", &format!("host {}", site.at))),
        ("MAC", mac.to_owned()),
        ("MTU", "1500".to_owned()),
        ("VLAN", "-1".to_owned()),
        ("currently_attached", "true".to_owned()),
        ("ip_configuration_mode", "None".to_owned()),
    ];
    columns.extend_from_slice(more);
    pool.add("PIF", label, &columns)
}

fn physical(pool: &mut Pool, site: &Site, number: usize, card: &Card, networks: &Networks) {
    let label = format!("eth{number} {}", site.at);
    let host = pool.reference("host", &format!("host {}", site.at));
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
            ("pci_bus_path", card.pci.into()),
            ("last_updated", "20240601T10:00:00Z".into()),
        ],
    );
    let pci = pool.add(
        "PCI",
        &label,
        &[
            ("host", host.clone()),
            ("class_name", "Ethernet controller".into()),
            ("vendor_name", "Intel Corporation".into()),
            (
                "device_name",
                "Ethernet Controller X710 for 10GbE SFP+".into(),
            ),
            ("pci_id", card.pci.into()),
        ],
    );
    let bonded = networks.bond.is_some();
    let bond = if bonded && (1..3).contains(&number) {
        pool.reference("Bond", &format!("bond {}", site.at))
    } else {
        NULL.to_owned()
    };
    let mut columns = vec![
        ("device", card.device.clone()),
        ("network", networks.eth[number].clone()),
        ("host", host),
        ("MAC", card.mac.clone()),
        ("MTU", "1500".to_owned()),
        ("VLAN", "-1".to_owned()),
        ("physical", "true".to_owned()),
        ("management", (number == 0).to_string()),
        ("currently_attached", "true".to_owned()),
        ("metrics", metrics),
        ("PCI", pci),
        ("bond_slave_of", bond),
    ];
    columns.extend(match number {
        0 => address(&site.address, "192.0.2.1", "192.0.2.2"),
        3 if bonded => address(&format!("10.0.0.{}", site.at + 11), "", ""),
        _ => vec![("ip_configuration_mode", "None".to_owned())],
    });
    pool.add("PIF", &label, &columns);
}

fn address(ip: &str, gateway: &str, dns: &str) -> Vec<(&'static str, String)> {
    vec![
        ("ip_configuration_mode", "Static".to_owned()),
        ("IP", ip.to_owned()),
        ("netmask", "255.255.255.0".to_owned()),
        ("gateway", gateway.to_owned()),
        ("DNS", dns.to_owned()),
    ]
}

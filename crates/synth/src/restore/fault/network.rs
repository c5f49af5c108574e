//! Faults of the network: checks 24 to 33.

use super::RestoreFault as Fault;
use super::edit::{NOWHERE, first, insert, pif, reference};
use crate::content::mac;
use crate::dump::Row;
use crate::restore::FreshHost;

pub(super) static FAULTS: &[Fault] = &[
    Fault::new(24, "nic-missing", "the host has no eth3", |scene| {
        scene.host.remove("eth3")
    }),
    Fault::new(
        24,
        "nics-missing",
        "the host has neither eth2 nor eth3",
        |scene| {
            scene.host.remove("eth2")?;
            scene.host.remove("eth3")
        },
    ),
    Fault::new(
        25,
        "management-not-in-dump",
        "the host is managed on eth4, which the pool has not",
        |scene| {
            scene.host.more("eth4", "0000:04:00.0")?;
            let host = &mut scene.host;
            host.exchange(
                "eth0",
                "eth4",
                &[
                    "management",
                    "IP",
                    "netmask",
                    "gateway",
                    "DNS",
                    "ip_configuration_mode",
                ],
            )?;
            "eth4".clone_into(&mut host.label);
            "xenbr4".clone_into(&mut host.bridge);
            Some(())
        },
    ),
    Fault::new(
        26,
        "management-twice",
        "eth0 and eth1 of the host bear the management flag",
        |scene| {
            scene.host.pif("eth1")?.set("management", "true");
            Some(())
        },
    ),
    Fault::new(
        26,
        "management-nowhere",
        "no PIF of the host bears the management flag",
        |scene| {
            scene.host.pif("eth0")?.set("management", "false");
            Some(())
        },
    ),
    Fault::new(
        27,
        "management-bridge-unknown",
        "the inventory names a bridge that the pool has not",
        |scene| {
            "xapi7".clone_into(&mut scene.host.bridge);
            Some(())
        },
    ),
    Fault::new(
        28,
        "nics-swapped",
        "eth1 and eth2 of the host have changed names",
        |scene| scene.host.swap("eth1", "eth2"),
    ),
    Fault::new(
        28,
        "nic-replaced",
        "eth3 of the host is another card in the same slot",
        |scene| {
            scene.host.pif("eth3")?.set("MAC", mac(1, "a new card"));
            Some(())
        },
    ),
    Fault::new(29, "nic-more", "the host has an eth4", |scene| {
        scene.host.more("eth4", "0000:04:00.0")
    }),
    Fault::new(
        30,
        "bond-nic-replaced",
        "eth1 of the host is another card in the same slot: the bond has the old MAC",
        |scene| {
            scene.host.pif("eth1")?.set("MAC", mac(1, "a new card"));
            Some(())
        },
    ),
    Fault::new(
        30,
        "bond-member-missing",
        "the bond's primary slave names no row",
        |scene| {
            let host = reference(&scene.pool, "host", "xcp-1")?;
            let is_it =
                |row: &&Row| row.get("host") == Some(&host) && row.get("device") == Some("bond0");
            let bonds = scene.pool.rows("PIF").iter().filter(is_it);
            let masters: Vec<String> = bonds.map(|row| row.reference.clone()).collect();
            let is_it = |row: &Row| {
                row.get("master")
                    .is_some_and(|pif| masters.iter().any(|own| own == pif))
            };
            scene
                .pool
                .row_mut("Bond", is_it)?
                .set("primary_slave", NOWHERE);
            Some(())
        },
    ),
    Fault::new(
        31,
        "address-differs",
        "the host was given another address",
        |scene| {
            scene.host.pif("eth0")?.set("IP", "192.0.2.99");
            first(&mut scene.host.dump, "host", |row| {
                row.set("address", "192.0.2.99");
            })
        },
    ),
    Fault::new(
        31,
        "address-by-dhcp",
        "the host gets its address by DHCP",
        |scene| {
            scene.host.mode = "dhcp";
            scene.host.pif("eth0")?.set("ip_configuration_mode", "DHCP");
            Some(())
        },
    ),
    Fault::new(
        31,
        "address-in-dump-by-dhcp",
        "the pool's coordinator got its address by DHCP",
        |scene| {
            pif(&mut scene.pool, "eth0", |row| {
                row.set("ip_configuration_mode", "DHCP");
                for column in ["IP", "netmask", "gateway", "DNS"] {
                    row.set(column, "");
                }
            })
        },
    ),
    Fault::new(
        32,
        "names-pinned",
        "a static rule gives the name eth3 to a card that is not there",
        |scene| {
            scene
                .host
                .static_rules
                .push(format!("eth3:mac=\"{}\"", mac(1, "a pinned card")));
            Some(())
        },
    ),
    Fault::new(
        33,
        "slots-exchanged",
        "the cards eth2 and eth3 were put in each other's slot",
        |scene| scene.host.exchange("eth2", "eth3", &["PCI", "metrics"]),
    ),
];

impl FreshHost {
    fn remove(&mut self, device: &str) -> Option<()> {
        self.pif(device)?;
        let rows = &mut self.dump.table_mut("PIF")?.rows;
        rows.retain(|row| row.get("device") != Some(device));
        Some(())
    }

    /// One more NIC, on a network of its own.
    fn more(&mut self, device: &str, slot: &str) -> Option<()> {
        let schema = self.recipe.schema;
        let bridge = device.replace("eth", "xenbr");
        let columns = [
            (
                "name__label",
                format!("Pool-wide network associated with {device}"),
            ),
            ("bridge", bridge),
            ("MTU", "1500".to_owned()),
        ];
        let network = insert(&mut self.dump, schema, "network", device, &columns)?;
        let host = self.row("host").reference.clone();
        let columns = [
            ("host", host.clone()),
            ("pci_id", slot.to_owned()),
            ("class_name", "Ethernet controller".to_owned()),
            ("vendor_name", "Intel Corporation".to_owned()),
            (
                "device_name",
                "Ethernet Controller X710 for 10GbE SFP+".to_owned(),
            ),
        ];
        let pci = insert(&mut self.dump, schema, "PCI", device, &columns)?;
        let columns = [
            ("carrier", "true".to_owned()),
            ("pci_bus_path", slot.to_owned()),
        ];
        let metrics = insert(&mut self.dump, schema, "PIF_metrics", device, &columns)?;
        let columns = [
            ("device", device.to_owned()),
            ("network", network),
            ("host", host),
            ("MAC", mac(1, device)),
            ("MTU", "1500".to_owned()),
            ("VLAN", "-1".to_owned()),
            ("physical", "true".to_owned()),
            ("management", "false".to_owned()),
            ("metrics", metrics),
            ("PCI", pci),
            ("ip_configuration_mode", "None".to_owned()),
        ];
        insert(&mut self.dump, schema, "PIF", device, &columns).map(|_| ())
    }
}

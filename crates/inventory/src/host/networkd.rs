//! The section `networkd` of a host backup: a row for each bridge, with the VLAN or bond that it is made of and the addresses
//! on it (`formats/host-backup.md` section 8, `var/lib/xcp/networkd.db`).

use std::collections::BTreeMap;

use xenspect_host::networkd::{Bridge, Interface};
use xenspect_model::inventory::{Cell, Section, Table};

use super::Files;
use crate::bounded::clip;
use crate::section::{int, list, natural, section, text};

pub(super) fn networkd(files: Files<'_>) -> Section {
    let mut table = Table::new(&[
        text("name", "name"),
        text("kind", "kind").rank(6),
        int("vlan", "VLAN").rank(2),
        text("of", "of").rank(3),
        list("interfaces", "interfaces"),
        text("bond", "bond").rank(5),
        text("bond_mode", "bond mode").rank(4),
        text("mode", "mode").rank(1),
        list("addresses", "addresses"),
        list("gateway", "gateway").rank(7),
        list("dns", "DNS").rank(8),
        text("mac", "MAC").rank(9),
        int("mtu", "MTU").rank(10),
    ]);
    let config = files.networkd();
    let mut rows: BTreeMap<&str, (Option<&Bridge>, Option<&Interface>)> = BTreeMap::new();
    for bridge in &config.bridges {
        rows.entry(&bridge.name).or_default().0 = Some(bridge);
    }
    for interface in &config.interfaces {
        rows.entry(&interface.name).or_default().1 = Some(interface);
    }
    let mut rows: Vec<_> = rows.into_iter().collect();
    rows.sort_by_cached_key(|(name, _)| natural(name));
    let rows = rows.into_iter();
    table.rows.extend(rows.map(|(name, (bridge, interface))| {
        let mut row = vec![Cell::Text(clip(name.into()))];
        row.extend(of_bridge(bridge));
        row.extend(of_interface(interface));
        row.push(known(bridge.and_then(|bridge| bridge.mac.as_ref())));
        row.push(interface.and_then(|interface| interface.mtu).into());
        row
    }));
    section("networkd", "Network configuration", table)
}

/// Kind, tag, parent, NICs, and name and mode of a bond.
fn of_bridge(bridge: Option<&Bridge>) -> [Cell; 6] {
    let Some(bridge) = bridge else {
        let mut cells = [const { Cell::None }; 6];
        cells[0] = Cell::text("interface");
        return cells;
    };
    let bond = bridge.ports.iter().find(|port| port.interfaces.len() > 1);
    let interfaces = bridge.ports.iter().flat_map(|port| &port.interfaces);
    let kind = match (&bridge.vlan, bond) {
        (Some(_), _) => "VLAN",
        (None, Some(_)) => "bond",
        (None, None) => "bridge",
    };
    let (parent, tag) = match &bridge.vlan {
        Some((parent, tag)) => (parent.as_ref(), *tag),
        None => (None, None),
    };
    [
        Cell::text(kind),
        tag.into(),
        known(parent),
        texts(interfaces),
        known(bond.map(|bond| &bond.name)),
        known(bond.and_then(|bond| bond.mode.as_ref())),
    ]
}

/// How it gets its addresses, these, gateways and DNS servers.
fn of_interface(interface: Option<&Interface>) -> [Cell; 4] {
    let Some(interface) = interface else {
        return [const { Cell::None }; 4];
    };
    [
        mode(interface).into(),
        texts(&interface.addresses),
        texts(&interface.gateways),
        texts(&interface.dns),
    ]
}

/// `static`, `DHCP`, and the like of IPv6 behind it; `None` where it gets no address.
pub(super) fn mode(interface: &Interface) -> Option<String> {
    let modes = [
        (&interface.mode, '4', "none"),
        (&interface.mode6, '6', "none"),
    ];
    let words = modes.into_iter().filter_map(|(mode, version, none)| {
        let mode = mode.as_deref()?;
        let bare = mode.strip_suffix(version).unwrap_or(mode);
        let word = match bare {
            "DHCP" => bare.to_owned(),
            _ => bare.to_ascii_lowercase(),
        };
        (word != none).then(|| match version {
            '6' => format!("{word} (IPv6)"),
            _ => word,
        })
    });
    let words: Vec<String> = words.collect();
    (!words.is_empty()).then(|| clip(words.join(", ").into()))
}

fn known(text: Option<&String>) -> Cell {
    text.map(|text| clip(text.into())).into()
}

fn texts<'a>(texts: impl IntoIterator<Item = &'a String>) -> Cell {
    let texts: Vec<String> = texts.into_iter().map(|text| clip(text.into())).collect();
    match texts.is_empty() {
        true => Cell::None,
        false => Cell::List(texts),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modes_are_told_in_words() {
        for (four, six, expected) in [
            (Some("Static4"), None, Some("static")),
            (Some("DHCP4"), Some("None6"), Some("DHCP")),
            (Some("None4"), Some("Autoconf6"), Some("autoconf (IPv6)")),
            (
                Some("Static4"),
                Some("Static6"),
                Some("static, static (IPv6)"),
            ),
            (Some("None4"), None, None),
            (None, None, None),
        ] {
            let interface = Interface {
                mode: four.map(str::to_owned),
                mode6: six.map(str::to_owned),
                ..Interface::default()
            };
            assert_eq!(mode(&interface).as_deref(), expected, "{four:?} {six:?}");
        }
    }
}

//! The section `networkd` of a host backup: bridges with their ports, bonds and VLANs, and the addresses on them
//! (`formats/host-backup.md` section 8, `var/lib/xcp/networkd.db`).

use serde_json::{Map, Value};
use xenspect_model::inventory::{Cell, Section, Table};

use super::{Files, NETWORKD};
use crate::bounded::clip;
use crate::section::{int, list, natural, section, text};

/// Rows of a kind that are shown; a host has some hundreds of VLANs at most.
const ROWS: usize = 4096;
/// Texts of one cell.
const WORDS: usize = 64;

pub(super) fn networkd(files: Files<'_>) -> Section {
    let mut table = Table::new(&[
        text("name", "name"),
        text("kind", "kind"),
        text("of", "of").rank(2),
        list("interfaces", "interfaces").rank(1),
        text("bond_mode", "bond mode").rank(6),
        int("vlan", "VLAN").rank(3),
        text("mac", "MAC").rank(5),
        list("addresses", "addresses"),
        text("gateway", "gateway").rank(4),
        list("dns", "DNS").rank(7),
        int("mtu", "MTU").rank(8),
    ]);
    let bytes = files.bytes(NETWORKD).unwrap_or_default();
    let config: Value = serde_json::from_slice(bytes).unwrap_or_default();
    for (name, bridge) in sorted(config.get("bridge_config")) {
        let vlan = bridge.get("vlan").and_then(Value::as_array);
        let parent = vlan.and_then(|vlan| vlan.first()).map_or(Cell::None, word);
        let tag = vlan.and_then(|vlan| vlan.get(1)).and_then(Value::as_i64);
        table.rows.push(row(Row {
            name,
            kind: if vlan.is_some() { "VLAN" } else { "bridge" },
            of: parent,
            vlan: tag,
            mac: bridge.get("bridge_mac"),
            ..Row::default()
        }));
        for (port, value) in sorted(bridge.get("ports")) {
            let interfaces = words(value.get("interfaces"));
            let is_bond = interfaces.len() > 1;
            table.rows.push(row(Row {
                name: port,
                kind: if is_bond { "bond" } else { "port" },
                of: Cell::Text(clip(name.into())),
                mode: value
                    .get("bond_properties")
                    .and_then(|properties| property(properties, "mode")),
                interfaces,
                mac: value.get("bond_mac"),
                ..Row::default()
            }));
        }
    }
    for (name, interface) in sorted(config.get("interface_config")) {
        let mut addresses = words(interface.get("ipv4_conf"));
        addresses.extend(words(interface.get("ipv6_conf")));
        addresses
            .retain(|word| !matches!(word.as_str(), "Static4" | "Static6" | "None4" | "None6"));
        let gateway = ["ipv4_gateway", "ipv6_gateway"];
        let gateway = gateway
            .into_iter()
            .flat_map(|key| words(interface.get(key)));
        table.rows.push(row(Row {
            name,
            kind: "interface",
            addresses,
            gateway: gateway.collect(),
            dns: words(interface.get("dns")),
            mtu: interface.get("mtu").and_then(Value::as_i64),
            ..Row::default()
        }));
    }
    section("networkd", "Network configuration", table)
}

#[derive(Default)]
struct Row<'a> {
    name: &'a str,
    kind: &'static str,
    of: Cell,
    interfaces: Vec<String>,
    mode: Option<&'a Value>,
    vlan: Option<i64>,
    mac: Option<&'a Value>,
    addresses: Vec<String>,
    gateway: Vec<String>,
    dns: Vec<String>,
    mtu: Option<i64>,
}

fn row(row: Row<'_>) -> Vec<Cell> {
    vec![
        Cell::Text(clip(row.name.into())),
        Cell::text(row.kind),
        row.of,
        Cell::List(row.interfaces),
        row.mode.map_or(Cell::None, word),
        row.vlan.into(),
        row.mac.map_or(Cell::None, word),
        Cell::List(row.addresses),
        match row.gateway.is_empty() {
            true => Cell::None,
            false => Cell::Text(row.gateway.join(", ")),
        },
        Cell::List(row.dns),
        row.mtu.into(),
    ]
}

/// The members of an object by name, as people sort.
fn sorted(value: Option<&Value>) -> Vec<(&str, &Value)> {
    let members = value.and_then(Value::as_object);
    let mut members: Vec<_> = members
        .into_iter()
        .flat_map(Map::iter)
        .take(ROWS)
        .map(|(name, value)| (name.as_str(), value))
        .collect();
    members.sort_by_cached_key(|(name, _)| natural(name));
    members
}

/// A value of a map, which is an object or a list of pairs.
fn property<'a>(map: &'a Value, key: &str) -> Option<&'a Value> {
    map.get(key).or_else(|| {
        let mut pairs = map.as_array()?.iter();
        pairs.find_map(|pair| match pair.as_array()?.as_slice() {
            [name, value] if name.as_str() == Some(key) => Some(value),
            _ => None,
        })
    })
}

fn word(value: &Value) -> Cell {
    value.as_str().map(|text| clip(text.into())).into()
}

/// The texts in a value, however deep; `["10.0.0.2", 24]` is `10.0.0.2/24`.
fn words(value: Option<&Value>) -> Vec<String> {
    fn gather(value: &Value, words: &mut Vec<String>) {
        if words.len() >= WORDS {
            return;
        }
        match value {
            Value::String(text) if !text.is_empty() => words.push(clip(text.into())),
            Value::Array(values) => match values.as_slice() {
                [Value::String(address), Value::Number(prefix)] => {
                    words.push(clip(format!("{address}/{prefix}").into()));
                }
                values => values.iter().for_each(|value| gather(value, words)),
            },
            _ => {}
        }
    }
    let mut found = Vec::new();
    if let Some(value) = value {
        // The depth is bounded by the parser of JSON.
        gather(value, &mut found);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_found() {
        let value = serde_json::json!(["Static4", [["10.71.0.2", 24], ["10.71.0.3", 16]]]);
        assert_eq!(
            words(Some(&value)),
            ["Static4", "10.71.0.2/24", "10.71.0.3/16"]
        );
        assert_eq!(words(Some(&serde_json::json!("DHCP4"))), ["DHCP4"]);
        assert_eq!(words(None), [""; 0]);
    }

    #[test]
    fn maps_of_both_forms_are_read() {
        let object = serde_json::json!({"mode": "balance-slb"});
        let pairs = serde_json::json!([["x", "y"], ["mode", "active-backup"]]);
        assert_eq!(property(&object, "mode").unwrap(), "balance-slb");
        assert_eq!(property(&pairs, "mode").unwrap(), "active-backup");
        assert_eq!(property(&pairs, "z"), None);
    }
}

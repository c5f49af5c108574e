//! `var/lib/xcp/networkd.db`: bridges with their ports, bonds and VLANs, and the addresses on them
//! (`formats/host-backup.md` section 8, xapi `ocaml/xapi-idl/network/network_interface.ml` `config_t`). Options that are not
//! set are left out of the file, so everything but a name may be missing here.

use serde_json::{Map, Value};

/// Things of a kind that are read; a host has some hundreds of VLANs at most.
const MOST: usize = 4096;
/// Texts of one list.
const WORDS: usize = 64;

/// The whole file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Config {
    /// Bridges, by name.
    pub bridges: Vec<Bridge>,
    /// What has addresses, by name: bridges for the most part.
    pub interfaces: Vec<Interface>,
    /// The interface that the default route goes by.
    pub gateway_interface: Option<String>,
    /// The interface whose DNS servers count.
    pub dns_interface: Option<String>,
    /// The order of the NICs, which newer releases keep in place of rules; `None` where there is no such list.
    pub order: Option<Vec<Position>>,
}

/// A bridge.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bridge {
    /// `xenbr0`.
    pub name: String,
    /// The bridge it is a VLAN of, and its tag.
    pub vlan: Option<(Option<String>, Option<i64>)>,
    /// Its MAC address.
    pub mac: Option<String>,
    /// What leads out of it.
    pub ports: Vec<Port>,
}

/// A port of a bridge. With more than one interface it is a bond.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Port {
    /// `eth0`, `bond0`.
    pub name: String,
    /// The NICs of it.
    pub interfaces: Vec<String>,
    /// How a bond shares them: `balance-slb`.
    pub mode: Option<String>,
    /// The MAC address of a bond.
    pub mac: Option<String>,
}

/// An interface with its addresses.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Interface {
    /// `xenbr0`.
    pub name: String,
    /// `DHCP4`, `Static4`, `None4`.
    pub mode: Option<String>,
    /// `DHCP6`, `Autoconf6`, `Static6`, `Linklocal6`, `None6`.
    pub mode6: Option<String>,
    /// Addresses with their prefix, `10.0.0.2/24`, those of IPv4 first.
    pub addresses: Vec<String>,
    /// Gateways, that of IPv4 first.
    pub gateways: Vec<String>,
    /// DNS servers.
    pub dns: Vec<String>,
    /// Domains in which names are looked up.
    pub domains: Vec<String>,
    /// Largest packet.
    pub mtu: Option<i64>,
}

/// A NIC in the order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Position {
    /// `eth0`.
    pub name: String,
    /// Its place, from 0.
    pub position: Option<i64>,
    /// Its MAC address, as it stands.
    pub mac: Option<String>,
    /// Its PCI address.
    pub pci: Option<String>,
    /// Whether it was there.
    pub present: Option<bool>,
}

impl Config {
    /// Reads the file. `None` where it is no JSON object.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let Value::Object(config) = serde_json::from_slice(bytes).ok()? else {
            return None;
        };
        let order = config.get("interface_order").and_then(Value::as_array);
        Some(Self {
            bridges: members(config.get("bridge_config"), bridge),
            interfaces: members(config.get("interface_config"), interface),
            gateway_interface: text(config.get("gateway_interface")),
            dns_interface: text(config.get("dns_interface")),
            order: order.map(|order| order.iter().take(MOST).filter_map(position).collect()),
        })
    }
}

/// The members of an object, in the order of their names.
fn members<T>(value: Option<&Value>, of: impl Fn(&str, &Value) -> T) -> Vec<T> {
    let object = value.and_then(Value::as_object);
    let members = object.into_iter().flat_map(Map::iter).take(MOST);
    members.map(|(name, value)| of(name, value)).collect()
}

fn bridge(name: &str, value: &Value) -> Bridge {
    let vlan = value.get("vlan").and_then(Value::as_array);
    Bridge {
        name: name.to_owned(),
        vlan: vlan.map(|vlan| (text(vlan.first()), vlan.get(1).and_then(Value::as_i64))),
        mac: text(value.get("bridge_mac")),
        ports: members(value.get("ports"), port),
    }
}

fn port(name: &str, value: &Value) -> Port {
    let properties = value.get("bond_properties");
    Port {
        name: name.to_owned(),
        interfaces: words(value.get("interfaces")),
        mode: properties.and_then(|properties| text(property(properties, "mode"))),
        mac: text(value.get("bond_mac")),
    }
}

fn interface(name: &str, value: &Value) -> Interface {
    let (mode, mut addresses) = conf(value.get("ipv4_conf"));
    let (mode6, addresses6) = conf(value.get("ipv6_conf"));
    addresses.extend(addresses6);
    let gateways = ["ipv4_gateway", "ipv6_gateway"].into_iter();
    let dns = |at: usize| {
        let lists = value.get("dns").and_then(Value::as_array);
        words(lists.and_then(|lists| lists.get(at)))
    };
    Interface {
        name: name.to_owned(),
        mode,
        mode6,
        addresses,
        gateways: gateways.flat_map(|key| words(value.get(key))).collect(),
        dns: dns(0),
        domains: dns(1),
        mtu: value.get("mtu").and_then(Value::as_i64),
    }
}

/// `"DHCP4"`, or `["Static4", [["10.0.0.2", 24]]]`.
fn conf(value: Option<&Value>) -> (Option<String>, Vec<String>) {
    match value {
        Some(Value::Array(parts)) => (text(parts.first()), words(parts.get(1))),
        mode => (text(mode), Vec::new()),
    }
}

fn position(value: &Value) -> Option<Position> {
    Some(Position {
        name: text(value.get("name"))?,
        position: value.get("position").and_then(Value::as_i64),
        mac: text(value.get("mac")),
        pci: text(value.get("pci")),
        present: value.get("present").and_then(Value::as_bool),
    })
}

/// A property in an object, or in a list of pairs.
fn property<'a>(map: &'a Value, key: &str) -> Option<&'a Value> {
    map.get(key).or_else(|| {
        let mut pairs = map.as_array()?.iter();
        pairs.find_map(|pair| match pair.as_array()?.as_slice() {
            [name, value] if name.as_str() == Some(key) => Some(value),
            _ => None,
        })
    })
}

/// A text that is not empty.
fn text(value: Option<&Value>) -> Option<String> {
    let text = value?.as_str().filter(|text| !text.is_empty())?;
    Some(text.to_owned())
}

/// The texts in a value, however deep; `["10.0.0.2", 24]` is `10.0.0.2/24`.
fn words(value: Option<&Value>) -> Vec<String> {
    fn gather(value: &Value, words: &mut Vec<String>) {
        if words.len() >= WORDS {
            return;
        }
        match value {
            Value::String(text) if !text.is_empty() => words.push(text.clone()),
            Value::Array(values) => match values.as_slice() {
                [Value::String(address), Value::Number(prefix)] => {
                    words.push(format!("{address}/{prefix}"));
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

    const CONFIG: &str = r#"{
        "interface_config": {
            "xenbr0": {"ipv4_conf": ["Static4", [["10.71.0.2", 24], ["10.71.0.3", 16]]], "ipv4_gateway": "10.71.0.254",
                       "ipv6_conf": ["Static6", [["fd00::2", 64]]], "dns": [["10.71.0.53"], ["example.org"]], "mtu": 1500},
            "xapi1": {"ipv4_conf": "DHCP4", "ipv6_conf": "None6"}},
        "bridge_config": {
            "xenbr0": {"bridge_mac": "aa:00:00:00:00:01",
                       "ports": {"bond0": {"interfaces": ["eth0", "eth1"], "bond_properties": {"mode": "balance-slb"},
                                           "bond_mac": "aa:00:00:00:00:09"}}},
            "xapi1": {"vlan": ["xenbr0", 12], "ports": {}}},
        "gateway_interface": "xenbr0", "dns_interface": "",
        "interface_order": [{"name": "eth0", "position": 0, "mac": "AA:00", "pci": "0000:03:00.0", "present": true},
                            {"position": 1}, 7]}"#;

    #[test]
    fn the_whole_file() {
        let config = Config::parse(CONFIG.as_bytes()).expect("an object");
        let some = |text: &str| Some(text.to_owned());
        let [vlan, bridge] = &*config.bridges else {
            panic!("{config:?}");
        };
        assert_eq!(vlan.vlan, Some((some("xenbr0"), Some(12))));
        assert_eq!(bridge.mac, some("aa:00:00:00:00:01"));
        let bond = Port {
            name: "bond0".to_owned(),
            interfaces: vec!["eth0".to_owned(), "eth1".to_owned()],
            mode: some("balance-slb"),
            mac: some("aa:00:00:00:00:09"),
        };
        assert_eq!(bridge.ports, [bond]);
        let [dhcp, fixed] = &*config.interfaces else {
            panic!("{config:?}");
        };
        assert_eq!((&dhcp.mode, &dhcp.mode6), (&some("DHCP4"), &some("None6")));
        assert_eq!(fixed.mode, some("Static4"));
        assert_eq!(
            fixed.addresses,
            ["10.71.0.2/24", "10.71.0.3/16", "fd00::2/64"]
        );
        assert_eq!(fixed.gateways, ["10.71.0.254"]);
        assert_eq!(
            (&*fixed.dns, &*fixed.domains),
            (
                &["10.71.0.53".to_owned()][..],
                &["example.org".to_owned()][..]
            )
        );
        assert_eq!(fixed.mtu, Some(1500));
        assert_eq!(config.gateway_interface, some("xenbr0"));
        assert_eq!(config.dns_interface, None);
        let order = config.order.expect("an order");
        assert_eq!(order.len(), 1);
        assert_eq!(
            (&order[0].pci, order[0].present),
            (&some("0000:03:00.0"), Some(true))
        );
    }

    #[test]
    fn most_of_it_may_be_missing() {
        assert_eq!(Config::parse(b"{}"), Some(Config::default()));
        for text in ["", "[]", "{", "7"] {
            assert_eq!(Config::parse(text.as_bytes()), None, "{text}");
        }
        let odd = br#"{"bridge_config": [1], "interface_config": {"a": 7}, "interface_order": {}}"#;
        let config = Config::parse(odd).expect("an object");
        assert_eq!(
            (config.bridges.len(), config.interfaces.len(), config.order),
            (0, 1, None)
        );
    }

    #[test]
    fn maps_of_both_forms_are_read() {
        let object = serde_json::json!({"mode": "balance-slb"});
        let pairs = serde_json::json!([["x", "y"], ["mode", "active-backup"]]);
        assert_eq!(property(&object, "mode").unwrap(), "balance-slb");
        assert_eq!(property(&pairs, "mode").unwrap(), "active-backup");
        assert_eq!(property(&pairs, "z"), None);
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_read(bytes: Vec<u8>, text in "[\\[\\]{}\",:a-z0-9]{0,60}") {
            let _ = Config::parse(&bytes);
            let _ = Config::parse(format!("{{\"bridge_config\":{{{text}}}}}").as_bytes());
        }
    }
}

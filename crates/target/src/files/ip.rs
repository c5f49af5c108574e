//! The kernel's list of links: `ip link` and `ip addr`, as JSON (`-j`, which the tools of a dom0 up to 8.3 cannot), in
//! their usual form, or a line each (`-o`).

use std::collections::BTreeMap;

use serde_json::Value;
use xenspect_host::rename::is_nic;
use xenspect_model::target::TargetNic;

use super::MOST;

/// A link, of all texts together.
#[derive(Debug, Default)]
struct Link {
    ether: bool,
    mac: Option<String>,
    permanent: Option<String>,
    carrier: Option<bool>,
    ip: Option<String>,
}

/// Links by name.
#[derive(Debug, Default)]
pub(super) struct Links {
    by_name: BTreeMap<String, Link>,
}

impl Links {
    /// Adds what a text tells. `false` where it tells of no link.
    pub(super) fn add(&mut self, text: &str) -> bool {
        let before = text.trim_start();
        if before.starts_with('[') {
            let links = serde_json::from_str(before);
            return links.is_ok_and(|links: Value| self.add_json(&links));
        }
        self.add_text(before)
    }

    fn add_json(&mut self, links: &Value) -> bool {
        let mut any = false;
        for value in links.as_array().into_iter().flatten().take(MOST) {
            let text = |key: &str| value.get(key).and_then(Value::as_str);
            let Some(name) = text("ifname") else {
                continue;
            };
            any = true;
            let link = self.by_name.entry(name.to_owned()).or_default();
            link.ether |= text("link_type") == Some("ether");
            let flags = value.get("flags").and_then(Value::as_array);
            let flags: Vec<_> = flags
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .collect();
            fill(&mut link.carrier, carrier(&flags, text("operstate")));
            fill(&mut link.mac, text("address").map(str::to_ascii_lowercase));
            fill(
                &mut link.permanent,
                text("permaddr").map(str::to_ascii_lowercase),
            );
            let addresses = value.get("addr_info").and_then(Value::as_array);
            let mut addresses = addresses.into_iter().flatten();
            let inet = addresses
                .find(|address| address.get("family").and_then(Value::as_str) == Some("inet"));
            let ip = inet
                .and_then(|inet| inet.get("local"))
                .and_then(Value::as_str);
            fill(&mut link.ip, ip.map(str::to_owned));
        }
        any
    }

    fn add_text(&mut self, text: &str) -> bool {
        let mut current = None;
        let mut any = false;
        // `-o` writes a backslash where it would begin a line.
        for line in text.split(['\n', '\\']).take(MOST) {
            let mut words = line.split_whitespace().peekable();
            let number = words.peek().and_then(|word| word.strip_suffix(':'));
            if number.is_some_and(|number| number.parse::<u32>().is_ok()) {
                words.next();
                let name = words.next().unwrap_or_default().trim_end_matches(':');
                let name = name.split('@').next().unwrap_or_default();
                current = Some(name.to_owned());
                any = true;
            }
            let Some(name) = &current else {
                continue;
            };
            let link = self.by_name.entry(name.clone()).or_default();
            let mut flags = Vec::new();
            let mut state = None;
            while let Some(word) = words.next() {
                let mut value = || words.peek().copied();
                match word {
                    "link/ether" => {
                        link.ether = true;
                        fill(&mut link.mac, value().map(str::to_ascii_lowercase));
                    }
                    "permaddr" => fill(&mut link.permanent, value().map(str::to_ascii_lowercase)),
                    "inet" => {
                        let ip = value().and_then(|ip| ip.split('/').next());
                        fill(&mut link.ip, ip.map(str::to_owned));
                    }
                    "state" => state = value(),
                    _ if word.starts_with('<') => {
                        flags = word.trim_matches(['<', '>']).split(',').collect();
                    }
                    _ => {}
                }
            }
            fill(&mut link.carrier, carrier(&flags, state));
        }
        any
    }

    /// The physical NICs. An address stands at the bridge of a NIC, `xenbr0` of `eth0`.
    pub(super) fn nics(&self) -> Vec<TargetNic> {
        let mut nics: Vec<_> = self
            .by_name
            .iter()
            .filter(|(name, link)| is_nic(name) && link.ether)
            .map(|(name, link)| {
                let bridge = self.by_name.get(&name.replacen("eth", "xenbr", 1));
                let bridged = bridge.and_then(|bridge| bridge.ip.clone());
                TargetNic {
                    device: name.clone(),
                    mac: link.permanent.clone().or_else(|| link.mac.clone()),
                    ip: link.ip.clone().or(bridged),
                    carrier: link.carrier,
                    ..TargetNic::default()
                }
            })
            .collect();
        nics.sort_by_key(|nic| (nic.device.len(), nic.device.clone()));
        nics
    }
}

fn fill<T>(place: &mut Option<T>, value: Option<T>) {
    if place.is_none() {
        *place = value;
    }
}

/// Of a link that is set down the kernel does not know it.
fn carrier(flags: &[&str], state: Option<&str>) -> Option<bool> {
    if flags.contains(&"LOWER_UP") || state == Some("UP") {
        Some(true)
    } else if flags.contains(&"NO-CARRIER") {
        Some(false)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADDR: &str = "1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN\n    \
        link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00\n    inet 127.0.0.1/8 scope host lo\n\
        2: eth10: <NO-CARRIER,BROADCAST,MULTICAST,UP> mtu 1500 qdisc mq master ovs-system state DOWN qlen 1000\n    \
        link/ether AA:00:00:00:00:10 brd ff:ff:ff:ff:ff:ff permaddr aa:00:00:00:00:99\n\
        3: eth2: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 state UP qlen 1000\n    \
        link/ether aa:00:00:00:00:02 brd ff:ff:ff:ff:ff:ff\n\
        4: xenbr2: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 state UNKNOWN\n    \
        link/ether aa:00:00:00:00:02 brd ff:ff:ff:ff:ff:ff\n    inet 10.0.0.7/24 brd 10.0.0.255 scope global xenbr2\n\
        5: eth2.5@eth2: <BROADCAST> mtu 1500\n    link/ether aa:00:00:00:00:02 brd ff:ff:ff:ff:ff:ff\n";

    fn nic(device: &str, mac: &str, ip: Option<&str>, carrier: Option<bool>) -> TargetNic {
        TargetNic {
            device: device.to_owned(),
            mac: Some(mac.to_owned()),
            ip: ip.map(str::to_owned),
            carrier,
            ..TargetNic::default()
        }
    }

    fn expected() -> [TargetNic; 2] {
        [
            nic("eth2", "aa:00:00:00:00:02", Some("10.0.0.7"), Some(true)),
            nic("eth10", "aa:00:00:00:00:99", None, Some(false)),
        ]
    }

    #[test]
    fn the_usual_form() {
        let mut links = Links::default();
        assert!(links.add(ADDR));
        assert_eq!(links.nics(), expected());
    }

    #[test]
    fn a_line_each() {
        let mut links = Links::default();
        let link = ADDR.replace("\n    link", "\\    link");
        let link: String = link
            .lines()
            .filter(|line| !line.contains("inet"))
            .map(|line| format!("{line}\n"))
            .collect();
        assert!(links.add(&link));
        assert!(links.add("4: xenbr2    inet 10.0.0.7/24 brd 10.0.0.255 scope global xenbr2\\       valid_lft forever\n"));
        assert_eq!(links.nics(), expected());
    }

    #[test]
    fn json() {
        let mut links = Links::default();
        assert!(links.add(
            "[{\"ifname\":\"eth2\",\"flags\":[\"UP\",\"LOWER_UP\"],\"operstate\":\"UP\",\"link_type\":\"ether\",\
              \"address\":\"aa:00:00:00:00:02\"},\
              {\"ifname\":\"eth10\",\"flags\":[\"NO-CARRIER\",\"UP\"],\"operstate\":\"DOWN\",\"link_type\":\"ether\",\
              \"address\":\"aa:00:00:00:00:10\",\"permaddr\":\"aa:00:00:00:00:99\"}]"
        ));
        assert!(links.add(
            "[{\"ifname\":\"xenbr2\",\"link_type\":\"ether\",\"addr_info\":[{\"family\":\"inet6\",\"local\":\"fe80::1\"},\
              {\"family\":\"inet\",\"local\":\"10.0.0.7\"}]}]"
        ));
        assert_eq!(links.nics(), expected());
    }

    #[test]
    fn a_link_that_is_down_has_no_known_carrier() {
        let mut links = Links::default();
        links.add("2: eth0: <BROADCAST,MULTICAST> mtu 1500 state DOWN\\    link/ether aa:00:00:00:00:01\n");
        assert_eq!(links.nics(), [nic("eth0", "aa:00:00:00:00:01", None, None)]);
    }

    #[test]
    fn another_text_tells_nothing() {
        for text in ["", "hello", "[1, {}]", "[", "x: y"] {
            assert!(!Links::default().add(text), "{text}");
        }
    }
}

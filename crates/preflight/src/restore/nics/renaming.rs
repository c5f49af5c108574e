//! Names for the target's NICs under which each card is what it was in the dump. `interface-rename` takes such rules by
//! MAC address (`formats/host-backup.md` section 8). A proposal makes all right that the dump needs, or there is none.

use std::collections::{BTreeMap, BTreeSet};

use xenspect_model::preflight::Renaming;
use xenspect_model::target::{RenameRule, Target};

use super::own::{Own, mac_of};
use super::table::by_number;

/// The renaming, where one is needed and puts everything right.
pub(super) fn of(target: &Target, own: &Own<'_>) -> Option<Renaming> {
    let nics = target.physical_nics()?;
    let now: Vec<(String, String)> = nics
        .iter()
        .map(|nic| Some((nic.device.clone(), nic.mac.clone()?.to_ascii_lowercase())))
        .collect::<Option<_>>()?;
    let before: Vec<(String, String)> = own
        .in_database()
        .map(|(device, pif)| Some((device.into_owned(), mac_of(pif)?)))
        .collect::<Option<_>>()?;
    let names = names(&before, &now)?;
    let mut rules: Vec<RenameRule> = names
        .into_iter()
        .map(|(mac, device)| RenameRule {
            device,
            method: "mac".to_owned(),
            value: mac,
        })
        .collect();
    rules.sort_by(|a, b| by_number(&a.device, &b.device));
    let pairs: Vec<String> = rules
        .iter()
        .map(|rule| format!("{}={}", rule.device, rule.value))
        .collect();
    Some(Renaming {
        command: format!("interface-rename --update {}", pairs.join(" ")),
        static_rules: rules
            .iter()
            .map(|rule| format!("{}:mac=\"{}\"", rule.device, rule.value))
            .collect(),
        rules,
    })
}

/// The new name of each NIC that a rule is for, by its MAC address. Both sides are devices with their MAC addresses.
fn names(
    before: &[(String, String)],
    now: &[(String, String)],
) -> Option<BTreeMap<String, String>> {
    if !is_plain(before) || !is_plain(now) {
        return None;
    }
    let of_device: BTreeMap<&str, &str> = now
        .iter()
        .map(|(device, mac)| (device.as_str(), mac.as_str()))
        .collect();
    let here: BTreeSet<&str> = of_device.values().copied().collect();
    let wanted: BTreeSet<&str> = before.iter().map(|(_, mac)| mac.as_str()).collect();
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    for (device, mac) in before {
        let mac = if here.contains(mac.as_str()) {
            mac
        } else {
            // The card is another one: the one that has its name by now keeps it, unless that one is needed elsewhere.
            let other = of_device
                .get(device.as_str())
                .filter(|other| !wanted.contains(**other))?;
            *other
        };
        names.insert(mac.to_owned(), device.clone());
    }
    let mut taken: BTreeSet<String> = names.values().cloned().collect();
    let others: Vec<_> = now
        .iter()
        .filter(|(_, mac)| !names.contains_key(mac))
        .collect();
    // Who can keep a name does so before others are given one.
    taken.extend(others.iter().map(|(device, _)| device.clone()));
    let needed: BTreeSet<&str> = before.iter().map(|(device, _)| device.as_str()).collect();
    let displaced: Vec<String> = others
        .iter()
        .filter(|(device, _)| needed.contains(device.as_str()))
        .map(|(_, mac)| mac.clone())
        .collect();
    for mac in displaced {
        let free = (0..=taken.len()).map(|number| format!("eth{number}"));
        let free = free.into_iter().find(|name| !taken.contains(name))?;
        taken.insert(free.clone());
        names.insert(mac, free);
    }
    let changes = names
        .iter()
        .any(|(mac, device)| of_device.get(device.as_str()) != Some(&mac.as_str()));
    changes.then_some(names)
}

/// Whether each name and each address is there once, and is nothing but that: they end up in a command.
fn is_plain(side: &[(String, String)]) -> bool {
    let devices: BTreeSet<_> = side.iter().map(|(device, _)| device).collect();
    let macs: BTreeSet<_> = side.iter().map(|(_, mac)| mac).collect();
    devices.len() == side.len()
        && macs.len() == side.len()
        && side
            .iter()
            .all(|(device, mac)| is_device(device) && is_mac(mac))
}

fn is_device(name: &str) -> bool {
    let number = name.strip_prefix("eth");
    number.is_some_and(|number| {
        (1..=4).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit())
    })
}

fn is_mac(text: &str) -> bool {
    let mut parts = text.split(':');
    parts.clone().count() == 6
        && parts.all(|part| part.len() == 2 && part.bytes().all(|b| b.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Addresses by one letter each.
    fn side(text: &str) -> Vec<(String, String)> {
        let pairs = text
            .split_whitespace()
            .map(|pair| pair.split_once('=').unwrap());
        pairs
            .map(|(device, letter)| (device.to_owned(), mac(letter)))
            .collect()
    }

    fn mac(letter: &str) -> String {
        format!("00:00:00:00:00:0{letter}")
    }

    #[test]
    fn names_put_everything_right_or_there_are_none() {
        let table = [
            // before, now, the rules
            ("eth0=a eth1=b", "eth0=a eth1=b", None),
            ("eth0=a eth1=b", "eth0=b eth1=a", Some("eth0=a eth1=b")),
            (
                "eth0=a eth1=b eth2=c",
                "eth0=b eth1=c eth2=a",
                Some("eth0=a eth1=b eth2=c"),
            ),
            // A missing device is there under another name.
            ("eth0=a eth1=b", "eth0=a eth4=b", Some("eth0=a eth1=b")),
            // The one that is in the way gets a free name.
            (
                "eth0=a eth1=b",
                "eth0=d eth1=b eth2=a",
                Some("eth0=a eth1=b eth2=d"),
            ),
            (
                "eth0=a eth1=b",
                "eth0=d eth1=b eth4=a eth2=e",
                Some("eth0=a eth1=b eth3=d"),
            ),
            // One card is new and has its name; the others have changed theirs.
            (
                "eth0=a eth1=b eth2=c",
                "eth0=b eth1=a eth2=d",
                Some("eth0=a eth1=b eth2=d"),
            ),
            // A card is gone.
            ("eth0=a eth1=b", "eth0=b", None),
            ("eth0=a eth1=b", "eth0=b eth1=d eth2=e", None),
            // All cards are new.
            ("eth0=a eth1=b", "eth0=d eth1=e", None),
            // An address that is there twice tells nothing.
            ("eth0=a eth1=b", "eth0=b eth1=a eth2=a", None),
            ("eth0=a eth1=a", "eth0=b eth1=a", None),
            ("eth0=a", "", None),
        ];
        for (before, now, rules) in table {
            let names = names(&side(before), &side(now));
            let expected = rules.map(|rules| {
                side(rules)
                    .into_iter()
                    .map(|(device, mac)| (mac, device))
                    .collect()
            });
            assert_eq!(names, expected, "{before} | {now}");
            let devices = names.iter().flat_map(BTreeMap::values);
            let once: BTreeSet<_> = devices.clone().collect();
            assert_eq!(once.len(), devices.count(), "{before} | {now}");
        }
    }

    #[test]
    fn nothing_hostile_gets_into_a_command() {
        assert!(is_device("eth12") && is_mac("aa:bb:cc:00:11:22"));
        for name in ["eth", "eth0 eth1", "eth0;reboot", "lan0", "eth12345"] {
            assert!(!is_device(name), "{name}");
        }
        for mac in [
            "",
            "aa:bb",
            "aa:bb:cc:00:11:22:33",
            "$(reboot)",
            "aa:bb:cc:00:11:2g",
        ] {
            assert!(!is_mac(mac), "{mac}");
        }
    }
}

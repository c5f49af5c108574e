//! How a host names its NICs: the rules of `interface-rename`, and what it last saw (`formats/host-backup.md` section 8,
//! python-libs `xcp/net/ifrename/`). Newer releases keep an order instead, which is in [`crate::networkd`].

use std::collections::HashMap;

use serde_json::Value;

/// Entries of one file that are read; a host has some dozens of NICs.
const MOST: usize = 100_000;

/// A line of `static-rules.conf`: the device of this name is the NIC that is found so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// `eth0`.
    pub device: String,
    /// `mac`, `pci`, `ppn`, `label` or `guess`.
    pub method: String,
    /// What is looked for, as it stands; empty for `guess`.
    pub value: String,
}

/// A NIC that was there at a start of the host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nic {
    /// Its MAC address, as it stands.
    pub mac: String,
    /// Its PCI address.
    pub pci: Option<String>,
    /// `eth0`.
    pub device: String,
}

/// `dynamic-rules.json`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dynamic {
    /// The NICs of the last start; `None` where the file has no such list.
    pub last_boot: Option<Vec<Nic>>,
    /// NICs that were there before.
    pub old: Vec<Nic>,
}

/// `static-rules.conf`: lines `eth0:mac="00:11:22:33:44:55"`. Of a device the last line counts; what is no rule is
/// skipped.
#[must_use]
pub fn static_rules(bytes: &[u8]) -> Vec<Rule> {
    let text = String::from_utf8_lossy(bytes);
    last_of_each(text.lines().filter_map(rule))
}

/// `initial_network_device_rules.conf`: lines `0:mac="00:11:22:33:44:55"` for `eth0`.
#[must_use]
pub fn initial_rules(bytes: &[u8]) -> Vec<Rule> {
    let text = String::from_utf8_lossy(bytes);
    let rules = text.lines().filter_map(|line| {
        let line = line.trim_start();
        let (number, _) = line.split_once(':')?;
        is_number(number.trim()).then(|| rule(&format!("eth{line}")))?
    });
    last_of_each(rules)
}

fn last_of_each(rules: impl Iterator<Item = Rule>) -> Vec<Rule> {
    let all: Vec<Rule> = rules.take(MOST).collect();
    let devices = all.iter().enumerate();
    let last: HashMap<String, usize> = devices
        .map(|(at, rule)| (rule.device.clone(), at))
        .collect();
    let rules = all.into_iter().enumerate();
    rules
        .filter(|(at, rule)| last.get(&rule.device) == Some(at))
        .map(|(_, rule)| rule)
        .collect()
}

fn rule(line: &str) -> Option<Rule> {
    let line = line.split('#').next()?.trim();
    let (device, rest) = line.split_once(':')?;
    let device = device.trim();
    if !is_nic(device) {
        return None;
    }
    let (method, value) = rest.split_once('=').unwrap_or((rest, ""));
    let method = match method.trim() {
        "" => "guess",
        known @ ("mac" | "pci" | "ppn" | "label" | "guess") => known,
        _ => return None,
    };
    Some(Rule {
        device: device.to_owned(),
        method: method.to_owned(),
        value: value.trim().trim_matches(['"', '\'']).to_owned(),
    })
}

/// Reads `dynamic-rules.json`: comments, then an object of lists of `[mac, pci, "ethN"]`. Entries of another form are
/// skipped. `None` where the text is something else.
#[must_use]
pub fn dynamic(bytes: &[u8]) -> Option<Dynamic> {
    let text = String::from_utf8_lossy(bytes);
    let json: String = text
        .lines()
        .filter(|line| !line.trim_start().starts_with('#'))
        .flat_map(|line| [line, "\n"])
        .collect();
    let Value::Object(lists) = serde_json::from_str(&json).ok()? else {
        return None;
    };
    let nics = |name| {
        lists
            .get(name)
            .and_then(Value::as_array)
            .map(|list| nics(list))
    };
    Some(Dynamic {
        last_boot: nics("lastboot"),
        old: nics("old").unwrap_or_default(),
    })
}

fn nics(list: &[Value]) -> Vec<Nic> {
    let nic = |entry: &Value| match entry.as_array()?.as_slice() {
        [mac, pci, device] => Some(Nic {
            mac: mac.as_str()?.to_owned(),
            pci: pci.as_str().map(str::to_owned),
            device: device.as_str()?.to_owned(),
        }),
        _ => None,
    };
    list.iter().take(MOST).filter_map(nic).collect()
}

/// Whether a name is `eth` and a number, which is what hosts call their physical NICs.
#[must_use]
pub fn is_nic(name: &str) -> bool {
    name.strip_prefix("eth").is_some_and(is_number)
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(rules: &[Rule]) -> Vec<(&str, &str, &str)> {
        let rules = rules.iter();
        rules
            .map(|rule| (&*rule.device, &*rule.method, &*rule.value))
            .collect()
    }

    #[test]
    fn lines_of_static_rules() {
        for (line, expected) in [
            (
                "eth0:mac=\"08:00:27:49:A4:92\"",
                Some(("eth0", "mac", "08:00:27:49:A4:92")),
            ),
            (
                "eth1:mac = 08:00:27:9d:8c:71",
                Some(("eth1", "mac", "08:00:27:9d:8c:71")),
            ),
            (
                " eth2 : pci = '0000:03:00.0[1]' # left",
                Some(("eth2", "pci", "0000:03:00.0[1]")),
            ),
            ("eth3:ppn=\"em1\"", Some(("eth3", "ppn", "em1"))),
            ("eth4:guess", Some(("eth4", "guess", ""))),
            ("eth5:", Some(("eth5", "guess", ""))),
            ("# eth0:mac=\"a\"", None),
            ("eth:mac=\"a\"", None),
            ("bond0:mac=\"a\"", None),
            ("eth0:uuid=\"a\"", None),
            ("", None),
        ] {
            let rules = static_rules(line.as_bytes());
            assert_eq!(told(&rules).first().copied(), expected, "{line:?}");
        }
    }

    #[test]
    fn the_last_line_of_a_device_counts() {
        let rules = static_rules(b"eth0:ppn=p1p1\neth1:ppn=p2p1\neth0:ppn=p3p1\n");
        assert_eq!(
            told(&rules),
            [("eth1", "ppn", "p2p1"), ("eth0", "ppn", "p3p1")]
        );
    }

    #[test]
    fn lines_of_initial_rules() {
        let rules = initial_rules(b" 0:mac=\"AA:bb:cc:dd:ee:ff\"\nx:mac=\"a\"\neth1:mac=\"b\"\n");
        assert_eq!(told(&rules), [("eth0", "mac", "AA:bb:cc:dd:ee:ff")]);
    }

    #[test]
    fn entries_that_are_no_triples_are_skipped() {
        let text =
            b"# note\n{\"lastboot\": [[\"AA:00\", \"0000:03:00.0\", \"eth0\"], [\"a\"], \"b\"], \
                     \"old\": [[\"bb:00\", null, \"eth1\"]]}";
        let nic = |mac: &str, pci: Option<&str>, device: &str| Nic {
            mac: mac.to_owned(),
            pci: pci.map(str::to_owned),
            device: device.to_owned(),
        };
        let expected = Dynamic {
            last_boot: Some(vec![nic("AA:00", Some("0000:03:00.0"), "eth0")]),
            old: vec![nic("bb:00", None, "eth1")],
        };
        assert_eq!(dynamic(text), Some(expected));
        assert_eq!(dynamic(b"{}"), Some(Dynamic::default()));
        for text in ["", "[1]", "{"] {
            assert_eq!(dynamic(text.as_bytes()), None, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_read(bytes: Vec<u8>) {
            let _ = (static_rules(&bytes), initial_rules(&bytes), dynamic(&bytes));
        }
    }
}

//! How a host names its NICs: the rules of `interface-rename`, what it last saw, and the order that newer releases keep
//! (`formats/host-backup.md` section 8).

use serde_json::Value;
use xenspect_model::target::{RenameRule, TargetNic};

use super::MOST;

/// `static-rules.conf`: lines `eth0:mac="00:11:22:33:44:55"`. Of a device the last line counts; what is no rule is
/// skipped.
pub(super) fn static_rules(text: &str) -> Vec<RenameRule> {
    let mut rules: Vec<RenameRule> = Vec::new();
    for rule in text.lines().filter_map(static_rule).take(MOST) {
        add(&mut rules, rule);
    }
    rules
}

/// `initial_network_device_rules.conf`: lines `0:mac="00:11:22:33:44:55"` for `eth0`.
pub(super) fn initial_rules(text: &str) -> Vec<RenameRule> {
    let mut rules = Vec::new();
    for line in text.lines().take(MOST) {
        let number = line.trim_start().split(':').next().unwrap_or_default();
        if is_number(number.trim()) {
            let rule = static_rule(&format!("eth{}", line.trim_start()));
            rules.extend(rule);
        }
    }
    rules
}

fn add(rules: &mut Vec<RenameRule>, rule: RenameRule) {
    rules.retain(|known| known.device != rule.device);
    rules.push(rule);
}

fn static_rule(line: &str) -> Option<RenameRule> {
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
    let value = value.trim().trim_matches(['"', '\'']);
    Some(RenameRule {
        device: device.to_owned(),
        method: method.to_owned(),
        value: match method {
            "mac" | "pci" => value.to_ascii_lowercase(),
            _ => value.to_owned(),
        },
    })
}

/// `dynamic-rules.json`: `lastboot` has MAC, PCI address and name of each NIC of the last start. `None` where the text is
/// something else.
pub(super) fn last_start(text: &str) -> Option<Vec<TargetNic>> {
    let json: String = text
        .lines()
        .filter(|line| !line.trim_start().starts_with('#'))
        .flat_map(|line| [line, "\n"])
        .collect();
    let json: Value = serde_json::from_str(&json).ok()?;
    let nics = json.get("lastboot")?.as_array()?.iter().take(MOST);
    let nics = nics.filter_map(|entry| match entry.as_array()?.as_slice() {
        [mac, pci, device] => nic(device, mac, Some(pci)),
        _ => None,
    });
    Some(nics.collect())
}

/// `networkd.db`: `interface_order`, which newer releases keep in place of rules. `None` where it has none.
pub(super) fn order(text: &str) -> Option<Vec<TargetNic>> {
    let json: Value = serde_json::from_str(text).ok()?;
    let order = json.get("interface_order")?.as_array()?.iter().take(MOST);
    let present = order.filter(|entry| entry.get("present") != Some(&Value::Bool(false)));
    let nics =
        present.filter_map(|entry| nic(entry.get("name")?, entry.get("mac")?, entry.get("pci")));
    Some(nics.collect())
}

fn nic(device: &Value, mac: &Value, pci: Option<&Value>) -> Option<TargetNic> {
    Some(TargetNic {
        device: device.as_str().filter(|device| is_nic(device))?.to_owned(),
        mac: Some(mac.as_str()?.to_ascii_lowercase()),
        pci: pci.and_then(Value::as_str).map(str::to_ascii_lowercase),
        ..TargetNic::default()
    })
}

/// Whether a name is `eth` and a number, which is what hosts call their physical NICs.
pub(super) fn is_nic(name: &str) -> bool {
    name.strip_prefix("eth").is_some_and(is_number)
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_static_rules() {
        for (line, expected) in [
            (
                "eth0:mac=\"08:00:27:49:A4:92\"",
                Some(("eth0", "mac", "08:00:27:49:a4:92")),
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
            let rules = static_rules(line);
            let found = rules.first().map(|rule| {
                (
                    rule.device.as_str(),
                    rule.method.as_str(),
                    rule.value.as_str(),
                )
            });
            assert_eq!(found, expected, "{line:?}");
        }
    }

    #[test]
    fn the_last_line_of_a_device_counts() {
        let rules = static_rules("eth0:ppn=p1p1\neth1:ppn=p2p1\neth0:ppn=p3p1\n");
        let values: Vec<_> = rules.iter().map(|rule| rule.value.as_str()).collect();
        assert_eq!(values, ["p2p1", "p3p1"]);
    }

    #[test]
    fn lines_of_initial_rules() {
        let rules = initial_rules("0:mac=\"AA:bb:cc:dd:ee:ff\"\nx:mac=\"a\"\n");
        assert_eq!(rules.len(), 1);
        assert_eq!(rules[0].device, "eth0");
        assert_eq!(rules[0].value, "aa:bb:cc:dd:ee:ff");
    }

    #[test]
    fn entries_that_are_no_triples_are_skipped() {
        let text = "# note\n{\"lastboot\": [[\"AA:00\", \"0000:03:00.0\", \"eth0\"], [\"a\"], \"b\"], \"old\": []}";
        let nics = last_start(text).expect("rules");
        assert_eq!(nics.len(), 1);
        assert_eq!(nics[0].mac.as_deref(), Some("aa:00"));
        assert_eq!(last_start("[1]"), None);
    }

    #[test]
    fn the_order_of_newer_releases() {
        let text = "{\"interface_order\": [{\"name\":\"eth0\",\"position\":0,\"mac\":\"AA:00\",\"pci\":\"0000:03:00.0\",\
                    \"present\":true},{\"name\":\"eth1\",\"mac\":\"bb:00\",\"present\":false}]}";
        let nics = order(text).expect("an order");
        assert_eq!(nics.len(), 1);
        assert_eq!(nics[0].pci.as_deref(), Some("0000:03:00.0"));
        assert_eq!(order("{\"interface_config\": {}}"), None);
    }
}

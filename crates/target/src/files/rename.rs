//! How a host names its NICs: the rules of `interface-rename`, what it last saw, and the order that newer releases keep
//! (`formats/host-backup.md` section 8).

use xenspect_host::networkd::Config;
use xenspect_host::rename::{self, Rule};
use xenspect_model::target::{RenameRule, TargetNic};

use super::MOST;

/// `static-rules.conf`.
pub(super) fn static_rules(text: &str) -> Vec<RenameRule> {
    rules(rename::static_rules(text.as_bytes()))
}

/// `initial_network_device_rules.conf`.
pub(super) fn initial_rules(text: &str) -> Vec<RenameRule> {
    rules(rename::initial_rules(text.as_bytes()))
}

/// Addresses in small letters, as everywhere in a target.
fn rules(rules: Vec<Rule>) -> Vec<RenameRule> {
    let rules = rules.into_iter().take(MOST);
    rules
        .map(|rule| RenameRule {
            value: match &*rule.method {
                "mac" | "pci" => rule.value.to_ascii_lowercase(),
                _ => rule.value,
            },
            device: rule.device,
            method: rule.method,
        })
        .collect()
}

/// `dynamic-rules.json`: the NICs of the last start. `None` where the text is something else.
pub(super) fn last_start(text: &str) -> Option<Vec<TargetNic>> {
    let nics = rename::dynamic(text.as_bytes())?.last_boot?.into_iter();
    let nics = nics.filter_map(|found| nic(&found.device, Some(&found.mac), found.pci.as_deref()));
    Some(nics.collect())
}

/// `networkd.db`: `interface_order`, which newer releases keep in place of rules. `None` where it has none.
pub(super) fn order(text: &str) -> Option<Vec<TargetNic>> {
    let order = Config::parse(text.as_bytes())?.order?;
    let present = order.iter().filter(|entry| entry.present != Some(false));
    let nics =
        present.filter_map(|entry| nic(&entry.name, entry.mac.as_deref(), entry.pci.as_deref()));
    Some(nics.collect())
}

fn nic(device: &str, mac: Option<&str>, pci: Option<&str>) -> Option<TargetNic> {
    rename::is_nic(device).then(|| TargetNic {
        device: device.to_owned(),
        mac: mac.map(str::to_ascii_lowercase),
        pci: pci.map(str::to_ascii_lowercase),
        ..TargetNic::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_in_small_letters() {
        let rules =
            static_rules("eth0:mac=\"08:00:27:49:A4:92\"\neth1:ppn=\"Em1\"\neth0:mac=\"AA\"\n");
        let rules: Vec<_> = rules
            .iter()
            .map(|rule| (&*rule.device, &*rule.value))
            .collect();
        assert_eq!(rules, [("eth1", "Em1"), ("eth0", "aa")]);
        let rules = initial_rules("0:mac=\"AA:bb\"\n");
        assert_eq!((&*rules[0].device, &*rules[0].value), ("eth0", "aa:bb"));
    }

    #[test]
    fn nics_of_the_last_start() {
        let text = "{\"lastboot\": [[\"AA:00\", \"0000:03:00.0\", \"eth0\"], [\"bb\", \"x\", \"side-1\"]]}";
        let nics = last_start(text).expect("rules");
        assert_eq!(nics.len(), 1);
        assert_eq!(nics[0].mac.as_deref(), Some("aa:00"));
        for text in ["[1]", "{}", "x"] {
            assert_eq!(last_start(text), None, "{text}");
        }
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

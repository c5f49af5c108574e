//! The section `nics` of a host backup: which NIC gets which name, by the rules of every tool that decided about it over
//! the releases.

use serde_json::Value;
use xenspect_model::inventory::{Cell, Section, Table};

use super::{Files, NETWORKD};
use crate::bounded::clip;
use crate::section::{flag, int, natural, section, text};

const STATIC: &str = "etc/sysconfig/network-scripts/interface-rename-data/static-rules.conf";
const DYNAMIC: &str = "etc/sysconfig/network-scripts/interface-rename-data/dynamic-rules.json";
const INITIAL: &str = "etc/firstboot.d/data/initial_network_device_rules.conf";

/// Rules of one file that are shown; a host has some dozens of NICs.
const RULES: usize = 1024;

pub(super) fn nics(files: Files<'_>) -> Section {
    let mut table = Table::new(&[
        text("name", "name"),
        text("mac", "MAC"),
        text("pci", "PCI").rank(1),
        text("rule", "rule"),
        text("other", "found by").rank(4),
        int("position", "position").rank(3),
        flag("present", "present").rank(2),
    ]);
    let mut rows = Vec::new();
    rows.extend(static_rules(files));
    rows.extend(dynamic_rules(files));
    rows.extend(initial_rules(files));
    rows.extend(interface_order(files));
    rows.sort_by_cached_key(|rule: &Rule| natural(&rule.name));
    table.rows.extend(rows.into_iter().map(Rule::row));
    section("nics", "NICs", table)
}

#[derive(Debug, Default)]
struct Rule {
    name: String,
    mac: Option<String>,
    pci: Option<String>,
    of: &'static str,
    other: Option<String>,
    position: Option<i64>,
    present: Option<bool>,
}

impl Rule {
    fn row(self) -> Vec<Cell> {
        vec![
            Cell::Text(clip(self.name.into())),
            self.mac.map(|mac| clip(mac.into())).into(),
            self.pci.map(|pci| clip(pci.into())).into(),
            Cell::text(self.of),
            self.other.map(|other| clip(other.into())).into(),
            self.position.into(),
            self.present.into(),
        ]
    }
}

/// Lines `ethN:method="value"`; without a method it is guessed. Of two for one name the later one counts.
fn static_rules(files: Files<'_>) -> Vec<Rule> {
    let text = String::from_utf8_lossy(files.bytes(STATIC).unwrap_or_default());
    let mut rules = std::collections::BTreeMap::new();
    for line in text.lines().map(str::trim) {
        let Some((name, rule)) = line.split_once(':') else {
            continue;
        };
        if line.starts_with('#') {
            continue;
        }
        let Some((method, value)) = rule.split_once('=') else {
            continue;
        };
        let value = value.trim().trim_matches('"').to_owned();
        let name = name.trim().to_owned();
        let mut rule = Rule {
            name: name.clone(),
            of: "static",
            ..Rule::default()
        };
        match method.trim() {
            "mac" => rule.mac = Some(value),
            "pci" => rule.pci = Some(value),
            method => rule.other = Some(format!("{method} {value}").trim().to_owned()),
        }
        rules.insert(name, rule);
    }
    rules.into_values().take(RULES).collect()
}

/// Lists of `[mac, pci, "ethN"]`: what was there at the last start of the host, and what was there before.
fn dynamic_rules(files: Files<'_>) -> Vec<Rule> {
    let text = String::from_utf8_lossy(files.bytes(DYNAMIC).unwrap_or_default());
    let lines = text.lines();
    let json: Vec<&str> = lines
        .filter(|line| !line.trim_start().starts_with('#'))
        .collect();
    let value: Value = serde_json::from_str(&json.join("\n")).unwrap_or_default();
    let mut rules = Vec::new();
    for (key, of) in [("lastboot", "last boot"), ("old", "earlier")] {
        let entries = value.get(key).and_then(Value::as_array);
        for entry in entries.into_iter().flatten().take(RULES) {
            let Some([mac, pci, name]) = entry.as_array().map(Vec::as_slice) else {
                continue;
            };
            rules.push(Rule {
                name: string(name).unwrap_or_default(),
                mac: string(mac),
                pci: string(pci),
                of,
                ..Rule::default()
            });
        }
    }
    rules
}

/// Lines `N:mac="…"`, which is about `ethN`.
fn initial_rules(files: Files<'_>) -> Vec<Rule> {
    let text = String::from_utf8_lossy(files.bytes(INITIAL).unwrap_or_default());
    let rules = text.lines().filter_map(|line| {
        let (number, rule) = line.trim().split_once(':')?;
        let number: u32 = number.trim().parse().ok()?;
        let mac = rule.trim().strip_prefix("mac")?.trim().strip_prefix('=')?;
        Some(Rule {
            name: format!("eth{number}"),
            mac: Some(mac.trim().trim_matches('"').to_owned()),
            of: "initial",
            ..Rule::default()
        })
    });
    rules.take(RULES).collect()
}

/// What the newer daemon of networks keeps.
fn interface_order(files: Files<'_>) -> Vec<Rule> {
    let bytes = files.bytes(NETWORKD).unwrap_or_default();
    let value: Value = serde_json::from_slice(bytes).unwrap_or_default();
    let entries = value.get("interface_order").and_then(Value::as_array);
    let rules = entries.into_iter().flatten().map(|entry| {
        let field = |name| entry.get(name);
        Rule {
            name: field("name").and_then(string).unwrap_or_default(),
            mac: field("mac").and_then(string),
            pci: field("pci").and_then(string),
            of: "networkd",
            other: None,
            position: field("position").and_then(Value::as_i64),
            present: field("present").and_then(Value::as_bool),
        }
    });
    rules.take(RULES).collect()
}

fn string(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

//! The section `nics` of a host backup: which NIC gets which name, by every file that says so, and which bridge or bond it is
//! a part of. Files that say the same are one row.

use std::collections::{BTreeMap, HashMap, HashSet};

use xenspect_host::files::{DYNAMIC_RULES, INITIAL_RULES, STATIC_RULES};
use xenspect_host::networkd::Config;
use xenspect_host::rename;
use xenspect_model::inventory::{Cell, Section, Table};

use super::Files;
use crate::bounded::clip;
use crate::section::{flag, int, list, natural, section, text};

/// Rules of one file that are shown; a host has some dozens of NICs.
const RULES: usize = 1024;

pub(super) fn nics(files: Files<'_>) -> Section {
    let mut table = Table::new(&[
        text("name", "name"),
        text("mac", "MAC"),
        text("pci", "PCI"),
        text("bridge", "bridge").rank(1),
        text("bond", "bond").rank(2),
        list("rules", "named by").rank(3),
        text("other", "found by").rank(5),
        int("position", "position").rank(6),
        flag("present", "present").rank(4),
    ]);
    let config = files.networkd();
    let mut rules = static_rules(files);
    rules.extend(last_boot(files));
    rules.extend(order(&config));
    rules.extend(initial_rules(files));
    let places = places(&config);
    let named: HashSet<String> = rules.iter().map(|rule| rule.name.clone()).collect();
    let unnamed = places.keys().filter(|name| !named.contains(*name));
    let unnamed = unnamed.map(|name| Rule::new(name, "networkd"));
    let mut rows = merged(rules);
    rows.extend(unnamed);
    rows.sort_by_cached_key(|rule: &Rule| natural(&rule.name));
    table.rows.extend(rows.into_iter().map(|rule| {
        let place = places.get(&rule.name);
        rule.row(place)
    }));
    section("nics", "NICs", table)
}

#[derive(Debug, Default)]
struct Rule {
    name: String,
    mac: Option<String>,
    pci: Option<String>,
    /// The files that say so.
    of: Vec<&'static str>,
    /// What it is found by that is neither.
    other: Option<String>,
    position: Option<i64>,
    present: Option<bool>,
}

impl Rule {
    fn new(name: &str, of: &'static str) -> Self {
        Self {
            name: name.to_owned(),
            of: vec![of],
            ..Self::default()
        }
    }

    fn row(self, place: Option<&Place>) -> Vec<Cell> {
        let known = |text: Option<String>| Cell::from(text.map(|text| clip(text.into())));
        let bond = place.and_then(|place| place.bond.clone());
        vec![
            Cell::Text(clip(self.name.into())),
            known(self.mac),
            known(self.pci),
            known(place.map(|place| place.bridge.clone())),
            known(bond),
            Cell::List(self.of.into_iter().map(str::to_owned).collect()),
            known(self.other),
            self.position.into(),
            self.present.into(),
        ]
    }

    /// Whether nothing that it says is against the other. Both have one name and one MAC address.
    fn agrees(&self, other: &Self) -> bool {
        let same = |one: &Option<String>, other: &Option<String>| match (one, other) {
            (Some(one), Some(other)) => one.eq_ignore_ascii_case(other),
            _ => true,
        };
        self.other.is_none() && other.other.is_none() && same(&self.pci, &other.pci)
    }

    fn join(&mut self, other: Self) {
        self.pci = self.pci.take().or(other.pci);
        self.position = self.position.or(other.position);
        self.present = self.present.or(other.present);
        self.of.extend(other.of);
    }
}

/// Rules of which the later ones that say the same as an earlier one are joined to it.
fn merged(rules: Vec<Rule>) -> Vec<Rule> {
    let mut first: HashMap<(String, String), usize> = HashMap::new();
    let mut rows: Vec<Rule> = Vec::new();
    for rule in rules {
        let key = rule
            .mac
            .as_ref()
            .map(|mac| (rule.name.clone(), mac.to_ascii_lowercase()));
        let known = key.as_ref().and_then(|key| first.get(key));
        match known.and_then(|at| rows.get_mut(*at)) {
            Some(row) if row.agrees(&rule) => row.join(rule),
            _ => {
                if let Some(key) = key {
                    first.entry(key).or_insert(rows.len());
                }
                rows.push(rule);
            }
        }
    }
    rows
}

/// What somebody set for good.
fn static_rules(files: Files<'_>) -> Vec<Rule> {
    let rules = rename::static_rules(files.bytes(STATIC_RULES).unwrap_or_default());
    let rules = rules.into_iter().take(RULES).map(|rule| {
        let mut row = Rule::new(&rule.device, "static");
        match &*rule.method {
            "mac" => row.mac = Some(rule.value),
            "pci" => row.pci = Some(rule.value),
            method => row.other = Some(format!("{method} {}", rule.value).trim().to_owned()),
        }
        row
    });
    rules.collect()
}

/// What was there at the last start of the host, and what was there before.
fn last_boot(files: Files<'_>) -> Vec<Rule> {
    let dynamic = rename::dynamic(files.bytes(DYNAMIC_RULES).unwrap_or_default());
    let dynamic = dynamic.unwrap_or_default();
    let lists = [
        (dynamic.last_boot.unwrap_or_default(), "last boot"),
        (dynamic.old, "earlier"),
    ];
    let rules = lists.into_iter().flat_map(|(nics, of)| {
        nics.into_iter().take(RULES).map(move |nic| Rule {
            mac: Some(nic.mac),
            pci: nic.pci,
            ..Rule::new(&nic.device, of)
        })
    });
    rules.collect()
}

fn initial_rules(files: Files<'_>) -> Vec<Rule> {
    let rules = rename::initial_rules(files.bytes(INITIAL_RULES).unwrap_or_default());
    let rules = rules.into_iter().take(RULES).map(|rule| Rule {
        mac: (rule.method == "mac").then_some(rule.value),
        ..Rule::new(&rule.device, "initial")
    });
    rules.collect()
}

/// What the newer daemon of networks keeps.
fn order(config: &Config) -> Vec<Rule> {
    let order = config.order.iter().flatten().take(RULES);
    let rules = order.map(|nic| Rule {
        mac: nic.mac.clone(),
        pci: nic.pci.clone(),
        position: nic.position,
        present: nic.present,
        ..Rule::new(&nic.name, "networkd")
    });
    rules.collect()
}

/// What a NIC is a part of.
#[derive(Debug)]
struct Place {
    bridge: String,
    bond: Option<String>,
}

/// The bridges and bonds of NICs, by the NIC's name.
fn places(config: &Config) -> BTreeMap<String, Place> {
    let mut places = BTreeMap::new();
    for bridge in &config.bridges {
        for port in &bridge.ports {
            let bond = (port.interfaces.len() > 1).then(|| port.name.clone());
            for nic in port.interfaces.iter().filter(|nic| rename::is_nic(nic)) {
                let place = Place {
                    bridge: bridge.name.clone(),
                    bond: bond.clone(),
                };
                places.entry(nic.clone()).or_insert(place);
            }
        }
    }
    places
}

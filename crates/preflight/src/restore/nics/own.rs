//! The PIFs of the dump's coordinator, as xapi goes through them.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use xenspect_inventory::view::{Nic, NicKind};
use xenspect_inventory::{Record, Relation};

use crate::restore::Restore;

/// PIFs that stand on one another are followed so far.
const DEPTH: usize = 8;
/// What stands on one PIF is gathered up to this number: more than a host can have.
const STACKED: usize = 512;

/// The coordinator's PIFs.
#[derive(Default)]
pub(super) struct Own<'a> {
    /// Those that it lists, in the stored order.
    pub(super) listed: Vec<Record<'a>>,
    /// All that xapi's loop goes through, in the stored order: each reference with its row, which some do not have.
    pub(super) in_order: Vec<(Cow<'a, str>, Option<Record<'a>>)>,
    /// Whether the set of PIFs is there and readable.
    pub(super) has_set: bool,
    /// Those that say that they are the coordinator's, listed or not.
    pub(super) all: Vec<Record<'a>>,
    /// Those of them that are not listed.
    pub(super) unlisted: Vec<Record<'a>>,
    /// Physical ones by their devices. Of two, the one that is met first.
    devices: HashMap<Cow<'a, str>, Record<'a>>,
    /// What stands directly on each, by its reference.
    above: HashMap<Cow<'a, str>, Vec<Record<'a>>>,
}

impl<'a> Own<'a> {
    pub(super) fn of(restore: &Restore<'a>) -> Self {
        let Some(host) = restore.coordinator else {
            return Self::default();
        };
        let all = restore.relations.of(Relation::PifsOfHost, &host).to_vec();
        let set = host.set("PIFs");
        let has_set = set.is_some();
        let in_order: Vec<_> = match set {
            Some(set) => set
                .into_iter()
                .map(|reference| {
                    let found = restore.store.resolve(&reference);
                    let pif = found.filter(|row| row.class() == "PIF");
                    (reference, pif)
                })
                .collect(),
            // Dumps before 6.0 do not write the sets.
            None => all
                .iter()
                .map(|pif| (pif.reference(), Some(*pif)))
                .collect(),
        };
        let listed: Vec<_> = in_order.iter().filter_map(|(_, pif)| *pif).collect();
        let known: HashSet<_> = listed.iter().map(Record::reference).collect();
        let unlisted = all.iter().filter(|pif| !known.contains(&pif.reference()));
        let unlisted = unlisted.copied().collect();
        let mut above: HashMap<_, Vec<_>> = HashMap::new();
        for pif in &all {
            for below in Nic(*pif).below(&restore.relations) {
                above.entry(below.0.reference()).or_default().push(*pif);
            }
        }
        let mut own = Self {
            listed,
            in_order,
            has_set,
            all,
            unlisted,
            devices: HashMap::new(),
            above,
        };
        let mut devices = HashMap::new();
        for (device, pif) in own.in_database() {
            devices.entry(device).or_insert(*pif);
        }
        own.devices = devices;
        own
    }

    /// The physical ones that are listed, by their devices, in the stored order.
    pub(super) fn physical(&self) -> impl Iterator<Item = (Cow<'a, str>, &Record<'a>)> {
        let physical = self.listed.iter().filter(|pif| pif.is("physical"));
        physical.filter_map(|pif| Some((pif.filled("device")?, pif)))
    }

    /// All physical ones by their devices, those first that are listed. The others are neither checked nor rewritten, but
    /// the database has them.
    pub(super) fn in_database(&self) -> impl Iterator<Item = (Cow<'a, str>, &Record<'a>)> {
        let others = self.unlisted.iter().filter(|pif| pif.is("physical"));
        let others = others.filter_map(|pif| Some((pif.filled("device")?, pif)));
        self.physical().chain(others)
    }

    /// The physical one of a device.
    pub(super) fn of_device(&self, device: &str) -> Option<&Record<'a>> {
        self.devices.get(device)
    }
}

/// MAC address of a PIF in lower case.
pub(super) fn mac_of(pif: &Record<'_>) -> Option<String> {
    pif.filled("MAC").map(|mac| mac.to_ascii_lowercase())
}

/// PCI address of a PIF.
pub(super) fn pci_of(pif: &Record<'_>) -> Option<String> {
    let pci = pif.follow("PCI")?.filled("pci_id")?;
    Some(pci.to_ascii_lowercase())
}

/// What stands on a PIF, directly and on what stands on it, with each one's name: `bond0`, `VLAN 50`.
pub(super) fn above<'a>(
    restore: &Restore<'a>,
    own: &Own<'a>,
    pif: &Record<'a>,
) -> Vec<(String, Record<'a>)> {
    let mut found = Vec::new();
    let mut seen = HashSet::new();
    let mut todo = vec![(*pif, 0)];
    while let Some((below, depth)) = todo.pop() {
        let on_it = own.above.get(&below.reference()).filter(|_| depth < DEPTH);
        for candidate in on_it.into_iter().flatten() {
            if found.len() >= STACKED || !seen.insert(candidate.reference()) {
                continue;
            }
            if let Some(name) = name_of(restore, candidate) {
                found.push((name, *candidate));
                todo.push((*candidate, depth + 1));
            }
        }
    }
    found
}

/// What a PIF that is not physical is called.
pub(super) fn name_of(restore: &Restore<'_>, pif: &Record<'_>) -> Option<String> {
    let nic = Nic(*pif);
    let device = || nic.device().unwrap_or_default().into_owned();
    match kind_of(restore, pif) {
        NicKind::Physical | NicKind::Other => None,
        NicKind::Bond => Some(device()),
        NicKind::Vlan => nic.vlan().map(|tag| format!("VLAN {tag}")),
        NicKind::Tunnel => Some("tunnel".to_owned()),
        NicKind::Sriov => Some("SR-IOV".to_owned()),
    }
}

fn kind_of(restore: &Restore<'_>, pif: &Record<'_>) -> NicKind {
    // A relation is looked up by reference, whoever asks.
    let has = |relation| {
        !restore
            .relations
            .of_reference(relation, &pif.reference())
            .is_empty()
    };
    if pif.is("physical") {
        NicKind::Physical
    } else if has(Relation::BondOfMaster) {
        NicKind::Bond
    } else if has(Relation::TunnelOfDevice) {
        NicKind::Tunnel
    } else if has(Relation::SriovOfDevice) {
        NicKind::Sriov
    } else if Nic(*pif).vlan().is_some() {
        NicKind::Vlan
    } else {
        NicKind::Other
    }
}

//! PIF rows of the coordinator, played through as xapi does it (`formats/restore.md` section 3, 4): for each PIF that
//! the host's row lists, in the stored order, the management flag and, of physical ones, the MAC address by device.

use std::collections::{BTreeMap, BTreeSet};

use xenspect_inventory::view::Nic;
use xenspect_model::preflight::{Change, PifChange};

use super::changed;
use crate::restore::Restore;

/// The rows that change, and the management device before and after.
pub(super) fn of(restore: &Restore<'_>) -> (Vec<PifChange>, Option<Change>) {
    let target = restore.target;
    let nics = target.physical_nics().unwrap_or_default();
    let macs: BTreeMap<_, _> = nics
        .iter()
        .map(|nic| (nic.device.as_str(), nic.mac.as_deref()))
        .collect();
    // Flags are known only where xapi's own list of PIFs is.
    let flags = target
        .nics
        .iter()
        .flatten()
        .any(|nic| nic.management.is_some());
    let device = target.management_device();
    let mut changes = Vec::new();
    let mut before = BTreeSet::new();
    let mut after = BTreeSet::new();
    for pif in restore.listed_pifs() {
        let name = Nic(pif).device().unwrap_or_default();
        let was = pif.is("management");
        let is = device == Some(&*name);
        if was {
            before.insert(name.to_string());
        }
        if is {
            after.insert(name.to_string());
        }
        let own = pif.filled("MAC").map(|mac| mac.to_ascii_lowercase());
        let new = macs
            .get(&*name)
            .copied()
            .flatten()
            .filter(|_| pif.is("physical"));
        let mac = changed(own, new.map(str::to_ascii_lowercase));
        let management = (flags && was != is).then_some(is);
        if mac.is_some() || management.is_some() {
            changes.push(PifChange {
                device: name.into_owned(),
                vlan: Nic(pif).vlan(),
                mac,
                management,
            });
        }
    }
    let join = |devices: BTreeSet<String>| {
        let devices: Vec<_> = devices.into_iter().collect();
        (!devices.is_empty()).then(|| devices.join(", "))
    };
    let (before, after) = (join(before), join(after));
    let management = (flags && before != after).then_some(Change { before, after });
    (changes, management)
}

/// Physical NICs of the target that the coordinator's PIFs do not have.
pub(super) fn forgotten(restore: &Restore<'_>) -> Vec<String> {
    let pifs = restore.listed_pifs();
    let physical = pifs.iter().filter(|pif| pif.is("physical"));
    let known: BTreeSet<_> = physical.filter_map(|pif| Nic(*pif).device()).collect();
    let nics = restore.target.physical_nics().unwrap_or_default();
    let devices = nics.iter().map(|nic| nic.device.as_str());
    devices
        .filter(|device| !known.contains(*device))
        .map(str::to_owned)
        .collect()
}

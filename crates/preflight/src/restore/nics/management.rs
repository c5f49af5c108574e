//! The management interface: checks 25 to 27 (`formats/restore.md` section 3, 4).

use xenspect_inventory::Relation;
use xenspect_model::{Code, Finding};

use super::own::Own;
use crate::checks::Id;
use crate::restore::Restore;
use crate::verdicts::{Step, Verdicts};

pub(super) fn check(restore: &Restore<'_>, own: &Own<'_>, verdicts: &mut Verdicts) {
    flags(restore, own, verdicts);
    bridge(restore, verdicts);
}

fn flags(restore: &Restore<'_>, own: &Own<'_>, verdicts: &mut Verdicts) {
    let Some(nics) = &restore.target.nics else {
        lack(verdicts, "the target's NICs");
        return;
    };
    let flagged: Vec<String> = nics
        .iter()
        .filter(|nic| nic.is_management())
        .map(|nic| nic.device.clone())
        .collect();
    let untold = nics.iter().any(|nic| nic.management.is_none());
    if flagged.is_empty() && (untold || nics.is_empty()) {
        lack(
            verdicts,
            "which of the target's NICs is the management interface",
        );
        return;
    }
    let Some(device) = restore.target.management_device() else {
        let finding = Finding::new(Code::RestoreManagementCount)
            .fact("management_interfaces", flagged.len() as u64)
            .fact("devices", flagged);
        verdicts.find(finding);
        return;
    };
    if restore.coordinator.is_none() {
        return;
    }
    let devices = own.listed.iter();
    let devices = devices.map(|pif| pif.text("device").unwrap_or_default().into_owned());
    let mut devices: Vec<String> = devices.collect();
    if devices.iter().any(|own| own == device) {
        return;
    }
    // xapi gathers them from the end.
    devices.reverse();
    let finding = Finding::new(Code::RestoreManagementNotInDump)
        .fact("management_of_target", device)
        .fact("devices_of_dump", devices.clone());
    verdicts.refuse(Step::Management, devices, finding);
}

fn lack(verdicts: &mut Verdicts, fact: &str) {
    verdicts.lack(Id::Restore(25), fact);
    verdicts.lack(Id::Restore(26), fact);
}

/// Check 27. After the start the management flag follows the inventory's bridge.
fn bridge(restore: &Restore<'_>, verdicts: &mut Verdicts) {
    let check = Id::Restore(27);
    let Some(coordinator) = restore.coordinator else {
        return;
    };
    let Some(bridge) = restore.target.management.bridge.as_deref() else {
        verdicts.lack(check, "MANAGEMENT_INTERFACE of the target's inventory");
        return;
    };
    if bridge.is_empty() {
        verdicts.nothing(check);
        return;
    }
    let mut networks = restore.store.of_class("network");
    let network = networks.find(|network| network.text("bridge").is_some_and(|own| own == bridge));
    let has_pif = network.is_some_and(|network| {
        let pifs = restore.relations.of(Relation::PifsOfNetwork, &network);
        let mut hosts = pifs.iter().filter_map(|pif| pif.link("host"));
        hosts.any(|host| host == coordinator.reference())
    });
    if !has_pif {
        let finding = Finding::new(Code::RestoreManagementBridge)
            .fact("bridge", bridge)
            .fact("network_in_dump", network.is_some());
        verdicts.find(finding);
    }
}

//! The management interface: checks 25 to 27 (`formats/restore.md` section 3, 4).

use xenspect_inventory::{Record, Relation};
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
    // An untold NIC may be the one, or a second; two that are told are enough.
    if flagged.len() < 2 && (untold || nics.is_empty()) {
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
    let on_it: Vec<Record<'_>> = network
        .iter()
        .flat_map(|network| restore.relations.of(Relation::PifsOfNetwork, network))
        .filter(|pif| {
            pif.link("host")
                .is_some_and(|host| host == coordinator.reference())
        })
        .copied()
        .collect();
    let slave = on_it.iter().find(|pif| pif.link("bond_slave_of").is_some());
    match slave {
        // A slave has no bridge of its own: the one of its bond carries the host's traffic.
        Some(slave) if on_it.iter().all(|pif| pif.link("bond_slave_of").is_some()) => {
            verdicts.find(on_slave(restore, bridge, slave));
        }
        Some(_) => {}
        None if on_it.is_empty() => {
            let finding = Finding::new(Code::RestoreManagementBridge)
                .fact("bridge", bridge)
                .fact("network_in_dump", network.is_some());
            verdicts.find(finding);
        }
        None => {}
    }
}

/// The target's management bridge is that of a NIC which the dump has in a bond.
fn on_slave(restore: &Restore<'_>, bridge: &str, slave: &Record<'_>) -> Finding {
    let device = slave.filled("device").unwrap_or_default();
    let bond = slave.link("bond_slave_of");
    let master = bond
        .and_then(|bond| restore.store.resolve(&bond))
        .and_then(|bond| bond.follow("master"));
    let name = master.and_then(|master| master.filled("device"));
    let name = name.as_deref().unwrap_or("a bond");
    let uuid = master.and_then(|master| master.filled("uuid"));
    let way = match &uuid {
        Some(uuid) => format!("`xe host-management-reconfigure pif-uuid={uuid}`"),
        None => {
            "`xe host-management-reconfigure pif-uuid=…` with the uuid of the bond's PIF, which \
                 `xe pif-list params=uuid,device` shows"
                .to_owned()
        }
    };
    Finding::new(Code::RestoreManagementBridge)
        .table("PIF")
        .row(&slave.reference())
        .column("bond_slave_of")
        .fact("bridge", bridge)
        .fact("network_in_dump", true)
        .fact("device", &*device)
        .fact("slave_of", name)
        .advice(format!(
            "The target's management interface is on {bridge}, and in the dump the PIF on that bridge, {device}, is a \
             slave of {name}, which has no address of its own. After the restore, at the console of the host: {way}."
        ))
}

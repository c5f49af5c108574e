//! PIFs of the host, and what manages it.

use xenspect_inventory::view::Nic;
use xenspect_inventory::{Record, Relation, Relations};
use xenspect_model::target::{TargetManagement, TargetNic};

/// The PIFs in the order of the database.
pub(super) fn of_host<'a>(relations: &Relations<'a>, own: &Record<'a>) -> Vec<TargetNic> {
    let pifs = relations.of(Relation::PifsOfHost, own);
    pifs.iter().map(|pif| nic(pif)).collect()
}

fn nic(pif: &Record<'_>) -> TargetNic {
    let view = Nic(*pif);
    TargetNic {
        device: view.device().unwrap_or_default().into_owned(),
        mac: pif.filled("MAC").map(|mac| mac.to_ascii_lowercase()),
        pci: pif
            .follow("PCI")
            .and_then(|pci| pci.filled("pci_id"))
            .map(Into::into),
        physical: pif
            .bool("physical")
            .unwrap_or_else(|| is_named_like_one(&view)),
        management: pif.bool("management"),
        vlan: view.vlan(),
        bridge: pif
            .follow("network")
            .and_then(|network| network.filled("bridge"))
            .map(Into::into),
        ip: pif.filled("IP").map(Into::into),
        carrier: pif
            .follow("metrics")
            .and_then(|metrics| metrics.bool("carrier")),
    }
}

/// Where a row does not say, what has no tag and no bond's name is a NIC of the machine.
fn is_named_like_one(view: &Nic<'_>) -> bool {
    let device = view.device();
    view.vlan().is_none() && !device.is_some_and(|device| device.starts_with("bond"))
}

/// What the management PIF says; nothing where there is not exactly one.
pub(super) fn management<'a>(relations: &Relations<'a>, own: &Record<'a>) -> TargetManagement {
    let pifs = relations.of(Relation::PifsOfHost, own);
    let mut managing = pifs.iter().filter(|pif| pif.is("management"));
    let (Some(pif), None) = (managing.next(), managing.next()) else {
        return TargetManagement::default();
    };
    TargetManagement {
        bridge: pif
            .follow("network")
            .and_then(|network| network.filled("bridge"))
            .map(Into::into),
        device: pif.filled("device").map(Into::into),
        mode: pif
            .filled("ip_configuration_mode")
            .map(|mode| mode.to_ascii_lowercase()),
        ip: pif.filled("IP").map(Into::into),
        netmask: pif.filled("netmask").map(Into::into),
        gateway: pif.filled("gateway").map(Into::into),
    }
}

//! Bonds, VLANs, tunnels and SR-IOV networks of the coordinator: check 30.

use std::collections::HashMap;

use xenspect_inventory::Record;
use xenspect_model::{Code, Finding};

use super::own::{Own, mac_of, name_of};
use crate::restore::Restore;
use crate::verdicts::Verdicts;

/// Classes that put a PIF on top of others: the class, the PIF on top, the ones below.
const STACKS: [(&str, &str, &[&str]); 4] = [
    ("Bond", "master", &["primary_slave"]),
    ("VLAN", "untagged_PIF", &["tagged_PIF"]),
    ("tunnel", "access_PIF", &["transport_PIF"]),
    ("network_sriov", "logical_PIF", &["physical_PIF"]),
];

pub(super) fn check(restore: &Restore<'_>, own: &Own<'_>, verdicts: &mut Verdicts) {
    let by_reference: HashMap<_, _> = own.all.iter().map(|pif| (pif.reference(), pif)).collect();
    for (class, top, below) in STACKS {
        for row in restore.store.of_class(class) {
            let device = row.link(top).and_then(|top| by_reference.get(&top));
            let Some(device) = device else {
                continue;
            };
            for field in below {
                if let Some(reference) = row.link(field) {
                    member(restore, &row, field, &reference, device, verdicts);
                }
            }
            for reference in row
                .set("slaves")
                .filter(|_| class == "Bond")
                .unwrap_or_default()
            {
                member(restore, &row, "slaves", &reference, device, verdicts);
            }
            if class == "Bond" {
                bond_mac(restore, own, &row, device, verdicts);
            }
        }
    }
    for pif in &own.all {
        if let Some(bond) = pif.link("bond_slave_of")
            && restore.store.resolve(&bond).is_none()
        {
            let finding = Finding::new(Code::RestoreBondMember)
                .table("PIF")
                .row(&pif.reference())
                .column("bond_slave_of")
                .fact(
                    "device",
                    pif.text("device").unwrap_or_default().into_owned(),
                )
                .fact("missing", bond.into_owned());
            verdicts.find(finding);
        }
    }
}

/// What something stands on must be there.
fn member(
    restore: &Restore<'_>,
    row: &Record<'_>,
    field: &str,
    reference: &str,
    device: &Record<'_>,
    verdicts: &mut Verdicts,
) {
    let found = restore.store.resolve(reference);
    if found.is_some_and(|pif| pif.class() == "PIF") {
        return;
    }
    let name = name_of(restore, device);
    let finding = Finding::new(Code::RestoreBondMember)
        .table(row.class())
        .row(&row.reference())
        .column(field)
        .fact(
            "device",
            name.unwrap_or_else(|| device.text("device").unwrap_or_default().into_owned()),
        )
        .fact("missing", reference);
    verdicts.find(finding);
}

/// A bond has the MAC address of one of its NICs, and is not rewritten when that one is.
fn bond_mac(
    restore: &Restore<'_>,
    own: &Own<'_>,
    bond: &Record<'_>,
    device: &Record<'_>,
    verdicts: &mut Verdicts,
) {
    let (Some(mac), Some(nics)) = (mac_of(device), restore.target.physical_nics()) else {
        return;
    };
    let slaves = own.listed.iter().filter(|pif| {
        pif.link("bond_slave_of")
            .is_some_and(|of| of == bond.reference())
    });
    let mut now = Vec::new();
    for slave in slaves {
        let name = slave.text("device").unwrap_or_default();
        let nic = nics.iter().find(|nic| nic.device == name);
        match nic.and_then(|nic| nic.mac.as_deref()) {
            Some(theirs) => now.push(format!("{name} {}", theirs.to_ascii_lowercase())),
            // Missing NICs are told by themselves, and unknown addresses tell nothing.
            None => return,
        }
    }
    let has_it = now.iter().any(|nic| nic.ends_with(&mac));
    if !now.is_empty() && !has_it {
        let finding = Finding::new(Code::RestoreBondMac)
            .table("PIF")
            .row(&device.reference())
            .column("MAC")
            .fact(
                "device",
                device.text("device").unwrap_or_default().into_owned(),
            )
            .fact("mac_of_bond", mac)
            .fact("nics_on_target", now);
        verdicts.find(finding);
    }
}

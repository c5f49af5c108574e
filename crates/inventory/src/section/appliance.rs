//! The sections of an XVA of version 1, whose `ova.xml` is of another form (`formats/xva.md` section 9).

use std::collections::HashMap;

use xenspect_model::inventory::{Cell, Section, Table};
use xenspect_xapi::legacy::{Appliance, ApplianceVbd, ApplianceVm};

use super::{bytes, int, list, number, section, text};
use crate::bounded::clip;

/// Its VMs and disks.
pub(crate) fn of_appliance(appliance: &Appliance) -> Vec<Section> {
    let mut vms = Table::new(&[
        text("name", "name"),
        bytes("memory", "memory").rank(1),
        int("vcpus", "vCPUs").rank(2),
        int("disks", "disks").rank(3),
        text("domain_type", "domain").rank(4),
        text("description", "description").rank(5),
    ]);
    for vm in &appliance.vms {
        let name = vm.label.clone().filter(|label| !label.is_empty());
        let domain = vm.is_hvm.as_deref().map(|flag| match flag {
            "true" | "1" => "hvm".to_owned(),
            _ => "pv".to_owned(),
        });
        vms.rows.push(vec![
            name.or_else(|| vm.name.clone()).into(),
            vm.memory.into(),
            vm.vcpus.and_then(|n| i64::try_from(n).ok()).into(),
            number(vm.vbds.len()),
            domain.into(),
            vm.description.clone().into(),
        ]);
    }
    let mut disks = Table::new(&[
        list("vms", "VM"),
        text("device", "dev").rank(1),
        text("name", "name"),
        bytes("size", "size"),
        text("type", "type").rank(2),
        text("id", "folder").rank(3),
    ]);
    let mut by_vdi: HashMap<&str, Vec<(&ApplianceVm, &ApplianceVbd)>> = HashMap::new();
    for vm in &appliance.vms {
        for vbd in &vm.vbds {
            if let Some(vdi) = &vbd.vdi {
                by_vdi.entry(vdi).or_default().push((vm, vbd));
            }
        }
    }
    for vdi in &appliance.vdis {
        // Once only, should there be two disks of one name.
        let attached = vdi.name.as_deref().and_then(|name| by_vdi.remove(name));
        let attached = attached.unwrap_or_default();
        let name = |vm: &ApplianceVm| vm.label.clone().or_else(|| vm.name.clone());
        let names = attached
            .iter()
            .filter_map(|(vm, _)| Some(clip(name(vm)?.into())));
        let device = attached.first().and_then(|(_, vbd)| vbd.device.clone());
        disks.rows.push(vec![
            Cell::List(names.collect()),
            device.into(),
            vdi.name.clone().into(),
            vdi.size.into(),
            vdi.variety.clone().into(),
            vdi.source_dir.clone().into(),
        ]);
    }
    vec![section("vms", "VMs", vms), section("disks", "Disks", disks)]
}

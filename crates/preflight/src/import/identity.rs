//! VMs that are there already, MAC addresses and their seeds: checks 8 and 9 of an import. Without `preserve=true` an
//! importer gives new uuids, seeds and addresses, so nothing can clash.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use xenspect_inventory::Relation;
use xenspect_inventory::view::{Role, Vm};
use xenspect_model::Code;
use xenspect_model::preflight::Changes;
use xenspect_model::report::Named;
use xenspect_model::target::TargetVm;

use super::{Import, Objects, quoted};
use crate::checks::Id;
use crate::verdicts::{Step, Verdicts};

/// Seeds, which are looked at before anything is made, and addresses, which nobody looks at.
pub(super) fn check_seeds(import: &Import<'_>, objects: &Objects<'_>, verdicts: &mut Verdicts) {
    let check = Id::Import(8);
    if !import.manner.preserve {
        return verdicts.nothing(check);
    }
    let Some(known) = &import.target.vms else {
        return verdicts.lack(check, "the target's VMs");
    };
    let mut seeds: HashMap<&str, Vec<&TargetVm>> = HashMap::new();
    let mut addresses: HashMap<&str, Vec<&TargetVm>> = HashMap::new();
    for there in known {
        if let Some(seed) = &there.mac_seed {
            seeds.entry(seed).or_default().push(there);
        }
        for mac in &there.macs {
            addresses.entry(mac).or_default().push(there);
        }
    }
    for vm in objects.vms() {
        let uuid = vm.0.uuid().unwrap_or_default();
        let is_other = |other: &&&TargetVm| other.uuid != *uuid;
        if let Some(seed) = vm.0.map_text("other_config", "mac_seed")
            && let Some(other) = seeds.get(&*seed).into_iter().flatten().find(is_other)
        {
            let finding = import
                .about(Code::ImportMacSeed, &vm.0)
                .fact("vm", &*vm.0.title())
                .fact("mac_seed", &*seed)
                .fact("other_vm", title(other))
                .fact("other_uuid", other.uuid.as_str());
            verdicts.refuse(Step::Preserve, vec![seed.into_owned()], finding);
        }
        let vifs = objects.relations.of(Relation::VifsOfVm, &vm.0);
        let macs: BTreeSet<String> = vifs
            .iter()
            .filter_map(|vif| vif.filled("MAC"))
            .map(|mac| mac.to_ascii_lowercase())
            .collect();
        let mut same: BTreeMap<&str, (&TargetVm, Vec<String>)> = BTreeMap::new();
        for mac in macs {
            for other in addresses
                .get(mac.as_str())
                .into_iter()
                .flatten()
                .filter(is_other)
            {
                let (_, macs) = same.entry(&other.uuid).or_insert((other, Vec::new()));
                macs.push(mac.clone());
            }
        }
        for (other, macs) in same.into_values() {
            let finding = import
                .about(Code::ImportMac, &vm.0)
                .fact("vm", &*vm.0.title())
                .fact("macs", macs)
                .fact("other_vm", title(other))
                .fact("other_uuid", other.uuid.as_str());
            verdicts.find(finding);
        }
    }
}

/// VMs of the same uuid.
pub(super) fn check(
    import: &Import<'_>,
    objects: &Objects<'_>,
    verdicts: &mut Verdicts,
    changes: &mut Changes,
) {
    let Some(known) = &import.target.vms else {
        return if import.manner.preserve {
            verdicts.lack(Id::Import(9), "the target's VMs");
        } else {
            // Whatever is there, the import gets new uuids.
            verdicts.nothing(Id::Import(9));
        };
    };
    let known: HashMap<&str, &TargetVm> = known.iter().map(|vm| (vm.uuid.as_str(), vm)).collect();
    for vm in objects.vms() {
        let there = vm.0.uuid().and_then(|uuid| known.get(&*uuid).copied());
        let Some(there) = there else {
            if import.manner.preserve && vm.role() != Role::Vm {
                // Targets list VMs only.
                verdicts.lack(Id::Import(9), "templates and snapshots of the pool");
            }
            continue;
        };
        if import.manner.preserve {
            replace(import, vm, there, verdicts, changes);
        } else {
            verdicts.find(finding(import, Code::ImportVmExists, vm, there));
        }
    }
}

/// What `preserve=true` does with a VM that is there: it must be halted and older, and is destroyed then.
fn replace(
    import: &Import<'_>,
    vm: Vm<'_>,
    there: &TargetVm,
    verdicts: &mut Verdicts,
    changes: &mut Changes,
) {
    let mut refused = false;
    if !import.manner.force {
        match there.power_state.as_deref() {
            Some("Halted") => {}
            Some(state) => {
                let params = vec![there.uuid.clone(), "Halted".to_owned(), state.to_owned()];
                let finding = finding(import, Code::ImportVmNotHalted, vm, there);
                verdicts.refuse(Step::Objects, params, finding.fact("power_state", state).advice(format!(
                    "Shut it down first: `xe vm-shutdown uuid={}`. Or import without `preserve=true` to have both.",
                    quoted(&there.uuid)
                )));
                refused = true;
            }
            None => verdicts.lack(Id::Import(9), "the power state of the target's VMs"),
        }
        match (there.version, vm.0.int("version").unwrap_or(0)) {
            (Some(old), new) if old >= new => {
                let params = vec![there.uuid.clone(), old.to_string(), new.to_string()];
                let finding = finding(import, Code::ImportVmNotNewer, vm, there)
                    .fact("version_there", old.to_string())
                    .fact("version_here", new.to_string());
                verdicts.refuse(Step::Objects, params, finding);
                refused = true;
            }
            (Some(_), _) => {}
            (None, _) => verdicts.lack(Id::Import(9), "the versions of the target's VMs"),
        }
    }
    if !refused {
        let mut replaced = finding(import, Code::ImportVmReplaced, vm, there).advice(format!(
            "Export the VM that is there first: `xe vm-export uuid={0} filename={0}.xva`. Or import without \
             `preserve=true` to have both.",
            quoted(&there.uuid)
        ));
        if let Some(state) = &there.power_state {
            replaced = replaced.fact("power_state", state.as_str());
        }
        verdicts.find(replaced);
        changes.vms_replaced.push(Named {
            name: title(there).to_owned(),
            uuid: there.uuid.clone(),
        });
    }
}

fn finding(
    import: &Import<'_>,
    code: Code,
    vm: Vm<'_>,
    there: &TargetVm,
) -> xenspect_model::Finding {
    import
        .about(code, &vm.0)
        .fact("vm", &*vm.0.title())
        .fact("uuid", there.uuid.as_str())
        .fact("name_there", title(there))
}

fn title(vm: &TargetVm) -> &str {
    vm.name
        .as_deref()
        .filter(|name| !name.is_empty())
        .unwrap_or(&vm.uuid)
}

//! VMs of another pool: the same VM, MAC addresses and MAC seeds. Where a VM is the same, that its addresses are too
//! goes without saying.

use std::collections::HashSet;

use xenspect_inventory::Record;
use xenspect_model::target::TargetVm;
use xenspect_model::{Code, Finding, Severity};

use super::own::Own;
use super::{Other, lack, listed, word};
use crate::verdicts::Verdicts;

pub(super) fn check(own: &Own<'_, '_>, other: &Other<'_>, verdicts: &mut Verdicts) {
    let Some(vms) = &other.target.vms else {
        lack(other, 2, "the VMs", verdicts);
        lack(other, 5, "the VMs", verdicts);
        lack(other, 6, "the VMs", verdicts);
        return;
    };
    let srs = other.target.srs.iter().flatten().map(|sr| sr.uuid.as_str());
    let srs: HashSet<_> = srs.collect();
    for vm in vms {
        match own.vms.get(vm.uuid.as_str()) {
            Some(ours) => verdicts.find(other.of(same(own, other, ours, vm, &srs))),
            None => {
                macs(own, other, vm, verdicts);
                seed(own, other, vm, verdicts);
            }
        }
    }
}

fn title(vm: &TargetVm) -> &str {
    let name = vm.name.as_deref().filter(|name| !name.is_empty());
    name.unwrap_or(&vm.uuid)
}

fn same(
    own: &Own<'_, '_>,
    other: &Other<'_>,
    ours: &Record<'_>,
    vm: &TargetVm,
    srs: &HashSet<&str>,
) -> Finding {
    let name = ours.title();
    let runs = matches!(vm.power_state.as_deref(), Some("Running" | "Paused"));
    let mut finding = Finding::new(Code::ClashVm)
        .table("VM")
        .row(&ours.reference())
        .column("uuid")
        .fact("vm", &*name)
        .fact("uuid", vm.uuid.as_str())
        .fact("other_vm", title(vm));
    if let Some(state) = &vm.power_state {
        finding = finding.fact("power_state_there", state.as_str());
    }
    let shared: Vec<_> = match own.restore.store.by_uuid(&vm.uuid) {
        Some(ours) => own
            .srs_of(&ours)
            .into_iter()
            .filter(|sr| srs.contains(sr.as_str()))
            .collect(),
        None => Vec::new(),
    };
    let twice = runs && !shared.is_empty();
    if !shared.is_empty() {
        finding = finding.fact("srs_in_both", listed(shared));
    }
    match (twice, other.is_target) {
        (true, false) => finding.severity(Severity::Error).advice(format!(
            "{name} runs in {0} on the same storage. Never start it in both: two starts destroy its disks. Shut it \
             down in {0} (`xe vm-shutdown uuid={1}`), and remove it there (`xe vm-destroy uuid={1}`, which leaves \
             its disks) before it is started in the restored pool.",
            other.name,
            word(&vm.uuid, "<uuid>")
        )),
        (true, true) => finding.severity(Severity::Error).advice(format!(
            "{name} runs in the pool that the target is in. Shut it down before the restore (`xe vm-shutdown \
             uuid={}`): where another host of that pool runs it, nothing keeps it from being started a second time \
             on the same disks.",
            word(&vm.uuid, "<uuid>")
        )),
        (false, _) => finding,
    }
}

fn macs(own: &Own<'_, '_>, other: &Other<'_>, vm: &TargetVm, verdicts: &mut Verdicts) {
    let mut macs = Vec::new();
    let mut names = Vec::new();
    for mac in &vm.macs {
        if let Some(ours) = own.macs.get(&mac.to_ascii_lowercase()) {
            macs.push(mac.clone());
            let name = ours.title().into_owned();
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    if macs.is_empty() {
        return;
    }
    let finding = Finding::new(Code::ClashMac)
        .table("VIF")
        .column("MAC")
        .fact("macs", listed(macs))
        .fact("vms", listed(names))
        .fact("other_vm", title(vm))
        .fact("other_uuid", vm.uuid.as_str());
    verdicts.find(other.of(left(other, finding)));
}

fn seed(own: &Own<'_, '_>, other: &Other<'_>, vm: &TargetVm, verdicts: &mut Verdicts) {
    let seed = vm.mac_seed.as_deref().filter(|seed| !seed.is_empty());
    let Some(seed) = seed.map(str::to_ascii_lowercase) else {
        return;
    };
    let Some(ours) = own.seeds.get(&seed) else {
        return;
    };
    let finding = Finding::new(Code::ClashMacSeed)
        .table("VM")
        .row(&ours.reference())
        .column("other_config")
        .fact("vm", &*ours.title())
        .fact("mac_seed", seed)
        .fact("other_vm", title(vm))
        .fact("other_uuid", vm.uuid.as_str());
    verdicts.find(other.of(left(other, finding)));
}

/// In a pool of the target alone nothing is left to clash with once its database is replaced.
fn left(other: &Other<'_>, finding: Finding) -> Finding {
    if other.is_left_empty() {
        finding.severity(Severity::Note)
    } else {
        finding
    }
}

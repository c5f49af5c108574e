//! What the VM asks of the machine that it comes to: checks 7 and 11 to 14 of an import.

use std::collections::BTreeSet;

use xenspect_inventory::Relation;
use xenspect_inventory::view::{Firmware, Vm};
use xenspect_model::{Code, Severity};

use super::{Import, Objects};
use crate::checks::Id;
use crate::verdicts::{Step, Verdicts};

/// Makes the checks. `missing` are the VDIs that a metadata-only import does not find.
pub(super) fn check(
    import: &Import<'_>,
    objects: &Objects<'_>,
    missing: &BTreeSet<String>,
    verdicts: &mut Verdicts,
) {
    let (mut uefi, mut tpm, mut suspended, mut gpu) = (false, false, false, false);
    for vm in objects.vms() {
        size(import, vm, verdicts);
        uefi |= firmware(import, vm, verdicts);
        tpm |= vtpm(import, objects, vm, verdicts);
        suspended |= suspend(import, objects, vm, missing, verdicts);
        gpu |= gpus(import, objects, vm, verdicts);
    }
    let found = [(11, uefi), (12, tpm), (13, suspended), (14, gpu)];
    for (check, _) in found.into_iter().filter(|(_, there)| !there) {
        verdicts.nothing(Id::Import(check));
    }
}

/// vCPUs and memory against those of the host.
fn size(import: &Import<'_>, vm: Vm<'_>, verdicts: &mut Verdicts) {
    let host = &import.target.host;
    match (host.cpus, vm.0.count("VCPUs_max")) {
        (None, _) => verdicts.lack(Id::Import(7), "the number of the target's CPUs"),
        (Some(cpus), Some(vcpus)) if vcpus > cpus => {
            let finding = about(import, Code::ImportVcpus, vm)
                .fact("vcpus", vcpus)
                .fact("host_cpus", cpus);
            verdicts.find(finding);
        }
        _ => {}
    }
    match (host.memory, vm.memory()) {
        (None, _) => verdicts.lack(Id::Import(7), "the target's memory"),
        (Some(memory), Some(wanted)) if wanted > memory => {
            let finding = about(import, Code::ImportMemory, vm)
                .fact("memory_bytes", wanted)
                .fact("host_memory_bytes", memory);
            verdicts.find(finding);
        }
        _ => {}
    }
}

/// UEFI came with 8.0, as an experiment with 7.6; secure boot with 8.2.
fn firmware(import: &Import<'_>, vm: Vm<'_>, verdicts: &mut Verdicts) -> bool {
    if vm.firmware() != Some(Firmware::Uefi) {
        return false;
    }
    let secure = vm.secure_boot().as_deref() == Some("true");
    let running = import.running;
    let (needs, first) = if secure {
        ("8.2", (8, 2))
    } else {
        ("8.0", (8, 0))
    };
    match (running.at_least(first), running.at_least((7, 6))) {
        (Some(true), _) => {}
        (Some(false), experimental) => {
            let mut finding = about(import, Code::ImportFirmware, vm)
                .fact("firmware", "UEFI")
                .fact("secure_boot", secure)
                .fact("needs_release", needs);
            if experimental == Some(true) {
                // It starts, or starts without looking at signatures.
                finding = finding.severity(Severity::Warning);
            }
            verdicts.find(finding);
        }
        (None, _) => verdicts.lack(Id::Import(11), "the target's release"),
    }
    true
}

/// Releases before XenServer 8 and XCP-ng 8.3 pass over the class, so the VM comes without its TPM.
fn vtpm<'a>(
    import: &Import<'_>,
    objects: &Objects<'a>,
    vm: Vm<'a>,
    verdicts: &mut Verdicts,
) -> bool {
    if !vm.has_vtpm(&objects.relations) {
        return false;
    }
    match import.running.at_least((8, 3)) {
        Some(true) => {}
        Some(false) => {
            let finding = about(import, Code::ImportVtpm, vm).fact("needs_release", "8.3");
            verdicts.find(finding);
        }
        None => verdicts.lack(Id::Import(12), "the target's release"),
    }
    true
}

/// A suspended VM goes on only on a CPU like the one it was suspended on, with its memory there.
fn suspend<'a>(
    import: &Import<'_>,
    objects: &Objects<'a>,
    vm: Vm<'a>,
    missing: &BTreeSet<String>,
    verdicts: &mut Verdicts,
) -> bool {
    if vm.power_state().as_deref() != Some("Suspended") {
        return false;
    }
    let image = vm.0.link("suspend_VDI");
    let state = match &image {
        None => "none",
        Some(image) if objects.store.resolve(image).is_none() => "not in the export",
        Some(image) if missing.contains(&**image) => "not in the pool",
        Some(_) => "there",
    };
    let mut finding = about(import, Code::ImportSuspend, vm).fact("image", state);
    if state != "there" {
        finding = finding.severity(Severity::Error).advice(
            "It cannot be resumed. After the import, give its memory up: `xe vm-reset-powerstate uuid=<VM> \
             force=true`, then start it. To keep its state, find the disk that holds its memory first.",
        );
    }
    verdicts.find(finding);
    true
}

/// A GPU group of the same types must be there for a metadata-only export; a full import makes an empty one.
fn gpus<'a>(
    import: &Import<'_>,
    objects: &Objects<'a>,
    vm: Vm<'a>,
    verdicts: &mut Verdicts,
) -> bool {
    let vgpus = objects.relations.of(Relation::VgpusOfVm, &vm.0);
    for vgpu in vgpus {
        let Some(known) = &import.target.gpu_groups else {
            verdicts.lack(Id::Import(14), "the target's GPU groups");
            continue;
        };
        let Some(group) = vgpu.follow("GPU_group") else {
            continue;
        };
        let mut types = group.set("GPU_types").unwrap_or_default();
        types.sort();
        let types = types.join(",");
        if known.contains(&types) {
            continue;
        }
        let mut finding = about(import, Code::ImportGpu, vm)
            .fact("gpu_group", &*group.title())
            .fact("gpu_types", types);
        if import.metadata_only {
            verdicts.refuse(Step::Objects, Vec::new(), finding);
        } else {
            finding.xapi_error = None;
            verdicts.find(finding.severity(Severity::Warning));
        }
    }
    !vgpus.is_empty()
}

fn about(import: &Import<'_>, code: Code, vm: Vm<'_>) -> xenspect_model::Finding {
    import.about(code, &vm.0).fact("vm", &*vm.0.title())
}

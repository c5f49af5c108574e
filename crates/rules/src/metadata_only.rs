//! Metadata-only exports by their own rules (`formats/xva.md` section 13): the signs by which one is known, the links of its
//! snapshots, and what an import of metadata answers.

use std::collections::{BTreeMap, BTreeSet};

use xenspect_model::{Code, Finding};
use xenspect_xapi::export::{Export, PowerState};

use crate::metadata::ova;

/// An import of metadata parses the document outside of what maps errors to those of imports (`formats/xva.md`
/// section 11.3).
pub(crate) fn answer_as_metadata_import(finding: &mut Finding) {
    const PARSING: [Code; 7] = [
        Code::MetadataNotXml,
        Code::MetadataEntities,
        Code::MetadataNesting,
        Code::MetadataStructure,
        Code::MetadataField,
        Code::MetadataFieldMissing,
        Code::VirtualSizeInvalid,
    ];
    if PARSING.contains(&finding.code) && finding.xapi_error.is_some() {
        finding.xapi_error = Some("INTERNAL_ERROR".to_owned());
    }
}

/// What an export holds that one with disks never does: those are of one VM, without its snapshots, and as if it were
/// halted (`formats/xva.md` sections 3.3 and 13).
pub(crate) fn signs(export: &Export) -> Vec<String> {
    let snapshots = export.vms().filter(|vm| vm.is_a_snapshot()).count();
    let vms = export.vms().count() - snapshots;
    let mut signs = Vec::new();
    if vms > 1 {
        signs.push(format!("{vms} VMs"));
    }
    if snapshots > 0 {
        signs.push(crate::scope::count(snapshots as u64, "snapshot"));
    }
    let active = export.vms().find_map(|vm| match vm.power_state() {
        Some(PowerState::Running) => Some("running"),
        Some(PowerState::Paused) => Some("paused"),
        _ => None,
    });
    if let Some(state) = active {
        signs.push(format!("a VM that is {state}"));
    }
    let attached = |class| {
        let mut objects = export.of_class(class);
        objects.any(|object| object.boolean("currently_attached") == Some(true))
    };
    if attached("VBD") || attached("VIF") {
        signs.push("devices that are attached".to_owned());
    }
    signs
}

/// Devices that a VM lists and that are not there. No importer reads the lists, but the device is lost.
pub(crate) fn devices(export: &Export) -> Vec<Finding> {
    let mut findings = Vec::new();
    for vm in export.vms() {
        for field in ["VBDs", "VIFs", "VGPUs", "VTPMs"] {
            let listed = vm.object().set(field).into_iter().flatten();
            let lost = listed.filter_map(|value| value.as_text()).filter(|to| {
                to.starts_with("Ref:") && !export.is_null(to) && export.object(to).is_none()
            });
            for to in lost {
                let place = format!("VM {}.{field}", vm.id());
                let mut finding = ova(Code::DanglingReference).object(place).fact("to", to);
                finding.xapi_error = None;
                findings.push(finding);
            }
        }
    }
    findings
}

/// Links of snapshots that lead nowhere, or round in a circle.
pub(crate) fn snapshots(export: &Export) -> Vec<Finding> {
    let link = |vm: &str, field: &str| ova(Code::SnapshotLink).object(format!("VM {vm}.{field}"));
    let mut findings = Vec::new();
    for vm in export.vms() {
        let of = vm.snapshot_of().filter(|_| vm.is_a_snapshot());
        let parent = vm.object().reference("parent");
        for (field, to) in [("snapshot_of", of), ("parent", parent)] {
            // References of the exporting pool are left over where the VM was destroyed.
            let lost = to.filter(|to| {
                to.starts_with("Ref:") && !export.is_null(to) && export.object(to).is_none()
            });
            findings.extend(lost.map(|to| link(vm.id(), field).fact("to", to)));
        }
    }
    let parents: BTreeMap<&str, &str> = export
        .vms()
        .filter_map(|vm| Some((vm.id(), vm.object().reference("parent")?)))
        .collect();
    let circle = parents.keys().find_map(|start| {
        let mut seen = BTreeSet::from([*start]);
        let mut at = *start;
        while let Some(parent) = parents.get(at) {
            if !seen.insert(parent) {
                // The circle itself, not what leads into it.
                return (parent == start).then_some(seen);
            }
            at = parent;
        }
        None
    });
    if let Some(circle) = circle {
        let first = circle.first().copied().unwrap_or_default();
        let finding = link(first, "parent").fact("problem", "parents lead round in a circle");
        findings.push(crate::list(finding, "vms", circle.iter().copied()));
    }
    findings
}

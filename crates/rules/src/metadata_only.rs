//! Metadata-only exports by their own rules (`formats/xva.md` section 13): the signs by which one is known, the links of its
//! snapshots, and what an import of metadata answers.

use std::collections::{BTreeMap, BTreeSet};

use xenspect_model::{Code, Finding};
use xenspect_xapi::export::{Export, PowerState};

use crate::few::Few;
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

/// Links of snapshots that lead nowhere, or round in a circle.
pub(crate) fn snapshots(export: &Export, few: &mut Few) {
    let link = |vm: &str, field: &str| ova(Code::SnapshotLink).object(format!("VM {vm}.{field}"));
    for vm in export.vms() {
        let of = vm.snapshot_of().filter(|_| vm.is_a_snapshot());
        let parent = vm.object().reference("parent");
        for (field, to) in [("snapshot_of", of), ("parent", parent)] {
            // References of the exporting pool are left over where the VM was destroyed.
            let lost = to.filter(|to| {
                to.starts_with("Ref:") && !export.is_null(to) && export.object(to).is_none()
            });
            few.extend(lost.map(|to| link(vm.id(), field).fact("to", to)));
        }
    }
    let parents: BTreeMap<&str, &str> = export
        .vms()
        .filter_map(|vm| Some((vm.id(), vm.object().reference("parent")?)))
        .collect();
    if let Some(circle) = first_circle(&parents) {
        let first = circle.first().copied().unwrap_or_default();
        let finding = link(first, "parent").fact("problem", "parents lead round in a circle");
        few.push(crate::list(finding, "vms", circle.iter().copied()));
    }
}

/// The circle that parents lead round in, without what leads into it; of several the one that holds the first VM. Each VM is
/// passed once: lines of parents can be as long as the document.
fn first_circle<'a>(parents: &BTreeMap<&'a str, &'a str>) -> Option<BTreeSet<&'a str>> {
    // The walk in which a VM was first met, by the VM that it began at.
    let mut met: BTreeMap<&str, &str> = BTreeMap::new();
    let mut circles: Vec<BTreeSet<&'a str>> = Vec::new();
    for start in parents.keys() {
        let mut at = *start;
        while !met.contains_key(at) {
            met.insert(at, start);
            match parents.get(at) {
                Some(parent) => at = parent,
                None => break,
            }
        }
        // A VM of this very walk was come back to.
        if met.get(at) == Some(start) && parents.contains_key(at) {
            let mut circle = BTreeSet::new();
            while circle.insert(at) {
                at = parents.get(at).copied().unwrap_or(at);
            }
            circles.push(circle);
        }
    }
    circles.into_iter().min()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn circle(links: &[(&'static str, &'static str)]) -> Vec<&'static str> {
        let parents = links.iter().copied().collect();
        first_circle(&parents).into_iter().flatten().collect()
    }

    #[test]
    fn circles_of_parents() {
        assert_eq!(circle(&[("a", "b"), ("b", "c")]), [""; 0]);
        assert_eq!(circle(&[("a", "a")]), ["a"]);
        assert_eq!(circle(&[("a", "b"), ("b", "c"), ("c", "b")]), ["b", "c"]);
        let two = [("a", "y"), ("b", "c"), ("c", "b"), ("y", "z"), ("z", "y")];
        assert_eq!(circle(&two), ["b", "c"]);
        // A line that leads into a circle that was passed before is none itself.
        assert_eq!(circle(&[("b", "b"), ("c", "b"), ("d", "c")]), ["b"]);
    }

    #[test]
    fn a_line_of_a_hundred_thousand_parents_is_walked_once() {
        let names: Vec<String> = (0..100_000).map(|at| format!("Ref:{at:06}")).collect();
        let mut parents: BTreeMap<&str, &str> = names
            .windows(2)
            .map(|pair| (pair[0].as_str(), pair[1].as_str()))
            .collect();
        assert_eq!(first_circle(&parents), None);
        parents.insert(&names[99_999], &names[50_000]);
        let circle = first_circle(&parents).unwrap();
        assert_eq!(circle.len(), 50_000);
    }
}

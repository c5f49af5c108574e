//! What to do for an import, in order.

use std::borrow::Cow;
use std::collections::BTreeSet;

use xenspect_inventory::view::Sr;
use xenspect_model::Code;
use xenspect_model::preflight::{Changes, Step};

use super::{Import, Objects, quoted};
use crate::verdicts::Verdicts;

/// The steps of this import.
pub(super) fn of(
    import: &Import<'_>,
    objects: Option<&Objects<'_>>,
    accepted: Option<bool>,
    verdicts: &Verdicts,
    changes: &Changes,
) -> Vec<Step> {
    let Some(objects) = objects else {
        return Vec::new();
    };
    let mut steps = Vec::new();
    if accepted == Some(false) {
        steps.push(Step {
            title: "Put right what xapi would refuse".to_owned(),
            note: Some(
                "The findings with an error of xapi say what and how. The steps below are for afterwards.".to_owned(),
            ),
            ..Step::default()
        });
    }
    if import.archive.is_none() {
        steps.push(Step {
            title: "Take the archive that this ova.xml is of".to_owned(),
            note: Some("A document by itself cannot be imported.".to_owned()),
            ..Step::default()
        });
    } else if !import.metadata_only {
        steps.push(Step {
            title: "Make sure that the archive is whole".to_owned(),
            note: Some("Every block is compared with its checksum.".to_owned()),
            commands: vec![format!("xenspect verify {}", quoted(import.path()))],
            ..Step::default()
        });
    }
    before(import, objects, verdicts, changes, &mut steps);
    steps.push(Step {
        title: "Import".to_owned(),
        on: Some("target".to_owned()),
        note: Some(if import.metadata_only {
            "The first command only looks, and makes nothing.".to_owned()
        } else {
            "It prints the uuid of the new VM. If it fails, it takes back what it made.".to_owned()
        }),
        commands: commands(import),
    });
    after(import, objects, verdicts, &mut steps);
    steps
}

fn before(
    import: &Import<'_>,
    objects: &Objects<'_>,
    verdicts: &Verdicts,
    changes: &Changes,
    steps: &mut Vec<Step>,
) {
    if verdicts.has(Code::ImportVmNotHalted) {
        let uuids: BTreeSet<_> = objects.vms().filter_map(|vm| vm.0.uuid()).collect();
        let there = import.target.vms.iter().flatten();
        let active = there.filter(|vm| {
            uuids.contains(vm.uuid.as_str()) && vm.power_state.as_deref() != Some("Halted")
        });
        let commands = active.map(|vm| format!("xe vm-shutdown uuid={}", quoted(&vm.uuid)));
        steps.push(Step {
            title: "Shut down the VMs that would be replaced".to_owned(),
            on: Some("target".to_owned()),
            note: Some(
                "`preserve=true` destroys them: export them afterwards, before they are replaced."
                    .to_owned(),
            ),
            commands: commands.collect(),
        });
    }
    if !changes.vms_replaced.is_empty() {
        let commands = changes.vms_replaced.iter().map(|vm| {
            let file = quoted(&format!("{}.xva", vm.uuid));
            format!("xe vm-export uuid={} filename={file}", quoted(&vm.uuid))
        });
        steps.push(Step {
            title: "Save the VMs that the import destroys".to_owned(),
            on: Some("target".to_owned()),
            note: Some("`preserve=true` destroys a VM of the same uuid.".to_owned()),
            commands: commands.collect(),
        });
    }
    if !changes.networks_created.is_empty() {
        let commands = changes.networks_created.iter();
        let commands =
            commands.map(|name| format!("xe network-create name-label={}", quoted(name)));
        steps.push(Step {
            title: "Make the networks that are missing, or name existing ones alike".to_owned(),
            on: Some("target".to_owned()),
            note: Some(
                "Without this the import makes them itself, without a NIC: the VM would be on a network that leads \
                 nowhere. An existing network is renamed with `xe network-param-set uuid=<network> name-label=<name>`."
                    .to_owned(),
            ),
            commands: commands.collect(),
        });
    }
    if import.metadata_only {
        let srs = objects
            .store
            .of_class("SR")
            .filter(|sr| !Sr(*sr).is_of_media());
        let uuids: BTreeSet<_> = srs.filter_map(|sr| sr.uuid()).collect();
        let commands = uuids
            .iter()
            .map(|uuid| format!("xe sr-scan uuid={}", quoted(uuid)));
        steps.push(Step {
            title: "Let the pool find the disks".to_owned(),
            on: Some("target".to_owned()),
            note: Some(
                "Every SR that the VMs have disks in must be attached and scanned.".to_owned(),
            ),
            commands: commands.collect(),
        });
    }
}

/// The command, word for word.
fn commands(import: &Import<'_>) -> Vec<String> {
    let mut words = vec![format!("xe vm-import filename={}", quoted(import.path()))];
    if import.metadata_only {
        words.push("metadata=true".to_owned());
    } else {
        let default = || import.target.pool.as_ref()?.default_sr.as_deref();
        let sr = import.manner.sr.as_deref().or_else(default);
        let sr = sr.filter(|sr| !sr.is_empty());
        words.push(sr.map_or_else(
            || "sr-uuid=<SR>".to_owned(),
            |sr| format!("sr-uuid={}", quoted(sr)),
        ));
    }
    if import.manner.preserve {
        words.push("preserve=true".to_owned());
    }
    if import.manner.force {
        words.push("force=true".to_owned());
    }
    let command = words.join(" ");
    if import.metadata_only {
        vec![format!("{command} dry-run=true"), command]
    } else {
        vec![command]
    }
}

fn after(import: &Import<'_>, objects: &Objects<'_>, verdicts: &Verdicts, steps: &mut Vec<Step>) {
    if verdicts.has(Code::ImportSuspend) {
        let suspended = objects
            .vms()
            .filter(|vm| vm.power_state().as_deref() == Some("Suspended"));
        // Names need not be the only ones of their kind in a pool, and uuids are new unless they are preserved.
        let word = |uuid: Option<Cow<'_, str>>| match uuid {
            Some(uuid) if import.manner.preserve => quoted(&uuid),
            _ => "<VM>".to_owned(),
        };
        let mut commands: Vec<_> = suspended
            .map(|vm| format!("xe vm-resume uuid={}", word(vm.0.uuid())))
            .collect();
        commands.dedup();
        steps.push(Step {
            title: "Resume suspended VMs".to_owned(),
            on: Some("target".to_owned()),
            note: Some(
                "That needs a CPU like the one they were suspended on. Where it fails, their memory is lost: \
                 `xe vm-reset-powerstate uuid=<VM> --force`, then start them."
                    .to_owned(),
            ),
            commands,
        });
    }
    steps.push(Step {
        title: "Look at the networks and disks of the VM, then start it".to_owned(),
        on: Some("target".to_owned()),
        note: Some("Never while the original runs with the same addresses or disks.".to_owned()),
        commands: vec![
            "xe vif-list vm-uuid=<VM>".to_owned(),
            "xe vbd-list vm-uuid=<VM>".to_owned(),
            "xe vm-start uuid=<VM>".to_owned(),
        ],
    });
}

//! SRs: those that only have to be plugged, those that the installation made, and those that went with their hosts.

use std::collections::BTreeSet;

use xenspect_inventory::view::Sr;
use xenspect_inventory::{Record, Relation};
use xenspect_model::preflight::Step;
use xenspect_model::target::TargetSr;

use crate::restore::contents::local::{Presence, of_host, presence};

use super::{Facts, NEW, Told, names, quoted, step, uuid_of};

/// Types of SRs on disks of a host.
const LOCAL: [&str; 5] = ["lvm", "ext", "xfs", "zfs", "largeblock"];

/// Adds the steps.
pub(super) fn add(facts: &Facts<'_, '_>, steps: &mut Vec<Step>) {
    let srs: Vec<Record<'_>> = facts.restore.store.of_class("SR").collect();
    let has_pbds = |sr: &&Record<'_>| {
        let pbds = facts
            .restore
            .relations
            .of_reference(Relation::PbdsOfSr, &sr.reference());
        !pbds.is_empty() && !Sr(**sr).is_of_media()
    };
    if srs.iter().any(|sr| has_pbds(&sr)) {
        steps.push(
            step("Plug what is not plugged")
                .on(NEW)
                .note(
                    "Disks made after the dump appear with new names when an SR is scanned; disks deleted after it are \
                     missing.",
                )
                .run("xe pbd-list currently-attached=false params=uuid,sr-name-label,device-config")
                .run("xe pbd-plug uuid=<PBD>")
                .run("xe sr-scan uuid=<SR>"),
        );
    }
    gone(facts, steps);
    introduce(facts, steps);
    of_members(facts, &srs, steps);
}

/// Local SRs of the coordinator whose disk the target does not have: those of check 37.
fn gone(facts: &Facts<'_, '_>, steps: &mut Vec<Step>) {
    let Some(host) = facts.restore.coordinator else {
        return;
    };
    for (sr, pbd) in of_host(facts.restore, &host) {
        let (Presence::Gone, paths) = presence(facts.restore.target, &pbd) else {
            continue;
        };
        let path = paths.join(", ");
        let uuid = uuid_of(&sr);
        steps.push(
            step(format!("Bring back the local SR {}, or forget it", sr.title()))
                .on(NEW)
                .note(format!(
                    "The target has no disk {path}. Where the same disk has another name now, tie the SR to that; \
                     where it is gone, the disks of VMs in it are lost: `xe sr-forget uuid={uuid}`, and restore them \
                     from backups."
                ))
                .run(format!("xe pbd-list sr-uuid={uuid} params=uuid,currently-attached"))
                .run("xe pbd-destroy uuid=<PBD>")
                .run(format!(
                    "xe pbd-create sr-uuid={uuid} host-uuid={} device-config:device=<device>",
                    facts.host()
                ))
                .run("xe pbd-plug uuid=<PBD>"),
        );
    }
}

/// Local SRs that the target has and the dump does not know.
fn introduce(facts: &Facts<'_, '_>, steps: &mut Vec<Step>) {
    let host = facts.host();
    for sr in facts.restore.target.srs.iter().flatten() {
        let kind = sr.kind.as_deref().unwrap_or_default();
        let known = facts.restore.store.by_uuid(&sr.uuid).is_some();
        if known || sr.shared == Some(true) || !LOCAL.contains(&kind) {
            continue;
        }
        steps.push(introduced(sr, kind, &host));
    }
}

fn introduced(sr: &TargetSr, kind: &str, host: &str) -> Step {
    let name = sr
        .name
        .as_deref()
        .filter(|name| !name.is_empty())
        .unwrap_or("Local storage");
    let (uuid, name_word, kind) = (quoted(&sr.uuid), quoted(name), quoted(kind));
    step(format!("Make the local SR {name} of the installation known again"))
        .on(NEW)
        .note(
            "The installation made it, and the restored database does not know it. The device is the one that \
             `pvs` or `blkid` shows for it, as a path in /dev/disk/by-id.",
        )
        .run(format!("xe sr-introduce uuid={uuid} type={kind} name-label={name_word} content-type=user"))
        .run(format!("xe pbd-create sr-uuid={uuid} host-uuid={host} device-config:device=<device>"))
        .run("xe pbd-plug uuid=<PBD>")
}

/// SRs that only hosts reach that are forgotten: their PBDs go at the next start.
fn of_members(facts: &Facts<'_, '_>, srs: &[Record<'_>], steps: &mut Vec<Step>) {
    for member in facts.restore.members() {
        let local: Vec<&Record<'_>> = srs
            .iter()
            .filter(|sr| is_only_of(facts, sr, &member))
            .collect();
        if local.is_empty() {
            continue;
        }
        let title = format!("Bring back the local storage of {}", member.title());
        let mut back = step(title).on(NEW).note(format!(
            "After it has joined again: {} keeps its row and its disks in the database, but no host is tied to it any \
             more. The host has a new uuid. Where the disk was written over, forget the SR instead \
             (`xe sr-forget uuid=<SR>`).",
            names(local.iter().copied())
        ));
        for sr in local {
            let config = device(facts, sr);
            let config = config.map_or_else(|| "<device>".to_owned(), |path| quoted(&path));
            let uuid = uuid_of(sr);
            back = back.run(format!(
                "xe pbd-create sr-uuid={uuid} host-uuid=<host> device-config:device={config}"
            ));
        }
        steps.push(back.run("xe pbd-plug uuid=<PBD>"));
    }
}

/// Whether an SR of disks has PBDs of this host alone.
fn is_only_of(facts: &Facts<'_, '_>, sr: &Record<'_>, host: &Record<'_>) -> bool {
    if sr.is("shared") || Sr(*sr).is_of_media() {
        return false;
    }
    let pbds = facts
        .restore
        .relations
        .of_reference(Relation::PbdsOfSr, &sr.reference());
    let hosts: BTreeSet<_> = pbds.iter().filter_map(|pbd| pbd.link("host")).collect();
    hosts.len() == 1 && hosts.contains(&host.reference())
}

fn device(facts: &Facts<'_, '_>, sr: &Record<'_>) -> Option<String> {
    let pbds = facts
        .restore
        .relations
        .of_reference(Relation::PbdsOfSr, &sr.reference());
    let device = pbds.first()?.map_text("device_config", "device")?;
    Some(device.into_owned())
}

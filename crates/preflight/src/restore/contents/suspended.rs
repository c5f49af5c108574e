//! Suspended VMs: check 36. They stay suspended, and can be resumed only with the VDI that has their memory.

use xenspect_inventory::view::Sr;
use xenspect_inventory::{Record, Relation};
use xenspect_model::Code;

use super::fate::Fates;
use super::local::{Presence, presence};
use super::{about, named, uuid};
use crate::checks::Id;
use crate::restore::Restore;
use crate::verdicts::Verdicts;

pub(super) fn check(restore: &Restore<'_>, verdicts: &mut Verdicts) {
    let check = Id::Restore(36);
    let suspended = Fates::of(restore).suspended;
    if suspended.is_empty() {
        verdicts.nothing(check);
    }
    for vm in &suspended {
        let memory = vm.follow("suspend_VDI");
        let why = match lost_memory(restore, vm) {
            Ok(None) => continue,
            Ok(Some(why)) => why,
            Err(lack) => {
                verdicts.lack(check, lack);
                continue;
            }
        };
        let name = vm.title();
        let finding = about(Code::RestoreVmSuspended, vm)
            .column("suspend_VDI")
            .fact("vm", &*name)
            .fact("uuid", uuid(vm))
            .fact("why", why);
        let finding = match memory.and_then(|vdi| vdi.follow("SR")) {
            Some(sr) => finding.fact("memory_on", named(&sr)),
            None => finding,
        };
        verdicts.find(finding.advice(format!(
            "If the old pool still runs, resume {name} there, shut it down and take a new dump. Otherwise its memory \
             is lost: after the restore `xe vm-reset-powerstate uuid={} --force`, and start it as after a power cut.",
            uuid(vm)
        )));
    }
}

/// Why a VM cannot be resumed; the fact that is missing where that cannot be told.
pub(in crate::restore) fn lost_memory(
    restore: &Restore<'_>,
    vm: &Record<'_>,
) -> Result<Option<String>, &'static str> {
    let yes = |why: &str| Ok(Some(why.to_owned()));
    let Some(vdi) = vm.follow("suspend_VDI") else {
        return match vm.link("suspend_VDI") {
            Some(_) => yes("the VDI with its memory is not in the dump"),
            None => yes("it names no VDI with its memory"),
        };
    };
    if vdi.is("missing") {
        return yes("the VDI with its memory was missing when the dump was taken");
    }
    let Some(sr) = vdi.follow("SR") else {
        return yes("the SR of its memory is not in the dump");
    };
    if sr.is("shared") || Sr(sr).is_of_media() {
        return Ok(None);
    }
    let pbds = restore
        .relations
        .of_reference(Relation::PbdsOfSr, &sr.reference());
    let coordinator = restore.coordinator.map(|host| host.reference());
    let own = pbds.iter().find(|pbd| pbd.link("host") == coordinator);
    let Some(own) = own else {
        let host = pbds.iter().find_map(|pbd| pbd.follow("host"));
        return Ok(Some(match host {
            Some(host) => format!(
                "its memory is on a local SR of {}, which is forgotten",
                host.title()
            ),
            None => "no host reaches the SR of its memory".to_owned(),
        }));
    };
    match presence(restore.target, own).0 {
        Presence::There => Ok(None),
        Presence::Gone => yes(
            "its memory is on a local SR of the coordinator whose disk the target does not have",
        ),
        Presence::Unknown => Err("the target's disks"),
    }
}

//! VMs that ran or were paused: check 35.

use std::collections::BTreeSet;

use xenspect_inventory::Record;
use xenspect_inventory::view::Vm;
use xenspect_model::{Code, Finding};

use super::fate::Fates;
use super::{about, listed, named, uuid};
use crate::checks::Id;
use crate::restore::Restore;
use crate::verdicts::Verdicts;

pub(super) fn check(restore: &Restore<'_>, verdicts: &mut Verdicts) {
    let fates = Fates::of(restore);
    if fates.halted.is_empty() && fates.elsewhere.is_empty() && fates.paused.is_empty() {
        verdicts.nothing(Id::Restore(35));
        return;
    }
    if !fates.halted.is_empty() {
        let finding = Finding::new(Code::RestoreVmHalted)
            .table("VM")
            .column("power_state")
            .fact("count", fates.halted.len() as u64)
            .fact("vms", listed(fates.halted.iter().map(named)));
        verdicts.find(finding);
    }
    for (host, vms) in &fates.elsewhere {
        if let Some(host) = restore.store.resolve(host) {
            verdicts.find(elsewhere(restore, &host, vms));
        }
    }
    for vm in &fates.paused {
        let name = vm.title();
        let finding = about(Code::RestoreVmPaused, vm)
            .column("power_state")
            .fact("vm", &*name);
        let finding = match Vm(*vm).host() {
            Some(host) => finding.fact("host", &*host.title()),
            None => finding,
        };
        verdicts.find(finding.fact("uuid", uuid(vm)).advice(format!(
            "Make sure that {name} runs on no host any more. After the restore: `xe vm-reset-powerstate uuid={} \
             --force`, then start it.",
            uuid(vm)
        )));
    }
}

fn elsewhere(restore: &Restore<'_>, host: &Record<'_>, vms: &[Record<'_>]) -> Finding {
    let mut shared = BTreeSet::new();
    let mut on_shared = 0_u64;
    for vm in vms {
        let vbds = restore
            .relations
            .of_reference(xenspect_inventory::Relation::VbdsOfVm, &vm.reference());
        let srs = vbds
            .iter()
            .filter(|vbd| vbd.text("type").as_deref() != Some("CD"));
        let srs = srs.filter_map(|vbd| vbd.follow("VDI")?.follow("SR"));
        let srs: Vec<_> = srs
            .filter(|sr| sr.is("shared"))
            .map(|sr| named(&sr))
            .collect();
        on_shared = on_shared.saturating_add(u64::from(!srs.is_empty()));
        shared.extend(srs);
    }
    let name = host.title();
    let finding = about(Code::RestoreVmElsewhere, host)
        .fact("host", &*name)
        .fact("count", vms.len() as u64)
        .fact("vms", listed(vms.iter().map(named)))
        .fact("with_disks_on_shared_srs", on_shared);
    let stop = format!(
        "Before the restore shut these VMs down on {name} (`xe vm-shutdown uuid=<uuid>`), or power the host off. If \
         it does not answer, cut its power"
    );
    if shared.is_empty() {
        return finding.advice(format!("{stop}."));
    }
    finding.fact("shared_srs", listed(shared)).advice(format!(
        "{stop}: a VM that is started twice writes to the same disks from two sides and destroys them."
    ))
}

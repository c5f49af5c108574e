//! Passwords of SRs, disks of VMs, and what is on the SRs: checks 39, 41, 43 and 44.

use std::collections::{HashMap, HashSet};

use xenspect_inventory::Record;
use xenspect_inventory::view::{Role, Vm};
use xenspect_model::{Code, Finding};

use super::{about, listed, named, uuid};
use crate::checks::Id;
use crate::restore::Restore;
use crate::verdicts::Verdicts;

pub(super) fn check(restore: &Restore<'_>, verdicts: &mut Verdicts) {
    passwords(restore, verdicts);
    contents(restore, verdicts);
    disks(restore, verdicts);
    vtpms(restore, verdicts);
}

/// Check 39. The PBDs of the coordinator are those that stay; keys that end in `_secret` hold the uuid of a secret.
fn passwords(restore: &Restore<'_>, verdicts: &mut Verdicts) {
    let coordinator = restore.coordinator.map(|host| host.reference());
    let mut any = false;
    for pbd in restore.store.of_class("PBD") {
        if coordinator.is_some() && pbd.link("host") != coordinator {
            continue;
        }
        let config = pbd.map("device_config").unwrap_or_default();
        let keys = config.iter().filter(|(key, _)| key.ends_with("_secret"));
        let mut missing = Vec::new();
        for (key, secret) in keys {
            any = true;
            let row = restore.store.by_uuid(secret);
            // A redacted copy says so by itself.
            if secret != "REMOVED" && row.is_none_or(|row| row.class() != "secret") {
                missing.push(key.to_string());
            }
        }
        if missing.is_empty() {
            continue;
        }
        let sr = pbd.follow("SR");
        let name = sr.map_or_else(|| "the SR".to_owned(), |sr| sr.title().into_owned());
        let sr_uuid = sr.map_or_else(|| "<uuid>".to_owned(), |sr| uuid(&sr));
        let finding = about(Code::RestoreDeviceSecret, &pbd)
            .column("device_config")
            .fact("sr", name.as_str())
            .fact("keys", missing)
            .advice(format!(
                "Have the password of {name} at hand. After the restore `xe secret-create value=<password>`, `xe \
                 pbd-destroy uuid={}`, `xe pbd-create sr-uuid={sr_uuid} host-uuid=<host> device-config:…` with the \
                 other values of the old PBD and the new secret's uuid, and `xe pbd-plug uuid=<new PBD>`.",
                uuid(&pbd)
            ));
        verdicts.find(finding);
    }
    if !any {
        verdicts.nothing(Id::Restore(39));
    }
}

/// Check 41.
fn contents(restore: &Restore<'_>, verdicts: &mut Verdicts) {
    let vdis = restore.store.count("VDI");
    if vdis == 0 {
        verdicts.nothing(Id::Restore(41));
        return;
    }
    let srs = restore
        .store
        .of_class("VDI")
        .filter_map(|vdi| vdi.link("SR"));
    let srs: HashSet<_> = srs.collect();
    let finding = Finding::new(Code::RestoreContentAge)
        .table("VDI")
        .fact("vdis", vdis as u64)
        .fact("srs", srs.len() as u64);
    verdicts.find(finding);
}

/// Check 43.
fn disks(restore: &Restore<'_>, verdicts: &mut Verdicts) {
    let mut unusable: HashMap<String, usize> = HashMap::new();
    let mut found: Vec<(Record<'_>, Vec<String>)> = Vec::new();
    let mut any = false;
    for vbd in restore.store.of_class("VBD") {
        let kind = vbd.text("type");
        if matches!(kind.as_deref(), Some("CD" | "Floppy")) {
            continue;
        }
        let Some(vm) = vbd
            .follow("VM")
            .filter(|vm| Vm(*vm).role() != Role::ControlDomain)
        else {
            continue;
        };
        any = true;
        let Some(vdi) = vbd.follow("VDI") else {
            if !vbd.is("empty") || vbd.link("VDI").is_some() {
                verdicts.find(without_vdi(&vbd, &vm));
            }
            continue;
        };
        if vdi.is("missing") || vdi.bool("managed") == Some(false) {
            let at = *unusable
                .entry(vdi.reference().into_owned())
                .or_insert(found.len());
            match found.get_mut(at) {
                Some((_, vms)) => vms.push(named(&vm)),
                None => found.push((vdi, vec![named(&vm)])),
            }
        }
    }
    for (vdi, vms) in found {
        verdicts.find(not_usable(&vdi, vms));
    }
    if !any {
        verdicts.nothing(Id::Restore(43));
    }
}

fn without_vdi(vbd: &Record<'_>, vm: &Record<'_>) -> Finding {
    let name = vm.title();
    let finding = about(Code::RestoreVbdWithoutVdi, vbd)
        .column("VDI")
        .fact("vm", &*name)
        .fact("vm_uuid", uuid(vm));
    let finding = match vbd.filled("userdevice") {
        Some(position) => finding.fact("position", &*position),
        None => finding,
    };
    finding.advice(format!(
        "Do not start {name} before its disk is back. After the restore look for the disk (`xe sr-scan uuid=<sr>`, \
         `xe vdi-list managed=true`), and attach it: `xe vbd-create vm-uuid={} vdi-uuid=<vdi> device=<position>`.",
        uuid(vm)
    ))
}

fn not_usable(vdi: &Record<'_>, vms: Vec<String>) -> Finding {
    let missing = vdi.is("missing");
    let why = if missing { "missing" } else { "not managed" };
    let sr = vdi.follow("SR");
    let sr_uuid = sr.map_or_else(|| "<sr>".to_owned(), |sr| uuid(&sr));
    let name = vdi.title();
    let finding = about(Code::RestoreVdiNotUsable, vdi)
        .column(if missing { "missing" } else { "managed" })
        .fact("vdi", &*name)
        .fact("uuid", uuid(vdi))
        .fact("why", why);
    let finding = match &sr {
        Some(sr) => finding.fact("sr", named(sr)),
        None => finding,
    };
    finding.fact("vms", listed(vms)).advice(format!(
        "Look for {name} on its SR before the old pool is switched off (`xe sr-scan uuid={sr_uuid}`, `xe vdi-list \
         uuid={} params=missing,managed`). If it is gone, take the disk of these VMs from another backup.",
        uuid(vdi)
    ))
}

/// Check 44.
fn vtpms(restore: &Restore<'_>, verdicts: &mut Verdicts) {
    if restore.store.count("VTPM") == 0 {
        verdicts.nothing(Id::Restore(44));
    }
    for vtpm in restore.store.of_class("VTPM") {
        let contents = vtpm.link("contents");
        let Some(contents) = contents.filter(|contents| restore.store.resolve(contents).is_none())
        else {
            continue;
        };
        drop(contents);
        let vm = vtpm.follow("VM");
        let name = vm.map_or_else(|| "the VM".to_owned(), |vm| vm.title().into_owned());
        let mut finding = about(Code::RestoreVtpmContents, &vtpm)
            .column("contents")
            .fact("vm", name.as_str());
        if let Some(vm) = vm {
            finding = finding.fact("vm_uuid", uuid(&vm));
        }
        let advice = format!(
            "Before the old pool is switched off, write down the recovery keys of {name} (BitLocker, for instance). \
             After the restore give it a new virtual TPM: `xe vtpm-destroy uuid={}`, `xe vtpm-create vm-uuid={}`.",
            uuid(&vtpm),
            vm.map_or_else(|| "<vm>".to_owned(), |vm| uuid(&vm))
        );
        verdicts.find(finding.advice(advice));
    }
}

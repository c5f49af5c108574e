//! The loop over the PIFs that the coordinator lists: checks 11 and 24. xapi stops at the first that fails; here all are
//! told, in its order.

use std::collections::BTreeSet;

use xenspect_inventory::Relation;
use xenspect_model::preflight::NicRow;
use xenspect_model::{Code, Finding};

use super::own::{Own, mac_of};
use crate::checks::Id;
use crate::restore::Restore;
use crate::verdicts::{Step, Verdicts};

/// NICs of the target that one fact names.
const NAMED: usize = 32;

pub(super) fn check(
    restore: &Restore<'_>,
    own: &Own<'_>,
    rows: &[NicRow],
    verdicts: &mut Verdicts,
) {
    let Some(coordinator) = restore.coordinator else {
        return;
    };
    members(restore, verdicts);
    if own.has_set {
        let finding = Finding::new(Code::RestorePifListedMissing)
            .table("host")
            .row(&coordinator.reference())
            .column("PIFs");
        for reference in &own.missing {
            let finding = finding
                .clone()
                .fact("pif", &**reference)
                .fact("host", coordinator.title().into_owned());
            verdicts.refuse(Step::Nics, pif_params(reference), finding);
        }
        not_listed(own, verdicts);
    } else {
        verdicts.nothing(Id::Restore(11));
    }
    devices(restore, own, rows, verdicts);
}

fn pif_params(reference: &str) -> Vec<String> {
    vec!["PIF".to_owned(), reference.to_owned()]
}

/// PIFs of the other hosts are deleted by what those list, before anything else.
fn members(restore: &Restore<'_>, verdicts: &mut Verdicts) {
    for host in restore.members() {
        for reference in host.set("PIFs").unwrap_or_default() {
            let found = restore.store.resolve(&reference);
            if found.is_some_and(|pif| pif.class() == "PIF") {
                continue;
            }
            let finding = Finding::new(Code::RestorePifListedMissing)
                .table("host")
                .row(&host.reference())
                .column("PIFs")
                .fact("pif", &*reference)
                .fact("host", host.title().into_owned());
            verdicts.refuse(Step::Coordinator, pif_params(&reference), finding);
        }
    }
}

/// PIFs that name the coordinator and are not in its set.
fn not_listed(own: &Own<'_>, verdicts: &mut Verdicts) {
    for pif in &own.unlisted {
        let reference = pif.reference();
        let finding = Finding::new(Code::RestorePifNotListed)
            .table("PIF")
            .row(&reference)
            .fact(
                "device",
                pif.filled("device").unwrap_or_default().into_owned(),
            );
        verdicts.find(finding);
    }
}

/// Check 24.
fn devices(restore: &Restore<'_>, own: &Own<'_>, rows: &[NicRow], verdicts: &mut Verdicts) {
    let Some(nics) = restore.target.physical_nics() else {
        verdicts.lack(Id::Restore(24), "the target's NICs");
        return;
    };
    let here: BTreeSet<&str> = nics.iter().map(|nic| nic.device.as_str()).collect();
    for (device, pif) in own.physical() {
        if here.contains(&*device) {
            continue;
        }
        let row = rows.iter().find(|row| row.device == device);
        let uses = row
            .and_then(|row| row.in_input.as_ref())
            .map(|side| side.uses.clone());
        let present: Vec<String> = here
            .iter()
            .take(NAMED)
            .map(|&device| device.to_owned())
            .collect();
        let mut finding = Finding::new(Code::RestoreNicMissing)
            .table("PIF")
            .row(&pif.reference())
            .fact("device", &*device);
        if let Some(mac) = mac_of(pif) {
            finding = finding.fact("mac_in_dump", mac);
        }
        if let Some(now) = row.and_then(|row| row.now_at.as_deref()) {
            finding = finding.fact("same_mac_on_target", now).advice(format!(
                "The NIC that was {device} in the dump is {now} on the target. Give it its old name on the target with \
                 `interface-rename --update`, and reboot: the preflight's renaming has the whole command."
            ));
        }
        finding = finding.fact("nics_of_target", present);
        verdicts.refuse(Step::Nics, vec![device.to_string()], finding);
        if let Some(uses) = uses.filter(|uses| !uses.is_empty()) {
            let finding = Finding::new(Code::RestoreStackedOnMissing)
                .table("PIF")
                .row(&pif.reference())
                .fact("device", &*device)
                .fact("stands_on_it", uses);
            verdicts.find(finding);
        }
    }
    let listed_none = own.physical().next().is_none();
    let has_some = restore
        .coordinator
        .is_some_and(|host| !restore.relations.of(Relation::PifsOfHost, &host).is_empty());
    if listed_none && !has_some {
        verdicts.nothing(Id::Restore(24));
    }
}

//! The loop over the PIFs that the coordinator lists: checks 11 and 24. xapi stops at the first that fails; here all are
//! told, in its order.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

use xenspect_inventory::Record;
use xenspect_model::preflight::NicRow;
use xenspect_model::{Code, Finding};

use super::own::{Own, mac_of};
use crate::checks::Id;
use crate::restore::Restore;
use crate::verdicts::{Step, Verdicts};

/// NICs of the target that one fact names.
const NAMED: usize = 32;

/// PIFs that xapi has destroyed by then, each with the title of the member that lists it.
type Destroyed<'a> = HashMap<Cow<'a, str>, Cow<'a, str>>;

pub(super) fn check<'a>(
    restore: &Restore<'a>,
    own: &Own<'a>,
    rows: &[NicRow],
    verdicts: &mut Verdicts,
) {
    let Some(coordinator) = restore.coordinator else {
        return;
    };
    let destroyed = members(restore, verdicts);
    if own.has_set {
        not_listed(own, verdicts);
    } else {
        verdicts.nothing(Id::Restore(11));
    }
    let nics = restore.target.physical_nics();
    let here: Option<BTreeSet<&str>> = nics
        .as_ref()
        .map(|nics| nics.iter().map(|nic| nic.device.as_str()).collect());
    if here.is_none() {
        verdicts.lack(Id::Restore(24), "the target's NICs");
    }
    // One loop, since the first that fails is the one that xapi tells, whatever is wrong with it.
    for (reference, pif) in &own.in_order {
        let by = destroyed.get(reference);
        let Some(pif) = pif.filter(|_| by.is_none()) else {
            let finding = no_row(&coordinator, reference, by.map(|by| &**by));
            verdicts.refuse(Step::Nics, pif_params(reference), finding);
            continue;
        };
        if let Some(here) = &here {
            device(&pif, here, rows, verdicts);
        }
    }
    let listed_none = own.physical().next().is_none();
    if listed_none && own.all.is_empty() && here.is_some() {
        verdicts.nothing(Id::Restore(24));
    }
}

fn pif_params(reference: &str) -> Vec<String> {
    vec!["PIF".to_owned(), reference.to_owned()]
}

/// A PIF that a host lists and that has no row when xapi comes to it: it has none in the dump, or a member lists it
/// too, with whose PIFs it was destroyed.
fn no_row(host: &Record<'_>, reference: &str, destroyed_with: Option<&str>) -> Finding {
    let title = host.title();
    let finding = Finding::new(Code::RestorePifListedMissing)
        .table("host")
        .row(&host.reference())
        .column("PIFs")
        .fact("pif", reference)
        .fact("host", &*title);
    let Some(other) = destroyed_with else {
        return finding;
    };
    finding.fact("destroyed_with", other).advice(format!(
        "The PIF is listed by {other} too, and xapi destroys it with that host's PIFs before it comes to it in the list \
         of {title}. Take another dump, in which every PIF is listed once, by the host that it names; or correct \
         host.PIFs in a copy of this one."
    ))
}

/// PIFs of the other hosts are deleted by what those list, before anything else.
fn members<'a>(restore: &Restore<'a>, verdicts: &mut Verdicts) -> Destroyed<'a> {
    let mut destroyed = Destroyed::new();
    for host in restore.members() {
        for reference in host.set("PIFs").unwrap_or_default() {
            let found = restore.store.resolve(&reference);
            let by = destroyed.get(&reference);
            if by.is_none() && found.is_some_and(|pif| pif.class() == "PIF") {
                destroyed.insert(reference, host.title());
                continue;
            }
            let finding = no_row(&host, &reference, by.map(|by| &**by));
            verdicts.refuse(Step::Coordinator, pif_params(&reference), finding);
        }
    }
    destroyed
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

/// Check 24, of one PIF.
fn device(pif: &Record<'_>, here: &BTreeSet<&str>, rows: &[NicRow], verdicts: &mut Verdicts) {
    let Some(device) = pif.filled("device").filter(|_| pif.is("physical")) else {
        return;
    };
    if here.contains(&*device) {
        return;
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

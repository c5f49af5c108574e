//! What xapi rewrites (`formats/restore.md` section 3), and what it collects at its next start (section 6).

mod collected;
mod nics;

use xenspect_inventory::Record;
use xenspect_inventory::view::Host;
use xenspect_model::preflight::{Change, Changes, ForgottenHost};
use xenspect_model::report::Named;

use super::Restore;
use super::contents::fate::Fates;
use super::contents::forgotten::{Forgotten, listed_pifs};
use super::contents::local;

/// What would be different afterwards.
pub(super) fn of(restore: &Restore<'_>) -> Changes {
    let Some(coordinator) = restore.coordinator else {
        // xapi refuses, and nothing changes.
        return Changes::default();
    };
    let forgotten = Forgotten::of(restore);
    let members = restore.members();
    let hosts_forgotten = members
        .iter()
        .map(|host| forgotten_host(restore, host))
        .collect();
    let (pifs, management) = nics::of(restore);
    let domain = Host(coordinator).control_domain(&restore.relations);
    let host = &restore.target.host;
    Changes {
        hosts_forgotten,
        pifs,
        management,
        host_uuid: changed(text(coordinator.uuid()), host.installation_uuid.clone()),
        control_domain_uuid: changed(
            domain.and_then(|domain| text(domain.uuid())),
            host.control_domain_uuid.clone(),
        ),
        nics_forgotten: nics::forgotten(restore),
        orphans: forgotten.orphans(restore),
        collected: collected::of(restore, &forgotten),
        vms_halted: vms_halted(restore),
        ..Changes::default()
    }
}

fn text(text: Option<std::borrow::Cow<'_, str>>) -> Option<String> {
    text.map(std::borrow::Cow::into_owned)
}

/// A change, where what comes after is known and another.
fn changed(before: Option<String>, after: Option<String>) -> Option<Change> {
    (after.is_some() && before != after).then_some(Change { before, after })
}

fn named(record: &Record<'_>) -> Named {
    Named {
        name: record.name().unwrap_or_default().into_owned(),
        uuid: record.uuid().unwrap_or_default().into_owned(),
    }
}

fn forgotten_host<'a>(restore: &Restore<'a>, host: &Record<'a>) -> ForgottenHost {
    let Named { name, uuid } = named(host);
    let srs = local::of_host(restore, host);
    ForgottenHost {
        name,
        uuid,
        address: text(host.filled("address")),
        local_srs: srs.iter().map(|(sr, _)| named(sr)).collect(),
        pifs: listed_pifs(host).len() as u64,
    }
}

/// In the order of the dump within each kind: those of the coordinator first.
fn vms_halted(restore: &Restore<'_>) -> Vec<Named> {
    let fates = Fates::of(restore);
    let elsewhere = fates.elsewhere.values().flatten();
    fates.halted.iter().chain(elsewhere).map(named).collect()
}

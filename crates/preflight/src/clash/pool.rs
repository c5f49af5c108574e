//! Pool, hosts and control domains of another pool.

use std::collections::BTreeMap;

use xenspect_inventory::view::Host;
use xenspect_model::target::TargetMember;
use xenspect_model::{Code, Finding};

use super::{Other, lack};
use crate::restore::Restore;
use crate::verdicts::Verdicts;

pub(super) fn check(restore: &Restore<'_>, other: &Other<'_>, verdicts: &mut Verdicts) {
    pool(restore, other, verdicts);
    hosts(restore, other, verdicts);
}

fn pool(restore: &Restore<'_>, other: &Other<'_>, verdicts: &mut Verdicts) {
    let Some(uuid) = other
        .target
        .pool
        .as_ref()
        .and_then(|pool| pool.uuid.as_deref())
    else {
        lack(other, 0, "the uuid", verdicts);
        return;
    };
    let Some(pool) = restore
        .pool
        .filter(|pool| pool.uuid().as_deref() == Some(uuid))
    else {
        return;
    };
    let finding = Finding::new(Code::ClashPool)
        .table("pool")
        .row(&pool.reference())
        .column("uuid")
        .fact("uuid", uuid)
        .advice(format!(
            "{0} is the pool that the dump is of. Shut down its VMs and power off all its hosts before the restore, \
             and never start its coordinator again in this network before it is installed anew.",
            other.name
        ));
    verdicts.find(other.of(finding));
}

/// Hosts of the dump. The coordinator has the uuids of the target afterwards, so it is compared by those.
fn hosts(restore: &Restore<'_>, other: &Other<'_>, verdicts: &mut Verdicts) {
    let Some(members) = &other.target.members else {
        lack(other, 1, "the hosts", verdicts);
        return;
    };
    let host = &restore.target.host;
    // What the coordinator will have; what the target is itself is no clash with its own pool.
    let mut hosts: BTreeMap<String, String> = BTreeMap::new();
    let mut domains: BTreeMap<String, String> = BTreeMap::new();
    for record in restore.store.of_class("host") {
        let name = record.title().into_owned();
        if let Some(uuid) = record.uuid() {
            hosts.insert(uuid.into_owned(), name.clone());
        }
        if let Some(uuid) = Host(record)
            .control_domain(&restore.relations)
            .and_then(|domain| domain.uuid())
        {
            domains.insert(uuid.into_owned(), name);
        }
    }
    if !other.is_target {
        let target = host.name.clone().unwrap_or_else(|| "the target".to_owned());
        hosts.extend(
            host.installation_uuid
                .clone()
                .map(|uuid| (uuid, target.clone())),
        );
        domains.extend(host.control_domain_uuid.clone().map(|uuid| (uuid, target)));
    }
    let is_itself = |member: &&TargetMember| {
        other.is_target && Some(&member.uuid) == host.installation_uuid.as_ref()
    };
    for member in members.iter().filter(|member| !is_itself(member)) {
        let name = member.name.as_deref().unwrap_or(&member.uuid);
        if let Some(own) = hosts.get(&member.uuid) {
            let finding = Finding::new(Code::ClashHost)
                .table("host")
                .column("uuid")
                .fact("uuid", member.uuid.as_str())
                .fact("host", own.as_str())
                .fact("other_host", name);
            verdicts.find(other.of(finding));
        }
        let domain = member.control_domain_uuid.as_deref();
        if let Some((uuid, own)) = domain.and_then(|uuid| Some((uuid, domains.get(uuid)?))) {
            let finding = Finding::new(Code::ClashControlDomain)
                .table("VM")
                .column("uuid")
                .fact("uuid", uuid)
                .fact("host", own.as_str())
                .fact("other_host", name);
            verdicts.find(other.of(finding));
        }
    }
}

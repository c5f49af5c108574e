//! What the target was in this pool, and whether the old pool may still live: checks 16 and 17.

use xenspect_inventory::Record;
use xenspect_inventory::view::Host;
use xenspect_model::target::{Target, TargetVm};
use xenspect_model::{Code, Finding, Severity};

use crate::checks::Id;
use crate::clash::listed;
use crate::restore::Restore;
use crate::verdicts::Verdicts;

pub(super) fn check(restore: &Restore<'_>, verdicts: &mut Verdicts) {
    role(restore, verdicts);
    pool(restore, verdicts);
}

/// Check 16.
fn role(restore: &Restore<'_>, verdicts: &mut Verdicts) {
    let host = &restore.target.host;
    if host.installation_uuid.is_none() && host.name.is_none() && host.address.is_none() {
        verdicts.lack(Id::Restore(16), "the target's uuid, name and address");
        return;
    }
    let hosts = restore.coordinator.into_iter().chain(restore.members());
    let mut best: Option<(Record<'_>, Vec<&str>)> = None;
    for candidate in hosts {
        let by = alike(restore, &candidate);
        // A uuid says more than a name, which says more than nothing.
        let weight = |by: &[&str]| (by.contains(&UUID), by.len());
        let known = best.as_ref().map_or((false, 0), |(_, by)| weight(by));
        if weight(&by) > known {
            best = Some((candidate, by));
        }
    }
    let finding = Finding::new(Code::RestoreTargetIdentity);
    let Some((found, by)) = best else {
        verdicts.find(finding.fact("target_is", "a host that the dump does not know"));
        return;
    };
    let owned = by.iter().map(|by| (*by).to_owned()).collect::<Vec<_>>();
    let coordinator = restore.coordinator.map(|host| host.reference());
    let is_coordinator = Some(found.reference()) == coordinator;
    let finding = finding
        .table("host")
        .row(&found.reference())
        .fact(
            "target_is",
            if is_coordinator {
                "the old coordinator"
            } else {
                "a former member"
            },
        )
        .fact("host", found.title().into_owned())
        .fact("by", owned);
    verdicts.find(if is_coordinator {
        finding
    } else {
        let name = found.title();
        let advice = format!(
            "The target looks like the member {name}, which the restore removes from the pool before it makes the target the \
             coordinator. Check that this is the host that is meant; otherwise restore to the old coordinator. What \
             {name} had of its own (local SRs, IP configuration, bonds and VLANs) is not restored."
        );
        finding.severity(Severity::Warning).advice(advice)
    });
}

const UUID: &str = "uuid";

/// By what the target is like a host.
fn alike<'a>(restore: &Restore<'a>, host: &Record<'a>) -> Vec<&'static str> {
    let target = &restore.target.host;
    let mut by = Vec::new();
    let same = |ours: Option<&str>, theirs: Option<&str>| ours.is_some() && ours == theirs;
    let control_domain = Host(*host).control_domain(&restore.relations);
    let control_domain = control_domain.and_then(|vm| vm.uuid());
    if same(host.uuid().as_deref(), target.installation_uuid.as_deref())
        || same(
            control_domain.as_deref(),
            target.control_domain_uuid.as_deref(),
        )
    {
        by.push(UUID);
    }
    // What every new host is called says nothing.
    let name = target
        .name
        .as_deref()
        .filter(|name| !name.is_empty() && !name.starts_with("localhost"));
    if same(host.filled("hostname").as_deref(), name) || same(host.name().as_deref(), name) {
        by.push("name");
    }
    let address = target
        .address
        .as_deref()
        .filter(|address| !address.is_empty());
    if same(host.filled("address").as_deref(), address) {
        by.push("address");
    }
    by
}

/// Check 17.
fn pool(restore: &Restore<'_>, verdicts: &mut Verdicts) {
    let check = Id::Restore(17);
    let target = restore.target.pool.as_ref();
    let Some(theirs) = target.and_then(|pool| pool.uuid.as_deref()) else {
        verdicts.lack(check, "the target's pool");
        return;
    };
    let Some(ours) = restore.pool.and_then(|pool| pool.uuid()) else {
        verdicts.lack(check, "the uuid of the pool in the dump");
        return;
    };
    let name = target
        .and_then(|pool| pool.name.clone())
        .unwrap_or_default();
    if ours == theirs {
        verdicts.find(
            Finding::new(Code::RestoreSamePool)
                .table("pool")
                .fact("pool", theirs),
        );
    } else {
        let finding = Finding::new(Code::RestoreOtherPool)
            .table("pool")
            .fact("pool_of_dump", ours.into_owned())
            .fact("pool_of_target", theirs);
        let finding = if name.is_empty() {
            finding
        } else {
            finding.fact("name_of_target_pool", name)
        };
        verdicts.find(lost(restore.target, finding));
    }
}

/// VMs and hosts of the target's own pool, which the restored database does not know: their rows go, and domains that run
/// on the target are ended at its next start (`formats/restore.md` section 6).
fn lost(target: &Target, finding: Finding) -> Finding {
    let vms = target.vms.as_deref().unwrap_or_default();
    let title = |vm: &TargetVm| vm.name.clone().unwrap_or_else(|| vm.uuid.clone());
    let is_running = |vm: &&TargetVm| vm.power_state.as_deref() == Some("Running");
    let running: Vec<_> = vms.iter().filter(is_running).map(title).collect();
    let hosts = target.members.as_ref().map_or(0, Vec::len);
    if vms.is_empty() && hosts < 2 {
        return finding;
    }
    let finding = finding
        .fact("vms_of_target_pool", vms.len() as u64)
        .fact("hosts_of_target_pool", hosts as u64);
    let finding = if running.is_empty() {
        finding
    } else {
        finding.fact("running_vms", listed(running))
    };
    finding.severity(Severity::Warning).advice(
        "The target's own pool goes from view: its VMs are in no database any more, and those that run on the target are \
         ended at its next start. Export or move them first (`xe vm-export`, `xe vm-migrate`), or restore to a freshly \
         installed host.",
    )
}

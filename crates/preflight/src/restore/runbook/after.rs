//! After the reboot: the network, the VMs, and what the pool had switched on.

use xenspect_inventory::Record;
use xenspect_inventory::view::{Role, Vm};
use xenspect_model::Code;
use xenspect_model::preflight::{NicState, Step};

use crate::restore::contents::local::lost_memory;

use super::{FILE, Facts, NEW, Told, names, quoted, step, uuid_of};

/// Whether the host is there, with its NICs and its management interface.
pub(super) fn network(facts: &Facts<'_, '_>, steps: &mut Vec<Step>) {
    let address = facts.address();
    steps.push(
        step("Wait for the host, and look at it")
            .on(NEW)
            .note(format!(
                "It should answer at {address}. `xe host-list` shows it alone, enabled, under its name in the dump; \
                 each device has the MAC address of the card that its cable is in, and one is the management interface."
            ))
            .run("xe host-list params=uuid,name-label,address,enabled")
            .run("xe pif-list params=uuid,device,VLAN,MAC,management,IP,network-name-label"),
    );
    let forgotten: Vec<&str> = facts
        .nics
        .iter()
        .filter(|nic| nic.state == NicState::Forgotten)
        .map(|nic| nic.device.as_str())
        .collect();
    if !forgotten.is_empty() {
        steps.push(
            step(format!("Make {} known again", forgotten.join(", ")))
                .on(NEW)
                .note("The target has these NICs, and the dump does not.")
                .run(format!("xe pif-scan host-uuid={}", facts.host())),
        );
    }
    let trouble = [
        Code::RestoreManagementBridge,
        Code::RestoreManagementCount,
        Code::RestoreManagementNotInDump,
        Code::RestoreAddress,
    ];
    if trouble.into_iter().any(|code| facts.verdicts.has(code)) {
        let pif = management_pif(facts).unwrap_or_else(|| "<PIF>".to_owned());
        let mut management = step("Set the management interface, if it is not right")
            .on(NEW)
            .note("On the console: the host may be at another address than before, or at none.");
        if facts.verdicts.has(Code::RestoreAddress) {
            management = management.run(format!(
                "xe pif-reconfigure-ip uuid={pif} mode=static IP=<address> netmask=<netmask> gateway=<gateway> \
                 DNS=<server>"
            ));
        }
        steps.push(management.run(format!("xe host-management-reconfigure pif-uuid={pif}")));
    }
}

/// The PIF of the dump that has the target's management device and is no VLAN; that of its bond where it is in one.
fn management_pif(facts: &Facts<'_, '_>) -> Option<String> {
    let device = facts.restore.target.management_device()?;
    let pifs = facts.restore.listed_pifs();
    let mut pifs = pifs.iter().filter(|pif| {
        pif.text("device").as_deref() == Some(device) && pif.int("VLAN").is_none_or(|vlan| vlan < 0)
    });
    let pif = pifs.next()?;
    let bond = pif.follow("bond_slave_of");
    let bonded = bond.and_then(|bond| bond.follow("master"));
    Some(uuid_of(&bonded.unwrap_or(*pif)))
}

/// VMs: those whose state lies, and those that ran.
pub(super) fn machines(facts: &Facts<'_, '_>, steps: &mut Vec<Step>) {
    let vms = facts.restore.store.of_class("VM");
    let vms: Vec<Record<'_>> = vms.filter(|vm| Vm(*vm).role() == Role::Vm).collect();
    let in_state = |wanted: &str| -> Vec<Record<'_>> {
        let vms = vms.iter().copied();
        vms.filter(|vm| Vm(*vm).power_state().as_deref() == Some(wanted))
            .collect()
    };
    let (lost, kept): (Vec<_>, Vec<_>) = in_state("Suspended")
        .into_iter()
        .partition(|vm| has_lost_memory(facts, vm));
    let reset = |step: Step, vms: &[Record<'_>]| {
        vms.iter().fold(step, |step, vm| {
            step.run(format!(
                "xe vm-reset-powerstate uuid={} --force",
                uuid_of(vm)
            ))
        })
    };
    if !lost.is_empty() {
        let told = step("Give up the memory of suspended VMs").on(NEW).note(format!(
            "Their memory lies on storage that this host does not reach, or nowhere: {}. Where it is reached after \
             all, try `xe vm-resume uuid=<VM>` first; a reset throws the memory away.",
            names(&lost)
        ));
        steps.push(reset(told, &lost));
    }
    if !kept.is_empty() {
        let told = step("Resume suspended VMs").on(NEW).note(format!(
            "Nothing says that their memory is lost: {}. Its SR must be plugged. Where the disk is gone or the CPU is \
             another one, this fails, and `xe vm-reset-powerstate uuid=<VM> --force` gives the memory up.",
            names(&kept)
        ));
        steps.push(kept.iter().fold(told, |told, vm| {
            told.run(format!("xe vm-resume uuid={}", uuid_of(vm)))
        }));
    }
    let coordinator = facts.restore.coordinator.map(|host| host.reference());
    let elsewhere = |vm: &Record<'_>| {
        let host = Vm(*vm).host().map(|host| host.reference());
        host.is_none() || host != coordinator
    };
    let paused: Vec<_> = in_state("Paused").into_iter().filter(elsewhere).collect();
    if !paused.is_empty() {
        let told = step("Reset VMs that were paused on other hosts")
            .on(NEW)
            .note(format!(
                "They stay paused on a host that is not there: {}. Only when they run nowhere.",
                names(&paused)
            ));
        steps.push(reset(told, &paused));
    }
    let ran = in_state("Running");
    if !ran.is_empty() {
        let told = step("Start the VMs that ran").on(NEW).note(format!(
            "They come up halted: {}. Start each only when it is certain that it runs nowhere else; `xe vm-list \
             power-state=running` on hosts of the old pool that still run must not show it.",
            names(&ran)
        ));
        steps.push(ran.iter().fold(told, |told, vm| {
            told.run(format!("xe vm-start uuid={}", uuid_of(vm)))
        }));
    }
}

/// Whether a suspended VM's memory is lost for certain: check 36 says so. Where that cannot be told, resuming it is
/// tried, which throws nothing away.
fn has_lost_memory(facts: &Facts<'_, '_>, vm: &Record<'_>) -> bool {
    matches!(lost_memory(facts.restore, vm), Ok(Some(_)))
}

/// What the pool had switched on, and a new backup in the end.
pub(super) fn services(facts: &Facts<'_, '_>, steps: &mut Vec<Step>) {
    let coordinator = facts.restore.coordinator;
    let host = facts.host();
    if facts.verdicts.has(Code::RestoreEdition) {
        let edition = coordinator.and_then(|host| host.filled("edition"));
        let edition = edition.map_or_else(|| "<edition>".to_owned(), |edition| quoted(&edition));
        steps.push(
            step("Apply the licence").on(NEW).run(format!(
                "xe host-apply-edition host-uuid={host} edition={edition} license-server-address=<address> \
                 license-server-port=27000"
            )),
        );
    }
    let directory = coordinator.and_then(|host| host.filled("external_auth_type"));
    if let Some(kind) = directory {
        let name = coordinator.and_then(|host| host.filled("external_auth_service_name"));
        let name = name.map_or_else(|| "<domain>".to_owned(), |name| quoted(&name));
        steps.push(
            step("Join the directory again")
                .on(NEW)
                .note("The machine account is no part of a dump: logins of the directory fail until this is done.")
                .run("xe pool-disable-external-auth")
                .run(format!(
                    "xe pool-enable-external-auth auth-type={} service-name={name} config:user=<user> \
                     config:pass=<password>",
                    quoted(&kind)
                )),
        );
    }
    if facts.pool_is("tls_verification_enabled") {
        steps.push(
            step("Let the hosts verify each other's certificates again")
                .on(NEW)
                .note(
                    "The target has certificates of its own. Where hosts do not reach each other: \
                     `xe host-emergency-disable-tls-verification` on the host, then this when all have joined.",
                )
                .run("xe pool-enable-tls-verification"),
        );
    }
    let mut clusters = facts.restore.store.of_class("Cluster").peekable();
    if clusters.peek().is_some() {
        let anew = step("Make the cluster anew").on(NEW).note(
            "The state of a cluster is no part of a dump, and its row is in the way of a new one. GFS2 storage is \
             plugged only after this.",
        );
        let anew = clusters.fold(anew, |anew, cluster| {
            anew.run(format!(
                "xe cluster-pool-force-destroy cluster-uuid={}",
                uuid_of(&cluster)
            ))
        });
        steps.push(anew.run("xe cluster-pool-create network-uuid=<network>"));
    }
    if facts.pool_is("ha_enabled") {
        steps.push(
            step("Switch high availability on again")
                .on(NEW)
                .note("Last of all: when all hosts have joined and the shared storage is plugged on each.")
                .run("xe pool-ha-disable")
                .run("xe pool-ha-enable heartbeat-sr-uuids=<SR>"),
        );
    }
    steps.push(
        step("Take a new backup, and delete the copy of the dump")
            .on(NEW)
            .note("The old dump does not fit this pool any more: its hosts have other uuids and MAC addresses.")
            .run("xe pool-dump-database file-name=/root/pool-after-restore.dump")
            .run("chmod 600 /root/pool-after-restore.dump")
            .run(format!("rm {FILE}")),
    );
}

//! What is in the pool: hosts, networks, storage and VMs.

use xenspect_inventory::view::{Host, Role, Vm};
use xenspect_inventory::{Record, Relation, Relations, Store};
use xenspect_model::target::{TargetMember, TargetNetwork, TargetSr, TargetVdi, TargetVm};

fn uuid(record: &Record<'_>) -> String {
    record.uuid().unwrap_or_default().into_owned()
}

fn name(record: &Record<'_>) -> Option<String> {
    record.name().map(Into::into)
}

pub(super) fn members<'a>(relations: &Relations<'a>) -> Vec<TargetMember> {
    let hosts = relations.store().of_class("host");
    let member = |host: Record<'a>| TargetMember {
        uuid: uuid(&host),
        name: name(&host),
        control_domain_uuid: Host(host)
            .control_domain(relations)
            .and_then(|vm| vm.uuid())
            .map(Into::into),
    };
    hosts.map(member).collect()
}

pub(super) fn networks(store: Store<'_>) -> Vec<TargetNetwork> {
    let network = |network: Record<'_>| TargetNetwork {
        uuid: network.uuid().map(Into::into),
        name: name(&network),
        bridge: network.filled("bridge").map(Into::into),
    };
    store.of_class("network").map(network).collect()
}

pub(super) fn srs(store: Store<'_>) -> Vec<TargetSr> {
    let sr = |sr: Record<'_>| TargetSr {
        uuid: uuid(&sr),
        name: name(&sr),
        kind: sr.filled("type").map(Into::into),
        content_type: sr.filled("content_type").map(Into::into),
        shared: sr.bool("shared"),
        size: sr.count("physical_size"),
        used: sr.count("physical_utilisation"),
    };
    store.of_class("SR").map(sr).collect()
}

/// VMs that are neither templates nor snapshots nor control domains.
pub(super) fn vms<'a>(relations: &Relations<'a>) -> Vec<TargetVm> {
    let vms = relations.store().of_class("VM");
    let vms = vms.filter(|vm| Vm(*vm).role() == Role::Vm);
    let vm = |vm: Record<'a>| TargetVm {
        uuid: uuid(&vm),
        name: name(&vm),
        power_state: Vm(vm).power_state().map(Into::into),
        version: vm.int("version"),
        mac_seed: vm.map_text("other_config", "mac_seed").map(Into::into),
        macs: relations
            .of(Relation::VifsOfVm, &vm)
            .iter()
            .filter_map(|vif| vif.filled("MAC"))
            .map(|mac| mac.to_ascii_lowercase())
            .collect(),
    };
    vms.map(vm).collect()
}

pub(super) fn vdis(store: Store<'_>) -> Vec<TargetVdi> {
    let vdi = |vdi: Record<'_>| TargetVdi {
        uuid: uuid(&vdi),
        sr: vdi.follow("SR").and_then(|sr| sr.uuid()).map(Into::into),
        location: vdi.filled("location").map(Into::into),
        scsi_id: vdi.map_text("sm_config", "SCSIid").map(Into::into),
    };
    store.of_class("VDI").map(vdi).collect()
}

/// Each group by its types of GPU, which an import compares.
pub(super) fn gpu_groups(store: Store<'_>) -> Vec<String> {
    let groups = store.of_class("GPU_group").map(|group| {
        let mut types = group.set("GPU_types").unwrap_or_default();
        types.sort();
        types.join(",")
    });
    groups.collect()
}

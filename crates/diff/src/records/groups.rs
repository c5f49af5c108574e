//! Which group a class is in, and which few fields tell what an object of it is.

use xenspect_inventory::Record;
use xenspect_inventory::view::{Role, Vm};
use xenspect_model::diff::{Group, ObjectRole};

/// The group of a class.
pub(super) fn group(class: &str) -> Group {
    match class {
        "VM" | "VM_metrics" | "VM_guest_metrics" | "VTPM" | "VUSB" | "VGPU" | "console"
        | "VMPP" | "VMSS" | "VM_appliance" | "VM_group" | "crashdump" | "PVS_proxy" => Group::Vms,
        "VDI" | "VBD" | "VBD_metrics" => Group::Disks,
        "VIF" | "VIF_metrics" | "PIF" | "PIF_metrics" | "Bond" | "VLAN" | "tunnel"
        | "network_sriov" => Group::Nics,
        "network" => Group::Networks,
        "host" | "host_metrics" | "host_cpu" | "host_patch" | "host_crashdump" | "PCI" | "PGPU"
        | "GPU_group" | "VGPU_type" | "PUSB" | "USB_group" | "Host_driver" | "Driver_variant"
        | "Feature" | "Certificate" | "Cluster_host" => Group::Hosts,
        "SR" | "PBD" | "SM" | "LVHD" => Group::Srs,
        "pool" | "pool_patch" | "pool_update" | "Repository" | "Cluster" | "SDN_controller" => {
            Group::Pool
        }
        _ => Group::Rest,
    }
}

/// What a record of class `VM` is, if it is no VM; and whether a VDI is a snapshot.
pub(super) fn role(record: &Record<'_>) -> Option<ObjectRole> {
    match record.class() {
        "VM" => {}
        "VDI" if record.is("is_a_snapshot") => return Some(ObjectRole::Snapshot),
        _ => return None,
    }
    match Vm(*record).role() {
        Role::Vm => None,
        Role::Snapshot => Some(ObjectRole::Snapshot),
        Role::Template => Some(ObjectRole::Template),
        Role::ControlDomain => Some(ObjectRole::ControlDomain),
        Role::DefaultTemplate => Some(ObjectRole::DefaultTemplate),
    }
}

/// The fields that are told of an object that came or went. Those that are empty, null or false are not.
pub(super) fn telling(class: &str) -> &'static [&'static str] {
    match class {
        "VM" => &[
            "power_state",
            "snapshot_of",
            "memory_static_max",
            "VCPUs_max",
            "resident_on",
        ],
        "VDI" => &["virtual_size", "SR", "snapshot_of"],
        "VBD" => &["VDI", "userdevice", "type"],
        "VIF" => &["MAC", "network"],
        "PIF" => &["MAC", "VLAN", "management", "IP"],
        "Bond" => &["master", "mode"],
        "VLAN" => &["tag", "tagged_PIF"],
        "tunnel" => &["transport_PIF"],
        "network" => &["bridge"],
        "SR" => &["type", "shared", "physical_size"],
        "host" => &["address", "hostname", "edition"],
        "host_patch" => &["version", "applied"],
        "pool_patch" | "pool_update" => &["version"],
        "VTPM" => &["is_unique", "is_protected"],
        "VGPU" => &["type", "GPU_group"],
        "VUSB" => &["USB_group"],
        "Certificate" => &["type", "not_after"],
        "VMSS" | "VMPP" => &["type", "enabled"],
        "subject" => &["subject_identifier"],
        _ => &[],
    }
}

//! Differences that nobody asks about: what xapi or a guest writes by itself all the time, what follows from other
//! fields, what is made anew at each start. One table, with a reason for each line; `docs/manual/src/diff-fields.md` lists it.
//!
//! It follows xapi's `ocaml/idl/datamodel.ml` and what real dumps of one pool show to change by itself.

use xenspect_xapi::datamodel::{self, Qualifier, Type};

/// One line: what is left out, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Volatile {
    /// The class, or [`ANY`].
    pub(super) class: &'static str,
    pub(super) part: Part,
    pub(super) reason: &'static str,
}

/// Stands for every class.
pub(super) const ANY: &str = "*";

/// Which part of a class a line is about. Fields go by their names in the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// All of it: fields, and that objects come and go.
    Everything,
    /// That objects come and go; their fields are compared.
    Objects,
    /// A field.
    Field(&'static str),
    /// A key of a map, or several that begin alike: `xo:backup:*`.
    Key(&'static str, &'static str),
}

use Part::{Everything, Field, Key, Objects};

const fn line(class: &'static str, part: Part, reason: &'static str) -> Volatile {
    Volatile {
        class,
        part,
        reason,
    }
}

const RUNNING: &str = "of the running VM only";
const MEASURED: &str = "measured while it runs";
const OPERATIONS: &str = "what can be done with it at the moment";
const TASKS: &str = "tasks that were under way";
const SPACE: &str = "how full the storage is";
const COMPUTED: &str = "computed from other objects";
const STAMP: &str = "a time that xapi notes by itself";
const LOCK: &str = "held while a task is under way";
const GONE: &str = "of no meaning after a restart of xapi";
const STATUS: &str = "the outcome of the last operation";

/// The table.
#[rustfmt::skip]
pub(super) static VOLATILE: &[Volatile] = &[
    // Whole classes.
    line("VM_metrics", Everything, MEASURED),
    line("VBD_metrics", Everything, MEASURED),
    line("VIF_metrics", Everything, MEASURED),
    line("PIF_metrics", Objects, "made anew with its PIF; the state of the link is compared"),
    line("console", Everything, RUNNING),
    line("session", Everything, GONE),
    line("task", Everything, GONE),
    line("event", Everything, GONE),
    line("message", Everything, GONE),
    line("auth", Everything, GONE),
    line("data_source", Everything, MEASURED),
    line("sr_stat", Everything, MEASURED),
    line("probe_result", Everything, GONE),
    line("vdi_nbd_server_info", Everything, GONE),
    line("Diagnostics", Everything, GONE),
    line("Caller", Everything, "who used the API, and when"),
    line("blob", Everything, "its contents are not in the database"),
    line("role", Everything, "made anew by xapi at each start"),
    line("host_metrics", Objects, "made anew with its host"),
    line("host_cpu", Objects, "made anew when the host starts"),
    line("VM_guest_metrics", Objects, "made anew when the VM starts; what the guest reports is compared"),

    // Fields of all classes.
    line(ANY, Field("allowed_operations"), OPERATIONS),
    line(ANY, Field("current_operations"), TASKS),
    line(ANY, Field("last_updated"), STAMP),
    line(ANY, Field("blobs"), "their contents are not in the database"),
    line(ANY, Field("metrics"), "leads to what is measured"),
    line(ANY, Field("storage_lock"), LOCK),
    line(ANY, Field("runtime_properties"), RUNNING),
    line(ANY, Field("reserved"), LOCK),

    // VMs.
    line("VM", Field("domid"), RUNNING),
    line("VM", Field("guest_metrics"), "leads to what the guest reports, which is compared"),
    line("VM", Field("last_booted_record"), "the VM as it was when it started"),
    line("VM", Field("last_boot_CPU_flags"), "of the host on which it started"),
    line("VM", Field("scheduled_to_be_resident_on"), LOCK),
    line("VM", Field("memory_target"), "moves between the bounds while it runs"),
    line("VM", Field("memory_overhead"), COMPUTED),
    line("VM", Field("requires_reboot"), COMPUTED),
    line("VM", Field("children"), "the other side of VM.parent"),
    line("VM", Key("other_config", "last_shutdown_*"), STAMP),
    line("VM", Key("other_config", "vm_last_*"), STAMP),
    line("VM", Key("other_config", "xo:backup:*"), "written by a backup program at each run"),
    line("VM", Key("other_config", "import_task"), GONE),
    line("VM", Key("other_config", "idletime"), MEASURED),
    line("VM_guest_metrics", Field("memory"), MEASURED),
    line("VM_guest_metrics", Field("disks"), MEASURED),
    line("VM_guest_metrics", Field("other"), "what the agent can do at the moment"),
    line("VM_guest_metrics", Field("live"), RUNNING),
    line("VM_guest_metrics", Field("can_use_hotplug_vbd"), RUNNING),
    line("VM_guest_metrics", Field("can_use_hotplug_vif"), RUNNING),
    line("VM_guest_metrics", Field("PV_drivers_up_to_date"), COMPUTED),
    line("VBD", Field("device"), "follows from userdevice when the VM starts"),
    line("VBD", Field("status_code"), STATUS),
    line("VBD", Field("status_detail"), STATUS),
    line("VIF", Field("status_code"), STATUS),
    line("VIF", Field("status_detail"), STATUS),
    line("VGPU", Field("resident_on"), RUNNING),
    line("VGPU", Field("scheduled_to_be_resident_on"), LOCK),
    line("PVS_proxy", Field("status"), RUNNING),
    line("VM_group", Field("VMs"), "the other side of VM.groups"),
    line("VMSS", Field("last_run_time"), STAMP),
    line("VMPP", Field("backup_last_run_time"), STAMP),
    line("VMPP", Field("archive_last_run_time"), STAMP),
    line("VMPP", Field("is_backup_running"), TASKS),
    line("VMPP", Field("is_archive_running"), TASKS),
    line("VMPP", Field("recent_alerts"), STATUS),

    // Storage.
    line("VDI", Field("physical_utilisation"), SPACE),
    line("VDI", Field("parent"), "changes when the storage tidies up; deprecated"),
    line("VDI", Key("sm_config", "host_*"), "the hosts that have it open"),
    line("VDI", Key("sm_config", "paused"), LOCK),
    line("VDI", Key("sm_config", "activating"), LOCK),
    line("VDI", Key("sm_config", "vhd-blocks"), "which blocks are in use"),
    line("VDI", Key("sm_config", "vhd-parent"), "changes when the storage tidies up"),
    line("VDI", Key("sm_config", "read-caching-*"), RUNNING),
    line("VDI", Key("sm_config", "mirror"), TASKS),
    line("VDI", Key("xenstore_data", "*"), "what the storage tells the guest's disk driver"),
    line("SR", Field("physical_utilisation"), SPACE),
    line("SR", Field("virtual_allocation"), SPACE),
    line("SR", Key("other_config", "dirty"), LOCK),
    line("SR", Key("other_config", "mpath-*"), "the paths as they last were"),
    line("PBD", Key("other_config", "mpath-*"), "the paths as they last were"),
    line("PBD", Key("other_config", "SCSIid-*"), "the paths as they last were"),

    // Hosts and the pool.
    line("host", Key("other_config", "agent_start_time"), STAMP),
    line("host", Key("other_config", "boot_time"), STAMP),
    line("host", Key("other_config", "last_blob_sync_time"), STAMP),
    line("host", Key("other_config", "mpath-*"), "the paths as they last were"),
    line("host", Field("updates_requiring_reboot"), COMPUTED),
    line("host", Field("ha_network_peers"), COMPUTED),
    line("host_metrics", Field("memory_free"), MEASURED),
    line("PIF_metrics", Field("io_read_kbs"), MEASURED),
    line("PIF_metrics", Field("io_write_kbs"), MEASURED),
    line("host_cpu", Field("utilisation"), MEASURED),
    line("host_cpu", Field("speed"), MEASURED),
    line("PCI", Field("attached_VMs"), "the other side of VM.attached_PCIs"),
    line("PGPU", Field("supported_VGPU_max_capacities"), COMPUTED),
    line("VGPU_type", Field("enabled_on_PGPUs"), "the other side of PGPU.enabled_VGPU_types"),
    line("VGPU_type", Field("supported_on_PGPUs"), "the other side of PGPU.supported_VGPU_types"),
    line("VGPU_type", Field("enabled_on_GPU_groups"), COMPUTED),
    line("VGPU_type", Field("supported_on_GPU_groups"), COMPUTED),
    line("GPU_group", Field("enabled_VGPU_types"), COMPUTED),
    line("GPU_group", Field("supported_VGPU_types"), COMPUTED),
    line("pool", Key("other_config", "last_blob_sync_time"), STAMP),
    line("pool", Field("ha_plan_exists_for"), COMPUTED),
    line("pool", Field("telemetry_next_collection"), STAMP),
    line("pool", Field("last_update_sync"), STAMP),
    line("pool_update", Field("hosts"), "the other side of host.updates"),
    line("Repository", Field("up_to_date"), COMPUTED),
    line("Cluster", Field("quorum"), MEASURED),
    line("Cluster", Field("live_hosts"), MEASURED),
    line("Cluster", Field("expected_hosts"), MEASURED),
    line("Cluster_host", Field("last_update_live"), STAMP),
];

/// Whether a field is the set side of a relation that is stored on both sides (`formats/pool-db.md` section 5), so that
/// the objects on the other side tell the difference. The datamodel has such a set as one that only xapi writes, of
/// objects that refer to one of this class.
pub(super) fn is_derived(field: &datamodel::Field) -> bool {
    let Type::Set(Type::Ref(target)) = field.ty else {
        return false;
    };
    field.qualifier == Qualifier::Runtime
        && datamodel::fields_of(target)
            .iter()
            .any(|other| other.ty == Type::Ref(field.class))
}

/// The table as a page lists it.
#[cfg(test)]
pub(super) fn listing() -> String {
    use std::fmt::Write;

    let mut page = String::from("| left out | why |\n| --- | --- |\n");
    for Volatile {
        class,
        part,
        reason,
    } in VOLATILE
    {
        let what = match part {
            Everything => format!("`{class}.*`"),
            Objects => format!("`{class}` that come and go"),
            Field(field) => format!("`{class}.{field}`"),
            Key(field, key) => format!("`{class}.{field}:{key}`"),
        };
        writeln!(page, "| {what} | {reason} |").unwrap();
    }
    page.push_str("\nThe sets that are the other side of a reference:\n\n");
    let derived = datamodel::fields().iter().filter(|field| is_derived(field));
    let derived: Vec<_> = derived
        .map(|field| format!("`{}.{}`", field.class, field.api_field))
        .collect();
    page.push_str(&derived.join(", "));
    page.push_str(".\n");
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../docs/manual/src/diff-fields.md"
    );

    /// The page lists the table as it stands here. `XENSPECT_BLESS=1` rewrites it.
    #[test]
    fn the_page_lists_what_is_left_out() {
        let page = std::fs::read_to_string(PAGE).unwrap();
        let (begin, end) = ("<!-- fields: begin -->\n", "<!-- fields: end -->");
        let (head, rest) = page.split_once(begin).unwrap();
        let (listed, tail) = rest.split_once(end).unwrap();
        let now = listing();
        if std::env::var_os("XENSPECT_BLESS").is_some() {
            std::fs::write(PAGE, format!("{head}{begin}{now}{end}{tail}")).unwrap();
        } else {
            assert_eq!(
                listed, now,
                "XENSPECT_BLESS=1 rewrites docs/manual/src/diff-fields.md"
            );
        }
    }

    #[test]
    fn every_line_is_of_a_field_that_there_is() {
        let mut unknown = Vec::new();
        for Volatile { class, part, .. } in VOLATILE {
            let (Field(name) | Key(name, _)) = part else {
                continue;
            };
            let mut fields = datamodel::fields().iter();
            let known = fields.any(|field| {
                let is_named = field.api_field == *name || field.column == *name;
                is_named && (*class == ANY || field.class == *class)
            });
            if !known {
                unknown.push(format!("{class}.{name}"));
            }
        }
        assert!(unknown.is_empty(), "{unknown:?}");
    }

    #[test]
    fn sets_that_follow_are_known() {
        for (class, column, expected) in [
            ("VM", "VBDs", true),
            ("SR", "VDIs", true),
            ("Bond", "slaves", true),
            ("VM", "snapshots", true),
            ("host", "resident_VMs", true),
            ("subject", "roles", false),
            ("VM", "attached_PCIs", false),
            ("pool", "repositories", false),
            ("VBD", "VM", false),
        ] {
            let field = datamodel::field(class, column).unwrap();
            assert_eq!(is_derived(field), expected, "{class}.{column}");
        }
    }
}

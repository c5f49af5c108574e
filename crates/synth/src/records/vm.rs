//! VM, VM_metrics, VM_guest_metrics and VTPM records.

use super::{EPOCH, NULL, Record, Scene};
use crate::content::secret;
use crate::document::Object;
use crate::recipe::Kind;
use crate::release::Release;
use crate::xmlrpc::Value;

const MEMORY: i64 = 2_147_483_648;

pub(super) fn vm(scene: &Scene<'_>) -> Object {
    let (recipe, ids) = (scene.recipe, &scene.ids);
    let uefi = recipe.nvram;
    let power_state = match (recipe.suspend_image, recipe.kind) {
        (Some(_), _) => "Suspended",
        (None, Kind::MetadataOnly) => "Running",
        (None, _) => "Halted",
    };
    let mut vm = Record::default();
    vm.text("uuid", &scene.uuid("VM"))
        .operations()
        .text("power_state", power_state);
    vm.text("name_label", &recipe.vm_name)
        .text(
            "name_description",
            "Written for tests <&\"'> by xenspect-synth",
        )
        .int("user_version", 1)
        .flag("is_a_template", false);
    if scene.has(Release::V8_0) {
        vm.flag("is_default_template", false);
    }
    vm.text(
        "suspend_VDI",
        ids.suspend.as_ref().map_or(NULL, |(vdi, _)| vdi),
    )
    .text("resident_on", &ids.null_host);
    if scene.has(Release::V8_0) {
        vm.text("scheduled_to_be_resident_on", NULL);
    }
    vm.text("affinity", &ids.affinity)
        .int("memory_overhead", 20_971_520)
        .int("memory_target", if scene.preserve { MEMORY } else { 0 })
        .int("memory_static_max", MEMORY)
        .int("memory_dynamic_max", MEMORY)
        .int("memory_dynamic_min", MEMORY)
        .int("memory_static_min", MEMORY / 2)
        .map("VCPUs_params", &[])
        .int("VCPUs_max", 2)
        .int("VCPUs_at_startup", 2)
        .text("actions_after_shutdown", "destroy");
    if scene.has(Release::V8_3) {
        vm.text("actions_after_softreboot", "soft_reboot");
    }
    vm.text("actions_after_reboot", "restart")
        .text("actions_after_crash", "restart")
        .none("consoles")
        .set("VIFs", ids.vifs.iter().map(|(vif, _)| vif.clone()))
        .set("VBDs", ids.vbds.iter().map(|vbd| vbd.vbd.clone()));
    if scene.has(Release::V8_0) {
        vm.none("VUSBs");
    }
    vm.none("crash_dumps")
        .set("VTPMs", recipe.vtpm.then_some(ids.vtpm.as_str()));
    for field in [
        "PV_bootloader",
        "PV_kernel",
        "PV_ramdisk",
        "PV_args",
        "PV_bootloader_args",
        "PV_legacy_args",
    ] {
        vm.text(field, "");
    }
    vm.text("HVM_boot_policy", "BIOS order");
    if uefi {
        vm.map("HVM_boot_params", &[("firmware", "uefi"), ("order", "cdn")]);
    } else if scene.has(Release::V8_2) {
        vm.map("HVM_boot_params", &[("firmware", "bios"), ("order", "cdn")]);
    } else {
        vm.map("HVM_boot_params", &[("order", "cdn")]);
    }
    vm.put("HVM_shadow_multiplier", Value::Double(1.0));
    let mut platform = vec![
        ("timeoffset", "0"),
        ("nx", "true"),
        ("acpi", "1"),
        ("apic", "true"),
        ("pae", "true"),
        ("viridian", "true"),
    ];
    if scene.has(Release::V8_0) {
        platform.push((
            "device-model",
            if uefi {
                "qemu-upstream-uefi"
            } else {
                "qemu-upstream-compat"
            },
        ));
    }
    if uefi {
        platform.push(("secureboot", "false"));
    }
    vm.map("platform", &platform).text("PCI_bus", "");
    other_config(scene, &mut vm);
    vm.int("domid", if power_state == "Running" { 7 } else { -1 })
        .text("domarch", "");
    vm.map(
        "last_boot_CPU_flags",
        &[
            ("vendor", "GenuineIntel"),
            ("features", "17cbfbff-f7fa3223-2d93fbff-00000123-00000001"),
        ],
    );
    vm.flag("is_control_domain", false)
        .text("metrics", &ids.metrics)
        .text("guest_metrics", &ids.guest_metrics)
        .text("last_booted_record", &last_booted_record(scene))
        .text(
            "recommendations",
            "<restrictions><restriction field=\"memory-static-max\" max=\"137438953472\" />\
             <restriction field=\"vcpus-max\" max=\"32\" /></restrictions>",
        )
        .map("xenstore_data", &[("vm-data", "")]);
    availability(scene, &mut vm);
    later_fields(scene, &mut vm);
    vm.object("VM", &ids.vm)
}

fn other_config(scene: &Scene<'_>, vm: &mut Record) {
    let mac_seed = scene.uuid("mac_seed");
    let task = scene.leftover("import task");
    let mut pairs = vec![
        ("base_template_name", "Other install media"),
        ("mac_seed", mac_seed.as_str()),
        ("install-methods", "cdrom"),
    ];
    if scene.recipe.leftovers {
        pairs.push(("import_task", task.as_str()));
    }
    vm.map("other_config", &pairs);
}

fn last_booted_record(scene: &Scene<'_>) -> String {
    if scene.has(Release::V8_0) {
        return String::new();
    }
    format!(
        "('struct' ('uuid' '{}') ('power_state' 'Halted') ('name_label' 'before') ('is_a_template' ('boolean' '0')) \
         ('HVM_shadow_multiplier' ('double' '1')) ('VIFs' ('array')) ('snapshot_time' ('dateTime.iso8601' '{EPOCH}')))",
        scene.uuid("VM")
    )
}

/// High availability, snapshots, appliances: the fields XenServer 5.0 to 6.0 brought.
fn availability(scene: &Scene<'_>, vm: &mut Record) {
    if !scene.has(Release::V6_2) {
        return;
    }
    vm.flag("ha_always_run", false)
        .text("ha_restart_priority", "")
        .flag("is_a_snapshot", false)
        .text("snapshot_of", NULL)
        .none("snapshots")
        .date("snapshot_time", EPOCH)
        .text("transportable_snapshot_id", "")
        .map("blobs", &[])
        .none("tags")
        .map("blocked_operations", &[])
        .map("snapshot_info", &[])
        .text("snapshot_metadata", "")
        .text("parent", NULL);
    if scene.recipe.leftovers {
        vm.set("children", [scene.leftover("child")]);
    } else {
        vm.none("children");
    }
    vm.map(
        "bios_strings",
        &[
            ("bios-vendor", "Xen"),
            ("bios-version", ""),
            ("system-manufacturer", "Xen"),
            ("system-product-name", "HVM domU"),
            ("system-version", ""),
            ("system-serial-number", ""),
            ("hp-rombios", ""),
        ],
    );
    vm.text("protection_policy", NULL)
        .flag("is_snapshot_from_vmpp", false);
    if scene.has(Release::V8_0) {
        vm.text("snapshot_schedule", NULL)
            .flag("is_vmss_snapshot", false);
    }
    vm.text("appliance", &scene.leftover("appliance"))
        .int("start_delay", 0)
        .int("shutdown_delay", 0)
        .int("order", 0)
        .none("VGPUs")
        .none("attached_PCIs")
        .text("suspend_SR", &scene.leftover("suspend SR"))
        .int("version", 0)
        .text("generation_id", "6094503810302571916:4975229614276963866");
}

fn later_fields(scene: &Scene<'_>, vm: &mut Record) {
    if scene.has(Release::V7_0) {
        vm.int("hardware_platform_version", 0)
            .flag("has_vendor_device", false);
    }
    if scene.has(Release::V8_0) {
        vm.flag("requires_reboot", false)
            .text("reference_label", "other-install-media");
        vm.text("domain_type", "hvm");
        if scene.recipe.nvram {
            let variables = secret(scene.recipe.seed, b"efi-vars", 1500);
            vm.map("NVRAM", &[("EFI-variables", &variables)]);
        } else {
            vm.map("NVRAM", &[]);
        }
    }
    if scene.has(Release::V8_3) {
        vm.none("pending_guidances")
            .none("pending_guidances_recommended")
            .none("pending_guidances_full");
    }
    if scene.has(Release::V26_1) {
        vm.none("groups");
    }
}

pub(super) fn metrics(scene: &Scene<'_>) -> Object {
    let mut metrics = Record::default();
    metrics
        .text("uuid", &scene.uuid("VM_metrics"))
        .int("memory_actual", MEMORY)
        .int("VCPUs_number", 2)
        .map("VCPUs_utilisation", &[])
        .map("VCPUs_CPU", &[("0", "3"), ("1", "1")])
        .map("VCPUs_params", &[])
        .put(
            "VCPUs_flags",
            Value::Struct(vec![("0".to_owned(), Value::set(["online"]))]),
        )
        .none("state")
        .date("start_time", "20260301T07:00:00Z")
        .date("install_time", "20240701T10:20:30Z")
        .date("last_updated", EPOCH)
        .map("other_config", &[])
        .flag("hvm", true)
        .flag("nested_virt", false)
        .flag("nomigrate", false)
        .text("current_domain_type", "unspecified");
    metrics.object("VM_metrics", &scene.ids.metrics)
}

pub(super) fn guest_metrics(scene: &Scene<'_>) -> Object {
    let mut guest = Record::default();
    guest
        .text("uuid", &scene.uuid("VM_guest_metrics"))
        .map(
            "os_version",
            &[
                ("name", "Debian GNU/Linux 12 (bookworm)"),
                ("uname", "6.1.0-18-amd64"),
                ("distro", "debian"),
                ("major", "12"),
                ("minor", "5"),
            ],
        )
        .map(
            "PV_drivers_version",
            &[
                ("major", "7"),
                ("minor", "30"),
                ("micro", "0"),
                ("build", "12"),
            ],
        )
        .flag("PV_drivers_up_to_date", true)
        .map("memory", &[])
        .map("disks", &[])
        .map(
            "networks",
            &[("0/ip", "192.0.2.17"), ("0/ipv6/0", "2001:db8::17")],
        )
        .map(
            "other",
            &[("feature-balloon", "1"), ("feature-suspend", "1")],
        )
        .date("last_updated", "20240701T10:30:00Z");
    if scene.has(Release::V6_2) {
        guest.map("other_config", &[]).flag("live", true);
    }
    if scene.has(Release::V7_0) {
        guest
            .text("can_use_hotplug_vbd", "unspecified")
            .text("can_use_hotplug_vif", "unspecified")
            .flag("PV_drivers_detected", true);
    }
    if scene.has(Release::V26_1) {
        guest.map("netbios_name", &[]).map("services", &[]);
    }
    guest.object("VM_guest_metrics", &scene.ids.guest_metrics)
}

/// The hand-made record with its odd member names (`formats/xva.md` section 3.3).
pub(super) fn vtpm(scene: &Scene<'_>) -> Object {
    let mut vtpm = Record::default();
    vtpm.text("vTPM'_VM", &scene.ids.vm)
        .text("vTPM'_uuid", &scene.uuid("VTPM"))
        .flag("vTPM'_is_unique", false)
        .flag("vTPM'_is_protected", false)
        .text(
            "vTPM'_content",
            &secret(scene.recipe.seed, b"vtpmdata", 2400),
        );
    vtpm.object("VTPM", &scene.ids.vtpm)
}

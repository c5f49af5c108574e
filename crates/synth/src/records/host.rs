//! The host record, of which the exporter empties most (`formats/xva.md` section 3.3).

use super::{EPOCH, NULL, Record, Scene};
use crate::document::Object;
use crate::release::Release;

pub(super) fn host(scene: &Scene<'_>) -> Object {
    let mut host = Record::default();
    host.text("uuid", &scene.uuid("host"))
        .text("name_label", "host-1")
        .text("name_description", "Default install")
        .int("memory_overhead", 700_000_000)
        .operations()
        .int("API_version_major", 2)
        .int("API_version_minor", 16)
        .text("API_version_vendor", "XenSource")
        .map("API_version_vendor_implementation", &[])
        .flag("enabled", true)
        .map("software_version", &[])
        .map("other_config", &[])
        .none("capabilities")
        .map("cpu_configuration", &[])
        .text("sched_policy", "")
        .none("supported_bootloaders")
        .none("resident_VMs")
        .map("logging", &[])
        .none("PIFs")
        .text("suspend_image_sr", NULL)
        .text("crash_dump_sr", NULL)
        .none("crashdumps")
        .none("patches");
    if scene.has(Release::V8_0) {
        host.none("updates");
    }
    host.none("PBDs")
        .none("host_CPUs")
        .map(
            "cpu_info",
            &[("cpu_count", "8"), ("vendor", "GenuineIntel")],
        )
        .text("hostname", "host-1.example.net")
        .text("address", "192.0.2.1")
        .text("metrics", NULL)
        .map("license_params", &[])
        .none("ha_statefiles")
        .none("ha_network_peers")
        .map("blobs", &[])
        .none("tags")
        .text("external_auth_type", "")
        .text("external_auth_service_name", "")
        .map("external_auth_configuration", &[])
        .text("edition", "xcp-ng")
        .map(
            "license_server",
            &[("address", "localhost"), ("port", "27000")],
        )
        .map("bios_strings", &[("system-manufacturer", "Example")])
        .text("power_on_mode", "")
        .map("power_on_config", &[])
        .text("local_cache_sr", NULL)
        .map("chipset_info", &[("iommu", "true")])
        .none("PCIs")
        .none("PGPUs");
    if scene.has(Release::V7_0) {
        host.flag("ssl_legacy", true)
            .map("guest_VCPUs_params", &[])
            .text("display", "enabled")
            .set("virtual_hardware_platform_versions", ["0", "1", "2"]);
    }
    if scene.has(Release::V8_0) {
        host.text("control_domain", NULL)
            .none("updates_requiring_reboot")
            .none("features")
            .text("iscsi_iqn", "iqn.2024-07.net.example:host-1")
            .flag("multipathing", false);
    }
    if scene.has(Release::V8_2) {
        host.text("uefi_certificates", "")
            .none("certificates")
            .set("editions", ["xcp-ng"]);
    }
    if scene.has(Release::V8_3) {
        host.none("pending_guidances")
            .flag("tls_verification_enabled", true)
            .date("last_software_update", EPOCH)
            .flag("https_only", false)
            .text("numa_affinity_policy", "default_policy");
    }
    host.object("host", &scene.ids.affinity)
}

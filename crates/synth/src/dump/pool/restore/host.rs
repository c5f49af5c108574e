//! Hosts, their processors and control domains.

use super::super::hosts::software;
use super::super::machines::{add_machine, machine};
use super::{FEATURES, Pool, Site};
use crate::dump::value::{map, set};

pub(super) fn add(pool: &mut Pool, site: &Site) {
    let label = format!("host {}", site.at);
    let schema = pool.schema.0;
    let metrics = pool.add(
        "host_metrics",
        &label,
        &[
            ("live", "true".into()),
            ("memory__total", "68719476736".into()),
            ("memory__free", "34359738368".into()),
            ("last_updated", "20240601T10:00:00Z".into()),
        ],
    );
    let host = pool.reference("host", &label);
    for cpu in 0..4 {
        pool.add(
            "host_cpu",
            &format!("{} {cpu}", site.at),
            &[
                ("host", host.clone()),
                ("number", cpu.to_string()),
                ("vendor", "GenuineIntel".into()),
                ("speed", "2400".into()),
                ("family", "6".into()),
                ("model", "63".into()),
                ("stepping", "2".into()),
            ],
        );
    }
    let control_domain = pool.reference("VM", &format!("control domain {}", site.at));
    let local = pool.reference("SR", &format!("local {}", site.at));
    let columns = [
        ("name__label", site.name.clone()),
        ("name__description", "Default install".into()),
        ("hostname", site.name.clone()),
        ("address", site.address.clone()),
        ("enabled", "true".into()),
        ("API_version__major", "2".into()),
        (
            "API_version__minor",
            if schema > 603 { "21" } else { "15" }.into(),
        ),
        ("API_version__vendor", "XenSource".into()),
        ("software_version", software(schema, &site.name)),
        ("metrics", metrics),
        ("control_domain", control_domain),
        (
            "edition",
            if schema > 603 {
                "premium-per-socket"
            } else {
                "xcp-ng"
            }
            .into(),
        ),
        (
            "cpu_info",
            map(&[
                ("cpu_count", "4"),
                ("socket_count", "1"),
                ("vendor", "GenuineIntel"),
                ("modelname", "Intel(R) Xeon(R) CPU     E5-2630 v3 @ 2.40GHz"),
                ("features_hvm", FEATURES),
                ("features_pv", FEATURES),
            ]),
        ),
        ("chipset_info", map(&[("iommu", "true")])),
        (
            "other_config",
            map(&[
                ("agent_start_time", "1717236000."),
                ("boot_time", "1717235900."),
            ]),
        ),
        ("sched_policy", "credit".into()),
        ("capabilities", set(["xen-3.0-x86_64", "hvm-3.0-x86_64"])),
        ("suspend_image_sr", local.clone()),
        ("crash_dump_sr", local),
    ];
    pool.add("host", &label, &columns);
    pool.add(
        "Certificate",
        &label,
        &[
            ("host", host),
            ("not_before", "20240301T00:00:00Z".into()),
            ("not_after", "20340227T00:00:00Z".into()),
            ("type", "host".into()),
        ],
    );
}

pub(super) fn control_domain(pool: &mut Pool, site: &Site) {
    let host = pool.reference("host", &format!("host {}", site.at));
    let name = format!("Control domain on host: {}", site.name);
    let mut columns = machine(&name, "Running", 4);
    columns.extend([
        ("is_control_domain", "true".into()),
        ("resident_on", host),
        ("domid", "0".into()),
    ]);
    add_machine(pool, &format!("control domain {}", site.at), columns);
}

/// A device of the first machine that can be passed through to VMs.
pub(super) fn nvme(pool: &mut Pool, attached: Vec<String>) -> String {
    let host = pool.reference("host", "host 0");
    let columns = [
        ("host", host),
        ("class_name", "Non-Volatile memory controller".into()),
        ("vendor_name", "Example Inc.".into()),
        ("device_name", "NVMe controller".into()),
        ("pci_id", "0000:5e:00.0".into()),
        ("attached_VMs", set(attached)),
    ];
    pool.add("PCI", "nvme", &columns)
}

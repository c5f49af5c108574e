//! Hosts and what is bolted to them: processors, PCI devices, GPUs, certificates. Network interfaces are in `nics`.

use super::{Pool, nics};
use crate::dump::value::{map, set};

/// References that the other parts need.
pub(super) struct Hosts {
    pub(super) hosts: Vec<String>,
    /// Network of the bond or, on a single host, of `eth0`.
    pub(super) main: String,
    pub(super) vlan: String,
    pub(super) gpu_group: String,
    pub(super) gpu_type: String,
}

/// What `host.software_version` says: product, text, brand, platform, xapi, build.
fn product(schema: u32) -> [&'static str; 6] {
    match schema {
        0..=61 => ["5.6.100", "5.6 FP1", "XenServer", "0.0.0", "1.3", "39265p"],
        62..=74 => ["6.5.0", "6.5", "XenServer", "1.9.0", "1.9", "90233c"],
        75..=603 => [
            "8.2.1",
            "8.2",
            "XCP-ng",
            "3.2.1",
            "1.20",
            "release/yangtze/master/58",
        ],
        _ => ["8.4.0", "8", "XenServer", "3.4.0", "24.35", "cloud"],
    }
}

pub(super) fn software(schema: u32, host: &str) -> String {
    let [version, text, brand, platform, xapi, build] = product(schema);
    let db_schema = format!("5.{schema}");
    let mut pairs = vec![
        ("product_version", version),
        ("product_version_text", text),
        ("product_version_text_short", text),
        ("platform_name", "XCP"),
        ("platform_version", platform),
        ("product_brand", brand),
        ("build_number", build),
        ("hostname", if schema >= 133 { "localhost" } else { host }),
        ("date", "2024-03-04"),
        ("dbv", "0.0.1"),
        ("xapi", xapi),
        ("xen", "4.13.5-9.40"),
        ("linux", "4.19.0+1"),
        ("network_backend", "openvswitch"),
        ("xs:main", "XenServer Pack, version 8.2.1, build 58"),
    ];
    if schema >= 72 {
        pairs.push(("db_schema", &db_schema));
    }
    map(&pairs)
}

fn api_version(schema: u32) -> (i64, i64) {
    match schema {
        0..=61 => (1, 8),
        62..=74 => (2, 3),
        75..=603 => (2, 15),
        _ => (2, 21),
    }
}

pub(super) fn add(pool: &mut Pool, count: usize) -> Hosts {
    let networks = networks(pool, count);
    let gpu_group = pool.reference("GPU_group", "gpus");
    let gpu_type = pool.reference("VGPU_type", "passthrough");
    let mut hosts = Vec::new();
    for at in 0..count {
        hosts.push(host(pool, at));
        nics::interfaces(pool, at, count, &networks);
        devices(pool, at, count, &gpu_group, &gpu_type);
    }
    pool.add(
        "GPU_group",
        "gpus",
        &[
            (
                "name__label",
                "Group of NVIDIA Corporation GP104GL [Tesla P4] GPUs".into(),
            ),
            ("GPU_types", set(["10de/1bb3"])),
            ("enabled_VGPU_types", set([&gpu_type])),
            ("supported_VGPU_types", set([&gpu_type])),
        ],
    );
    let pgpus: Vec<String> = (0..count)
        .map(|at| pool.reference("PGPU", &format!("gpu {at}")))
        .collect();
    pool.add(
        "VGPU_type",
        "passthrough",
        &[
            ("model_name", "passthrough".into()),
            ("enabled_on_PGPUs", set(&pgpus)),
            ("supported_on_PGPUs", set(&pgpus)),
            ("enabled_on_GPU_groups", set([&gpu_group])),
            ("supported_on_GPU_groups", set([&gpu_group])),
        ],
    );
    let [main, vlan, ..] = networks;
    Hosts {
        hosts,
        main,
        vlan,
        gpu_group,
        gpu_type,
    }
}

/// The main network, VLAN 100, storage, and those of the bonded interfaces.
fn networks(pool: &mut Pool, hosts: usize) -> [String; 5] {
    let main = if hosts > 1 {
        ("Bond 0+1", "xapi1")
    } else {
        ("Pool-wide network associated with eth0", "xenbr0")
    };
    let mut network = |label: &str, name: &str, bridge: &str| {
        let columns = [
            ("name__label", name.to_owned()),
            ("bridge", bridge.to_owned()),
            (
                "MTU",
                if label == "storage" { "9000" } else { "1500" }.to_owned(),
            ),
            (
                "tags",
                if label == "storage" {
                    set(["storage", "10 GbE"])
                } else {
                    set::<&str>([])
                },
            ),
        ];
        pool.add("network", label, &columns)
    };
    let networks = [
        network("main", main.0, main.1),
        network("vlan", "Servers, VLAN 100", "xapi2"),
        network("storage", "Storage <&\"'>", "xenbr2"),
        network("eth0", "Pool-wide network associated with eth0", "xenbr0"),
        network("eth1", "Pool-wide network associated with eth1", "xenbr1"),
    ];
    pool.add("network", "internal", &[
        ("name__label", "Host internal management network".into()),
        ("name__description", "Network on which guests will be assigned a private link-local IP address which can be used to talk XenAPI".into()),
        ("bridge", "xenapi".into()),
        ("other_config", map(&[("is_guest_installer_network", "true"), ("is_host_internal_management_network", "true"), ("ip_begin", "169.254.0.1"), ("ip_end", "169.254.255.254"), ("netmask", "255.255.0.0")])),
    ]);
    networks
}

fn host(pool: &mut Pool, at: usize) -> String {
    let name = format!("host-{}", at + 1);
    let label = format!("host {at}");
    let schema = pool.schema.0;
    let (major, minor) = api_version(schema);
    let address = format!("192.0.2.{}", at + 11);
    let iqn = format!("iqn.2024-01.net.example:{name}");
    let (bmc, _) = pool.secret(&format!("bmc-{at}"));
    let license = pool.plant(
        "host.license_params[serialnumber]",
        &format!("license-serial-{at}"),
    );
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
    for cpu in 0..4 {
        let host = pool.reference("host", &label);
        pool.add(
            "host_cpu",
            &format!("{at} {cpu}"),
            &[
                ("host", host),
                ("number", cpu.to_string()),
                ("vendor", "GenuineIntel".into()),
                ("speed", "2400".into()),
                (
                    "modelname",
                    "Intel(R) Xeon(R) CPU     E5-2630 v3 @ 2.40GHz".into(),
                ),
                ("family", "6".into()),
                ("model", "63".into()),
                ("stepping", "2".into()),
            ],
        );
    }
    let control_domain = pool.reference("VM", &format!("control domain {at}"));
    let columns = [
        ("name__label", name.clone()),
        ("name__description", "Default install".into()),
        ("hostname", name.clone()),
        ("address", address),
        ("enabled", "true".into()),
        ("API_version__major", major.to_string()),
        ("API_version__minor", minor.to_string()),
        ("API_version__vendor", "XenSource".into()),
        ("software_version", software(schema, &name)),
        ("metrics", metrics),
        ("control_domain", control_domain),
        (
            "edition",
            if schema > 600 { "xcp-ng" } else { "enterprise" }.into(),
        ),
        (
            "license_params",
            map(&[
                ("sku_type", "XCP-ng"),
                ("expiry", "20991231T23:59:59Z"),
                ("serialnumber", license.as_str()),
                ("restrict_wlb", "true"),
            ]),
        ),
        (
            "license_server",
            map(&[("address", "licenses.example.net"), ("port", "27000")]),
        ),
        (
            "cpu_info",
            map(&[
                ("cpu_count", "4"),
                ("socket_count", "1"),
                ("vendor", "GenuineIntel"),
                ("modelname", "Intel(R) Xeon(R) CPU     E5-2630 v3 @ 2.40GHz"),
            ]),
        ),
        ("chipset_info", map(&[("iommu", "true")])),
        (
            "bios_strings",
            map(&[
                ("bios-vendor", "Example Inc."),
                ("system-manufacturer", "Example Inc."),
                ("system-product-name", "Server 1"),
                ("system-serial-number", "SN-0042"),
            ]),
        ),
        (
            "other_config",
            map(&[
                ("agent_start_time", "1717236000."),
                ("boot_time", "1717235900."),
                ("iscsi_iqn", iqn.as_str()),
            ]),
        ),
        ("iscsi_iqn", iqn.clone()),
        ("external_auth_type", "AD".into()),
        ("external_auth_service_name", "example.net".into()),
        (
            "external_auth_configuration",
            map(&[("domain", "example.net"), ("user", "joiner"), ("ou", "")]),
        ),
        ("power_on_mode", "iLO".into()),
        (
            "power_on_config",
            map(&[
                ("power_on_ip", "198.51.100.9"),
                ("power_on_user", "operator"),
                ("power_on_password_secret", bmc.as_str()),
            ]),
        ),
        ("logging", map(&[("syslog_destination", "198.51.100.5")])),
        ("sched_policy", "credit".into()),
        ("supported_bootloaders", set(["pygrub", "eliloader"])),
        (
            "capabilities",
            set(["xen-3.0-x86_64", "hvm-3.0-x86_64", ""]),
        ),
        (
            "suspend_image_sr",
            pool.reference("SR", &format!("local {at}")),
        ),
        (
            "crash_dump_sr",
            pool.reference("SR", &format!("local {at}")),
        ),
    ];
    let reference = pool.add("host", &label, &columns);
    pool.add("Certificate", &label, &[
        ("host", reference.clone()),
        ("not_before", "20240301T00:00:00Z".into()),
        ("not_after", if at == 0 { "20340227T00:00:00Z" } else { "20250301T00:00:00Z" }.into()),
        ("fingerprint", "8D:35:94:5B:40:2B:AB:43:21:A1:7C:E9:6C:C7:0C:C9:35:0D:57:6E:75:8D:3B:90:C0:4B:BC:B2:9A:0B:34:18".into()),
        ("fingerprint_sha256", "8D:35:94:5B:40:2B:AB:43:21:A1:7C:E9:6C:C7:0C:C9:35:0D:57:6E:75:8D:3B:90:C0:4B:BC:B2:9A:0B:34:18".into()),
        ("type", "host".into()),
    ]);
    reference
}

fn devices(pool: &mut Pool, at: usize, count: usize, gpu_group: &str, gpu_type: &str) {
    let host = pool.reference("host", &format!("host {at}"));
    let pci = |class: &str, name: &str, id: &str| {
        [
            ("host", host.clone()),
            ("class_name", class.to_owned()),
            ("vendor_name", "NVIDIA Corporation".to_owned()),
            ("device_name", name.to_owned()),
            ("pci_id", id.to_owned()),
        ]
    };
    let gpu = pool.add(
        "PCI",
        &format!("gpu {at}"),
        &pci("3D controller", "GP104GL [Tesla P4]", "0000:3b:00.0"),
    );
    let mut columns = pci(
        "Non-Volatile memory controller",
        "NVMe controller",
        "0000:5e:00.0",
    )
    .to_vec();
    // A single host has no VM to pass it to.
    if at == 0 && count > 1 {
        columns.push(("attached_VMs", set([pool.reference("VM", "pass-through")])));
    }
    pool.add("PCI", &format!("nvme {at}"), &columns);
    pool.add(
        "PGPU",
        &format!("gpu {at}"),
        &[
            ("PCI", gpu),
            ("host", host),
            ("GPU_group", gpu_group.to_owned()),
            ("supported_VGPU_types", set([gpu_type])),
            ("enabled_VGPU_types", set([gpu_type])),
        ],
    );
}

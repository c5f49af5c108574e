//! `ova.xml` as Xen Orchestra writes it (`formats/xva.md` section 12): three-digit ids, lower-case enum
//! values, fields xapi does not know, and sizes rounded up to whole chunks.

use crate::content::{mac, uuid};
use crate::document::{Document, Object};
use crate::recipe::Recipe;
use crate::release::Release;
use crate::xmlrpc::{Fields, Spelling, Value};

const NULL: &str = "OpaqueRef:NULL";

fn id(number: usize) -> String {
    format!("Ref:{number:03}")
}

/// Ids: VM 0, SR 1, then VDI and VBD of each disk in turn.
pub(crate) fn disk_ids(recipe: &Recipe) -> Vec<String> {
    (0..recipe.disks.len())
        .map(|disk| id(2 + 2 * disk))
        .collect()
}

struct Builder(Fields);

impl Builder {
    fn texts(mut self, pairs: &[(&str, &str)]) -> Self {
        self.0.extend(
            pairs
                .iter()
                .map(|(name, text)| ((*name).to_owned(), Value::text(*text))),
        );
        self
    }

    fn ints(mut self, pairs: &[(&str, i64)]) -> Self {
        self.0.extend(
            pairs
                .iter()
                .map(|(name, number)| ((*name).to_owned(), Value::Int(*number))),
        );
        self
    }

    fn flags(mut self, names: &[&str], flag: bool) -> Self {
        self.0.extend(
            names
                .iter()
                .map(|name| ((*name).to_owned(), Value::Bool(flag))),
        );
        self
    }

    fn sets(mut self, names: &[&str]) -> Self {
        self.0.extend(
            names
                .iter()
                .map(|name| ((*name).to_owned(), Value::Array(Vec::new()))),
        );
        self
    }

    fn maps(mut self, names: &[&str]) -> Self {
        self.0.extend(
            names
                .iter()
                .map(|name| ((*name).to_owned(), Value::Struct(Vec::new()))),
        );
        self
    }

    fn put(mut self, name: &str, value: Value) -> Self {
        self.0.push((name.to_owned(), value));
        self
    }

    fn object(self, class: &str, number: usize) -> Object {
        Object {
            class: class.to_owned(),
            id: id(number),
            snapshot: self.0,
        }
    }
}

/// The tree.
pub(crate) fn document(recipe: &Recipe) -> Document {
    let disks = recipe.disks.len();
    let mut objects = vec![vm(recipe), sr(recipe)];
    for (at, disk) in recipe.disks.iter().enumerate() {
        let size = disk.virtual_size.next_multiple_of(recipe.chunk_size);
        objects.push(vdi(
            recipe,
            at,
            &disk.name_label,
            i64::try_from(size).unwrap_or(i64::MAX),
        ));
        objects.push(vbd(recipe, at));
    }
    if recipe.vifs > 0 {
        let network = 2 + 2 * disks;
        objects.push(
            Builder(Vec::new())
                .texts(&[
                    ("uuid", &uuid(recipe.seed, "network 0")),
                    ("name_label", "Pool-wide network associated with eth0"),
                    ("bridge", "xenbr0"),
                ])
                .ints(&[("MTU", 1500)])
                .maps(&["other_config"])
                .put(
                    "vifs",
                    Value::set((0..recipe.vifs).map(|vif| id(network + 1 + vif))),
                )
                .object("network", network),
        );
        objects.extend((0..recipe.vifs).map(|at| vif(recipe, at, network)));
    }
    Document {
        version: Some(Release::V8_2.version(2)),
        objects: Some(objects),
        spelling: Spelling {
            self_closing: false,
            xen_orchestra: true,
        },
    }
}

fn vm(recipe: &Recipe) -> Object {
    const MEMORY: i64 = 1_073_741_824;
    Builder(Vec::new())
        .texts(&[
            ("uuid", &uuid(recipe.seed, "VM")),
            ("name_label", &recipe.vm_name),
            ("name_description", "it's from xva"),
            ("power_state", "halted"),
            ("actions_after_crash", "restart"),
            ("actions_after_reboot", "restart"),
            ("actions_after_shutdown", "destroy"),
            ("affinity", "Ref:53"),
            ("resident_on", "Ref:53"),
            ("guest_metrics", "Ref:53"),
            ("metrics", NULL),
            ("domain_type", "hvm"),
            ("domarch", ""),
            ("generation_id", ""),
            ("ha_restart_priority", ""),
            ("HVM_boot_policy", "BIOS order"),
            ("last_booted_record", ""),
            ("parent", NULL),
            ("PCI_bus", ""),
            ("PV_args", ""),
            ("PV_bootloader_args", ""),
            ("PV_bootloader", ""),
            ("PV_kernel", ""),
            ("PV_legacy_args", ""),
            ("PV_ramdisk", ""),
            ("recommendations", ""),
            ("reference_label", "other-install-media"),
            ("snapshot_metadata", ""),
            ("snapshot_of", NULL),
            ("suspend_VDI", NULL),
            ("suspend_SR", NULL),
            ("transportable_snapshot_id", ""),
        ])
        .ints(&[
            ("domid", -1),
            ("hardware_platform_version", 0),
            ("HVM_shadow_multiplier", 1),
            ("memory_dynamic_max", MEMORY),
            ("memory_dynamic_min", MEMORY),
            ("memory_static_max", MEMORY),
            ("memory_static_min", MEMORY),
            ("memory_overhead", 11_534_336),
            ("memory_target", 0),
            ("order", 0),
            ("shutdown_delay", 0),
            ("start_delay", 0),
            ("user_version", 1),
            ("VCPUs_at_startup", 2),
            ("VCPUs_max", 2),
            ("version", 0),
        ])
        .flags(
            &[
                "ha_always_run",
                "has_vendor_device",
                "is_a_template",
                "is_control_domain",
                "is_default_template",
                "is_snapshot_from_vmpp",
                "is_vmss_snapshot",
                "requires_reboot",
            ],
            false,
        )
        .sets(&[
            "allowed_operations",
            "attached_PCIs",
            "children",
            "consoles",
            "crash_dumps",
            "snapshots",
            "tags",
        ])
        .sets(&["VGPUs", "VIFs", "VTPMs", "VUSBs"])
        .maps(&[
            "blobs",
            "blocked_operations",
            "current_operations",
            "last_boot_CPU_flags",
            "NVRAM",
        ])
        .maps(&["snapshot_info", "VCPUs_params", "xenstore_data"])
        .put(
            "snapshot_time",
            Value::Date("19700101T00:00:00Z".to_owned()),
        )
        .put(
            "HVM_boot_params",
            Value::map(&[("firmware", "bios"), ("order", "dcn")]),
        )
        .put(
            "platform",
            Value::map(&[
                ("timeoffset", "1"),
                ("device-model", "qemu-upstream-compat"),
                ("secureboot", "false"),
                ("nx", "true"),
                ("pae", "true"),
                ("apic", "true"),
                ("viridian", "true"),
                ("acpi", "1"),
            ]),
        )
        .put(
            "other_config",
            Value::map(&[
                ("mac_seed", &uuid(recipe.seed, "mac_seed")),
                ("base_template_name", "Other install media"),
                ("install-methods", "cdrom"),
            ]),
        )
        .put(
            "VBDs",
            Value::set((0..recipe.disks.len()).map(|disk| id(3 + 2 * disk))),
        )
        .object("VM", 0)
}

fn sr(recipe: &Recipe) -> Object {
    Builder(Vec::new())
        .texts(&[
            ("uuid", &uuid(recipe.seed, "SR disk")),
            ("name_label", "Local storage"),
            ("name_description", ""),
            ("type", "ext"),
            ("content_type", "user"),
        ])
        .ints(&[
            ("virtual_allocation", 0),
            ("physical_utilisation", 0),
            ("physical_size", 100_000_000_000),
        ])
        .flags(&["shared"], false)
        .maps(&["other_config", "sm_config"])
        .put("VDIs", Value::set(disk_ids(recipe)))
        .object("SR", 1)
}

fn vdi(recipe: &Recipe, at: usize, name: &str, virtual_size: i64) -> Object {
    Builder(Vec::new())
        .texts(&[
            ("SR", &id(1)),
            ("uuid", &uuid(recipe.seed, &format!("VDI {at}"))),
            ("descriptionLabel", "description"),
            ("metrics", NULL),
            ("name_label", name),
            ("on_boot", "persist"),
            ("parent", NULL),
            ("snapshot_of", NULL),
            ("type", "user"),
        ])
        .ints(&[
            ("physical_utilisation", 1_048_576),
            ("virtual_size", virtual_size),
        ])
        .flags(
            &["allow_caching", "cbt_enabled", "is_a_snapshot", "missing"],
            false,
        )
        .flags(&["managed"], true)
        .flags(&["read_only", "sharable", "storage_lock"], false)
        .maps(&["other_config", "xenstore_data"])
        .sets(&["snapshots", "tags"])
        .put("vbds", Value::set([id(3 + 2 * at)]))
        .object("VDI", 2 + 2 * at)
}

fn vbd(recipe: &Recipe, at: usize) -> Object {
    let device = format!(
        "xvd{}",
        char::from(b'a' + u8::try_from(at % 26).unwrap_or_default())
    );
    Builder(Vec::new())
        .texts(&[
            ("device", &device),
            ("uuid", &uuid(recipe.seed, &format!("VBD {at}"))),
            ("userdevice", &(at + 1).to_string()),
            ("VM", &id(0)),
            ("VDI", &id(2 + 2 * at)),
            ("metrics", NULL),
            ("mode", "rw"),
            ("qos_algorithm_type", ""),
            ("status_detail", ""),
            ("type", "disk"),
        ])
        .ints(&[("status_code", 0)])
        .flags(
            &[
                "bootable",
                "currently_attached",
                "empty",
                "storage_lock",
                "unpluggable",
            ],
            false,
        )
        .maps(&[
            "current_operations",
            "other_config",
            "qos_algorithm_params",
            "runtime_properties",
        ])
        .sets(&["allowed_operations", "qos_supported_algorithms"])
        .object("VBD", 3 + 2 * at)
}

fn vif(recipe: &Recipe, at: usize, network: usize) -> Object {
    Builder(Vec::new())
        .texts(&[
            ("MAC", &mac(recipe.seed, &format!("VIF {at}"))),
            ("uuid", &uuid(recipe.seed, &format!("VIF {at}"))),
            ("VM", &id(0)),
            ("network", &id(network)),
            ("locking_mode", "network_default"),
            ("metrics", NULL),
            ("qos_algorithm_type", ""),
            ("status_detail", ""),
        ])
        .ints(&[
            ("device", i64::try_from(at).unwrap_or(i64::MAX)),
            ("MTU", 1500),
            ("status_code", 0),
        ])
        .flags(&["MAC_autogenerated", "currently_attached"], false)
        .maps(&[
            "current_operations",
            "other_config",
            "qos_algorithm_params",
            "runtime_properties",
        ])
        .sets(&[
            "allowed_operations",
            "ipv4_allowed",
            "ipv6_allowed",
            "qos_supported_algorithms",
        ])
        .object("VIF", network + 1 + at)
}

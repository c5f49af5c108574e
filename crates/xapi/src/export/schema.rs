//! What the importer expects of each class: the fields it has no default for, the words of enumerations, and the links
//! it follows (`formats/xva.md` sections 3.3 and 11; words from xapi's `datamodel.ml`). Tables only; types are those of
//! [`crate::datamodel`].

/// Fields of a VM that may name a host or metrics object that was not exported (`formats/xva.md` section 3.2).
pub(super) const HOST_AND_METRICS_FIELDS: &[&str] =
    &["resident_on", "affinity", "metrics", "guest_metrics"];

/// What is known of one class.
pub(super) struct Class {
    pub(super) name: &'static str,
    /// Fields without a default in the datamodel.
    pub(super) mandatory: &'static [&'static str],
    pub(super) enums: &'static [(&'static str, &'static [&'static str])],
    pub(super) links: &'static [Link],
}

/// A reference field the importer resolves.
pub(super) struct Link {
    pub(super) field: &'static str,
    /// Class of the object it must name.
    pub(super) class: &'static str,
    /// Whether null is allowed.
    pub(super) nullable: bool,
}

impl Class {
    /// Whether what a field holds is judged by more than its type.
    pub(super) fn has_rule_of_its_own(&self, field: &str) -> bool {
        // The record of a VTPM is not the datamodel's.
        self.name == "VTPM"
            || matches!((self.name, field), ("VDI", "virtual_size") | ("VBD", "VDI"))
            || self.enums.iter().any(|(name, _)| *name == field)
            || self.links.iter().any(|link| link.field == field)
    }
}

const fn required(field: &'static str, class: &'static str) -> Link {
    Link {
        field,
        class,
        nullable: false,
    }
}

const fn optional(field: &'static str, class: &'static str) -> Link {
    Link {
        field,
        class,
        nullable: true,
    }
}

/// The entry of a class; class names are case-sensitive.
pub(super) fn class(name: &str) -> Option<&'static Class> {
    CLASSES.iter().find(|class| class.name == name)
}

/// A class of which only the uuid is needed.
const fn plain(name: &'static str) -> Class {
    Class {
        name,
        mandatory: &["uuid"],
        enums: &[],
        links: &[],
    }
}

/// In the order the exporter writes them.
const CLASSES: &[Class] = &[
    plain("host"),
    VM,
    plain("VM_metrics"),
    plain("VM_guest_metrics"),
    VBD,
    VIF,
    Class {
        mandatory: &["uuid", "other_config"],
        enums: &[("default_locking_mode", &["unlocked", "disabled"])],
        ..plain("network")
    },
    VDI,
    SR,
    plain("VGPU_type"),
    Class {
        links: &[
            required("VM", "VM"),
            required("GPU_group", "GPU_group"),
            optional("type", "VGPU_type"),
        ],
        ..plain("VGPU")
    },
    plain("GPU_group"),
    Class {
        links: &[required("VIF", "VIF"), optional("site", "PVS_site")],
        ..plain("PVS_proxy")
    },
    plain("PVS_site"),
    // Its fields carry a prefix and its record is not the datamodel's; see `check`.
    Class {
        mandatory: &[],
        ..plain("VTPM")
    },
];

const NORMAL_EXIT: &[&str] = &["destroy", "restart"];

const VM: Class = Class {
    name: "VM",
    mandatory: &[
        "uuid",
        "user_version",
        "is_a_template",
        "resident_on",
        "affinity",
        "memory_static_max",
        "memory_dynamic_max",
        "memory_dynamic_min",
        "memory_static_min",
        "VCPUs_params",
        "VCPUs_max",
        "VCPUs_at_startup",
        "actions_after_shutdown",
        "actions_after_reboot",
        "actions_after_crash",
        "PV_bootloader",
        "PV_kernel",
        "PV_ramdisk",
        "PV_args",
        "PV_bootloader_args",
        "PV_legacy_args",
        "HVM_boot_policy",
        "HVM_boot_params",
        "platform",
        "PCI_bus",
        "other_config",
        "domid",
        "domarch",
        "is_control_domain",
        "metrics",
        "guest_metrics",
        "recommendations",
    ],
    enums: &[
        ("power_state", &["Halted", "Paused", "Running", "Suspended"]),
        ("actions_after_shutdown", NORMAL_EXIT),
        ("actions_after_reboot", NORMAL_EXIT),
        (
            "actions_after_crash",
            &[
                "destroy",
                "coredump_and_destroy",
                "restart",
                "coredump_and_restart",
                "preserve",
                "rename_restart",
            ],
        ),
        (
            "domain_type",
            &["hvm", "pv", "pv_in_pvh", "pvh", "unspecified"],
        ),
    ],
    links: &[],
};

const VBD: Class = Class {
    name: "VBD",
    mandatory: &[
        "uuid",
        "VM",
        "VDI",
        "userdevice",
        "bootable",
        "mode",
        "type",
        "storage_lock",
        "empty",
        "status_code",
        "status_detail",
        "runtime_properties",
        "qos_algorithm_type",
        "qos_algorithm_params",
        "qos_supported_algorithms",
        "other_config",
    ],
    enums: &[("type", &["CD", "Disk", "Floppy"]), ("mode", &["RO", "RW"])],
    // `VDI` has rules of its own; see `check`.
    links: &[required("VM", "VM")],
};

const VIF: Class = Class {
    name: "VIF",
    mandatory: &[
        "uuid",
        "device",
        "network",
        "VM",
        "MAC",
        "MTU",
        "status_code",
        "status_detail",
        "runtime_properties",
        "qos_algorithm_type",
        "qos_algorithm_params",
        "qos_supported_algorithms",
        "other_config",
    ],
    enums: &[(
        "locking_mode",
        &["network_default", "locked", "unlocked", "disabled"],
    )],
    links: &[required("VM", "VM"), required("network", "network")],
};

const VDI: Class = Class {
    name: "VDI",
    mandatory: &[
        "uuid",
        "SR",
        "virtual_size",
        "physical_utilisation",
        "type",
        "sharable",
        "read_only",
        "other_config",
        "storage_lock",
        "managed",
        "missing",
        "parent",
    ],
    enums: &[
        (
            "type",
            &[
                "system",
                "user",
                "ephemeral",
                "suspend",
                "crashdump",
                "ha_statefile",
                "metadata",
                "redo_log",
                "rrd",
                "pvs_cache",
                "cbt_metadata",
            ],
        ),
        ("on_boot", &["reset", "persist"]),
    ],
    links: &[required("SR", "SR")],
};

const SR: Class = Class {
    name: "SR",
    mandatory: &[
        "uuid",
        "virtual_allocation",
        "physical_utilisation",
        "physical_size",
        "type",
        "content_type",
        "shared",
        "other_config",
    ],
    enums: &[],
    links: &[],
};

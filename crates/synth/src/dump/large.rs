//! A pool of any number of VMs, written row by row: memory does not grow with it. Rows hold the columns that have no
//! default and those that differ from it, which xapi loads too (`formats/pool-db.md` section 2.1).

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::ops::Range;

use super::pool::NULL;
use super::schema::Schema;
use super::tree::Row;
use super::value::{map, set};
use super::write::{Style, Writer};
use crate::content::{mac, uuid};

const SCHEMA: u32 = 603;
const VMS_PER_HOST: u64 = 1000;
const VMS_PER_NETWORK: u64 = 200;
const VMS_PER_SR: u64 = 100;
const GENERATION: i64 = 9_000_000;

/// Columns that have no default, with a value for every row; those that differ from row to row are elsewhere.
const WITHOUT_DEFAULT: &[(&str, &[(&str, &str)])] = &[
    (
        "VBD",
        &[
            ("qos__algorithm_type", ""),
            ("status_code", "0"),
            ("status_detail", ""),
            ("storage_lock", "false"),
        ],
    ),
    (
        "VDI",
        &[
            ("missing", "false"),
            ("parent", NULL),
            ("read_only", "false"),
            ("sharable", "false"),
            ("storage_lock", "false"),
        ],
    ),
    ("VIF", &[("qos__algorithm_type", ""), ("status_detail", "")]),
    (
        "VM",
        &[
            ("PCI_bus", ""),
            ("PV__args", ""),
            ("PV__bootloader", ""),
            ("PV__bootloader_args", ""),
            ("PV__kernel", ""),
            ("PV__legacy_args", ""),
            ("PV__ramdisk", ""),
            ("actions__after_crash", "restart"),
            ("actions__after_reboot", "restart"),
            ("actions__after_shutdown", "destroy"),
            ("domarch", ""),
            ("last_boot_CPU_flags", "()"),
            ("last_booted_record", ""),
            ("recommendations", ""),
            ("user_version", "1"),
        ],
    ),
    (
        "VM_metrics",
        &[
            ("install_time", "20240101T00:00:00Z"),
            ("last_updated", "20240601T10:00:00Z"),
            ("start_time", "20240501T08:00:00Z"),
        ],
    ),
];

/// Writes the dump of a pool of `vms` virtual machines, each with a disk and a network interface. The first one of each
/// host is its control domain.
pub(crate) fn write<W: Write>(seed: u64, vms: u64, out: W) -> io::Result<W> {
    let large = Large {
        seed,
        vms: vms.max(1),
    };
    let manifest = [
        ("schema_major_vsn", "5".to_owned()),
        ("schema_minor_vsn", SCHEMA.to_string()),
        ("generation_count", GENERATION.to_string()),
    ];
    let mut writer = Writer::new(out, Style::of_schema(SCHEMA));
    writer.start(&manifest.map(|(key, value)| (key.to_owned(), value)))?;
    for table in Schema(SCHEMA).tables() {
        let count = large.count(table);
        if count == 0 {
            writer.empty_table(table)?;
            continue;
        }
        writer.open_table(table)?;
        for at in 0..count {
            writer.row(&large.row(table, at))?;
        }
        writer.close_table()?;
    }
    writer.finish()
}

struct Large {
    seed: u64,
    vms: u64,
}

impl Large {
    fn count(&self, table: &str) -> u64 {
        match table {
            "pool" => 1,
            "host" | "host_metrics" => self.vms.div_ceil(VMS_PER_HOST),
            "network" => self.vms.div_ceil(VMS_PER_NETWORK),
            "SR" | "PBD" => self.vms.div_ceil(VMS_PER_SR),
            "VM" | "VM_metrics" | "VIF" | "VBD" | "VDI" => self.vms,
            _ => 0,
        }
    }

    /// References ascend with the number of the row, as the writer must put them.
    fn reference(&self, table: &str, at: u64) -> String {
        let spread = (u128::from(at) << 32) / u128::from(self.count(table).max(1));
        format!(
            "OpaqueRef:{spread:08x}{}",
            &uuid(self.seed, &format!("{table} {at}"))[8..]
        )
    }

    fn references(&self, table: &str, range: Range<u64>) -> String {
        let end = range.end.min(self.count(table));
        set((range.start..end).map(|at| self.reference(table, at)))
    }

    fn row(&self, table: &str, at: u64) -> Row {
        let reference = self.reference(table, at);
        let created = i64::try_from(at % 1_000_000).unwrap_or_default() + 1;
        let mut row = Row {
            created,
            modified: created + 5,
            columns: BTreeMap::new(),
            reference: reference.clone(),
        };
        if matches!(table, "pool" | "host" | "network" | "SR" | "PBD") {
            for (column, default) in Schema(SCHEMA).columns(table) {
                row.set(column, default);
            }
        }
        for (of, columns) in WITHOUT_DEFAULT {
            for (column, value) in columns.iter().filter(|_| *of == table) {
                row.set(column, *value);
            }
        }
        row.set("_ref", reference);
        row.set("uuid", uuid(self.seed, &format!("{table} uuid {at}")));
        for (column, text) in self.columns(table, at) {
            row.set(column, text);
        }
        row
    }

    fn columns(&self, table: &str, at: u64) -> Vec<(&'static str, String)> {
        match table {
            "pool" => vec![
                ("master", self.reference("host", 0)),
                ("name_label", "Large pool".into()),
            ],
            "host" => self.host(at),
            "host_metrics" => vec![
                ("live", "true".into()),
                ("memory__total", "68719476736".into()),
                ("last_updated", "20240601T10:00:00Z".into()),
            ],
            "network" => vec![
                ("name__label", format!("VLAN {at}")),
                ("bridge", format!("xapi{at}")),
                (
                    "VIFs",
                    self.references("VIF", at * VMS_PER_NETWORK..(at + 1) * VMS_PER_NETWORK),
                ),
            ],
            "SR" => vec![
                ("name__label", format!("LUN {at}")),
                ("type", "lvmoiscsi".into()),
                ("content_type", "user".into()),
                ("shared", "true".into()),
                ("PBDs", self.references("PBD", at..at + 1)),
                (
                    "VDIs",
                    self.references("VDI", at * VMS_PER_SR..(at + 1) * VMS_PER_SR),
                ),
            ],
            "PBD" => vec![
                ("SR", self.reference("SR", at)),
                (
                    "host",
                    self.reference("host", at * VMS_PER_SR / VMS_PER_HOST),
                ),
                ("currently_attached", "true".into()),
                (
                    "device_config",
                    map(&[
                        ("target", "198.51.100.21"),
                        ("SCSIid", &format!("3600140{at:020x}")),
                    ]),
                ),
            ],
            "VM" => self.vm(at),
            "VM_metrics" => vec![
                ("memory__actual", "2147483648".into()),
                ("VCPUs__number", "2".into()),
            ],
            "VIF" => vec![
                ("VM", self.reference("VM", at)),
                ("network", self.reference("network", at / VMS_PER_NETWORK)),
                ("device", "0".into()),
                ("MAC", mac(self.seed, &format!("VIF {at}"))),
                ("MTU", "1500".into()),
                ("currently_attached", running(at).to_string()),
                ("status_code", "0".into()),
                ("other_config", map::<&str, &str>(&[])),
            ],
            "VBD" => vec![
                ("VM", self.reference("VM", at)),
                ("VDI", self.reference("VDI", at)),
                ("userdevice", "0".into()),
                ("device", "xvda".into()),
                ("bootable", "true".into()),
                ("mode", "RW".into()),
                ("type", "Disk".into()),
                ("empty", "false".into()),
                ("currently_attached", running(at).to_string()),
            ],
            "VDI" => vec![
                ("name__label", format!("VM {at:06} disk")),
                ("SR", self.reference("SR", at / VMS_PER_SR)),
                ("VBDs", self.references("VBD", at..at + 1)),
                ("location", uuid(self.seed, &format!("VDI uuid {at}"))),
                ("virtual_size", "21474836480".into()),
                ("physical_utilisation", "5368709120".into()),
                ("type", "user".into()),
                ("managed", "true".into()),
                ("sm_config", map(&[("vdi_type", "vhd")])),
            ],
            _ => Vec::new(),
        }
    }

    fn host(&self, at: u64) -> Vec<(&'static str, String)> {
        let vms = at * VMS_PER_HOST..((at + 1) * VMS_PER_HOST).min(self.vms);
        let per_host = VMS_PER_HOST / VMS_PER_SR;
        vec![
            ("name__label", format!("host-{at}")),
            ("hostname", format!("host-{at}")),
            ("address", format!("10.0.{}.{}", at / 250, at % 250 + 1)),
            ("enabled", "true".into()),
            ("API_version__major", "2".into()),
            ("API_version__minor", "15".into()),
            (
                "software_version",
                map(&[
                    ("product_version", "8.2.1"),
                    ("product_brand", "XCP-ng"),
                    ("xapi", "1.20"),
                    ("db_schema", "5.603"),
                ]),
            ),
            ("metrics", self.reference("host_metrics", at)),
            ("control_domain", self.reference("VM", at * VMS_PER_HOST)),
            (
                "resident_VMs",
                set(vms
                    .filter(|vm| running(*vm))
                    .map(|vm| self.reference("VM", vm))),
            ),
            (
                "PBDs",
                self.references("PBD", at * per_host..(at + 1) * per_host),
            ),
        ]
    }

    fn vm(&self, at: u64) -> Vec<(&'static str, String)> {
        let memory = "2147483648";
        let host = if running(at) {
            self.reference("host", at / VMS_PER_HOST)
        } else {
            NULL.to_owned()
        };
        let mac_seed = uuid(self.seed, &format!("mac seed {at}"));
        vec![
            ("name__label", format!("VM {at:06}")),
            (
                "name__description",
                format!("Machine {at} of a large pool, made for measuring"),
            ),
            (
                "power_state",
                if running(at) { "Running" } else { "Halted" }.into(),
            ),
            ("resident_on", host),
            ("affinity", NULL.into()),
            ("VBDs", self.references("VBD", at..(at + 1))),
            ("VIFs", self.references("VIF", at..at + 1)),
            ("metrics", self.reference("VM_metrics", at)),
            ("guest_metrics", NULL.into()),
            ("memory__static_max", memory.into()),
            ("memory__dynamic_max", memory.into()),
            ("memory__dynamic_min", memory.into()),
            ("memory__static_min", memory.into()),
            ("VCPUs__max", "2".into()),
            ("VCPUs__at_startup", "2".into()),
            ("HVM__boot_policy", "BIOS order".into()),
            ("HVM__boot_params", map(&[("order", "cdn")])),
            (
                "platform",
                map(&[
                    ("timeoffset", "0"),
                    ("nx", "true"),
                    ("acpi", "1"),
                    ("apic", "true"),
                    ("pae", "true"),
                    ("viridian", "true"),
                ]),
            ),
            (
                "other_config",
                map(&[
                    ("base_template_name", "Debian Bookworm 12"),
                    ("mac_seed", &mac_seed),
                    ("install-methods", "cdrom,nfs,http,ftp"),
                ]),
            ),
            ("is_a_template", "false".into()),
            (
                "is_control_domain",
                at.is_multiple_of(VMS_PER_HOST).to_string(),
            ),
            ("domid", if running(at) { "7" } else { "-1" }.into()),
        ]
    }
}

/// Three of four run.
fn running(vm: u64) -> bool {
    vm % 4 != 3
}

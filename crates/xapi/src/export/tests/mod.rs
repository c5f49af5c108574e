//! The export the tests start from: one good export, built record by record in the form the exporter writes. The tests
//! in the files beside break it in one place and expect exactly what that should cause.

mod oddities;
mod reading;
mod views;

use super::{Export, Oddity, Place, parse};
use crate::Limits;

/// An object under construction: class, id, and the fields with their values as XML.
#[derive(Clone)]
struct Record {
    class: &'static str,
    id: &'static str,
    fields: Vec<(&'static str, String)>,
}

impl Record {
    fn new(class: &'static str, id: &'static str, fields: &[(&'static str, &str)]) -> Self {
        let fields = fields
            .iter()
            .map(|&(name, value)| (name, xml(value)))
            .collect();
        Record { class, id, fields }
    }

    /// Replaces or adds a field.
    fn set(mut self, name: &'static str, value: &str) -> Self {
        self.fields.retain(|(field, _)| *field != name);
        self.fields.push((name, xml(value)));
        self
    }

    fn without(mut self, name: &str) -> Self {
        self.fields.retain(|(field, _)| *field != name);
        self
    }

    fn text(&self) -> String {
        let fields: String = self
            .fields
            .iter()
            .map(|(name, value)| member(name, value))
            .collect();
        format!(
            "<value><struct>{}{}{}</struct></value>",
            member("class", &xml(self.class)),
            member("id", &xml(self.id)),
            member(
                "snapshot",
                &format!("<value><struct>{fields}</struct></value>")
            )
        )
    }
}

/// Shorthand of the tables below: `true`, `false`, `{}`, `[]`, `k=v` in braces, XML as it stands, else text.
fn xml(value: &str) -> String {
    let inner = match value {
        "true" => "<boolean>1</boolean>".to_owned(),
        "false" => "<boolean>0</boolean>".to_owned(),
        "[]" => "<array><data></data></array>".to_owned(),
        _ if value.starts_with("<value") => return value.to_owned(),
        _ => match value.strip_prefix('{').and_then(|v| v.strip_suffix('}')) {
            Some("") => "<struct></struct>".to_owned(),
            Some(pair) => {
                let (key, value) = pair.split_once('=').unwrap();
                format!("<struct>{}</struct>", member(key, &xml(value)))
            }
            None => value.to_owned(),
        },
    };
    format!("<value>{inner}</value>")
}

fn member(name: &str, value: &str) -> String {
    format!("<member><name>{name}</name>{value}</member>")
}

const VERSION: &[(&str, &str)] = &[
    ("hostname", "localhost"),
    ("date", "2023-08-21"),
    ("product_version", "8.2.1"),
    ("product_brand", "XCP-ng"),
    ("build_number", "release/yangtze/master/58"),
    ("xapi_major", "1"),
    ("xapi_minor", "20"),
    ("export_vsn", "2"),
];

fn document(version: &[(&str, &str)], records: &[Record]) -> String {
    let version: String = version
        .iter()
        .map(|(name, value)| member(name, &xml(value)))
        .collect();
    let objects: String = records.iter().map(Record::text).collect();
    format!(
        "<value><struct>{}{}</struct></value>",
        member(
            "version",
            &format!("<value><struct>{version}</struct></value>")
        ),
        member(
            "objects",
            &format!("<value><array><data>{objects}</data></array></value>")
        )
    )
}

fn vm() -> Record {
    Record::new(
        "VM",
        "Ref:0",
        &[
            ("uuid", "b0e3d2a1-0000-4000-8000-000000000001"),
            ("power_state", "Halted"),
            ("name_label", "web"),
            ("user_version", "1"),
            ("is_a_template", "false"),
            ("suspend_VDI", "OpaqueRef:NULL"),
            ("resident_on", "Ref:9"),
            ("affinity", "OpaqueRef:NULL"),
            ("memory_static_max", "1073741824"),
            ("memory_dynamic_max", "1073741824"),
            ("memory_dynamic_min", "1073741824"),
            ("memory_static_min", "536870912"),
            ("VCPUs_params", "{}"),
            ("VCPUs_max", "2"),
            ("VCPUs_at_startup", "2"),
            ("actions_after_shutdown", "destroy"),
            ("actions_after_reboot", "restart"),
            ("actions_after_crash", "restart"),
            ("PV_bootloader", ""),
            ("PV_kernel", ""),
            ("PV_ramdisk", ""),
            ("PV_args", ""),
            ("PV_bootloader_args", ""),
            ("PV_legacy_args", ""),
            ("HVM_boot_policy", "BIOS order"),
            ("HVM_boot_params", "{firmware=uefi}"),
            ("platform", "{}"),
            ("PCI_bus", ""),
            ("other_config", "{mac_seed=seed}"),
            ("domid", "-1"),
            ("domarch", ""),
            ("is_control_domain", "false"),
            ("metrics", "OpaqueRef:NULL"),
            ("guest_metrics", "OpaqueRef:NULL"),
            ("recommendations", ""),
        ],
    )
}

fn vbd(id: &'static str, kind: &str, vdi: &str) -> Record {
    Record::new(
        "VBD",
        id,
        &[
            ("uuid", "b0e3d2a1-0000-4000-8000-000000000002"),
            ("VM", "Ref:0"),
            ("VDI", vdi),
            ("userdevice", "0"),
            ("bootable", "true"),
            ("mode", "RW"),
            ("type", kind),
            ("storage_lock", "false"),
            ("empty", "false"),
            ("status_code", "0"),
            ("status_detail", ""),
            ("runtime_properties", "{}"),
            ("qos_algorithm_type", ""),
            ("qos_algorithm_params", "{}"),
            ("qos_supported_algorithms", "[]"),
            ("other_config", "{}"),
        ],
    )
}

fn vdi(id: &'static str) -> Record {
    Record::new(
        "VDI",
        id,
        &[
            ("uuid", "b0e3d2a1-0000-4000-8000-000000000003"),
            ("name_label", "web 0"),
            ("SR", "Ref:5"),
            ("virtual_size", "10737418240"),
            ("physical_utilisation", "0"),
            ("type", "user"),
            ("sharable", "false"),
            ("read_only", "false"),
            ("other_config", "{}"),
            ("storage_lock", "false"),
            ("managed", "true"),
            ("missing", "false"),
            ("parent", "OpaqueRef:NULL"),
        ],
    )
}

fn sr(id: &'static str, content_type: &str) -> Record {
    Record::new(
        "SR",
        id,
        &[
            ("uuid", "b0e3d2a1-0000-4000-8000-000000000004"),
            ("name_label", "Local storage"),
            ("virtual_allocation", "0"),
            ("physical_utilisation", "0"),
            ("physical_size", "0"),
            ("type", "ext"),
            ("content_type", content_type),
            ("shared", "false"),
            ("other_config", "{}"),
        ],
    )
}

fn vif() -> Record {
    Record::new(
        "VIF",
        "Ref:1",
        &[
            ("uuid", "b0e3d2a1-0000-4000-8000-000000000005"),
            ("device", "0"),
            ("network", "Ref:2"),
            ("VM", "Ref:0"),
            ("MAC", "aa:bb:cc:00:11:22"),
            ("MTU", "1500"),
            ("status_code", "0"),
            ("status_detail", ""),
            ("runtime_properties", "{}"),
            ("qos_algorithm_type", ""),
            ("qos_algorithm_params", "{}"),
            ("qos_supported_algorithms", "[]"),
            ("other_config", "{}"),
        ],
    )
}

fn network() -> Record {
    let uuid = "b0e3d2a1-0000-4000-8000-000000000006";
    Record::new(
        "network",
        "Ref:2",
        &[("uuid", uuid), ("other_config", "{}")],
    )
}

/// VM, disk VBD, VIF, network, VDI, SR. The host is not exported, as in real files.
fn good() -> Vec<Record> {
    vec![
        vm(),
        vbd("Ref:3", "Disk", "Ref:4"),
        vif(),
        network(),
        vdi("Ref:4"),
        sr("Ref:5", "user"),
    ]
}

fn read(records: &[Record]) -> Export {
    parse(document(VERSION, records).as_bytes(), &Limits::default()).unwrap()
}

fn at(class: &str, id: &str, field: &str) -> Place {
    Place {
        class: class.to_owned(),
        id: id.to_owned(),
        field: field.to_owned(),
    }
}

/// The oddities of an export without the dangling host that `good` has on purpose.
fn oddities(records: &[Record]) -> Vec<Oddity> {
    let host = Oddity::DanglingHostReference {
        place: at("VM", "Ref:0", "resident_on"),
        to: "Ref:9".to_owned(),
    };
    let mut oddities = read(records).oddities;
    oddities.retain(|oddity| *oddity != host);
    oddities
}

/// Applies one change to the record of this id in the good export.
fn broken(id: &str, change: impl Fn(Record) -> Record) -> Vec<Oddity> {
    let records: Vec<Record> = good()
        .into_iter()
        .map(|record| {
            if record.id == id {
                change(record)
            } else {
                record
            }
        })
        .collect();
    oddities(&records)
}

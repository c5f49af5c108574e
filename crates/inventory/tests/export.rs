//! A made-up export: the same tables from another source.

use serde_json::{Value, json};
use xenspect_inventory::{Store, find, of_store};
use xenspect_model::inventory::Inventory;
use xenspect_xapi::Limits;
use xenspect_xapi::export::{self, Export};

fn member(name: &str, value: &str) -> String {
    format!("<member><name>{name}</name><value>{value}</value></member>")
}

fn map(members: &[(&str, &str)]) -> String {
    let members: String = members
        .iter()
        .map(|(name, value)| member(name, value))
        .collect();
    format!("<struct>{members}</struct>")
}

fn object(class: &str, id: &str, fields: &[(&str, &str)]) -> String {
    let snapshot = map(fields);
    let object = map(&[("class", class), ("id", id), ("snapshot", &snapshot)]);
    format!("<value>{object}</value>")
}

const YES: &str = "<boolean>1</boolean>";
const NO: &str = "<boolean>0</boolean>";

fn export() -> Export {
    let boot = map(&[("firmware", "uefi")]);
    let platform = map(&[("secureboot", "auto")]);
    let date = "<dateTime.iso8601>20260102T03:04:05Z</dateTime.iso8601>";
    let objects = [
        object(
            "VM",
            "Ref:1",
            &[
                ("uuid", "u-vm"),
                ("name_label", "app"),
                ("power_state", "halted"),
                ("is_a_template", NO),
                ("is_a_snapshot", NO),
                ("memory_static_max", "2147483648"),
                ("VCPUs_max", "2"),
                ("HVM_boot_policy", "BIOS order"),
                ("HVM_boot_params", &boot),
                ("platform", &platform),
                ("resident_on", "Ref:99"),
            ],
        ),
        object(
            "VM",
            "Ref:8",
            &[
                ("uuid", "u-snap"),
                ("name_label", "yesterday"),
                ("is_a_template", YES),
                ("is_a_snapshot", YES),
                ("snapshot_of", "Ref:1"),
                ("snapshot_time", date),
            ],
        ),
        object(
            "VBD",
            "Ref:2",
            &[
                ("VM", "Ref:1"),
                ("VDI", "Ref:30"),
                ("userdevice", "0"),
                ("type", "Disk"),
            ],
        ),
        object(
            "VBD",
            "Ref:3",
            &[
                ("VM", "Ref:1"),
                ("VDI", "Ref:4"),
                ("userdevice", "1"),
                ("type", "Disk"),
            ],
        ),
        object(
            "VBD",
            "Ref:5",
            &[
                ("VM", "Ref:1"),
                ("VDI", "OpaqueRef:NULL"),
                ("userdevice", "3"),
                ("type", "CD"),
            ],
        ),
        object(
            "VDI",
            "Ref:4",
            &[
                ("uuid", "u-data"),
                ("name_label", "data"),
                ("virtual_size", "1048576"),
                ("SR", "Ref:6"),
            ],
        ),
        object(
            "VDI",
            "Ref:30",
            &[
                ("uuid", "u-root"),
                ("name_label", "root"),
                ("virtual_size", "2097152"),
                ("SR", "Ref:6"),
            ],
        ),
        object(
            "SR",
            "Ref:6",
            &[
                ("uuid", "u-sr"),
                ("name_label", "local"),
                ("type", "ext"),
                ("shared", NO),
            ],
        ),
        object(
            "VIF",
            "Ref:7",
            &[
                ("VM", "Ref:1"),
                ("network", "Ref:9"),
                ("device", "0"),
                ("MAC", "02:00:00:00:00:01"),
            ],
        ),
        object(
            "network",
            "Ref:9",
            &[
                ("uuid", "u-net"),
                ("name_label", "lan"),
                ("bridge", "xenbr0"),
            ],
        ),
        object(
            "VTPM",
            "Ref:10",
            &[
                ("vTPM'_VM", "Ref:1"),
                ("vTPM'_uuid", "u-tpm"),
                ("vTPM'_content", "aHVudGVy"),
            ],
        ),
    ]
    .concat();
    let objects = format!("<array><data>{objects}</data></array>");
    let version = map(&[
        ("hostname", "localhost"),
        ("product_version", "8.2.1"),
        ("product_brand", "XCP-ng"),
        ("xapi_major", "1"),
        ("xapi_minor", "20"),
        ("export_vsn", "2"),
    ]);
    let document = map(&[("version", &version), ("objects", &objects)]);
    export::parse(
        format!("<value>{document}</value>").as_bytes(),
        &Limits::default(),
    )
    .unwrap()
}

fn inventory(export: &Export) -> Inventory {
    let (summary, sections) = of_store(Store::Export(export));
    Inventory {
        summary,
        sections,
        ..Inventory::unreadable(String::new(), String::new())
    }
}

fn rows(export: &Export, name: &str) -> Vec<Value> {
    let inventory = inventory(export);
    let table = &inventory.section(name).unwrap().table;
    let rows = table.rows.iter();
    rows.map(|row| serde_json::to_value(table.row_object(row)).unwrap())
        .collect()
}

#[test]
fn an_export_has_the_tables_of_its_objects() {
    let export = export();
    let vm = &rows(&export, "vms")[0];
    let expected = json!({
        "name": "app", "state": "Halted", "host": null, "memory": 2_u64 << 30, "firmware": "UEFI",
        "secure_boot": "auto", "vtpm": true, "nvram": false, "disks": 2, "nics": 1, "snapshots": 1,
    });
    for (key, value) in expected.as_object().unwrap() {
        assert_eq!(&vm[key], value, "{key}");
    }
    // In the order of the stream: ids as byte strings.
    let disks = rows(&export, "disks");
    let of = |key: &str| {
        disks
            .iter()
            .map(|disk| disk[key].clone())
            .collect::<Value>()
    };
    assert_eq!(of("order"), json!([1, 2]));
    assert_eq!(of("id"), json!(["Ref:30", "Ref:4"]));
    assert_eq!(of("device"), json!(["xvda", "xvdb"]));
    assert_eq!(of("stored"), json!([null, null]));
    assert_eq!(
        rows(&export, "snapshots")[1]["taken"],
        "2026-01-02T03:04:05Z"
    );
    assert_eq!(rows(&export, "devices")[0]["uuid"], "u-tpm");
    assert_eq!(rows(&export, "export")[0]["xapi"], "1.20");
}

#[test]
fn nics_of_an_export_are_those_of_vms() {
    let export = export();
    assert_eq!(rows(&export, "nics"), rows(&export, "vifs"));
    assert_eq!(rows(&export, "nics")[0]["bridge"], "xenbr0");
}

#[test]
fn sections_can_be_picked() {
    let export = export();
    let mut picked = inventory(&export);
    assert_eq!(picked.keep(&["disks", "nope"]), Err("nope".to_owned()));
    picked.keep(&["disks", "nics", "disks"]).unwrap();
    let names: Vec<_> = picked.sections.iter().map(|section| section.name).collect();
    assert_eq!(names, ["disks", "vifs"]);
}

#[test]
fn searching_an_export() {
    let export = export();
    let (hits, omitted) = find(Store::Export(&export), "Ref:30");
    assert_eq!((hits.len(), omitted), (1, 0));
    assert_eq!(
        hits[0].chain,
        [
            "disk 0 (xvda) of VM \"app\"",
            "VM \"app\" is halted",
            "on SR \"local\" (ext)"
        ]
    );
}

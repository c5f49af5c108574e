//! A made-up pool that has one of everything: what its tables and searches say of it.

use std::path::Path;

use serde_json::{Value, json};
use xenspect_inventory::{NAMES, Store, find, of_store};
use xenspect_model::inventory::{Cell, Hit, Section};
use xenspect_xapi::db::{Database, DumpLimits};

fn dump() -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/pool.xml");
    std::fs::read(path).unwrap()
}

fn with_database<T>(look: impl FnOnce(Store<'_>) -> T) -> T {
    let dump = dump();
    let database = Database::read(&dump, &DumpLimits::default()).unwrap();
    assert!(database.is_complete() && database.oddities().kept.is_empty());
    look(Store::Pool(&database))
}

fn rows(name: &str) -> Vec<Value> {
    with_database(|store| {
        let (_, sections) = of_store(store);
        let section = sections.iter().find(|section| section.name == name);
        objects(section.unwrap())
    })
}

fn objects(section: &Section) -> Vec<Value> {
    let table = &section.table;
    let object = |row: &Vec<Cell>| {
        assert_eq!(row.len(), table.columns.len(), "{}", section.name);
        serde_json::to_value(table.row_object(row)).unwrap()
    };
    table.rows.iter().map(object).collect()
}

fn column(rows: &[Value], name: &str) -> Value {
    rows.iter().map(|row| row[name].clone()).collect()
}

#[test]
fn sections_stand_in_their_order() {
    with_database(|store| {
        let (_, sections) = of_store(store);
        let names: Vec<_> = sections.iter().map(|section| section.name).collect();
        let of_others = [
            "export",
            "identity",
            "networkd",
            "management",
            "packages",
            "rpms",
            "folders",
            "databases",
            "sensitive",
        ];
        let is_of_pools = |name: &&str| !of_others.contains(name);
        let expected: Vec<_> = NAMES.into_iter().filter(is_of_pools).collect();
        assert_eq!(names, expected);
    });
}

#[test]
fn the_summary_says_what_a_reader_wants_first() {
    with_database(|store| {
        let (summary, _) = of_store(store);
        let text = |name: &str| {
            let item = summary.iter().find(|item| item.name == name);
            match &item.unwrap().value {
                Cell::Text(text) => text.clone(),
                other => panic!("{name}: {other:?}"),
            }
        };
        assert_eq!(text("coordinator"), "\"host 1\", 10.0.0.1");
        assert!(
            text("schema").starts_with("5.779: XCP-ng 8.3 GA"),
            "{}",
            text("schema")
        );
        assert_eq!(
            text("host"),
            "\"host 1\": XCP-ng 8.3.0, build cloud, xapi 24.19.2, schema 5.779"
        );
        // Later than every other date but for those of the certificate, which do not count.
        assert_eq!(
            text("newest_date"),
            "2026-03-01T11:22:33Z (VM_guest_metrics.last_updated)"
        );
        assert!(text("contents").contains("3 VMs (1 halted, 1 running, 1 suspended)"));
        assert!(text("contents").contains("10 disk images (3 orphaned)"));
        assert!(summary.iter().all(|item| item.label.len() <= 13));
    });
}

#[test]
fn nics_stand_on_each_other() {
    let nics = rows("nics");
    let bond = &nics[0];
    assert_eq!(bond["kind"], "bond");
    assert_eq!(bond["on"], json!(["eth0", "eth1"]));
    assert_eq!(bond["bond_mode"], "lacp");
    assert_eq!(bond["management"], true);
    assert_eq!(bond["addresses"], json!(["10.0.0.1/24", "fd00::1/64"]));
    let vlan = &nics[1];
    assert_eq!((&vlan["kind"], &vlan["vlan"]), (&json!("vlan"), &json!(30)));
    assert_eq!(vlan["on"], json!(["bond0"]));
    assert_eq!(nics[2]["bond"], "bond0");
    assert_eq!(nics[2]["vlan"], Value::Null);
}

#[test]
fn vms_are_told_with_firmware_and_guest() {
    let vms = rows("vms");
    let web = vms.iter().find(|vm| vm["name"] == "web01").unwrap();
    let expected = json!({
        "state": "Running", "host": "host 1", "memory": 4_u64 << 30, "vcpus": 2, "firmware": "UEFI",
        "secure_boot": "true", "vtpm": true, "nvram": true, "disks": 2, "nics": 2, "snapshots": 3,
        "guest_os": "Debian GNU/Linux 12 (bookworm)", "addresses": ["10.0.30.7", "fd00:30::7"],
        "ha_priority": "restart", "home": "host 2", "cd": ["debian.iso"], "tags": ["prod", "web"],
    });
    for (key, value) in expected.as_object().unwrap() {
        assert_eq!(&web[key], value, "{key}");
    }
    let names = column(&vms, "firmware");
    assert_eq!(names, json!(["BIOS", "PV", "UEFI"]));
    assert_eq!(
        column(&rows("templates"), "origin"),
        json!(["own", "product"])
    );
}

#[test]
fn snapshots_make_trees() {
    let snapshots = rows("snapshots");
    assert_eq!(column(&snapshots, "depth"), json!([0, 1, 2, 2, 0, 1]));
    assert_eq!(
        column(&snapshots, "name"),
        json!([
            "web01",
            "before update",
            "after update",
            "dead end",
            "(a VM that is gone)",
            "of a VM that is gone"
        ])
    );
    let current = column(&snapshots, "current");
    assert_eq!(current, json!([null, false, true, false, null, false]));
}

#[test]
fn disks_have_owners_and_orphans_reasons() {
    let disks = rows("disks");
    let of = |name: &str| disks.iter().find(|disk| disk["name"] == name).unwrap();
    assert_eq!(of("web01 data")["vms"], json!(["web01"]));
    assert_eq!(of("web01 data")["device"], "xvdb");
    // A suspended VM's memory.
    assert_eq!(of("Suspend image")["vms"], json!(["db | =1+1 \t<b>"]));
    assert_eq!(of("debian.iso")["sr_type"], "iso");
    let orphans = rows("orphans");
    assert_eq!(
        column(&orphans, "name"),
        json!(["forgotten", "of a VM that is gone", "old snapshot"])
    );
    assert_eq!(
        column(&orphans, "reason"),
        json!([
            "no VM has it",
            "its VM is gone",
            "snapshot of a disk that is gone"
        ])
    );
}

#[test]
fn devices_and_certificates() {
    let devices = rows("devices");
    assert_eq!(column(&devices, "kind"), json!(["vtpm", "pci"]));
    assert_eq!(devices[1]["what"], "Example Corp Accelerator 9");
    assert_eq!(devices[1]["host"], "host 1");
    assert_eq!(rows("certificates")[0]["not_after"], "2035-06-01T00:00:00Z");
}

#[test]
fn no_secret_gets_out() {
    let srs = rows("srs");
    assert_eq!(
        srs[0]["device_config"],
        json!([
            "server=10.0.0.50",
            "serverpath=/vol/xen",
            "options=(hidden)"
        ])
    );
    let images = srs[1]["device_config"].to_string();
    assert!(
        images.contains("nas/iso") && images.contains("cifspassword=(hidden)"),
        "{images}"
    );
    let dump = dump();
    // Planted in the sample as every secret's value.
    assert!(String::from_utf8_lossy(&dump).matches("hunter-").count() >= 6);
    with_database(|store| {
        let (summary, sections) = of_store(store);
        let shown = format!("{summary:?}{sections:?}");
        assert!(!shown.contains("hunter"));
        for text in [
            "hunter",
            "hunter-cifs",
            "a",
            "00000777-0000-4000-8000-000000000777",
        ] {
            let (hits, _) = find(store, text);
            assert!(!format!("{hits:?}").contains("hunter"), "{text}");
        }
    });
}

fn hits(text: &str) -> Vec<Hit> {
    with_database(|store| find(store, text).0)
}

fn first(text: &str) -> Hit {
    hits(text)
        .into_iter()
        .next()
        .unwrap_or_else(|| panic!("nothing for {text}"))
}

#[test]
fn a_file_of_a_disk_leads_to_its_vm_and_host() {
    let hit = first("/run/sr-mount/x/0000002c-0000-4000-8000-00000000002c.vhd");
    assert_eq!((hit.class.as_str(), hit.field.as_str()), ("VDI", "uuid"));
    assert_eq!(
        hit.chain,
        [
            "disk 1 (xvdb) of VM \"web01\"",
            "VM \"web01\" runs on host \"host 1\"",
            "on SR \"nfs store\" (nfs, shared)",
        ]
    );
}

#[test]
fn a_parent_leads_to_its_children() {
    let uuid = "0000002d-0000-4000-8000-00000000002d";
    let found = hits(uuid);
    assert_eq!(found[0].name, "base copy");
    let children: Vec<_> = found[0]
        .chain
        .iter()
        .filter(|text| text.starts_with("parent of VDI \"web01 system\""))
        .collect();
    assert_eq!(children.len(), 2, "{:?}", found[0].chain);
    let fields: Vec<_> = found.iter().map(|hit| hit.field.as_str()).collect();
    assert_eq!(
        fields,
        ["uuid", "sm_config:vhd-parent", "sm_config:vhd-parent"]
    );
}

#[test]
fn addresses_are_found_in_any_spelling() {
    for text in [
        "02:11:22:33:44:55",
        "02-11-22-33-44-55",
        "0211.2233.4455",
        "021122334455",
    ] {
        let hit = first(text);
        assert_eq!(
            (hit.class.as_str(), hit.field.as_str()),
            ("VIF", "MAC"),
            "{text}"
        );
        assert_eq!(hit.chain[0], "NIC 0 of VM \"web01\"");
    }
    assert_eq!(first("10.0.30.7").name, "web01");
    assert_eq!(first("FD00:0030:0::7").field, "guest_metrics.networks");
    assert_eq!(first("10.0.0.50").field, "device_config:server");
    let classes: Vec<_> = hits("10.0.0.1").into_iter().map(|hit| hit.class).collect();
    assert_eq!(classes, ["host", "PIF"]);
}

#[test]
fn names_are_found_in_part_and_whole_ones_first() {
    let found = hits("WEB01");
    let names: Vec<_> = found.iter().map(|hit| hit.name.as_str()).collect();
    assert_eq!(
        names,
        ["web01", "web01 system", "web01 data", "web01 system"]
    );
    assert!(hits("").is_empty() && hits("  ").is_empty());
}

#[test]
fn users_of_a_secret_are_named() {
    let hit = first("00000777-0000-4000-8000-000000000777");
    assert_eq!(hit.class, "secret");
    assert_eq!(hit.chain.len(), 2);
    assert!(
        hit.chain[0].contains("device_config:password_secret")
            && hit.chain[0].ends_with("which connects SR \"images\" (iso, shared)"),
        "{:?}",
        hit.chain
    );
}

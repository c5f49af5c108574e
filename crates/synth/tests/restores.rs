//! Restores: pairs that are good, and faults that each put one thing in the way.

use std::collections::BTreeSet;

use xenspect_synth::restore::{File, fresh_host, swapped};
use xenspect_synth::{DumpFault, Fault, RestoreFault, Scene};

/// Checks of `formats/restore.md` section 8 for which there can be no fault: what is on SRs cannot be known, and that
/// VDIs of an export are there is asked of exports.
const NO_FAULT: [u8; 2] = [41, 47];

fn text(files: &[File], name: &str) -> String {
    let (_, bytes) = files
        .iter()
        .find(|(known, _)| known == name)
        .unwrap_or_else(|| panic!("no file {name}"));
    String::from_utf8(bytes.clone()).expect("UTF-8")
}

#[test]
fn names_are_unique_and_every_check_has_a_fault() {
    let mut seen: BTreeSet<&str> = DumpFault::all().map(DumpFault::name).collect();
    seen.extend(Fault::all().map(Fault::name));
    for fault in RestoreFault::all() {
        assert!(seen.insert(fault.name()), "{} twice", fault.name());
        assert!(!fault.description().is_empty());
        assert_eq!(
            RestoreFault::named(fault.name()).map(RestoreFault::check),
            Some(fault.check())
        );
    }
    let checks: BTreeSet<u8> = RestoreFault::all().map(RestoreFault::check).collect();
    let expected: BTreeSet<u8> = (1..=47).filter(|check| !NO_FAULT.contains(check)).collect();
    assert_eq!(checks, expected);
}

#[test]
fn every_fault_changes_its_pair_in_a_way_of_its_own() {
    let mut seen = BTreeSet::new();
    for fault in RestoreFault::all() {
        let (good, bad) = (fault.good().files(), fault.build().files());
        assert!(good != bad, "{} changed nothing", fault.name());
        assert!(bad == fault.build().files(), "{} differs", fault.name());
        assert!(seen.insert(bad), "{} is that of another", fault.name());
    }
}

#[test]
fn a_fault_changes_one_side() {
    for fault in RestoreFault::all() {
        let (good, bad) = (fault.good(), fault.build());
        let pool = good.dump() != bad.dump();
        let host = good.files()[1..] != bad.files()[1..];
        assert!(pool != host, "{}", fault.name());
    }
}

#[test]
fn all_forms_of_a_host_have_its_uuids() {
    let host = fresh_host();
    let uuid = host.installation_uuid.clone().expect("a uuid");
    let inventory = text(&host.folder(), "xensource-inventory");
    assert!(inventory.contains(&format!("\nINSTALLATION_UUID='{uuid}'\n")));
    assert!(inventory.contains("\nMANAGEMENT_INTERFACE='xenbr0'\n"));
    let report = host.status_report();
    let top = "bug-report-20240531130709";
    assert_eq!(
        text(&report, &format!("{top}/etc/xensource-inventory")),
        inventory
    );
    assert!(text(&report, &format!("{top}/xapi-db.xml")).contains(&uuid));
    let backup = host.host_backup();
    assert_eq!(text(&backup, "./etc/xensource-inventory"), inventory);
    assert!(text(&backup, "./var/lib/xcp/state.db").contains(&uuid));
    let hosts = text(&host.folder(), "host-list.txt");
    assert!(hosts.starts_with("uuid ( RO)") && hosts.contains(&uuid));
    // The installation has nothing of the pool but the NICs.
    let pool = Scene::good();
    let own: BTreeSet<&str> = host
        .dump
        .tables
        .iter()
        .flat_map(|table| &table.rows)
        .map(|row| row.uuid())
        .collect();
    let rows = pool.pool.tables.iter().flat_map(|table| &table.rows);
    assert_eq!(rows.filter(|row| own.contains(row.uuid())).count(), 0);
}

#[test]
fn records_have_the_form_of_xe() {
    let files = fresh_host().folder();
    for name in [
        "pif-list.txt",
        "host-list.txt",
        "sr-list.txt",
        "network-list.txt",
        "pool-list.txt",
        "vm-list.txt",
    ] {
        let text = text(&files, name);
        let mut records = 0;
        let mut colon = None;
        for line in text.lines() {
            if line.is_empty() {
                colon = None;
                continue;
            }
            let at = line.find("): ").map(|at| at + 1);
            if colon.is_none() {
                assert!(line.starts_with("uuid ( RO)"), "{line}");
                records += 1;
                colon = line.find(": ");
            } else {
                assert_eq!(at, colon, "{name}: {line}");
            }
        }
        let expected = match name {
            "pif-list.txt" => 4,
            "network-list.txt" => 5,
            "sr-list.txt" => 3,
            _ => 1,
        };
        assert_eq!(records, expected, "{name}");
    }
}

#[test]
fn swapped_cards_take_their_slots_along() {
    let (fresh, swapped) = (fresh_host().folder(), swapped().folder());
    let place = |files: &[File], name: &str| {
        let rules = text(files, "dynamic-rules.json");
        let before = rules
            .split(&format!("\"{name}\""))
            .next()
            .expect("a part")
            .to_owned();
        let mut values = before.rsplit('"').skip(1).step_by(2);
        (
            values.next().map(str::to_owned),
            values.next().map(str::to_owned),
        )
    };
    for (a, b) in [("eth0", "eth2"), ("eth1", "eth3")] {
        assert_eq!(place(&fresh, a), place(&swapped, b));
        assert_eq!(place(&fresh, b), place(&swapped, a));
        assert_ne!(place(&fresh, a), place(&fresh, b));
    }
}

#[test]
fn the_pool_has_vms_in_all_states_and_a_bond_on_each_host() {
    let scene = Scene::demonstration();
    let rows = |table: &str| scene.pool.rows(table).to_vec();
    let name = |table: &str, reference: Option<&str>| {
        let mut found = rows(table).into_iter();
        let row = found.find(|row| Some(row.reference.as_str()) == reference);
        row.and_then(|row| row.get("name__label").map(str::to_owned))
            .unwrap_or_default()
    };
    let mut vms: Vec<(String, String, String)> = rows("VM")
        .iter()
        .filter(|row| row.get("is_a_template") != Some("true"))
        .filter(|row| row.get("is_control_domain") != Some("true"))
        .map(|row| {
            let column = |column| row.get(column).unwrap_or_default().to_owned();
            let on = name("host", row.get("resident_on"));
            (column("name__label"), column("power_state"), on)
        })
        .collect();
    vms.sort();
    let expected = [
        ("archive", "Halted", ""),
        ("build", "Suspended", ""),
        ("database", "Running", "xcp-2"),
        ("gateway", "Running", "xcp-1"),
        ("mail", "Suspended", ""),
        ("queue", "Paused", "xcp-3"),
        ("web", "Running", "xcp-1"),
        ("windows", "Halted", ""),
    ];
    let own = |(a, b, c): (&str, &str, &str)| (a.to_owned(), b.to_owned(), c.to_owned());
    assert_eq!(vms, expected.map(own));
    for host in rows("host") {
        let pifs = rows("PIF");
        let mut pifs: Vec<(&str, &str, bool)> = pifs
            .iter()
            .filter(|row| row.get("host") == Some(&host.reference))
            .map(|row| {
                let slave = row.get("bond_slave_of") != Some("OpaqueRef:NULL");
                let column = |column| row.get(column).unwrap_or_default();
                (column("device"), column("VLAN"), slave)
            })
            .collect();
        pifs.sort_unstable();
        let expected = [
            ("bond0", "-1", false),
            ("bond0", "50", false),
            ("eth0", "-1", false),
            ("eth1", "-1", true),
            ("eth2", "-1", true),
            ("eth3", "-1", false),
        ];
        assert_eq!(pifs, expected);
    }
    // Nothing of the quiet pool is bound to a host.
    for row in Scene::good().pool.rows("VM") {
        let is_dom0 = row.get("is_control_domain") == Some("true");
        assert!(is_dom0 || matches!(row.get("power_state"), Some("Halted" | "Suspended")));
        assert_eq!(row.get("attached_PCIs"), Some("()"));
    }
}

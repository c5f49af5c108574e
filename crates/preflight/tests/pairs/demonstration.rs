//! A busy pool of three hosts on its coordinator installed anew, with the cards in the other order: what would change,
//! and what there is to do.

use xenspect_model::preflight::{Change, PreflightReport};
use xenspect_model::{Code, Finding};
use xenspect_synth::Scene;

use super::judge_scene;

fn findings(report: &PreflightReport, code: Code) -> Vec<&Finding> {
    let found = report.findings.iter();
    found.filter(|finding| finding.code == code).collect()
}

#[test]
fn it_is_accepted_and_boots() {
    let report = judge_scene(&Scene::demonstration());
    assert_eq!(report.preflight.xapi_error, None);
    assert_eq!(report.preflight.accepted, Some(true));
    assert_eq!(report.preflight.boots, Some(true));
}

#[test]
fn hosts_are_forgotten_with_what_is_theirs() {
    let report = judge_scene(&Scene::demonstration());
    let changes = &report.preflight.changes;
    let mut hosts: Vec<_> = changes
        .hosts_forgotten
        .iter()
        .map(|host| (host.name.as_str(), host.address.as_deref(), host.pifs))
        .collect();
    hosts.sort_unstable();
    assert_eq!(
        hosts,
        [
            ("xcp-2", Some("192.0.2.12"), 6),
            ("xcp-3", Some("192.0.2.13"), 6)
        ]
    );
    for host in &changes.hosts_forgotten {
        let srs = &host.local_srs;
        assert!(srs.iter().any(|sr| sr.name == "Local storage"), "{srs:?}");
    }
    assert_eq!(findings(&report, Code::RestoreHostForgotten).len(), 2);
    // PIFs are destroyed with their host; bonds, VLANs and metrics stay.
    for (table, count) in [("Bond", 2), ("VLAN", 2), ("PIF_metrics", 8)] {
        assert_eq!(changes.orphans.get(table), Some(&count), "{table}");
    }
}

#[test]
fn the_coordinator_gets_uuids_and_addresses_of_the_machine() {
    let scene = Scene::demonstration();
    let report = judge_scene(&scene);
    let changes = &report.preflight.changes;
    let host = scene.pool.rows("host").iter();
    let mut host = host.filter(|row| row.get("name__label") == Some("xcp-1"));
    let before = host.next().map(|row| row.uuid().to_owned());
    let after = scene.host.installation_uuid.clone();
    assert_eq!(changes.host_uuid, Some(Change { before, after }));
    let after = changes.control_domain_uuid.as_ref();
    let after = after.and_then(|change| change.after.clone());
    assert_eq!(after, scene.host.control_domain_uuid);
    // Physical PIFs alone get other MAC addresses, that of the device of the same name.
    let mut macs: Vec<(String, Option<String>)> = changes
        .pifs
        .iter()
        .filter(|pif| pif.vlan.is_none())
        .filter_map(|pif| Some((pif.device.clone(), pif.mac.clone()?.after)))
        .collect();
    macs.sort();
    let mut expected: Vec<_> = scene
        .host
        .dump
        .rows("PIF")
        .iter()
        .map(|row| {
            let device = row.get("device").unwrap_or_default().to_owned();
            (device, row.get("MAC").map(str::to_owned))
        })
        .collect();
    expected.sort();
    assert_eq!(macs, expected);
    assert_eq!(findings(&report, Code::RestoreNicMoved).len(), 4);
    assert!(changes.nics_forgotten.is_empty());
}

#[test]
fn vms_are_told_by_name() {
    let report = judge_scene(&Scene::demonstration());
    let halted = &report.preflight.changes.vms_halted;
    let mut halted: Vec<&str> = halted.iter().map(|vm| vm.name.as_str()).collect();
    halted.retain(|name| !name.starts_with("Control domain"));
    halted.sort_unstable();
    assert_eq!(halted, ["database", "gateway", "web"]);
    for (code, named, not_named) in [
        (Code::RestoreVmElsewhere, "database", "web"),
        (Code::RestoreVmPaused, "queue", "web"),
        (Code::RestoreVmSuspended, "build", "mail"),
        (Code::RestorePassThrough, "gateway", "web"),
    ] {
        let found = findings(&report, code);
        assert_eq!(found.len(), 1, "{code}");
        let text = format!("{:?} {:?}", found[0].facts, found[0].advice);
        assert!(text.contains(named), "{code}: {text}");
        assert!(
            !text.contains(&format!("\"{not_named}\"")),
            "{code}: {text}"
        );
    }
}

#[test]
fn the_runbook_names_what_there_is_to_do() {
    let scene = Scene::demonstration();
    let report = judge_scene(&scene);
    let commands: Vec<&str> = report
        .runbook
        .iter()
        .flat_map(|step| &step.commands)
        .map(String::as_str)
        .collect();
    let at = |words: &[&str]| {
        let has = |command: &&str| words.iter().all(|word| command.contains(word));
        commands
            .iter()
            .position(has)
            .unwrap_or_else(|| panic!("no command with {words:?} in {commands:#?}"))
    };
    let renaming = at(&["interface-rename", "--update"]);
    let dry = at(&["xe pool-restore-database", "dry-run=true"]);
    let real = at(&["xe pool-restore-database", "--force"]);
    let join = at(&["xe pool-join", "master-address=192.0.2.11"]);
    assert!(renaming < dry && dry < real && real < join);
    for name in ["build", "queue"] {
        let vm = scene.pool.rows("VM").iter();
        let mut vm = vm.filter(|row| row.get("name__label") == Some(name));
        let uuid = vm.next().expect(name).uuid();
        assert!(at(&["xe vm-reset-powerstate", uuid]) > real, "{name}");
    }
    let text = format!("{:?}", report.runbook);
    for member in ["xcp-2", "xcp-3"] {
        assert!(text.contains(member), "{member}");
    }
}

#[test]
fn secrets_are_not_shown() {
    let scene = Scene::demonstration();
    let report = format!("{:?}", judge_scene(&scene));
    for (place, secret) in scene.recipe.planted() {
        assert!(!report.contains(&secret), "{place}");
    }
    assert!(!report.contains("PLANTED"));
}

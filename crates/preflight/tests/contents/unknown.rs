//! Facts that are missing are told, and nothing is made of them.

use xenspect_model::Code;
use xenspect_model::preflight::{Outcome, PreflightReport};
use xenspect_model::target::Target;

use super::build::{Pool, codes, host, judge, living, one, sr, to, uuid, vm};

fn outcome(report: &PreflightReport, number: u8) -> Outcome {
    let mut checks = report.checks.iter();
    checks
        .find(|check| check.number == Some(number))
        .expect("a check")
        .outcome
}

#[test]
fn of_an_unknown_host_what_needs_facts_is_unknown() {
    let mut pool = Pool::new();
    pool.suspended_on("one-local");
    let report = judge(&pool, Target::default(), Vec::new());
    for number in [36, 37, 38, 45, 46] {
        assert_eq!(outcome(&report, number), Outcome::Unknown, "{number}");
    }
    for number in [34, 41] {
        assert_eq!(outcome(&report, number), Outcome::Found, "{number}");
    }
    let clashes = report
        .checks
        .iter()
        .filter(|check| check.title.starts_with("no other pool"));
    let clashes: Vec<_> = clashes.map(|check| check.outcome).collect();
    assert_eq!(clashes, [Outcome::Unknown; 7]);
    assert!(
        codes(&report)
            .iter()
            .all(|code| !code.starts_with("clash/"))
    );
}

#[test]
fn what_is_not_there_needs_no_check() {
    let report = judge(&Pool::new(), host(), Vec::new());
    for number in [35, 36, 39, 42, 44] {
        assert_eq!(outcome(&report, number), Outcome::NotApplicable, "{number}");
    }
    for number in [37, 38, 40, 43, 45, 46] {
        assert_eq!(outcome(&report, number), Outcome::Passed, "{number}");
    }
}

#[test]
fn a_disk_by_a_name_that_does_not_last_is_unknown() {
    let mut pool = Pool::new();
    pool.set(
        "PBD",
        "one-one-local",
        "device_config",
        "(('device'%.'/dev/sda3'))",
    );
    let report = judge(&pool, host(), Vec::new());
    assert_eq!(outcome(&report, 37), Outcome::Unknown);
}

#[test]
fn what_a_dump_cannot_tell_is_said_where_it_applies() {
    let report = judge(&Pool::new(), host(), Vec::new());
    let said = report.not_checked.join("\n");
    for word in [
        "Whether the old pool still runs",
        "disks on the SRs",
        "shared storage",
    ] {
        assert!(said.contains(word), "{said}");
    }
    assert!(
        !said.contains("cluster stack") && !said.contains("heartbeat"),
        "{said}"
    );
}

/// Many VMs that are elsewhere too take no longer each than few, and what is said stays bounded.
#[test]
fn many_vms_are_told_in_bounds() {
    let (mut pool, mut other) = (Pool::new(), living());
    let mut vms = Vec::new();
    for number in 0..8_000 {
        let own = 10_000 + number;
        let name = format!("vm{number}");
        pool.vm(&name, own);
        pool.vdi(&format!("{name} disk"), 30_000 + number, "nfs");
        pool.add(
            "VBD",
            &format!("{name} vbd"),
            &[
                ("uuid", &uuid(60_000 + number)),
                ("VM", &to(&name)),
                ("VDI", &to(&format!("{name} disk"))),
                ("type", "Disk"),
            ],
        );
        pool.set("VM", &name, "power_state", "Running");
        pool.set("VM", &name, "resident_on", &to("two"));
        vms.push(vm(own, "Running"));
    }
    other.vms = Some(vms);
    other.srs = Some(vec![sr(31, "nfs", true)]);
    let report = judge(&pool, host(), vec![other]);
    assert_eq!(report.preflight.changes.vms_halted.len(), 8_000);
    let clashes = report.findings.iter();
    let clashes = clashes.filter(|finding| finding.code == Code::ClashVm);
    assert_eq!(clashes.count(), 1_000);
    assert_eq!(report.omitted.get(&Code::ClashVm), Some(&7_000));
    let facts = format!("{:?}", one(&report, Code::RestoreVmElsewhere).facts);
    assert!(facts.contains("and 7800 more") && facts.contains("Number(8000)"));
}

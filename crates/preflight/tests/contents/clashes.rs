//! Other pools: that of the target, and those that live.

use xenspect_model::preflight::{Outcome, PreflightReport};
use xenspect_model::target::{Target, TargetNetwork};
use xenspect_model::{Code, Severity};

use super::build::{Pool, host, judge, living, member, one, sr, uuid, vm};

fn clashes(report: &PreflightReport) -> Vec<String> {
    let codes = report
        .findings
        .iter()
        .map(|finding| finding.code.to_string());
    let mut codes: Vec<_> = codes.filter(|code| code.starts_with("clash/")).collect();
    codes.sort();
    codes
}

type Change = fn(&mut Target);

/// A change of a pool in which nothing is the same, and what it gives.
const ROWS: &[(&str, Change, &[&str])] = &[
    ("nothing", |_| {}, &[]),
    (
        "host",
        |other| {
            let mut same = member(20);
            same.control_domain_uuid = None;
            other.members = Some(vec![same]);
        },
        &["clash/host-uuid"],
    ),
    (
        "control domain",
        |other| {
            let mut same = member(400);
            same.control_domain_uuid = Some(uuid(21));
            other.members = Some(vec![same]);
        },
        &["clash/control-domain-uuid"],
    ),
    (
        "VM",
        |other| other.vms = Some(vec![vm(32, "Halted")]),
        &["clash/vm-uuid"],
    ),
    (
        "VM with its addresses",
        |other| {
            let mut same = vm(32, "Halted");
            same.macs.insert("02:00:00:00:01:01".to_owned());
            same.mac_seed = Some(uuid(932));
            other.vms = Some(vec![same]);
        },
        &["clash/vm-uuid"],
    ),
    (
        "SR",
        |other| other.srs = Some(vec![sr(31, "nfs", true)]),
        &["clash/sr-uuid"],
    ),
    (
        "network",
        |other| {
            other.networks = Some(vec![TargetNetwork {
                uuid: Some(uuid(30)),
                ..TargetNetwork::default()
            }]);
        },
        &["clash/network-uuid"],
    ),
    (
        "MAC",
        |other| {
            let mut same = vm(400, "Running");
            same.macs.insert("02:00:00:00:01:01".to_owned());
            same.macs.insert("02:00:00:00:01:02".to_owned());
            other.vms = Some(vec![same]);
        },
        &["clash/mac"],
    ),
    (
        "seed",
        |other| {
            let mut same = vm(400, "Running");
            same.mac_seed = Some(uuid(932).to_uppercase());
            other.vms = Some(vec![same]);
        },
        &["clash/mac-seed"],
    ),
];

#[test]
fn each_thing_in_another_pool_is_told_once() {
    for (name, change, codes) in ROWS {
        let mut other = living();
        change(&mut other);
        let report = judge(&Pool::new(), host(), vec![other]);
        assert_eq!(clashes(&report), *codes, "{name}");
        let mut target = host();
        change(&mut target);
        let report = judge(&Pool::new(), target, Vec::new());
        assert_eq!(clashes(&report), *codes, "{name}, of the target itself");
    }
}

#[test]
fn the_pool_itself_alive_is_an_error() {
    let mut other = living();
    other.pool.as_mut().unwrap().uuid = Some(uuid(1));
    let report = judge(&Pool::new(), host(), vec![other]);
    assert_eq!(clashes(&report), ["clash/pool-uuid"]);
    let finding = one(&report, Code::ClashPool);
    assert_eq!(finding.severity, Severity::Error);
    let advice = finding.advice.as_deref().unwrap_or_default();
    assert!(advice.contains("living (also.xml)"), "{advice}");
}

#[test]
fn a_target_in_the_same_pool_does_not_clash_with_it() {
    let mut target = host();
    target.pool.as_mut().unwrap().uuid = Some(uuid(1));
    target.vms = Some(vec![vm(32, "Running")]);
    target.srs = Some(vec![sr(31, "nfs", true)]);
    let report = judge(&Pool::new(), target, Vec::new());
    assert_eq!(clashes(&report), [""; 0]);
    let checks = report
        .checks
        .iter()
        .filter(|check| check.title.starts_with("no other pool"));
    assert!(
        checks
            .into_iter()
            .all(|check| check.outcome == Outcome::NotApplicable)
    );
}

#[test]
fn a_vm_that_runs_on_the_same_storage_is_an_error() {
    for (state, storage, severity) in [
        ("Running", 31, Severity::Error),
        ("Halted", 31, Severity::Warning),
        ("Running", 400, Severity::Warning),
    ] {
        let mut other = living();
        other.vms = Some(vec![vm(32, state)]);
        other.srs = Some(vec![sr(storage, "nfs", true)]);
        let report = judge(&Pool::new(), host(), vec![other]);
        assert_eq!(
            one(&report, Code::ClashVm).severity,
            severity,
            "{state} {storage}"
        );
    }
}

#[test]
fn storage_of_a_pool_that_ends_is_a_note() {
    let mut target = host();
    target.srs = Some(vec![sr(31, "nfs", true)]);
    let report = judge(&Pool::new(), target.clone(), Vec::new());
    assert_eq!(one(&report, Code::ClashSr).severity, Severity::Note);
    target.members = Some(vec![member(100), member(110)]);
    let report = judge(&Pool::new(), target, Vec::new());
    assert_eq!(one(&report, Code::ClashSr).severity, Severity::Warning);
}

#[test]
fn templates_and_snapshots_do_not_clash() {
    for flag in ["is_a_template", "is_a_snapshot"] {
        let mut pool = Pool::new();
        pool.set("VM", "web", flag, "true");
        let mut same = vm(400, "Running");
        same.macs.insert("02:00:00:00:01:01".to_owned());
        same.mac_seed = Some(uuid(932));
        let mut other = living();
        other.vms = Some(vec![same]);
        assert_eq!(
            clashes(&judge(&pool, host(), vec![other])),
            [""; 0],
            "{flag}"
        );
    }
}

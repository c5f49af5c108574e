//! Checks 1 to 3 and 7 to 13.

use xenspect_model::Code;
use xenspect_model::preflight::Outcome;

use crate::build::{Dump, POOL_UUID, added, against, error, errors, find, read, run, uuid};

fn faulty(edit: impl FnOnce(&mut Dump)) -> xenspect_model::preflight::PreflightReport {
    let mut dump = Dump::new(603);
    let target = dump.target();
    edit(&mut dump);
    against(&dump, target)
}

/// The same with a target that has the columns of the edited dump.
fn faulty_with(edit: impl FnOnce(&mut Dump)) -> xenspect_model::preflight::PreflightReport {
    let mut dump = Dump::new(603);
    edit(&mut dump);
    against(&dump, dump.target())
}

#[test]
fn a_good_pair_is_accepted_and_boots() {
    let report = faulty(|_| {});
    assert_eq!(
        report.preflight.accepted,
        Some(true),
        "{:?}",
        report.findings
    );
    assert_eq!(report.preflight.boots, Some(true));
    assert_eq!(errors(&report), []);
    let unknown: Vec<_> = report
        .checks
        .iter()
        .filter(|check| check.number.is_some_and(|number| number <= 33))
        .filter(|check| check.outcome == Outcome::Unknown)
        .map(|check| (check.number, check.lacks.clone()))
        .collect();
    assert_eq!(
        unknown,
        [
            (Some(5), vec!["product and build in the dump".to_owned()]),
            (Some(13), vec!["a date in the dump".to_owned()]),
        ]
    );
}

#[test]
fn a_file_that_is_cut_is_refused_while_it_is_read() {
    let dump = Dump::new(603);
    let text = dump.text();
    let report = run(&read(text.trim_end_matches("</database>")), dump.target());
    assert_eq!(report.preflight.accepted, Some(false));
    assert_eq!(report.preflight.boots, None);
    assert_eq!(report.preflight.xapi_error.unwrap().code, "INTERNAL_ERROR");
    assert!(
        report
            .findings
            .iter()
            .any(|finding| finding.code == Code::DbCutShort)
    );
}

#[test]
fn the_stand_in_of_a_rolling_upgrade_is_refused_by_its_number() {
    let mut dump = Dump::new(35);
    let target = Dump::new(603).target();
    dump.generation = 103;
    dump.tables.clear();
    dump.tables.insert("pool".to_owned(), Vec::new());
    let report = against(&dump, target);
    assert!(
        report
            .findings
            .iter()
            .any(|finding| finding.code == Code::DbStub)
    );
    assert_eq!(
        errors(&report)[0],
        error("RESTORE_INCOMPATIBLE_VERSION", &[])
    );
    assert!(
        !report
            .findings
            .iter()
            .any(|finding| finding.code == Code::RestoreSchemaOlder)
    );
}

#[test]
fn a_set_that_cannot_be_read_is_refused() {
    let report = faulty_with(|dump| {
        dump.set("VM", "dom0", "tags", "('a'");
        dump.set("VM", "dom0-2", "tags", "()");
    });
    let params = ["a value is none of its type", "VM", "tags"];
    assert_eq!(
        report.preflight.xapi_error,
        Some(error("INTERNAL_ERROR", &params))
    );
    assert_eq!(added(&report), ["db/value-undecodable"]);
}

#[test]
fn a_number_that_cannot_be_read_is_not() {
    let report = faulty_with(|dump| {
        dump.set("VM", "dom0", "domid", "many");
        dump.set("VM", "dom0-2", "domid", "0");
    });
    assert_eq!(added(&report), ["db/value-undecodable"]);
    assert_eq!(report.preflight.accepted, Some(true));
}

#[test]
fn a_coordinator_that_is_not_there() {
    let report = faulty(|dump| dump.set("pool", "pool", "master", "OpaqueRef:gone"));
    assert_eq!(
        errors(&report),
        [error("HANDLE_INVALID", &["host", "OpaqueRef:gone"])]
    );
    assert!(added(&report).contains(&"db/coordinator-missing"));
}

#[test]
fn a_second_pool_is_found_and_accepted() {
    let report = faulty(|dump| {
        dump.add(
            "pool",
            "zweite",
            &[("uuid", &uuid(77)), ("master", "OpaqueRef:gone")],
        );
    });
    assert_eq!(report.preflight.accepted, Some(true));
    assert_eq!(added(&report), ["db/coordinator-missing", "db/pool-rows"]);
}

#[test]
fn a_control_domain_that_is_not_there() {
    let report = faulty(|dump| dump.set("host", "host", "control_domain", "OpaqueRef:gone"));
    assert_eq!(
        errors(&report),
        [error("HANDLE_INVALID", &["VM", "OpaqueRef:gone"])]
    );
    assert_eq!(added(&report), ["db/control-domain-missing"]);
}

#[test]
fn two_rows_with_one_uuid_stop_the_next_start() {
    let report = faulty(|dump| dump.set("network", "network1", "uuid", POOL_UUID));
    assert_eq!(report.preflight.accepted, Some(true));
    assert_eq!(report.preflight.boots, Some(false));
    assert_eq!(added(&report), ["db/uuid-doubled"]);
}

#[test]
fn pifs_that_are_listed_and_not_there() {
    let report = faulty(|dump| {
        dump.set(
            "host",
            "host",
            "PIFs",
            "('OpaqueRef:gone' 'OpaqueRef:eth0' 'OpaqueRef:eth1')",
        );
        dump.set("host", "member", "PIFs", "('OpaqueRef:lost')");
    });
    let pif = |reference| error("HANDLE_INVALID", &["PIF", reference]);
    assert_eq!(
        errors(&report),
        [pif("OpaqueRef:lost"), pif("OpaqueRef:gone")],
        "members are deleted first"
    );
}

#[test]
fn a_pif_that_is_not_listed() {
    let report = faulty(|dump| dump.set("host", "host", "PIFs", "('OpaqueRef:eth0')"));
    assert_eq!(report.preflight.accepted, Some(true));
    assert!(
        added(&report).contains(&"restore/pif-not-listed"),
        "{:?}",
        added(&report)
    );
}

#[test]
fn a_later_state_of_the_same_pool_is_rolled_back() {
    let dump = Dump::new(603);
    for (generation, rolled_back) in [(99, false), (100, false), (101, true)] {
        let mut target = dump.target();
        let pool = target.pool.as_mut().unwrap();
        pool.uuid = Some(POOL_UUID.to_owned());
        pool.generation = Some(generation);
        let report = against(&dump, target);
        let found = report
            .findings
            .iter()
            .any(|finding| finding.code == Code::RestoreRollBack);
        assert_eq!(found, rolled_back, "{generation}");
    }
}

#[test]
fn the_newest_date_is_told() {
    let report = faulty(|dump| {
        dump.add(
            "host_metrics",
            "metrics",
            &[("uuid", &uuid(60)), ("last_updated", "20240102T03:04:05Z")],
        );
        dump.add(
            "host_metrics",
            "older",
            &[("uuid", &uuid(61)), ("last_updated", "20230102T03:04:05Z")],
        );
    });
    let facts = &find(&report, Code::RestoreDumpAge).facts;
    assert_eq!(
        facts.get("newest_date"),
        Some(&"2024-01-02T03:04:05Z".into())
    );
    assert_eq!(
        facts.get("found_in"),
        Some(&"host_metrics.last_updated".into())
    );
}

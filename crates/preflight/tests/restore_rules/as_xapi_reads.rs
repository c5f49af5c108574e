//! What xapi meets first, and what it takes for granted: orders, defaults, and the form of the file.

use std::collections::BTreeSet;

use xenspect_model::{Catalog, Code, Severity};
use xenspect_scan::{Options, Progress, Source, scan};
use xenspect_synth::DumpRecipe;

use crate::build::{Dump, against, error, run};

fn scanned(bytes: Vec<u8>) -> Catalog {
    scan(
        Source::memory(bytes),
        &Options::default(),
        &Progress::default(),
    )
    .expect("a database")
}

#[test]
fn a_packed_dump_is_answered_for_and_said_to_be_packed() {
    let recipe = DumpRecipe {
        envelope: xenspect_synth::Envelope::Gzip,
        ..DumpRecipe::new(603)
    };
    let target = Dump::new(603).target();
    let report = run(&scanned(recipe.build()), target);
    let form = report
        .findings
        .iter()
        .find(|finding| finding.code == Code::RestoreForm);
    let form = form.expect("it is packed");
    assert_eq!(
        (form.severity, form.xapi_error.as_deref()),
        (Severity::Warning, None)
    );
}

#[test]
fn a_redo_log_is_refused() {
    let bytes = DumpRecipe::named("redo-log").expect("a recipe").build();
    let report = run(&scanned(bytes), Dump::new(603).target());
    assert_eq!(report.preflight.accepted, Some(false));
    assert_eq!(report.preflight.boots, None);
    let first = report.preflight.xapi_error.expect("an error");
    assert_eq!(
        (first.code.as_str(), first.params[0].as_str()),
        ("INTERNAL_ERROR", "a redo log is no dump")
    );
}

#[test]
fn a_column_that_is_not_there_has_its_default() {
    for (minor, refused) in [(93, false), (108, true), (603, true)] {
        let mut dump = Dump::new(minor);
        let target = dump.target();
        let hosts = dump.tables.get_mut("host").expect("hosts");
        for (_, columns) in hosts {
            columns.remove("control_domain");
        }
        let report = against(&dump, target);
        let handle = error("HANDLE_INVALID", &["VM", "OpaqueRef:NULL"]);
        let is_refused = report.preflight.xapi_error == Some(handle);
        assert_eq!(
            is_refused, refused,
            "{minor}: {:?}",
            report.preflight.xapi_error
        );
    }
}

#[test]
fn of_several_pools_the_lowest_reference_counts() {
    let mut dump = Dump::new(603);
    let target = dump.target();
    dump.add(
        "pool",
        "a-pool",
        &[
            ("uuid", "00000000-0000-4000-8000-0000000000aa"),
            ("master", "OpaqueRef:gone"),
        ],
    );
    let report = against(&dump, target);
    let first = report.preflight.xapi_error.expect("an error");
    assert_eq!(first, error("HANDLE_INVALID", &["host", "OpaqueRef:gone"]));
    assert_eq!(
        report.preflight.boots, None,
        "nothing is made that could be started with"
    );
}

#[test]
fn while_reading_the_earlier_place_in_the_document_is_met_first() {
    let mut dump = Dump::new(603);
    let target = dump.target();
    dump.set("VM", "dom0", "other_config", "((");
    dump.set("PCI", "pci0", "unheard_of", "x");
    let report = against(&dump, target);
    let errors: Vec<_> = report
        .preflight
        .xapi_error
        .iter()
        .chain(&report.preflight.further_errors)
        .collect();
    assert_eq!(
        errors[0],
        &error("INTERNAL_ERROR", &["missing column", "PCI", "unheard_of"])
    );
    assert_eq!(errors[1].params[1], "VM");
    // Findings stand in the same order.
    assert_eq!(report.findings[0].code, Code::RestoreColumnUnknown);
}

#[test]
fn columns_of_another_build_are_not_taken_for_granted() {
    let mut dump = Dump::new(603);
    let mut target = dump.target();
    target.columns = None;
    target.product.brand = Some("Another brand".to_owned());
    // The small pool lacks columns that xapi needs, which is another matter.
    let lacks = |report: &xenspect_model::preflight::PreflightReport| {
        let check = report.checks.iter().find(|check| check.number == Some(6));
        check.expect("check 6").lacks.concat()
    };
    // Published columns are those of the number, whoever built it.
    assert_eq!(lacks(&against(&dump, target.clone())), "");
    // This one came with a later schema: a vendor took it in before.
    dump.set("VM", "dom0", "groups", "()");
    let report = against(&dump, target.clone());
    assert!(
        lacks(&report).contains("columns of VM"),
        "{}",
        lacks(&report)
    );
    // A database without VMs does not tell either.
    let tables = dump.tables.keys();
    target.columns = Some(
        tables
            .map(|table| (table.clone(), BTreeSet::new()))
            .collect(),
    );
    let report = against(&dump, target.clone());
    assert!(
        lacks(&report).contains("columns of VM"),
        "{}",
        lacks(&report)
    );
    assert_eq!(report.preflight.accepted, None);
    // The same build has it too.
    target.product.brand = None;
    let mut twin = target;
    twin.columns = Some(dump.columns());
    assert_eq!(lacks(&against(&dump, twin)), "");
}

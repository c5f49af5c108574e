//! Pairs with nothing in the way, and what is said of them.

use xenspect_model::preflight::{Outcome, VersionRelation};
use xenspect_scan::Depth;
use xenspect_synth::Recipe;

use super::super::release::Running;
use super::*;

#[test]
fn good_pairs_are_accepted() {
    for name in [
        "small",
        "two-disks",
        "tiny",
        "sparse",
        "host-leftovers",
        "small-sha1",
    ] {
        let pair = Pair::named(name);
        let report = pair.judge();
        assert_eq!(codes(&report), [""; 0], "{name}");
        assert_eq!(
            report.preflight.accepted,
            Some(true),
            "{name}: {:?}",
            report.checks
        );
        assert_eq!(report.preflight.boots, None);
        let unknown = report
            .checks
            .iter()
            .any(|check| check.outcome == Outcome::Unknown);
        assert!(!unknown, "{name}");
        assert_eq!(report.input.vms, 1);
    }
}

#[test]
fn whole_scans_and_fronts_agree() {
    let pair = Pair::named("two-disks");
    let front = pair.judge();
    let whole = pair.judge_bytes(pair.bytes(), Depth::Full);
    assert_eq!(front.preflight, whole.preflight);
    assert!(
        front
            .not_checked
            .iter()
            .any(|told| told.contains("xenspect verify 'backup of web.xva'"))
    );
    assert!(
        !whole
            .not_checked
            .iter()
            .any(|told| told.contains("xenspect verify"))
    );
}

#[test]
fn nothing_is_accepted_without_facts() {
    let mut pair = Pair::named("small");
    pair.target = Target::default();
    let report = pair.judge();
    assert_eq!(report.preflight.accepted, None);
    assert_eq!(codes(&report), [""; 0]);
    let lacked: Vec<_> = report
        .checks
        .iter()
        .filter(|check| !check.lacks.is_empty())
        .map(|check| check.title)
        .collect();
    assert_eq!(
        lacked,
        [
            "xapi is new enough",
            "checksums can be read",
            "there is an SR for the disks",
            "the SR has room",
            "networks are there",
            "vCPUs and memory",
        ]
    );
}

#[test]
fn a_document_by_itself_is_judged_as_its_export() {
    let pair = Pair::named("small");
    let report = pair.judge_bytes(pair.document.to_xml().into_bytes(), Depth::Metadata);
    assert_eq!(
        report.preflight.accepted,
        Some(true),
        "{:?}",
        report.findings
    );
    assert_eq!(report.checks[0].outcome, Outcome::NotApplicable);
    assert!(report.not_checked[0].contains("ova.xml"));
}

#[test]
fn levels_are_told_and_compared() {
    let report = Pair::named("small").judge();
    assert_eq!(report.version.input.xapi.as_deref(), Some("1.20"));
    assert_eq!(report.version.target.xapi.as_deref(), Some("1.249.32"));
    assert!(report.version.way_out.is_empty());
    let mut pair = Pair::named("vtpm-nvram");
    let report = pair.judge();
    assert_eq!(report.version.relation, VersionRelation::Newer);
    assert!(
        report.version.way_out[0].starts_with("Update the target"),
        "{:?}",
        report.version.way_out
    );
    pair.target.product.xapi = Some("26.1.3".to_owned());
    assert_eq!(pair.judge().version.relation, VersionRelation::Older);
}

/// Target's xapi and product, and whether it takes 1.3, 1.9, 1.20, 24.19 and 26.1; XXH64 and zstd.
#[test]
fn releases_read_what_they_read() {
    let yes = Some(true);
    let no = Some(false);
    let rows = [
        ("XCP-ng", "8.3.0", "26.1.3", [yes; 5], yes, yes),
        (
            "XCP-ng",
            "8.3.0",
            "24.19.2",
            [yes, yes, yes, yes, no],
            yes,
            yes,
        ),
        (
            "XenServer",
            "8.4.0",
            "25.6.0",
            [yes, yes, yes, yes, no],
            yes,
            yes,
        ),
        (
            "XCP-ng",
            "8.2.1",
            "1.249.32",
            [yes, yes, yes, no, no],
            yes,
            yes,
        ),
        ("", "8.2.1", "1.20", [yes, yes, yes, no, no], yes, yes),
        (
            "Citrix Hypervisor",
            "8.2.0",
            "",
            [yes, yes, yes, no, no],
            yes,
            yes,
        ),
        (
            "XCP-ng",
            "8.0.0",
            "1.160.1",
            [yes, yes, yes, no, no],
            no,
            yes,
        ),
        (
            "Citrix Hypervisor",
            "8.0.0",
            "1.160.1",
            [yes, yes, yes, no, no],
            no,
            no,
        ),
        (
            "XCP-ng",
            "7.6.0",
            "1.110.1",
            [yes, yes, yes, no, no],
            no,
            yes,
        ),
        (
            "XenServer",
            "7.6.0",
            "1.110.1",
            [yes, yes, yes, no, no],
            no,
            no,
        ),
        (
            "XenServer",
            "7.1.2",
            "1.14.48",
            [yes, yes, no, no, no],
            no,
            no,
        ),
        ("XenServer", "6.2.0", "1.3", [yes, no, no, no, no], no, no),
        ("", "", "", [None; 5], None, None),
    ];
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    for (brand, version, xapi, takes, xxh64, zstd) in rows {
        let running = Running::of(&xenspect_model::target::TargetProduct {
            brand: some(brand),
            version: some(version),
            xapi: some(xapi),
            ..Default::default()
        });
        let exporters = [(1, 3), (1, 9), (1, 20), (24, 19), (26, 1)];
        assert_eq!(
            exporters.map(|exporter| running.takes(exporter)),
            takes,
            "{brand} {version} {xapi}"
        );
        assert_eq!(running.reads_xxh64(), xxh64, "{brand} {version} {xapi}");
        assert_eq!(running.reads_zstd(), zstd, "{brand} {version} {xapi}");
    }
}

#[test]
fn the_runbook_has_the_command_word_for_word() {
    let mut pair = Pair::named("small");
    pair.manner.preserve = true;
    let report = pair.judge();
    let import = report
        .runbook
        .iter()
        .find(|step| step.title == "Import")
        .unwrap();
    assert_eq!(
        import.commands,
        [format!(
            "xe vm-import filename='backup of web.xva' sr-uuid={SR} preserve=true"
        )]
    );
    let mut pair = Pair::new(Recipe::named("metadata-only").unwrap()).with_disks();
    pair.manner.force = true;
    let report = pair.judge();
    let import = report
        .runbook
        .iter()
        .find(|step| step.title == "Import")
        .unwrap();
    assert_eq!(
        import.commands,
        [
            "xe vm-import filename='backup of web.xva' metadata=true force=true dry-run=true",
            "xe vm-import filename='backup of web.xva' metadata=true force=true",
        ]
    );
}

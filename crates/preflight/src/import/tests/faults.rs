//! Full exports with faults that take more than one look.

use xenspect_model::Severity::{Error, Warning};
use xenspect_scan::Depth;
use xenspect_synth::{Envelope, Recipe, Release};

use super::single::{preserved, release, sr};
use super::*;

#[test]
fn zstd_needs_a_reader() {
    let recipe = Recipe {
        envelope: Envelope::Zstd,
        sums: xenspect_synth::Sums::Always(xenspect_synth::SumKind::Sha1),
        ..Recipe::named("small-sha1").unwrap()
    };
    let mut pair = Pair::new(recipe);
    pair.target.product.brand = Some("Citrix Hypervisor".to_owned());
    release(&mut pair, "8.0.0", "1.160.1");
    let report = pair.judge_bytes(pair.recipe.build(), Depth::Metadata);
    assert_eq!(codes(&report), ["import/compression-unreadable"]);
    assert_eq!(
        error(&report).as_deref(),
        Some("IMPORT_ERROR_PREMATURE_EOF []")
    );
    pair.target.product.brand = Some("XCP-ng".to_owned());
    let report = pair.judge_bytes(pair.recipe.build(), Depth::Metadata);
    assert_eq!(
        report.preflight.accepted,
        Some(true),
        "{:?}",
        report.findings
    );
}

#[test]
fn what_the_archive_stops_at_comes_after_the_gate() {
    let mut pair = Pair::named("two-disks");
    let mut bytes = pair.bytes();
    bytes.truncate(bytes.len() / 2);
    let report = pair.judge_bytes(bytes.clone(), Depth::Full);
    assert_eq!(codes(&report), ["import/archive-refused"]);
    assert_eq!(
        error(&report).as_deref(),
        Some("IMPORT_ERROR_PREMATURE_EOF []")
    );
    // An older host does not get as far, and both are told.
    release(&mut pair, "7.1.2", "1.14.48");
    let report = pair.judge_bytes(bytes, Depth::Full);
    assert_eq!(
        error(&report).as_deref(),
        Some("IMPORT_INCOMPATIBLE_VERSION []")
    );
    let further: Vec<_> = report
        .preflight
        .further_errors
        .iter()
        .map(|error| error.code.as_str())
        .collect();
    assert_eq!(
        further,
        ["IMPORT_ERROR_PREMATURE_EOF", "IMPORT_ERROR_GENERIC"]
    );
}

#[test]
fn a_damaged_block_passes_with_force_alone() {
    let mut pair = Pair::named("two-disks");
    let mut archive = pair.recipe.archive();
    archive.members[1].payload[0] ^= 1;
    let report = pair.judge_bytes(archive.encode(), Depth::Full);
    assert_eq!(error(&report).as_deref(), Some("IMPORT_ERROR_GENERIC []"));
    pair.manner.force = true;
    let report = pair.judge_bytes(archive.encode(), Depth::Full);
    assert_eq!(codes(&report), ["import/archive-refused"]);
    assert_eq!(report.findings[0].severity, Warning);
    assert_eq!(report.preflight.accepted, Some(true));
}

#[test]
fn thin_srs_take_what_is_stored() {
    let mut pair = Pair::named("sparse");
    // Room for what is stored, and not for the virtual sizes.
    sr(&mut pair).used = Some(1024 * GIB - 1024);
    let least = pair.judge();
    let finding = &least.findings[0];
    let number = |name: &str| match finding.facts.get(name) {
        Some(xenspect_model::Fact::Number(number)) => *number,
        other => panic!("{name}: {other:?}"),
    };
    let (stored, all) = (number("stored_bytes"), number("virtual_bytes"));
    assert!(stored < all, "{stored} {all}");
    sr(&mut pair).used = Some(1024 * GIB - stored);
    let report = pair.judge();
    assert_eq!(report.findings[0].severity, Warning);
    sr(&mut pair).kind = Some("lvm".to_owned());
    assert_eq!(pair.judge().findings[0].severity, Error);
    sr(&mut pair).used = Some(1024 * GIB - all);
    assert_eq!(codes(&pair.judge()), [""; 0]);
}

#[test]
fn what_changes_is_listed() {
    let mut pair = Pair::named("host-leftovers");
    pair.target.networks = Some(Vec::new());
    preserved(&mut pair, |_| {});
    let changes = pair.judge().preflight.changes;
    assert_eq!(
        changes.networks_created,
        [
            "Pool-wide network associated with eth1",
            "Pool-wide network associated with eth0"
        ]
    );
    assert_eq!(changes.vms_replaced.len(), 1);
    assert_eq!(changes.vms_replaced[0].name, "there already");
}

#[test]
fn old_releases_leave_the_tpm_out() {
    let mut pair = Pair::named("vtpm-nvram");
    let report = pair.judge();
    assert!(
        codes(&report).contains(&"import/vtpm"),
        "{:?}",
        codes(&report)
    );
    release(&mut pair, "8.3.0", "26.1.0");
    assert_eq!(codes(&pair.judge()), [""; 0]);
}

#[test]
fn version_1_is_read_by_no_current_release() {
    let bytes = Recipe::named("xva-version-1").unwrap().build();
    let mut pair = Pair::new(Recipe::new(Release::V8_2));
    release(&mut pair, "8.3.0", "24.19.2");
    let report = pair.judge_bytes(bytes, Depth::Metadata);
    assert_eq!(codes(&report), ["import/archive-refused"]);
    assert_eq!(report.preflight.accepted, Some(false));
    assert!(report.runbook.is_empty());
}

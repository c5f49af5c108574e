//! Checks 14 to 23.

use std::collections::BTreeSet;

use xenspect_model::preflight::{Outcome, PreflightReport};
use xenspect_model::target::Target;
use xenspect_model::{Code, Severity};

use crate::build::{
    DOM0_UUID, Dump, HOST_UUID, MEMBER_DOM0_UUID, MEMBER_UUID, POOL_UUID, added, against, error,
    errors, find, uuid,
};

fn with(edit: impl FnOnce(&mut Dump, &mut Target)) -> PreflightReport {
    let mut dump = Dump::new(603);
    let mut target = dump.target();
    edit(&mut dump, &mut target);
    target.columns = Some(dump.columns());
    against(&dump, target)
}

#[test]
fn a_uuid_that_the_inventory_lacks() {
    for key in ["INSTALLATION_UUID", "CONTROL_DOMAIN_UUID"] {
        let report = with(|_, target| {
            let host = &mut target.host;
            host.inventory_lacks = Some(BTreeSet::from([key.to_owned()]));
            if key.starts_with('I') {
                host.installation_uuid = None;
            } else {
                host.control_domain_uuid = None;
            }
        });
        assert_eq!(
            errors(&report),
            [error("INTERNAL_ERROR", &["inventory key missing", key])]
        );
        assert_eq!(added(&report), ["restore/inventory-key"]);
    }
}

#[test]
fn a_uuid_that_is_not_known_is_no_fault() {
    let report = with(|_, target| {
        target.host.inventory_lacks = None;
        target.host.control_domain_uuid = None;
    });
    assert_eq!(added(&report), Vec::<&str>::new());
    assert_eq!(report.preflight.accepted, None);
    assert_eq!(report.preflight.boots, None);
    let check = report
        .checks
        .iter()
        .find(|check| check.number == Some(14))
        .unwrap();
    assert_eq!(check.outcome, Outcome::Unknown);
}

#[test]
fn a_text_that_is_no_uuid_is_taken() {
    let report = with(|_, target| target.host.installation_uuid = Some("host-1".to_owned()));
    assert_eq!(report.preflight.accepted, Some(true));
    assert_eq!(added(&report), ["restore/inventory-key"]);
}

#[test]
fn uuids_that_are_taken_stop_the_next_start() {
    // installation, control domain, whether it boots
    let table = [
        (HOST_UUID, DOM0_UUID, true),
        // The row of a member is deleted before the uuid is written; that of its control domain is not.
        (MEMBER_UUID, "10000000-0000-4000-8000-000000000009", true),
        (MEMBER_UUID, MEMBER_DOM0_UUID, false),
        (POOL_UUID, DOM0_UUID, false),
        (HOST_UUID, HOST_UUID, false),
    ];
    for (installation, control_domain, boots) in table {
        let report = with(|_, target| {
            target.host.installation_uuid = Some(installation.to_owned());
            target.host.control_domain_uuid = Some(control_domain.to_owned());
        });
        let pair = format!("{installation} {control_domain}");
        assert_eq!(report.preflight.accepted, Some(true), "{pair}");
        assert_eq!(report.preflight.boots, Some(boots), "{pair}");
        let clashes = added(&report);
        let clashes = clashes.iter().filter(|code| **code == "restore/uuid-clash");
        assert_eq!(clashes.count(), usize::from(!boots), "{pair}");
    }
}

#[test]
fn the_trap_of_a_former_member_is_named() {
    let report = with(|_, target| {
        target.host.installation_uuid = Some(MEMBER_UUID.to_owned());
        target.host.control_domain_uuid = Some(MEMBER_DOM0_UUID.to_owned());
    });
    let clash = find(&report, Code::RestoreUuidClash);
    assert_eq!(
        clash.facts.get("taken_by"),
        Some(&"the control domain of the member two".into())
    );
    assert!(
        clash
            .advice
            .as_deref()
            .unwrap()
            .contains("/etc/xensource-inventory")
    );
}

#[test]
fn what_the_target_was() {
    // uuid, name, address, what it is, by what
    let table = [
        (HOST_UUID, "new", None, "the old coordinator", "uuid"),
        (MEMBER_UUID, "new", None, "a former member", "uuid"),
        ("x", "one", None, "the old coordinator", "name"),
        ("x", "new", Some("192.0.2.2"), "a former member", "address"),
        (
            "x",
            "localhost",
            None,
            "a host that the dump does not know",
            "",
        ),
        // A uuid says more than a name and an address.
        (
            MEMBER_UUID,
            "one",
            Some("192.0.2.1"),
            "a former member",
            "uuid",
        ),
    ];
    for (uuid, name, address, what, by) in table {
        let report = with(|_, target| {
            target.host.installation_uuid = Some(uuid.to_owned());
            target.host.name = Some(name.to_owned());
            target.host.address = address.map(str::to_owned);
        });
        let finding = find(&report, Code::RestoreTargetIdentity);
        assert_eq!(
            finding.facts.get("target_is"),
            Some(&what.into()),
            "{uuid} {name}"
        );
        let expected = (!by.is_empty()).then(|| vec![by.to_owned()].into());
        assert_eq!(finding.facts.get("by"), expected.as_ref(), "{uuid} {name}");
        let is_member = what == "a former member";
        assert_eq!(finding.severity == Severity::Warning, is_member);
    }
}

#[test]
fn the_pool_of_the_target() {
    let report = with(|_, target| target.pool.as_mut().unwrap().uuid = Some(POOL_UUID.to_owned()));
    assert_eq!(added(&report), ["restore/same-pool"]);
    let report = with(|_, _| {});
    find(&report, Code::RestoreOtherPool);
    let report = with(|_, target| target.pool = None);
    let check = report
        .checks
        .iter()
        .find(|check| check.number == Some(17))
        .unwrap();
    assert_eq!(check.outcome, Outcome::Unknown);
}

#[test]
fn what_was_on_in_the_pool() {
    for (table, row, column, value, code) in [
        ("pool", "pool", "ha_enabled", "true", "restore/ha-enabled"),
        (
            "pool",
            "pool",
            "redo_log_enabled",
            "true",
            "restore/ha-enabled",
        ),
        (
            "pool",
            "pool",
            "tls_verification_enabled",
            "true",
            "restore/tls-verification",
        ),
        (
            "pool",
            "pool",
            "is_psr_pending",
            "true",
            "restore/secret-rotation-pending",
        ),
        (
            "host",
            "host",
            "external_auth_type",
            "AD",
            "restore/directory-join",
        ),
        ("host", "host", "edition", "enterprise", "restore/edition"),
    ] {
        let report = with(|dump, _| dump.set(table, row, column, value));
        assert_eq!(added(&report), [code], "{column}");
        assert_eq!(report.preflight.accepted, Some(true), "{column}");
        assert_eq!(report.preflight.boots, Some(true), "{column}");
        let report = with(|dump, _| {
            let off = match column {
                "external_auth_type" => "",
                "edition" => "FREE",
                _ => "false",
            };
            dump.set(table, row, column, off);
        });
        assert_eq!(added(&report), Vec::<&str>::new(), "{column}");
    }
}

#[test]
fn a_cluster_or_an_sr_that_needs_one() {
    let report = with(|dump, _| dump.add("Cluster", "cluster", &[("uuid", &uuid(70))]));
    assert_eq!(added(&report), ["restore/clustering"]);
    let report = with(|dump, _| {
        dump.add(
            "SR",
            "sr",
            &[
                ("uuid", &uuid(71)),
                ("name__label", "shared"),
                ("type", "gfs2"),
            ],
        );
    });
    let finding = find(&report, Code::RestoreClustering);
    assert_eq!(
        finding.facts.get("gfs2_srs"),
        Some(&vec!["shared".to_owned()].into())
    );
}

#[test]
fn a_database_that_is_left_over_wins() {
    let cases: [fn(&mut Target); 5] = [
        |target| target.files = Some(BTreeSet::from(["/var/lib/xcp/ha_metadata.db".to_owned()])),
        |target| target.files = Some(BTreeSet::from(["/var/lib/xcp/gen_metadata.db".to_owned()])),
        |target| target.host.ha_armed = Some(true),
        |target| target.pool.as_mut().unwrap().ha_enabled = Some(true),
        |target| target.pool.as_mut().unwrap().redo_log_enabled = Some(true),
    ];
    for edit in cases {
        let report = with(|_, target| edit(target));
        assert_eq!(added(&report), ["restore/database-left-over"]);
        assert_eq!(report.preflight.boots, Some(false));
        assert_eq!(report.preflight.accepted, Some(true));
    }
    let report = with(|_, target| {
        target.files = None;
        target.pool.as_mut().unwrap().ha_enabled = None;
    });
    assert_eq!(report.preflight.boots, None);
}

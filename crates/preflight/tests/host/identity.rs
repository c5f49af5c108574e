//! Which machine it is, and what the host comes back as.

use xenspect_model::preflight::{Machine, Outcome, Stage};
use xenspect_model::target::TargetMember;
use xenspect_model::{Code, Severity};
use xenspect_preflight::Known;

use crate::build::{Pair, host, more, stage};

#[test]
fn the_host_itself() {
    let mut pair = Pair::good();
    pair.target.host.installation_uuid = Some(pair.uuids.0.clone());
    pair.target.host.control_domain_uuid = Some(pair.uuids.1.clone());
    let report = pair.judge();
    assert_eq!(host(&report).machine, Machine::SameInstallation);
    let mut codes = report.findings.iter().map(|finding| finding.code);
    assert!(!codes.any(|code| code == Code::HostRestoreMachine));
    let titles: Vec<&str> = report
        .runbook
        .iter()
        .map(|step| step.title.as_str())
        .collect();
    assert!(!titles.contains(&"Make sure that the machine that the backup was made of is off"));
}

#[test]
fn the_host_installed_anew() {
    let report = Pair::good().judge();
    assert_eq!(host(&report).machine, Machine::InstalledAnew);
    let mut findings = report.findings.iter();
    let finding = findings
        .find(|finding| finding.code == Code::HostRestoreMachine)
        .expect("it is told");
    assert_eq!(finding.severity, Severity::Note);
}

#[test]
fn another_machine() {
    let mut pair = Pair::good();
    pair.target.host.primary_disk = Some("/dev/disk/by-id/scsi-other".to_owned());
    pair.target.disks = Some(Vec::new());
    for (number, nic) in pair.target.nics.iter_mut().flatten().enumerate() {
        nic.mac = Some(format!("52:54:00:00:00:{number:02x}"));
    }
    let report = pair.judge();
    assert_eq!(host(&report).machine, Machine::Other);
    let codes = more(&report);
    assert!(codes.contains(&Code::HostRestoreMachine), "{codes:?}");
    assert!(codes.contains(&Code::HostRestoreDisk), "{codes:?}");
    assert_eq!(stage(&report, Stage::InstallerLists).accepted, Some(false));
    let mut titles = report.runbook.iter().map(|step| step.title.as_str());
    assert!(titles.any(|title| title == "Set the disk in the unpacked inventory"));
}

#[test]
fn what_it_comes_back_as() {
    let pair = Pair::good();
    let report = pair.judge();
    let identity = &host(&report).comes_back_as;
    assert_eq!(identity.installation_uuid.as_ref(), Some(&pair.uuids.0));
    assert_eq!(identity.control_domain_uuid.as_ref(), Some(&pair.uuids.1));
    assert_eq!(identity.role.as_deref(), Some("coordinator"));
    assert_eq!(identity.management_interface.as_deref(), Some("xenbr0"));
    assert!(identity.management_address.is_some());
    assert!(identity.pool_secret);
    assert!(identity.macs.contains_key("eth0"), "{:?}", identity.macs);
    let product = identity.product.as_deref().expect("a product");
    assert!(
        product.contains(&pair.value("PRODUCT_VERSION")),
        "{product}"
    );
}

#[test]
fn another_product() {
    for (key, value) in [
        ("PRODUCT_BRAND", "Other"),
        ("PRODUCT_VERSION", "8.0.0"),
        ("BUILD_NUMBER", "x"),
    ] {
        let mut pair = Pair::good();
        pair.set(key, Some(value));
        let codes = more(&pair.judge());
        assert!(
            codes.contains(&Code::HostRestoreProduct),
            "{key}: {codes:?}"
        );
        assert!(
            codes
                .iter()
                .all(|code| matches!(code, Code::HostRestoreProduct | Code::HostVersion)),
            "{key}: {codes:?}"
        );
    }
}

#[test]
fn an_identity_that_lives() {
    let mut pair = Pair::good();
    let member = TargetMember {
        uuid: pair.uuids.0.clone(),
        name: Some("old".to_owned()),
        control_domain_uuid: None,
    };
    let mut other = Known {
        path: "other.xml".to_owned(),
        ..Known::default()
    };
    other.target.members = Some(vec![member.clone()]);
    pair.also.push(other);
    assert_eq!(more(&pair.judge()), [Code::HostRestoreAlive]);

    let mut pair = Pair::good();
    pair.target.members.get_or_insert_default().push(member);
    assert_eq!(more(&pair.judge()), [Code::HostRestoreAlive]);
}

#[test]
fn xapi_needs_three_keys() {
    for key in [
        "INSTALLATION_UUID",
        "CONTROL_DOMAIN_UUID",
        "MANAGEMENT_INTERFACE",
    ] {
        let mut pair = Pair::good();
        pair.set(key, None);
        let report = pair.judge();
        assert_eq!(report.preflight.boots, Some(false), "{key}");
        let check = report
            .checks
            .iter()
            .find(|check| check.codes.contains(&Code::HostInventoryKey));
        assert_eq!(
            check.map(|check| check.outcome),
            Some(Outcome::Found),
            "{key}"
        );
    }
}

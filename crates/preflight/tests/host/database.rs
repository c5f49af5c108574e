//! The embedded pool database, and what it is compared with.

use xenspect_model::Code;
use xenspect_model::preflight::{HostDatabase, VersionRelation};
use xenspect_model::report::Kind;

use crate::build::{DUMP, POOL_CONF, Pair, host};

#[test]
fn it_meets_the_host_as_it_comes_back() {
    let pair = Pair::good();
    let report = pair.judge();
    assert_eq!(host(&report).database, HostDatabase::HostRestored);
    assert_eq!(report.input.member.as_deref(), Some(DUMP));
    assert_eq!(report.input.kind, Some(Kind::PoolDb));
    // The restored host has the uuids that the dump has for it.
    let changes = &report.preflight.changes;
    assert_eq!(
        (&changes.host_uuid, &changes.control_domain_uuid),
        (&None, &None)
    );
    // The target is still told as it is now.
    assert_ne!(report.target.uuid, Some(pair.uuids.0));
    assert_eq!(report.version.relation, VersionRelation::Same);
}

#[test]
fn an_older_backup_is_accepted_with_its_own_schema() {
    // The target runs what came later: alone the dump would be refused, on the restored host it is not.
    let mut pair = Pair::good();
    pair.target.product.version = Some("8.3.0".to_owned());
    pair.target.product.platform = Some("3.4.0".to_owned());
    pair.target.product.schema = Some("5.783".to_owned());
    pair.target.product.xapi = None;
    let report = pair.judge();
    assert_eq!(
        (report.preflight.accepted, &report.preflight.xapi_error),
        (Some(true), &None),
        "{:?}",
        report.checks
    );
    let mut codes = report.findings.iter().map(|finding| finding.code);
    assert!(codes.any(|code| code == Code::HostRestoreProduct));
}

#[test]
fn a_later_backup_needs_its_medium() {
    let mut pair = Pair::good();
    pair.set("PRODUCT_VERSION", Some("8.3.0"));
    pair.set("PLATFORM_VERSION", Some("3.4.0"));
    let report = pair.judge();
    assert_eq!(report.preflight.accepted, Some(false));
    assert_eq!(host(&report).database, HostDatabase::TargetAsItIs);
    let mut codes = report.findings.iter().map(|finding| finding.code);
    assert!(codes.any(|code| code == Code::HostRestorePlatform));
    let mut steps = report.runbook.iter();
    let installer = steps
        .find(|step| step.title.starts_with("Start the installer"))
        .and_then(|step| step.note.as_deref());
    assert!(
        installer.is_some_and(|note| note.contains("8.3.0")),
        "{installer:?}"
    );
}

#[test]
fn it_is_not_restored_on_a_member() {
    let mut pair = Pair::good();
    pair.put(POOL_CONF, "slave:10.0.0.9\n");
    let report = pair.judge();
    let restored = host(&report);
    assert_eq!(restored.database, HostDatabase::NotOnMember);
    assert_eq!(
        restored.comes_back_as.role.as_deref(),
        Some("member of 10.0.0.9")
    );
    assert_eq!(report.input.kind, Some(Kind::HostBackup));
    assert!(report.nics.is_empty() && report.input.member.is_none());
    assert!(!report.checks.iter().any(|check| check.number.is_some()));
    let said = report.not_checked.join("\n");
    assert!(said.contains("is restored on its coordinator"), "{said}");
    for step in &report.runbook {
        let commands = step.commands.join("\n");
        assert!(!commands.contains("pool-restore-database"), "{commands}");
    }
    let mut codes = report.findings.iter().map(|finding| finding.code);
    assert!(codes.any(|code| code == Code::HostMember));
    // The host itself would come back.
    assert_eq!(report.preflight.accepted, Some(true));
    assert_eq!(report.preflight.boots, Some(true));
}

#[test]
fn without_one_the_host_alone_is_judged() {
    let mut pair = Pair::good();
    pair.drop(DUMP);
    pair.drop("var/lib/xcp/state.db");
    let report = pair.judge();
    assert_eq!(host(&report).database, HostDatabase::None);
    let answer = &report.preflight;
    assert_eq!((answer.accepted, answer.boots), (Some(true), None));
    let mut codes = report.findings.iter().map(|finding| finding.code);
    assert!(codes.any(|code| code == Code::HostDatabaseMissing));
}

#[test]
fn what_is_wrong_with_it_is_told_once() {
    let mut pair = Pair::good();
    let (_, dump) = pair
        .files
        .iter()
        .find(|(name, _)| name == DUMP)
        .expect("there");
    let text = String::from_utf8(dump.clone()).expect("UTF-8");
    let cut = text.replace("</database>", "");
    for path in [DUMP, "var/lib/xcp/state.db"] {
        pair.put(path, cut.clone());
    }
    let report = pair.judge();
    assert_ne!(report.preflight.accepted, Some(true));
    let closed = report.findings.iter();
    let closed = closed
        .filter(|finding| finding.code == Code::DbNotClosed)
        .count();
    assert!(closed <= 1, "{closed}");
}

#[test]
fn the_steps_of_the_host_come_before_those_of_its_database() {
    let report = Pair::good().judge();
    let titles: Vec<&str> = report
        .runbook
        .iter()
        .map(|step| step.title.as_str())
        .collect();
    let at = |title: &str| {
        let found = titles.iter().position(|known| *known == title);
        found.unwrap_or_else(|| panic!("{title} is in {titles:#?}"))
    };
    let order = [
        at("Make sure that the target is the machine that the backup was made of"),
        at("Keep a copy of what is on the spare partition"),
        at("Unpack the backup to the spare partition"),
        at("Start the installer, and choose to restore from the backup"),
        at("See whether the restored host needs the dump at all"),
        at("Copy the dump to the host"),
        at("Restore the database"),
    ];
    assert!(order.is_sorted(), "{titles:#?}");
    let copy = &report.runbook[order[5]];
    let taken_out = format!("./{DUMP}");
    assert!(
        copy.commands
            .iter()
            .any(|command| command.contains(&taken_out))
    );
    // The password of the host comes with it.
    let said = report.not_checked.join("\n");
    assert!(!said.contains("stay those of the target"), "{said}");
}

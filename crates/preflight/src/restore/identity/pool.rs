//! What was on in the pool, and does not come back by itself: checks 18 to 23.

use xenspect_inventory::Record;
use xenspect_model::{Code, Finding};

use crate::checks::Id;
use crate::restore::Restore;
use crate::verdicts::Verdicts;

/// Copies of the database that xapi keeps beside it while HA or a redo log is on (`formats/restore.md` section 6, 1).
const LEFT_OVER: [&str; 2] = [
    "/var/lib/xcp/ha_metadata.db",
    "/var/lib/xcp/gen_metadata.db",
];
/// Where the machine's account in a directory is.
const KEYTAB: &str = "/etc/krb5.keytab";

pub(super) fn check(restore: &Restore<'_>, verdicts: &mut Verdicts) {
    high_availability(restore, verdicts);
    left_over(restore, verdicts);
    cluster(restore, verdicts);
    directory(restore, verdicts);
    let Some(pool) = restore.pool else {
        return;
    };
    for (field, code) in [
        ("tls_verification_enabled", Code::RestoreTls),
        ("is_psr_pending", Code::RestoreSecretRotation),
    ] {
        if pool.is(field) {
            verdicts.find(of_pool(code, &pool).column(field));
        }
    }
    edition(restore, verdicts);
}

fn of_pool(code: Code, pool: &Record<'_>) -> Finding {
    Finding::new(code).table("pool").row(&pool.reference())
}

/// Check 18, the dump's side.
fn high_availability(restore: &Restore<'_>, verdicts: &mut Verdicts) {
    let Some(pool) = restore.pool else {
        return;
    };
    let on: Vec<String> = ["ha_enabled", "redo_log_enabled"]
        .into_iter()
        .filter(|field| pool.is(field))
        .map(str::to_owned)
        .collect();
    if !on.is_empty() {
        let files = pool.set("ha_statefiles").unwrap_or_default().len() as u64;
        let finding = of_pool(Code::RestoreHaEnabled, &pool).fact("on", on);
        verdicts.find(finding.fact("state_files", files));
    }
}

/// Check 18, the target's side.
fn left_over(restore: &Restore<'_>, verdicts: &mut Verdicts) {
    let target = restore.target;
    let pool = target.pool.as_ref();
    let ha_enabled = pool.and_then(|pool| pool.ha_enabled);
    let mut evidence = Vec::new();
    if let Some(files) = &target.files {
        let left = LEFT_OVER.iter().filter(|path| files.contains(**path));
        evidence.extend(left.map(|path| (*path).to_owned()));
    }
    if target.host.ha_armed == Some(true) {
        evidence.push("ha.armed in local.db".to_owned());
    }
    if ha_enabled == Some(true) {
        evidence.push("high availability is on in the target's pool".to_owned());
    }
    if pool.and_then(|pool| pool.redo_log_enabled) == Some(true) {
        evidence.push("a redo log is written in the target's pool".to_owned());
    }
    if !evidence.is_empty() {
        verdicts.find(Finding::new(Code::RestoreDatabaseLeftOver).fact("found", evidence));
    } else if target.files.is_none() && target.host.ha_armed.is_none() && ha_enabled.is_none() {
        verdicts.lack(Id::Restore(18), "the target's files below /var/lib/xcp");
    }
}

/// Check 19.
fn cluster(restore: &Restore<'_>, verdicts: &mut Verdicts) {
    let clusters = restore.store.count("Cluster") as u64;
    let members = restore.store.count("Cluster_host") as u64;
    let srs = restore.store.of_class("SR");
    let gfs2 = srs.filter(|sr| sr.text("type").is_some_and(|kind| kind == "gfs2"));
    let gfs2: Vec<String> = gfs2.map(|sr| sr.title().into_owned()).collect();
    if clusters > 0 || members > 0 || !gfs2.is_empty() {
        let finding = Finding::new(Code::RestoreClustering)
            .table("Cluster")
            .fact("clusters", clusters)
            .fact("cluster_hosts", members);
        verdicts.find(if gfs2.is_empty() {
            finding
        } else {
            finding.fact("gfs2_srs", gfs2)
        });
    }
}

/// Check 20.
fn directory(restore: &Restore<'_>, verdicts: &mut Verdicts) {
    let Some(host) = restore.coordinator else {
        return;
    };
    let Some(kind) = host.filled("external_auth_type") else {
        return;
    };
    let domain = host
        .filled("external_auth_service_name")
        .unwrap_or_default();
    let mut finding = Finding::new(Code::RestoreDirectory)
        .table("host")
        .row(&host.reference())
        .column("external_auth_type")
        .fact("type", kind.into_owned())
        .fact("domain", domain.into_owned());
    if let Some(files) = &restore.target.files {
        let has_account = files.contains(KEYTAB);
        finding = finding.fact("machine_account_on_target", has_account);
    }
    verdicts.find(finding);
}

/// Check 23.
fn edition(restore: &Restore<'_>, verdicts: &mut Verdicts) {
    let Some(dump) = restore.coordinator.and_then(|host| host.filled("edition")) else {
        verdicts.nothing(Id::Restore(23));
        return;
    };
    match restore.target.host.edition.as_deref() {
        None => verdicts.lack(Id::Restore(23), "the target's licence edition"),
        Some(target) if target.eq_ignore_ascii_case(&dump) => {}
        Some(target) => {
            let finding = Finding::new(Code::RestoreEdition)
                .table("host")
                .column("edition")
                .fact("edition_of_dump", dump.into_owned())
                .fact("edition_of_target", target);
            verdicts.find(finding);
        }
    }
}

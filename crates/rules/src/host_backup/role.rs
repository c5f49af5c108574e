//! What the host is in its pool: `etc/xensource/pool.conf` against the database (`formats/host-backup.md` sections 8 and 10).

use std::net::IpAddr;

use xenspect_host::files::POOL_CONF;
use xenspect_host::pool_conf::Role;
use xenspect_model::{Code, Severity};
use xenspect_xapi::db::{Database, Row};

use super::Backup;
use super::identity::rows;
use super::ruling::Ruling;

/// What the file says; `None` where it is not known.
pub(super) fn of(backup: &Backup<'_>) -> Option<Role> {
    match backup.contents(POOL_CONF) {
        Some(bytes) => Some(Role::parse(bytes)),
        // xapi takes a file that is not there as one that says nothing.
        None if !backup.has(POOL_CONF) && backup.is_whole() => Some(Role::Broken),
        None => None,
    }
}

/// `own` is the host's row.
pub(super) fn check(
    backup: &Backup<'_>,
    database: Option<&Database<'_>>,
    own: Option<&Row<'_>>,
    ruling: &mut Ruling,
) {
    let Some(role) = of(backup) else { return };
    let coordinator = database.and_then(coordinator);
    let is_coordinator = own
        .zip(coordinator.as_ref())
        .and_then(|(own, coordinator)| Some(own.reference()? == coordinator.reference()?));
    let says = match &role {
        Role::Coordinator => "master".to_owned(),
        Role::Member(address) => format!("slave:{address}"),
        Role::Broken if backup.contents(POOL_CONF).is_none() => "there is no such file".to_owned(),
        Role::Broken => "neither master nor slave".to_owned(),
    };
    let finding = backup
        .about(Code::HostRole, POOL_CONF)
        .fact("pool_conf", says);
    let in_database = is_coordinator.map(|is| if is { "coordinator" } else { "member" });
    match (&role, is_coordinator) {
        (Role::Coordinator, Some(false)) | (Role::Member(_), Some(true)) | (Role::Broken, _) => {
            ruling.push(match in_database {
                Some(role) => finding.fact("in_database", role),
                None => finding,
            });
        }
        (Role::Member(address), Some(false)) => {
            let there = coordinator.and_then(|row| Some(row.text("address")?.into_owned()));
            if let Some(there) = there
                && is_other(address, &there)
            {
                // Another one may have taken over since.
                let finding = finding
                    .severity(Severity::Warning)
                    .fact("address_of_coordinator", there);
                ruling.push(finding);
            }
        }
        _ => {}
    }
    if let Role::Member(address) = &role {
        let finding = backup.about(Code::HostMember, POOL_CONF);
        ruling.push(finding.fact("coordinator", address.as_str()));
    }
}

/// The row of the host that the pool names.
fn coordinator<'a>(database: &'a Database<'_>) -> Option<Row<'a>> {
    let pool = rows(database, "pool").next()?;
    let master = pool.text("master")?;
    rows(database, "host").find(|row| row.reference().as_ref() == Some(&master))
}

/// Whether two addresses are those of two hosts. Names are not resolved.
fn is_other(one: &str, two: &str) -> bool {
    match (one.trim().parse::<IpAddr>(), two.trim().parse::<IpAddr>()) {
        (Ok(one), Ok(two)) => one != two,
        _ => false,
    }
}

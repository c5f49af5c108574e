//! A host backup in a few words, for the head of a report.

use xenspect_host::inventory::Inventory;
use xenspect_host::pool_conf::Role;
use xenspect_model::catalog::{EmbeddedDatabase, EmbeddedState};
use xenspect_model::report::{HostDatabase, HostRole, HostSummary};

use super::databases::Bases;
use super::ruling::Ruling;
use super::{Backup, Looked, role, room, time};
use crate::dump;

/// Databases that are described; a host has one or two of its own making.
const DATABASES: usize = 100;

pub(super) fn of(
    backup: &Backup<'_>,
    inventory: Option<&Inventory>,
    bases: &Bases<'_>,
    ruling: &Ruling,
    looked: &Looked,
) -> HostSummary {
    let host = backup.host;
    let get = |key: &str| {
        let value = inventory?.get(key)?;
        (!value.is_empty()).then(|| value.to_owned())
    };
    let role = role::of(backup);
    let platform = get("PLATFORM_VERSION");
    HostSummary {
        product_brand: get("PRODUCT_BRAND"),
        product_version: get("PRODUCT_VERSION"),
        build_number: get("BUILD_NUMBER"),
        installation_uuid: get("INSTALLATION_UUID"),
        control_domain_uuid: get("CONTROL_DOMAIN_UUID"),
        primary_disk: get("PRIMARY_DISK"),
        role: role.as_ref().map(|role| match role {
            Role::Coordinator => HostRole::Coordinator,
            Role::Member(_) => HostRole::Member,
            Role::Broken => HostRole::Broken,
        }),
        coordinator_address: role.and_then(|role| match role {
            Role::Member(address) => Some(address),
            _ => None,
        }),
        newest_file: host.newest_file.map(time::utc),
        unpacked_bytes: room::unpacked(host),
        partition_bytes: room::partition(inventory),
        fits_old_layout: room::fits_old_layout(host),
        databases: databases(backup, bases),
        host_restore: ruling.host_restore(looked.for_host_restore),
        installer: ruling.installer(looked.for_installer, platform.clone()),
        platform_version: platform,
    }
}

fn databases(backup: &Backup<'_>, bases: &Bases<'_>) -> Vec<HostDatabase> {
    let preferred = bases.preferred().map(|found| found.base.offset);
    let is_preferred = |base: &EmbeddedDatabase| Some(base.offset) == preferred;
    let mut all: Vec<&EmbeddedDatabase> = backup.host.databases.iter().collect();
    all.sort_by_key(|base| !is_preferred(base));
    let shown = all.into_iter().take(DATABASES).map(|base| HostDatabase {
        path: base.path.clone(),
        modified: base.modified.map(time::utc),
        preferred: is_preferred(base),
        database: match &base.state {
            EmbeddedState::Read(dump) => Some(dump::summary(dump)),
            _ => None,
        },
    });
    shown.collect()
}

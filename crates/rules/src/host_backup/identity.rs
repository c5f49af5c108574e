//! Rules about the host against its own pool database (`formats/host-backup.md` sections 3 and 10).

use xenspect_host::inventory::Inventory;
use xenspect_host::pool_conf::Role;
use xenspect_model::catalog::{EmbeddedDatabase, EmbeddedState};
use xenspect_model::{Code, Finding};
use xenspect_xapi::db::{Database, Row};

use super::{Backup, DUMPS, INVENTORY};
use crate::sink::Sink;

const POOL_CONF: &str = "etc/xensource/pool.conf";
const STATE: [&str; 2] = ["var/lib/xcp/state.db", "var/xapi/state.db"];

pub(super) fn check(backup: &Backup<'_>, inventory: Option<&Inventory>, sink: &mut Sink) {
    let fresh = newest(backup, |path| path.starts_with(DUMPS));
    let own = newest(backup, |path| STATE.contains(&path));
    if let (Some(fresh), Some(own)) = (fresh, own) {
        older(fresh, own, sink);
    }
    let role = backup.contents(POOL_CONF).map(Role::parse);
    if let (Some((_, database)), Some(inventory)) = (fresh.or(own), inventory) {
        host(backup, inventory, database, role.as_ref(), sink);
    }
    if let Some(Role::Member(address)) = &role {
        sink.push(about(backup, Code::HostMember, POOL_CONF).fact("coordinator", address.clone()));
    }
    sink.push(Finding::new(Code::HostIdentity));
}

type Found<'a> = (&'a EmbeddedDatabase, &'a Database<'static>);

/// The database with the highest generation among those that can be read.
fn newest<'a>(backup: &Backup<'a>, wanted: impl Fn(&str) -> bool) -> Option<Found<'a>> {
    let read = backup
        .host
        .databases
        .iter()
        .filter_map(|base| match &base.state {
            EmbeddedState::Read(dump) if wanted(&base.path) => Some((base, &dump.database)),
            _ => None,
        });
    read.max_by_key(|(base, database)| (database.generation(), base.offset))
}

fn about(backup: &Backup<'_>, code: Code, path: &str) -> Finding {
    let finding = Finding::new(code).member(path.as_bytes());
    match backup.place(path) {
        Some(offset) => finding.at(offset),
        None => finding,
    }
}

fn older((fresh, one): Found<'_>, (own, two): Found<'_>, sink: &mut Sink) {
    if let (Some(fresh_at), Some(own_at)) = (one.generation(), two.generation())
        && fresh_at < own_at
    {
        let finding = Finding::new(Code::HostDatabaseOlder)
            .member(fresh.path.as_bytes())
            .at(fresh.offset)
            .fact("generation", fresh_at.to_string())
            .fact("other", own.path.clone())
            .fact("generation_of_other", own_at.to_string());
        sink.push(finding);
    }
}

fn host(
    backup: &Backup<'_>,
    inventory: &Inventory,
    database: &Database<'_>,
    role: Option<&Role>,
    sink: &mut Sink,
) {
    let Some(uuid) = inventory
        .get("INSTALLATION_UUID")
        .filter(|uuid| !uuid.is_empty())
    else {
        return;
    };
    let hosts = || {
        database
            .table("host")
            .into_iter()
            .flat_map(|table| table.rows())
    };
    let Some(own) = hosts().find(|row| row.uuid().as_deref() == Some(uuid)) else {
        let known: Vec<String> = hosts()
            .filter_map(|row| row.uuid())
            .map(|uuid| uuid.into_owned())
            .take(crate::NAMED)
            .collect();
        let finding = about(backup, Code::HostUuid, INVENTORY)
            .fact("installation_uuid", uuid.to_owned())
            .fact("hosts_in_database", known);
        sink.push(finding);
        return;
    };
    control_domain(backup, inventory, database, sink);
    version(backup, inventory, own, sink);
    if let Some(role) = role {
        coordinator(backup, database, own, role, sink);
    }
}

fn control_domain(
    backup: &Backup<'_>,
    inventory: &Inventory,
    database: &Database<'_>,
    sink: &mut Sink,
) {
    let Some(uuid) = inventory
        .get("CONTROL_DOMAIN_UUID")
        .filter(|uuid| !uuid.is_empty())
    else {
        return;
    };
    let mut vms = database
        .table("VM")
        .into_iter()
        .flat_map(|table| table.rows());
    let is_it = |row: &Row<'_>| {
        let is_dom0 = row
            .get("is_control_domain")
            .is_some_and(|raw| raw.is("true"));
        is_dom0 && row.uuid().as_deref() == Some(uuid)
    };
    if !vms.any(|row| is_it(&row)) {
        let finding =
            about(backup, Code::HostDom0, INVENTORY).fact("control_domain_uuid", uuid.to_owned());
        sink.push(finding);
    }
}

fn version(backup: &Backup<'_>, inventory: &Inventory, own: Row<'_>, sink: &mut Sink) {
    let Some(here) = inventory.get("PRODUCT_VERSION") else {
        return;
    };
    let Some(software) = own.text("software_version") else {
        return;
    };
    let pairs = xenspect_xapi::value::sexpr::decode_map(&software).unwrap_or_default();
    let there = pairs.into_iter().find(|(key, _)| key == "product_version");
    if let Some((_, there)) = there
        && there != here
    {
        let finding = about(backup, Code::HostVersion, INVENTORY)
            .fact("inventory", here.to_owned())
            .fact("database", there.into_owned());
        sink.push(finding);
    }
}

fn coordinator(
    backup: &Backup<'_>,
    database: &Database<'_>,
    own: Row<'_>,
    role: &Role,
    sink: &mut Sink,
) {
    let mut pools = database
        .table("pool")
        .into_iter()
        .flat_map(|table| table.rows());
    let Some(named) = pools.next().and_then(|pool| pool.text("master")) else {
        return;
    };
    let is_coordinator = own.reference().is_some_and(|reference| reference == named);
    let says = match role {
        Role::Coordinator => "master",
        Role::Member(_) => "slave",
        Role::Broken => "neither master nor slave",
    };
    if is_coordinator != (*role == Role::Coordinator) {
        let in_database = if is_coordinator {
            "coordinator"
        } else {
            "member"
        };
        let finding = about(backup, Code::HostRole, POOL_CONF)
            .fact("pool_conf", says)
            .fact("in_database", in_database);
        sink.push(finding);
    }
}

//! Rules about the host against its own pool database (`formats/host-backup.md` section 10): its uuid, its control domain,
//! and the version of its product. What it is in its pool is in `role`.

use xenspect_host::inventory::Inventory;
use xenspect_model::{Code, Finding};
use xenspect_xapi::db::{Database, Row};

use super::databases::Bases;
use super::ruling::Ruling;
use super::{Backup, INVENTORY, role};
use crate::NAMED;

const XENCOMMONS: &str = "etc/sysconfig/xencommons";

pub(super) fn check(
    backup: &Backup<'_>,
    inventory: Option<&Inventory>,
    bases: &Bases<'_>,
    ruling: &mut Ruling,
) {
    // Of one that has lost rows nothing is told that hangs on them.
    let preferred = bases.preferred().filter(|found| found.whole);
    let database = preferred.map(|found| found.database);
    let uuid = inventory.and_then(|inventory| value(inventory, "INSTALLATION_UUID"));
    let mut own = None;
    if let (Some(inventory), Some(uuid), Some(database)) = (inventory, uuid, database) {
        own = rows(database, "host").find(|row| row.uuid().as_deref() == Some(uuid));
        match &own {
            Some(own) => {
                control_domain(backup, inventory, database, own, ruling);
                version(backup, inventory, own, ruling);
            }
            None => ruling.push(unknown(backup, uuid, database)),
        }
    }
    if let Some(inventory) = inventory {
        xencommons(backup, inventory, ruling);
    }
    role::check(backup, database, own.as_ref(), ruling);
    if let Some(inventory) = inventory {
        let mut finding = Finding::new(Code::HostIdentity);
        for key in ["INSTALLATION_UUID", "CONTROL_DOMAIN_UUID"] {
            if let Some(uuid) = value(inventory, key) {
                finding = finding.fact(&key.to_ascii_lowercase(), uuid);
            }
        }
        ruling.push(finding);
    }
}

/// A value that is not empty, as xapi has it.
fn value<'a>(inventory: &'a Inventory, key: &str) -> Option<&'a str> {
    inventory.xapi(key).filter(|value| !value.is_empty())
}

/// The rows of a table.
pub(super) fn rows<'a>(database: &'a Database<'_>, table: &str) -> impl Iterator<Item = Row<'a>> {
    let table = database.table(table);
    table.into_iter().flat_map(|table| table.rows())
}

fn unknown(backup: &Backup<'_>, uuid: &str, database: &Database<'_>) -> Finding {
    let known: Vec<String> = rows(database, "host")
        .filter_map(|row| Some(row.uuid()?.into_owned()))
        .take(NAMED)
        .collect();
    backup
        .about(Code::HostUuid, INVENTORY)
        .fact("installation_uuid", uuid)
        .fact("hosts_in_database", known)
}

/// The control domain that the inventory names has to be that of this host.
fn control_domain(
    backup: &Backup<'_>,
    inventory: &Inventory,
    database: &Database<'_>,
    own: &Row<'_>,
    ruling: &mut Ruling,
) {
    let Some(uuid) = value(inventory, "CONTROL_DOMAIN_UUID") else {
        return;
    };
    let is_it = |row: &Row<'_>| {
        let flag = row.get("is_control_domain");
        flag.is_some_and(|raw| raw.is("true")) && row.uuid().as_deref() == Some(uuid)
    };
    let finding = || {
        let finding = backup.about(Code::HostDom0, INVENTORY);
        finding.fact("control_domain_uuid", uuid)
    };
    let Some(domain) = rows(database, "VM").find(is_it) else {
        return ruling.push(finding());
    };
    let (Some(reference), Some(resident)) = (own.reference(), domain.text("resident_on")) else {
        return;
    };
    if resident != reference
        && let Some(other) =
            rows(database, "host").find(|row| row.reference().as_ref() == Some(&resident))
    {
        let finding = finding().fact(
            "belongs_to_host",
            other.uuid().unwrap_or_default().into_owned(),
        );
        ruling.push(finding);
    }
}

/// Xen is told the uuid of the control domain by a file of its own, in which the installer writes the same.
fn xencommons(backup: &Backup<'_>, inventory: &Inventory, ruling: &mut Ruling) {
    let (Some(uuid), Some(bytes)) = (
        value(inventory, "CONTROL_DOMAIN_UUID"),
        backup.contents(XENCOMMONS),
    ) else {
        return;
    };
    // It is sourced by a shell, as the inventory is.
    let file = Inventory::parse(bytes);
    if let Some(there) = file.get("XEN_DOM0_UUID")
        && !there.is_empty()
        && there != uuid
    {
        let finding = backup
            .about(Code::HostXencommons, XENCOMMONS)
            .fact("xen_dom0_uuid", there)
            .fact("control_domain_uuid", uuid);
        ruling.push(finding);
    }
}

fn version(backup: &Backup<'_>, inventory: &Inventory, own: &Row<'_>, ruling: &mut Ruling) {
    let (Some(here), Some(software)) = (
        value(inventory, "PRODUCT_VERSION"),
        own.text("software_version"),
    ) else {
        return;
    };
    let pairs = xenspect_xapi::value::sexpr::decode_map(&software).unwrap_or_default();
    let there = pairs.into_iter().find(|(key, _)| key == "product_version");
    if let Some((_, there)) = there
        && there != here
    {
        let finding = backup
            .about(Code::HostVersion, INVENTORY)
            .fact("inventory", here)
            .fact("database", there.into_owned());
        ruling.push(finding);
    }
}

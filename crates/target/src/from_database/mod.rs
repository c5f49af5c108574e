//! A target from its own pool database: the coordinator of the pool, as it is after `xe pool-dump-database` on a freshly
//! installed host, and what is in the pool. The host is read in `host`, its NICs in `nics`, the rest in `contents`.

mod contents;
mod host;
mod nics;

use std::collections::{BTreeMap, BTreeSet};

use xenspect_inventory::view::Pool;
use xenspect_inventory::{Record, Relations, Store};
use xenspect_model::catalog::Dump;
use xenspect_model::target::TargetPool;
use xenspect_xapi::db::Database;

use crate::{Reading, Target};

/// What a pool database tells of its coordinator and its pool. Facts that a database does not hold (files, free space,
/// rules for names of NICs) stay unknown.
#[must_use]
pub fn of_database(database: &Database<'_>) -> Target {
    of(database, database.is_complete())
}

/// The same of an input that is a pool database. Where its storage or compression tells of damage, any value may be another one,
/// so as little counts for known as of a database that ends too early.
#[must_use]
pub fn of_dump(dump: &Dump) -> Reading {
    let complete = dump.database.is_complete() && !dump.interrupted;
    let damaged = dump.facts.tell_damage();
    let remark = match (complete, damaged) {
        (true, false) => None,
        (true, true) => Some("it is damaged, so not all of it is relied on"),
        (false, _) => Some("it ends too early, so not all of it is known"),
    };
    Reading {
        target: of(&dump.database, complete && !damaged),
        sources: vec![dump.kind.phrase().to_owned()],
        remarks: remark.into_iter().map(str::to_owned).collect(),
    }
}

fn of(database: &Database<'_>, whole: bool) -> Target {
    let store = Store::Pool(database);
    let relations = Relations::new(store);
    let pool = Pool::of(store);
    let own = pool.and_then(|pool| pool.coordinator());
    let schema = database.schema();
    // Of a table that is not there, or may be longer than what is there, nothing is known.
    let has = |table: &str| whole && database.table(table).is_some();
    let mut target = Target {
        pool: pool.map(|pool| pool_of(&pool.0, own, database)),
        members: has("host").then(|| contents::members(&relations)),
        networks: has("network").then(|| contents::networks(store)),
        srs: has("SR").then(|| contents::srs(store)),
        vms: has("VM").then(|| contents::vms(&relations)),
        vdis: has("VDI").then(|| contents::vdis(store)),
        gpu_groups: has("GPU_group").then(|| contents::gpu_groups(store)),
        columns: whole.then(|| columns(database)),
        ..Target::default()
    };
    if let Some(own) = own {
        target.host = host::host(&relations, &own);
        target.product = host::product(&own);
        target.nics = has("PIF").then(|| nics::of_host(&relations, &own));
        if !has("PCI") {
            target.host.pci_devices = None;
        }
        target.management = nics::management(&relations, &own);
    }
    // The document tells the schema itself; what a host says of it can be older.
    target.product.schema = schema
        .map(|(major, minor)| format!("{major}.{minor}"))
        .or(target.product.schema);
    target
}

fn pool_of(pool: &Record<'_>, own: Option<Record<'_>>, database: &Database<'_>) -> TargetPool {
    let default_sr = match pool.follow("default_SR") {
        Some(sr) => sr.uuid().map(Into::into),
        None => Some(String::new()),
    };
    TargetPool {
        uuid: pool.uuid().map(Into::into),
        name: pool.name().map(Into::into),
        coordinator: own.and_then(|host| host.uuid()).map(Into::into),
        generation: database.generation(),
        ha_enabled: pool.bool("ha_enabled"),
        redo_log_enabled: pool.bool("redo_log_enabled"),
        default_sr,
        cpu_features: features(pool),
    }
}

/// The features in `cpu_info`: what HVM guests may use, or in old releases simply those.
fn features(record: &Record<'_>) -> Option<String> {
    let of = |key| record.map_text("cpu_info", key).map(Into::into);
    of("features_hvm").or_else(|| of("features"))
}

/// The tables, and the columns of their rows.
fn columns(database: &Database<'_>) -> BTreeMap<String, BTreeSet<String>> {
    let mut all = BTreeMap::new();
    for table in database.tables() {
        let shapes: BTreeSet<u32> = table.rows().map(|row| row.shape()).collect();
        let names = shapes
            .into_iter()
            .flat_map(|shape| database.shape_names(shape));
        let names = names.filter(|name| !matches!(*name, "ref" | "_ref" | "__ctime" | "__mtime"));
        let columns: &mut BTreeSet<String> = all.entry(table.name().to_owned()).or_default();
        columns.extend(names.map(str::to_owned));
    }
    all
}

#[cfg(test)]
mod tests {
    use xenspect_synth::restore::fresh_host;
    use xenspect_xapi::db::DumpLimits;

    use super::*;

    fn target() -> Target {
        let bytes = fresh_host().database();
        of_database(&Database::read(&bytes, &DumpLimits::default()).expect("a database"))
    }

    #[test]
    fn a_fresh_host_is_the_coordinator_of_its_own_pool() {
        let target = target();
        let host = fresh_host();
        assert_eq!(target.host.installation_uuid, host.installation_uuid);
        assert_eq!(target.host.control_domain_uuid, host.control_domain_uuid);
        assert_eq!(target.product.schema.as_deref(), Some("5.603"));
        assert_eq!(target.management_device(), Some("eth0"));
        assert_eq!(target.management.bridge.as_deref(), Some("xenbr0"));
        let nics = target.physical_nics().expect("NICs");
        let devices: Vec<_> = nics.iter().map(|nic| nic.device.as_str()).collect();
        assert_eq!(devices, ["eth0", "eth1", "eth2", "eth3"]);
        assert!(
            nics.iter()
                .all(|nic| nic.mac.is_some() && nic.pci.is_some())
        );
        let pool = target.pool.as_ref().expect("a pool");
        assert_eq!(pool.ha_enabled, Some(false));
        assert_eq!(pool.coordinator, host.installation_uuid);
        assert_eq!(target.vms.as_deref(), Some(&[][..]), "none but templates");
    }

    #[test]
    fn columns_are_those_of_rows() {
        let columns = target().columns.expect("columns");
        assert!(columns["PIF"].contains("MAC") && !columns["PIF"].contains("_ref"));
        assert!(columns["message"].is_empty(), "a table that never has rows");
    }

    #[test]
    fn of_a_database_that_is_cut_no_list_is_known() {
        let mut bytes = fresh_host().database();
        bytes.truncate(bytes.len() - 12);
        let target =
            of_database(&Database::read(&bytes, &DumpLimits::default()).expect("a database"));
        assert_eq!(
            target.host.installation_uuid,
            fresh_host().installation_uuid
        );
        assert_eq!(
            (target.nics, target.columns, target.vms),
            (None, None, None)
        );
    }

    #[test]
    fn of_an_empty_database_little_is_known() {
        let bytes = b"<database><manifest/></database>";
        let target =
            of_database(&Database::read(bytes, &DumpLimits::default()).expect("a database"));
        assert_eq!((target.pool, target.nics), (None, None));
        assert_eq!(
            (target.vms, target.srs, target.networks),
            (None, None, None)
        );
        assert_eq!(target.host, xenspect_model::target::TargetHost::default());
    }
}

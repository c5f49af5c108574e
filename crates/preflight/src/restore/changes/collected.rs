//! Rows that the pass over garbage takes at the next start (`formats/restore.md` section 6, 3), as far as the dump
//! tells: those of hosts that are gone, and those that miss one of their ends already.

use std::collections::{BTreeMap, HashSet};

use xenspect_inventory::Record;

use crate::restore::Restore;
use crate::restore::contents::forgotten::Forgotten;

/// Tables of which a row goes with its host, and the column that names it.
const OF_HOST: [(&str, &str); 11] = [
    ("PBD", "host"),
    ("host_cpu", "host"),
    ("PCI", "host"),
    ("PGPU", "host"),
    ("PUSB", "host"),
    ("Certificate", "host"),
    ("host_patch", "host"),
    ("Cluster_host", "host"),
    ("Host_driver", "host"),
    ("PVS_cache_storage", "host"),
    ("Feature", "host"),
];

/// Tables of which a row goes when one of its ends does.
const TWO_ENDS: [(&str, [&str; 2]); 6] = [
    ("PBD", ["host", "SR"]),
    ("Cluster_host", ["host", "cluster"]),
    ("VIF", ["VM", "network"]),
    ("VGPU", ["VM", "GPU_group"]),
    ("crashdump", ["VM", "VDI"]),
    ("host_patch", ["host", "pool_patch"]),
];

/// By table.
pub(super) fn of<'a>(restore: &Restore<'a>, forgotten: &Forgotten<'a>) -> BTreeMap<String, u64> {
    let store = restore.store;
    let mut collected = BTreeMap::new();
    let mut add = |table: &str, count: usize| {
        if count > 0 {
            collected.insert(table.to_owned(), count as u64);
        }
    };
    let dangles =
        |row: &Record<'a>, field: &str| row.text(field).is_some() && row.follow(field).is_none();
    let ends = |table: &str| {
        TWO_ENDS
            .iter()
            .find(|(name, _)| *name == table)
            .map(|(_, ends)| *ends)
    };
    let of_gone = |row: &Record<'a>, table: &str, host: &str| {
        row.text(host).is_some() && forgotten.is_without_host(row, host)
            || ends(table).is_some_and(|ends| ends.iter().any(|end| dangles(row, end)))
    };
    for (table, host) in OF_HOST {
        add(
            table,
            store
                .of_class(table)
                .filter(|row| of_gone(row, table, host))
                .count(),
        );
    }
    for (table, ends) in TWO_ENDS {
        if OF_HOST.iter().all(|(name, _)| *name != table) {
            let rows = store.of_class(table);
            add(
                table,
                rows.filter(|row| ends.iter().any(|end| dangles(row, end)))
                    .count(),
            );
        }
    }
    // A CD drive of a VM that is there is emptied instead.
    let is_lost = |vbd: &Record<'a>| {
        dangles(vbd, "VM") || vbd.text("type").as_deref() != Some("CD") && dangles(vbd, "VDI")
    };
    add("VBD", store.of_class("VBD").filter(is_lost).count());
    add(
        "VDI",
        store
            .of_class("VDI")
            .filter(|vdi| dangles(vdi, "SR"))
            .count(),
    );
    // PIFs that a forgotten host has and its row does not list: the listed ones are deleted before.
    let unlisted = |pif: &Record<'a>| {
        !forgotten.pifs.contains(&pif.reference())
            && (forgotten.is_without_host(pif, "host") || dangles(pif, "network"))
    };
    add("PIF", store.of_class("PIF").filter(unlisted).count());
    add("tunnel", tunnels(restore, forgotten));
    let metrics = store
        .of_class("host")
        .filter(|host| !forgotten.hosts.contains(&host.reference()));
    let metrics: HashSet<_> = metrics.filter_map(|host| host.link("metrics")).collect();
    let unused = |row: &Record<'a>| !metrics.contains(&row.reference());
    add(
        "host_metrics",
        store.of_class("host_metrics").filter(unused).count(),
    );
    add(
        "VTPM",
        store
            .of_class("VTPM")
            .filter(|vtpm| dangles(vtpm, "VM"))
            .count(),
    );
    add(
        "console",
        store
            .of_class("console")
            .filter(|console| dangles(console, "VM"))
            .count(),
    );
    collected
}

/// Tunnels of which a PIF is gone.
fn tunnels<'a>(restore: &Restore<'a>, forgotten: &Forgotten<'a>) -> usize {
    let is_gone = |row: &Record<'a>, field: &str| match row.link(field) {
        Some(pif) => forgotten.pifs.contains(&pif) || restore.store.resolve(&pif).is_none(),
        None => true,
    };
    let rows = restore.store.of_class("tunnel");
    rows.filter(|row| is_gone(row, "access_PIF") || is_gone(row, "transport_PIF"))
        .count()
}

//! Relations that are stored on both sides (`formats/pool-db.md` section 5; xapi `ocaml/idl/datamodel.ml`
//! `all_relations`). The sweep tells every claim of either side by the key of its reference; each is added to or taken
//! from a sum of its target, so a sum that is not zero in the end means that the sides disagree. Only then the members are
//! looked at one by one.

use std::collections::{BTreeMap, BTreeSet};

use xenspect_model::{Code, Finding};
use xenspect_xapi::datamodel::Value;
use xenspect_xapi::db::Row;

use super::Context;
use crate::sink::Sink;
use crate::{KEPT, NAMED};

/// A relation: the column that names one row (or, of many to many, several), and the set on the other side.
struct Relation {
    many: (&'static str, &'static str),
    one: (&'static str, &'static str),
}

const fn relation(
    many: (&'static str, &'static str),
    one: (&'static str, &'static str),
) -> Relation {
    Relation { many, one }
}

#[rustfmt::skip]
const RELATIONS: [Relation; 45] = [
    relation(("VBD", "VM"), ("VM", "VBDs")),
    relation(("VBD", "VDI"), ("VDI", "VBDs")),
    relation(("VIF", "VM"), ("VM", "VIFs")),
    relation(("VIF", "network"), ("network", "VIFs")),
    relation(("VDI", "SR"), ("SR", "VDIs")),
    relation(("VDI", "snapshot_of"), ("VDI", "snapshots")),
    relation(("PBD", "host"), ("host", "PBDs")),
    relation(("PBD", "SR"), ("SR", "PBDs")),
    relation(("PIF", "host"), ("host", "PIFs")),
    relation(("PIF", "network"), ("network", "PIFs")),
    relation(("PIF", "bond_slave_of"), ("Bond", "slaves")),
    relation(("Bond", "master"), ("PIF", "bond_master_of")),
    relation(("VLAN", "tagged_PIF"), ("PIF", "VLAN_slave_of")),
    relation(("tunnel", "access_PIF"), ("PIF", "tunnel_access_PIF_of")),
    relation(("tunnel", "transport_PIF"), ("PIF", "tunnel_transport_PIF_of")),
    relation(("network_sriov", "physical_PIF"), ("PIF", "sriov_physical_PIF_of")),
    relation(("network_sriov", "logical_PIF"), ("PIF", "sriov_logical_PIF_of")),
    relation(("VM", "resident_on"), ("host", "resident_VMs")),
    relation(("VM", "snapshot_of"), ("VM", "snapshots")),
    relation(("VM", "parent"), ("VM", "children")),
    relation(("VM", "appliance"), ("VM_appliance", "VMs")),
    relation(("VM", "protection_policy"), ("VMPP", "VMs")),
    relation(("VM", "snapshot_schedule"), ("VMSS", "VMs")),
    relation(("VM", "groups"), ("VM_group", "VMs")),
    relation(("console", "VM"), ("VM", "consoles")),
    relation(("VTPM", "VM"), ("VM", "VTPMs")),
    relation(("VUSB", "VM"), ("VM", "VUSBs")),
    relation(("VUSB", "USB_group"), ("USB_group", "VUSBs")),
    relation(("PUSB", "USB_group"), ("USB_group", "PUSBs")),
    relation(("PUSB", "host"), ("host", "PUSBs")),
    relation(("VGPU", "VM"), ("VM", "VGPUs")),
    relation(("VGPU", "GPU_group"), ("GPU_group", "VGPUs")),
    relation(("VGPU", "type"), ("VGPU_type", "VGPUs")),
    relation(("VGPU", "resident_on"), ("PGPU", "resident_VGPUs")),
    relation(("PGPU", "GPU_group"), ("GPU_group", "PGPUs")),
    relation(("PGPU", "host"), ("host", "PGPUs")),
    relation(("PCI", "host"), ("host", "PCIs")),
    relation(("crashdump", "VM"), ("VM", "crash_dumps")),
    relation(("crashdump", "VDI"), ("VDI", "crash_dumps")),
    relation(("host_crashdump", "host"), ("host", "crashdumps")),
    relation(("host_cpu", "host"), ("host", "host_CPUs")),
    relation(("host_patch", "host"), ("host", "patches")),
    relation(("host_patch", "pool_patch"), ("pool_patch", "host_patches")),
    relation(("Cluster_host", "cluster"), ("Cluster", "cluster_hosts")),
    relation(("Certificate", "host"), ("host", "certificates")),
];

/// Tables without whose rows VMs come back without disks, and storage without its hosts. xapi makes the sets anew from what is
/// left of the other side (section 2.1), so a table that lost all of its rows takes with it what the sets still tell.
const VITAL: [&str; 3] = ["VBD", "VDI", "PBD"];

/// A column's part in a relation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Side {
    relation: usize,
    /// It is the set that the other side is added up to.
    pub(super) is_set: bool,
}

impl Side {
    /// The part that a column has.
    pub(super) fn of(table: &str, column: &str) -> Option<Self> {
        let place = (table, column);
        RELATIONS.iter().enumerate().find_map(|(index, relation)| {
            let is_set = relation.one == place;
            (is_set || relation.many == place).then_some(Self {
                relation: index,
                is_set,
            })
        })
    }
}

/// The sums of all relations.
pub(super) struct Sums {
    /// By relation; empty where it is not compared.
    sums: Vec<Vec<u64>>,
    /// By row number: the row's position in its table.
    positions: Vec<u32>,
}

impl Sums {
    /// `has_column` tells whether all rows of a table have a column.
    pub(super) fn new(context: Context<'_>, has_column: impl Fn(&str, &str) -> bool) -> Self {
        let database = &context.dump.database;
        let mut positions = vec![0; database.row_numbers()];
        for table in database.tables() {
            for (position, row) in (0..).zip(table.rows()) {
                if let Some(slot) = positions.get_mut(row.number() as usize) {
                    *slot = position;
                }
            }
        }
        let rows = |name| database.table(name).map_or(0, |table| table.len());
        // The log holds what was written, not the sets that follow from it.
        let log = context.dump.redo_log.as_ref();
        // A row whose references differ is named by the one and not by the other.
        let mismatched = database.oddities().count("ref-mismatch") > 0;
        let both_sides = context.whole && !mismatched && log.is_none_or(|log| log.applied == 0);
        let sums = RELATIONS
            .iter()
            .map(|Relation { many, one }| {
                // A table that is not there has no rows, so nothing names.
                let named = database.table(many.0).is_none() || has_column(many.0, many.1);
                let compared = both_sides && named && has_column(one.0, one.1);
                vec![0; if compared { rows(one.0) } else { 0 }]
            })
            .collect();
        Self { sums, positions }
    }

    /// The number of relations that are compared.
    pub(super) fn compared(&self) -> u64 {
        self.sums.iter().filter(|sums| !sums.is_empty()).count() as u64
    }

    /// A row, given by the key of its reference, names another.
    pub(super) fn names(&mut self, side: Side, key: u64, target: u32) {
        self.add(side, target, key);
    }

    /// A set lists a reference, given by its key.
    pub(super) fn lists(&mut self, side: Side, owner: u32, key: u64) {
        self.add(side, owner, key.wrapping_neg());
    }

    fn add(&mut self, side: Side, target: u32, value: u64) {
        let position = self.positions.get(target as usize).copied();
        let sums = self.sums.get_mut(side.relation);
        if let (Some(position), Some(sums)) = (position, sums)
            && let Some(sum) = sums.get_mut(position as usize)
        {
            *sum = sum.wrapping_add(value);
        }
    }

    /// Reports every set whose members are not those that name it.
    pub(super) fn judge(self, context: Context<'_>, sink: &mut Sink) {
        let mut emptied: BTreeMap<&str, Vec<&Relation>> = BTreeMap::new();
        for (relation, sums) in RELATIONS.iter().zip(&self.sums) {
            if sums.iter().all(|&sum| sum == 0) {
                continue;
            }
            let table = relation.many.0;
            let rows = context.dump.database.table(table);
            if VITAL.contains(&table) && rows.is_none_or(|rows| rows.is_empty()) {
                emptied.entry(table).or_default().push(relation);
            } else {
                differences(context, relation, sums, sink);
            }
        }
        for (table, relations) in emptied {
            lost(context, table, &relations, sink);
        }
    }
}

/// All rows of a table are gone while sets of others list them. That these sets have one side only follows from it.
fn lost(context: Context<'_>, table: &str, relations: &[&Relation], sink: &mut Sink) {
    let database = &context.dump.database;
    let listed = |relation: &Relation| {
        let (one, column) = relation.one;
        let rows = database.table(one).into_iter().flat_map(|one| one.rows());
        rows.filter_map(|row| Some(references(&row.value(column)?).len() as u64))
            .sum::<u64>()
    };
    // A row is in one set of each relation.
    let most = relations.iter().map(|relation| listed(relation)).max();
    let mut finding = Finding::new(Code::DbReferenceDangling)
        .table(table)
        .fact("rows", 0_u64)
        .fact("listed", most.unwrap_or_default());
    if let Some(table) = database.table(table) {
        finding = finding.at(context.offset(table.offset()));
    }
    let sets: Vec<String> = relations
        .iter()
        .map(|relation| format!("{}.{}", relation.one.0, relation.one.1))
        .collect();
    sink.push(crate::list(
        finding,
        "listed_in",
        sets.iter().map(String::as_str),
    ));
}

fn differences(context: Context<'_>, relation: &Relation, sums: &[u64], sink: &mut Sink) {
    let database = &context.dump.database;
    let many = database.table(relation.many.0);
    let Some(one) = database.table(relation.one.0) else {
        return;
    };
    let mut differing: Vec<Row<'_>> = one
        .rows()
        .zip(sums)
        .filter_map(|(row, &sum)| (sum != 0).then_some(row))
        .collect();
    let more = differing.len().saturating_sub(KEPT);
    differing.truncate(KEPT);
    sink.count_more(Code::DbSetSide, more as u64);

    // Who names each of them.
    let mut named: BTreeMap<String, BTreeSet<String>> = differing
        .iter()
        .filter_map(|row| Some((row.reference()?.into_owned(), BTreeSet::new())))
        .collect();
    for row in many.iter().flat_map(|many| many.rows()) {
        let (Some(value), Some(reference)) = (row.value(relation.many.1), row.reference()) else {
            continue;
        };
        for target in references(&value) {
            if let Some(members) = named.get_mut(target) {
                members.insert(reference.clone().into_owned());
            }
        }
    }
    for row in differing {
        let listed = row.value(relation.one.1).map(|value| {
            let members = references(&value).into_iter().map(str::to_owned);
            members.collect::<Vec<_>>()
        });
        let listed = listed.unwrap_or_default();
        let named = row
            .reference()
            .and_then(|reference| named.remove(&*reference))
            .unwrap_or_default();
        let set: BTreeSet<&str> = listed.iter().map(String::as_str).collect();
        let mut finding = context
            .at_column(Code::DbSetSide, &row, relation.one.1)
            .fact(
                "other_side",
                format!("{}.{}", relation.many.0, relation.many.1),
            )
            .fact("listed", listed.len() as u64)
            .fact("named_by", named.len() as u64);
        let only_listed = set
            .iter()
            .copied()
            .filter(|member| !named.contains(*member));
        finding = crate::list(finding, "only_listed", only_listed);
        let not_listed = named.iter().map(String::as_str);
        let not_listed = not_listed.filter(|member| !set.contains(member));
        finding = crate::list(finding, "not_listed", not_listed);
        if set.len() < listed.len() {
            let mut seen = BTreeSet::new();
            let twice = listed.iter().map(String::as_str);
            let twice = twice.filter(|member| !seen.insert(*member)).take(NAMED);
            finding = crate::list(finding, "listed_twice", twice);
        }
        sink.push(finding);
    }
}

/// The references in a value.
fn references<'v>(value: &'v Value<'_>) -> Vec<&'v str> {
    match value {
        Value::Set(members) => members.iter().filter_map(Value::as_ref).collect(),
        value => value.as_ref().into_iter().collect(),
    }
}

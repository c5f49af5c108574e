//! What is in the database of a made-up pool: rows and the references between them. Recipes set the side of a relation
//! that xapi stores by hand; the set sides are derived here, as xapi does on start-up (`formats/pool-db.md` section 2.1).

mod hosts;
mod machines;
mod nics;
mod others;
pub(crate) mod restore;
mod special;
mod storage;

use std::collections::BTreeMap;

use super::schema::Schema;
use super::tree::{Dump, Row, Table};
use super::value::set;
use super::write::hash;
use crate::content::uuid;
use restore::cards;

pub(crate) const NULL: &str = "OpaqueRef:NULL";

/// One-to-many relations: class and column of the reference, class and column of the set
/// (`formats/pool-db.md` section 5).
const RELATIONS: [(&str, &str, &str, &str); 27] = [
    ("VBD", "VM", "VM", "VBDs"),
    ("VBD", "VDI", "VDI", "VBDs"),
    ("VDI", "SR", "SR", "VDIs"),
    ("VDI", "snapshot_of", "VDI", "snapshots"),
    ("PBD", "host", "host", "PBDs"),
    ("PBD", "SR", "SR", "PBDs"),
    ("PIF", "host", "host", "PIFs"),
    ("PIF", "network", "network", "PIFs"),
    ("PIF", "bond_slave_of", "Bond", "slaves"),
    ("Bond", "master", "PIF", "bond_master_of"),
    ("VLAN", "tagged_PIF", "PIF", "VLAN_slave_of"),
    ("VIF", "VM", "VM", "VIFs"),
    ("VIF", "network", "network", "VIFs"),
    ("VM", "resident_on", "host", "resident_VMs"),
    ("VM", "snapshot_of", "VM", "snapshots"),
    ("VM", "parent", "VM", "children"),
    ("VM", "appliance", "VM_appliance", "VMs"),
    ("console", "VM", "VM", "consoles"),
    ("VGPU", "VM", "VM", "VGPUs"),
    ("VGPU", "GPU_group", "GPU_group", "VGPUs"),
    ("VGPU", "type", "VGPU_type", "VGPUs"),
    ("VTPM", "VM", "VM", "VTPMs"),
    ("PCI", "host", "host", "PCIs"),
    ("PGPU", "host", "host", "PGPUs"),
    ("PGPU", "GPU_group", "GPU_group", "PGPUs"),
    ("host_cpu", "host", "host", "host_CPUs"),
    ("Certificate", "host", "host", "certificates"),
];

/// How much is in the pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Extent {
    /// Two hosts and one of everything.
    Full,
    /// One host with one VM.
    Small,
    /// Three hosts with four NICs each, VMs in all states on all of them.
    ThreeHosts,
    /// The same after its VMs were shut down and unbound from their hosts.
    ThreeHostsQuiet,
    /// The coordinator of [`Extent::ThreeHosts`] installed anew: new uuids, nothing on it.
    FreshHost,
}

/// A pool in the making.
pub(crate) struct Pool {
    pub(crate) seed: u64,
    pub(crate) schema: Schema,
    tables: BTreeMap<&'static str, Vec<Row>>,
    generation: i64,
    planted: Vec<(String, String)>,
}

impl Pool {
    /// The whole database of a recipe, and the secrets planted in it.
    pub(crate) fn build(seed: u64, schema: u32, extent: Extent) -> (Dump, Vec<(String, String)>) {
        // An installation makes uuids of its own. The NICs stay.
        let (own, seed) = match extent {
            Extent::FreshHost => (seed ^ 0x0066_7265_7368, seed),
            _ => (seed, seed),
        };
        let schema = Schema(schema);
        let tables = schema.tables().map(|table| (table, Vec::new())).collect();
        let mut pool = Self {
            seed: own,
            schema,
            tables,
            generation: 100,
            planted: Vec::new(),
        };
        match extent {
            Extent::Full | Extent::Small => {}
            Extent::ThreeHosts => restore::three_hosts(&mut pool, true),
            Extent::ThreeHostsQuiet => restore::three_hosts(&mut pool, false),
            Extent::FreshHost => restore::fresh_host(&mut pool, &cards(seed, 0)),
        }
        if !matches!(extent, Extent::Full | Extent::Small) {
            return pool.finish();
        }
        let hosts = hosts::add(&mut pool, if extent == Extent::Full { 2 } else { 1 });
        let shared = storage::add(&mut pool, &hosts, extent);
        machines::add(&mut pool, &hosts, &shared, extent);
        others::add(&mut pool, &hosts, &shared, extent);
        pool.finish()
    }

    pub(crate) fn uuid(&self, label: &str) -> String {
        uuid(self.seed, label)
    }

    /// The reference that a row of this class and label has or will have.
    pub(crate) fn reference(&self, class: &str, label: &str) -> String {
        format!("OpaqueRef:{}", self.uuid(&format!("ref {class} {label}")))
    }

    /// Adds a row and returns its reference. Columns that the schema does not have yet or any more are left out, those
    /// that are not given get their default; a table the schema does not have gets no row.
    pub(crate) fn add(
        &mut self,
        class: &'static str,
        label: &str,
        columns: &[(&str, String)],
    ) -> String {
        let reference = self.reference(class, label);
        for (column, _) in columns {
            assert!(
                Schema::knows(class, column),
                "no schema has {class}.{column}"
            );
        }
        if !self.schema.has_table(class) {
            return reference;
        }
        let mut row = Row {
            reference: reference.clone(),
            created: self.generation,
            modified: self.generation,
            columns: BTreeMap::new(),
        };
        self.generation += 3;
        row.modified += i64::from(hash(label) % 3);
        for (column, default) in self.schema.columns(class) {
            row.set(column, default);
        }
        row.set("_ref", &*reference);
        row.set("uuid", self.uuid(&format!("uuid {class} {label}")));
        for (column, text) in columns {
            if self.schema.has_column(class, column) {
                row.set(column, &**text);
            }
        }
        self.tables.entry(class).or_default().push(row);
        reference
    }

    /// A text that stands for a secret, to be found again by tests.
    pub(crate) fn plant(&mut self, place: &str, what: &str) -> String {
        let text = planted(self.seed, what);
        self.planted.push((place.to_owned(), text.clone()));
        text
    }

    /// The same, only made of word characters: the kind that the bug tool finds in maps.
    pub(crate) fn word_secret(&mut self, place: &str, what: &str) -> String {
        let text = planted(self.seed, what).replace('-', "_");
        self.planted.push((place.to_owned(), text.clone()));
        text
    }

    /// The uuid of a row of `secret` that holds a planted text, and its reference.
    pub(crate) fn secret(&mut self, what: &str) -> (String, String) {
        let value = self.plant(&format!("secret.value, {what}"), what);
        let reference = self.add("secret", what, &[("value", value)]);
        (self.uuid(&format!("uuid secret {what}")), reference)
    }

    /// The same, only the text suits base64.
    pub(crate) fn base64_secret(&mut self, what: &str) -> (String, String) {
        let value = self
            .plant(&format!("secret.value, {what}"), what)
            .replace('-', "0");
        if let Some((_, text)) = self.planted.last_mut() {
            text.clone_from(&value);
        }
        let padded = format!("{value}{}", "A".repeat((4 - value.len() % 4) % 4 + 400));
        let reference = self.add("secret", what, &[("value", padded)]);
        (self.uuid(&format!("uuid secret {what}")), reference)
    }

    fn finish(mut self) -> (Dump, Vec<(String, String)>) {
        for rows in self.tables.values_mut() {
            rows.sort_by(|a, b| a.reference.cmp(&b.reference));
        }
        let mut tables: Vec<Table> = self
            .tables
            .into_iter()
            .map(|(name, rows)| Table {
                name: name.to_owned(),
                rows,
            })
            .collect();
        let schema = self.schema.0;
        if schema <= 61 {
            tables.sort_by_key(|table| hash(&table.name));
        }
        let generation = self.generation + 11;
        let mut manifest = Vec::new();
        if schema <= 61 {
            let uuid = |label| uuid(self.seed, label);
            let token = planted(self.seed, "pool_token");
            manifest.extend([
                ("installation_uuid", uuid("uuid host host 0")),
                ("control_domain_uuid", uuid("uuid VM control domain 0")),
            ]);
            manifest.extend([
                ("pool_conf", "master".to_owned()),
                ("pool_token", token.clone()),
            ]);
            self.planted.push(("manifest.pool_token".to_owned(), token));
        }
        manifest.extend([
            ("schema_major_vsn", "5".to_owned()),
            ("schema_minor_vsn", schema.to_string()),
        ]);
        if schema <= 61 {
            manifest.extend(
                [
                    ("product_version", "5.6.100"),
                    ("product_brand", "XenServer"),
                    ("build_number", "39265p"),
                    ("xapi_major_vsn", "1"),
                    ("xapi_minor_vsn", "3"),
                ]
                .map(|(key, value)| (key, value.to_owned())),
            );
        }
        manifest.push(("generation_count", generation.to_string()));
        let manifest = manifest
            .into_iter()
            .map(|(key, value)| (key.to_owned(), value))
            .collect();
        let mut dump = Dump { manifest, tables };
        relink(&mut dump);
        // A secret of a column that this schema does not have was planted nowhere.
        let texts: Vec<&String> = dump
            .tables
            .iter()
            .flat_map(|table| &table.rows)
            .flat_map(|row| row.columns.values())
            .chain(dump.manifest.iter().map(|(_, value)| value))
            .collect();
        let planted = self
            .planted
            .into_iter()
            .filter(|(_, planted)| texts.iter().any(|text| text.contains(planted.as_str())))
            .collect();
        (dump, planted)
    }
}

/// Fills the set sides of all relations from the references they mirror.
pub(crate) fn relink(dump: &mut Dump) {
    for (class, column, target, back) in RELATIONS {
        let mut members: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for row in dump.rows(class) {
            if let Some(text) = row.get(column) {
                let members = members.entry(text.to_owned()).or_default();
                members.push(row.reference.clone());
            }
        }
        let rows = dump.table_mut(target).map(|table| &mut table.rows);
        for row in rows.into_iter().flatten() {
            let found = members.remove(&row.reference).unwrap_or_default();
            if row.get(back).is_some() {
                row.set(back, set(found));
            }
        }
    }
}

/// The text planted for a secret.
pub(crate) fn planted(seed: u64, what: &str) -> String {
    let uuid = uuid(seed, &format!("planted {what}"));
    format!("PLANTED-SECRET-{what}-{}", &uuid[..8])
}

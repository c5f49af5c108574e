//! A freshly installed host: its database, and what stands in its files.

use std::collections::BTreeSet;

use super::{File, files};
use crate::dump::{Dump, DumpRecipe, Extent, Row, relink};

/// A freshly installed host.
#[derive(Debug, Clone)]
pub struct FreshHost {
    pub(super) recipe: DumpRecipe,
    /// Its database.
    pub dump: Dump,
    /// `INSTALLATION_UUID`; without one the line is missing.
    pub installation_uuid: Option<String>,
    /// `CONTROL_DOMAIN_UUID`; without one the line is missing.
    pub control_domain_uuid: Option<String>,
    /// `MANAGEMENT_INTERFACE`.
    pub bridge: String,
    /// How `management.conf` has the address: `static` or `dhcp`.
    pub mode: &'static str,
    /// `LABEL` of `management.conf`.
    pub label: String,
    /// Lines of `static-rules.conf`.
    pub static_rules: Vec<String>,
    /// Names in `/var/lib/xcp`.
    pub files: BTreeSet<String>,
    /// Names in `/dev/disk/by-id`.
    pub disks: Vec<String>,
    /// KiB free below `/var/lib/xcp`.
    pub free: u64,
    /// `ha.armed` of the local database.
    pub ha_armed: bool,
}

impl FreshHost {
    /// The host that the pool of this seed has as coordinator, installed anew at this schema.
    ///
    /// # Panics
    ///
    /// Never: the recipe has a tree with a host.
    #[must_use]
    pub fn new(seed: u64, schema: u32) -> Self {
        let recipe = DumpRecipe {
            seed,
            extent: Extent::FreshHost,
            ..DumpRecipe::new(schema)
        };
        let dump = recipe.tree().expect("a tree");
        let disk = "scsi-3600508b1001c001";
        let mut disks = vec![disk.to_owned()];
        disks.extend((1..=6).map(|part| format!("{disk}-part{part}")));
        let names = [
            "blobs",
            "local.db",
            "networkd.db",
            "state.db",
            "state.db.generation",
            "xapi-clusterd",
        ];
        let mut host = Self {
            recipe,
            dump,
            installation_uuid: None,
            control_domain_uuid: None,
            bridge: "xenbr0".to_owned(),
            mode: "static",
            label: "eth0".to_owned(),
            static_rules: Vec::new(),
            files: names.map(str::to_owned).into(),
            disks,
            free: 16_000_000,
            ha_armed: false,
        };
        let own = host.row("host").uuid().to_owned();
        host.installation_uuid = Some(own);
        host.control_domain_uuid = host.control_domain().map(|row| row.uuid().to_owned());
        host
    }

    /// The first row of a table that has one.
    pub(super) fn row(&self, table: &str) -> &Row {
        self.dump.rows(table).first().expect("a row")
    }

    pub(super) fn control_domain(&self) -> Option<&Row> {
        let rows = self.dump.rows("VM").iter();
        rows.into_iter()
            .find(|row| row.get("is_control_domain") == Some("true"))
    }

    /// Its physical PIF of this device.
    pub(super) fn pif(&mut self, device: &str) -> Option<&mut Row> {
        self.dump.row_mut("PIF", |row| {
            row.get("device") == Some(device) && row.get("physical") == Some("true")
        })
    }

    /// The bytes of its database.
    ///
    /// # Panics
    ///
    /// Never.
    #[must_use]
    pub fn database(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.recipe
            .encode(&self.dump, &mut bytes)
            .expect("writing to memory does not fail");
        bytes
    }

    /// The text files that can be collected on it, without its database.
    #[must_use]
    pub fn folder(&self) -> Vec<File> {
        files::folder(self)
    }

    /// The members of a status report: `bug-report-…/xapi-db.xml` and others.
    #[must_use]
    pub fn status_report(&self) -> Vec<File> {
        files::status_report(self)
    }

    /// The members of a host backup: `./etc/xensource-inventory`, `./var/lib/xcp/state.db` and others.
    #[must_use]
    pub fn host_backup(&self) -> Vec<File> {
        files::host_backup(self)
    }

    /// Two NICs change names: each has the MAC and PCI address of the other.
    pub fn swap(&mut self, a: &str, b: &str) -> Option<()> {
        self.exchange(a, b, &["MAC", "PCI", "metrics"])
    }

    /// Columns of two PIFs are exchanged.
    pub(super) fn exchange(&mut self, a: &str, b: &str, columns: &[&str]) -> Option<()> {
        for column in columns {
            let first = self.pif(a)?.get(column)?.to_owned();
            let second = self.pif(b)?.get(column)?.to_owned();
            self.pif(a)?.set(column, second);
            self.pif(b)?.set(column, first);
        }
        Some(())
    }

    /// The host and its control domain get these uuids, in the database and in the inventory.
    pub(super) fn identify(&mut self, host: &str, control_domain: Option<&str>) -> Option<()> {
        self.dump.row_mut("host", |_| true)?.set("uuid", host);
        self.installation_uuid = Some(host.to_owned());
        if let Some(uuid) = control_domain {
            let is_dom0 = |row: &Row| row.get("is_control_domain") == Some("true");
            self.dump.row_mut("VM", is_dom0)?.set("uuid", uuid);
            self.control_domain_uuid = Some(uuid.to_owned());
        }
        Some(())
    }

    /// Set sides follow from the references.
    pub(super) fn relink(&mut self) {
        relink(&mut self.dump);
    }
}

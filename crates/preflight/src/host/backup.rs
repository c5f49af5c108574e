//! What the archive tells of its host.

use xenspect_host::files::{INVENTORY, MANAGEMENT, POOL_CONF};
use xenspect_host::inventory::Inventory;
use xenspect_host::pool_conf::Role;
use xenspect_inventory::{Record, Store, newest_database};
use xenspect_model::catalog::{Dump, EmbeddedState, HostBackup};
use xenspect_model::target::Target;

use crate::Question;

const SECRETS: [&str; 2] = ["etc/xensource/ptoken", "var/lib/xcp/ptoken"];

/// A host backup, and what the checks ask of it again and again.
pub(super) struct Backup<'a> {
    pub(super) question: Question<'a>,
    pub(super) host: &'a HostBackup,
    pub(super) target: &'a Target,
    pub(super) inventory: Option<Inventory>,
    pub(super) role: Option<Role>,
    /// The newest embedded database that can be read, with its path.
    pub(super) dump: Option<(&'a str, &'a Dump)>,
}

impl<'a> Backup<'a> {
    pub(super) fn of(question: Question<'a>, host: &'a HostBackup) -> Self {
        let contents = |path: &str| host.tree.contents.get(path);
        Self {
            question,
            host,
            target: &question.known.target,
            inventory: contents(INVENTORY).map(|bytes| Inventory::parse(bytes)),
            role: contents(POOL_CONF).map(|bytes| Role::parse(bytes)),
            dump: newest_database(host),
        }
    }

    /// A value of the inventory as a person reads it, unless it is empty.
    pub(super) fn filled(&self, key: &str) -> Option<&str> {
        let value = self.inventory.as_ref()?.get(key)?;
        (!value.is_empty()).then_some(value)
    }

    /// Whether the host is a member of a pool that has another coordinator.
    pub(super) fn is_member(&self) -> bool {
        matches!(self.role, Some(Role::Member(_)))
    }

    /// `coordinator`, `member of ADDRESS`, or `broken`.
    pub(super) fn role_text(&self) -> Option<String> {
        Some(match self.role.as_ref()? {
            Role::Coordinator => "coordinator".to_owned(),
            Role::Member(address) => format!("member of {address}"),
            Role::Broken => "broken".to_owned(),
        })
    }

    /// Product, version and build.
    pub(super) fn product(&self) -> Option<String> {
        let keys = ["PRODUCT_BRAND", "PRODUCT_VERSION"];
        let mut parts: Vec<&str> = keys.iter().filter_map(|key| self.filled(key)).collect();
        let build = self.filled("BUILD_NUMBER");
        let build = build.map(|build| format!("build {build}"));
        parts.extend(build.as_deref());
        (!parts.is_empty()).then(|| parts.join(" "))
    }

    /// The first number of the backup's product version.
    pub(super) fn major(&self) -> Option<u64> {
        numbers(self.filled("PRODUCT_VERSION")?)?.first().copied()
    }

    /// The first number of the target's product version.
    pub(super) fn target_major(&self) -> Option<u64> {
        let version = self.target.product.version.as_deref()?;
        numbers(version)?.first().copied()
    }

    /// The row of this host in the embedded database.
    pub(super) fn own_row(&self) -> Option<Record<'a>> {
        let (_, dump) = self.dump?;
        let uuid = self.filled("INSTALLATION_UUID")?;
        let store = Store::Pool(&dump.database);
        store
            .of_class("host")
            .find(|host| host.uuid().as_deref() == Some(uuid))
    }

    /// The PIFs of this host in the embedded database.
    pub(super) fn pifs(&self) -> Vec<Record<'a>> {
        let (Some((_, dump)), Some(own)) = (self.dump, self.own_row()) else {
            return Vec::new();
        };
        let own = own.reference();
        let store = Store::Pool(&dump.database);
        let pifs = store.of_class("PIF");
        pifs.filter(|pif| pif.link("host").is_some_and(|host| host == own))
            .collect()
    }

    /// The generation of an embedded database that can be read.
    pub(super) fn generation(&self, path: &str) -> Option<i64> {
        let mut bases = self.host.databases.iter();
        let base = bases.find(|base| base.path == path)?;
        match &base.state {
            EmbeddedState::Read(dump) => dump.database.generation(),
            _ => None,
        }
    }

    /// `management.conf`, whose lines have the form of an inventory's.
    pub(super) fn management(&self) -> Option<Inventory> {
        let bytes = self.host.tree.contents.get(MANAGEMENT)?;
        Some(Inventory::parse(bytes))
    }

    /// Whether the pool secret is among the files.
    pub(super) fn has_secret(&self) -> bool {
        let files = &self.host.tree.files;
        SECRETS.iter().any(|path| files.contains_key(*path))
    }

    /// Whether xapi would start with the inventory: it needs three keys (`formats/host-backup.md` section 7).
    pub(super) fn starts(&self) -> Option<bool> {
        let Some(inventory) = &self.inventory else {
            // Where the file is not there xapi makes one with new uuids, but no restore gets that far.
            return (!self.host.tree.incomplete).then_some(false);
        };
        let filled = |key: &str| inventory.xapi(key).is_some_and(|value| !value.is_empty());
        Some(
            filled("INSTALLATION_UUID")
                && filled("CONTROL_DOMAIN_UUID")
                && inventory.xapi("MANAGEMENT_INTERFACE").is_some(),
        )
    }
}

/// The numbers of a version without zeros at its end: `3.2.1`, and `8.2` for `8.2.0`. Those of `8.3.0-1` are not known.
pub(super) fn numbers(version: &str) -> Option<Vec<u64>> {
    let numbers: Option<Vec<u64>> = version
        .trim()
        .split('.')
        .map(|part| part.parse().ok())
        .collect();
    let mut numbers = numbers?;
    while numbers.last() == Some(&0) {
        numbers.pop();
    }
    Some(numbers)
}

#[cfg(test)]
mod tests {
    use super::numbers;

    #[test]
    fn versions_are_compared_by_number() {
        assert_eq!(numbers("8.2.0"), numbers("8.2"));
        assert!(numbers("3.10.0") > numbers("3.9.9"));
        assert!(numbers("3.2.1") > numbers("3.2"));
        for text in ["", "x", "8.", "99999999999999999999999", "3.2.1-rc1"] {
            assert_eq!(numbers(text), None, "{text}");
        }
    }
}

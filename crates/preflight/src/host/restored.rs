//! The target that the embedded database meets: the machine of the target with the files of the backup on it. xapi takes
//! uuids, product and schema from these (`formats/host-backup.md` section 5.3).

use std::collections::{BTreeMap, BTreeSet};

use xenspect_inventory::view::Host;
use xenspect_model::catalog::Dump;
use xenspect_model::target::{Target, TargetManagement};
use xenspect_xapi::db::Database;

use super::backup::Backup;

/// The machine's account in a directory.
const KEYTAB: &str = "etc/krb5.keytab";

/// The target with the host restored on it.
pub(super) fn target(backup: &Backup<'_>, dump: &Dump) -> Target {
    let mut target = backup.target.clone();
    let Some(inventory) = &backup.inventory else {
        return target;
    };
    let of_xapi = |key: &str| inventory.xapi(key).map(str::to_owned);
    target.host.installation_uuid = of_xapi("INSTALLATION_UUID");
    target.host.control_domain_uuid = of_xapi("CONTROL_DOMAIN_UUID");
    target.host.inventory_lacks = Some(inventory.lacks_for_xapi());
    // Whatever the target had armed is gone with its root.
    target.host.ha_armed = None;
    if let Some(pool) = &mut target.pool {
        pool.ha_enabled = None;
        pool.redo_log_enabled = None;
    }
    if let Some(own) = backup.own_row() {
        let text = |field: &str| own.filled(field).map(std::borrow::Cow::into_owned);
        target.host.name = text("hostname").or_else(|| text("name_label"));
        target.host.address = text("address");
        target.host.edition = text("edition");
    }
    management(backup, &mut target.management);
    files(backup, &mut target);
    product(backup, dump, &mut target);
    target
}

fn management(backup: &Backup<'_>, management: &mut TargetManagement) {
    let inventory = backup.inventory.as_ref();
    let bridge = inventory.and_then(|inventory| inventory.xapi("MANAGEMENT_INTERFACE"));
    management.bridge = bridge.map(str::to_owned);
    if let Some(written) = backup.management() {
        let of = |key: &str| {
            let value = written.get(key).filter(|value| !value.is_empty());
            value.map(str::to_owned)
        };
        *management = TargetManagement {
            bridge: management.bridge.take(),
            device: of("LABEL"),
            mode: of("MODE"),
            ip: of("IP"),
            netmask: of("NETMASK"),
            gateway: of("GATEWAY"),
        };
    }
}

fn files(backup: &Backup<'_>, target: &mut Target) {
    let tree = &backup.host.tree;
    if tree.incomplete {
        target.files = None;
        return;
    }
    let wanted = tree.files.keys().filter(|path| {
        let below = path.strip_prefix("var/lib/xcp/");
        *path == KEYTAB || below.is_some_and(|name| !name.is_empty() && !name.contains('/'))
    });
    target.files = Some(wanted.map(|path| format!("/{path}")).collect());
}

/// Product, xapi and schema: those of the backup, where they are not the target's anyway.
fn product(backup: &Backup<'_>, dump: &Dump, target: &mut Target) {
    let product = &mut target.product;
    let is_same = [
        ("PRODUCT_BRAND", &product.brand),
        ("PRODUCT_VERSION", &product.version),
        ("BUILD_NUMBER", &product.build),
    ]
    .into_iter()
    .all(|(key, theirs)| backup.filled(key) == theirs.as_deref());
    if is_same {
        return;
    }
    let of = |key: &str| backup.filled(key).map(str::to_owned);
    product.brand = of("PRODUCT_BRAND");
    product.version = of("PRODUCT_VERSION");
    product.build = of("BUILD_NUMBER");
    product.platform = of("PLATFORM_VERSION");
    let own = backup.own_row().map(Host);
    product.xapi = own.and_then(|host| host.xapi().map(std::borrow::Cow::into_owned));
    // The host's own database is of its own xapi, and so is a dump that it made as coordinator.
    let schema = dump.database.schema();
    product.schema = schema.map(|(major, minor)| format!("{major}.{minor}"));
    target.columns = Some(columns(&dump.database));
}

/// The tables, and the columns of their rows.
fn columns(database: &Database<'_>) -> BTreeMap<String, BTreeSet<String>> {
    let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for table in database.tables() {
        let shapes: BTreeSet<u32> = table.rows().map(|row| row.shape()).collect();
        let names = shapes
            .into_iter()
            .flat_map(|shape| database.shape_names(shape));
        let names = names.filter(|name| !matches!(*name, "ref" | "_ref" | "__ctime" | "__mtime"));
        let columns = all.entry(table.name().to_owned()).or_default();
        columns.extend(names.map(str::to_owned));
    }
    all
}

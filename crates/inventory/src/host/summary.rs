//! The summary of a host backup.

use xenspect_host::files::{INVENTORY, MANAGEMENT};
use xenspect_host::sizes;
use xenspect_model::catalog::{Dump, EmbeddedState, HostBackup};
use xenspect_model::inventory::{Cell, Item};

use super::networkd::mode;
use super::{Files, certificates, newest_database, packages, sensitive_files, tree};
use crate::bounded::clip;
use crate::date::iso_8601_of_unix;
use crate::summary::{item, plural};
use crate::view::Pool;
use crate::{Store, iso_8601};

const GIB: u64 = 1 << 30;

pub(super) fn of(backup: &HostBackup) -> Vec<Item> {
    let files = Files(&backup.tree);
    let inventory = files.pairs(INVENTORY);
    let get = |key: &str| inventory.get(key).map(|value| clip(value.into()));
    let joined = |keys: [&str; 2]| {
        let words: Vec<_> = keys.into_iter().filter_map(get).collect();
        (!words.is_empty()).then(|| words.join(" "))
    };
    let host = get("INSTALLATION_UUID").and_then(|uuid| named(backup, &uuid));
    let newest_file = backup.newest_file.and_then(iso_8601_of_unix);
    let armed = files.settings().get("ha.armed").cloned();
    let armed = armed.filter(|armed| armed == "true");
    let mut items = vec![
        item("host", "host", host.into()),
        item(
            "product",
            "product",
            joined(["PRODUCT_BRAND", "PRODUCT_VERSION"]).into(),
        ),
        item(
            "platform",
            "platform",
            joined(["PLATFORM_NAME", "PLATFORM_VERSION"]).into(),
        ),
        item("build", "build", get("BUILD_NUMBER").into()),
        item("installed", "installed", get("INSTALLATION_DATE").into()),
        item("host_uuid", "host uuid", get("INSTALLATION_UUID").into()),
        item("dom0_uuid", "dom0 uuid", get("CONTROL_DOMAIN_UUID").into()),
        item("pool_role", "pool role", files.role().into()),
        item("ha", "HA", armed.map(|_| "armed".to_owned()).into()),
        item("management", "management", management(files).into()),
        item("primary_disk", "primary disk", get("PRIMARY_DISK").into()),
        item("layout", "layout", get("PARTITION_LAYOUT").into()),
        item("unpacked", "unpacked", Cell::Text(unpacked(backup))),
        item("newest_file", "newest file", newest_file.into()),
    ];
    for words in certificates::in_words(files, backup.newest_file) {
        items.push(item("certificate", "certificates", Cell::Text(words)));
    }
    items.push(item(
        "rpms",
        "RPM packages",
        packages::in_words(files).into(),
    ));
    let sensitive = sensitive_files(backup).count();
    if sensitive > 0 {
        let hint = format!(
            "{}; `xenspect secrets` lists them",
            plural(sensitive as u64, "file")
        );
        items.push(item("sensitive", "with secrets", Cell::Text(hint)));
    }
    for database in &backup.databases {
        let path = clip(database.path.as_str().into());
        let told = match &database.state {
            EmbeddedState::Read(dump) => in_short(dump),
            state => tree::unread(state),
        };
        let words = Cell::Text(format!("{path}: {told}"));
        items.push(item("database", "databases", words));
    }
    if backup.databases.is_empty() && super::incomplete(backup).is_none() {
        let none = "none: there is no pool database in it".to_owned();
        items.push(item("database", "databases", Cell::Text(none)));
    }
    if let Some((path, _)) = newest_database(backup) {
        let hint = format!("--database shows those of {}", clip(path.into()));
        items.push(item("records", "records", Cell::Text(hint)));
    }
    items.retain(|item| !item.value.is_none());
    items
}

/// The name and address that the newest database has for the host of this uuid.
fn named(backup: &HostBackup, uuid: &str) -> Option<String> {
    let (_, dump) = newest_database(backup)?;
    let host = Store::Pool(&dump.database).by_uuid(uuid)?;
    if host.class() != "host" {
        return None;
    }
    let name = clip(host.name()?);
    Some(match host.filled("address") {
        Some(address) => format!("{name} ({})", clip(address)),
        None => name,
    })
}

/// The management bridge and how it is reached: what is configured, or else what the installer was told.
fn management(files: Files<'_>) -> Option<String> {
    let inventory = files.pairs(INVENTORY);
    let mut words = vec![clip(inventory.get("MANAGEMENT_INTERFACE")?.into())];
    if let Some((nics, interface)) = files.management() {
        if !nics.is_empty() {
            words[0] = format!("{} on {}", words[0], clip(nics.join(" and ").into()));
        }
        words.extend(
            interface
                .addresses
                .first()
                .map(|address| clip(address.into())),
        );
        words.extend(mode(&interface));
        let gateway = interface.gateways.first();
        words.extend(gateway.map(|gateway| format!("gateway {}", clip(gateway.into()))));
    } else {
        let told = files.pairs(MANAGEMENT);
        let address = ["IP", "IPv6"].into_iter().find_map(|key| told.get(key));
        let mode = || told.get("MODE").filter(|mode| *mode != "static");
        words.extend(address.or_else(mode).map(|text| clip(text.into())));
    }
    Some(words.join(", "))
}

/// What it takes up once it is unpacked, against the partitions that it has to fit into.
fn unpacked(backup: &HostBackup) -> String {
    let sizes = backup.folders.values().map(|folder| folder.bytes);
    let bytes = sizes.fold(0, u64::saturating_add);
    let of_partition = |partition: u64| {
        let percent = tree::percent(bytes, partition);
        format!("{percent} % of {} GiB", partition / GIB)
    };
    format!(
        "{} MiB in {}: {}, {} (a partition up to 6.x)",
        bytes.div_ceil(1 << 20),
        plural(backup.members, "member"),
        of_partition(sizes::BACKUP),
        of_partition(sizes::BEFORE_7),
    )
}

fn in_short(dump: &Dump) -> String {
    let database = &dump.database;
    let store = Store::Pool(database);
    let mut parts = Vec::new();
    if let Some(name) = Pool::of(store).and_then(|pool| Some(clip(pool.0.name()?))) {
        parts.push(format!("pool \"{name}\""));
    }
    if let Some(generation) = database.generation() {
        parts.push(format!("generation {generation}"));
    }
    if let Some((major, minor)) = database.schema() {
        parts.push(format!("schema {major}.{minor}"));
    }
    parts.push(plural(store.count("host") as u64, "host"));
    parts.push(plural(tree::vms(store) as u64, "VM"));
    parts.push(plural(store.count("SR") as u64, "SR"));
    if let Some((date, _)) = crate::newest_date(database) {
        parts.push(format!("newest date {}", iso_8601(date)));
    }
    parts.join(", ")
}

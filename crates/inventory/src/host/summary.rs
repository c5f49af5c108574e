//! The summary of a host backup.

use xenspect_model::catalog::HostBackup;
use xenspect_model::inventory::{Cell, Item};

use super::{Files, INVENTORY, MANAGEMENT, read};
use crate::bounded::clip;
use crate::summary::{item, plural};
use crate::view::{Pool, Role, Vm};
use crate::{Store, iso_8601};

const GIB: u64 = 1 << 30;
/// The root partition, and the spare one, since 7.0 and before (`formats/host-backup.md` section 6).
const PARTITION: u64 = 18 * GIB;
const OLD_PARTITION: u64 = 4 * GIB;

pub(super) fn of(backup: &HostBackup) -> Vec<Item> {
    let files = Files(&backup.tree);
    let inventory = files.pairs(INVENTORY);
    let management = files.pairs(MANAGEMENT);
    let get = |key: &str| inventory.get(key).map(|value| clip(value.into()));
    let joined = |keys: [&str; 2], between: &str| {
        let words: Vec<_> = keys.into_iter().filter_map(get).collect();
        (!words.is_empty()).then(|| words.join(between))
    };
    let mut interface = get("MANAGEMENT_INTERFACE");
    let address = ["IP", "IPv6"];
    let address = address.into_iter().find_map(|key| management.get(key));
    let mode = || management.get("MODE").filter(|mode| *mode != "static");
    if let (Some(name), Some(address)) = (&interface, address.or_else(mode)) {
        interface = Some(format!("{name}, {}", clip(address.into())));
    }
    let mut items = vec![
        item(
            "product",
            "product",
            joined(["PRODUCT_BRAND", "PRODUCT_VERSION"], " ").into(),
        ),
        item(
            "platform",
            "platform",
            joined(["PLATFORM_NAME", "PLATFORM_VERSION"], " ").into(),
        ),
        item("build", "build", get("BUILD_NUMBER").into()),
        item("installed", "installed", get("INSTALLATION_DATE").into()),
        item("host_uuid", "host uuid", get("INSTALLATION_UUID").into()),
        item("pool_role", "pool role", files.role().into()),
        item("management", "management", interface.into()),
        item("primary_disk", "primary disk", get("PRIMARY_DISK").into()),
        item("layout", "layout", get("PARTITION_LAYOUT").into()),
        item("unpacked", "unpacked", Cell::Text(unpacked(backup))),
    ];
    for (path, dump) in read(backup) {
        items.push(item(
            "database",
            "database",
            Cell::Text(format!("{}: {}", clip(path.into()), in_short(dump))),
        ));
    }
    if let Some((path, _)) = super::newest(backup) {
        let hint = format!("--database shows those of {}", clip(path.into()));
        items.push(item("records", "records", Cell::Text(hint)));
    }
    items.retain(|item| !item.value.is_none());
    items
}

/// What it takes up once unpacked, against the partitions that it has to fit into.
fn unpacked(backup: &HostBackup) -> String {
    let sizes = backup.folders.values().map(|folder| folder.bytes);
    let bytes = sizes.fold(0, u64::saturating_add);
    let members = backup.members;
    let of_partition = |partition: u64| {
        let percent = u128::from(bytes) * 100 / u128::from(partition);
        format!("{percent} % of the {} GiB", partition / GIB)
    };
    format!(
        "{} MiB in {}; {} of a root partition, {} that there were up to 6.x",
        bytes.div_ceil(1 << 20),
        plural(members, "member"),
        of_partition(PARTITION),
        of_partition(OLD_PARTITION),
    )
}

fn in_short(dump: &xenspect_model::catalog::Dump) -> String {
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
    let vms = store.of_class("VM").map(Vm);
    let vms = vms.filter(|vm| vm.role() == Role::Vm).count();
    parts.push(plural(store.count("host") as u64, "host"));
    parts.push(plural(vms as u64, "VM"));
    if let Some((date, _)) = crate::newest_date(database) {
        parts.push(format!("newest date {}", iso_8601(date)));
    }
    parts.join(", ")
}

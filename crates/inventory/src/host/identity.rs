//! The sections `identity`, `disks` and `management` of a host backup, from what the installer wrote and the host keeps.

use xenspect_host::boot::{CONFIGS, LEGACY, Loader};
use xenspect_host::files::{
    FSTAB, INVENTORY, IQN, LOCAL_DB, MANAGEMENT, MULTIPATHING, NETWORK_CONF, NETWORKD, POOL_CONF,
    STORAGE,
};
use xenspect_host::fstab;
use xenspect_model::inventory::{Cell, Section, Table};

use super::Files;
use super::networkd::mode;
use crate::bounded::clip;
use crate::section::{section, text};

/// Keys of the inventory that tell what the host is, in the order in which the installer writes them, with what they are
/// for people.
const IDENTITY: [&str; 18] = [
    "PRODUCT_BRAND",
    "PRODUCT_NAME",
    "PRODUCT_VERSION",
    "PRODUCT_VERSION_TEXT",
    "PLATFORM_NAME",
    "PLATFORM_VERSION",
    "BUILD_NUMBER",
    "XEN_VERSION",
    "KERNEL_VERSION",
    "OEM_MANUFACTURER",
    "OEM_MODEL",
    "OEM_VERSION",
    "MACHINE_SERIAL_NUMBER",
    "INSTALLATION_DATE",
    "INSTALLATION_UUID",
    "CONTROL_DOMAIN_UUID",
    "DOM0_MEM",
    "DOM0_VCPUS",
];

const DISKS: [&str; 4] = [
    "PRIMARY_DISK",
    "BACKUP_PARTITION",
    "PARTITION_LAYOUT",
    "DEFAULT_SR_PHYSDEVS",
];
const LOCAL_SR: [&str; 4] = ["XSPARTITIONS", "XSTYPE", "PARTITIONS", "TYPE"];

const INTERFACE: [&str; 3] = [
    "MANAGEMENT_INTERFACE",
    "MANAGEMENT_ADDRESS_TYPE",
    "CURRENT_INTERFACES",
];
const ADDRESS: [&str; 13] = [
    "LABEL",
    "MODE",
    "IP",
    "NETMASK",
    "GATEWAY",
    "DNS",
    "DOMAIN",
    "MODEV6",
    "IPv6",
    "IPv6_GATEWAY",
    "VLAN",
    "BOND_MODE",
    "BOND_MEMBERS",
];

/// Settings of the host itself that matter to who restores it.
const SETTINGS: [&str; 2] = ["ha.armed", "redo_log.enabled"];

/// Lines of `etc/fstab` that are shown; a host has seven.
const MOUNTS: usize = 32;

pub(super) fn identity(files: Files<'_>) -> Section {
    let mut table = table();
    pairs(&mut table, files, INVENTORY, &IDENTITY);
    if let Some(role) = files.role() {
        row(&mut table, "pool role", &role, POOL_CONF);
    }
    let settings = files.settings();
    for key in SETTINGS {
        if let Some(value) = settings.get(key) {
            row(&mut table, key, value, LOCAL_DB);
        }
    }
    section("identity", "Identity", table)
}

pub(super) fn disks(files: Files<'_>) -> Section {
    let mut table = table();
    pairs(&mut table, files, INVENTORY, &DISKS);
    pairs(&mut table, files, STORAGE, &LOCAL_SR);
    pairs(&mut table, files, MULTIPATHING, &["MULTIPATHING_ENABLED"]);
    pairs(&mut table, files, IQN, &["IQN"]);
    let loaders = CONFIGS.iter().chain(&LEGACY);
    for path in loaders.filter(|path| files.bytes(path).is_some()) {
        let bytes = files.bytes(path).unwrap_or_default();
        let loader = Loader::parse(bytes);
        let root = match loader.root_label() {
            Some(label) => format!("root=LABEL={label}"),
            None => "no root=LABEL=…".to_owned(),
        };
        row(&mut table, "default boot entry", &root, path);
    }
    let mounts = fstab::parse(files.bytes(FSTAB).unwrap_or_default());
    for mount in mounts.iter().take(MOUNTS) {
        // The kernel's own file systems are the same everywhere.
        if mount.file.starts_with('/') && mount.spec.contains(['=', '/']) {
            let key = format!("mounted at {}", mount.file);
            row(&mut table, &key, &mount.spec, FSTAB);
        }
    }
    section("disks", "Disks", table)
}

/// What the installer was told, and what is configured now: the two differ where somebody changed it since.
pub(super) fn management(files: Files<'_>) -> Section {
    let mut table = table();
    pairs(&mut table, files, INVENTORY, &INTERFACE);
    if let Some(bytes) = files.bytes(NETWORK_CONF) {
        let text = String::from_utf8_lossy(bytes);
        row(&mut table, "switch", text.trim(), NETWORK_CONF);
    }
    if let Some((bridge, interface)) = files.management() {
        let configured = [
            ("NICs", Some(bridge.join(", "))),
            ("mode", mode(&interface)),
            ("addresses", Some(interface.addresses.join(", "))),
            ("gateway", Some(interface.gateways.join(", "))),
            ("DNS", Some(interface.dns.join(", "))),
            ("domains", Some(interface.domains.join(", "))),
        ];
        for (key, value) in configured {
            if let Some(value) = value.filter(|value| !value.is_empty()) {
                row(&mut table, key, &value, NETWORKD);
            }
        }
    }
    pairs(&mut table, files, MANAGEMENT, &ADDRESS);
    section("management", "Management", table)
}

fn table() -> Table {
    Table::new(&[
        text("key", "key"),
        text("value", "value"),
        text("file", "from").rank(1),
    ])
}

/// A row for each key that has a value.
fn pairs(table: &mut Table, files: Files<'_>, path: &str, keys: &[&str]) {
    let pairs = files.pairs(path);
    for key in keys {
        if let Some(value) = pairs.get(key) {
            row(table, key, value, path);
        }
    }
}

fn row(table: &mut Table, key: &str, value: &str, path: &str) {
    table.rows.push(vec![
        Cell::Text(clip(key.into())),
        Cell::Text(clip(value.into())),
        Cell::text(path),
    ]);
}

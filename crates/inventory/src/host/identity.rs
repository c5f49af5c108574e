//! The sections `identity`, `disks` and `management` of a host backup, from what the installer wrote.

use xenspect_model::inventory::{Cell, Section, Table};

use super::{Files, INVENTORY, MANAGEMENT};
use crate::bounded::clip;
use crate::section::{section, text};

const STORAGE: &str = "etc/firstboot.d/data/default-storage.conf";

/// Keys of the inventory that tell what the host is, in the order in which the installer writes them.
const IDENTITY: [&str; 16] = [
    "PRODUCT_BRAND",
    "PRODUCT_NAME",
    "PRODUCT_VERSION",
    "PRODUCT_VERSION_TEXT",
    "PLATFORM_NAME",
    "PLATFORM_VERSION",
    "BUILD_NUMBER",
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

const DISKS: [&str; 3] = ["PRIMARY_DISK", "BACKUP_PARTITION", "PARTITION_LAYOUT"];
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

pub(super) fn identity(files: Files<'_>) -> Section {
    let mut table = table();
    rows(&mut table, files, INVENTORY, &IDENTITY);
    if let Some(role) = files.role() {
        let row = [
            Cell::text("pool role"),
            Cell::Text(role),
            Cell::text(super::POOL_CONF),
        ];
        table.rows.push(row.into());
    }
    section("identity", "Identity", table)
}

pub(super) fn disks(files: Files<'_>) -> Section {
    let mut table = table();
    rows(&mut table, files, INVENTORY, &DISKS);
    rows(&mut table, files, STORAGE, &LOCAL_SR);
    section("disks", "Disks", table)
}

pub(super) fn management(files: Files<'_>) -> Section {
    let mut table = table();
    rows(&mut table, files, INVENTORY, &INTERFACE);
    rows(&mut table, files, MANAGEMENT, &ADDRESS);
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
fn rows(table: &mut Table, files: Files<'_>, path: &str, keys: &[&str]) {
    let pairs = files.pairs(path);
    for key in keys {
        if let Some(value) = pairs.get(key) {
            let value = Cell::Text(clip(value.into()));
            let row = [Cell::text(*key), value, Cell::text(path)];
            table.rows.push(row.into());
        }
    }
}

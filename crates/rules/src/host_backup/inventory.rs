//! Rules about `etc/xensource-inventory` (`formats/host-backup.md` sections 4, 5 and 7).

use xenspect_host::inventory::Inventory;
use xenspect_model::{Code, Finding};

use super::{Backup, INVENTORY, list_of};
use crate::sink::Sink;

/// Who needs a key, and when it is found missing.
struct Reader {
    keys: &'static [&'static str],
    who: &'static str,
    stage: &'static str,
}

const READERS: [Reader; 3] = [
    Reader {
        keys: &["PLATFORM_VERSION", "PRIMARY_DISK"],
        who: "the installer, when it looks for backups",
        stage: "the backup is not listed; the spare partition has been formatted by host-restore by then",
    },
    Reader {
        keys: &["PARTITION_LAYOUT", "PRODUCT_BRAND"],
        who: "the installer, when it restores",
        stage: "the restore ends before the root is formatted",
    },
    Reader {
        keys: &[
            "INSTALLATION_UUID",
            "CONTROL_DOMAIN_UUID",
            "MANAGEMENT_INTERFACE",
        ],
        who: "xapi, when it starts",
        stage: "the host has been restored by then",
    },
];

/// The least platform that the installer takes: that of 7.0.
const LEAST_PLATFORM: [u64; 3] = [2, 1, 0];
/// The first product whose layout later hosts take.
const LEAST_PRODUCT: u64 = 7;

/// Keys that are compared between the readers.
const COMPARED: [&str; 10] = [
    "PLATFORM_VERSION",
    "PRODUCT_VERSION",
    "PRODUCT_BRAND",
    "PRODUCT_NAME",
    "PRIMARY_DISK",
    "BACKUP_PARTITION",
    "PARTITION_LAYOUT",
    "INSTALLATION_UUID",
    "CONTROL_DOMAIN_UUID",
    "MANAGEMENT_INTERFACE",
];

pub(super) fn check(backup: &Backup<'_>, inventory: &Inventory, sink: &mut Sink) {
    lacking(backup, inventory, sink);
    readers(backup, inventory, sink);
    for danger in inventory.dangers() {
        let finding = about(backup, Code::HostInventoryShell)
            .fact("key", danger.key)
            .fact("line", danger.line)
            .fact("character", danger.character.escape_default().to_string());
        sink.push(finding);
    }
    platform(backup, inventory, sink);
    layout(backup, inventory, sink);
}

fn about(backup: &Backup<'_>, code: Code) -> Finding {
    let finding = Finding::new(code).member(INVENTORY.as_bytes());
    match backup.place(INVENTORY) {
        Some(offset) => finding.at(offset),
        None => finding,
    }
}

fn lacking(backup: &Backup<'_>, inventory: &Inventory, sink: &mut Sink) {
    for reader in READERS {
        for key in reader.keys {
            // Layouts of 6.x have no such key, and are told by their version.
            let is_old =
                *key == "PARTITION_LAYOUT" && major(inventory).is_some_and(|m| m < LEAST_PRODUCT);
            let value = inventory.get(key);
            // A bridge may be empty on purpose: the host has no management interface then.
            let is_there =
                value.is_some_and(|value| !value.is_empty() || *key == "MANAGEMENT_INTERFACE");
            if !is_there && !is_old {
                let finding = about(backup, Code::HostInventoryKey)
                    .fact("key", *key)
                    .fact("reader", reader.who)
                    .fact("stage", reader.stage);
                sink.push(finding);
            }
        }
    }
}

fn readers(backup: &Backup<'_>, inventory: &Inventory, sink: &mut Sink) {
    for key in COMPARED {
        let told = [
            ("xapi", inventory.xapi(key).map(str::to_owned)),
            ("installer", inventory.installer(key).map(str::to_owned)),
            (
                "shell",
                inventory.shell(key).map(std::borrow::Cow::into_owned),
            ),
        ];
        let first = &told[0].1;
        if told.iter().all(|(_, value)| value == first) {
            continue;
        }
        let mut finding = about(backup, Code::HostInventoryReaders).fact("key", key);
        for (reader, value) in told {
            finding = finding.fact(reader, value.unwrap_or_else(|| "no value".to_owned()));
        }
        sink.push(finding);
    }
    let doubled = inventory.keys_doubled();
    if !doubled.is_empty() {
        let finding = about(backup, Code::HostInventoryReaders);
        sink.push(list_of(finding, "keys_doubled", &doubled));
    }
}

/// The numbers of a version: `3.2.1`.
fn numbers(version: &str) -> Option<Vec<u64>> {
    version.split('.').map(|part| part.parse().ok()).collect()
}

fn major(inventory: &Inventory) -> Option<u64> {
    numbers(inventory.get("PRODUCT_VERSION")?)?.first().copied()
}

fn platform(backup: &Backup<'_>, inventory: &Inventory, sink: &mut Sink) {
    let Some(version) = inventory.get("PLATFORM_VERSION") else {
        return;
    };
    let Some(numbers) = numbers(version) else {
        return;
    };
    if numbers.as_slice() < LEAST_PLATFORM.as_slice() {
        let finding = about(backup, Code::HostPlatform)
            .fact("platform", version.to_owned())
            .fact("least", "2.1.0");
        sink.push(finding);
    }
}

fn layout(backup: &Backup<'_>, inventory: &Inventory, sink: &mut Sink) {
    if major(inventory).is_some_and(|major| major < LEAST_PRODUCT) {
        let version = inventory.get("PRODUCT_VERSION").unwrap_or_default();
        let finding = about(backup, Code::HostLayout)
            .fact("product_version", version.to_owned())
            .fact(
                "stage",
                "after the spare partition was formatted and the archive unpacked to it",
            );
        sink.push(finding);
    }
}

//! Rules about `etc/xensource-inventory` (`formats/host-backup.md` sections 4, 5.1 and 7): what would be executed, on what
//! its readers disagree, and whether the installer takes the platform. The keys that must be there are in `keys`.

use std::borrow::Cow;
use std::collections::BTreeSet;

use xenspect_host::inventory::Inventory;
use xenspect_model::{Code, Finding, Severity};

use super::ruling::{Point, Ruling};
use super::{Backup, INVENTORY, keys, list_of};

/// The least platform that the installer takes: that of 7.0.
const LEAST_PLATFORM: [u64; 3] = [2, 1, 0];
/// The first product whose layout later hosts take.
const LEAST_PRODUCT: u64 = 7;
/// The hosts whose host-restore looks at the version.
const COMPARING: &str = "hosts of 8.0 and later";
/// The installers that do not know backups of 6.x.
const SINCE_7: &str = "installers of 7.0 and later";

/// Keys that are compared between the readers.
const COMPARED: [&str; 13] = [
    "PLATFORM_VERSION",
    "PLATFORM_NAME",
    "PRODUCT_VERSION",
    "PRODUCT_VERSION_TEXT",
    "PRODUCT_BRAND",
    "PRODUCT_NAME",
    "BUILD_NUMBER",
    "PRIMARY_DISK",
    "BACKUP_PARTITION",
    "PARTITION_LAYOUT",
    "INSTALLATION_UUID",
    "CONTROL_DOMAIN_UUID",
    "MANAGEMENT_INTERFACE",
];

pub(super) fn check(backup: &Backup<'_>, inventory: &Inventory, ruling: &mut Ruling) {
    let dangerous = dangers(backup, inventory, ruling);
    readers(backup, inventory, &dangerous, ruling);
    keys::check(backup, inventory, ruling);
    if is_before_7(inventory) {
        layout(backup, inventory, ruling);
    } else {
        platform(backup, inventory, ruling);
    }
}

/// A finding about the inventory.
pub(super) fn about(backup: &Backup<'_>, code: Code) -> Finding {
    backup.about(code, INVENTORY)
}

/// Lines with something that the shell would do more with than assign it. Gives their keys.
fn dangers(backup: &Backup<'_>, inventory: &Inventory, ruling: &mut Ruling) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    for danger in inventory.dangers() {
        let finding = about(backup, Code::HostInventoryShell)
            .fact("key", danger.key.as_str())
            .fact("line", danger.line)
            .fact("character", danger.character.escape_default().to_string());
        keys.insert(danger.key.trim().to_owned());
        ruling.run(finding);
    }
    keys
}

fn readers(
    backup: &Backup<'_>,
    inventory: &Inventory,
    dangerous: &BTreeSet<String>,
    ruling: &mut Ruling,
) {
    // What a shell would run is told as that.
    let compared = COMPARED.iter().filter(|key| !dangerous.contains(**key));
    for key in compared {
        let told = [
            ("xapi", inventory.xapi(key).map(Cow::Borrowed)),
            ("installer", inventory.installer(key).map(Cow::Borrowed)),
            ("shell", inventory.shell(key)),
        ];
        let [(_, first), (_, second), (_, third)] = &told;
        if first == second && second == third {
            continue;
        }
        let mut finding = about(backup, Code::HostInventoryReaders).fact("key", *key);
        for (reader, value) in told {
            let value = value.map_or_else(|| "no value".to_owned(), Cow::into_owned);
            finding = finding.fact(reader, value);
        }
        ruling.push(finding);
    }
    let doubled = inventory.keys_doubled();
    if !doubled.is_empty() {
        // All take the last one.
        let mut finding = about(backup, Code::HostInventoryReaders).severity(Severity::Note);
        finding.advice = None;
        ruling.push(list_of(finding, "keys_doubled", &doubled));
    }
}

/// The numbers of a version: `3.2.1`.
fn numbers(version: &str) -> Option<Vec<u64>> {
    version.split('.').map(|part| part.parse().ok()).collect()
}

/// Whether the product is one of 6.x or before.
pub(super) fn is_before_7(inventory: &Inventory) -> bool {
    let version = inventory.get("PRODUCT_VERSION");
    let major = version.and_then(|version| version.split('.').next()?.parse::<u64>().ok());
    major.is_some_and(|major| major < LEAST_PRODUCT)
}

fn platform(backup: &Backup<'_>, inventory: &Inventory, ruling: &mut Ruling) {
    let version = inventory.installer("PLATFORM_VERSION").unwrap_or_default();
    // A missing one is told among the keys.
    if version.is_empty() {
        return;
    }
    let finding = about(backup, Code::HostPlatform).fact("platform", version);
    let finding = match numbers(version) {
        Some(numbers) if numbers.as_slice() < LEAST_PLATFORM.as_slice() => {
            finding.fact("least", "2.1.0")
        }
        Some(_) => return,
        None => finding.fact("problem", "it is no version"),
    };
    ruling.stop(Point::Listing, finding);
}

fn layout(backup: &Backup<'_>, inventory: &Inventory, ruling: &mut Ruling) {
    let version = inventory.get("PRODUCT_VERSION").unwrap_or_default();
    let finding = about(backup, Code::HostLayout).fact("product_version", version);
    ruling.stop_on(Point::Comparing, COMPARING, finding);
    ruling.note(Point::Listing, Code::HostLayout, Some(SINCE_7));
}

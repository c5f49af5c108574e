//! What the installer needs to list the backup, and to restore it (`formats/host-backup.md` sections 5.1 and 5.2).

use xenspect_host::inventory::Inventory;
use xenspect_model::preflight::Stage;
use xenspect_model::report::Formatted;
use xenspect_model::{Code, Fact, Finding};

use super::backup::{Backup, numbers};
use super::stages::Stages;
use crate::checks::Id;
use crate::verdicts::Verdicts;

const BY_ID: &str = "/dev/disk/by-id/";

/// Makes the checks 7 to 9, and what of 10 hangs on the inventory.
pub(super) fn check(backup: &Backup<'_>, verdicts: &mut Verdicts, stages: &mut Stages) {
    let Some(inventory) = &backup.inventory else {
        for number in 7..=9 {
            verdicts.lack(Id::Host(number), "the inventory of the backup");
        }
        for stage in [Stage::InstallerLists, Stage::InstallerRestores] {
            stages.lack(stage, "the inventory of the backup");
        }
        return;
    };
    for key in lacking(inventory) {
        needed(
            key,
            Stage::InstallerLists,
            Formatted::SparePartition,
            verdicts,
            stages,
        );
    }
    // The brand is the name of the boot entry, which is written last.
    for (key, by) in [
        ("PARTITION_LAYOUT", Formatted::SparePartition),
        ("PRODUCT_BRAND", Formatted::RootAndEfi),
    ] {
        if !is_filled(inventory, key) {
            needed(key, Stage::InstallerRestores, by, verdicts, stages);
        }
    }
    platform(backup, inventory, verdicts, stages);
    disk(backup, inventory, verdicts, stages);
}

fn is_filled(inventory: &Inventory, key: &str) -> bool {
    let value = inventory.installer(key);
    value.is_some_and(|value| !value.is_empty())
}

/// Keys without which the installer passes over the backup.
fn lacking(inventory: &Inventory) -> Vec<&'static str> {
    let has = |key: &str| is_filled(inventory, key);
    let mut keys = vec!["PLATFORM_VERSION", "PRIMARY_DISK"];
    if has("PRODUCT_NAME") {
        keys.push("PRODUCT_BRAND");
    } else {
        keys.push("PLATFORM_NAME");
    }
    if !has("OEM_VERSION") {
        keys.extend(["PRODUCT_VERSION_TEXT", "PRODUCT_VERSION"]);
    }
    keys.retain(|key| !has(key));
    keys
}

/// A key is missing. The rules have most of these; what they have is not told twice.
fn needed(
    key: &'static str,
    stage: Stage,
    by: Formatted,
    verdicts: &mut Verdicts,
    stages: &mut Stages,
) {
    stages.stop(stage, by, format!("the inventory has no {key}"));
    let is_it = |finding: &Finding| {
        let named = finding.facts.get("key");
        finding.code == Code::HostInventoryKey
            && named.is_some_and(|named| *named == Fact::Text(key.to_owned()))
    };
    if !verdicts.has_such(is_it) {
        verdicts.find(Finding::new(Code::HostInventoryKey).fact("key", key));
    }
}

fn platform(
    backup: &Backup<'_>,
    inventory: &Inventory,
    verdicts: &mut Verdicts,
    stages: &mut Stages,
) {
    let check = Id::Host(8);
    let Some(ours) = inventory
        .installer("PLATFORM_VERSION")
        .filter(|version| !version.is_empty())
    else {
        verdicts.lack(check, "PLATFORM_VERSION of the backup");
        return;
    };
    let Some(our_numbers) = numbers(ours) else {
        // What cannot be read as a version is an exception, and so a backup that is passed over.
        let reason = "PLATFORM_VERSION of the backup is no version";
        stages.stop(Stage::InstallerLists, Formatted::SparePartition, reason);
        if !verdicts.has(Code::HostPlatform) {
            verdicts.find(Finding::new(Code::HostPlatform).fact("platform", ours));
        }
        return;
    };
    let theirs = backup.target.product.platform.as_deref();
    let Some((theirs, their_numbers)) =
        theirs.and_then(|version| Some((version, numbers(version)?)))
    else {
        let fact = "the target's platform version (PLATFORM_VERSION of its inventory)";
        verdicts.lack(check, fact);
        stages.lack(Stage::InstallerLists, fact);
        return;
    };
    if our_numbers > their_numbers {
        let mut finding = Finding::new(Code::HostRestorePlatform)
            .fact("platform_of_backup", ours)
            .fact("platform_of_target", theirs);
        if let Some(product) = backup.product() {
            finding = finding.fact("medium", product);
        }
        let reason = format!(
            "platform {ours} is above the {theirs} of the target's installer; take the medium of the backup's release"
        );
        stages.stop(Stage::InstallerLists, Formatted::SparePartition, reason);
        verdicts.find(finding);
    }
}

fn disk(backup: &Backup<'_>, inventory: &Inventory, verdicts: &mut Verdicts, stages: &mut Stages) {
    let check = Id::Host(9);
    let Some(ours) = inventory
        .installer("PRIMARY_DISK")
        .filter(|disk| !disk.is_empty())
    else {
        verdicts.lack(check, "PRIMARY_DISK of the backup");
        return;
    };
    let host = &backup.target.host;
    let disks = backup.target.disks.as_deref();
    let mut known = disks
        .unwrap_or_default()
        .iter()
        .map(|disk| disk.path.as_str())
        .chain(host.primary_disk.as_deref());
    if known.any(|path| path == ours) {
        return;
    }
    // Names that do not come from the disk may be there, whatever the list says.
    if disks.is_none() || !ours.starts_with(BY_ID) {
        let fact = "the target's disks (`ls /dev/disk/by-id`)";
        verdicts.lack(check, fact);
        stages.lack(Stage::InstallerLists, fact);
        return;
    }
    let mut finding = Finding::new(Code::HostRestoreDisk).fact("primary_disk", ours);
    if let Some(theirs) = &host.primary_disk {
        finding = finding.fact("primary_disk_of_target", theirs.as_str());
    }
    stages.stop(
        Stage::InstallerLists,
        Formatted::SparePartition,
        format!("PRIMARY_DISK {ours} is not in the target"),
    );
    verdicts.find(finding);
}

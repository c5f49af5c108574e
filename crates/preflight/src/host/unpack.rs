//! What host-restore needs of the target: its spare partition, room on it, and a layout that fits (`formats/host-backup.md`
//! sections 4 and 6).

use xenspect_host::sizes;
use xenspect_model::preflight::Stage;
use xenspect_model::report::Formatted;
use xenspect_model::{Code, Finding, Severity};

use super::backup::Backup;
use super::judged::NEW_LAYOUT;
use super::stages::Stages;
use crate::checks::Id;
use crate::verdicts::{Step, Verdicts};

/// Makes the checks 0, 5 and 6.
pub(super) fn check(backup: &Backup<'_>, verdicts: &mut Verdicts, stages: &mut Stages) {
    partition(backup, verdicts, stages);
    layout(backup, verdicts);
    room(backup, verdicts, stages);
}

fn partition(backup: &Backup<'_>, verdicts: &mut Verdicts, stages: &mut Stages) {
    match backup.target.host.backup_partition.as_deref() {
        None => {
            let fact = "BACKUP_PARTITION of the target's /etc/xensource-inventory";
            verdicts.lack(Id::Host(0), fact);
            stages.lack(Stage::HostRestore, fact);
        }
        Some("") => {
            let finding = Finding::new(Code::HostRestorePartition);
            stages.stop(
                Stage::HostRestore,
                Formatted::Nothing,
                finding.title.clone(),
            );
            verdicts.refuse(Step::Unpack, Vec::new(), finding);
        }
        Some(_) => {}
    }
}

/// The pairs that no host-restore looks at; the other ones the rules have told.
fn layout(backup: &Backup<'_>, verdicts: &mut Verdicts) {
    let Some(ours) = backup.major() else {
        verdicts.lack(Id::Host(5), "PRODUCT_VERSION of the backup");
        return;
    };
    let Some(theirs) = backup.target_major() else {
        verdicts.lack(Id::Host(5), "the target's product version");
        return;
    };
    let (is_old, target_is_old) = (ours < NEW_LAYOUT, theirs < NEW_LAYOUT);
    if is_old == target_is_old || verdicts.has(Code::HostLayout) {
        return;
    }
    let version = |text: Option<&str>| text.unwrap_or_default().to_owned();
    let finding = Finding::new(Code::HostRestoreLayout)
        .fact(
            "version_of_backup",
            version(backup.filled("PRODUCT_VERSION")),
        )
        .fact(
            "version_of_target",
            version(backup.target.product.version.as_deref()),
        );
    verdicts.find(finding);
}

/// How many bytes the target's spare partition takes, and what tells so.
fn partition_size(backup: &Backup<'_>) -> Option<(u64, &'static str)> {
    let host = &backup.target.host;
    let path = host.backup_partition.as_deref().unwrap_or_default();
    let disks = backup.target.disks.as_deref().unwrap_or_default();
    let own = disks
        .iter()
        .find(|disk| !path.is_empty() && disk.path == path);
    if let Some(size) = own.and_then(|disk| disk.size) {
        return Some((size, "its own size"));
    }
    match host.partition_layout.as_deref() {
        // Hosts that came up from 6.x by upgrades keep their partitions, and their inventory has no such key.
        Some("") => Some((sizes::BEFORE_7, "a layout from before 7.0")),
        Some(_) => Some((sizes::BACKUP, "the layout since 7.0")),
        None if backup.target_major()? < NEW_LAYOUT => {
            Some((sizes::BEFORE_7, "a layout from before 7.0"))
        }
        None => None,
    }
}

/// Check 6: data, and half a block for the end of each file, against the partition without what ext3 takes for itself.
fn room(backup: &Backup<'_>, verdicts: &mut Verdicts, stages: &mut Stages) {
    let folders = backup.host.folders.values();
    let (mut bytes, mut members) = (0_u64, 0_u64);
    for folder in folders {
        bytes = bytes.saturating_add(folder.bytes);
        members = members.saturating_add(folder.members);
    }
    let needed = sizes::taken(bytes, members);
    let known = partition_size(backup);
    let (size, by) = known.unwrap_or((sizes::BACKUP, "the largest that an installer makes"));
    let finding = || {
        Finding::new(Code::HostRestoreSize)
            .fact("bytes", bytes)
            .fact("with_ends_of_files", needed)
            .fact("partition", size)
            .fact("room", sizes::room(size))
            .fact("told_by", by)
    };
    if bytes > sizes::room(size) {
        let finding = finding();
        stages.stop(
            Stage::HostRestore,
            Formatted::SparePartition,
            finding.title.clone(),
        );
        verdicts.refuse(Step::Unpack, Vec::new(), finding);
        return;
    }
    if known.is_none() && needed > sizes::room(sizes::BEFORE_7) {
        let fact = "PARTITION_LAYOUT of the target's /etc/xensource-inventory";
        verdicts.lack(Id::Host(6), fact);
        stages.lack(Stage::HostRestore, fact);
    }
    if needed > sizes::room(size) {
        let mut finding = finding().severity(Severity::Warning);
        finding.xapi_error = None;
        finding.title = "the files hardly fit on the target's partition".to_owned();
        verdicts.find(finding);
    } else if backup.host.tree.incomplete {
        let fact = "the files behind the damage";
        verdicts.lack(Id::Host(6), fact);
    }
}

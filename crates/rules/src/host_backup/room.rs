//! Whether the files fit on the spare partition, to which they are unpacked first (`formats/host-backup.md` section 6).

use xenspect_host::inventory::Inventory;
use xenspect_host::sizes;
use xenspect_model::catalog::HostBackup;
use xenspect_model::{Code, Finding, Severity};

use super::inventory::is_before_7;
use super::ruling::{Point, Ruling, staged};

/// Bytes of data in all files; of sparse ones those that are stored.
pub(super) fn unpacked(host: &HostBackup) -> u64 {
    let sizes = host.folders.values().map(|folder| folder.bytes);
    sizes.fold(0, u64::saturating_add)
}

/// Length of the spare partition in the layout that the host has.
pub(super) fn partition(inventory: Option<&Inventory>) -> u64 {
    if inventory.is_some_and(is_before_7) {
        sizes::BEFORE_7
    } else {
        sizes::BACKUP
    }
}

/// Bytes that the files take, as far as that can be told.
fn taken(host: &HostBackup) -> u64 {
    sizes::taken(unpacked(host), members(host))
}

fn members(host: &HostBackup) -> u64 {
    let members = host.folders.values().map(|folder| folder.members);
    members.fold(0, u64::saturating_add)
}

/// Whether they fit on the spare partition of the layout up to 6.x.
pub(super) fn fits_old_layout(host: &HostBackup) -> bool {
    taken(host) <= sizes::room(sizes::BEFORE_7)
}

pub(super) fn check(host: &HostBackup, inventory: Option<&Inventory>, ruling: &mut Ruling) {
    let partition = partition(inventory);
    let room = sizes::room(partition);
    let bytes = unpacked(host);
    if taken(host) <= room {
        return;
    }
    let finding = Finding::new(Code::HostSize)
        .fact("bytes", bytes)
        .fact("members", members(host))
        .fact("partition_size", partition)
        .fact("room_bytes", room);
    if bytes > room {
        ruling.stop(Point::Unpacking, finding);
    } else {
        // What the file system takes of its own can only be estimated.
        ruling.push(staged(
            Point::Unpacking,
            finding.severity(Severity::Warning),
        ));
    }
}

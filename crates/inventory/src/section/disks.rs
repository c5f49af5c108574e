//! The sections `disks` and `orphans`.

use std::borrow::Cow;

use xenspect_model::inventory::{Cell, Column, Section, Table};

use super::{bytes, flag, int, list, natural, number, section, shared, text, title};
use crate::bounded::{clip, distinct};
use crate::view::{Attachment, Disk, Role, Sr, Vm, disk_name};
use crate::{Record, Relation, Relations, Store};

/// Bytes that an archive holds of a disk, by its id; `None` where that is not known.
pub(crate) type Stored<'s> = &'s dyn Fn(&str) -> Option<u64>;

/// The columns, with their ranks for the disks of a pool, where the owner counts, and of an export, where the order and
/// the uuid do.
const COLUMNS: [(Column, u8, u8); 18] = [
    (int("order", "#"), 0, 0),
    (list("vms", "VM"), 0, 7),
    (text("position", "pos"), 8, 9),
    (text("device", "dev"), 1, 1),
    (text("name", "name"), 2, 5),
    (bytes("size", "size"), 0, 0),
    (bytes("used", "used"), 5, 10),
    (bytes("stored", "stored"), 0, 6),
    (int("stored_percent", "stored %"), 0, 2),
    (text("sr", "SR"), 3, 4),
    (text("sr_type", "SR type"), 11, 11),
    (text("type", "type"), 7, 8),
    (flag("snapshot", "snap"), 6, 12),
    (text("location", "location"), 14, 15),
    (text("vhd_parent", "VHD parent"), 15, 16),
    (text("description", "description"), 16, 17),
    (text("id", "id"), 0, 13),
    (text("uuid", "uuid"), 12, 3),
];

/// Where among them the owners stand.
const OWNERS: usize = 1;

/// Every VDI, those of VMs first, then those of templates and snapshots.
pub(super) fn of_pool(relations: &Relations<'_>) -> Section {
    let mut table = Table::new(&COLUMNS.map(|(column, rank, _)| column.rank(rank)));
    let disks = relations.store().of_class("VDI").map(Disk);
    let mut disks: Vec<_> = disks
        .map(|disk| (disk, disk.attachments(relations)))
        .collect();
    // Images that nobody has inserted stand last.
    let is_idle = |disk: &Disk<'_>, attachments: &[Attachment<'_>]| {
        attachments.is_empty() && disk.0.follow("SR").is_some_and(|sr| Sr(sr).is_of_media())
    };
    disks.sort_by_cached_key(|(disk, attachments)| {
        let first = attachments.first();
        let vm = first.and_then(|first| first.vm);
        let position = first.and_then(|first| first.position.as_deref().map(natural));
        (
            is_idle(disk, attachments),
            vm.is_none(),
            vm.is_some_and(|vm| Vm(vm).role() != Role::Vm),
            vm.map(|vm| natural(&vm.title())),
            vm.map(|vm| vm.reference()),
            position,
            natural(&disk.0.title()),
            disk.0.reference(),
        )
    });
    let foremost = disks.partition_point(|(disk, attachments)| !is_idle(disk, attachments));
    for (disk, attachments) in disks {
        let row = row(relations, &disk, &attachments, None, &|_| None);
        table.rows.push(row);
    }
    Section {
        foremost: Some(foremost),
        ..section("disks", "Disks", table)
    }
}

/// The disks that an importer expects, in the order of the stream.
pub(super) fn of_export(relations: &Relations<'_>, stored: Stored<'_>) -> Section {
    let mut table = Table::new(&COLUMNS.map(|(column, _, rank)| column.rank(rank)));
    let Store::Export(export) = relations.store() else {
        return section("disks", "Disks", table);
    };
    for (order, expected) in export.expected_disks().iter().enumerate() {
        // The first of two with one id: an importer finds no other.
        let Some(record) = relations.store().resolve(&expected.id) else {
            continue;
        };
        let disk = Disk(record);
        let mut attachments = disk.attachments(relations);
        attachments.retain(|attachment| attachment.vbd.text("type").as_deref() != Some("CD"));
        table
            .rows
            .push(row(relations, &disk, &attachments, Some(order), stored));
    }
    // Of several VMs, the owner of a disk tells more than its uuid.
    let vms = |row: &Vec<Cell>| row.get(OWNERS).cloned();
    let first = table.rows.first().and_then(vms);
    let several = table.rows.iter().any(|row| vms(row) != first);
    if let Some(column) = table.columns.get_mut(OWNERS).filter(|_| several) {
        *column = column.rank(1);
    }
    section("disks", "Disks", table)
}

fn row<'a>(
    relations: &Relations<'a>,
    disk: &Disk<'a>,
    attachments: &[Attachment<'a>],
    order: Option<usize>,
    stored: Stored<'_>,
) -> Vec<Cell> {
    let record = disk.0;
    let sr = record.follow("SR");
    // A suspended VM's memory is its own too.
    let suspended = relations.of(Relation::SuspendedInVdi, &record).iter();
    let vms = attachments.iter().filter_map(|attachment| attachment.vm);
    let vms = distinct(vms.chain(suspended.copied()).map(|vm| clip(vm.title())));
    let position = attachments.first().and_then(|first| first.position.clone());
    let device = attachments
        .iter()
        .find_map(|attachment| attachment.device.clone());
    // It is known for VMs that were started; the position tells what it will be.
    let device = device
        .map(Cow::into_owned)
        .or_else(|| disk_name(position.as_deref()?));
    let id = match order {
        Some(_) => Cell::text(record.reference()),
        None => Cell::None,
    };
    let stored = stored(&record.reference());
    let percent = stored.and_then(|stored| {
        let size = disk.size().filter(|size| *size > 0)?;
        i64::try_from(u128::from(stored) * 100 / u128::from(size)).ok()
    });
    vec![
        order.map_or(Cell::None, |order| number(order + 1)),
        Cell::List(vms),
        position.into(),
        device.into(),
        record.name().into(),
        disk.size().into(),
        disk.used().into(),
        stored.into(),
        percent.into(),
        title(sr),
        shared(sr.and_then(|sr| sr.filled("type"))),
        disk.kind().into(),
        record.bool("is_a_snapshot").into(),
        record.filled("location").into(),
        disk.vhd_parent().into(),
        record.filled("name_description").into(),
        id,
        record.uuid().into(),
    ]
}

pub(super) fn orphans(relations: &Relations<'_>) -> Section {
    let mut table = Table::new(&[
        text("name", "name"),
        text("reason", "why").rank(1),
        bytes("size", "size"),
        bytes("used", "used").rank(2),
        text("sr", "SR").rank(3),
        text("type", "type").rank(5),
        text("location", "location").rank(6),
        text("description", "description").rank(7),
        text("uuid", "uuid").rank(4),
    ]);
    let in_use = Disk::in_use(relations);
    let disks = relations.store().of_class("VDI").map(Disk);
    let mut orphans: Vec<_> = disks
        .filter_map(|disk| Some((disk, disk.orphan(relations, &in_use)?)))
        .collect();
    let sr = |record: &Record<'_>| record.follow("SR").map(|sr| natural(&sr.title()));
    orphans.sort_by_cached_key(|(disk, _)| {
        (sr(&disk.0), natural(&disk.0.title()), disk.0.reference())
    });
    for (disk, why) in orphans {
        let record = disk.0;
        table.rows.push(vec![
            Cell::text(record.title()),
            Cell::text(why.reason()),
            disk.size().into(),
            disk.used().into(),
            title(record.follow("SR")),
            disk.kind().into(),
            record.filled("location").into(),
            record.filled("name_description").into(),
            record.uuid().into(),
        ]);
    }
    section("orphans", "Orphaned disks", table)
}

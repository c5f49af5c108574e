//! Blocks of disks: a table, and the ranges that differ.

use xenspect_model::diff::{BlockRange, Change, DiskChange, Extent, RangeKind};
use xenspect_model::inventory::{Cell, Column, ColumnKind, Table};

use super::lines::{Line, Sign};
use crate::human::plural;
use crate::quantity::size;

/// A row for each disk: how many bytes are the same and how many are not.
pub(super) fn table(disks: &[DiskChange]) -> Table {
    let bytes = |extent: Extent| match extent.bytes {
        0 => Cell::None,
        bytes => Cell::Bytes(bytes),
    };
    Table {
        columns: vec![
            Column::new("disk", "disk", ColumnKind::Text),
            Column::new("is", "", ColumnKind::Text),
            Column::new("same", "same", ColumnKind::Bytes),
            Column::new("changed", "changed", ColumnKind::Bytes),
            Column::new("appeared", "appeared", ColumnKind::Bytes),
            Column::new("vanished", "vanished", ColumnKind::Bytes),
            Column::new("unknown", "unknown", ColumnKind::Bytes),
            Column::new("reference", "in the archive", ColumnKind::Text).rank(1),
            Column::new("uuid", "uuid", ColumnKind::Text).rank(2),
        ],
        rows: disks
            .iter()
            .map(|disk| {
                let is = match disk.change {
                    Change::Changed => Cell::Text(String::new()),
                    Change::Added => Cell::Text("added".to_owned()),
                    Change::Removed => Cell::Text("removed".to_owned()),
                };
                let reference = disk.new_reference.as_ref().or(disk.old_reference.as_ref());
                vec![
                    Cell::Text(disk.title.clone()),
                    is,
                    bytes(disk.same),
                    bytes(disk.changed),
                    bytes(disk.appeared),
                    bytes(disk.vanished),
                    bytes(disk.unknown),
                    reference.cloned().map_or(Cell::None, Cell::Text),
                    disk.uuid.clone().map_or(Cell::None, Cell::Text),
                ]
            })
            .collect(),
    }
}

/// Whether a disk has parts that are not the same, as far as is known.
pub(super) fn differs(disk: &DiskChange) -> bool {
    let parts = [disk.changed, disk.appeared, disk.vanished, disk.unknown];
    disk.change != Change::Changed || parts.iter().any(|part| part.blocks > 0)
}

/// The ranges of each disk, as offset and length in bytes, which `dd` and `qemu-io` take.
pub(super) fn ranges(disks: &[DiskChange]) -> Vec<Line> {
    let mut lines = Vec::new();
    for disk in disks.iter().filter(|disk| !disk.ranges.is_empty()) {
        lines.push(Line::new(
            0,
            disk.change.into(),
            format!("disk \"{}\"", disk.title),
        ));
        lines.extend(disk.ranges.iter().map(range));
        if disk.more_ranges > 0 {
            let text = format!("and {}", plural(disk.more_ranges, "more range"));
            lines.push(Line::new(1, Sign::Aside, text));
        }
    }
    lines
}

fn range(range: &BlockRange) -> Line {
    let (sign, word) = match range.is {
        RangeKind::Changed => (Sign::Changed, "changed"),
        RangeKind::Appeared => (Sign::Added, "appeared"),
        RangeKind::Vanished => (Sign::Removed, "vanished"),
        RangeKind::Unknown => (Sign::Aside, "unknown"),
    };
    let text = format!(
        "offset {} length {} ({}) {word}",
        range.start,
        range.len,
        size(range.len)
    );
    Line::new(1, sign, text)
}

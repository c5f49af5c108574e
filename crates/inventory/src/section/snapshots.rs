//! The section `snapshots`: a tree for each VM that has some.

use xenspect_model::inventory::{Cell, Section, Table};

use super::{date, flag, int, list, names, number, section, shared, text, time, title};
use crate::Relations;
use crate::view::{Vm, snapshot_trees};

pub(super) fn snapshots(relations: &Relations<'_>) -> Section {
    let mut table = Table::new(&[
        int("depth", "depth"),
        text("name", "name"),
        text("kind", "kind").rank(3),
        time("taken", "taken"),
        flag("current", "current").rank(1),
        text("state", "state").rank(4),
        int("disks", "disks").rank(2),
        text("vm", "VM").rank(7),
        text("vm_uuid", "VM's uuid").rank(8),
        list("tags", "tags").rank(9),
        text("description", "description").rank(6),
        text("uuid", "uuid").rank(5),
    ]);
    let mut owner = None;
    for node in snapshot_trees(relations) {
        if node.depth == 0 {
            owner = node.vm;
        }
        let is_owner = node.depth == 0;
        let vm = node.vm.map(Vm);
        let missing = is_owner && vm.is_none();
        table.rows.push(vec![
            number(node.depth),
            if missing {
                Cell::text("(a VM that is gone)")
            } else {
                title(node.vm)
            },
            Cell::text(if is_owner { "VM" } else { "snapshot" }),
            match vm {
                Some(vm) if !is_owner => date(vm.0.date_time("snapshot_time")),
                _ => Cell::None,
            },
            if is_owner {
                Cell::None
            } else {
                Cell::Bool(node.is_current)
            },
            vm.and_then(|vm| vm.power_state()).into(),
            vm.map_or(Cell::None, |vm| number(vm.disks(relations).count())),
            title(owner),
            shared(owner.and_then(|owner| owner.uuid())),
            vm.map_or(Cell::None, |vm| names(vm.0.set("tags").unwrap_or_default())),
            vm.and_then(|vm| vm.0.filled("name_description")).into(),
            vm.and_then(|vm| vm.0.uuid()).into(),
        ]);
    }
    section("snapshots", "Snapshots", table)
}

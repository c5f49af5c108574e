//! An export against a dump: of the dump, only what hangs on the VMs of the export is any of its business.

use std::borrow::Cow;
use std::collections::HashSet;

use xenspect_inventory::{Record, Store};

use super::keys::Sides;
use super::matching::Pair;

/// Classes whose objects belong to a VM, which they name.
const OF_A_VM: [&str; 6] = ["VBD", "VIF", "VTPM", "VUSB", "VGPU", "crashdump"];

/// Fields that an exporter empties or sets to what an import is to find (`formats/xva.md` section 3.3), beside sets of
/// references. An empty class stands for all.
const SET_BY_EXPORTER: [(&str, &str); 16] = [
    ("", "allowed_operations"),
    ("", "current_operations"),
    ("", "currently_attached"),
    ("", "metrics"),
    ("", "snapshot_of"),
    ("VM", "power_state"),
    ("VM", "suspend_VDI"),
    ("VM", "is_a_snapshot"),
    ("VM", "snapshot_time"),
    ("VM", "transportable_snapshot_id"),
    ("VM", "parent"),
    ("VM", "protection_policy"),
    ("VM", "resident_on"),
    ("VM", "guest_metrics"),
    ("VM", "domid"),
    ("VDI", "parent"),
];

/// Whether an export cannot tell what a field was.
pub(super) fn is_set_by_exporter(class: &str, field: &str) -> bool {
    SET_BY_EXPORTER
        .iter()
        .any(|(of, name)| *name == field && (of.is_empty() || *of == class))
}

/// Whether the fields of a pair are compared: of a host an export has little more than the name. The pair stays, since
/// others are known by their places among the pairs.
pub(super) fn is_compared(sides: &Sides<'_>, pair: &Pair<'_>) -> bool {
    !sides.are_mixed() || pair.new.class() != "host"
}

/// Leaves those records of the dump's side that are in scope. Gives what is to be said about it.
pub(super) fn narrow(sides: &mut Sides<'_>) -> Option<String> {
    if !sides.are_mixed() {
        return None;
    }
    let is_old = matches!(sides.old, Store::Pool(_));
    let matching = &mut sides.matching;
    let exported = match is_old {
        true => &mut matching.added,
        false => &mut matching.removed,
    };
    exported.retain(|record| record.class() != "host");
    let vms: HashSet<Cow<'_, str>> = matching
        .pairs
        .iter()
        .map(|pair| if is_old { pair.old } else { pair.new })
        .filter(|record| record.class() == "VM")
        .map(|vm| vm.reference())
        .collect();
    let records = match is_old {
        true => &mut matching.removed,
        false => &mut matching.added,
    };
    let hangs = |record: &Record<'_>| {
        OF_A_VM.contains(&record.class()) && record.link("VM").is_some_and(|vm| vms.contains(&vm))
    };
    let disks: HashSet<Cow<'_, str>> = records
        .iter()
        .filter(|record| record.class() == "VBD" && hangs(record))
        .filter_map(|vbd| vbd.link("VDI"))
        .collect();
    records.retain(|record| match record.class() {
        "VDI" => disks.contains(&record.reference()),
        _ => hangs(record),
    });
    let mut said = "Of the pool database, only what the export holds and what hangs on its VM was compared, in the \
                    fields that both have and that an exporter leaves as they are."
        .to_owned();
    if vms.is_empty() {
        said.push_str(" No VM of the export is in the pool database by its uuid.");
    }
    Some(said)
}

/// What is to be said of two dumps that are of different pools.
pub(super) fn unrelated(sides: &Sides<'_>) -> Option<String> {
    let (Store::Pool(_), Store::Pool(_)) = (sides.old, sides.new) else {
        return None;
    };
    let uuid = |store: Store<'_>| Some(store.of_class("pool").next()?.uuid()?.into_owned());
    (uuid(sides.old)? != uuid(sides.new)?).then(|| {
        "The two are of different pools: their objects have no counterparts but by chance."
            .to_owned()
    })
}

//! What a change means, where that can be said in a word.

use xenspect_inventory::Record;
use xenspect_model::diff::{FieldChange, Meaning};

use super::matching::Pair;
use super::titles::{clip, device};

/// References that tell where something is.
const PLACES: [(&str, &str); 4] = [
    ("VDI", "SR"),
    ("VM", "resident_on"),
    ("VIF", "network"),
    ("PIF", "network"),
];

/// What the changes of an object mean; the fields that this tells are marked.
pub(super) fn of_changed(pair: &Pair<'_>, fields: &mut [FieldChange]) -> Vec<Meaning> {
    let Pair { old, new, .. } = pair;
    let mut means = Vec::new();
    for field in fields {
        let before = means.len();
        match (new.class(), &*field.field) {
            (_, "uuid") => means.extend(replaced(old, new)),
            (_, "name_label") => means.extend(renamed(old, new)),
            ("VDI", "virtual_size") => means.extend(resized(old, new)),
            ("VM", "power_state") => means.extend(state(old, new)),
            ("VBD", "VDI") => {
                means.extend(detached(old));
                means.extend(attached(new));
            }
            place if PLACES.contains(&place) => means.extend(moved(old, new, place.1)),
            _ => {}
        }
        field.is_told = means.len() > before;
    }
    means
}

/// What it means that an object came; the fields that this tells are marked.
pub(super) fn of_added(record: &Record<'_>, fields: &mut [FieldChange]) -> Vec<Meaning> {
    let means = (record.class() == "VBD")
        .then(|| attached(record))
        .flatten();
    mark(means.is_some(), fields);
    means.into_iter().collect()
}

/// What it means that an object went.
pub(super) fn of_removed(record: &Record<'_>, fields: &mut [FieldChange]) -> Vec<Meaning> {
    let means = (record.class() == "VBD")
        .then(|| detached(record))
        .flatten();
    mark(means.is_some(), fields);
    means.into_iter().collect()
}

fn mark(is_told: bool, fields: &mut [FieldChange]) {
    for field in fields {
        field.is_told |= is_told && matches!(&*field.field, "VDI" | "userdevice");
    }
}

fn replaced(old: &Record<'_>, new: &Record<'_>) -> Option<Meaning> {
    Some(Meaning::Replaced {
        old: clip(old.uuid()?),
        new: clip(new.uuid()?),
    })
}

fn renamed(old: &Record<'_>, new: &Record<'_>) -> Option<Meaning> {
    let (old, new) = (clip(old.name()?), clip(new.name()?));
    // With its secrets masked it may be the same.
    (old != new).then_some(Meaning::Renamed { old, new })
}

fn resized(old: &Record<'_>, new: &Record<'_>) -> Option<Meaning> {
    let (old, new) = (old.count("virtual_size")?, new.count("virtual_size")?);
    Some(match new > old {
        true => Meaning::Grown { old, new },
        false => Meaning::Shrunk { old, new },
    })
}

fn state(old: &Record<'_>, new: &Record<'_>) -> Option<Meaning> {
    Some(Meaning::PowerState {
        old: clip(old.filled("power_state")?),
        new: clip(new.filled("power_state")?),
    })
}

fn moved(old: &Record<'_>, new: &Record<'_>, field: &str) -> Option<Meaning> {
    Some(Meaning::Moved {
        old: target(old, field)?,
        new: target(new, field)?,
    })
}

fn attached(vbd: &Record<'_>) -> Option<Meaning> {
    let (vm, disk, device) = attachment(vbd)?;
    Some(Meaning::Attached { vm, disk, device })
}

fn detached(vbd: &Record<'_>) -> Option<Meaning> {
    let (vm, disk, device) = attachment(vbd)?;
    Some(Meaning::Detached { vm, disk, device })
}

fn attachment(vbd: &Record<'_>) -> Option<(String, String, String)> {
    let disk = target(vbd, "VDI")?;
    let vm = target(vbd, "VM").unwrap_or_else(|| "no VM".to_owned());
    Some((vm, disk, device(vbd).unwrap_or_default()))
}

/// What a reference leads to, by its name; the reference itself, if it leads nowhere.
fn target(record: &Record<'_>, field: &str) -> Option<String> {
    let reference = record.link(field)?;
    Some(match record.store().resolve(&reference) {
        Some(target) => clip(target.title()),
        None => clip(reference),
    })
}

//! What statements are made of: an object in a few words. What is said of it is in `chain`.

use crate::bounded::clip;
use crate::summary::named;
use crate::view::{Attachment, Role, Vm, disk_name};
use crate::{Record, iso_8601};

/// `disk 1 (xvdb)`, or `CD drive 3 (xvdd)`.
pub(super) fn slot(attachment: &Attachment<'_>) -> String {
    let what = match attachment.vbd.text("type").as_deref() {
        Some("CD") => "CD drive",
        Some("Floppy") => "floppy drive",
        _ => "disk",
    };
    let position = attachment.position.clone().map(clip).unwrap_or_default();
    let device = attachment.device.clone().map(clip);
    match device.or_else(|| disk_name(&position)) {
        Some(device) => format!("{what} {position} ({device})"),
        None => format!("{what} {position}"),
    }
}

/// A VM, or what it is instead of one.
pub(super) fn vm_text(vm: Record<'_>) -> String {
    let name = clip(vm.title());
    match Vm(vm).role() {
        Role::Vm => format!("VM \"{name}\""),
        Role::Template | Role::DefaultTemplate => format!("template \"{name}\""),
        Role::ControlDomain => format!("control domain \"{name}\""),
        Role::Snapshot => match vm.follow("snapshot_of") {
            Some(of) => format!("snapshot \"{name}\" of {}", named(of)),
            None => format!("snapshot \"{name}\""),
        },
    }
}

/// Where a VM runs, or should.
pub(super) fn place(vm: Record<'_>) -> Option<String> {
    let reading = Vm(vm);
    if reading.role() != Role::Vm {
        return None;
    }
    let name = named(vm);
    let state = reading.power_state().unwrap_or_default().to_lowercase();
    if let Some(host) = reading.host() {
        return Some(format!("{name} runs on {}", named(host)));
    }
    let state = match state.as_str() {
        "" => return None,
        state => clip(state.into()),
    };
    Some(match reading.home() {
        Some(host) => format!("{name} is {state}, its home is {}", named(host)),
        None => format!("{name} is {state}"),
    })
}

pub(super) fn sr_text(sr: Record<'_>) -> String {
    let ty = sr.filled("type").map(clip).unwrap_or_default();
    let shared = if sr.is("shared") { ", shared" } else { "" };
    format!("{} ({ty}{shared})", named(sr))
}

pub(super) fn network_text(network: Record<'_>) -> String {
    match network.filled("bridge") {
        Some(bridge) => format!("{} ({})", named(network), clip(bridge)),
        None => named(network),
    }
}

pub(super) fn with_uuid(record: Record<'_>) -> String {
    match (record.name(), record.uuid()) {
        (Some(_), Some(uuid)) => format!("{} {}", named(record), clip(uuid)),
        (None, Some(uuid)) => format!("{} {}", record.class(), clip(uuid)),
        _ => named(record),
    }
}

pub(super) fn taken(record: &Record<'_>) -> String {
    let date = record.date_time("snapshot_time");
    date.map_or_else(String::new, |date| format!(", taken {}", iso_8601(date)))
}

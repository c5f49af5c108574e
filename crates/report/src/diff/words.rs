//! The words of a comparison.

use std::collections::BTreeMap;

use xenspect_model::diff::{
    Change, DiffInput, DiffReport, FileKind, Group, Meaning, ObjectRole, SeriesReport, Shown,
};
use xenspect_model::report::Envelope;

use super::blocks::differs;
use crate::human::plural;
use crate::quantity::{count, size};

/// The one-word answer of a comparison of two.
pub(super) fn verdict(report: &DiffReport) -> &'static str {
    let files = report.files.iter().flat_map(|files| &files.changes);
    let differs = !report.groups.is_empty()
        || files.count() > 0
        || report.disks.iter().any(|disk| {
            let parts = [disk.changed, disk.appeared, disk.vanished];
            disk.change != Change::Changed || parts.iter().any(|part| part.blocks > 0)
        });
    word(report.same, differs)
}

/// The same of a series.
pub(super) fn verdict_of_series(report: &SeriesReport) -> &'static str {
    // Blocks and files have no tracks.
    let differs = !report.tracks.is_empty() || !report.others.is_empty() || !report.incomplete;
    word(report.same, differs)
}

const fn word(same: bool, differs: bool) -> &'static str {
    match (same, differs) {
        (true, _) => "SAME",
        (false, true) => "DIFFERENT",
        (false, false) => "NOT WHOLLY COMPARED",
    }
}

/// The heading of a group.
pub(super) const fn group(group: Group) -> &'static str {
    match group {
        Group::Vms => "VMs",
        Group::Disks => "Disks",
        Group::Nics => "NICs",
        Group::Networks => "Networks",
        Group::Hosts => "Hosts",
        Group::Srs => "Storage repositories",
        Group::Pool => "Pool",
        Group::Rest => "Other",
    }
}

/// `2 added, 1 removed, 3 changed`, without what there is none of.
pub(super) fn tally(added: u64, removed: u64, changed: u64) -> String {
    let parts = [(added, "added"), (removed, "removed"), (changed, "changed")];
    let parts = parts.into_iter().filter(|(n, _)| *n > 0);
    let parts: Vec<_> = parts
        .map(|(n, word)| format!("{} {word}", count(n)))
        .collect();
    parts.join(", ")
}

/// What differs, in one line: the objects of each group, the disks by their blocks, the files.
pub(super) fn sum(report: &DiffReport) -> String {
    let mut parts: Vec<String> = report
        .groups
        .iter()
        .map(|of_it| {
            let tally = tally(of_it.added, of_it.removed, of_it.changed);
            format!("{} {tally}", group(of_it.group))
        })
        .collect();
    let disks = report.disks.iter().filter(|disk| differs(disk)).count();
    if disks > 0 {
        parts.push(format!(
            "blocks of {} of {}",
            disks,
            some(report.disks.len(), "disk")
        ));
    }
    if let Some(files) = &report.files {
        let of = |change| {
            files
                .changes
                .iter()
                .filter(|file| file.change == change)
                .count()
        };
        let [added, removed, changed] =
            [Change::Added, Change::Removed, Change::Changed].map(|change| as_count(of(change)));
        let tally = tally(added, removed, changed);
        if !tally.is_empty() {
            parts.push(format!("files {tally}"));
        }
    }
    if parts.is_empty() {
        "nothing of what was compared".to_owned()
    } else {
        parts.join("; ")
    }
}

/// So many of a thing.
pub(super) fn some(n: usize, thing: &str) -> String {
    plural(as_count(n), thing)
}

fn as_count(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}

/// What an input is: kind, name, generation, date.
pub(super) fn input(input: &DiffInput) -> String {
    let mut parts = vec![match (input.kind, &input.member) {
        (_, Some(member)) => format!("host backup, with {member}"),
        (Some(kind), None) => kind.phrase().to_owned(),
        (None, None) => "host backup without a pool database".to_owned(),
    }];
    match input.envelope {
        None | Some(Envelope::Plain) => {}
        Some(envelope) => parts.push(envelope.name().to_owned()),
    }
    parts.extend(input.name.iter().map(|name| format!("\"{name}\"")));
    let schema = input.schema_version.iter();
    parts.extend(schema.map(|schema| format!("schema {schema}")));
    parts.extend(
        input
            .generation
            .map(|generation| format!("generation {generation}")),
    );
    let date = input.newest_date.iter();
    parts.extend(date.map(|date| format!("newest date {date}")));
    parts.join(", ")
}

/// The date of an input to the day.
pub(super) fn date(input: &DiffInput) -> Option<&str> {
    input.newest_date.as_deref().and_then(|date| date.get(..10))
}

/// What a change means. `class` is what it happened to.
pub(super) fn meaning(class: &str, meaning: &Meaning) -> String {
    match meaning {
        Meaning::Renamed { old, .. } => format!("renamed, was \"{old}\""),
        Meaning::Grown { old, new } => {
            let (old, new) = sizes(*old, *new);
            format!("grown from {old} to {new}")
        }
        Meaning::Shrunk { old, new } => {
            let (old, new) = sizes(*old, *new);
            format!("shrunk from {old} to {new}")
        }
        Meaning::Moved { old, new } => {
            let place = match class {
                "VM" => "host",
                "VDI" => "SR",
                "VIF" | "PIF" => "network",
                _ => return format!("moved from \"{old}\" to \"{new}\""),
            };
            match (old.as_str(), new.as_str()) {
                ("", new) => format!("now on {place} \"{new}\""),
                (old, "") => format!("was on {place} \"{old}\", is on none"),
                (old, new) => format!("moved from {place} \"{old}\" to \"{new}\""),
            }
        }
        Meaning::Attached { vm, disk, device } => {
            format!("attached: \"{disk}\" to \"{vm}\" as {device}")
        }
        Meaning::Detached { vm, disk, device } => {
            format!("detached: \"{disk}\" from \"{vm}\", was {device}")
        }
        Meaning::PowerState { old, new } => format!("was {old}, is {new}"),
        Meaning::Replaced { old, .. } => {
            format!("another uuid in the same place, was {old}")
        }
    }
}

/// Whether a field counts bytes.
fn is_bytes(field: &str) -> bool {
    matches!(
        field,
        "virtual_size" | "physical_size" | "physical_utilisation" | "virtual_allocation" | "size"
    ) || field.starts_with("memory_")
}

/// Two sizes; in bytes where rounding would make them look the same.
pub(super) fn sizes(old: u64, new: u64) -> (String, String) {
    let shown = (size(old), size(new));
    if old != new && shown.0 == shown.1 {
        (format!("{} B", count(old)), format!("{} B", count(new)))
    } else {
        shown
    }
}

/// An older and a newer value, with an arrow between them.
pub(super) fn from_to(field: &str, old: &Shown, new: &Shown) -> String {
    let bytes = |value: &Shown| match value {
        Shown::Number(number) if is_bytes(field) => {
            u64::try_from(*number).ok().filter(|bytes| *bytes > 0)
        }
        _ => None,
    };
    let (old, new) = match (bytes(old), bytes(new)) {
        (Some(old), Some(new)) => sizes(old, new),
        _ => (shown(field, old), shown(field, new)),
    };
    format!("{old} -> {new}")
}

/// A value, as one word or in quotation marks.
pub(super) fn shown(field: &str, value: &Shown) -> String {
    match value {
        Shown::Bool(true) => "yes".to_owned(),
        Shown::Bool(false) => "no".to_owned(),
        Shown::Number(number) => match u64::try_from(*number) {
            Ok(bytes) if is_bytes(field) && bytes > 0 => size(bytes),
            _ => number.to_string(),
        },
        Shown::Object {
            title: Some(title), ..
        } => format!("\"{title}\""),
        Shown::Object {
            reference,
            title: None,
        } if is_null(reference) => "none".to_owned(),
        Shown::Object {
            reference,
            title: None,
        } => format!("{reference} (not there)"),
        Shown::Text(text) => {
            let is_word = !text.is_empty()
                && text.len() < 64
                && text
                    .chars()
                    .all(|c| c.is_ascii_graphic() && c != '"' && c != '\'');
            if is_word {
                text.clone()
            } else {
                format!("\"{text}\"")
            }
        }
    }
}

fn is_null(reference: &str) -> bool {
    matches!(reference, "" | "OpaqueRef:NULL" | "Ref:NULL")
}

/// `3 PCI, 1 Certificate`.
pub(super) fn counts(counts: &BTreeMap<String, u64>) -> String {
    let counts = counts
        .iter()
        .map(|(class, n)| format!("{} {class}", count(*n)));
    counts.collect::<Vec<_>>().join(", ")
}

/// The class of an object; of one that is less than its class says, what it is.
pub(super) fn class(class: &str, role: Option<ObjectRole>) -> String {
    match role {
        None => class.to_owned(),
        Some(ObjectRole::Snapshot) => format!("{class} snapshot"),
        Some(ObjectRole::Template) => "VM template".to_owned(),
        Some(ObjectRole::ControlDomain) => "control domain".to_owned(),
        Some(ObjectRole::DefaultTemplate) => "default template".to_owned(),
    }
}

/// What became of something, as a verb.
pub(super) const fn change(change: Change) -> &'static str {
    match change {
        Change::Removed => "removed",
        Change::Added => "added",
        Change::Changed => "changed",
    }
}

/// A kind of file.
pub(super) const fn file_kind(kind: FileKind) -> &'static str {
    match kind {
        FileKind::File => "file",
        FileKind::Folder => "folder",
        FileKind::Symlink => "symbolic link",
        FileKind::HardLink => "hard link",
        FileKind::Device => "device",
        FileKind::Fifo => "FIFO",
        FileKind::Other => "something else",
    }
}

/// Files that differ between any two backups: how many, by what they are.
pub(super) fn volatile(files: &BTreeMap<String, u64>) -> String {
    let parts = files.iter();
    let parts: Vec<_> = parts
        .map(|(what, n)| format!("{what} {}", count(*n)))
        .collect();
    format!(
        "left out, by what they are (--all tells them): {}",
        parts.join("; ")
    )
}

/// One line for what was met and left out.
pub(super) fn left_out(count: u64) -> String {
    let what = plural(count, "difference");
    format!("{what} in volatile fields, derived sets and what --ignore names (--all tells them)")
}

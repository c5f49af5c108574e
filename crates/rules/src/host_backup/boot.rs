//! Rules about what the installer needs to make the host start again, and about room (`formats/host-backup.md` sections 5.2
//! and 6).

use xenspect_host::boot::{CONFIGS, Loader};
use xenspect_host::inventory::Inventory;
use xenspect_host::{fstab, sizes};
use xenspect_model::catalog::HostBackup;
use xenspect_model::{Code, Finding};

use super::Backup;
use crate::sink::Sink;

const FSTAB: &str = "etc/fstab";
const EFI: &str = "boot/efi/EFI/";

pub(super) fn check(backup: &Backup<'_>, inventory: Option<&Inventory>, sink: &mut Sink) {
    let label = loader(backup, sink);
    if let Some(label) = &label {
        fstab_line(backup, label, sink);
    }
    let layout = inventory.and_then(|inventory| inventory.get("PARTITION_LAYOUT"));
    let has_boot = layout.is_some_and(|layout| layout.split(',').any(|part| part.trim() == "BOOT"));
    let has_files = backup
        .host
        .tree
        .files
        .keys()
        .any(|path| path.starts_with(EFI));
    if has_boot && !has_files && !backup.host.tree.incomplete {
        sink.push(
            Finding::new(Code::HostEfi)
                .fact("partition_layout", layout.unwrap_or_default().to_owned())
                .fact("stage", "after the root was formatted"),
        );
    }
    room(backup.host, inventory, sink);
}

/// The label of the root, if the configuration names one as the installer needs it.
fn loader(backup: &Backup<'_>, sink: &mut Sink) -> Option<String> {
    let (path, bytes) = CONFIGS
        .iter()
        .find_map(|path| Some((*path, backup.contents(path)?)))?;
    let about = |code| {
        let finding = Finding::new(code).member(path.as_bytes());
        match backup.place(path) {
            Some(offset) => finding.at(offset),
            None => finding,
        }
    };
    let loader = Loader::parse(bytes);
    let Some(label) = loader.root_label() else {
        let why = match loader.has_entries() {
            true => "the default entry has no root=LABEL=",
            false => "there is no menu entry",
        };
        sink.push(about(Code::HostBootLabel).fact("why", why));
        return None;
    };
    if !label.contains('-') {
        let finding = about(Code::HostBootLabel)
            .fact("label", label.to_owned())
            .fact("why", "there is no dash in the label");
        sink.push(finding);
        return None;
    }
    Some(label.to_owned())
}

fn fstab_line(backup: &Backup<'_>, label: &str, sink: &mut Sink) {
    let Some(bytes) = backup.contents(FSTAB) else {
        if !backup.host.tree.files.contains_key(FSTAB) && !backup.host.tree.incomplete {
            sink.push(Finding::new(Code::HostFstab).fact("why", "there is no etc/fstab"));
        }
        return;
    };
    let entries = fstab::parse(bytes);
    let is_there = entries
        .iter()
        .any(|entry| entry.file == "/boot/efi" && entry.spec.starts_with("LABEL="));
    if !is_there {
        let mut finding = Finding::new(Code::HostFstab)
            .member(FSTAB.as_bytes())
            .fact("root_label", label.to_owned())
            .fact("stage", "after the root was formatted");
        if let Some(offset) = backup.place(FSTAB) {
            finding = finding.at(offset);
        }
        sink.push(finding);
    }
}

/// Whether the files fit on the spare partition, to which they are unpacked first.
fn room(host: &HostBackup, inventory: Option<&Inventory>, sink: &mut Sink) {
    let bytes = host
        .folders
        .values()
        .fold(0_u64, |sum, folder| sum.saturating_add(folder.bytes));
    let is_old = inventory.is_some_and(|inventory| inventory.get("PARTITION_LAYOUT").is_none());
    let room = if is_old {
        sizes::BEFORE_7
    } else {
        sizes::BACKUP
    };
    if bytes > room {
        let finding = Finding::new(Code::HostSize)
            .fact("bytes", bytes)
            .fact("room", room)
            .fact("stage", "after the spare partition was formatted");
        sink.push(finding);
    }
}

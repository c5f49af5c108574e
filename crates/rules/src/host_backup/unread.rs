//! Files that a restore hangs on, which are there and whose contents are not known. Nothing is called sound with them.

use xenspect_host::boot::CONFIGS;
use xenspect_host::files::{FSTAB, INVENTORY, POOL_CONF};
use xenspect_model::diff::FileKind;
use xenspect_model::{Code, Finding};

use super::Backup;
use super::ruling::{Point, Ruling};

/// Nothing to source: there is no inventory, or one that is no file.
pub(super) fn no_inventory(backup: &Backup<'_>, ruling: &mut Ruling) {
    let finding = Finding::new(Code::HostInventoryMissing);
    match backup.host.tree.files.get(INVENTORY).map(|state| state.is) {
        None => ruling.stop(Point::Sourcing, finding),
        Some(is) if is_no_file(is) => {
            let finding = finding.member(INVENTORY.as_bytes()).fact("is", words(is));
            ruling.stop(Point::Sourcing, finding);
        }
        Some(_) => {}
    }
}

/// The other ones, and an inventory that a shell may find.
pub(super) fn check(backup: &Backup<'_>, ruling: &mut Ruling) {
    if !backup.is_whole() {
        return;
    }
    // Of several configurations the first one is taken.
    let config = CONFIGS.into_iter().find(|path| backup.has(path));
    let needed = [INVENTORY, POOL_CONF, FSTAB];
    for path in needed.into_iter().chain(config) {
        let Some(state) = backup.host.tree.files.get(path) else {
            continue;
        };
        let is_told = path == INVENTORY && is_no_file(state.is);
        if backup.contents(path).is_none() && !is_told {
            let finding = backup.about(Code::HostUnread, path);
            ruling.push(finding.fact("is", words(state.is)));
        }
    }
}

const fn is_no_file(is: FileKind) -> bool {
    !matches!(is, FileKind::File | FileKind::Symlink | FileKind::HardLink)
}

const fn words(is: FileKind) -> &'static str {
    match is {
        FileKind::File => "a file too large to be read",
        FileKind::Folder => "a folder",
        FileKind::Symlink => "a symbolic link",
        FileKind::HardLink => "a hard link to a file that was not read",
        FileKind::Device => "a device",
        FileKind::Fifo => "a FIFO",
        FileKind::Other => "no file",
    }
}

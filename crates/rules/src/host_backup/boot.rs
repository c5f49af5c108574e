//! Rules about what the installer needs to make the host start again (`formats/host-backup.md` section 5.2).

use xenspect_host::boot::{CONFIGS, LEGACY, Loader};
use xenspect_host::files::FSTAB;
use xenspect_host::inventory::Inventory;
use xenspect_model::{Code, Finding, Severity};

use super::Backup;
use super::inventory::is_before_7;
use super::ruling::{Point, Ruling, SINCE_8_2, UP_TO_8_2};

const EFI: &str = "boot/efi/";
const EXTLINUX: [&str; 2] = ["boot/extlinux.conf", "boot/extlinux/extlinux.conf"];

/// What of it could be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Seen {
    pub(super) loader: bool,
    pub(super) fstab: bool,
}

pub(super) fn check(
    backup: &Backup<'_>,
    inventory: Option<&Inventory>,
    ruling: &mut Ruling,
) -> Seen {
    let mounts_efi = backup.contents(FSTAB).map(has_line);
    let seen = Seen {
        loader: false,
        fstab: mounts_efi.is_some(),
    };
    // The installers that these rules are of do not list backups of 6.x.
    if inventory.is_some_and(is_before_7) {
        return seen;
    }
    let has_efi = backup.has_below(EFI);
    let config = CONFIGS.iter().position(|path| backup.has(path));
    // Before 2020 nothing of boot/efi was packed, so its line in fstab tells as well.
    let is_bios = matches!(config, Some(1..)) && !has_efi && mounts_efi == Some(false);
    let loader = match config {
        None => {
            if backup.is_whole() {
                no_loader(backup, inventory, has_efi, mounts_efi, ruling);
            }
            false
        }
        // Another one that is taken first may be in the part that is missing.
        Some(1..) if !backup.is_whole() => false,
        Some(index) => CONFIGS
            .get(index)
            .is_some_and(|path| label(backup, path, ruling)),
    };
    if config.is_some() && !has_efi && !is_bios && backup.is_whole() && has_boot(inventory) {
        ruling.stop(Point::Finishing, no_efi(inventory));
    }
    fstab(backup, mounts_efi, is_bios, ruling);
    Seen { loader, ..seen }
}

fn has_boot(inventory: Option<&Inventory>) -> bool {
    let layout = layout(inventory);
    layout.is_some_and(|layout| layout.split(',').any(|part| part.trim() == "BOOT"))
}

fn layout(inventory: Option<&Inventory>) -> Option<&str> {
    inventory?.get("PARTITION_LAYOUT")
}

fn no_efi(inventory: Option<&Inventory>) -> Finding {
    let layout = layout(inventory).unwrap_or_default();
    Finding::new(Code::HostEfi).fact("partition_layout", layout)
}

fn no_loader(
    backup: &Backup<'_>,
    inventory: Option<&Inventory>,
    has_efi: bool,
    mounts_efi: Option<bool>,
    ruling: &mut Ruling,
) {
    if let Some(path) = LEGACY.iter().find(|path| backup.has(path)) {
        let finding = backup.about(Code::HostBootLoaderLegacy, path);
        return ruling.stop(Point::Reading, finding);
    }
    // An empty mount point explains that there is no configuration below it.
    if has_boot(inventory) && !has_efi && mounts_efi != Some(false) {
        let finding = no_efi(inventory).fact("boot_loader_elsewhere", false);
        return ruling.stop(Point::Reading, finding);
    }
    let finding = Finding::new(Code::HostBootLoader);
    let finding = match EXTLINUX.iter().find(|path| backup.has(path)) {
        Some(path) => finding.fact("extlinux", *path),
        None => finding,
    };
    ruling.stop(Point::Reading, finding);
}

/// Whether the configuration names the root's label as the installer needs it. False if its contents are not known.
fn label(backup: &Backup<'_>, path: &str, ruling: &mut Ruling) -> bool {
    let Some(bytes) = backup.contents(path) else {
        return false;
    };
    let loader = Loader::parse(bytes);
    let finding = backup.about(Code::HostBootLabel, path);
    let finding = match loader.root_label() {
        Some(label) if label.contains('-') => return true,
        Some(label) => finding
            .fact("problem", "there is no dash in the label")
            .fact("label", label),
        None if !loader.has_entries() => finding.fact("problem", "there is no menu entry"),
        None if !loader.has_default() => finding.fact("problem", "there is no default entry"),
        None => finding.fact("problem", "the default entry has no root=LABEL="),
    };
    ruling.stop(Point::Finishing, finding);
    true
}

fn fstab(backup: &Backup<'_>, mounts_efi: Option<bool>, is_bios: bool, ruling: &mut Ruling) {
    let finding = match mounts_efi {
        Some(true) => return,
        Some(false) => backup
            .about(Code::HostFstab, FSTAB)
            .fact("problem", "no line LABEL=… /boot/efi"),
        None if backup.has(FSTAB) || !backup.is_whole() => return,
        None => Finding::new(Code::HostFstab).fact("problem", "there is no etc/fstab"),
    };
    if is_bios {
        // As it should be: only installers for UEFI miss it.
        let mut finding = finding
            .severity(Severity::Note)
            .fact("host_starts_by", "BIOS")
            .fact("reader", SINCE_8_2);
        finding.advice = None;
        ruling.taken_only(UP_TO_8_2, Point::Finishing, finding);
    } else {
        ruling.stop(Point::Finishing, finding);
    }
}

/// Whether a line is as the installer's pattern has it: `LABEL=` at the beginning of a line, white space, `/boot/efi`, white
/// space, which the end of the line is too.
fn has_line(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    text.split_inclusive('\n').any(|line| {
        let Some(rest) = line.strip_prefix("LABEL=") else {
            return false;
        };
        let Some((label, rest)) = rest.split_once(char::is_whitespace) else {
            return false;
        };
        let behind = rest.trim_start().strip_prefix("/boot/efi");
        !label.is_empty() && behind.is_some_and(|behind| behind.starts_with(char::is_whitespace))
    })
}

#[cfg(test)]
mod tests {
    use super::has_line;

    #[test]
    fn the_line_as_the_installer_looks_for_it() {
        for (text, expected) in [
            ("LABEL=BOOT-A /boot/efi vfat\n", true),
            ("# x\nLABEL=BOOT-A\t/boot/efi\n", true),
            ("LABEL=BOOT-A /boot/efi", false),
            (" LABEL=BOOT-A /boot/efi vfat\n", false),
            ("LABEL= /boot/efi vfat\n", false),
            ("UUID=1-2 /boot/efi vfat\n", false),
            ("LABEL=BOOT-A /boot/efi2 vfat\n", false),
            ("LABEL=BOOT-A /boot vfat\n", false),
            ("", false),
        ] {
            assert_eq!(has_line(text.as_bytes()), expected, "{text:?}");
        }
    }
}

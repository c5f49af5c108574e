//! Faults of what the installer needs to make the host start, and of room (`formats/host-backup.md` sections 5.2 and 6).

use super::HostFault as Fault;
use crate::envelope::Envelope;
use crate::host_backup::entry::{Entry, What};
use crate::host_backup::{HostBackup, INVENTORY};

const GRUB: &str = "boot/efi/EFI/xenserver/grub.cfg";
const LOADER: &str = "boot/efi/EFI/xenserver/grubx64.efi";
const FSTAB: &str = "etc/fstab";
const LABEL: &[&str] = &["host/boot-label"];
const LINE: &[&str] = &["host/fstab-line"];
const GIB: u64 = 1 << 30;

pub(super) static FAULTS: &[Fault] = &[
    Fault::new(
        "boot-loader-missing",
        "there is no grub.cfg",
        &["host/boot-loader-missing"],
        |backup| backup.remove(GRUB),
    ),
    Fault::new(
        "boot-loader-legacy",
        "the host starts by legacy GRUB",
        &["host/boot-loader-legacy"],
        |backup| {
            let menu = "default 0\ntitle XCP-ng\n root (hd0,0)\n kernel /boot/xen.gz\n";
            backup.add_behind("boot", "./boot/grub/", What::Folder)?;
            backup.add_behind("boot/grub", "./boot/grub/menu.lst", file(menu))?;
            backup.remove(GRUB)
        },
    ),
    Fault::new(
        "boot-loader-extlinux",
        "a host of 8.2 with BIOS has the boot loader of 6.5",
        &["host/boot-loader-missing", "host/fstab-line"],
        |backup| {
            let name = "./boot/extlinux.conf";
            backup.add_behind("boot", name, file("default xe\n"))?;
            backup.remove("boot/grub/grub.cfg")
        },
    )
    .of("bios"),
    Fault::new(
        "boot-no-entry",
        "grub.cfg has no menu entry",
        LABEL,
        |backup| backup.put(GRUB, "set default=0\nset timeout=5\n"),
    ),
    Fault::new(
        "boot-default-missing",
        "the default entry of grub.cfg is not there",
        LABEL,
        |backup| backup.replace(GRUB, "set default=0", "set default=7"),
    ),
    Fault::new(
        "boot-root-by-device",
        "the default entry names the root by its device",
        LABEL,
        |backup| {
            let text = String::from_utf8(backup.file(GRUB)?.to_vec()).ok()?;
            backup.put(
                GRUB,
                text.replacen("root=LABEL=root-vgdafu", "root=/dev/sda1", 1),
            )
        },
    ),
    Fault::new(
        "boot-label-without-dash",
        "the label of the root has no dash",
        LABEL,
        |backup| {
            let text = String::from_utf8(backup.file(GRUB)?.to_vec()).ok()?;
            backup.put(GRUB, text.replace("root-vgdafu", "rootvgdafu"))
        },
    ),
    Fault::new("fstab-missing", "there is no etc/fstab", LINE, |backup| {
        backup.remove(FSTAB)
    }),
    Fault::new(
        "fstab-without-boot-efi",
        "etc/fstab does not mount boot/efi",
        LINE,
        |backup| backup.replace(FSTAB, "/boot/efi", "/boot/other"),
    ),
    Fault::new(
        "fstab-boot-efi-by-uuid",
        "etc/fstab names the partition of boot/efi by uuid",
        LINE,
        |backup| backup.replace(FSTAB, "LABEL=BOOT-VGDAFU", "UUID=1234-ABCD"),
    ),
    Fault::new(
        "boot-efi-empty",
        "nothing of boot/efi is packed, as before 2020",
        &["host/boot-efi-missing"],
        without_efi,
    ),
    Fault::new(
        "boot-efi-empty-grub-elsewhere",
        "nothing of boot/efi is packed, and there is a boot/grub/grub.cfg",
        &["host/boot-efi-missing"],
        |backup| {
            let grub = backup.file(GRUB)?.to_vec();
            backup.add_behind("boot", "./boot/grub/", What::Folder)?;
            backup.add_behind("boot/grub", "./boot/grub/grub.cfg", What::File(grub))?;
            without_efi(backup)
        },
    ),
    Fault::new(
        "boot-efi-in-root",
        "boot/efi is a folder of the root, so that tar packs it twice: the second time as hard links",
        &[],
        twice,
    ),
    Fault::new(
        "boot-efi-packed-twice",
        "boot/efi is packed as a part of the root and by itself, whole both times",
        &[],
        |backup| packed_twice(backup, false),
    ),
    Fault::new(
        "boot-efi-emptied-the-second-time",
        "boot/efi is packed twice, and the boot loader is empty the second time",
        &["host/name-repeated"],
        |backup| packed_twice(backup, true),
    ),
    Fault::new(
        "boot-efi-emptied",
        "an empty boot loader stands behind all else",
        &["host/name-repeated"],
        |backup| {
            let mut last = backup.entry_mut(LOADER)?.clone();
            last.what = file("");
            backup.entries.push(last);
            Some(())
        },
    ),
    Fault::new(
        "too-large",
        "a file of 19 GiB is in root's folder",
        &["host/too-large", "host/not-gzip"],
        |backup| large(backup, 19 * GIB),
    ),
    Fault::new(
        "too-large-for-6.5",
        "a file of 5 GiB is in the folder of root of a host of 6.5",
        &["host/too-large", "host/not-gzip"],
        |backup| large(backup, 5 * GIB),
    )
    .of("xenserver-6.5"),
    Fault::new(
        "sparse-larger-than-partition",
        "a file of 30 GiB is nearly all holes, which take no room",
        &[],
        |backup| {
            let what = What::Sparse {
                length: 30 * GIB,
                pieces: vec![(29 * GIB, vec![1; 4096])],
            };
            backup.add_behind("root", "./root/sparse.img", what)
        },
    ),
    Fault::new(
        "layout-without-boot",
        "PARTITION_LAYOUT has no BOOT and nothing of boot/efi is packed",
        &["host/boot-loader-missing"],
        |backup| {
            backup.replace(INVENTORY, "BOOT,", "")?;
            without_efi(backup)
        },
    ),
];

fn file(text: &str) -> What {
    What::File(text.as_bytes().to_vec())
}

fn without_efi(backup: &mut HostBackup) -> Option<()> {
    let before = backup.entries.len();
    backup
        .entries
        .retain(|entry| entry.name.starts_with("./") || !entry.path().starts_with("boot/efi"));
    (backup.entries.len() < before).then_some(())
}

fn twice(backup: &mut HostBackup) -> Option<()> {
    let is_second = |entry: &Entry| entry.name.starts_with("boot/efi");
    let at = backup.entries.iter().position(is_second)?;
    let mut first = backup.entries[at..].to_vec();
    for (again, first) in backup.entries[at..].iter_mut().zip(&mut first) {
        first.name.insert_str(0, "./");
        if again.what != What::Folder {
            again.what = What::HardLink(first.name.clone());
        }
    }
    // The mount point itself is there already.
    let first = first.into_iter().skip(1);
    backup.entries.splice(at..at, first);
    Some(())
}

/// As by a tar that does not know its own hard links.
fn packed_twice(backup: &mut HostBackup, emptied: bool) -> Option<()> {
    twice(backup)?;
    let files: Vec<_> = backup
        .entries
        .iter()
        .filter(|entry| matches!(entry.what, What::File(_)))
        .map(|entry| (entry.path().to_owned(), entry.what.clone()))
        .collect();
    let again = backup.entries.iter_mut();
    for entry in again.filter(|entry| entry.name.starts_with("boot/efi")) {
        let first = files.iter().find(|(path, _)| path == entry.path());
        if let Some((_, what)) = first {
            entry.what = what.clone();
        }
    }
    if emptied {
        backup.put(LOADER, "")?;
    }
    Some(())
}

/// In an envelope in which zeros are soon packed and unpacked.
fn large(backup: &mut HostBackup, length: u64) -> Option<()> {
    backup.envelope = Envelope::Zstd;
    backup.add_behind("root", "./root/image.raw", What::Zeros(length))
}

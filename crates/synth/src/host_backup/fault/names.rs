//! Faults of names, links and headers that GNU tar would not write (`formats/host-backup.md` section 2).

use super::HostFault as Fault;
use crate::host_backup::entry::{Entry, What};
use crate::host_backup::{HostBackup, INVENTORY};

const CLIMBS: &[&str] = &["host/name-climbs"];
const UNPACKED: &[&str] = &["host/not-unpacked"];
const FSTAB: &str = "etc/fstab";
const OUT: &[&str] = &["host/link-leads-out"];

pub(super) static FAULTS: &[Fault] = &[
    Fault::new(
        "absolute-name",
        "a member is called /etc/cron.d/x",
        CLIMBS,
        |backup| backup.add_behind("etc", "/etc/cron.d/x", file("x\n")),
    ),
    Fault::new(
        "climbing-name",
        "a member is called ./../etc/cron.d/x",
        CLIMBS,
        |backup| backup.add_behind("etc", "./../etc/cron.d/x", file("x\n")),
    ),
    Fault::new(
        "climbing-name-within",
        "a member is called ./etc/../../x",
        CLIMBS,
        |backup| backup.add_behind("etc", "./etc/../../x", file("x\n")),
    ),
    Fault::new(
        "symbolic-link-out",
        "a symbolic link climbs above the root",
        OUT,
        |backup| {
            let to = What::Symlink("../../outside".to_owned());
            backup.add_behind("etc", "./etc/link", to)
        },
    ),
    Fault::new(
        "hard-link-out",
        "a hard link is to ../outside",
        OUT,
        |backup| {
            let to = What::HardLink("../outside".to_owned());
            backup.add_behind("etc", "./etc/link", to)
        },
    ),
    Fault::new(
        "hard-link-absolute",
        "a hard link is to /etc/shadow",
        OUT,
        |backup| {
            let to = What::HardLink("/etc/shadow".to_owned());
            backup.add_behind("etc", "./etc/link", to)
        },
    ),
    Fault::new(
        "symbolic-link-absolute",
        "a symbolic link is absolute, as many on a host are",
        &[],
        |backup| {
            let to = What::Symlink("/usr/bin/bash".to_owned());
            backup.add_behind("etc", "./etc/link", to)
        },
    ),
    Fault::new(
        "name-through-link",
        "a file is below a symbolic link to a folder of the tree",
        &["host/name-through-link"],
        |backup| {
            backup.add_behind("etc", "./etc/linked/passwd", file("root::0:0:\n"))?;
            backup.add_behind("etc", "./etc/linked", What::Symlink("xensource".to_owned()))
        },
    ),
    Fault::new(
        "name-through-absolute-link",
        "a file is in a folder below a symbolic link that is absolute",
        &["host/name-through-link"],
        |backup| {
            backup.add_behind("etc", "./etc/linked/deep/passwd", file("root::0:0:\n"))?;
            backup.add_behind("etc", "./etc/linked", What::Symlink("/etc".to_owned()))
        },
    ),
    Fault::new(
        "name-below-file",
        "a file is below etc/fstab, which is a file",
        UNPACKED,
        |backup| backup.add_behind("etc/fstab", "./etc/fstab/x", file("x\n")),
    ),
    Fault::new(
        "file-over-folder",
        "a file is called etc, behind the folder and all that is in it",
        &["host/not-unpacked", "host/name-repeated"],
        |backup| {
            let last = backup.entries.last()?.path().to_owned();
            backup.add_behind(&last, "./etc", file("x\n"))
        },
    ),
    Fault::new(
        "hard-link-to-nothing",
        "a hard link is to a file that is not in the backup",
        UNPACKED,
        |backup| {
            let to = What::HardLink("./etc/absent".to_owned());
            backup.add_behind("etc", "./etc/link", to)
        },
    ),
    Fault::new(
        "name-repeated",
        "pool.conf is there twice; the second counts",
        &["host/name-repeated"],
        |backup| {
            let path = "etc/xensource/pool.conf";
            backup.add_behind(path, "./etc/xensource/pool.conf", file("master"))?;
            let first = backup.entries.iter_mut().find(|entry| entry.path() == path);
            first?.what = file("broken");
            Some(())
        },
    ),
    Fault::new(
        "inventory-repeated",
        "the inventory is there again behind all else, with another primary disk and without ./",
        &["host/name-repeated"],
        |backup| {
            let text = String::from_utf8(backup.file(INVENTORY)?.to_vec()).ok()?;
            let text = text.replace("scsi-3600508b1001c001", "scsi-3600508b1001c009");
            let entry = Entry::new(INVENTORY, file(&text), 1_709_570_364);
            backup.entries.push(entry);
            Some(())
        },
    ),
    Fault::new(
        "first-member",
        "the archive begins with ./etc/",
        &["host/first-member"],
        |backup| {
            backup.entries.remove(0);
            let at = |path: &str| backup.entries.iter().position(|entry| entry.path() == path);
            let etc = backup.entries.remove(at("etc")?);
            backup.entries.insert(0, etc);
            Some(())
        },
    ),
    Fault::new(
        "hostile-name",
        "a name and the target of a link have control characters",
        &[],
        |backup| {
            let to = What::Symlink("x\u{1b}[2J\u{202e}y".to_owned());
            backup.add_behind("etc", "./etc/\u{1b}[31mred\nline", to)
        },
    ),
    Fault::new(
        "hard-link-to-folder",
        "a hard link is to the folder etc/xensource, which stands before it",
        UNPACKED,
        |backup| {
            let to = What::HardLink("./etc/xensource/".to_owned());
            backup.add_behind("etc/xensource", "./etc/link", to)
        },
    ),
    Fault::new(
        "hard-link-without-target",
        "a hard link has no target, for which tar takes the root",
        UNPACKED,
        |backup| backup.add_behind("etc", "./etc/link", What::HardLink(String::new())),
    ),
    Fault::new(
        "symbolic-link-without-target",
        "a symbolic link has no target",
        UNPACKED,
        |backup| backup.add_behind("etc", "./etc/link", What::Symlink(String::new())),
    ),
    Fault::new(
        "mode-no-number",
        "the mode of etc/fstab is no number",
        UNPACKED,
        |backup| set(backup, FSTAB, 100, b"garbage\0"),
    ),
    Fault::new(
        "mode-not-octal",
        "the mode of etc/fstab has nines",
        UNPACKED,
        |backup| set(backup, FSTAB, 100, b"0009999\0"),
    ),
    Fault::new(
        "mtime-no-number",
        "the time of change of etc/fstab is no number",
        UNPACKED,
        |backup| set(backup, FSTAB, 136, b"zzzzzzzzzzz\0"),
    ),
    Fault::new(
        "mtime-out-of-range",
        "the time of change of etc/fstab is in base 256 and has more than 64 bits",
        UNPACKED,
        |backup| set(backup, FSTAB, 136, &[&[0x80][..], &[0x7f; 11]].concat()),
    ),
    Fault::new(
        "mtime-before-1970",
        "the time of change of etc/fstab is before 1970, which tar takes",
        &[],
        |backup| set(backup, FSTAB, 136, &[0xff; 12]),
    ),
    Fault::new(
        "owner-no-number",
        "the number of the owner of etc/fstab is none, and tar goes by the name",
        &[],
        |backup| set(backup, FSTAB, 108, b"garbage\0"),
    ),
    Fault::new(
        "type-continued",
        "a file has the type of one that was begun in another volume",
        UNPACKED,
        |backup| typed(backup, b'M', "x\n"),
    ),
    Fault::new(
        "type-extended",
        "a file has the type of an extension header of Solaris",
        UNPACKED,
        |backup| typed(backup, b'X', "x\n"),
    ),
    Fault::new(
        "type-unknown",
        "a file has a type that nobody knows, which tar takes for a file",
        &[],
        |backup| typed(backup, b'Q', "x\n"),
    ),
    Fault::new(
        "folder-with-size",
        "a folder has a size and contents, which tar takes for headers",
        UNPACKED,
        |backup| typed(backup, b'5', "x\n"),
    ),
    Fault::new(
        "fifo-with-size",
        "a FIFO has a size and contents, which tar takes for headers",
        UNPACKED,
        |backup| typed(backup, b'6', "x\n"),
    ),
    Fault::new(
        "file-named-folder",
        "the name of a file that has contents ends in a slash",
        UNPACKED,
        |backup| backup.add_behind("etc", "./etc/odd/", file("x\n")),
    ),
];

/// Puts bytes into the header of a member, which has a right checksum all the same.
fn set(backup: &mut HostBackup, path: &str, at: usize, bytes: &[u8]) -> Option<()> {
    backup.entry_mut(path)?.set.push((at, bytes.to_vec()));
    Some(())
}

/// A file that says by its type that it is something else.
fn typed(backup: &mut HostBackup, flag: u8, text: &str) -> Option<()> {
    backup.add_behind("etc", "./etc/odd", file(text))?;
    set(backup, "etc/odd", 156, &[flag])
}

fn file(text: &str) -> What {
    What::File(text.as_bytes().to_vec())
}

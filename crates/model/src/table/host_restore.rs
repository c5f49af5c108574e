//! The rows of `host-restore/` codes: a host backup against the host that it would be restored to
//! (`formats/host-backup.md` sections 4 to 6). What an entry is made of is in the parent.

use super::{Entry, row};
use crate::code::Severity::*;

/// Number of codes whose rows are here.
pub(super) const COUNT: usize = 8;

/// In the order of the codes.
pub(super) static ROWS: [Entry; COUNT] = [
    row(
        Error,
        Some("RESTORE_SCRIPT_FAILED"),
        "the target has no spare partition",
        "host-restore unpacks to BACKUP_PARTITION of the running host's inventory, and ends with status 2 where that \
         is missing or empty. Nothing was formatted by then.",
        "Restore to a host that was installed with a spare partition (the installer makes one unless the disk is too \
         small), or install the host anew and restore the pool database alone (`xe pool-restore-database`).",
    ),
    row(
        Warning,
        None,
        "backup and target have two partition layouts",
        "7.0 brought a new layout of partitions, with a larger root, and logs and boot on partitions of their own. \
         host-restore looks at that from 8.0 on, and only for a backup of 6.x. The installer of one layout does not \
         list the backup of the other.",
        "Install the release that the backup is from, restore there, and upgrade afterwards.",
    ),
    row(
        Error,
        Some("RESTORE_SCRIPT_FAILED"),
        "the files do not fit on the target's partition",
        "The archive is unpacked to the spare partition, and copied from there to the root; both have 18 GiB since \
         7.0, and 4 GiB before. The spare partition is formatted first; when it is full, unpacking fails, and what \
         was there is lost. The figure for the room leaves out what the file system needs for itself.",
        "See which folders are large (`xenspect inspect`). If the host still runs, delete there what does not belong \
         on its root (images, copies, old logs) and take the backup again; otherwise restore to a host with the \
         layout of 7.0 or later.",
    ),
    row(
        Error,
        None,
        "the target's installer would not list a backup of a later platform",
        "The installer lists backups whose PLATFORM_VERSION is not above its own, and passes over others without a \
         message. What runs on the target stands here for the medium of its release.",
        "Start the second part of the restore from the installation medium of the release that the backup is from, or \
         a later one that still has restore.",
    ),
    row(
        Error,
        None,
        "the disk that the backup is bound to is not in the target",
        "The installer lists a backup only where PRIMARY_DISK of its inventory, a name below /dev/disk/by-id, is a \
         disk of this machine. After a change of the disk, or on another machine, it passes over the backup without \
         a message.",
        "After host-restore and before the installer is started, mount the spare partition and set PRIMARY_DISK in \
         its etc/xensource-inventory to the target's disk (`ls -l /dev/disk/by-id`); BACKUP_PARTITION there names \
         the same disk with `-part2`. The disk must have the layout of the backup.",
    ),
    row(
        Warning,
        None,
        "the host comes back as another product or version",
        "A restore brings back the product and version of the backup, whatever the target runs now. Updates that were \
         made since are gone, and in a pool the host must have the version of the coordinator to be let in.",
        "Update the host after the restore to the level of its pool. Take the installation medium of the release that \
         the backup is from.",
    ),
    row(
        Note,
        None,
        "which machine the target is",
        "The backup is compared with the target by INSTALLATION_UUID, by PRIMARY_DISK and by the MAC addresses of its \
         NICs. host-restore checks none of that: it restores to any host.",
        "Check that this is the machine that is meant. On another one NICs have other addresses, so interface-rename \
         gives them names anew, and the configuration of networks may not fit.",
    ),
    row(
        Warning,
        None,
        "a host with the identity of the backup is in a living pool",
        "The restored host has the uuids, the pool secret and the addresses of the backup. A pool that lives has a host \
         with that INSTALLATION_UUID, and it is not the target: two machines with one identity would be on the \
         network.",
        "Switch the other one off for good, and forget it in its pool (`xe host-forget uuid=<uuid>`), before the \
         restored host is started. Where it is to stay, install the target anew and join it to the pool instead.",
    ),
];

//! The rows of `host/` codes, about host backups (`formats/host-backup.md` sections 4, 5 and 10). What an entry is made of is
//! in the parent.

use super::{Entry, row};
use crate::code::Severity::*;

const TAKE_AGAIN: &str = "Copy the archive again from where it was made, and verify the copy. If the original shows the \
    same, take a new backup while the host runs (`xe host-backup file-name=<file>`), with enough room where it is \
    written.";
const TAMPERED: &str = "Treat this archive as tampered with: do not restore it on any host, and do not unpack it as root. \
    Compare it with an older backup (`xenspect diff OLD NEW`) and find out who changed it.";

/// Number of codes whose rows are here.
pub(super) const COUNT: usize = 36;

/// In the order of the codes.
pub(super) static ROWS: [Entry; COUNT] = [
    row(
        Warning,
        None,
        "the archive does not begin with the root",
        "`xe host-backup` runs GNU tar in the root folder, so the first member is `./`. Another first member \
         means that the archive was packed by hand, or joined from pieces, or that its beginning is lost.",
        "Find out how the archive was made. If a backup made by `xe host-backup` is at hand, prefer it; otherwise \
         look at the list (`xenspect ls`) before anything relies on this one.",
    ),
    row(
        Error,
        Some("RESTORE_SCRIPT_FAILED"),
        "the archive ends inside a file",
        "The archive is cut short: it ends within the contents of a file. The host sends neither length nor \
         checksum, so a client whose disk is full or whose connection is lost keeps what it has by then. \
         host-restore formats the spare partition, unpacks what is there, and fails.",
        TAKE_AGAIN,
    ),
    row(
        Error,
        None,
        "the archive ends between two files",
        "The two blocks of zeros at the end are missing: the archive is cut short at the end of a file or within a \
         header, and whatever followed is lost. tar takes an archive without the blocks for whole, so that \
         host-restore can end without an error and leave half a host.",
        TAKE_AGAIN,
    ),
    row(
        Warning,
        Some("RESTORE_SCRIPT_FAILED"),
        "the archive is not packed with gzip",
        "host-restore unpacks with `tar -xzp`, which takes gzip only. It fails at anything else, after it has \
         formatted the spare partition. `xe host-backup` writes gzip, so the archive was packed anew.",
        "Before a restore pack it with gzip: for a plain archive `gzip -c FILE > NEW.gz`, for zstd \
         `zstd -dc FILE | gzip -c > NEW.gz`. Verify the new file.",
    ),
    row(
        Error,
        Some("RESTORE_SCRIPT_FAILED"),
        "the host's inventory is missing",
        "host-restore unpacks the archive to the spare partition and then reads etc/xensource-inventory from it. \
         Without that file the script fails, after the spare partition was formatted and what was on it is lost; \
         the installer passes such a backup over without a word.",
        "Do not restore this backup: the spare partition of the host would be overwritten for nothing. Take an \
         older backup, or a new one while the host runs (`xe host-backup file-name=<file>`).",
    ),
    row(
        Error,
        None,
        "a file that the restore hangs on is there and was not read",
        "The inventory, the boot loader's configuration, etc/fstab and pool.conf are regular files on a host. Here one is \
         another name of a file that was not read, or a symbolic link, so what a restore would meet in it is not known.",
        "Look at what it leads to (`xenspect ls`, `xenspect cat`). On the host make it a file of its own and take the \
         backup again; a link that nobody there knows of means that the archive was tampered with.",
    ),
    row(
        Error,
        None,
        "the inventory lacks a key that the restore needs",
        "The installer lists a backup only if it finds PLATFORM_VERSION, PRIMARY_DISK and the names and version of \
         the product in its inventory. It stops at a missing PARTITION_LAYOUT once the backup was chosen, and at a \
         missing PRODUCT_BRAND when the root is formatted and copied already. xapi needs INSTALLATION_UUID, \
         CONTROL_DOMAIN_UUID and MANAGEMENT_INTERFACE to start. BUILD_NUMBER is needed by installers up to that of \
         8.2 only, PRODUCT_VERSION_TEXT by later ones only. The fact `reader` says who needs the key.",
        "Take another backup of this host. If there is none, unpack this one, add the key with the value that the \
         host had, and pack it anew with the options of `xe host-backup`.",
    ),
    row(
        Warning,
        None,
        "readers of the inventory disagree on a value",
        "xapi, the installer and the shell scripts of the restore read etc/xensource-inventory by three rules. \
         Where blanks or quotes make them disagree, a restore can pass one stage and fail at the next. Of a key \
         that is there twice all take the last one, which is only noted.",
        "Make the line one of the form KEY='value', once, in the host's own file, and take the backup again.",
    ),
    row(
        Error,
        None,
        "a value of the inventory would be executed",
        "host-restore sources the inventory of the backup as shell. A line that is no plain KEY='value', or a value \
         with quotes, `$`, backticks, `;`, `&`, `|`, `<`, `>` or a backslash in it, can run commands as root on the \
         host that is restored. Neither installer nor xapi writes such a line.",
        TAMPERED,
    ),
    row(
        Error,
        None,
        "the installer does not list a backup of this platform",
        "The installer passes over backups with a PLATFORM_VERSION below 2.1.0 (XenServer 7.0), and those whose \
         version it cannot read, without a message. host-restore does not look at it, so the spare partition is \
         formatted by then.",
        "Look at PLATFORM_VERSION in the host's own etc/xensource-inventory and correct it there, then take the \
         backup again. Nothing that `xe host-backup` packs on 7.0 or later has such a version.",
    ),
    row(
        Warning,
        Some("RESTORE_SCRIPT_FAILED"),
        "a backup of 6.x is refused by later hosts",
        "On hosts of 8.0 and later, host-restore refuses a backup of a product before 7 for its partition layout. \
         It does so after the spare partition was formatted and the archive was unpacked there. Installers of 7.0 \
         and later do not list it. What those need of boot loader and etc/fstab is not asked of such a backup.",
        "Install the release that the backup is from, restore there, and upgrade afterwards. Do not try it on a \
         later host: what is on its spare partition is lost.",
    ),
    row(
        Error,
        None,
        "the boot loader's configuration is missing",
        "The installer reads the first of boot/efi/EFI/xenserver/grub.cfg, boot/grub/grub.cfg and \
         boot/grub2/grub.cfg, and fails without any. It does so before it formats the root, but host-restore has \
         formatted the spare partition by then.",
        "Find out on the host where its boot loader's configuration is, and take the backup again. For a host that \
         is gone: install anew and restore the pool database instead.",
    ),
    row(
        Error,
        None,
        "the boot loader is legacy GRUB",
        "The only configuration is one of legacy GRUB (boot/grub/menu.lst or grub.conf), which the installer \
         refuses before it formats the root. host-restore has formatted the spare partition by then.",
        "Use an installation medium of the release that the backup is from, or install anew and restore the pool \
         database instead.",
    ),
    row(
        Error,
        None,
        "the root's label cannot be told from the boot loader's configuration",
        "The installer takes the label of the root from root=LABEL= in the default menu entry, and its second \
         part, behind the dash, for the partitions of logs and swap. It looks for them after the root and the EFI \
         partition were formatted and copied, so it stops with a host that does not boot.",
        "Correct grub.cfg on the host (`root=LABEL=root-xxxxxx` in the default entry) and take the backup again.",
    ),
    row(
        Error,
        None,
        "etc/fstab has no line for boot/efi",
        "The installer takes the label of the EFI partition from the line `LABEL=<label> /boot/efi` of etc/fstab. It \
         does so after the root was formatted and copied, and stops without that line with a host that does not \
         boot. Installers up to that of 8.2 ask for it on UEFI hosts only; later ones always, so a host that starts \
         by BIOS, which has no such line, is only noted.",
        "Add the line to etc/fstab on the host and take the backup again.",
    ),
    row(
        Error,
        None,
        "nothing is below boot/efi",
        "The host has a boot partition and starts by UEFI, and the archive has nothing of what is on that \
         partition: host-backup packed it as an empty mount point, as it did before the hotfixes of 2020 (7.6, 8.0 \
         and 8.1 never got one). Without another configuration of the boot loader the installer fails before it \
         formats the root; with one it restores a host that has no boot loader.",
        "Update the host to a level whose host-backup packs boot/efi, and take the backup again; until then keep a \
         copy of /boot/efi beside it. For a host that is gone: install anew and restore the pool database instead.",
    ),
    row(
        Error,
        Some("RESTORE_SCRIPT_FAILED"),
        "the files do not fit on the spare partition",
        "The root and the spare partition have 18 GiB since 7.0, and 4 GiB before; the file system takes some of \
         it for itself. The archive is unpacked to the spare partition, which is formatted first; when it is full, \
         the restore fails and what was there is lost. Where it is close, that is a warning.",
        "See which folders are large (`xenspect inspect`), delete what does not belong on the root of a host \
         (images, copies, old logs), and take the backup again.",
    ),
    row(
        Error,
        None,
        "there is no pool database in the backup",
        "`xe host-backup` puts a fresh dump of the pool into var/backup/pool-database-<stamp> before it packs. \
         Without one only the files of the host come back, with whatever var/lib/xcp/state.db holds.",
        "Keep a dump of the pool beside this backup (`xe pool-dump-database file-name=<file>`), and find out why \
         it is missing: xapi did not run, or the archive was made by hand.",
    ),
    row(
        Warning,
        None,
        "several pool databases are in the backup",
        "A run of host-backup that was killed leaves its dump in var/backup. The newest one is taken; the \
         operator who restores by hand has to choose.",
        "Restore from the one that the report names. On the host delete old files `/var/backup/pool-database-*`.",
    ),
    row(
        Error,
        None,
        "a pool database in the backup cannot be read",
        "The member is there, and is no database that xapi could read. A restore of the host brings back its \
         files, and not its pool.",
        "Take the pool database from another backup, or a new dump while the pool runs (`xe pool-dump-database \
         file-name=<file>`), and keep it beside this one.",
    ),
    row(
        Warning,
        None,
        "the fresh dump is older than the host's own database",
        "generation_count of var/backup/pool-database-<stamp> is below that of var/lib/xcp/state.db in the same \
         archive, although the dump is made just before packing. The dump is left over from an earlier run, or \
         the archive was put together from two.",
        "Use var/lib/xcp/state.db of this archive for a restore of the pool (`xenspect cat BACKUP \
         var/lib/xcp/state.db`), and verify it first.",
    ),
    row(
        Warning,
        None,
        "the dump is not from when the backup was made",
        "The time in the name of var/backup/pool-database-<stamp> is more than a day from that of the newest file in \
         the archive, or is not the time of the file itself. The dump is made when packing begins, and its name is \
         in the host's own time zone, for which up to 14 hours are allowed.",
        "See whether the host's clock was wrong, or whether the dump is left over from an earlier run; compare it \
         with a later one (`xenspect diff`) before you restore from it.",
    ),
    row(
        Error,
        None,
        "the host is not in its own pool database",
        "INSTALLATION_UUID of the inventory is the uuid of no host in the embedded database. The archive was put \
         together from two hosts, or was edited; a host that comes back so is unknown to its pool.",
        "Find a backup whose inventory and database belong together. If the database is right, restore that alone \
         on a fresh installation (`xenspect preflight`).",
    ),
    row(
        Warning,
        None,
        "the control domain is not that of the host in the pool database",
        "CONTROL_DOMAIN_UUID of the inventory is the uuid of no control domain in the embedded database, or of that \
         of another host: the archive was put together from two hosts, or was edited. xapi makes a new row for it \
         at its start, and the old one stays.",
        "Compare with an older backup of the host. After a restore look at `xe vm-list is-control-domain=true`.",
    ),
    row(
        Warning,
        None,
        "two files name two control domains",
        "XEN_DOM0_UUID of etc/sysconfig/xencommons, which Xen gives to the control domain at its start, is not \
         CONTROL_DOMAIN_UUID of the inventory, which xapi looks for. The installer writes the same into both: one of \
         the files was edited, or is of another host.",
        "Find out which of the two is right (the control domain's uuid in the pool database), and make both the same \
         in the host's own files before the next backup.",
    ),
    row(
        Error,
        None,
        "the role of the host is not the one in the database",
        "etc/xensource/pool.conf says whether this host is the coordinator of its pool or a member of it, and the \
         database says something else, or gives the coordinator another address. After a restore the host takes up \
         the role of the file; without a usable one xapi starts in emergency mode.",
        "Find out which of the two is right. A host that comes back as a second coordinator splits the pool: do \
         not connect it before pool.conf is corrected.",
    ),
    row(
        Warning,
        None,
        "the inventory and the database name two product versions",
        "PRODUCT_VERSION of the inventory differs from product_version in the software_version of the host's row. \
         The host was updated without a restart of xapi, or the database is older than the files.",
        "Take the backup again after the host has restarted with its update.",
    ),
    row(
        Warning,
        None,
        "the backup is of a member of a pool",
        "host-restore brings back this host only, with its role as a member of the coordinator that pool.conf \
         names. The pool's database comes back with the coordinator.",
        "Keep backups of the coordinator and dumps of the pool as well. To replace a member, a fresh installation \
         that joins the pool is quicker.",
    ),
    row(
        Error,
        None,
        "a name leads out of the tree",
        "A member's name is absolute or has a part `..`. host-restore unpacks as root and does not look at names \
         itself. GNU tar drops the slash in front, and leaves out a name with `..` and ends with an error; another \
         program could write anywhere. `xe host-backup` writes no such name.",
        TAMPERED,
    ),
    row(
        Error,
        None,
        "a link leads out of the tree",
        "A hard link names a file outside of the tree, or a relative symbolic link climbs above its root. With a \
         careless program, what is unpacked through it later lands elsewhere.",
        TAMPERED,
    ),
    row(
        Error,
        None,
        "a name leads through a symbolic link",
        "A folder in the name of a member is a symbolic link in the same archive. What is unpacked there lands where the \
         link leads, over another file of the host; where that is outside of the tree, GNU tar leaves the member out and \
         ends with an error. tar does not pack what is behind a link, so no host-backup has written this.",
        TAMPERED,
    ),
    row(
        Error,
        Some("RESTORE_SCRIPT_FAILED"),
        "tar cannot unpack a member",
        "A member stands below one that is a file, or a file in the place of a folder; or a hard link leads to a folder, or \
         to a file that is not there before it; or a symbolic link has no target; or the header holds no number where one \
         belongs, a size where there are no contents, or a type that is not unpacked. GNU tar leaves such a member out, or \
         makes something else of it, and ends with an error, and so host-restore fails, with the spare partition formatted. \
         No host-backup writes this: a part of the archive was lost, or it was edited.",
        TAKE_AGAIN,
    ),
    row(
        Warning,
        None,
        "a name is there twice",
        "Of two members with one name the later one is what is there after unpacking, and what was judged here. \
         `xe host-backup` packs no name twice but those below boot/efi: once with `./` in front, and once more without, the \
         same. Those are left out of this: something was added to the archive, or two were joined.",
        "Look at both members (`xenspect ls`), and find out how the archive was made before anything relies on it.",
    ),
    row(
        Warning,
        None,
        "others than its owner may read the backup",
        "The mode of the file lets the group or everybody read it, and it holds the hashes of passwords, the pool \
         secret and private keys.",
        "`chmod 600` the file. If others were logged on to this machine, think of the secrets as known to them.",
    ),
    row(
        Note,
        None,
        "the restored host is the old one",
        "After a restore the host has the uuids, the pool secret, the role and the addresses of the backup. Two \
         machines that are restored from one backup, or a new one beside the old, have the same of all that.",
        "Before the restored host is connected, make sure that the machine from which the backup was made is off \
         for good.",
    ),
    row(
        Note,
        None,
        "the backup holds passwords and keys",
        "It has the hashes of the root password, the pool secret, private keys and the logins of storage, as \
         every host backup does. Who can read the archive can log on to the pool.",
        "Keep the archive where only those can read it who may be root on the host (`chmod 600`), and encrypt it \
         before it leaves the house. `xenspect secrets` lists what is in it.",
    ),
];

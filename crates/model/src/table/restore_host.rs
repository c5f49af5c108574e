//! The rows of `restore/` codes about the file and the identity of the target (`formats/restore.md` sections 8.1 and
//! 8.2). What an entry is made of is in the parent.

use super::{Entry, NOTHING, row};
use crate::code::Severity::*;

/// Number of codes whose rows are here.
pub(super) const COUNT: usize = 23;

/// In the order of the codes.
pub(super) static ROWS: [Entry; COUNT] = [
    row(
        Error,
        Some("RESTORE_INCOMPATIBLE_VERSION"),
        "the dump's schema is older than the target's",
        "A restore takes a database only if its major and minor schema numbers are the running ones. xapi reads an \
         older dump, fills in what is missing, and then refuses it by its number: it upgrades a database at its own \
         start only, never on a restore. Product, build and vendor are not looked at.",
        "Install the level that the dump is from on the target, restore there, and update afterwards; the report has \
         the steps and the releases that have this schema.",
    ),
    row(
        Error,
        Some("RESTORE_INCOMPATIBLE_VERSION"),
        "the dump's schema is newer than the target's",
        "A restore takes a database only if its major and minor schema numbers are the running ones. A newer dump \
         mostly does not get that far: xapi reads it by its own schema, and ends with INTERNAL_ERROR at the first \
         column or table that it does not have. Without such a row or column it is refused by its number.",
        "Update the target to the level that the dump is from, or install that level, and restore there; the report \
         has the steps and the releases that have this schema.",
    ),
    row(
        Warning,
        None,
        "same schema number, another vendor or build",
        "The schema number in the manifest is the target's, so xapi accepts it, but the coordinator's \
         software_version names another product, version or build than the target. XenServer and XCP-ng share \
         numbers, and XCP-ng 8.3 keeps its version while the schema moves; some builds have reused a number for \
         columns of their own. Equal numbers therefore do not prove equal columns.",
        "Prefer a target with the build that the dump is from. Otherwise make the dry run on the target first (`xe \
         pool-restore-database file-name=<dump> dry-run=true`), which compares the columns, and keep the dump.",
    ),
    row(
        Error,
        Some("INTERNAL_ERROR"),
        "the target does not have this table",
        "The dump has rows in a table that the target's xapi does not know. It reads the document by its own schema \
         and ends with INTERNAL_ERROR at the first such table, before it compares schema numbers. A table without \
         rows is taken.",
        "Restore to a host with the level that the dump is from: on the target, `xe host-list \
         params=software-version` shows what runs. Do not delete rows from the dump to make it pass.",
    ),
    row(
        Error,
        Some("INTERNAL_ERROR"),
        "the target does not have this column",
        "Rows of the dump have a column that the target's xapi does not know. It reads the document by its own schema \
         and ends with INTERNAL_ERROR at the first such column, before it compares schema numbers. What the target \
         has is known from its own database, or else from the datamodel.",
        "Restore to a host with the level that the dump is from: on the target, `xe host-list \
         params=software-version` shows what runs. Do not delete columns from the dump to make it pass.",
    ),
    row(
        Error,
        Some("INTERNAL_ERROR"),
        "a column without default is not in the dump",
        "xapi adds columns that are missing with their default value. This one has none, so every row must have it, \
         and a restore ends with INTERNAL_ERROR. xapi never writes a dump without it: the file was changed, or put \
         together from others.",
        "Find the dump as xapi wrote it, or take it again (`xe pool-dump-database`). `xenspect verify` tells what \
         else was changed.",
    ),
    row(
        Error,
        Some("HANDLE_INVALID"),
        "a host lists a PIF that is not there",
        "The column PIFs of a host names a reference that no PIF has. In a restore xapi trusts this set, and does not \
         compute it anew: it looks up every PIF that the coordinator lists, and deletes every one that the others \
         list, so a restore ends with HANDLE_INVALID.",
        "Take the dump again (`xe pool-dump-database file-name=<dump>`) while the pool runs: a dump of a running xapi \
         has sets that fit. If the pool is gone, take the next older dump.",
    ),
    row(
        Warning,
        None,
        "a PIF that its host does not list",
        "The PIF says that it is the coordinator's, but the coordinator's set PIFs does not name it. A restore goes \
         by the set: this PIF is not checked against the target's NICs, and keeps its old MAC address and management \
         flag.",
        "Take the dump again while the pool runs. Otherwise compare the PIF after the restore (`xe pif-list \
         params=uuid,device,MAC,management`), and forget and introduce it anew where it is wrong: `xe pif-forget \
         uuid=<pif uuid>`, then `xe pif-scan host-uuid=<host uuid>`.",
    ),
    row(
        Warning,
        None,
        "the target's database of this pool is newer than the dump",
        "The target is in the pool of the dump, and the generation of its database, which counts changes, is higher. \
         A restore goes back to the state of the dump: VMs, disks, snapshots and settings made since are forgotten, \
         and disks appear without names when their SR is scanned.",
        "Make sure that going back is wanted. Keep the present state first: `xe pool-dump-database file-name=<new \
         file>` on the target.",
    ),
    row(
        Note,
        None,
        "how old the dump is",
        "The newest date in columns that xapi writes itself all the time, such as the last contact with a host. The \
         dump cannot be older; it can be somewhat newer. Whatever was made after it is not in it, and disks made \
         later have no names after the restore.",
        NOTHING,
    ),
    row(
        Error,
        Some("INTERNAL_ERROR"),
        "the target's inventory lacks a uuid",
        "A restore gives the coordinator's row the INSTALLATION_UUID and its control domain the CONTROL_DOMAIN_UUID \
         of /etc/xensource-inventory on the target. A key that is missing there ends the restore with INTERNAL_ERROR. \
         A text that is no uuid is taken by the restore, and makes a host that tools do not find.",
        "Look at `/etc/xensource-inventory` on the target. If a key is missing or its value is no uuid, the \
         installation was not finished or the file was edited: re-install the host, or put the value back from \
         `/etc/xensource-inventory` in a backup of it.",
    ),
    row(
        Error,
        None,
        "a uuid of the target is taken in the dump",
        "A restore gives the coordinator and its control domain the uuids of the target's inventory, and does not \
         look whether another row has them already. The dry run and the restore pass; after the reboot xapi finds two \
         rows with one uuid and does not start. The usual case is a target that was a member of this pool and kept \
         its inventory: its control domain is still in the dump.",
        "Re-install the target, which gives it new uuids, or restore to another host. Do not edit \
         /etc/xensource-inventory instead: the running xapi goes on with the uuids that it read when it started, and \
         its own database would no longer fit the file.",
    ),
    row(
        Note,
        None,
        "what the target was in this pool",
        "The target's uuids, name and address compared with those of the hosts in the dump: the old coordinator, a \
         former member, or a host that the dump does not know. Whatever it was, the restore makes it the coordinator, \
         and removes all other hosts.",
        "Check that this is the host that is meant.",
    ),
    row(
        Warning,
        None,
        "the target's pool is the one in the dump",
        "The target is, by its pool's uuid, still in the pool that the dump is of. The restore makes it the only host \
         and coordinator. xapi does not look whether another coordinator of this pool lives: after the restore it \
         asks the hosts in its database only, and that is itself alone.",
        "Before the restore make sure that the other hosts of the pool are off, or at least that none of their VMs \
         runs (`xe vm-list power-state=running` on the old coordinator). Two coordinators that use the same shared \
         storage destroy disks.",
    ),
    row(
        Note,
        None,
        "the target's own pool is replaced",
        "The target is in another pool than the dump's: mostly the pool of one that every new installation is. The \
         restore replaces its database. SRs and VMs that are only in it are forgotten; what is on the disks stays.",
        "If the target's pool holds anything that is needed, dump it first: `xe pool-dump-database file-name=<file>`.",
    ),
    row(
        Warning,
        None,
        "high availability was on",
        "The dump says that high availability is on, or that a redo log is written. The restored host knows neither \
         the other hosts nor the state of the heartbeat on the shared storage, and starts with the setting of the \
         dump.",
        "If the old pool can still be reached, switch it off there before the dump is taken: `xe pool-ha-disable`, or \
         `xe pool-disable-redo-log`. Otherwise, after the restore, run `xe pool-ha-disable`; if xapi does not come \
         up, `xe host-emergency-ha-disable --force` on the host. Switch it on again when all members are back.",
    ),
    row(
        Error,
        None,
        "a database left over on the target wins over the restored one",
        "Where HA or a redo log is or was on, xapi keeps /var/lib/xcp/ha_metadata.db or /var/lib/xcp/gen_metadata.db \
         beside its database. At its start it takes the candidate with the highest generation, and a restored \
         database has generation 0: xapi would come up with the left-over one, as if nothing had been restored.",
        "On the target: `xe pool-ha-disable` and `xe pool-disable-redo-log`, then move `/var/lib/xcp/ha_metadata.db` \
         and `/var/lib/xcp/gen_metadata.db`, each with its `.generation` file, out of that folder, before the \
         restore.",
    ),
    row(
        Warning,
        None,
        "the pool was a cluster",
        "The dump has clustering switched on, or SRs of type gfs2, which need it. What the cluster's daemon knows \
         (its members, its token) is in files on each host and not in a dump, so after the restore the rows describe \
         a cluster that does not exist, and gfs2 SRs cannot be plugged.",
        "Plan to remove the cluster after the restore and to make it anew when all members have joined: `xe \
         cluster-pool-force-destroy cluster-uuid=<uuid>`, then `xe cluster-pool-create`. Leave gfs2 SRs unplugged \
         until then, and make sure that no host of the old pool has them mounted.",
    ),
    row(
        Warning,
        None,
        "the hosts were joined to a directory",
        "The coordinator was joined to Active Directory or another directory (external_auth_type). The setting is in \
         the dump; the machine's account is in files of the old host and is not. After the restore users of the \
         directory cannot log in, while xapi believes that they can.",
        "Have the password of root at hand. After the restore leave and join again: `xe pool-disable-external-auth`, \
         then `xe pool-enable-external-auth auth-type=AD service-name=<domain> config:user=<user> \
         config:pass=<password>`.",
    ),
    row(
        Warning,
        None,
        "certificates are verified within the pool",
        "pool.tls_verification_enabled is set: hosts talk to each other only with certificates that the pool knows. \
         Certificates are files of each host and not in the dump, and a new installation has new ones. The \
         coordinator talks to itself without them; members that join, and storage or balancing servers with \
         certificates, can be refused.",
        "After the restore renew what the pool knows before members join: `xe \
         host-emergency-disable-tls-verification` on a host that is locked out, `xe host-refresh-server-certificate \
         host=<host>` for a new certificate, and `xe pool-enable-tls-verification` when all have joined.",
    ),
    row(
        Warning,
        None,
        "the pool secret was being changed",
        "pool.is_psr_pending is set: a change of the pool secret had begun and was not finished when the dump was \
         taken. The secret itself is not in the dump; the target keeps its own.",
        "After the restore, when all members have joined, run `xe pool-secret-rotate` once to come to a clean state.",
    ),
    row(
        Warning,
        None,
        "another licence edition",
        "The coordinator's edition in the dump is not the target's. xapi sets the edition of the host anew at its \
         start, by the licence that it finds. Features that the pool used can be off: what the dump says of them \
         stays, and does not work.",
        "Apply the licence after the restore: `xe host-apply-edition edition=<edition> host-uuid=<uuid> \
         license-server-address=<address> license-server-port=27000`; `xe host-license-view host-uuid=<uuid>` shows \
         the result.",
    ),
    row(
        Warning,
        None,
        "xapi does not take the file in this form",
        "xapi takes the XML text of a dump as it is. This file is packed, or it is a redo log, in which changes stand \
         behind a dump. Everything that is said of it is said of the database that is in it.",
        "Unpack it first (`gzip -dc FILE > pool.xml`, `zstd -dc FILE > pool.xml`), with a mask that lets only you read \
         it (`umask 077`). A redo log cannot be restored as it is: take a dump of the pool, or the next older one.",
    ),
];

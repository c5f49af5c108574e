//! What to do to restore the host itself, in order. What comes after it, for its database, is of `restore`.

use xenspect_model::preflight::{HostDatabase, HostRestore, Machine, Stage, Step};

use super::backup::Backup;
use crate::import::quoted;

/// Where most of it is done.
const TARGET: &str = "target";
/// The database that xapi starts with.
const STATE: &str = "var/lib/xcp/state.db";

fn step(title: &str, on: &str, note: impl Into<String>, commands: Vec<String>) -> Step {
    Step {
        title: title.to_owned(),
        on: Some(on.to_owned()),
        note: Some(note.into()),
        commands,
    }
}

/// The steps.
pub(super) fn of(backup: &Backup<'_>, answer: &HostRestore) -> Vec<Step> {
    let mut steps = Vec::new();
    let path = match backup.question.path {
        "-" => "<backup>".to_owned(),
        path if path.starts_with('-') => quoted(&format!("./{path}")),
        path => quoted(path),
    };
    let stops = |stage: Stage| {
        let mut stages = answer.stages.iter();
        stages.any(|known| known.stage == stage && known.accepted == Some(false))
    };
    match answer.accepted {
        Some(true) => {}
        Some(false) => steps.push(step(
            "Put right what stops the restore of the host, or restore the pool database alone",
            TARGET,
            "As things are the host would not come back from this backup; the stages say where it stops. Do not start \
             host-restore to try it: it formats the spare partition before it looks at the backup. Where nothing can be \
             put right, install the host anew with the release that the backup is from and restore the database \
             that is in it.",
            Vec::new(),
        )),
        None => steps.push(step(
            "Collect the facts that are missing",
            TARGET,
            "Whether the host would come back could not be told: the list of checks says what is missing. These are in \
             the target's inventory and its list of disks; put both beside the target's other facts.",
            vec![
                "cat /etc/xensource-inventory > xensource-inventory".to_owned(),
                "ls -1 /dev/disk/by-id > disks.txt".to_owned(),
            ],
        )),
    }
    old_machine(answer, &mut steps);
    keep(backup, &mut steps);
    unpack(backup, &path, &mut steps);
    if stops(Stage::InstallerLists) {
        edit(backup, &mut steps);
    }
    install(backup, &mut steps);
    afterwards(backup, answer, &mut steps);
    steps
}

/// Two machines with one identity.
fn old_machine(answer: &HostRestore, steps: &mut Vec<Step>) {
    let name = answer.comes_back_as.name.as_deref();
    let name = name.map_or_else(String::new, |name| format!(", {name},"));
    let said = format!(
        "The host{name} comes back with its old uuids, pool secret, role and addresses. Two machines that have them \
         disturb each other, and what both run on shared storage is destroyed."
    );
    match answer.machine {
        Machine::SameInstallation => {}
        Machine::InstalledAnew => steps.push(step(
            "Make sure that the target is the machine that the backup was made of",
            TARGET,
            format!(
                "It has the disk or NICs of that machine. If only these were moved here, the old one must be off. {said}"
            ),
            Vec::new(),
        )),
        Machine::Other | Machine::Unknown => steps.push(step(
            "Make sure that the machine that the backup was made of is off",
            "old host",
            said,
            Vec::new(),
        )),
    }
}

/// The restored host, and its pool.
fn afterwards(backup: &Backup<'_>, answer: &HostRestore, steps: &mut Vec<Step>) {
    match answer.database {
        HostDatabase::NotOnMember => {
            let role = backup.role_text().unwrap_or_default();
            steps.push(step(
                "Look whether the host is back in its pool",
                "coordinator",
                format!(
                    "It comes back as {role}. The pool database is not restored on a member: a host that is given one \
                     becomes a coordinator of its own, and the pool is split. If the coordinator is lost too, restore that \
                     first."
                ),
                vec!["xe host-list params=uuid,name-label,enabled,host-metrics-live".to_owned()],
            ));
        }
        HostDatabase::HostRestored => {
            let own = backup.generation(STATE).map_or_else(
                || "which is not in the backup or cannot be read".to_owned(),
                |generation| format!("generation {generation}"),
            );
            let dump = backup.dump.map(|(path, dump)| {
                let generation = dump.database.generation();
                let generation = generation.map_or_else(
                    || "of an unknown generation".to_owned(),
                    |generation| format!("generation {generation}"),
                );
                format!("{path}, {generation}")
            });
            steps.push(step(
                "See whether the restored host needs the dump at all",
                TARGET,
                format!(
                    "Nothing reads the dump by itself. The host starts with its own {STATE} of the backup ({own}), in which \
                     the other hosts of the pool are still known. The steps below put in {}, and the pool forgets its \
                     other hosts by that: take them only where the host's own database is missing, older or damaged.",
                    dump.unwrap_or_default()
                ),
                vec!["xe host-list params=uuid,name-label,address,enabled".to_owned()],
            ));
        }
        HostDatabase::None | HostDatabase::TargetAsItIs => {}
    }
}

/// What is lost otherwise.
fn keep(backup: &Backup<'_>, steps: &mut Vec<Step>) {
    let spare = backup.target.host.backup_partition.as_deref();
    let spare = spare
        .filter(|spare| !spare.is_empty())
        .map_or_else(|| "<BACKUP_PARTITION>".to_owned(), quoted);
    steps.push(step(
        "Keep a copy of what is on the spare partition",
        TARGET,
        "host-restore formats it first of all. After an upgrade it holds the version before, which is the way back.",
        vec![
            "mkdir -p /mnt/spare".to_owned(),
            format!("mount -o ro {spare} /mnt/spare"),
            "tar -C /mnt/spare -czf <other storage>/spare-partition.tar.gz .".to_owned(),
            "umount /mnt/spare".to_owned(),
        ],
    ));
}

fn unpack(backup: &Backup<'_>, path: &str, steps: &mut Vec<Step>) {
    let uuid = backup.target.host.installation_uuid.as_deref();
    let uuid = uuid
        .filter(|uuid| !uuid.is_empty())
        .map_or_else(|| "<host>".to_owned(), quoted);
    steps.push(step(
        "Unpack the backup to the spare partition",
        TARGET,
        "The spare partition is formatted. Keep a copy of the backup elsewhere, and verify it first: a damaged one fails \
         half way.",
        vec![
            format!("xenspect verify {path}"),
            format!("xe host-restore file-name={path} uuid={uuid}"),
        ],
    ));
}

/// The key by which the installer knows the machine.
fn edit(backup: &Backup<'_>, steps: &mut Vec<Step>) {
    let host = &backup.target.host;
    let (Some(ours), Some(theirs)) = (backup.filled("PRIMARY_DISK"), host.primary_disk.as_deref())
    else {
        return;
    };
    if ours == theirs {
        return;
    }
    let spare = host.backup_partition.as_deref();
    let spare = spare
        .filter(|spare| !spare.is_empty())
        .map_or_else(|| "<BACKUP_PARTITION>".to_owned(), quoted);
    steps.push(step(
        "Set the disk in the unpacked inventory",
        TARGET,
        format!(
            "The installer lists the backup only where its PRIMARY_DISK is a disk of the machine. Change PRIMARY_DISK \
             from {ours} to {theirs}, and the disk's name in BACKUP_PARTITION, and nothing else."
        ),
        vec![
            format!("mount {spare} /mnt/spare"),
            "vi /mnt/spare/etc/xensource-inventory".to_owned(),
            "umount /mnt/spare".to_owned(),
        ],
    ));
}

fn install(backup: &Backup<'_>, steps: &mut Vec<Step>) {
    let medium = backup
        .product()
        .unwrap_or_else(|| "the release that the backup is from".to_owned());
    steps.push(step(
        "Start the installer, and choose to restore from the backup",
        TARGET,
        format!(
            "From the installation medium of {medium}, or a later one that lists the backup. It formats the root and the EFI \
             partition and copies the backup there; local storage is not touched. Choose this backup by its version and \
             date if several are listed."
        ),
        vec!["reboot".to_owned()],
    ));
}

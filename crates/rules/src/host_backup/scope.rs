//! What was checked of a host backup and what could not be.

use xenspect_archive::tar;
use xenspect_host::boot::CONFIGS;
use xenspect_host::files::{FSTAB, INVENTORY, POOL_CONF};
use xenspect_model::Code;
use xenspect_model::catalog::{EmbeddedState, Ending};
use xenspect_model::report::Envelope;

use super::databases::Bases;
use super::{Backup, Looked};
use crate::Judgement;
use crate::scope::{count, envelope};

/// Databases and remarks that are named one by one.
const NAMED: usize = 20;

/// Sentences on what was checked.
pub(super) fn checked(
    backup: &Backup<'_>,
    bases: &Bases<'_>,
    looked: &Looked,
    judgement: &Judgement,
) -> Vec<String> {
    let host = backup.host;
    let mut checked = vec![format!(
        "Header, name and links of {}",
        count(host.members, "member")
    )];
    let wrong = [
        Code::EnvelopeTruncated,
        Code::EnvelopeCorrupt,
        Code::EnvelopeWindow,
        Code::SourceReadError,
    ];
    let reached = !matches!(
        host.ending,
        Ending::Broken { .. } | Ending::Interrupted { .. } | Ending::NotRead { .. }
    );
    let is_wrong = |code: Code| wrong.contains(&code);
    if reached
        && !judgement
            .findings
            .iter()
            .any(|finding| is_wrong(finding.code))
    {
        checked.extend(envelope(host.envelope, host.frames_without_checksum));
    }
    if looked.inventory {
        checked
            .push("etc/xensource-inventory, as xapi, the installer and a shell read it".to_owned());
    }
    match (looked.loader, looked.fstab) {
        (true, true) => checked.push(
            "Boot loader, label of the root and etc/fstab, as the installer needs them".to_owned(),
        ),
        (true, false) => {
            checked
                .push("Boot loader and label of the root, as the installer needs them".to_owned());
        }
        _ => {}
    }
    let databases = host.databases.iter().filter_map(|base| match &base.state {
        EmbeddedState::Read(dump) => Some(format!(
            "{}: XML, references, values and uuids of {} in {}",
            base.path,
            count(dump.database.row_count() as u64, "row"),
            count(dump.database.tables().len() as u64, "table")
        )),
        _ => None,
    });
    checked.extend(first(databases, "pool database"));
    if looked.inventory && bases.preferred().is_some_and(|found| found.whole) {
        checked.push(
            "Uuid, control domain, role and product version of the host against its pool database"
                .to_owned(),
        );
    }
    if backup.is_whole() {
        checked.push("Room for the files on the spare partition".to_owned());
    }
    checked
}

/// The first of some sentences, and how many more there are.
fn first(mut all: impl Iterator<Item = String>, thing: &str) -> Vec<String> {
    let mut shown: Vec<String> = all.by_ref().take(NAMED).collect();
    match all.count() as u64 {
        0 => {}
        more => shown.push(format!("And {}", count(more, &format!("further {thing}")))),
    }
    shown
}

/// Sentences on what was not checked.
pub(super) fn not_checked(backup: &Backup<'_>, bases: &Bases<'_>, looked: &Looked) -> Vec<String> {
    let host = backup.host;
    let mut open = Vec::new();
    match &host.ending {
        Ending::Interrupted { .. } => open.push("Everything behind the interruption".to_owned()),
        Ending::Tar(tar::Ending::Complete | tar::Ending::SingleZeroBlock) => {}
        _ => open.push("Whatever followed the end of what is there".to_owned()),
    }
    let missing = not_reached(backup);
    if !missing.is_empty() {
        open.push(format!(
            "Whether the backup has {}: a part of the archive is missing or was not read",
            missing.join(", ")
        ));
    }
    let unread = unread(backup, looked);
    if !unread.is_empty() {
        open.push(format!(
            "What is in {}: it was not read, or may not be what counts",
            unread.join(", ")
        ));
    }
    if looked.before_7 {
        open.push(
            "Boot loader and etc/fstab: what installers before 7.0 need is not known here"
                .to_owned(),
        );
    }
    if looked.inventory && !bases.preferred().is_some_and(|found| found.whole) {
        open.push(
            "The host against its pool database: there is none that was read whole".to_owned(),
        );
    }
    open.extend(first(host.tree.remarks.iter().cloned(), "remark"));
    open.push(
        match host.envelope {
            Envelope::Plain => {
                "Contents of files: a host backup has no checksums of its own, and nothing packs this one"
            }
            _ => {
                "Contents of files by themselves: a host backup has no checksums of its own, only the one of \
                 its compression"
            }
        }
        .to_owned(),
    );
    open.push(
        "Whether the files are those of the host's packages, and whether anything beside the inventory was tampered with"
            .to_owned(),
    );
    open.push(
        "Whether the machine it is restored on has the disk that PRIMARY_DISK names, and a spare partition".to_owned(),
    );
    open.push("Virtual disks and local storage: no part of a host backup".to_owned());
    open
}

/// Files that are there and decide something, and whose contents were not kept.
fn unread(backup: &Backup<'_>, looked: &Looked) -> Vec<&'static str> {
    let config = CONFIGS.into_iter().find(|path| backup.has(path));
    let files = [Some(INVENTORY), Some(POOL_CONF), Some(FSTAB), config];
    let mut unread: Vec<&str> = files
        .into_iter()
        .flatten()
        .filter(|path| backup.has(path) && backup.contents(path).is_none())
        .collect();
    // Of a part of an archive another configuration may come first.
    if let (Some(config), false, false) = (config, looked.loader, backup.is_whole())
        && !unread.contains(&config)
    {
        unread.push(config);
    }
    unread
}

/// What a backup has to have and what was not met, where it may be in the part that is missing.
fn not_reached(backup: &Backup<'_>) -> Vec<&'static str> {
    if backup.is_whole() {
        return Vec::new();
    }
    let mut missing = Vec::new();
    let mut look = |is_there: bool, name| {
        if !is_there {
            missing.push(name);
        }
    };
    look(backup.has(INVENTORY), INVENTORY);
    let dumps = &backup.host.databases;
    let has_dump = dumps
        .iter()
        .any(|base| super::databases::is_fresh(&base.path));
    look(has_dump, "var/backup/pool-database-<stamp>");
    look(backup.has(POOL_CONF), POOL_CONF);
    look(backup.has(FSTAB), FSTAB);
    look(
        CONFIGS.iter().any(|path| backup.has(path)),
        "a configuration of the boot loader",
    );
    look(backup.has_below("boot/efi/"), "the files of boot/efi");
    missing
}

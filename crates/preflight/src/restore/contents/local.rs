//! SRs that one host alone reaches, the disks below them, and those that the installation of the target made: checks
//! 37 and 38.

use xenspect_inventory::view::Sr;
use xenspect_inventory::{Record, Relation};
use xenspect_model::target::{Target, TargetSr};
use xenspect_model::{Code, Finding};

// The runbook asks as the checks do.
pub(in crate::restore) use super::suspended::lost_memory;
use super::{about, listed, named, uuid, word};
use crate::checks::Id;
use crate::restore::Restore;
use crate::verdicts::Verdicts;

/// Types of SRs on disks of one host.
const LOCAL: [&str; 9] = [
    "lvm",
    "ext",
    "ext3",
    "ext4",
    "xfs",
    "zfs",
    "btrfs",
    "largeblock",
    "file",
];

/// Whether something is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::restore) enum Presence {
    There,
    Gone,
    /// The facts are missing.
    Unknown,
}

/// SRs that a host alone reaches, with its PBD: not shared, and not drives or ISO images.
pub(in crate::restore) fn of_host<'a>(
    restore: &Restore<'a>,
    host: &Record<'a>,
) -> Vec<(Record<'a>, Record<'a>)> {
    let pbds = restore
        .relations
        .of_reference(Relation::PbdsOfHost, &host.reference());
    let pairs = pbds
        .iter()
        .filter_map(|pbd| Some((pbd.follow("SR")?, *pbd)));
    pairs
        .filter(|(sr, _)| sr.bool("shared") == Some(false) && !Sr(*sr).is_of_media())
        .collect()
}

/// Devices that a PBD names, by-id paths as a rule.
fn devices(pbd: &Record<'_>) -> Vec<String> {
    let device = pbd.map_text("device_config", "device").unwrap_or_default();
    let parts = device
        .split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty());
    parts.map(str::to_owned).collect()
}

/// The devices of a PBD that the target does not have, and whether they are all there.
pub(in crate::restore) fn presence(target: &Target, pbd: &Record<'_>) -> (Presence, Vec<String>) {
    let devices = devices(pbd);
    if devices.is_empty() {
        return (Presence::Unknown, Vec::new());
    }
    let mut unknown = false;
    let mut gone = Vec::new();
    for device in devices {
        match device_presence(target, &device) {
            Presence::There => {}
            Presence::Gone => gone.push(device),
            Presence::Unknown => unknown = true,
        }
    }
    match (gone.is_empty(), unknown) {
        (false, _) => (Presence::Gone, gone),
        (true, true) => (Presence::Unknown, gone),
        (true, false) => (Presence::There, gone),
    }
}

/// Whether the target has a device. A partition is there when it is listed, or when its disk is and no partitions of
/// that disk are. Names such as `/dev/sda3` say nothing where the target's disks are known by other names.
fn device_presence(target: &Target, device: &str) -> Presence {
    let Some(disks) = &target.disks else {
        return Presence::Unknown;
    };
    let paths = disks.iter().map(|disk| disk.path.as_str());
    let paths: Vec<_> = paths.chain(target.host.primary_disk.as_deref()).collect();
    if paths.contains(&device) {
        return Presence::There;
    }
    let disk = disk_of(device);
    let parts = paths
        .iter()
        .any(|path| disk_of(path) == disk && *path != disk);
    if paths.contains(&disk) && !parts {
        return Presence::There;
    }
    let folder = |path: &str| path.rsplit_once('/').map(|(folder, _)| folder.to_owned());
    let own = folder(device);
    if paths.is_empty() || paths.iter().any(|path| folder(path) == own) {
        Presence::Gone
    } else {
        Presence::Unknown
    }
}

/// The disk of a partition: `/dev/disk/by-id/scsi-1-part3` is on `/dev/disk/by-id/scsi-1`, `/dev/sda3` on `/dev/sda`,
/// `/dev/nvme0n1p3` on `/dev/nvme0n1`.
fn disk_of(device: &str) -> &str {
    let head = device.trim_end_matches(|c: char| c.is_ascii_digit());
    if head.len() == device.len() {
        return device;
    }
    if let Some(disk) = head.strip_suffix("-part") {
        return disk;
    }
    if device.starts_with("/dev/disk/") {
        return device;
    }
    match head.strip_suffix('p') {
        Some(disk) if disk.ends_with(|c: char| c.is_ascii_digit()) => disk,
        _ if head.starts_with("/dev/sd") || head.starts_with("/dev/hd") => head,
        _ => device,
    }
}

/// Check 37.
pub(super) fn check(restore: &Restore<'_>, verdicts: &mut Verdicts) {
    let check = Id::Restore(37);
    let Some(coordinator) = restore.coordinator else {
        return;
    };
    let srs = of_host(restore, &coordinator);
    if srs.is_empty() {
        verdicts.nothing(check);
    }
    for (sr, pbd) in &srs {
        let (presence, gone) = presence(restore.target, pbd);
        match presence {
            Presence::There => continue,
            Presence::Unknown => {
                let known = restore.target.disks.is_some();
                let fact = if known {
                    "the disks of a local SR by names that last"
                } else {
                    "the target's disks"
                };
                verdicts.lack(check, fact);
                continue;
            }
            Presence::Gone => {}
        }
        let vdis = restore
            .relations
            .of_reference(Relation::VdisOfSr, &sr.reference())
            .len();
        let name = sr.title();
        let advice = format!(
            "If the disk still exists, put it into the target before the restore. If it has another path there, then \
             afterwards `xe pbd-unplug uuid={0}`, `xe pbd-destroy uuid={0}`, \
             `xe pbd-create sr-uuid={1} host-uuid=<host> device-config:device=<path>` and `xe pbd-plug uuid=<new \
             PBD>`. If it is lost, `xe sr-forget uuid={1}`, and take the disks of {name} from another backup.",
            uuid(pbd),
            uuid(sr)
        );
        let finding = about(Code::RestoreLocalSrGone, sr)
            .fact("sr", &*name)
            .fact("uuid", uuid(sr))
            .fact("devices_missing", gone)
            .fact("vdis", vdis as u64)
            .advice(advice);
        verdicts.find(finding);
    }
}

/// Check 38.
pub(super) fn check_new(restore: &Restore<'_>, verdicts: &mut Verdicts) {
    let check = Id::Restore(38);
    let Some(srs) = &restore.target.srs else {
        verdicts.lack(check, "the target's SRs");
        return;
    };
    let is_there = |sr: &&TargetSr| {
        let known = restore.store.by_uuid(&sr.uuid);
        known.is_some_and(|record| record.class() == "SR")
    };
    let ours = restore
        .coordinator
        .map(|host| of_host(restore, &host))
        .unwrap_or_default();
    for sr in srs
        .iter()
        .filter(|sr| is_local(sr))
        .filter(|sr| !is_there(sr))
    {
        let name = sr.name.clone().unwrap_or_else(|| sr.uuid.clone());
        let kind = sr.kind.as_deref().unwrap_or("<type>");
        let mut finding = Finding::new(Code::RestoreLocalSrNew)
            .fact("sr", name.as_str())
            .fact("uuid", sr.uuid.as_str())
            .fact("type", kind);
        let mut advice = format!(
            "Before the restore note its device (`xe pbd-list sr-uuid={0} params=device-config`). Afterwards `xe \
             sr-introduce uuid={0} type={1} name-label=<name> content-type=user`, `xe pbd-create sr-uuid={0} \
             host-uuid=<host> device-config:device=<device>` and `xe pbd-plug uuid=<PBD>`.",
            word(&sr.uuid, "<sr>"),
            word(kind, "<type>")
        );
        if !ours.is_empty() {
            finding = finding.fact(
                "local_srs_of_dump",
                listed(ours.iter().map(|(sr, _)| named(sr))),
            );
            advice.push_str(
                " If the installation put it on the disk of a local SR of the dump, that one is overwritten: `xe \
                 sr-forget` it.",
            );
        }
        verdicts.find(finding.advice(advice));
    }
}

/// Whether an SR of the target is on disks of one host. The tools and ISO images are not.
fn is_local(sr: &TargetSr) -> bool {
    let kind = sr.kind.as_deref();
    sr.shared != Some(true)
        && sr.content_type.as_deref() != Some("iso")
        && kind.is_some_and(|kind| LOCAL.contains(&kind))
}

#[cfg(test)]
mod tests {
    use super::disk_of;

    #[test]
    fn partitions_have_disks() {
        for (device, disk) in [
            ("/dev/disk/by-id/scsi-36-part3", "/dev/disk/by-id/scsi-36"),
            ("/dev/disk/by-id/scsi-36", "/dev/disk/by-id/scsi-36"),
            ("/dev/sda3", "/dev/sda"),
            ("/dev/sda", "/dev/sda"),
            ("/dev/nvme0n1p3", "/dev/nvme0n1"),
            ("/dev/nvme0n1", "/dev/nvme0n1"),
            ("/dev/cciss/c0d0p3", "/dev/cciss/c0d0"),
            ("", ""),
        ] {
            assert_eq!(disk_of(device), disk);
        }
    }
}

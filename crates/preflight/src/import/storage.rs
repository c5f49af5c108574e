//! The SR that the disks of a full export go to: checks 4 and 5 of an import.

use std::collections::HashMap;

use xenspect_inventory::view::Disk;
use xenspect_model::catalog::Ending;
use xenspect_model::target::TargetSr;
use xenspect_model::{Code, Finding, Severity};

use super::{Import, Objects};
use crate::checks::Id;
use crate::verdicts::{Step, Verdicts};

/// Types whose disks take their whole size at once.
const THICK: [&str; 4] = ["lvm", "lvmoiscsi", "lvmohba", "lvmofcoe"];
/// Types whose disks grow as they are written.
const THIN: [&str; 8] = [
    "ext",
    "nfs",
    "smb",
    "xfs",
    "zfs",
    "largeblock",
    "linstor",
    "file",
];

/// Makes the checks.
pub(super) fn check(import: &Import<'_>, objects: Option<&Objects<'_>>, verdicts: &mut Verdicts) {
    if import.metadata_only {
        verdicts.nothing(Id::Import(4));
        return verdicts.nothing(Id::Import(5));
    }
    let Some(sr) = chosen(import, verdicts) else {
        return;
    };
    if matches!(sr.content_type.as_deref(), Some("iso"))
        || matches!(sr.kind.as_deref(), Some("iso" | "udev"))
    {
        let finding = about(sr, Finding::new(Code::ImportSrKind));
        return verdicts.refuse(Step::Parse, Vec::new(), finding);
    }
    room(import, objects, sr, verdicts);
}

/// The SR that was named, or the pool's default.
fn chosen<'a>(import: &Import<'a>, verdicts: &mut Verdicts) -> Option<&'a TargetSr> {
    let target = import.target;
    let default = || target.pool.as_ref()?.default_sr.as_deref();
    let named = import.manner.sr.as_deref();
    let Some(uuid) = named.or_else(default) else {
        verdicts.lack(Id::Import(4), "the target's default SR");
        verdicts.lack(Id::Import(5), "the target's default SR");
        return None;
    };
    if uuid.is_empty() {
        let finding = Finding::new(Code::ImportNoSr).fact("default_sr", "none");
        verdicts.refuse(Step::Parse, vec!["OpaqueRef:NULL".to_owned()], finding);
        return None;
    }
    let Some(srs) = &target.srs else {
        verdicts.lack(Id::Import(4), "the target's SRs");
        verdicts.lack(Id::Import(5), "the target's SRs");
        return None;
    };
    let found = srs.iter().find(|sr| sr.uuid == uuid);
    if found.is_none() {
        let mut finding = Finding::new(Code::ImportNoSr).fact("sr", uuid);
        let params = if named.is_some() {
            // What looking up the uuid of `sr-uuid=` ends with.
            finding.xapi_error = Some("UUID_INVALID".to_owned());
            vec!["SR".to_owned(), uuid.to_owned()]
        } else {
            vec![uuid.to_owned()]
        };
        verdicts.refuse(Step::Parse, params, finding);
    }
    found
}

/// The sizes of the disks against what is free.
fn room(
    import: &Import<'_>,
    objects: Option<&Objects<'_>>,
    sr: &TargetSr,
    verdicts: &mut Verdicts,
) {
    let check = Id::Import(5);
    let Some(objects) = objects else { return };
    let disks = objects.export.expected_disks();
    if disks.is_empty() {
        return verdicts.nothing(check);
    }
    let (Some(size), Some(used)) = (sr.size, sr.used) else {
        return verdicts.lack(check, "how much room is free in the target's SR");
    };
    let free = size.saturating_sub(used);
    let stored = stored(import);
    let (mut all, mut least, mut all_stored_known) = (0_u64, 0_u64, true);
    for disk in &disks {
        all = all.saturating_add(disk.virtual_size.unwrap_or_default());
        let on_source = || {
            let record = objects.store.resolve(&disk.id)?;
            Disk(record).used()
        };
        match stored.get(disk.id.as_str()).copied().or_else(on_source) {
            Some(bytes) => least = least.saturating_add(bytes),
            None => all_stored_known = false,
        }
    }
    let mut finding = about(sr, Finding::new(Code::ImportSrRoom))
        .fact("disks", disks.len() as u64)
        .fact("free_bytes", free)
        .fact("virtual_bytes", all);
    if all_stored_known {
        finding = finding.fact("stored_bytes", least);
    }
    let kind = sr.kind.as_deref().unwrap_or_default();
    let severity = if THICK.contains(&kind) {
        (all > free).then_some(Severity::Error)
    } else if all_stored_known && least > free {
        let known = THIN.contains(&kind);
        Some(if known {
            Severity::Error
        } else {
            Severity::Warning
        })
    } else {
        (all > free).then_some(Severity::Warning)
    };
    if let Some(severity) = severity {
        verdicts.find(finding.severity(severity));
    }
}

/// Bytes stored in the blocks of each disk, as far as a scan told.
fn stored<'a>(import: &Import<'a>) -> HashMap<&'a str, u64> {
    let Some(archive) = import.archive else {
        return HashMap::new();
    };
    match archive.ending {
        Ending::NotRead { .. } => {
            let extents = archive.extents.iter();
            extents
                .map(|extent| (extent.disk.as_str(), extent.stored))
                .collect()
        }
        Ending::Interrupted { .. } => HashMap::new(),
        _ => {
            let disks = archive.disks.iter();
            disks
                .map(|disk| (disk.shape.id.as_str(), disk.shape.stored))
                .collect()
        }
    }
}

fn about(sr: &TargetSr, finding: Finding) -> Finding {
    let mut finding = finding.fact("sr", sr.uuid.as_str());
    if let Some(name) = &sr.name {
        finding = finding.fact("name", name.as_str());
    }
    if let Some(kind) = &sr.kind {
        finding = finding.fact("type", kind.as_str());
    }
    finding
}

//! SRs and networks of another pool.

use xenspect_model::{Code, Finding, Severity};

use super::{Other, lack, listed, word};
use crate::restore::Restore;
use crate::verdicts::Verdicts;

pub(super) fn check(restore: &Restore<'_>, other: &Other<'_>, verdicts: &mut Verdicts) {
    srs(restore, other, verdicts);
    networks(restore, other, verdicts);
}

fn srs(restore: &Restore<'_>, other: &Other<'_>, verdicts: &mut Verdicts) {
    let Some(srs) = &other.target.srs else {
        lack(other, 3, "the SRs", verdicts);
        return;
    };
    for sr in srs {
        let ours = restore
            .store
            .by_uuid(&sr.uuid)
            .filter(|record| record.class() == "SR");
        let Some(ours) = ours else {
            continue;
        };
        let shared = ours.is("shared") || sr.shared == Some(true);
        let name = ours.title();
        let mut finding = Finding::new(Code::ClashSr)
            .table("SR")
            .row(&ours.reference())
            .column("uuid")
            .fact("sr", &*name)
            .fact("uuid", sr.uuid.as_str())
            .fact("shared", shared);
        if let Some(kind) = &sr.kind {
            finding = finding.fact("type", kind.as_str());
        }
        // ISO images are only read, and the target's own use of an SR ends with its database.
        let read_only = sr.content_type.as_deref() == Some("iso");
        let finding = if read_only || other.is_left_empty() {
            finding.severity(Severity::Note)
        } else if shared {
            finding.advice(format!(
                "Two pools must never use {name} at once: each believes that it alone changes it, and they destroy \
                 each other's disks. Before the restored pool plugs it, `xe pbd-unplug` all its PBDs in {0} and `xe \
                 sr-forget uuid={1}` there, or keep {0} off.",
                other.name,
                word(&sr.uuid, "<uuid>")
            ))
        } else {
            finding
        };
        verdicts.find(other.of(finding));
    }
}

/// One finding for all networks: that two pools know one by the same uuid harms nothing by itself.
fn networks(restore: &Restore<'_>, other: &Other<'_>, verdicts: &mut Verdicts) {
    let Some(networks) = &other.target.networks else {
        lack(other, 4, "the networks", verdicts);
        return;
    };
    let same = networks.iter().filter_map(|network| {
        let uuid = network.uuid.as_deref()?;
        let ours = restore.store.by_uuid(uuid)?;
        (ours.class() == "network").then(|| format!("{} ({uuid})", ours.title()))
    });
    let same: Vec<_> = same.collect();
    if same.is_empty() {
        return;
    }
    let finding = Finding::new(Code::ClashNetwork)
        .table("network")
        .column("uuid")
        .fact("count", same.len() as u64)
        .fact("networks", listed(same));
    verdicts.find(other.of(finding));
}

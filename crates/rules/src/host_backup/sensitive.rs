//! The files that hold secrets, counted by what they are about (`formats/host-backup.md` section 9). Their contents are not
//! looked at.

use std::collections::BTreeMap;

use xenspect_host::sensitive::Kind;
use xenspect_model::diff::FileKind;
use xenspect_model::{Code, Finding};

use super::Backup;
use super::ruling::Ruling;

pub(super) fn check(backup: &Backup<'_>, ruling: &mut Ruling) {
    let mut kinds: BTreeMap<Kind, u64> = BTreeMap::new();
    let files = backup.host.tree.files.iter();
    for (path, _) in files.filter(|(_, state)| state.is != FileKind::Folder) {
        if let Some(kind) = Kind::of(path) {
            let count = kinds.entry(kind).or_default();
            *count = count.saturating_add(1);
        }
    }
    if !kinds.is_empty() {
        let finding = Finding::new(Code::HostSensitive);
        let counted = kinds.into_iter().fold(finding, |finding, (kind, count)| {
            finding.fact(&kind.name().replace('-', "_"), count)
        });
        ruling.push(counted);
    }
    if backup.host.readable_by_others {
        ruling.push(Finding::new(Code::HostReadableByOthers));
    }
}

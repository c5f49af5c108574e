//! Room for the database: check 45. xapi writes the body to a temporary file, then `restore_db.db`, then the database
//! itself, all below `/var` (`formats/restore.md` section 2 and 6, 2).

use xenspect_model::{Code, Finding};

use crate::checks::Id;
use crate::restore::Restore;
use crate::verdicts::Verdicts;

/// Times that the dump is written.
const COPIES: u64 = 3;
/// The smallest disk that the installer takes, in bytes: 46 GiB.
const SMALLEST: u64 = 46 << 30;

pub(super) fn check(restore: &Restore<'_>, verdicts: &mut Verdicts) {
    let target = restore.target;
    let needed = restore.dump.stream_bytes.saturating_mul(COPIES);
    match target.free_bytes {
        Some(free) if free < needed => {
            let finding = Finding::new(Code::RestoreSpace)
                .fact("what", "/var/lib/xcp")
                .fact("free_bytes", free)
                .fact("needed_bytes", needed);
            verdicts.find(finding);
        }
        Some(_) => {}
        None => verdicts.lack(Id::Restore(45), "free space of /var/lib/xcp"),
    }
    let disks = target.disks.as_deref().unwrap_or_default();
    let primary = target.host.primary_disk.as_deref();
    let primary = disks
        .iter()
        .find(|disk| Some(disk.path.as_str()) == primary);
    if let Some((disk, size)) = primary.and_then(|disk| Some((disk, disk.size?)))
        && size < SMALLEST
    {
        let finding = Finding::new(Code::RestoreSpace)
            .fact("what", disk.path.as_str())
            .fact("size_bytes", size)
            .fact("needed_bytes", SMALLEST)
            .advice(
                "Install the host on a disk of 46 GiB or more: the installer takes no smaller one.",
            );
        verdicts.find(finding);
    }
}

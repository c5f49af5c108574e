//! SRs that the pool names for what is made or written by default: check 40.

use xenspect_model::Code;

use super::{about, uuid};
use crate::checks::Id;
use crate::restore::Restore;
use crate::verdicts::Verdicts;

/// The column, the parameter of `xe pool-param-set`, and what the SR is for.
const NAMED: [(&str, &str, &str); 3] = [
    ("default_SR", "default-SR", "new disks"),
    (
        "suspend_image_SR",
        "suspend-image-SR",
        "the memory of suspended VMs",
    ),
    ("crash_dump_SR", "crash-dump-SR", "crash dumps"),
];

pub(super) fn check(restore: &Restore<'_>, verdicts: &mut Verdicts) {
    let Some(pool) = restore.pool else {
        verdicts.nothing(Id::Restore(40));
        return;
    };
    for (column, parameter, purpose) in NAMED {
        if pool.link(column).is_none() || pool.follow(column).is_some() {
            continue;
        }
        let finding = about(Code::RestoreDefaultSr, &pool)
            .column(column)
            .fact("named_for", purpose)
            .advice(format!(
                "After the restore name one that is there: `xe pool-param-set uuid={} {parameter}=<uuid of an SR>`.",
                uuid(&pool)
            ));
        verdicts.find(finding);
    }
}

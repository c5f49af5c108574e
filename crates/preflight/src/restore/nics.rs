//! NICs side by side: checks 11 and 24 to 33, and a renaming. xapi looks at nothing but names of devices
//! (`formats/restore.md` section 3, 4), so wires that were swapped pass, and a renaming can be the way out.
//!
//! `own` has the coordinator's PIFs, `listed` and `management` play through what xapi does with them, `table` puts both
//! sides next to one another, `stacked` looks at bonds, VLANs and tunnels, `address` and `naming` at what the host comes
//! up with, `renaming` proposes names.

mod address;
mod listed;
mod management;
mod naming;
mod own;
mod renaming;
mod stacked;
mod table;

use xenspect_model::preflight::{NicRow, Renaming};

use self::own::Own;
use super::Restore;
use crate::verdicts::Verdicts;

/// Makes the checks.
pub(super) fn check(
    restore: &Restore<'_>,
    verdicts: &mut Verdicts,
) -> (Vec<NicRow>, Option<Renaming>) {
    let own = Own::of(restore);
    let rows = table::of(restore, &own);
    let renaming = renaming::of(restore.target, &own);
    listed::check(restore, &own, &rows, verdicts);
    management::check(restore, &own, verdicts);
    table::check(restore, &own, &rows, renaming.as_ref(), verdicts);
    stacked::check(restore, &own, verdicts);
    address::check(restore, &own, verdicts);
    naming::check(restore, &own, verdicts);
    (rows, renaming)
}

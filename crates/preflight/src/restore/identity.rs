//! Uuids of the target, and what the pool was: checks 14 to 23.

mod former;
mod inventory;
mod pool;

use super::Restore;
use crate::verdicts::Verdicts;

/// Makes the checks.
pub(super) fn check(restore: &Restore<'_>, verdicts: &mut Verdicts) {
    inventory::check(restore, verdicts);
    former::check(restore, verdicts);
    pool::check(restore, verdicts);
}

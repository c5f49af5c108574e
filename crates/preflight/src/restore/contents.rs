//! Storage, VMs and hosts: checks 34 to 46.

use super::Restore;
use crate::verdicts::Verdicts;

/// Makes the checks.
pub(super) fn check(_restore: &Restore<'_>, _verdicts: &mut Verdicts) {}

/// What cannot be known from a dump.
pub(super) fn not_checked(_restore: &Restore<'_>) -> Vec<String> {
    Vec::new()
}

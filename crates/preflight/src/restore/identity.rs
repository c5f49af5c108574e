//! Uuids of the target, and what the pool was: checks 14 to 23.

use super::Restore;
use crate::verdicts::Verdicts;

/// Makes the checks.
pub(super) fn check(_restore: &Restore<'_>, _verdicts: &mut Verdicts) {}

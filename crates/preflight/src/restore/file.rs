//! The dump by itself: checks 1 to 3, 7 to 13.

use super::Restore;
use crate::verdicts::Verdicts;

/// Makes the checks.
pub(super) fn check(_restore: &Restore<'_>, _verdicts: &mut Verdicts) {}

//! NICs side by side: checks 24 to 33, and a renaming.

use xenspect_model::preflight::{NicRow, Renaming};

use super::Restore;
use crate::verdicts::Verdicts;

/// Makes the checks.
pub(super) fn check(
    _restore: &Restore<'_>,
    _verdicts: &mut Verdicts,
) -> (Vec<NicRow>, Option<Renaming>) {
    (Vec::new(), None)
}

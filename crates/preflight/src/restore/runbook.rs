//! What to do, in order.

use xenspect_model::preflight::{NicRow, Renaming, Step, VersionAnswer};

use super::Restore;
use crate::verdicts::Verdicts;

/// The steps of this restore.
pub(super) fn of(
    _restore: &Restore<'_>,
    _version: &VersionAnswer,
    _nics: &[NicRow],
    _renaming: Option<&Renaming>,
    _accepted: Option<bool>,
    _verdicts: &Verdicts,
) -> Vec<Step> {
    Vec::new()
}

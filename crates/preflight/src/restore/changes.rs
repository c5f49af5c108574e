//! What xapi rewrites (`formats/restore.md` section 3), and what it collects at its next start (section 6).

use xenspect_model::preflight::Changes;

use super::Restore;

/// What would be different afterwards.
pub(super) fn of(_restore: &Restore<'_>) -> Changes {
    Changes::default()
}

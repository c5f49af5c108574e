//! Whether a restore would be accepted, whether the host would boot with it, and what would change: a [`Catalog`] of a
//! backup is compared with the facts of a [`Target`] (`formats/restore.md`).
//!
//! What lives here: what xapi does with a restored database and an imported export, step by step, the checks that it
//! makes and those that it should make, and the runbook. What does not: reading either side, wording of codes,
//! rendering.

mod checks;
mod clash;
mod host;
mod import;
mod restore;
mod verdicts;

use xenspect_model::Catalog;
use xenspect_model::preflight::{PreflightReport, PreflightTarget};
use xenspect_model::report::Tool;
use xenspect_model::target::Target;

/// What something would be restored to, and what told of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    /// The path as given.
    pub path: String,
    /// What the facts were read from, in words.
    pub sources: Vec<String>,
    /// The facts.
    pub target: Target,
}

/// How the restore or import would be done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Manner {
    /// Of an export: `preserve=true`.
    pub preserve: bool,
    /// Of an export: `force=true`.
    pub force: bool,
    /// Of an export: uuid of the SR for its disks; the default SR without it.
    pub sr: Option<String>,
    /// Other pools that live.
    pub also: Vec<Known>,
}

/// What a preflight is made of.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// The program, as reports name it.
    pub tool: &'a Tool,
    /// The input's path as given.
    pub path: &'a str,
    /// The member of a container that the catalog is of; of a host backup scanned whole it is found here.
    pub member: Option<&'a str>,
    /// The backup.
    pub catalog: &'a Catalog,
    /// What it would be restored to.
    pub known: &'a Known,
    /// How.
    pub manner: &'a Manner,
}

/// Makes all checks.
#[must_use]
pub fn preflight(question: Question<'_>) -> PreflightReport {
    match question.catalog {
        Catalog::Dump(dump) => restore::preflight(question, dump),
        Catalog::Host(backup) => host::preflight(question, backup),
        Catalog::Archive(_) | Catalog::Document(_) => import::preflight(question),
    }
}

/// The target as a report names it.
fn target_of(known: &Known) -> PreflightTarget {
    PreflightTarget {
        path: known.path.clone(),
        sources: known.sources.clone(),
        name: known.target.host.name.clone(),
        uuid: known.target.host.installation_uuid.clone(),
    }
}

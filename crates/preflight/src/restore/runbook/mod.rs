//! What to do, in order, with the names and uuids of this restore: `before` the database is put in, `after` the host
//! has rebooted with it, and how the `members` and the `storage` come back (`formats/restore.md` sections 1 to 6).

mod after;
mod before;
mod members;
mod storage;
#[cfg(test)]
mod tests;

use xenspect_inventory::Record;
use xenspect_model::preflight::{NicRow, Renaming, Step, VersionAnswer};

use super::Restore;
pub(super) use crate::import::quoted;
use crate::verdicts::Verdicts;

/// Where most of it is done.
const NEW: &str = "new coordinator";
/// Where the dump lies on the target.
const FILE: &str = "/root/pool-restore.xml";
/// Names that one note tells; further ones are counted.
const NAMED: usize = 8;

/// What the steps are made from.
struct Facts<'r, 'a> {
    restore: &'r Restore<'a>,
    version: &'r VersionAnswer,
    nics: &'r [NicRow],
    renaming: Option<&'r Renaming>,
    accepted: Option<bool>,
    verdicts: &'r Verdicts,
}

/// The steps of this restore.
pub(super) fn of(
    restore: &Restore<'_>,
    version: &VersionAnswer,
    nics: &[NicRow],
    renaming: Option<&Renaming>,
    accepted: Option<bool>,
    verdicts: &Verdicts,
) -> Vec<Step> {
    let facts = Facts {
        restore,
        version,
        nics,
        renaming,
        accepted,
        verdicts,
    };
    let mut steps = Vec::new();
    before::add(&facts, &mut steps);
    after::network(&facts, &mut steps);
    members::add(&facts, &mut steps);
    storage::add(&facts, &mut steps);
    after::machines(&facts, &mut steps);
    after::services(&facts, &mut steps);
    steps
}

impl Facts<'_, '_> {
    /// The uuid that the coordinator's row gets.
    fn host(&self) -> String {
        let uuid = self.restore.target.host.installation_uuid.as_deref();
        uuid.filter(|uuid| !uuid.is_empty())
            .map_or_else(|| "<host>".to_owned(), quoted)
    }

    /// The address of the host after its reboot: that of the dump, which xapi brings back (section 3).
    fn address(&self) -> String {
        let dump = self
            .restore
            .coordinator
            .and_then(|host| host.filled("address"));
        let target = self.restore.target.host.address.as_deref();
        let known = dump
            .as_deref()
            .or(target)
            .filter(|address| !address.is_empty());
        known.map_or_else(|| "<address>".to_owned(), quoted)
    }

    /// Whether the pool row says yes.
    fn pool_is(&self, field: &str) -> bool {
        self.restore.pool.is_some_and(|pool| pool.is(field))
    }
}

/// A step by its title.
fn step(title: impl Into<String>) -> Step {
    Step {
        title: title.into(),
        ..Step::default()
    }
}

/// Reads as a sentence about a step.
trait Told: Sized {
    fn on(self, place: &str) -> Self;
    fn note(self, note: impl Into<String>) -> Self;
    fn run(self, command: impl Into<String>) -> Self;
}

impl Told for Step {
    fn on(mut self, place: &str) -> Self {
        self.on = Some(place.to_owned());
        self
    }

    fn note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }

    fn run(mut self, command: impl Into<String>) -> Self {
        self.commands.push(command.into());
        self
    }
}

/// The uuid as a word of a command.
fn uuid_of(record: &Record<'_>) -> String {
    record
        .uuid()
        .map_or_else(|| "<uuid>".to_owned(), |uuid| quoted(&uuid))
}

/// Names in a sentence: the first ones, and how many more there are.
fn names<'r>(records: impl IntoIterator<Item = &'r Record<'r>>) -> String {
    let mut records = records.into_iter();
    let first: Vec<_> = records
        .by_ref()
        .take(NAMED)
        .map(|record| record.title())
        .collect();
    let text = first.join(", ");
    match records.count() {
        0 => text,
        more => format!("{text} and {more} more"),
    }
}

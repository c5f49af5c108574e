//! A pool database against other pools: the target's own, and those that live. `own` is what the dump has, by uuid,
//! MAC address and seed; `pool`, `vms` and `shared` compare. A target that is in the dump's own pool does not clash
//! with it.

mod own;
mod pool;
mod shared;
mod vms;

use xenspect_model::Finding;
use xenspect_model::target::Target;

use self::own::Own;
use crate::checks::Id;
use crate::restore::Restore;
use crate::verdicts::Verdicts;

/// Another pool.
struct Other<'a> {
    target: &'a Target,
    /// What to call it.
    name: String,
    /// It is the one that the target is in now, whose database is replaced.
    is_target: bool,
}

impl Other<'_> {
    /// Adds whose it is.
    fn of(&self, finding: Finding) -> Finding {
        let finding = finding.fact("other_pool", self.name.as_str());
        if self.is_target {
            finding.fact("is_target", true)
        } else {
            finding
        }
    }

    /// Whether nobody else is in the pool that the target leaves.
    fn is_left_empty(&self) -> bool {
        self.is_target
            && self
                .target
                .members
                .as_ref()
                .is_some_and(|members| members.len() <= 1)
    }
}

/// Makes the checks.
pub(crate) fn check(restore: &Restore<'_>, verdicts: &mut Verdicts) {
    let mut others = Vec::new();
    if !is_same_pool(restore) {
        others.push(Other {
            target: restore.target,
            name: name_of(restore.target, "the target's own pool"),
            is_target: true,
        });
    }
    for known in &restore.question.manner.also {
        others.push(Other {
            target: &known.target,
            name: name_of(&known.target, &known.path),
            is_target: false,
        });
    }
    if others.is_empty() {
        (0..7).for_each(|number| verdicts.nothing(Id::Clash(number)));
        return;
    }
    let own = Own::of(restore);
    for other in &others {
        pool::check(restore, other, verdicts);
        vms::check(&own, other, verdicts);
        shared::check(restore, other, verdicts);
    }
}

/// Whether the target is in the pool that the dump is of. Where its pool is not known, a host of the dump is.
fn is_same_pool(restore: &Restore<'_>) -> bool {
    let own = restore.pool.and_then(|pool| pool.uuid());
    let pool = restore
        .target
        .pool
        .as_ref()
        .and_then(|pool| pool.uuid.as_deref());
    match (own, pool) {
        (Some(own), Some(pool)) => own == pool,
        _ => {
            let uuid = restore.target.host.installation_uuid.as_deref();
            let host = uuid.and_then(|uuid| restore.store.by_uuid(uuid));
            host.is_some_and(|host| host.class() == "host")
        }
    }
}

/// The pool's name, or that of its host; else where it is from.
fn name_of(target: &Target, otherwise: &str) -> String {
    let pool = target.pool.as_ref().and_then(|pool| pool.name.as_deref());
    let names = [pool, target.host.name.as_deref()];
    let name = names.into_iter().flatten().find(|name| !name.is_empty());
    match name {
        Some(name) => format!("{name} ({otherwise})"),
        None => otherwise.to_owned(),
    }
}

/// Names in one fact; further ones are counted.
const NAMED: usize = 200;

/// As many names as a reader wants, and how many more there are.
pub(crate) fn listed(names: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut names = names.into_iter();
    let mut all: Vec<_> = names.by_ref().take(NAMED).collect();
    let more = names.count();
    if more > 0 {
        all.push(format!("and {more} more"));
    }
    all
}

/// A uuid, an address or a type as part of a command; what it stands for where it is none. A name in a backup may be
/// anything, and people copy commands.
pub(crate) fn word(text: &str, otherwise: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.:".contains(c);
    let plain = !text.is_empty() && !text.starts_with('-') && text.chars().all(is_plain);
    if plain { text } else { otherwise }.to_owned()
}

/// Remembers that a list of another pool is not known.
fn lack(other: &Other<'_>, check: u8, what: &str, verdicts: &mut Verdicts) {
    verdicts.lack(Id::Clash(check), &format!("{what} of {}", other.name));
}

//! The embedded pool databases (`formats/host-backup.md` section 3): each by the rules for dumps, which of them to take, and
//! whether the fresh one is from when the backup was made.

use std::collections::BTreeSet;

use xenspect_model::catalog::{Dump, EmbeddedDatabase, EmbeddedState, HostBackup};
use xenspect_model::{Code, Finding, Severity};
use xenspect_xapi::db::Database;

use super::ruling::Ruling;
use super::{Backup, DUMPS, STATE, time};
use crate::dump;

const HOUR: i64 = 3600;
/// The stamp is in the host's zone, which is at most so far from UTC.
const ZONE: i64 = 14 * HOUR;
/// What the dump itself, and the packing of all, may take beyond that.
const DUMPING: i64 = 2 * HOUR;
const PACKING: i64 = 10 * HOUR;

/// A database that could be read.
#[derive(Clone, Copy)]
pub(super) struct Found<'a> {
    pub(super) base: &'a EmbeddedDatabase,
    pub(super) database: &'a Database<'static>,
    /// No rows were lost, so that one that is not there was not there.
    pub(super) whole: bool,
}

impl<'a> Found<'a> {
    fn of(base: &'a EmbeddedDatabase, dump: &'a Dump) -> Self {
        Self {
            base,
            database: &dump.database,
            whole: dump::is_whole(dump),
        }
    }
}

/// The databases that could be read: of the ones that host-backup makes the newest, and the host's own.
#[derive(Clone, Copy)]
pub(super) struct Bases<'a> {
    pub(super) fresh: Option<Found<'a>>,
    pub(super) own: Option<Found<'a>>,
    preferred: Option<Found<'a>>,
}

impl<'a> Bases<'a> {
    pub(super) fn of(backup: &Backup<'a>) -> Self {
        let host: &'a HostBackup = backup.host;
        let found = |(base, dump)| Found::of(base, dump);
        Self {
            fresh: host.best_database(is_fresh).map(found),
            own: host.best_database(|path| STATE.contains(&path)).map(found),
            preferred: host.database_to_use().map(found),
        }
    }

    /// The one to restore a pool from.
    pub(super) const fn preferred(&self) -> Option<Found<'a>> {
        self.preferred
    }
}

/// Whether host-backup made it.
pub(super) fn is_fresh(path: &str) -> bool {
    path.starts_with(DUMPS)
}

pub(super) fn check(backup: &Backup<'_>, bases: &Bases<'_>, ruling: &mut Ruling) {
    count(backup, bases, ruling);
    // The preferred one first: what a later one says of the same kind is told for what is wrong only.
    let preferred = bases.preferred().map(|found| found.base.offset);
    let mut all: Vec<&EmbeddedDatabase> = backup.host.databases.iter().collect();
    all.sort_by_key(|base| Some(base.offset) != preferred);
    let mut notes = BTreeSet::new();
    for base in all {
        judge(base, &mut notes, ruling);
    }
    if let Bases {
        fresh: Some(fresh),
        own: Some(own),
        ..
    } = bases
    {
        older(fresh, own, ruling);
    }
    age(backup, bases, ruling);
}

fn count(backup: &Backup<'_>, bases: &Bases<'_>, ruling: &mut Ruling) {
    let paths = || {
        let paths = backup.host.databases.iter().map(|base| base.path.as_str());
        paths.filter(|path| is_fresh(path))
    };
    match paths().count() {
        0 if backup.is_whole() => ruling.push(Finding::new(Code::HostDatabaseMissing)),
        0 | 1 => {}
        count => {
            let finding = Finding::new(Code::HostDatabaseSeveral)
                .fact("count", u64::try_from(count).unwrap_or(u64::MAX));
            let finding = match bases.fresh {
                Some(fresh) => finding.fact("newest", fresh.base.path.as_str()),
                None => finding,
            };
            ruling.push(crate::list(finding, "paths", paths()));
        }
    }
}

/// A finding about an embedded database.
fn about(code: Code, base: &EmbeddedDatabase) -> Finding {
    Finding::new(code)
        .member(base.path.as_bytes())
        .at(base.offset)
}

fn judge(base: &EmbeddedDatabase, notes: &mut BTreeSet<Code>, ruling: &mut Ruling) {
    match &base.state {
        EmbeddedState::Read(dump) => {
            let judgement = dump::judge(dump);
            let mut told = BTreeSet::new();
            for finding in judgement.findings {
                if finding.severity == Severity::Note {
                    if notes.contains(&finding.code) {
                        continue;
                    }
                    told.insert(finding.code);
                }
                ruling.push(placed(base, finding));
            }
            for (code, more) in judgement.omitted {
                let is_told = notes.contains(&code) && code.entry().severity == Severity::Note;
                if !is_told {
                    ruling.sink.count_more(code, more);
                }
            }
            notes.extend(told);
        }
        EmbeddedState::Unusable(reason) => {
            let finding = about(Code::HostDatabaseUnusable, base).fact("reason", reason.as_str());
            ruling.push(finding);
        }
        EmbeddedState::TooLarge { size } => {
            ruling.push(about(Code::ScanLimit, base).fact("size", *size));
        }
        // The end of the archive tells it.
        EmbeddedState::Cut => {}
    }
}

/// A finding about a database, with the place of the file: its own offset is in the file.
fn placed(base: &EmbeddedDatabase, mut finding: Finding) -> Finding {
    if let Some(offset) = finding.place.offset.replace(base.offset) {
        finding = finding.fact("offset_in_file", offset);
    }
    finding.member(base.path.as_bytes())
}

fn older(fresh: &Found<'_>, own: &Found<'_>, ruling: &mut Ruling) {
    if let (Some(fresh_at), Some(own_at)) = (fresh.database.generation(), own.database.generation())
        && fresh_at < own_at
    {
        let finding = about(Code::HostDatabaseOlder, fresh.base)
            .fact("generation", fresh_at.to_string())
            .fact("other", own.base.path.as_str())
            .fact("generation_of_other", own_at.to_string());
        ruling.push(finding);
    }
}

/// The time in the name of the dump against the time of its file, and against the newest file of all.
fn age(backup: &Backup<'_>, bases: &Bases<'_>, ruling: &mut Ruling) {
    let mut dumps = backup
        .host
        .databases
        .iter()
        .filter(|base| is_fresh(&base.path));
    // Of several the others are left over, which is told.
    let base = match (bases.fresh, dumps.next(), dumps.next()) {
        (Some(fresh), _, _) => fresh.base,
        (None, Some(only), None) => only,
        _ => return,
    };
    let written = base.path.strip_prefix(DUMPS).unwrap_or_default();
    let Some(stamp) = time::stamp(written) else {
        let finding = about(Code::HostDatabaseStamp, base)
            .fact("problem", "the name holds no time as host-backup writes it");
        ruling.push(finding);
        return;
    };
    let is_far = |at: Option<i64>, slack: i64| {
        let apart = at.map(|at| at.abs_diff(stamp));
        apart.is_some_and(|apart| apart > ZONE.saturating_add(slack).unsigned_abs())
    };
    let newest = backup.host.newest_file;
    let problem = if is_far(base.modified, DUMPING) {
        "the file is of another time than its name says"
    } else if is_far(newest, PACKING) {
        "the newest file is of another time"
    } else {
        return;
    };
    let mut finding = about(Code::HostDatabaseStamp, base)
        .fact("problem", problem)
        .fact("stamp", written);
    for (name, at) in [("file_changed", base.modified), ("newest_file", newest)] {
        if let Some(at) = at {
            finding = finding.fact(name, time::utc(at));
        }
    }
    ruling.push(finding);
}

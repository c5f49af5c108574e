//! The dump by itself: checks 1 to 3, 7 to 10, 12 and 13. What is wrong with a dump is the business of
//! `xenspect-rules`; here stands at which step xapi meets it, and what it answers (`formats/restore.md` section 4).

mod age;

use xenspect_inventory::Record;
use xenspect_model::report::{Envelope, Kind};
use xenspect_model::{Code, Fact, Finding, Severity};

use super::Restore;
use crate::checks::{Id, RESTORE};
use crate::verdicts::{Step, Verdicts};

/// Makes the checks.
pub(super) fn check(restore: &Restore<'_>, verdicts: &mut Verdicts) {
    let judgement = xenspect_rules::judge_dump(restore.dump);
    for finding in judgement.findings {
        let row = RESTORE.iter().find(|row| row.codes.contains(&finding.code));
        match row.map(|row| row.id) {
            Some(Id::Restore(number)) => one(restore, number, finding, verdicts),
            Some(_) => {}
            None => column(restore, finding, verdicts),
        }
    }
    if restore.dump.interrupted {
        verdicts.lack(
            Id::Restore(1),
            "the rest of the dump, since reading was interrupted",
        );
    }
    owners(restore, verdicts);
    form(restore, verdicts);
    age::check(restore, verdicts);
}

/// The coordinator and its control domain, where the dump's own rules see nothing wrong and xapi would still find none: a
/// column that is not there is added with its default, which is none.
fn owners(restore: &Restore<'_>, verdicts: &mut Verdicts) {
    let Some(pool) = restore.pool.filter(|_| restore.dump.database.is_complete()) else {
        return;
    };
    let at = |code: Code, row: &Record<'_>, column: &str| {
        let finding = Finding::new(code).table(row.class()).row(&row.reference());
        finding.column(column)
    };
    let Some(coordinator) = restore.coordinator else {
        if !verdicts.refuses_at(Step::Coordinator) {
            let master = pool.text("master").unwrap_or_default();
            let params = vec!["host".to_owned(), master.clone().into_owned()];
            let finding = at(Code::DbCoordinator, &pool, "master").fact("to", master.into_owned());
            verdicts.refuse(Step::Coordinator, params, finding);
        }
        return;
    };
    // Before 7.1 the control domain was found by where it runs.
    let names_it = restore
        .dump
        .database
        .schema()
        .is_some_and(|(_, minor)| minor >= NAMES_CONTROL_DOMAIN);
    let has = |code| verdicts.has(code);
    if names_it && coordinator.link("control_domain").is_none() && !has(Code::DbControlDomain) {
        let params = vec!["VM".to_owned(), "OpaqueRef:NULL".to_owned()];
        let finding = at(Code::DbControlDomain, &coordinator, "control_domain");
        verdicts.refuse(Step::Identity, params, finding);
    }
}

/// The first schema whose hosts name their control domain: 7.1.
const NAMES_CONTROL_DOMAIN: i64 = 108;

/// What is packed, or is no dump, xapi does not take as it is. What is in it can be taken out, but for a redo log.
fn form(restore: &Restore<'_>, verdicts: &mut Verdicts) {
    let mut finding = Finding::new(Code::RestoreForm);
    match (restore.dump.kind, restore.dump.envelope) {
        (Kind::RedoLog, _) => {
            finding.xapi_error = Some("INTERNAL_ERROR".to_owned());
            let finding = finding
                .severity(Severity::Error)
                .fact("form", Kind::RedoLog.phrase());
            let params = vec!["a redo log is no dump".to_owned()];
            verdicts.refuse(Step::Parse, params, finding);
        }
        (_, Envelope::Plain) => {}
        (_, envelope) => verdicts.find(finding.fact("form", envelope.name())),
    }
}

/// A finding of a check.
fn one(restore: &Restore<'_>, number: u8, mut finding: Finding, verdicts: &mut Verdicts) {
    if finding.severity == Severity::Note {
        return;
    }
    match number {
        1 | 7 => refuse_if(Step::Parse, finding, verdicts),
        2 if finding.code == Code::DbStub => verdicts.refuse(Step::Version, Vec::new(), finding),
        2 => no_pool(finding, verdicts),
        8 if finding.code == Code::DbPoolRows => {
            if restore.pool.is_none() {
                no_pool(finding, verdicts);
            } else {
                verdicts.find(finding);
            }
        }
        8 => {
            // Of several pools xapi takes the first.
            let first = restore.pool.map(|pool| pool.reference());
            if first.as_deref() != finding.place.row.as_deref() {
                finding.xapi_error = None;
            }
            let params = vec!["host".to_owned(), text(&finding, "to")];
            verdicts.refuse(Step::Coordinator, params, finding);
        }
        9 => {
            let reference = text(&finding, "to");
            // That it is a control domain is not looked at.
            let found = restore.store.resolve(&reference);
            let owner = restore.coordinator.map(|host| host.reference());
            let of_coordinator = owner.as_deref() == finding.place.row.as_deref();
            if found.is_some_and(|row| row.class() == "VM") || !of_coordinator {
                finding.xapi_error = None;
            }
            verdicts.refuse(Step::Identity, vec!["VM".to_owned(), reference], finding);
        }
        // Releases that let uuids be there twice start with them.
        10 if finding.severity < Severity::Error => {}
        _ => {
            finding.xapi_error = None;
            verdicts.find(finding);
        }
    }
}

/// A dump without a pool: the exception has no code of its own.
fn no_pool(mut finding: Finding, verdicts: &mut Verdicts) {
    finding.xapi_error = Some("INTERNAL_ERROR".to_owned());
    let reason = "No pool available".to_owned();
    verdicts.refuse(Step::Coordinator, vec![reason], finding);
}

/// Refused where the finding says that a restore is.
fn refuse_if(step: Step, mut finding: Finding, verdicts: &mut Verdicts) {
    if finding.severity < Severity::Error {
        finding.xapi_error = None;
    }
    let params = reason(&finding);
    verdicts.refuse(step, params, finding);
}

/// What xapi's reader says: the reason in this program's words, and where.
fn reason(finding: &Finding) -> Vec<String> {
    let mut params = vec![finding.title.clone()];
    params.extend(finding.place.table.clone());
    params.extend(finding.place.column.clone());
    params
}

/// Tables and columns that no release has, and columns that a row cannot do without, where it is not known which ones
/// the target has: check 6.
fn column(restore: &Restore<'_>, finding: Finding, verdicts: &mut Verdicts) {
    if restore.target.columns.is_some() {
        return;
    }
    if finding.xapi_error.is_none() {
        own_build(restore, &finding, verdicts);
        return;
    }
    let (code, step, reason) = match finding.code {
        Code::DbTableUnknown => (Code::RestoreTableUnknown, Step::Parse, "missing table"),
        Code::DbColumnUnknown => (Code::RestoreColumnUnknown, Step::Parse, "missing column"),
        Code::DbColumnMissing => (Code::RestoreColumnMissing, Step::Upgrade, MISSING_DEFAULT),
        _ => return,
    };
    let mut params = vec![reason.to_owned()];
    params.extend(finding.place.table.clone());
    params.extend(
        finding
            .place
            .column
            .clone()
            .or_else(|| match finding.facts.get("columns") {
                Some(Fact::List(columns)) => columns.first().cloned(),
                _ => None,
            }),
    );
    let mut own = Finding::new(code);
    own.place = finding.place;
    for (name, fact) in finding.facts.iter() {
        own.facts.set(name, fact.clone());
    }
    verdicts.refuse(
        step,
        params,
        own.fact("no_release_has_it", code != Code::RestoreColumnMissing),
    );
}

/// Builds have columns of their own. Whether the target has this one too is known where it runs the same build.
fn own_build(restore: &Restore<'_>, finding: &Finding, verdicts: &mut Verdicts) {
    let what = match finding.code {
        Code::DbTableUnknown if text_of(finding.facts.get("rows")) != "0" => "tables",
        Code::DbColumnUnknown => "columns",
        _ => return,
    };
    if !super::version::is_same_build(restore) {
        let fact = format!("the target's {what}, since the dump has some that are of one build");
        verdicts.lack(Id::Restore(6), &fact);
    }
}

fn text_of(fact: Option<&Fact>) -> String {
    match fact {
        Some(Fact::Number(number)) => number.to_string(),
        Some(Fact::Text(text)) => text.clone(),
        _ => String::new(),
    }
}

/// The reason that xapi gives for a column that must be there.
pub(super) const MISSING_DEFAULT: &str = "missing default value: datamodel upgrade failed";

fn text(finding: &Finding, name: &str) -> String {
    text_of(finding.facts.get(name))
}

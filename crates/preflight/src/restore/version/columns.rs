//! Tables and columns that the target's xapi does not have, and those that it cannot do without: check 6. What it has
//! is known from its own database, or else from the datamodel and its schema.

use std::collections::BTreeSet;

use xenspect_model::preflight::VersionRelation;
use xenspect_model::{Code, Finding};
use xenspect_xapi::datamodel::{self, Field, Type};
use xenspect_xapi::db::Table;
use xenspect_xapi::releases::{self, MAJOR};

use super::Numbers;
use crate::checks::Id;
use crate::restore::Restore;
use crate::restore::file::MISSING_DEFAULT;
use crate::verdicts::{Step, Verdicts};

/// Columns that one fact names.
const NAMED: usize = 12;

/// `target` is the lowest schema that the target can have.
pub(super) fn check(
    restore: &Restore<'_>,
    relation: VersionRelation,
    target: Option<Numbers>,
    verdicts: &mut Verdicts,
) {
    if verdicts.has(Code::DbStub) {
        return;
    }
    let same_build = super::is_same_build(restore);
    let by_model = |table: &Table<'_>, verdicts: &mut Verdicts| match (relation, target) {
        (VersionRelation::Newer, Some((MAJOR, minor))) => by_model(table, minor, verdicts),
        (VersionRelation::Same | VersionRelation::SameNumber, Some((MAJOR, minor)))
            if !same_build && is_beyond(restore, table, minor) =>
        {
            let fact = format!(
                "the target's columns of {}, since the dump has some that came after its schema",
                table.name()
            );
            verdicts.lack(Id::Restore(6), &fact);
        }
        _ => {}
    };
    for table in restore
        .dump
        .database
        .tables()
        .filter(|table| !table.is_empty() && !table.name().is_empty())
    {
        match &restore.target.columns {
            Some(known) => match known.get(table.name()) {
                None => unknown_table(&table, verdicts),
                // Of a table without rows the target's database does not tell what its columns are.
                Some(columns) if columns.is_empty() => by_model(&table, verdicts),
                Some(columns) => {
                    compare(restore, &table, columns, verdicts);
                }
            },
            None => by_model(&table, verdicts),
        }
    }
}

/// Whether a table of the dump has columns that are not of its schema as it was published: a vendor's build has them,
/// and another build with that number may not (`formats/pool-db.md` section 6).
fn is_beyond(restore: &Restore<'_>, table: &Table<'_>, schema: i64) -> bool {
    let (columns, _) = columns_of(restore, table);
    columns.iter().any(|column| {
        let field = datamodel::field(table.name(), column);
        field.is_none_or(|field| came_after(field, schema))
    })
}

fn compare(
    restore: &Restore<'_>,
    table: &Table<'_>,
    known: &BTreeSet<String>,
    verdicts: &mut Verdicts,
) {
    let (columns, everywhere) = columns_of(restore, table);
    let unknown = columns
        .iter()
        .copied()
        .filter(|column| !known.contains(*column) && !was_removed(table.name(), column));
    unknown_columns(table, &unknown.collect::<Vec<_>>(), verdicts);
    let Some((MAJOR, dump)) = restore.dump.database.schema() else {
        return;
    };
    let missing = known.iter().map(String::as_str).filter(|column| {
        let field = datamodel::field(table.name(), column);
        !everywhere.contains(column) && field.is_some_and(|field| is_mandatory(field, dump))
    });
    missing_columns(table, &missing.collect::<Vec<_>>(), verdicts);
}

/// The columns of a table's rows in the order of the document, and those that are in every row. Rows of one shape have
/// the same ones.
fn columns_of<'d>(
    restore: &'d Restore<'_>,
    table: &Table<'d>,
) -> (Vec<&'d str>, BTreeSet<&'d str>) {
    let mut shapes = BTreeSet::new();
    let mut columns: Vec<&str> = Vec::new();
    let mut seen = BTreeSet::new();
    let mut everywhere: Option<BTreeSet<&str>> = None;
    for row in table.rows() {
        if !shapes.insert(row.shape()) {
            continue;
        }
        let names = restore.dump.database.shape_names(row.shape());
        let names: Vec<&str> = names.filter(|name| !is_bookkeeping(name)).collect();
        for name in &names {
            if seen.insert(*name) {
                columns.push(name);
            }
        }
        let names: BTreeSet<&str> = names.into_iter().collect();
        everywhere = Some(match everywhere {
            None => names,
            Some(before) => before.intersection(&names).copied().collect(),
        });
    }
    (columns, everywhere.unwrap_or_default())
}

/// Whether later releases took the column out of their API: they drop it from a database that they read
/// (`formats/pool-db.md` section 2.1).
fn was_removed(table: &str, column: &str) -> bool {
    datamodel::field(table, column).is_some_and(|field| !field.removed.is_empty())
}

fn is_bookkeeping(name: &str) -> bool {
    matches!(name, "ref" | "_ref" | "__ctime" | "__mtime")
}

/// Whether a row cannot do without the column: it has no default, and the dump's own release had it. A column that came
/// later has a default, since older databases are upgraded with it.
fn is_mandatory(field: &Field, dump: i64) -> bool {
    let derived = matches!(field.ty, Type::Set(_) | Type::Map(..) | Type::Unlisted);
    let since = minor_of(field.since);
    field.default.is_empty()
        && field.observed
        && !derived
        && since.is_some_and(|since| since <= dump)
}

fn minor_of(release: &str) -> Option<i64> {
    let release = releases::releases()
        .iter()
        .find(|known| known.name == release)?;
    release.minor.map(i64::from)
}

/// Whether a column came after a schema beyond doubt: histories name the first release that was published with it,
/// and a schema between that one and the one before may have it already.
fn came_after(field: &Field, target: i64) -> bool {
    let Some(since) = minor_of(field.since) else {
        return false;
    };
    let minors = releases::releases()
        .iter()
        .filter_map(|release| release.minor);
    let before = minors.map(i64::from).filter(|minor| *minor < since).max();
    before.is_some_and(|before| before >= target)
}

fn by_model(table: &Table<'_>, target: i64, verdicts: &mut Verdicts) {
    let fields = datamodel::fields_of(table.name());
    if !fields.is_empty() && fields.iter().all(|field| came_after(field, target)) {
        unknown_table(table, verdicts);
        return;
    }
    let mut unknown: Vec<&str> = Vec::new();
    let mut shapes = BTreeSet::new();
    for row in table.rows().filter(|row| shapes.insert(row.shape())) {
        for (column, _) in row.columns() {
            let field = datamodel::field(table.name(), column);
            let later = field.is_some_and(|field| came_after(field, target));
            if later && !unknown.contains(&column) {
                unknown.push(column);
            }
        }
    }
    unknown_columns(table, &unknown, verdicts);
}

fn unknown_table(table: &Table<'_>, verdicts: &mut Verdicts) {
    let finding = Finding::new(Code::RestoreTableUnknown)
        .table(table.name())
        .at(table.offset())
        .fact("rows", table.len() as u64);
    let params = vec!["missing table".to_owned(), table.name().to_owned()];
    verdicts.refuse(Step::Parse, params, finding);
}

fn unknown_columns(table: &Table<'_>, columns: &[&str], verdicts: &mut Verdicts) {
    refuse(
        Code::RestoreColumnUnknown,
        Step::Parse,
        "missing column",
        table,
        columns,
        verdicts,
    );
}

fn missing_columns(table: &Table<'_>, columns: &[&str], verdicts: &mut Verdicts) {
    refuse(
        Code::RestoreColumnMissing,
        Step::Upgrade,
        MISSING_DEFAULT,
        table,
        columns,
        verdicts,
    );
}

/// One finding for a table; xapi names the first column.
fn refuse(
    code: Code,
    step: Step,
    reason: &str,
    table: &Table<'_>,
    columns: &[&str],
    verdicts: &mut Verdicts,
) {
    let Some(first) = columns.first() else {
        return;
    };
    let named: Vec<String> = columns
        .iter()
        .take(NAMED)
        .map(|&column| column.to_owned())
        .collect();
    let mut finding = Finding::new(code)
        .table(table.name())
        .column(first)
        .at(table.offset())
        .fact("rows", table.len() as u64)
        .fact("columns", named);
    if let Some(more) = columns.len().checked_sub(NAMED).filter(|more| *more > 0) {
        finding = finding.fact("columns_more", more as u64);
    }
    let params = vec![
        reason.to_owned(),
        table.name().to_owned(),
        (*first).to_owned(),
    ];
    verdicts.refuse(step, params, finding);
}

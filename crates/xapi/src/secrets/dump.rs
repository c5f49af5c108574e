//! The walk over a pool database. Rules are looked up once for each list of columns that rows of a table have, and only
//! columns that a rule is about, or that are a map, are decoded.

use std::collections::HashMap;
use std::ops::ControlFlow;

use super::Grade;
use super::hint::may_hold_secret;
use super::lookup::ColumnRules;
use super::policy::MANIFEST;
use super::shape::{IsMap, Text};
use super::walk::{Leaf, Walker};
use crate::db::{Database, Row};
use crate::value::Raw;

/// Where a leaf of a database is.
pub(crate) enum Place<'d> {
    /// In the manifest.
    Manifest,
    /// In a column of a row. The number is the byte offset of the column's value in the document.
    Row(Row<'d>, Option<u64>),
}

/// Shows every leaf of a database, in the order of the document, until `see` breaks. Rules below the grade are not
/// looked for; where another rule leads past such a leaf it is shown all the same.
pub(crate) fn walk<B>(
    database: &Database<'_>,
    at_least: Grade,
    see: &mut dyn FnMut(&Place<'_>, &Leaf<'_>) -> ControlFlow<B>,
) -> ControlFlow<B> {
    let only_secrets = at_least == Grade::Secret;
    let mut walker = Walker::of(database);
    let mut flow = ControlFlow::Continue(());
    for (key, value) in database.manifest() {
        let rules = ColumnRules::of(MANIFEST, key);
        let mut text = Text::new(value);
        walker.column(&rules, key, &mut text, &mut |leaf| {
            if flow.is_continue() {
                flow = see(&Place::Manifest, leaf);
            }
            None
        });
    }
    for table in database.tables() {
        let mut plans: HashMap<u32, Vec<Planned<'_>>> = HashMap::new();
        for row in table.rows() {
            if flow.is_break() {
                return flow;
            }
            let plan = plans.entry(row.shape()).or_insert_with(|| {
                let names = row.columns_with_positions();
                names
                    .map(|(at, name)| {
                        let rules = ColumnRules::of(table.name(), name);
                        (at, name, rules.at_least(at_least))
                    })
                    .collect()
            });
            for (at, name, rules) in plan {
                let Some(raw) = row.value_at(*at) else {
                    continue;
                };
                let hints = only_secrets && rules.hints_at_secrets();
                if !worth_decoding(raw, rules) || hints && !may_hold_secret(raw.as_bytes()) {
                    continue;
                }
                let place = Place::Row(row, row.offset_at(*at));
                let mut text = Text::new(raw.text());
                walker.column(rules, name, &mut text, &mut |leaf| {
                    if flow.is_continue() {
                        flow = see(&place, leaf);
                    }
                    None
                });
            }
        }
    }
    flow
}

/// A column of the rows of one shape: where it is among their attributes, its name and its rules.
type Planned<'d> = (usize, &'d str, ColumnRules);

/// Most values are none that a rule is about, and no map, and nothing hints at a password in them; those are passed by as
/// they stand.
pub(crate) fn worth_decoding(raw: Raw<'_>, rules: &ColumnRules) -> bool {
    // An empty map is the commonest value of all.
    if matches!(raw.as_bytes(), b"" | b"()") {
        return false;
    }
    // White space and the parenthesis itself may be written as references.
    let is_map = match raw.as_bytes().first() {
        Some(b'(' | b'&' | b'%' | b' ') => IsMap::Perhaps,
        _ => IsMap::No,
    };
    !rules.leave_out(is_map) || rules.search && may_hold_secret(raw.as_bytes())
}

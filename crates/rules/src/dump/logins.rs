//! What rows need to log in somewhere, or to start, and keep in the table `secret` (`formats/pool-db.md` section 10).
//! Without it a restored pool comes up and cannot reach its storage, so this is no mere left-over. No value is looked at.

use xenspect_model::{Code, Severity};
use xenspect_xapi::db::{Database, Row};

use super::Context;
use crate::sink::Sink;

/// The table that all of them lead to.
const SECRET: &str = "secret";
/// Maps in which a key that ends so holds the uuid of a row.
const SUFFIX: &str = "_secret";
const MAPS: [(&str, &str); 2] = [("PBD", "device_config"), ("host", "power_on_config")];
/// Columns that hold the reference of one.
const REFERENCES: [(&str, &str); 4] = [
    ("VTPM", "contents"),
    ("pool", "wlb_password"),
    ("pool", "repository_proxy_password"),
    ("pool", "telemetry_uuid"),
];

pub(super) fn judge(context: Context<'_>, sink: &mut Sink) {
    let database = &context.dump.database;
    // What is behind a cut cannot be missed.
    if !context.whole {
        return;
    }
    for (table, column) in MAPS {
        for row in rows(database, table) {
            let map = row.value(column);
            let pairs = map.as_ref().and_then(|map| map.as_map()).unwrap_or(&[]);
            for (key, value) in pairs {
                let (Some(key), Some(uuid)) = (key.as_text(), value.as_text()) else {
                    continue;
                };
                if key.ends_with(SUFFIX) && is_uuid(uuid) && !leads_there(database.by_uuid(uuid)) {
                    push(context, &row, column, Some(key), sink);
                }
            }
        }
    }
    for (table, column) in REFERENCES {
        for row in rows(database, table) {
            let reference = row.text(column).unwrap_or_default();
            // Before it was a reference, the password itself stood there.
            let names_one = reference.starts_with("OpaqueRef:") && reference != "OpaqueRef:NULL";
            if names_one && !leads_there(database.by_reference(&reference)) {
                push(context, &row, column, None, sink);
            }
        }
    }
}

fn rows<'d>(database: &'d Database<'_>, table: &str) -> impl Iterator<Item = Row<'d>> {
    database
        .table(table)
        .into_iter()
        .flat_map(|table| table.rows())
}

/// Releases of the first years spelled the table with a capital.
fn leads_there(row: Option<Row<'_>>) -> bool {
    row.is_some_and(|row| row.table().eq_ignore_ascii_case(SECRET))
}

pub(super) fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.char_indices().all(|(at, c)| match at {
            8 | 13 | 18 | 23 => c == '-',
            _ => c.is_ascii_hexdigit(),
        })
}

fn push(context: Context<'_>, row: &Row<'_>, column: &str, key: Option<&str>, sink: &mut Sink) {
    let code = Code::DbReferenceDangling;
    sink.push_with(code, || {
        let finding = context
            .at_column(code, row, column)
            .fact("of_table", SECRET)
            .severity(Severity::Warning);
        match key {
            Some(key) => finding.fact("key", key),
            None => finding,
        }
    });
}

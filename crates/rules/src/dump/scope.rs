//! What was checked of a pool database and what could not be.

use xenspect_model::catalog::{Rewritten, Uncompared};
use xenspect_xapi::datamodel;

use super::Context;
use super::sweep::Outcome;
use crate::scope::{count, envelope};

/// Sentences on what was checked.
pub(super) fn checked(context: Context<'_>, outcome: &Outcome) -> Vec<String> {
    let dump = context.dump;
    let database = &dump.database;
    let mut checked = vec![format!(
        "XML, references and uuids of {} in {}",
        count(database.row_count() as u64, "row"),
        count(database.tables().len() as u64, "table")
    )];
    if outcome.values > 0 {
        checked.push(format!(
            "{} against the types of their columns",
            count(outcome.values, "value")
        ));
    }
    if outcome.references > 0 && context.whole {
        let references = count(outcome.references, "reference");
        // Dumps up to 5.6 hold one side only.
        checked.push(match outcome.relations {
            0 => references,
            relations => format!(
                "{references} and both sides of {}",
                count(relations, "relation")
            ),
        });
    }
    match dump.rewritten {
        Rewritten::NotCompared(_) => {}
        Rewritten::Same | Rewritten::Differs { .. } => {
            checked.push("Every byte against what xapi writes".to_owned());
        }
    }
    if let Some(log) = &dump.redo_log {
        let changes = log.applied + log.skipped.len() as u64;
        checked.push(format!(
            "Order and contents of {}",
            count(changes, "change")
        ));
    }
    if !dump.interrupted {
        checked.extend(envelope(dump.envelope, false));
    }
    checked
}

/// Sentences on what was not checked.
pub(super) fn not_checked(context: Context<'_>) -> Vec<String> {
    let dump = context.dump;
    let mut open = Vec::new();
    if dump.interrupted {
        open.push("Everything behind the interruption".to_owned());
    } else if !dump.database.is_complete() {
        open.push("Whatever followed the end of what is there".to_owned());
    }
    if !context.whole {
        open.push(
            "References, relations, pool and coordinator: rows were lost, and what hangs on them is no fault of its own"
                .to_owned(),
        );
    }
    if let Rewritten::NotCompared(why) = dump.rewritten
        && context.whole
    {
        open.push(format!(
            "The bytes against what xapi writes: {}",
            uncompared(why)
        ));
    }
    let unknown = columns_without_type(context);
    if unknown > 0 {
        open.push(format!(
            "The values of {}, whose types are not known",
            count(unknown, "column")
        ));
    }
    open.push(
        "Names, numbers and other values that were changed and still read well: a dump bears no checksum".to_owned(),
    );
    open.push(
        "Messages, blobs, performance data, licence files and private keys: a dump has none of them".to_owned(),
    );
    open.push(
        "Whether it is the newest of its pool, and whether a host would take it in a restore"
            .to_owned(),
    );
    open
}

/// Goes behind a colon.
fn uncompared(why: Uncompared) -> &'static str {
    match why {
        Uncompared::Cut => "not all of the text is there",
        Uncompared::NoSchema => "the schema is not known",
        Uncompared::OldSchema => "the schema is older than 66",
        Uncompared::RedoLog => "the changes of a redo log are no part of the text",
        Uncompared::NotAsked => "only headers were asked for",
    }
}

/// Columns of tables with rows that no check knows.
fn columns_without_type(context: Context<'_>) -> u64 {
    let database = &context.dump.database;
    let mut unknown = 0;
    for table in database.tables() {
        let Some(row) = table.rows().next() else {
            continue;
        };
        unknown += row
            .columns()
            .filter(|(column, _)| {
                *column != "_ref" && datamodel::field(table.name(), column).is_none()
            })
            .count() as u64;
    }
    unknown
}

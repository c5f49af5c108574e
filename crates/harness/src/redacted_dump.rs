//! What has to hold for a dump without its secrets.

use std::ops::ControlFlow;

use xenspect_xapi::db::write::Style;
use xenspect_xapi::db::{Database, DumpLimits};
use xenspect_xapi::redact::{self, Options};
use xenspect_xapi::secrets::{self, Grade};

use crate::pool_dump::{is_legal, meaning};
use crate::stand_ins::{REDACTIONS, stand_ins};

/// Redacts a dump in several ways.
///
/// Invariants:
/// - the result reads as a whole dump with the same tables, and in each the same rows with the same
///   columns; values change in kind no more than from one text to another;
/// - in that of a whole dump no secret is found, and a second redaction changes nothing, one of
///   addresses in digits left aside;
/// - what is found of secrets lies in the document.
///
/// # Panics
///
/// When one of them does not hold.
pub(crate) fn check(database: &Database<'_>) {
    let len = database.document().len() as u64;
    for secret in secrets::in_database(database, Grade::Personal) {
        assert!(
            secret.offset.is_none_or(|offset| offset <= len),
            "{secret:?}"
        );
        assert!(!secret.field.is_empty() && !secret.class.is_empty() || secret.length > 0);
    }
    for options in REDACTIONS {
        let redacted = redacted(database, &options);
        let again = Database::read(&redacted, &DumpLimits::default());
        let again = again.unwrap_or_else(|error| panic!("a redacted dump is refused: {error}"));
        assert!(again.is_complete());
        assert_eq!(shape(&again), shape(database), "another shape");
        // Of a dump that ends too early it is not known which references lead to a row of secrets.
        if !database.is_complete() {
            continue;
        }
        assert_eq!(secrets::in_database(&again, Grade::Secret), []);
        if !options.addresses && is_legal(database) {
            let twice = redacted_as(&again, &options, &Style::of(database));
            assert!(twice == redacted, "redacted once more it is another");
        }
    }
}

fn redacted(database: &Database<'_>, options: &Options) -> Vec<u8> {
    redacted_as(database, options, &Style::of(database))
}

fn redacted_as(database: &Database<'_>, options: &Options, style: &Style) -> Vec<u8> {
    let mut out = Vec::new();
    let sink = &mut |piece: &[u8]| {
        out.extend_from_slice(piece);
        ControlFlow::<()>::Continue(())
    };
    let _: ControlFlow<()> = redact::dump(database, style, options, &mut stand_ins(), sink);
    out
}

/// Tables, and of their rows the references, times and names of columns.
fn shape(database: &Database<'_>) -> Vec<String> {
    let mut lines = Vec::new();
    for (table, rows) in meaning(database) {
        for (reference, ctime, mtime, columns) in rows {
            let names: Vec<_> = columns.into_iter().map(|(name, _)| name).collect();
            lines.push(format!(
                "{table} {reference:?} {ctime:?} {mtime:?} {names:?}"
            ));
        }
        lines.push(table);
    }
    lines.sort();
    lines
}

//! Any bytes as a redo log, and redo logs of made-up changes.

use std::collections::BTreeMap;

use xenspect_xapi::db::redo_log::{Delta, DeltaRecord, RedoLog, Replay, SkipReason};
use xenspect_xapi::db::write::{Style, to_vec};
use xenspect_xapi::db::{Database, DumpLimits, Row};

use crate::actions::Actions;
use crate::pool_dump::{meaning, seen};

/// So tight that few changes reach every limit.
const TIGHT: DumpLimits = DumpLimits {
    bytes: 8192,
    depth: 4,
    attributes: 6,
    value_bytes: 64,
    rows: 5,
    tables: 3,
    columns: 8,
    oddities: 1,
};

/// The database of a made-up log, at generation 7.
const DATABASE: &[u8] = b"<database><manifest><pair key=\"schema_major_vsn\" value=\"5\"/>\
    <pair key=\"schema_minor_vsn\" value=\"603\"/><pair key=\"generation_count\" value=\"7\"/></manifest>\
    <table name=\"VM\"><row ref=\"r0\" __ctime=\"1\" __mtime=\"2\" _ref=\"r0\" name__label=\"a%.b\" uuid=\"u0\"/>\
    <row ref=\"r1\" __ctime=\"1\" __mtime=\"7\" _ref=\"r1\" name__label=\"\" uuid=\"u1\"/></table>\
    <table name=\"VDI\"><row ref=\"r2\" __ctime=\"3\" __mtime=\"4\" _ref=\"r2\" uuid=\"u2\"/></table></database>";
const GENERATION: u64 = 7;
const MARKER: &[u8] = b"01234567-89ab-cdef-0123-456789abcdef";

/// Reads the bytes as a redo log if they begin as one does, or takes them for choices to make one of,
/// and puts its changes into its database.
///
/// Invariants:
/// - records follow each other in the input; there are no more than the limit allows;
/// - each change is applied or skipped; the database has as many rows as those applied leave;
/// - the last value that was written to a column of a row is there, and a row that was deleted and not
///   made again is not;
/// - the database is at the generation of the last change in sequence;
/// - a database with its changes can be written and read again;
/// - a copy of the database record gives the same database as the record where it is.
///
/// # Panics
///
/// When one of them does not hold.
pub fn redo_log(data: &[u8]) {
    if RedoLog::is_redo_log(data) {
        read(data, &DumpLimits::default());
        read(data, &TIGHT);
    } else {
        let made = make(&mut Actions::new(data));
        assert!(RedoLog::is_redo_log(&made));
        read(&made, &DumpLimits::default());
        read(&made, &TIGHT);
    }
}

fn read(device: &[u8], limits: &DumpLimits) {
    let log = match RedoLog::read(device, limits) {
        Ok(log) => log,
        Err(error) => {
            assert!(error.offset <= device.len() as u64 || !error.to_string().is_empty());
            return;
        }
    };
    let mut at = log.database_offset + log.database.len() as u64;
    assert!(log.deltas.len() <= limits.rows);
    for record in &log.deltas {
        assert!(record.offset > at, "records overlap");
        at = record.offset;
    }
    assert!(log.end_offset > at && log.end_offset <= device.len() as u64);

    let plain = Database::read(log.database, limits);
    let replayed = log.replay(limits);
    let owned = log.replay_owned(limits);
    match (&replayed, &owned) {
        (Ok((one, outcome)), Ok((other, same))) => {
            assert_eq!(outcome, same);
            assert!(one.manifest().eq(other.manifest()));
            assert!(
                one.rows()
                    .map(|row| seen(&row))
                    .eq(other.rows().map(|row| seen(&row)))
            );
        }
        (one, other) => assert_eq!(one.as_ref().err(), other.as_ref().err()),
    }
    match (plain, replayed) {
        (Ok(plain), Ok((database, outcome))) => {
            check_replay(&log, &plain, &database, &outcome);
            write_again(&database, limits);
        }
        (Err(error), Ok(_)) => panic!("replayed into what cannot be read: {error}"),
        // What the changes add may pass a limit.
        (plain, Err(error)) => assert!(plain.is_err() || error.kind.is_limit(), "{error}"),
    }
}

fn check_replay(
    log: &RedoLog<'_>,
    plain: &Database<'_>,
    database: &Database<'_>,
    outcome: &Replay,
) {
    assert_eq!(outcome.applied + outcome.skipped.len(), log.deltas.len());
    assert!(outcome.skipped.is_sorted_by(|a, b| a.offset < b.offset));
    let skipped: BTreeMap<_, _> = outcome
        .skipped
        .iter()
        .map(|s| (s.offset, s.reason))
        .collect();
    let mut rows = plain.row_count();
    let mut generation = plain.generation();
    let mut written = BTreeMap::new();
    for DeltaRecord {
        offset,
        generation: its,
        delta,
    } in &log.deltas
    {
        let reason = skipped.get(offset);
        if !matches!(reason, Some(SkipReason::OutOfSequence { .. })) {
            generation = Some(*its);
        }
        match (reason, delta) {
            (None, Ok(delta)) => apply(delta, &mut rows, &mut written),
            (None, Err(bad)) => panic!("applied, but {bad}"),
            (Some(SkipReason::Bad(bad)), delta) => assert_eq!(delta.as_ref().err(), Some(bad)),
            _ => {}
        }
    }
    assert_eq!(database.row_count(), rows);
    assert_eq!(database.generation(), generation);
    check_bounds(database);
    let renamed = log
        .deltas
        .iter()
        .any(|record| matches!(record.delta, Ok(Delta::WriteField { column: "ref", .. })));
    for ((table, reference), columns) in written {
        // Of rows with one reference only the first is looked up.
        let named = |row: &Row<'_>| row.reference().as_deref() == Some(reference);
        if plain.rows().filter(named).count() > 1 {
            continue;
        }
        // A change of the reference itself, which no xapi writes, makes it another row, and so do characters that XML has no
        // place for.
        if renamed || reference.contains(illegal) {
            continue;
        }
        let mut found = database
            .rows()
            .filter(|row| row.table() == table && named(row));
        let Some(columns) = columns else {
            assert!(found.next().is_none(), "{table} {reference} is still there");
            continue;
        };
        let row = found.next().expect("a row that a change is about");
        for (column, value) in columns {
            if !matches!(column, "ref" | "_ref" | "__ctime" | "__mtime") {
                let value = value.replace(illegal, "\u{FFFD}");
                assert_eq!(
                    row.text(column).as_deref(),
                    Some(value.as_str()),
                    "{column}"
                );
            }
        }
    }
}

fn illegal(c: char) -> bool {
    matches!(c, '\u{FFFE}' | '\u{FFFF}') || (c < ' ' && !"\t\n\r".contains(c))
}

/// What was written last, by table and reference and by column; `None` for a row that is gone.
type Written<'a> = BTreeMap<(&'a str, &'a str), Option<BTreeMap<&'a str, &'a str>>>;

fn apply<'a>(delta: &Delta<'a>, rows: &mut usize, written: &mut Written<'a>) {
    let key = (delta.table(), delta.reference());
    match delta {
        Delta::CreateRow { columns, .. } => {
            *rows += 1;
            // Of a column that is given twice the last counts.
            written.insert(key, Some(columns.iter().copied().collect()));
        }
        Delta::DeleteRow { .. } => {
            *rows -= 1;
            written.insert(key, None);
        }
        Delta::WriteField { column, value, .. } => {
            let row = written.entry(key).or_default();
            row.get_or_insert_default().insert(column, value);
        }
    }
}

fn check_bounds(database: &Database<'_>) {
    assert!(database.row_count() <= database.row_numbers());
    for row in database.rows() {
        let numbered = database.row_numbered(row.number());
        assert_eq!(numbered.map(|found| found.number()), Some(row.number()));
        for (position, _) in database.shape_names(row.shape()).enumerate() {
            assert!(row.value_at(position).is_some(), "a value for each name");
        }
        if let Some(reference) = row.reference() {
            assert!(database.by_reference(&reference).is_some());
        }
    }
}

fn write_again(database: &Database<'_>, limits: &DumpLimits) {
    // A column of any other name cannot be written as an attribute.
    let mut names = database
        .rows()
        .flat_map(|row| row.columns())
        .map(|(name, _)| name);
    let plain = |name: &str| {
        name.bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    if !names.all(|name| !name.is_empty() && plain(name)) {
        return;
    }
    let written = to_vec(database, &Style::of(database));
    match Database::read(&written, &DumpLimits::default()) {
        Ok(again) => assert_eq!(meaning(&again), meaning(database)),
        Err(error) => panic!("what was written is refused with {limits:?}: {error}"),
    }
}

// --- Made-up logs --------------------------------------------------------------------------------

/// A log of so many changes as the input has choices for.
fn make(actions: &mut Actions<'_>) -> Vec<u8> {
    let mut device = b"redo-log--------\x001".to_vec();
    device.extend_from_slice(MARKER);
    device.extend_from_slice(format!("{:016}", DATABASE.len()).as_bytes());
    device.extend_from_slice(DATABASE);
    device.extend_from_slice(format!("{GENERATION:016}").as_bytes());
    device.extend_from_slice(MARKER);
    let mut next = GENERATION + 1;
    while let Some(choice) = actions.byte() {
        let generation = match choice >> 4 {
            15 => actions.number().unwrap_or(next) % 1_000_000_000,
            14 => next + 1,
            13 => next - 1,
            _ => next,
        };
        if generation == next {
            next += 1;
        }
        let data = delta(choice % 16, actions);
        device.extend_from_slice(format!("{:016}", data.len()).as_bytes());
        device.extend_from_slice(&data);
        device.extend_from_slice(format!("{generation:016}").as_bytes());
        device.extend_from_slice(MARKER);
    }
    device.extend_from_slice(&[0; 16]);
    device
}

fn delta(choice: u8, actions: &mut Actions<'_>) -> Vec<u8> {
    let mut data = Vec::new();
    match choice {
        0..=3 => {
            data.extend_from_slice(b"CreateRow");
            head(&mut data, actions);
            let pairs = actions.byte().unwrap_or(0) % 4;
            data.extend_from_slice(format!("{pairs:08}").as_bytes());
            for _ in 0..pairs {
                text(&mut data, column(actions));
                value(&mut data, actions);
            }
        }
        4..=6 => {
            data.extend_from_slice(b"DeleteRow");
            head(&mut data, actions);
        }
        7..=13 => {
            data.extend_from_slice(b"WriteFiel");
            head(&mut data, actions);
            text(&mut data, column(actions));
            value(&mut data, actions);
        }
        14 => {
            data.extend_from_slice(b"WriteFiel");
            head(&mut data, actions);
        }
        _ => data.extend_from_slice(actions.bytes(20)),
    }
    data
}

fn text(data: &mut Vec<u8>, text: &[u8]) {
    data.extend_from_slice(format!("{:08}", text.len()).as_bytes());
    data.extend_from_slice(text);
}

/// Table and reference.
fn head(data: &mut Vec<u8>, actions: &mut Actions<'_>) {
    let choice = actions.byte().unwrap_or(0);
    let table: &[u8] = match choice % 4 {
        0 | 1 => b"VM",
        2 => b"VDI",
        _ => b"new",
    };
    let reference = format!("r{}", choice / 4 % 6);
    text(data, table);
    text(data, reference.as_bytes());
}

fn column(actions: &mut Actions<'_>) -> &'static [u8] {
    const COLUMNS: [&[u8]; 8] = [
        b"name__label",
        b"uuid",
        b"other_config",
        b"_ref",
        b"ref",
        b"__mtime",
        b"new",
        b"name__description",
    ];
    COLUMNS[usize::from(actions.byte().unwrap_or(0)) % COLUMNS.len()]
}

fn value(data: &mut Vec<u8>, actions: &mut Actions<'_>) {
    let len = actions.byte().unwrap_or(0) % 24;
    text(data, actions.bytes(usize::from(len)));
}

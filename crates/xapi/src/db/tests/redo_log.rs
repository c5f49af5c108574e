//! A redo log laid out by hand, and what replaying it gives.

use super::super::redo_log::{BadDelta, Delta, EndOfDeltas, Half, RedoLog, SkipReason};
use super::super::{DumpLimits, ErrorKind};
use super::dump;

const MARKER: &str = "0fe1867a-9fe2-4903-a479-338a5a2cf815";

/// Strings with their lengths in front, behind a tag.
fn delta(tag: &str, strings: &[&str]) -> String {
    let strings = strings
        .iter()
        .map(|text| format!("{:08}{text}", text.len()));
    format!("{tag}{}", strings.collect::<String>())
}

fn create(table: &str, reference: &str, columns: &[(&str, &str)]) -> String {
    let mut out = delta("CreateRow", &[table, reference]);
    out.push_str(&format!("{:08}", columns.len()));
    for (name, value) in columns {
        out.push_str(&delta("", &[name, value]));
    }
    out
}

fn record(delta: &str, generation: i64) -> String {
    format!("{:016}{delta}{generation:016}{MARKER}", delta.len())
}

fn half(dump: &str, records: &[String]) -> String {
    let database = format!("{MARKER}{:016}{dump}{:016}{MARKER}", dump.len(), 9);
    format!("{database}{}{}", records.concat(), "\0".repeat(16))
}

fn device(validity: &str, half: &str) -> Vec<u8> {
    format!("redo-log--------\0{validity}{half}").into_bytes()
}

fn read(bytes: &[u8]) -> RedoLog<'_> {
    RedoLog::read(bytes, &DumpLimits::default()).unwrap()
}

fn vms() -> String {
    dump(
        "<table name=\"VM\"><row ref=\"1\" __ctime=\"2\" __mtime=\"3\" _ref=\"1\" name__label=\"a%.b\" uuid=\"u1\"/>\
         <row ref=\"2\" __ctime=\"2\" __mtime=\"3\" _ref=\"2\" name__label=\"gone\" uuid=\"u2\"/></table>",
    )
}

#[test]
fn changes_are_put_into_the_database() {
    let records = [
        record(
            &delta("WriteFiel", &["VM", "1", "name__label", "x <y> 100%"]),
            10,
        ),
        record(&delta("DeleteRow", &["VM", "2"]), 11),
        record(
            &create(
                "VM",
                "3",
                &[("uuid", "u3"), ("tags", "('a b')"), ("_ref", "no")],
            ),
            12,
        ),
        record(&delta("WriteFiel", &["VM", "3", "uuid", "u4"]), 13),
        record(&delta("WriteFiel", &["VM", "1", "brand_new", "n"]), 14),
        record(&create("VBD", "4", &[]), 15),
        record(&create("VM", "2", &[("uuid", "u2b")]), 16),
    ];
    let bytes = device("1", &half(&vms(), &records));
    let log = read(&bytes);
    assert_eq!(
        (log.half, log.generation, log.deltas.len()),
        (Half::First, 9, 7)
    );
    assert_eq!(log.end, EndOfDeltas::NoLength);
    assert_eq!(log.database_offset, 18 + 36 + 16);
    assert_eq!(log.end_offset, bytes.len() as u64 - 16);
    let (database, replay) = log.replay(&DumpLimits::default()).unwrap();
    assert_eq!((replay.applied, replay.skipped.as_slice()), (7, &[][..]));
    assert_eq!(database.generation(), Some(16));
    assert_eq!(database.row_count(), 4);
    let first = database.by_reference("1").unwrap();
    assert_eq!(first.text("name__label").as_deref(), Some("x <y> 100%"));
    assert_eq!(
        first.get("name__label").unwrap().as_bytes(),
        b"x%.&lt;y&gt;%.100%%"
    );
    assert_eq!(first.text("brand_new").as_deref(), Some("n"));
    assert_eq!(
        (first.ctime(), first.mtime(), first.offset()),
        (Some(2), Some(14), None)
    );
    assert_eq!(
        database.by_uuid("u1").unwrap().reference().as_deref(),
        Some("1")
    );
    let third = database.by_uuid("u4").unwrap();
    assert_eq!((third.ctime(), third.mtime()), (Some(12), Some(13)));
    assert_eq!(third.text("tags").as_deref(), Some("('a b')"));
    assert_eq!(third.text("_ref").as_deref(), Some("3"));
    assert!(database.by_uuid("u3").is_none() && database.by_uuid("u2").is_none());
    assert_eq!(
        database.by_reference("2").unwrap().text("uuid").as_deref(),
        Some("u2b")
    );
    assert_eq!(database.table("VBD").unwrap().len(), 1);
}

#[test]
fn changes_that_do_not_fit_are_skipped() {
    let records = [
        record(&delta("WriteFiel", &["VM", "9", "a", "b"]), 10),
        record(&create("VM", "1", &[]), 11),
        record("Nonsense!", 12),
        record(&delta("WriteFiel", &["VM", "1"]), 13),
        record(&delta("WriteFiel", &["VM", "1", "a", "b"]), 99),
        record(&delta("WriteFiel", &["host", "1", "a", "b"]), 14),
        record(&delta("WriteFiel", &["VM", "1", "a", "b"]), 15),
    ];
    let bytes = device("1", &half(&vms(), &records));
    let (database, replay) = read(&bytes).replay(&DumpLimits::default()).unwrap();
    let reasons: Vec<_> = replay
        .skipped
        .iter()
        .map(|skipped| skipped.reason)
        .collect();
    assert_eq!(
        reasons,
        [
            SkipReason::NoSuchRow,
            SkipReason::RowExists,
            SkipReason::Bad(BadDelta::UnknownTag),
            SkipReason::Bad(BadDelta::Cut),
            SkipReason::OutOfSequence { expected: 14 },
            SkipReason::NoSuchRow,
        ]
    );
    assert_eq!(replay.applied, 1);
    assert_eq!(
        database.by_reference("1").unwrap().text("a").as_deref(),
        Some("b")
    );
    assert_eq!(database.generation(), Some(15));
}

#[test]
fn the_second_half() {
    let mut bytes = device("2", "");
    bytes.resize(18 + (60 << 20), 0);
    bytes.extend_from_slice(half(&vms(), &[]).as_bytes());
    let log = read(&bytes);
    assert_eq!(log.half, Half::Second);
    assert_eq!(log.replay(&DumpLimits::default()).unwrap().0.row_count(), 2);
}

#[test]
fn where_the_changes_end() {
    let good = record(&delta("DeleteRow", &["VM", "1"]), 10);
    let other = good.replace(MARKER, &MARKER.replace('0', "1"));
    for (tail, end) in [
        (other, EndOfDeltas::OtherMarker),
        ("0000000000009999short".to_owned(), EndOfDeltas::Incomplete),
        (
            record("DeleteRow", 10).replace("0000000000000010", "00000000000000x0"),
            EndOfDeltas::Incomplete,
        ),
        ("not a number and so on".to_owned(), EndOfDeltas::BadLength),
        ("-000000000000001".to_owned(), EndOfDeltas::BadLength),
        ("0000000000000000".to_owned(), EndOfDeltas::BadLength),
        ("00000000".to_owned(), EndOfDeltas::BadLength),
        ("\0\0\0\0".to_owned(), EndOfDeltas::NoLength),
        ("\0".repeat(16), EndOfDeltas::NoLength),
        (String::new(), EndOfDeltas::NoLength),
    ] {
        let bytes = device("1", &half(&vms(), &[good.clone(), tail]));
        let log = read(&bytes);
        assert_eq!((log.deltas.len(), log.end), (1, end));
    }
}

#[test]
fn devices_without_a_database() {
    let error = |bytes: &[u8]| {
        RedoLog::read(bytes, &DumpLimits::default())
            .unwrap_err()
            .kind
    };
    assert_eq!(error(b""), ErrorKind::NotARedoLog);
    assert_eq!(error(b"<database/>"), ErrorKind::NotARedoLog);
    assert_eq!(
        error(&device("0", "")),
        ErrorKind::EmptyRedoLog { validity: b'0' }
    );
    assert_eq!(
        error(b"redo-log--------"),
        ErrorKind::EmptyRedoLog { validity: 0 }
    );
    let good = half(&vms(), &[]);
    for bad in [
        String::new(),
        good[..60].to_owned(),
        good[..good.len() - 60].to_owned(),
        good.replacen(MARKER, &MARKER.replace('0', "1"), 1),
        format!("{MARKER}{:016}", 0),
        format!("{MARKER}xxxxxxxxxxxxxxxx"),
    ] {
        assert_eq!(error(&device("1", &bad)).name(), "bad-database-record");
    }
}

#[test]
fn texts_of_a_change_are_bounded_by_the_record() {
    for (data, bad) in [
        ("CreateRow00000002VM", BadDelta::Cut),
        (
            "CreateRow00000002VM0000000119999999900000001a",
            BadDelta::Cut,
        ),
        ("DeleteRow99999999VM", BadDelta::Cut),
        ("DeleteRow-0000001VM", BadDelta::Cut),
        ("Delete", BadDelta::UnknownTag),
    ] {
        assert_eq!(Delta::parse(data.as_bytes()), Err(bad), "{data}");
    }
    assert_eq!(
        Delta::parse(b"DeleteRow00000001\xFF000000011"),
        Err(BadDelta::NotUtf8)
    );
}

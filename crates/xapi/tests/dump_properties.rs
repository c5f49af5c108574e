//! Properties of dumps and their values: what is written reads back, and no input makes a parser panic or leave its
//! bounds.

use proptest::prelude::*;
use xenspect_xapi::datamodel::{self, DateTime};
use xenspect_xapi::db::redo_log::{Delta, RedoLog};
use xenspect_xapi::db::{Database, DumpLimits, Event, Reader, write};
use xenspect_xapi::value::sexpr::{self, Sexpr};
use xenspect_xapi::value::{Protection, Raw, escape, protect, unprotect};

/// Text of characters that XML allows, with those that any layer treats specially made likely.
fn text() -> impl Strategy<Value = String> {
    let special = prop::sample::select(
        " %_.tnr\t\n\r'\"\\()<>&;é日\u{1F600}"
            .chars()
            .collect::<Vec<_>>(),
    );
    let any_char = any::<char>().prop_filter("allowed in XML", |&c| {
        !c.is_control() && c != '\u{FFFE}' && c != '\u{FFFF}'
    });
    let c = prop_oneof![4 => special, 1 => any_char];
    prop::collection::vec(c, 0..24).prop_map(|chars| chars.into_iter().collect())
}

fn protection() -> impl Strategy<Value = Protection> {
    prop::sample::select(vec![Protection::EverySpace, Protection::SpacePairs])
}

/// Rows by reference, each with columns by name, of some tables.
type Tables = Vec<(String, Vec<(String, Vec<(String, String)>)>)>;

fn tables() -> impl Strategy<Value = Tables> {
    let column = ("[a-zA-Z][a-zA-Z_]{0,8}", text());
    let columns = prop::collection::btree_map(column.0, column.1, 0..6);
    let rows = prop::collection::btree_map("[a-f0-9:]{1,6}", columns, 0..5);
    let tables = prop::collection::btree_map("[A-Za-z_]{1,6}", rows, 0..5);
    tables.prop_map(|tables| {
        let rows = |rows: std::collections::BTreeMap<_, std::collections::BTreeMap<_, _>>| {
            rows.into_iter()
                .map(|(reference, columns)| (reference, columns.into_iter().collect()))
                .collect()
        };
        tables
            .into_iter()
            .map(|(name, content)| (name, rows(content)))
            .collect()
    })
}

/// A dump as its writer would print it, by its own few lines.
fn print(tables: &Tables, minor: u32, protection: Protection) -> String {
    let mut out = format!(
        "<database><manifest><pair key=\"schema_major_vsn\" value=\"5\"/><pair key=\"schema_minor_vsn\" value=\"{minor}\"/>\
         <pair key=\"generation_count\" value=\"7\"/></manifest>"
    );
    for (name, rows) in tables {
        if rows.is_empty() {
            out.push_str(&format!("<table name=\"{name}\"/>"));
            continue;
        }
        out.push_str(&format!("<table name=\"{name}\">"));
        for (reference, columns) in rows {
            out.push_str(&format!(
                "<row ref=\"{reference}\" __ctime=\"1\" __mtime=\"2\""
            ));
            for (column, value) in columns {
                out.push_str(&format!(
                    " {column}=\"{}\"",
                    escape(&protect(value, protection))
                ));
            }
            out.push_str("/>");
        }
        out.push_str("</table>");
    }
    out.push_str("</database>");
    out
}

/// Pieces of dumps in any order.
fn soup() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop::sample::select(vec![
        "<database>",
        "</database>",
        "<manifest>",
        "</manifest>",
        "<pair key=\"a\" value=\"b\"/>",
        "<table name=\"VM\">",
        "<table name='x'/>",
        "</table>",
        "<row ref=\"1\" a=\"b\"/>",
        "<row ",
        "ref='2'",
        "uuid=\"u\" ",
        "__ctime=\"x\" ",
        "/>",
        ">",
        "</row>",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "<!DOCTYPE a [",
        "]>",
        "<?xml version=\"1.0\"?>",
        "<?",
        "?>",
        "&lt;",
        "&x;",
        "&",
        "<",
        "\"",
        "'",
        "=",
        " ",
        "\r\n",
        "\u{FEFF}",
        "\u{0}",
        "é",
        "<unknown>",
        "</unknown>",
        "<table name=\"VM\"><row ref=\"",
    ]);
    let bytes = prop_oneof![
        9 => piece.prop_map(|piece| piece.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 1..3),
    ];
    let body = prop::collection::vec(bytes, 0..40).prop_map(|pieces| pieces.concat());
    (any::<bool>(), body).prop_map(|(open, body)| match open {
        true => [b"<database>".to_vec(), body].concat(),
        false => body,
    })
}

/// Runs everything on one input and checks what must hold for any.
fn run_all(bytes: &[u8]) {
    let limits = DumpLimits::default();
    let length = bytes.len() as u64;
    let streamed = Reader::new(bytes, &limits).and_then(|mut reader| {
        let mut rows = 0;
        let mut ends = 0;
        while let Some(event) = reader.next()? {
            assert_eq!(ends, 0);
            match event {
                Event::Row(row) => {
                    rows += 1;
                    let _ = (row.reference(), row.ctime(), row.mtime());
                    assert!(row.offset() < length);
                    for column in row.columns() {
                        let start = usize::try_from(column.offset()).unwrap();
                        assert_eq!(
                            &bytes[start..start + column.value.len()],
                            column.value.as_bytes()
                        );
                    }
                }
                Event::End { offset, .. } => {
                    ends += 1;
                    assert!(offset <= length);
                }
                Event::Manifest { .. } | Event::Table { .. } => {}
            }
        }
        assert_eq!(ends, 1);
        assert!(reader.next()?.is_none());
        Ok(rows)
    });
    match (Database::read(bytes, &limits), streamed) {
        (Ok(database), Ok(rows)) => {
            assert_eq!(database.row_count(), rows);
            for row in database.rows() {
                for (column, raw) in row.columns() {
                    let _ = datamodel::decode(row.table(), column, raw.text());
                }
            }
            assert!(
                database
                    .oddities()
                    .kept
                    .iter()
                    .all(|oddity| oddity.offset <= length)
            );
            let style = write::Style::of(&database);
            let written = write::to_vec(&database, &style);
            let again = Database::read(&written, &limits);
            assert!(again.is_ok_and(|again| again.row_count() == rows));
        }
        (Err(error), Err(other)) => {
            assert_eq!(error, other);
            assert!(error.offset <= length);
        }
        (database, streamed) => panic!("{database:?} {streamed:?}"),
    }
}

proptest! {
    #[test]
    fn protection_comes_off_again(text in text(), protection in protection()) {
        let protected = protect(&text, protection);
        prop_assert_eq!(unprotect(&protected), &*text);
        let escaped = escape(&protected);
        prop_assert!(!escaped.contains(['<', '>', '"', '\t', '\n', '\r']));
        prop_assert_eq!(Raw::new(escaped.as_bytes()).text(), &*text);
        prop_assert!(Raw::new(escaped.as_bytes()).is(&text));
    }

    #[test]
    fn sets_and_maps_read_back(items in prop::collection::vec((text(), text()), 0..6)) {
        let keys: Vec<_> = items.iter().map(|(key, _)| key.as_str()).collect();
        let set = sexpr::encode_set(&keys);
        prop_assert_eq!(sexpr::decode_set(&set).unwrap(), keys.clone());
        let tree = Sexpr::Node(keys.iter().map(|&key| Sexpr::String(key.into())).collect());
        prop_assert_eq!(sexpr::parse(&set).unwrap(), tree);
        let map = sexpr::encode_map(items.iter().map(|(key, value)| (key, value)));
        let read = sexpr::decode_map(&map).unwrap();
        prop_assert!(read.iter().map(|(key, value)| (&**key, &**value)).eq(items.iter().map(|(key, value)| (&**key, &**value))));
    }

    #[test]
    fn any_text_is_read_without_panic(text in prop_oneof![any::<String>(), text()]) {
        let _ = sexpr::parse(&text);
        let _ = sexpr::decode_map(&text);
        // A set is what the general reader finds to be a list of strings.
        let as_tree = match sexpr::parse(&text) {
            Ok(Sexpr::Node(items)) => items
                .into_iter()
                .map(|item| match item {
                    Sexpr::String(text) => Some(text),
                    _ => None,
                })
                .collect::<Option<Vec<_>>>(),
            _ => None,
        };
        prop_assert_eq!(sexpr::decode_set(&text).ok(), as_tree);
        let _ = unprotect(&text);
        let _ = DateTime::parse(&text);
        let _ = Raw::new(text.as_bytes()).text();
    }

    #[test]
    fn dates_read_back(days in 0_i64..100_000, second in 0_i64..86_400) {
        // Counted up day by day, the other way round than the reader reckons.
        let (mut year, mut month, mut left) = (1970, 1, days);
        loop {
            let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
            let length = [31, if leap { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1];
            if left < length {
                break;
            }
            left -= length;
            (year, month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
        }
        let text = format!(
            "{year:04}{month:02}{:02}T{:02}:{:02}:{:02}Z",
            left + 1, second / 3600, second / 60 % 60, second % 60
        );
        prop_assert_eq!(DateTime::parse(&text).unwrap().unix(), days * 86_400 + second);
    }

    #[test]
    fn a_written_dump_reads_back_and_is_written_again(tables in tables(), modern in any::<bool>()) {
        let (minor, protection) = match modern {
            true => (790, Protection::EverySpace),
            false => (66, Protection::SpacePairs),
        };
        let dump = print(&tables, minor, protection);
        let database = Database::read(dump.as_bytes(), &DumpLimits::default()).unwrap();
        for (name, rows) in &tables {
            let table = database.table(name).unwrap();
            prop_assert_eq!(table.len(), rows.len());
            for (row, (reference, columns)) in table.rows().zip(rows) {
                prop_assert_eq!(row.reference().unwrap(), reference.as_str());
                for (column, value) in columns {
                    prop_assert_eq!(row.text(column).unwrap(), value.as_str());
                }
            }
        }
        let style = write::Style::of(&database);
        prop_assert_eq!(write::first_difference(&database, &style, dump.as_bytes()), None);
    }

    #[test]
    fn a_dump_with_a_changed_byte(tables in tables(), place in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = print(&tables, 790, Protection::EverySpace).into_bytes();
        let place = place.index(bytes.len());
        bytes[place] = byte;
        run_all(&bytes);
        run_all(&bytes[..place]);
    }

    #[test]
    fn markup_soup(bytes in soup()) {
        run_all(&bytes);
    }

    #[test]
    fn arbitrary_redo_logs(
        dump in tables(),
        deltas in prop::collection::vec((prop::sample::select(vec!["CreateRow", "DeleteRow", "WriteFiel", "Other"]),
            prop::collection::vec(text(), 0..6), any::<bool>()), 0..8),
        place in any::<prop::sample::Index>(),
        byte in any::<u8>(),
    ) {
        let marker = "0fe1867a-9fe2-4903-a479-338a5a2cf815";
        let dump = print(&dump, 790, Protection::EverySpace);
        let mut device = format!("redo-log--------\u{0}1{marker}{:016}{dump}{:016}{marker}", dump.len(), 7);
        for (number, (tag, texts, known)) in deltas.iter().enumerate() {
            let mut delta = (*tag).to_owned();
            for text in texts {
                let text = if *known { "a" } else { text };
                delta.push_str(&format!("{:08}{text}", text.len()));
            }
            device.push_str(&format!("{:016}{delta}{:016}{marker}", delta.len(), number + 8));
        }
        let mut bytes = device.into_bytes();
        let limits = DumpLimits::default();
        let log = RedoLog::read(&bytes, &limits).unwrap();
        prop_assert_eq!(log.deltas.len(), deltas.len());
        let (database, replay) = log.replay(&limits).unwrap();
        prop_assert_eq!(replay.applied + replay.skipped.len(), deltas.len());
        prop_assert_eq!(database.rows().count(), database.row_count());
        let place = place.index(bytes.len());
        bytes[place] = byte;
        if let Ok(log) = RedoLog::read(&bytes, &limits) {
            let _ = log.replay(&limits);
        }
    }

    #[test]
    fn arbitrary_bytes(bytes in prop::collection::vec(any::<u8>(), 0..256)) {
        run_all(&bytes);
        let _ = Delta::parse(&bytes);
        let _ = RedoLog::read(&bytes, &DumpLimits::default());
    }
}

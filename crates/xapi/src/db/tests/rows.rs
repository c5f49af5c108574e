//! Rows that go the quick way through the reader against the same rows on the long way.

use super::super::write::{Style, first_difference, to_vec};
use super::super::{Database, DumpLimits, ErrorKind};
use super::{dump, read};

/// Rows of one table, as their writer writes them. Those behind the first go the quick way where nothing is odd in them.
fn rows(values: &[&str]) -> String {
    let rows = (1..).zip(values).map(|(number, value)| {
        format!("<row ref=\"OpaqueRef:{number}\" __ctime=\"1\" __mtime=\"2\" _ref=\"OpaqueRef:{number}\" a=\"{value}\" b=\"()\"/>")
    });
    rows.collect()
}

fn table(rows: &str) -> String {
    dump(&format!("<table name=\"VM\">{rows}</table>"))
}

/// Values, and whether xapi would write them so.
const VALUES: [(&str, bool); 22] = [
    ("", true),
    ("plain", true),
    ("it's", true),
    ("a%.b", true),
    ("%t%n%r%%", true),
    ("&lt;&gt;&amp;&quot;", true),
    ("(('a'%.'b')%.('c'%.'d'))", true),
    ("ä€😀", true),
    ("a b", false),
    ("a%_b", false),
    ("100%", false),
    ("%&quot;", false),
    ("&apos;", false),
    ("&#65;", false),
    ("a>b", false),
    ("a\tb", false),
    ("a\nb", false),
    ("a&b", false),
    ("a&b;", false),
    ("a<b", false),
    ("\u{1}", false),
    ("\u{FFFF}", false),
];

#[test]
fn both_ways_read_the_same() {
    for (value, _) in VALUES {
        let good = rows(&["x", value, "y"]);
        // A comment between rows sends the row in front of it the long way.
        let slow = good.replace("/>", "/><!-- -->");
        let (good, slow) = (table(&good), table(&slow));
        let (quick, slow) = (read(&good), read(&slow));
        let text = |database: &Database<'_>| -> Vec<_> {
            let rows = database.rows().map(|row| {
                let columns = row
                    .columns()
                    .map(|(name, raw)| (name.to_owned(), raw.as_bytes().to_vec()));
                columns.collect::<Vec<_>>()
            });
            rows.collect()
        };
        assert_eq!(text(&quick), text(&slow), "{value:?}");
        let kinds = |database: &Database<'_>| -> Vec<_> {
            let kept = database.oddities().kept.iter();
            kept.map(|oddity| {
                (
                    oddity.kind.clone(),
                    oddity.row.clone(),
                    oddity.column.clone(),
                )
            })
            .collect()
        };
        assert_eq!(kinds(&quick), kinds(&slow), "{value:?}");
        for row in quick.rows() {
            let at = row.column_offset("a").unwrap() as usize;
            let raw = row.get("a").unwrap();
            assert!(
                quick.document()[at..].starts_with(raw.as_bytes()),
                "{value:?}"
            );
        }
    }
}

#[test]
fn only_what_is_written_so_counts_as_written_so() {
    for (value, same) in VALUES {
        for values in [["x", value], [value, "x"], [value, value]] {
            let text = table(&rows(&values));
            let database = read(&text);
            let style = Style::of(&database);
            let written = to_vec(&database, &style);
            assert_eq!(written == text.as_bytes(), same, "{value:?}");
            let by_bytes = written
                .iter()
                .zip(text.as_bytes())
                .position(|(a, b)| a != b);
            let by_bytes = by_bytes.map(|at| at as u64);
            let found = first_difference(&database, &style, database.document());
            assert_eq!(found, by_bytes, "{value:?}");
            // Not the document itself, so every row is written.
            assert_eq!(
                first_difference(&database, &style, text.as_bytes()),
                by_bytes
            );
        }
    }
}

#[test]
fn what_is_out_of_order_is_found() {
    let row = |number: u32, columns: &str| format!("<row ref=\"{number}\" {columns}/>");
    let first = row(1, "a=\"1\" b=\"2\"");
    for other in [
        // Columns out of order, in the first row and so in all.
        table(&[row(1, "b=\"2\" a=\"1\""), row(2, "b=\"2\" a=\"1\"")].concat()),
        // Rows out of order, or with something between them or their attributes.
        table(
            &[
                row(2, "a=\"1\" b=\"2\""),
                row(3, "a=\"1\" b=\"2\""),
                first.clone(),
            ]
            .concat(),
        ),
        table(&[&first, " ", &row(2, "a=\"1\" b=\"2\"")].concat()),
        table(&[&first, &*row(2, "a=\"1\"  b=\"2\"")].concat()),
        table(&[&first, &*row(2, "a='1' b=\"2\"")].concat()),
        table(&[&first, &*row(2, "a=\"1\" b=\"2\" ")].concat()),
        table(&[&first, "<row ref=\"2\" a=\"1\" b=\"2\"></row>"].concat()),
    ] {
        let database = read(&other);
        let style = Style::of(&database);
        let written = to_vec(&database, &style);
        let by_bytes = written
            .iter()
            .zip(other.as_bytes())
            .position(|(a, b)| a != b);
        assert!(by_bytes.is_some(), "{other}");
        let found = first_difference(&database, &style, database.document());
        assert_eq!(found, by_bytes.map(|at| at as u64), "{other}");
    }
    let good = table(&[first, row(2, "a=\"1\" b=\"2\"")].concat());
    let database = read(&good);
    assert_eq!(
        first_difference(&database, &Style::of(&database), database.document()),
        None
    );
}

#[test]
fn limits_hold_on_the_quick_way() {
    let text = table(&rows(&["x", "y", "z"]));
    let read = |limits: DumpLimits| {
        Database::read(text.as_bytes(), &limits)
            .map(|_| ())
            .map_err(|error| error.kind)
    };
    let limits = DumpLimits::default();
    assert_eq!(read(DumpLimits { rows: 3, ..limits }), Ok(()));
    assert_eq!(
        read(DumpLimits { rows: 2, ..limits }),
        Err(ErrorKind::TooManyRows { limit: 2 })
    );
    let long = table(&rows(&["x", "y", "a value of some length"]));
    let limited = DumpLimits {
        value_bytes: 12,
        ..limits
    };
    let error = Database::read(long.as_bytes(), &limited).unwrap_err();
    assert_eq!(error.kind, ErrorKind::ValueTooLong { limit: 12 });
}

#[test]
fn cuts_inside_the_quick_way() {
    let text = table(&rows(&["x", "y%.z", "z"]));
    for end in text.find("OpaqueRef:2").unwrap()..text.len() {
        let cut = &text[..end];
        let quick = Database::read(cut.as_bytes(), &DumpLimits::default()).unwrap();
        assert!(!quick.is_complete(), "{end}");
        let rows = cut.matches("/>").count() - cut.matches("<pair").count();
        assert_eq!(quick.row_count(), rows, "{cut}");
    }
}

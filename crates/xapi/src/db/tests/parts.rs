//! A dump in two parts against the same dump in one.

use super::super::write::{Style, to_vec};
use super::super::{Database, DumpLimits, Error, Part, Parted, Split, Unindexed};
use super::dump;

fn parted(text: &str, split: &Split, limits: &DumpLimits) -> Parted {
    Parted::at(text.as_bytes().to_vec(), split.clone(), limits)
}

fn indexed(dump: Unindexed) -> Database<'static> {
    let (references, uuids) = (dump.by_reference(), dump.by_uuid());
    dump.indexed(references, uuids)
}

/// All there is to know of a database.
fn told(database: Result<Database<'_>, Error>) -> Result<Vec<String>, Error> {
    let database = database?;
    let style = Style::of(&database);
    let mut told = vec![
        format!("{:?}", database.oddities()),
        format!("{} {}", database.is_complete(), database.end()),
        String::from_utf8_lossy(&to_vec(&database, &style)).into_owned(),
    ];
    told.extend(
        database
            .tables()
            .map(|table| format!("{} {} {}", table.name(), table.len(), table.offset())),
    );
    told.extend(
        database
            .rows()
            .map(|row| format!("{} {} {:?}", row.number(), row.table(), row.offset())),
    );
    for row in database.rows() {
        let reference = row.reference().unwrap_or_default();
        let first = database.by_reference(&reference).map(|row| row.number());
        told.push(format!("{reference} {first:?}"));
    }
    Ok(told)
}

/// Every place at which a row seems to begin, with every table that may be open there.
fn splits(text: &str) -> Vec<Split> {
    let places = text.match_indices("<row ");
    let tables = ["VM", "SR", "a&b", ""];
    places
        .flat_map(|(at, _)| {
            tables.map(|table| Split {
                at,
                table: table.to_owned(),
            })
        })
        .collect()
}

fn rows(from: u32, to: u32) -> String {
    (from..to)
        .map(|number| format!("<row ref=\"{number}\" __ctime=\"1\" a=\"x%.y\" uuid=\"{number}\"/>"))
        .collect()
}

fn documents() -> Vec<String> {
    let (a, b) = (rows(1, 4), rows(4, 7));
    let odd = b.replacen("x%.y", "x < y & z", 2);
    let other = b.replace("a=", "c=");
    let of = |tables: &[(&str, &str)]| {
        let tables = tables
            .iter()
            .map(|(name, rows)| format!("<table name=\"{name}\">{rows}</table>"));
        dump(&tables.collect::<String>())
    };
    vec![
        of(&[("VM", &a), ("SR", &b)]),
        of(&[("VM", &a), ("SR", &b), ("VM", &rows(7, 9))]),
        of(&[("VM", &a), ("SR", &a)]),
        of(&[("VM", &odd), ("SR", &other)]),
        of(&[("a&amp;b", &format!("{a}{other}{odd}"))]),
        of(&[("VM", &a.replace("x%.y", "/><row ref=&quot;"))]),
        of(&[("VM", &a.replace("x%.y", "/><row ref='"))]),
        of(&[(
            "VM",
            &format!(
                "{a}<!-- /><row c -->{b}<row ref=\"9\">{}</row>",
                rows(10, 12)
            ),
        )]),
        of(&[("VM", &format!("{a}</table>{b}<table name=\"VM\">{other}"))]),
        of(&[(
            "VM",
            &format!("{a}<manifest/><?xml version=\"1.0\"?>{b}\u{FEFF}{other}"),
        )]),
        of(&[("VM", &a)]).replace("<manifest>", "<manifest><row ref=\"1\"/>"),
        of(&[("VM", &a), ("SR", &b)]).replace("</database>", ""),
        of(&[("VM", &a), ("SR", &b)]) + "trailing",
        format!(
            "\u{FEFF}<?xml version=\"1.0\"?>\n{}",
            of(&[("VM", &a), ("SR", &b)])
        ),
        format!("<database><table name=\"VM\">{a}{b}</table></database>"),
    ]
}

#[test]
fn parts_never_show() {
    let limits = DumpLimits::default();
    let few = DumpLimits {
        rows: 5,
        tables: 4,
        columns: 5,
        oddities: 1,
        ..DumpLimits::default()
    };
    let mut fit = 0;
    for text in documents() {
        let cuts = [text.len(), text.len() * 3 / 4, text.len() / 2];
        for text in cuts.map(|end| text.get(..end).unwrap_or(&text)) {
            for limits in [&limits, &few] {
                let whole = told(Database::read(text.as_bytes(), limits));
                for split in splits(text) {
                    let dump = parted(text, &split, limits);
                    let (first, second) = (dump.first(), dump.second());
                    fit += usize::from(first.ends_at_the_place());
                    let parts = told(dump.joined(first, second).map(indexed));
                    assert_eq!(parts, whole, "{split:?} {text}");
                }
            }
        }
    }
    assert!(fit > 100, "{fit}");
}

#[test]
fn the_place_is_about_the_middle() {
    let text = dump(&format!(
        "<table name=\"a&amp;b\">{}</table><table name=\"SR\">{}</table>",
        rows(1, 20),
        rows(20, 25)
    ));
    let split = Split::of(text.as_bytes()).unwrap();
    assert_eq!(split.table, "a&b");
    assert!(text[split.at..].starts_with("<row "));
    assert!(split.at >= text.len() / 2 && split.at < text.len() / 2 + 100);
    assert_eq!(split.offset(), split.at as u64);
    let first = parted(&text, &split, &DumpLimits::default()).first();
    assert!(first.ends_at_the_place());
    assert_eq!(Split::of(dump("").as_bytes()), None);
    assert_eq!(Split::of(b""), None);
}

#[test]
fn every_place_between_two_rows_can_be_asked_for() {
    let text = dump(&format!(
        "<table name=\"VM\">{}</table><table name=\"SR\">{}</table>",
        rows(1, 4),
        rows(4, 7)
    ));
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(split) = Split::behind(text.as_bytes(), from) {
        from = split.at;
        found.push((split.at, split.table));
    }
    let between = text.match_indices("/><row ").map(|(at, _)| {
        let table = text[..at].rfind("name=\"").unwrap() + 6;
        (at + 2, text[table..table + 2].to_owned())
    });
    assert_eq!(found, between.collect::<Vec<_>>());
    assert_eq!(found.len(), 4);
    assert_eq!(Split::behind(text.as_bytes(), text.len() + 1), None);
}

#[test]
fn parts_of_another_reading_count_for_nothing() {
    let limits = DumpLimits::default();
    let text = dump(&format!("<table name=\"VM\">{}</table>", rows(1, 7)));
    // As long, with other rows.
    let other = text.replace("ref=\"", "ref=\"O").replace("x%.y", "x%.");
    assert_eq!(text.len(), other.len());
    let splits = splits(&text);
    let splits = splits
        .iter()
        .filter(|split| split.table == "VM" && split.at > 0);
    let splits: Vec<_> = splits.skip(1).collect();
    let few = DumpLimits {
        oddities: 1,
        ..DumpLimits::default()
    };
    let whole = told(Database::read(text.as_bytes(), &limits));
    let read = |first: &dyn Fn(&Parted) -> Part, second: &dyn Fn(&Parted) -> Part| {
        let dump = parted(&text, splits[0], &limits);
        let (first, second) = (first(&dump), second(&dump));
        told(dump.joined(first, second).map(indexed))
    };
    let elsewhere = |dump: &str, split: &Split| {
        let dump = parted(dump, split, &limits);
        move |half| match half {
            1 => dump.first(),
            _ => dump.second(),
        }
    };
    for other in [
        elsewhere(&text, splits[0]),
        elsewhere(&text, splits[2]),
        elsewhere(&other, splits[0]),
        elsewhere(&dump(""), splits[0]),
    ] {
        assert_eq!(read(&|_| other(1), &Parted::second), whole);
        assert_eq!(read(&Parted::first, &|_| other(2)), whole);
        assert_eq!(read(&|_| other(1), &|_| other(2)), whole);
    }
    assert_eq!(read(&Parted::second, &Parted::first), whole);
    assert_eq!(read(&Parted::first, &Parted::first), whole);
    assert_eq!(read(&Parted::second, &Parted::second), whole);
    let with_few = parted(&text, splits[0], &few);
    assert_eq!(read(&Parted::first, &|_| with_few.second()), whole);
}

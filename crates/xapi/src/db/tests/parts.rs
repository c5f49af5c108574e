//! A dump in two parts against the same dump in one.

use super::super::write::{Style, to_vec};
use super::super::{Database, DumpLimits, Error, Part, Split, Unindexed};
use super::dump;

fn in_parts(text: &str, split: &Split, limits: &DumpLimits) -> Result<Database<'static>, Error> {
    let first = Part::first(text.as_bytes(), split, limits);
    let second = Part::second(text.as_bytes(), split, limits);
    let dump = Unindexed::from_parts(text.as_bytes().to_vec(), first, second, limits)?;
    let (references, uuids) = (dump.by_reference(), dump.by_uuid());
    Ok(dump.indexed(references, uuids))
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
                    let first = Part::first(text.as_bytes(), &split, limits);
                    fit += usize::from(first.is_ok_and(|first| first.fits));
                    let parts = told(in_parts(text, &split, limits));
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
    assert!(
        Part::first(text.as_bytes(), &split, &DumpLimits::default())
            .unwrap()
            .fits
    );
    assert_eq!(Split::of(dump("").as_bytes()), None);
    assert_eq!(Split::of(b""), None);
}

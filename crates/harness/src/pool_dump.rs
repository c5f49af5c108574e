//! Any bytes as a dump of a pool database: streamed, as a whole, written again. What a redaction
//! makes of it is in `redacted_dump`.

use std::collections::BTreeMap;

use xenspect_xapi::db::write::{Style, first_difference, to_vec};
use xenspect_xapi::db::{
    Attribute, Database, DumpLimits, Error, Event, Oddities, Oddity, Reader, Row,
};
use xenspect_xapi::secrets::{masked_manifest, masked_text};
use xenspect_xapi::value::Raw;

use crate::{dump_parts, redacted_dump};

/// So tight that small dumps reach every limit.
pub(crate) const TIGHT: DumpLimits = DumpLimits {
    bytes: 8192,
    depth: 4,
    attributes: 8,
    value_bytes: 64,
    rows: 6,
    tables: 4,
    columns: 16,
    oddities: 1,
};

/// What only a whole database can tell.
const OF_THE_WHOLE: [&str; 2] = ["duplicate-ref", "duplicate-uuid"];

/// Reads the bytes as a dump, row by row and as a whole, writes it anew and redacts it.
///
/// Invariants:
/// - both readers give the same tables, rows, columns, manifest, end and oddities, or the same
///   error; the whole one alone may pass a limit of its own;
/// - with tight limits the same comes out, or a limit is what is told, or an error that was met
///   before it; no list is longer than its limit, and what was left out is counted;
/// - read in two parts, it gives what reading the whole gives, with usual and with tight limits, as `dump_parts` has it;
/// - offsets lie in the document; rows are found by number, reference and uuid;
/// - a dump written anew reads as the same rows, comes out the same when it is written once more
///   (unless it has characters that XML does not allow: then from the second time on), and the first
///   difference from the original is where it is said to be;
/// - the invariants of a redaction, which `redacted_dump` has.
///
/// # Panics
///
/// When one of them does not hold.
pub fn pool_dump(data: &[u8]) {
    let streamed = stream(data, &DumpLimits::default());
    let whole = Database::read(data, &DumpLimits::default());
    match (&streamed, &whole) {
        (Ok(streamed), Ok(whole)) => compare(streamed, whole),
        (Ok(_), Err(error)) => assert!(error.kind.is_limit(), "only the whole: {error}"),
        (Err(error), Ok(_)) => panic!("only the reader: {error}"),
        (Err(one), Err(other)) => assert!(one == other || other.kind.is_limit()),
    }
    match &whole {
        Ok(whole) => {
            ask(whole, data);
            write_again(whole, data);
            redacted_dump::check(whole);
        }
        Err(error) => check_error(error, data),
    }
    within_limits(data, &streamed, &whole);
    dump_parts::check(data, &DumpLimits::default(), &whole);
}

fn check_error(error: &Error, data: &[u8]) {
    assert!(error.offset <= data.len() as u64, "{error} is behind it");
    assert!(!error.to_string().is_empty() && !error.kind.name().is_empty());
}

/// A row, its values as they stand.
#[derive(Debug, PartialEq)]
pub(crate) struct Seen {
    offset: Option<u64>,
    reference: Option<String>,
    ctime: Option<i64>,
    mtime: Option<i64>,
    columns: Vec<(String, Vec<u8>)>,
}

/// What comes out of the streaming reader.
struct Streamed {
    manifest: Vec<(String, String)>,
    /// In the order in which each was met first.
    tables: Vec<String>,
    rows: BTreeMap<String, Vec<Seen>>,
    complete: bool,
    end: u64,
    oddities: Oddities,
}

fn stream(data: &[u8], limits: &DumpLimits) -> Result<Streamed, Error> {
    let mut reader = Reader::new(data, limits)?;
    let mut streamed = Streamed {
        manifest: Vec::new(),
        tables: Vec::new(),
        rows: BTreeMap::new(),
        complete: false,
        end: 0,
        oddities: Oddities::default(),
    };
    let mut table = String::new();
    let mut ended = false;
    while let Some(event) = reader.next()? {
        assert!(!ended, "something follows the end");
        match event {
            Event::Manifest { pairs, .. } => {
                let owned = |raw: Raw<'_>| raw.unescaped().into_owned();
                let pairs = pairs.iter();
                streamed.manifest = pairs.map(|p| (owned(p.key), owned(p.value))).collect();
            }
            Event::Table { name, .. } => {
                name.clone_into(&mut table);
                if !streamed.tables.contains(&table) {
                    streamed.tables.push(table.clone());
                }
            }
            Event::Row(row) => {
                assert_eq!(row.table(), table);
                let columns: Vec<Attribute<'_>> = row.columns().collect();
                for column in &columns {
                    let first = columns.iter().find(|other| other.name == column.name);
                    assert_eq!(row.get(column.name), first.map(|first| first.value));
                }
                let own = |column: &Attribute<'_>| {
                    (column.name.to_owned(), column.value.as_bytes().to_vec())
                };
                streamed.rows.entry(table.clone()).or_default().push(Seen {
                    offset: Some(row.offset()),
                    reference: row.reference().map(Into::into),
                    ctime: row.ctime(),
                    mtime: row.mtime(),
                    columns: columns.iter().map(own).collect(),
                });
            }
            Event::End { complete, offset } => {
                (streamed.complete, streamed.end, ended) = (complete, offset, true);
            }
        }
    }
    assert!(ended, "there is no end");
    assert!(reader.next().is_ok_and(|event| event.is_none()));
    streamed.oddities = reader.oddities().clone();
    Ok(streamed)
}

pub(crate) fn seen(row: &Row<'_>) -> Seen {
    Seen {
        offset: row.offset(),
        reference: row.reference().map(Into::into),
        ctime: row.ctime(),
        mtime: row.mtime(),
        columns: row
            .columns()
            .map(|(name, value)| (name.to_owned(), value.as_bytes().to_vec()))
            .collect(),
    }
}

fn compare(streamed: &Streamed, whole: &Database<'_>) {
    let manifest: Vec<_> = streamed
        .manifest
        .iter()
        .map(|(key, value)| (key.as_str(), value.as_str()))
        .collect();
    assert_eq!(whole.manifest().collect::<Vec<_>>(), manifest);
    let tables: Vec<_> = whole.tables().map(|table| table.name()).collect();
    assert_eq!(tables, streamed.tables);
    for table in whole.tables() {
        let rows: Vec<_> = table.rows().map(|row| seen(&row)).collect();
        let expected = streamed.rows.get(table.name());
        assert_eq!(
            rows,
            expected.map_or(&[][..], |rows| rows),
            "{}",
            table.name()
        );
    }
    assert_eq!(
        (whole.is_complete(), whole.end()),
        (streamed.complete, streamed.end)
    );
    let found: Vec<&Oddity> = whole.oddities().kept.iter().filter(streamable).collect();
    assert_eq!(found, streamed.oddities.kept.iter().collect::<Vec<_>>());
}

fn streamable(oddity: &&Oddity) -> bool {
    !OF_THE_WHOLE.contains(&oddity.kind.name())
}

/// How many there were, kept or not, by kind. That of the encoding is left out: a declaration beyond a
/// limit is not looked at.
fn counts(oddities: &Oddities) -> BTreeMap<&'static str, u64> {
    let mut counts: BTreeMap<_, _> = oddities.dropped.clone();
    for oddity in &oddities.kept {
        *counts.entry(oddity.kind.name()).or_default() += 1;
    }
    counts.remove("encoding");
    counts
}

fn check_bounded(oddities: &Oddities, limits: &DumpLimits) {
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for oddity in &oddities.kept {
        *kinds.entry(oddity.kind.name()).or_default() += 1;
    }
    for (kind, kept) in &kinds {
        assert!(*kept <= limits.oddities, "too many of {kind}");
        let dropped = oddities.dropped.get(kind).copied().unwrap_or_default();
        assert_eq!(oddities.count(kind), *kept as u64 + dropped, "{kind}");
    }
    for (kind, dropped) in &oddities.dropped {
        assert!(
            *dropped > 0 && kinds.get(kind) == Some(&limits.oddities),
            "{kind}"
        );
    }
}

fn within_limits(
    data: &[u8],
    streamed: &Result<Streamed, Error>,
    whole: &Result<Database<'_>, Error>,
) {
    match (stream(data, &TIGHT), streamed) {
        (Ok(tight), streamed) => {
            let loose = streamed.as_ref().expect("it reads with tight limits");
            assert_eq!(tight.rows, loose.rows, "limits changed what was read");
            assert_eq!(counts(&tight.oddities), counts(&loose.oddities));
            check_bounded(&tight.oddities, &TIGHT);
        }
        (Err(error), _) if error.kind.is_limit() => check_error(&error, data),
        (Err(error), streamed) => assert_eq!(Some(&error), streamed.as_ref().err()),
    }
    let tight = Database::read(data, &TIGHT);
    dump_parts::check(data, &TIGHT, &tight);
    match (tight, whole) {
        (Ok(tight), whole) => {
            let whole = whole.as_ref().expect("it reads with tight limits");
            assert!(
                tight
                    .rows()
                    .map(|row| seen(&row))
                    .eq(whole.rows().map(|row| seen(&row)))
            );
            assert!(tight.row_count() <= TIGHT.rows && tight.tables().len() <= TIGHT.tables);
            check_bounded(tight.oddities(), &TIGHT);
        }
        (Err(error), _) if error.kind.is_limit() => check_error(&error, data),
        (Err(error), whole) => assert_eq!(Some(&error), whole.as_ref().err()),
    }
}

fn ask(database: &Database<'_>, data: &[u8]) {
    let len = data.len() as u64;
    assert_eq!(database.document(), data);
    assert!(database.end() <= len);
    for oddity in &database.oddities().kept {
        assert!(oddity.offset <= len, "{oddity:?}");
    }
    check_bounded(database.oddities(), &DumpLimits::default());
    for (key, value) in database.manifest() {
        masked_manifest(key, value);
        assert!(database.manifest_value(key).is_some());
    }
    database.schema();
    database.generation();
    assert_eq!(database.rows().count(), database.row_count());
    assert!(database.row_count() <= database.row_numbers());
    ask_indexes(database);
    for table in database.tables() {
        assert!(table.offset() <= len);
        assert_eq!(table.rows().count(), table.len());
        assert!(database.table(table.name()).is_some());
        table.rows().for_each(|row| ask_row(database, &row, data));
    }
}

/// Of several rows the first is found, table by table.
fn ask_indexes(database: &Database<'_>) {
    let (mut references, mut uuids) = (BTreeMap::new(), BTreeMap::new());
    for row in database.rows() {
        if let Some(reference) = row.reference() {
            references.entry(reference).or_insert(row.number());
        }
        if let Some(uuid) = row.uuid() {
            uuids.entry(uuid).or_insert(row.number());
        }
    }
    let number = |row: Row<'_>| row.number();
    for (reference, first) in references {
        assert_eq!(database.by_reference(&reference).map(number), Some(first));
    }
    for (uuid, first) in uuids {
        assert_eq!(database.by_uuid(&uuid).map(number), Some(first));
    }
}

fn ask_row(database: &Database<'_>, row: &Row<'_>, data: &[u8]) {
    let numbered = database.row_numbered(row.number());
    assert_eq!(numbered.map(|found| found.number()), Some(row.number()));
    for (position, name) in database.shape_names(row.shape()).enumerate() {
        let value = row.value_at(position).expect("a value for each name");
        if let Some(first) = row.get(name) {
            let at = row.column_offset(name).expect("it stands in the document");
            let at = usize::try_from(at).expect("it is in memory");
            assert_eq!(&data[at..at + first.len()], first.as_bytes());
            assert!(row.value(name).is_some());
            masked_text(row.table(), name, value.text());
        }
    }
}

/// The values of the rows, white space and references taken off, in an order of their own: what has
/// to stay when a dump is written anew.
pub(crate) fn meaning(database: &Database<'_>) -> BTreeMap<String, Vec<Meant>> {
    let mut tables = BTreeMap::new();
    for table in database.tables() {
        let mut rows: Vec<_> = table.rows().map(|row| meant(&row)).collect();
        rows.sort();
        tables.insert(legal(table.name()), rows);
    }
    tables
}

/// Reference, times and columns of a row.
pub(crate) type Meant = (
    Option<String>,
    Option<i64>,
    Option<i64>,
    Vec<(String, String)>,
);

fn meant(row: &Row<'_>) -> Meant {
    let mut columns: Vec<(String, String)> = row
        .columns()
        .map(|(name, value)| (name.to_owned(), legal(&value.text())))
        .collect();
    // Of two columns of one name the first counts, so these keep their order.
    columns.sort_by(|(a, _), (b, _)| a.cmp(b));
    let reference = row.reference().map(|text| legal(&text));
    (reference, row.ctime(), row.mtime(), columns)
}

/// Text as a writer of XML can write it.
fn legal(text: &str) -> String {
    text.replace(
        |c: char| matches!(c, '\u{FFFE}' | '\u{FFFF}') || (c < ' ' && !"\t\n\r".contains(c)),
        "\u{FFFD}",
    )
}

fn write_again(database: &Database<'_>, data: &[u8]) {
    let style = Style::of(database);
    let written = to_vec(database, &style);
    assert_eq!(first_difference(database, &style, &written), None);
    let differs = written.iter().zip(data).position(|(a, b)| a != b);
    let shorter = written.len().min(data.len());
    let differs = differs.or((written.len() != data.len()).then_some(shorter));
    let said = first_difference(database, &style, data);
    assert_eq!(said, differs.map(|at| at as u64));

    let again = Database::read(&written, &DumpLimits::default());
    let again = again.unwrap_or_else(|error| panic!("what was written is refused: {error}"));
    assert!(again.is_complete());
    assert_eq!(
        meaning(&again),
        meaning(database),
        "writing changed a value"
    );
    let twice = to_vec(&again, &style);
    if is_legal(database) {
        assert!(twice == written, "written once more it is another");
    }
    let third = Database::read(&twice, &DumpLimits::default());
    let third = third.map(|third| to_vec(&third, &style));
    assert!(
        third.is_ok_and(|third| third == twice),
        "it changes for ever"
    );
}

/// Whether a writer can write every character. Others become U+FFFD, and what was sorted by them is in
/// no order then.
pub(crate) fn is_legal(database: &Database<'_>) -> bool {
    database.oddities().count("illegal-character") == 0
}

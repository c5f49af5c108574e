//! A dump read in two parts against the same dump read as one.

use xenspect_xapi::db::{Database, DumpLimits, Error, Oddities, Parted, Row, Split};

use crate::pool_dump::{Seen, seen};

/// Places at which one input is taken apart: more than an input of a few rows has, so that only long ones leave some out.
const PLACES: usize = 24;

/// Everything that can be asked of a database.
#[derive(Debug, PartialEq)]
struct Told {
    declaration: Option<Vec<u8>>,
    manifest: Vec<(String, String)>,
    /// Name, offset and number of rows.
    tables: Vec<(String, u64, usize)>,
    /// In the order of their numbers. With each its number, and those that its reference and its uuid lead to.
    rows: Vec<(u32, Seen, [Option<u32>; 2])>,
    complete: bool,
    end: u64,
    oddities: Oddities,
}

/// Reads the bytes in two parts, taken apart in their middle and at places that look like one between two rows, wherever
/// these stand. `whole` is what reading them as one gave.
///
/// Invariants:
/// - rows, tables, manifest, declaration, end, oddities and both indexes are those of the whole, or the error is.
///
/// # Panics
///
/// When it does not hold.
pub(crate) fn check(data: &[u8], limits: &DumpLimits, whole: &Result<Database<'_>, Error>) {
    let splits = splits(data);
    if splits.is_empty() {
        return;
    }
    let whole = told(whole.as_ref());
    for split in splits {
        let offset = split.offset();
        assert!(
            offset <= data.len() as u64,
            "{offset} is behind what it is in"
        );
        let parted = Parted::at(data.to_vec(), split, limits);
        let (first, second) = (parted.first(), parted.second());
        let joined = parted.joined(first, second).map(|dump| {
            let (references, uuids) = (dump.by_reference(), dump.by_uuid());
            dump.indexed(references, uuids)
        });
        let joined = told(joined.as_ref());
        assert!(
            joined == whole,
            "taken apart at {offset} it is another: {joined:?} and not {whole:?}"
        );
    }
}

/// The middle, and up to [`PLACES`] others from the first to the last.
fn splits(data: &[u8]) -> Vec<Split> {
    let mut splits = Vec::new();
    let mut from = Some(0);
    while let Some(split) = from.and_then(|from| Split::behind(data, from)) {
        from = usize::try_from(split.offset()).ok();
        splits.push(split);
    }
    let step = splits.len().div_ceil(PLACES).max(1);
    let places = splits.into_iter().step_by(step);
    Split::of(data).into_iter().chain(places).collect()
}

fn told(database: Result<&Database<'_>, &Error>) -> Result<Told, Error> {
    let database = database.map_err(Clone::clone)?;
    let number = |row: Row<'_>| row.number();
    let row = |row: Row<'_>| {
        let reference = row.reference();
        let reference = reference.and_then(|text| database.by_reference(&text));
        let uuid = row.uuid().and_then(|text| database.by_uuid(&text));
        (
            row.number(),
            seen(&row),
            [reference.map(number), uuid.map(number)],
        )
    };
    let owned = |(key, value): (&str, &str)| (key.to_owned(), value.to_owned());
    Ok(Told {
        declaration: database.declaration().map(|raw| raw.as_bytes().to_vec()),
        manifest: database.manifest().map(owned).collect(),
        tables: database
            .tables()
            .map(|table| (table.name().to_owned(), table.offset(), table.len()))
            .collect(),
        rows: database.rows().map(row).collect(),
        complete: database.is_complete(),
        end: database.end(),
        oddities: database.oddities().clone(),
    })
}

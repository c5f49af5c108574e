//! A dump with one byte changed, left out or doubled. What a dump cannot show is a changed text that still reads well, so
//! whatever is called sound must be the same database but for one such value.

use xenspect_model::report::Verdict;
use xenspect_synth::DumpRecipe;
use xenspect_xapi::datamodel::{self, Type};
use xenspect_xapi::db::{Database, DumpLimits};

use super::try_verify;

/// Table, reference, column and text of every value.
fn values(bytes: &[u8]) -> Vec<(String, String, String, String)> {
    let database = Database::read(bytes, &DumpLimits::default()).expect("a database");
    let mut values = Vec::new();
    for table in database.tables() {
        values.push((
            table.name().to_owned(),
            String::new(),
            String::new(),
            String::new(),
        ));
        for row in table.rows() {
            let reference = row.reference().unwrap_or_default().into_owned();
            for (column, raw) in row.columns() {
                values.push((
                    table.name().to_owned(),
                    reference.clone(),
                    column.to_owned(),
                    raw.text().into_owned(),
                ));
            }
        }
    }
    values
}

/// Sets that rows of another table must agree with.
const COMPARED: [&str; 7] = [
    "VBDs",
    "VIFs",
    "VDIs",
    "PBDs",
    "PIFs",
    "resident_VMs",
    "consoles",
];

/// Whether a change of the column can be seen by nobody who has the dump alone: texts, numbers, dates, and references that may be
/// left over.
fn is_free(table: &str, column: &str) -> bool {
    let ty = datamodel::field(table, column).map(|field| field.ty);
    column != "_ref" && !COMPARED.contains(&column) && !matches!(ty, Some(Type::Bool))
}

fn mutants(bytes: &[u8], at: usize) -> [Vec<u8>; 4] {
    let mut flipped = bytes.to_vec();
    flipped[at] ^= 1;
    let mut high = bytes.to_vec();
    high[at] ^= 0x80;
    let mut dropped = bytes.to_vec();
    dropped.remove(at);
    let mut doubled = bytes.to_vec();
    doubled.insert(at, bytes[at]);
    [flipped, high, dropped, doubled]
}

#[test]
fn sound_means_that_at_most_one_free_text_differs() {
    let bytes = DumpRecipe::named("pool-small").expect("a recipe").build();
    let original = values(&bytes);
    let mut sound = 0;
    let mut judged = 0;
    for at in (0..bytes.len()).step_by(bytes.len() / 250 + 1) {
        for mutant in mutants(&bytes, at) {
            if mutant == bytes {
                continue;
            }
            judged += 1;
            let Ok(input) = try_verify(mutant.clone()) else {
                continue;
            };
            // A column by another name is told, if only in a note: builds have columns of their own.
            let renamed = input
                .findings
                .iter()
                .any(|finding| finding.code.name() == "db/column-unknown");
            if input.verdict != Verdict::Sound || renamed {
                continue;
            }
            sound += 1;
            let mutated = values(&mutant);
            assert_eq!(mutated.len(), original.len(), "byte {at}");
            for (before, after) in original.iter().zip(&mutated) {
                assert_eq!(
                    (&before.0, &before.1, &before.2),
                    (&after.0, &after.1, &after.2),
                    "byte {at}"
                );
                assert!(
                    before.3 == after.3 || is_free(&before.0, &before.2),
                    "byte {at}: {}.{} from {:?} to {:?}",
                    before.0,
                    before.2,
                    before.3,
                    after.3
                );
            }
        }
    }
    assert!(sound < judged, "{sound} of {judged}");
}

#[test]
fn a_dump_cut_anywhere_is_never_sound() {
    let bytes = DumpRecipe::named("pool-small").expect("a recipe").build();
    for end in (0..bytes.len()).step_by(bytes.len() / 100 + 1) {
        if let Ok(input) = try_verify(bytes[..end].to_vec()) {
            assert!(
                input.verdict > Verdict::Suspect,
                "{end} bytes: {:?}",
                input.verdict
            );
        }
    }
}

//! What holds for any two pool databases.

use std::path::Path;

use proptest::prelude::*;
use xenspect_diff::Settings;
use xenspect_model::Catalog;
use xenspect_model::diff::{Change, DiffReport, MatchedBy};
use xenspect_synth::dump::{Dump, Layout, Order, Style};
use xenspect_synth::{DumpKind, DumpRecipe};
use xenspect_xapi::value::{Protection, escape, protect};

use crate::build::{compare, dump, objects};

const ALL: Settings = Settings {
    all: true,
    ignore: Vec::new(),
};

fn is_nothing(report: &DiffReport) -> bool {
    report.same && report.left_out.is_empty() && report.groups.is_empty()
}

fn pool() -> DumpRecipe {
    DumpRecipe::new(603)
}

/// A tree as a document, with the rows as they stand.
fn written(tree: &Dump) -> Vec<u8> {
    let mut out = String::from("<database><manifest>");
    let mut pair = |key: &str, value: &str, end: &str| {
        out.push_str(&format!("{key}=\"{}\"{end}", escape(value)));
    };
    for (key, value) in &tree.manifest {
        pair("<pair key", key, " ");
        pair("value", value, "/>");
    }
    out.push_str("</manifest>");
    for table in &tree.tables {
        out.push_str(&format!("<table name=\"{}\">", table.name));
        for row in &table.rows {
            out.push_str(&format!("<row ref=\"{}\"", row.reference));
            for (column, text) in &row.columns {
                let text = protect(text, Protection::SpacePairs);
                out.push_str(&format!(" {column}=\"{}\"", escape(&text)));
            }
            out.push_str("/>");
        }
        out.push_str("</table>");
    }
    out.push_str("</database>");
    out.into_bytes()
}

fn built(tree: &Dump) -> Catalog {
    dump(&written(tree))
}

#[test]
fn a_dump_is_the_same_as_itself_however_it_is_written() {
    let tree = pool().tree().unwrap();
    let old = built(&tree);
    let mut reversed = tree;
    for table in &mut reversed.tables {
        table.rows.reverse();
    }
    reversed.tables.reverse();
    let style = Style::of_schema(603);
    let mut all = vec![written(&reversed)];
    for style in [
        style,
        Style::of_schema(61),
        Style {
            order: Order::Descending,
            layout: Layout::Lines("\r\n"),
            ..style
        },
    ] {
        let mut recipe = pool();
        recipe.style = Some(style);
        all.push(recipe.build());
    }
    for bytes in all {
        for settings in [Settings::default(), ALL] {
            let report = compare(&old, &dump(&bytes), &settings);
            assert!(is_nothing(&report), "{report:#?}");
        }
    }
}

#[test]
fn every_dump_is_the_same_as_itself() {
    let mut all: Vec<Vec<u8>> = DumpRecipe::names()
        .filter_map(|(name, _)| DumpRecipe::named(name))
        .filter(|recipe| {
            recipe.vms.is_none() && matches!(recipe.kind, DumpKind::Dump | DumpKind::Bugtool)
        })
        .filter_map(|recipe| Some(written(&recipe.tree()?)))
        .collect();
    // Real ones, where they are at hand.
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/real/pool-db");
    let files = std::fs::read_dir(folder).into_iter().flatten().flatten();
    all.extend(files.map(|file| std::fs::read(file.path()).unwrap()));
    for bytes in all {
        let report = compare(&dump(&bytes), &dump(&bytes), &ALL);
        assert!(is_nothing(&report), "{report:#?}");
    }
}

#[test]
fn swapping_the_sides_swaps_what_came_and_went() {
    let (one, mut two) = (pool().tree().unwrap(), pool().tree().unwrap());
    for table in &mut two.tables {
        let kept = table.rows.len().div_ceil(2);
        table.rows.truncate(kept);
    }
    let mut other = pool();
    other.seed = 9;
    let trees = [one, two, other.tree().unwrap()];
    for old in &trees {
        for new in &trees {
            let forth = compare(&built(old), &built(new), &ALL);
            let back = compare(&built(new), &built(old), &ALL);
            let count = |report: &DiffReport, change| {
                let objects = objects(report).into_iter();
                let objects = objects.filter(|object| object.change == change);
                let mut names: Vec<_> = objects
                    .map(|object| (object.class.clone(), object.reference.clone()))
                    .collect();
                names.sort();
                // A pool is another one under another reference.
                names.retain(|(class, _)| class != "pool");
                names
            };
            assert_eq!(count(&forth, Change::Added), count(&back, Change::Removed));
            assert_eq!(count(&forth, Change::Removed), count(&back, Change::Added));
            assert_eq!(
                count(&forth, Change::Changed).len(),
                count(&back, Change::Changed).len()
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    /// One text that is written anew is one field of one object.
    #[test]
    fn one_change_is_one_difference(row in 0_usize..10_000, column in 0_usize..200) {
        let old = pool().tree().unwrap();
        let mut new = old.clone();
        let rows: usize = new.tables.iter().map(|table| table.rows.len()).sum();
        let mut changed = None;
        let mut at = row % rows;
        for table in &mut new.tables {
            let Some(row) = table.rows.get_mut(at) else {
                at -= table.rows.len();
                continue;
            };
            let columns: Vec<String> = row.columns.keys().filter(|name| *name != "_ref").cloned().collect();
            let name = &columns[column % columns.len()];
            row.set(name, "another text, which no other row has");
            changed = Some((table.name.clone(), row.reference.clone(), name.replace("__", "_")));
            break;
        }
        let (class, reference, field) = changed.unwrap();
        let report = compare(&built(&old), &built(&new), &ALL);
        let objects = objects(&report);
        prop_assert_eq!(objects.len(), 1, "{}.{}", class, field);
        let object = objects[0];
        prop_assert_eq!((&object.class, &object.reference), (&class, &reference));
        let fields: Vec<_> = object.fields.iter().map(|field| &*field.field).collect();
        prop_assert_eq!(fields, [&*field]);
        let by = if field == "uuid" { MatchedBy::Reference } else { MatchedBy::Uuid };
        prop_assert!(object.matched_by == Some(by) || object.uuid.is_none());
        // By default the same, or it is counted.
        let report = compare(&built(&old), &built(&new), &Settings::default());
        let counted: u64 = report.left_out.values().sum();
        let told = u64::try_from(report.groups.len()).unwrap();
        prop_assert_eq!(counted + told, 1);
    }

    /// No bytes make a comparison fail.
    #[test]
    fn anything_can_be_compared(cut in 0_usize..200_000, byte in any::<u8>()) {
        let bytes = pool().build();
        let mut other = bytes.clone();
        let at = cut % other.len();
        other[at] = byte;
        other.truncate((cut * 7) % (2 * at + 2));
        let limits = xenspect_xapi::db::DumpLimits::default();
        if xenspect_xapi::db::Database::read(&other, &limits).is_ok() {
            compare(&dump(&bytes), &dump(&other), &Settings::default());
            compare(&dump(&other), &dump(&bytes), &ALL);
        }
    }
}

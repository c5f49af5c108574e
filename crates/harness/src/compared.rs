//! Any bytes as a backup, compared with themselves and with what is nearly the same.

use xenspect_diff::{Series, Settings, Side, diff};
use xenspect_inventory::into_newest_database;
use xenspect_model::Catalog;
use xenspect_model::catalog::FileTable;
use xenspect_model::diff::{Change, DiffReport};
use xenspect_model::report::Tool;
use xenspect_report::diff::{human, json, markdown};
use xenspect_scan::{Options, Progress, Source, Sums, scan};

use crate::shown;

/// What the bytes are, as far as they are something.
struct Read {
    catalog: Option<Catalog>,
    files: Option<FileTable>,
}

impl Read {
    fn of(data: &[u8]) -> Self {
        let options = Options {
            threads: 1,
            sums: Sums::Stored,
            host_files: |_| true,
            digests: true,
            ..Options::default()
        };
        let source = Source::memory(data.to_vec());
        match scan(source, &options, &Progress::default()) {
            Ok(Catalog::Host(mut backup)) => Self {
                catalog: into_newest_database(&mut backup).map(|(_, dump)| Catalog::Dump(dump)),
                files: Some(backup.tree),
            },
            scanned => Self {
                catalog: scanned.ok(),
                files: None,
            },
        }
    }

    fn side(&self) -> Side<'_> {
        Side {
            path: "input",
            member: None,
            catalog: self.catalog.as_ref(),
            files: self.files.as_ref(),
        }
    }
}

/// Compares the bytes with themselves, and with a copy that has one bit more or less in a place that follows from them.
///
/// Invariants:
/// - with themselves, no object, no block and no file differs, whatever is compared;
/// - what is added one way is removed the other way;
/// - no form shows what a terminal acts on, and a series says what the comparison said.
///
/// # Panics
///
/// When one of them does not hold.
pub fn compared(data: &[u8]) {
    let read = Read::of(data);
    let own = read.side();
    for all in [false, true] {
        let settings = Settings {
            all,
            ..Settings::default()
        };
        let report = diff(&tool(), &own, &own, &settings);
        assert!(report.groups.is_empty(), "{:?}", report.groups);
        for disk in &report.disks {
            let differ = disk.changed.blocks + disk.appeared.blocks + disk.vanished.blocks;
            assert_eq!(differ, 0, "{disk:?}");
        }
        let files = report.files.iter().flat_map(|files| &files.changes);
        assert_eq!(files.count(), 0);
    }
    let mut other = data.to_vec();
    let sum: usize = data.iter().map(|byte| usize::from(*byte)).sum();
    let at = sum * 31 % other.len().max(1);
    if let Some(byte) = other.get_mut(at) {
        *byte ^= 1 << (sum % 7);
    }
    let other = Read::of(&other);
    let other = other.side();
    let settings = Settings {
        all: true,
        ..Settings::default()
    };
    let there = diff(&tool(), &own, &other, &settings);
    let back = diff(&tool(), &other, &own, &settings);
    assert_eq!(there.same, back.same);
    assert_eq!(counts(&there), {
        let [removed, added, changed] = counts(&back);
        [added, removed, changed]
    });
    show(&there);
    let mut series = Series::new(&tool(), &own, &settings);
    series.next(&own, &other);
    series.next(&other, &own);
    let report = series.finish();
    for style in shown::styles() {
        let mut page = Vec::new();
        human::write_series(&report, &style, &mut page).expect("a Vec takes everything");
        let page = shown::harmless(page);
        assert!(style.unicode || page.is_ascii(), "not ASCII: {page}");
    }
    let mut document = Vec::new();
    json::write_series(&report, &mut document).expect("a Vec takes everything");
    shown::check_json(document);
}

fn tool() -> Tool {
    Tool {
        name: "xenspect".to_owned(),
        version: "0.1.0".to_owned(),
    }
}

/// Objects by what became of them.
fn counts(report: &DiffReport) -> [usize; 3] {
    let objects = || report.groups.iter().flat_map(|group| &group.objects);
    [Change::Removed, Change::Added, Change::Changed]
        .map(|change| objects().filter(|object| object.change == change).count())
}

fn show(report: &DiffReport) {
    for style in shown::styles() {
        let mut page = Vec::new();
        human::write(report, &style, true, &mut page).expect("a Vec takes everything");
        let page = shown::harmless(page);
        assert!(style.unicode || page.is_ascii(), "not ASCII: {page}");
    }
    let mut document = Vec::new();
    json::write(report, &mut document).expect("a Vec takes everything");
    shown::check_json(document);
    let mut table = Vec::new();
    markdown::write(report, true, &mut table).expect("a Vec takes everything");
    shown::harmless(table);
}

//! Pairs of archives, scanned and compared.

use xenspect_diff::{Settings, Side, diff};
use xenspect_model::Catalog;
use xenspect_model::diff::{BlockRange, DiffReport, DiskChange, Extent, RangeKind};
use xenspect_model::report::Tool;
use xenspect_scan::{Depth, Options, Progress, Source, Sums, scan};
use xenspect_synth::recipe::MIB;
use xenspect_synth::{Content, DiskRecipe, Edit, Recipe, Release, changed};

/// A disk of text.
pub(crate) fn text(len: u64) -> DiskRecipe {
    DiskRecipe::new(len, Content::Text)
}

/// A VM with these disks.
pub(crate) fn vm(disks: impl Into<Vec<DiskRecipe>>) -> Recipe {
    Recipe {
        disks: disks.into(),
        ..Recipe::new(Release::V8_2)
    }
}

pub(crate) fn scanned(bytes: &[u8], depth: Depth, sums: Sums) -> Catalog {
    let options = Options {
        threads: 2,
        depth,
        sums,
        ..Options::default()
    };
    scan(
        Source::memory(bytes.to_vec()),
        &options,
        &Progress::default(),
    )
    .unwrap()
}

/// What differs. The sentence that blocks were not read is looked for and taken away, since it stands in most reports.
pub(crate) fn report(old: &Catalog, new: &Catalog) -> DiffReport {
    let side = |path, catalog| Side {
        path,
        member: None,
        catalog: Some(catalog),
        files: None,
    };
    let tool = Tool {
        name: "xenspect".to_owned(),
        version: "0.0.0".to_owned(),
    };
    let mut report = diff(
        &tool,
        &side("old.xva", old),
        &side("new.xva", new),
        &Settings::default(),
    );
    let is_it = |sentence: &String| sentence.starts_with("The blocks themselves were not read");
    let were_read = [old, new]
        .iter()
        .all(|catalog| catalog.archive().unwrap().blocks_read);
    assert_eq!(
        report
            .not_compared
            .iter()
            .filter(|text| is_it(text))
            .count(),
        usize::from(!report.disks.is_empty() && !were_read)
    );
    report.not_compared.retain(|sentence| !is_it(sentence));
    report
}

/// Compares two archives by their stored sums.
pub(crate) fn compared(old: &[u8], new: &[u8]) -> DiffReport {
    let [old, new] = [old, new].map(|bytes| scanned(bytes, Depth::Headers, Sums::Stored));
    report(&old, &new)
}

/// Compares an archive with one that differs in a named way, by their stored sums.
pub(crate) fn edited(recipe: &Recipe, edits: &[Edit]) -> DiffReport {
    let [old, new] = changed::pair(recipe, edits);
    compared(&old, &new)
}

/// The only disk of a report.
pub(crate) fn only(report: &DiffReport) -> &DiskChange {
    let [disk] = &report.disks[..] else {
        panic!("one disk: {:?}", report.disks);
    };
    disk
}

/// Nothing of the disk differs, and this many mebibytes are the same.
pub(crate) fn assert_same(disk: &DiskChange, blocks: u64) {
    assert_eq!(disk.same, mib(blocks));
    assert_not_same(disk, []);
}

/// Exactly these parts of a disk are not the same: kind, first mebibyte and mebibytes.
pub(crate) fn assert_not_same<const N: usize>(
    disk: &DiskChange,
    expected: [(RangeKind, u64, u64); N],
) {
    let ranges = expected.map(|(is, start, len)| BlockRange {
        is,
        start: start * MIB,
        len: len * MIB,
    });
    assert_eq!(disk.ranges, ranges);
    for (kind, extent) in [
        (RangeKind::Changed, disk.changed),
        (RangeKind::Appeared, disk.appeared),
        (RangeKind::Vanished, disk.vanished),
        (RangeKind::Unknown, disk.unknown),
    ] {
        let of_kind = expected.iter().filter(|(is, ..)| *is == kind);
        assert_eq!(extent, mib(of_kind.map(|(.., len)| len).sum()), "{kind:?}");
    }
}

/// This many whole blocks.
pub(crate) fn mib(blocks: u64) -> Extent {
    Extent {
        blocks,
        bytes: blocks * MIB,
    }
}

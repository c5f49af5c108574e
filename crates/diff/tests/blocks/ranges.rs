//! What changed on a disk that both archives have.

use xenspect_model::diff::{BlockRange, Change, Extent, RangeKind};
use xenspect_scan::{Depth, Sums};
use xenspect_synth::recipe::MIB;
use xenspect_synth::{Edit, Envelope, Kind, Recipe, SumKind, changed};

use crate::support::{
    assert_not_same, assert_same, compared, edited, mib, only, report, scanned, text, vm,
};

use RangeKind::{Appeared, Changed, Unknown, Vanished};

#[test]
fn an_archive_is_the_same_as_itself() {
    let report = edited(&vm([text(4 * MIB)]), &[]);
    assert!(report.same);
    assert_same(only(&report), 4);
    assert!(report.not_compared.is_empty());
}

#[test]
fn a_changed_block() {
    let edit = Edit::Contents { disk: 0, chunk: 2 };
    let report = edited(&vm([text(4 * MIB)]), &[edit]);
    assert!(!report.same);
    let disk = only(&report);
    assert_eq!(disk.change, Change::Changed);
    assert_eq!(disk.same, mib(3));
    assert_not_same(disk, [(Changed, 2, 1)]);
}

#[test]
fn neighbours_are_joined_and_others_are_not() {
    let edits = [0, 1, 3].map(|chunk| Edit::Contents { disk: 0, chunk });
    let report = edited(&vm([text(5 * MIB)]), &edits);
    assert_not_same(only(&report), [(Changed, 0, 2), (Changed, 3, 1)]);
}

#[test]
fn neighbours_of_two_kinds_are_two_ranges() {
    let edits = [
        Edit::Contents { disk: 0, chunk: 1 },
        Edit::Vanished {
            disk: 0,
            chunks: 2..4,
        },
    ];
    let report = edited(&vm([text(6 * MIB)]), &edits);
    assert_not_same(only(&report), [(Changed, 1, 1), (Vanished, 2, 2)]);
}

#[test]
fn blocks_that_appeared() {
    let edit = Edit::Appeared {
        disk: 0,
        chunks: 1..4,
    };
    let report = edited(&vm([text(6 * MIB)]), &[edit]);
    assert!(!report.same);
    assert_eq!(only(&report).same, mib(3));
    assert_not_same(only(&report), [(Appeared, 1, 3)]);
}

#[test]
fn blocks_that_vanished() {
    let edit = Edit::Vanished {
        disk: 0,
        chunks: 4..5,
    };
    let report = edited(&vm([text(6 * MIB)]), &[edit]);
    assert_not_same(only(&report), [(Vanished, 4, 1)]);
}

#[test]
fn a_disk_that_grew_by_whole_blocks() {
    let edit = Edit::Resized {
        disk: 0,
        to: 6 * MIB,
    };
    let report = edited(&vm([text(4 * MIB)]), &[edit]);
    assert_eq!(only(&report).same, mib(4));
    assert_not_same(only(&report), [(Appeared, 4, 2)]);
}

#[test]
fn a_disk_that_shrank() {
    let edit = Edit::Resized {
        disk: 0,
        to: 3 * MIB,
    };
    let report = edited(&vm([text(4 * MIB)]), &[edit]);
    assert_not_same(only(&report), [(Vanished, 3, 1)]);
}

#[test]
fn a_short_last_block_that_grew_is_changed_as_a_whole() {
    let edit = Edit::Resized {
        disk: 0,
        to: 4 * MIB,
    };
    let report = edited(&vm([text(2 * MIB + 512)]), &[edit]);
    let disk = only(&report);
    assert_eq!(disk.same, mib(2));
    assert_not_same(disk, [(Changed, 2, 1), (Appeared, 3, 1)]);
}

#[test]
fn a_last_block_is_compared_by_its_own_length() {
    let edit = Edit::Contents { disk: 0, chunk: 2 };
    let report = edited(&vm([text(2 * MIB + 512)]), &[edit]);
    let disk = only(&report);
    let bytes = 512;
    assert_eq!(disk.changed, Extent { blocks: 1, bytes });
    let start = 2 * MIB;
    let is = Changed;
    assert_eq!(
        disk.ranges,
        [BlockRange {
            is,
            start,
            len: bytes
        }]
    );
}

#[test]
fn keep_alives_shift_numbers_and_change_nothing() {
    let edit = Edit::KeepAlive { disk: 0, chunk: 2 };
    let report = edited(&vm([text(5 * MIB)]), &[edit]);
    assert!(report.same);
    assert_same(only(&report), 5);
}

#[test]
fn compression_changes_nothing() {
    for envelope in [Envelope::Gzip, Envelope::Zstd] {
        let report = edited(&vm([text(3 * MIB)]), &[Edit::Packed(envelope)]);
        assert!(report.same, "{envelope:?}");
        assert_same(only(&report), 3);
    }
}

#[test]
fn sums_of_two_kinds_tell_nothing_until_they_are_computed() {
    let edits = [
        Edit::Sums(Some(SumKind::Sha1)),
        Edit::Contents { disk: 0, chunk: 1 },
    ];
    let pair = changed::pair(&vm([text(3 * MIB)]), &edits);
    let stored = compared(&pair[0], &pair[1]);
    assert!(!stored.same);
    assert_not_same(only(&stored), [(Unknown, 0, 3)]);
    let [sentence] = &stored.not_compared[..] else {
        panic!("{:?}", stored.not_compared);
    };
    assert!(sentence.contains("SHA-1"), "{sentence}");
    assert!(sentence.contains("--read-blocks"), "{sentence}");

    let [old, new] = pair.map(|bytes| scanned(&bytes, Depth::Full, Sums::Computed));
    let computed = report(&old, &new);
    assert_eq!(only(&computed).same, mib(2));
    assert_not_same(only(&computed), [(Changed, 1, 1)]);
    assert!(computed.not_compared.is_empty());
}

#[test]
fn without_sums_nothing_is_known() {
    let report = edited(&vm([text(2 * MIB)]), &[Edit::Sums(None)]);
    assert!(!report.same);
    assert_not_same(only(&report), [(Unknown, 0, 2)]);
    assert!(report.not_compared[0].contains("without a sum"));
}

#[test]
fn exports_of_a_single_disk_are_compared() {
    let recipe = Recipe {
        kind: Kind::PerDisk,
        ..vm([text(4 * MIB)])
    };
    assert!(edited(&recipe, &[]).same);
    let report = edited(&recipe, &[Edit::Contents { disk: 0, chunk: 3 }]);
    let disk = only(&report);
    assert_eq!(disk.title, "vdi");
    assert_eq!(disk.old_reference.as_deref(), Some("vdi"));
    assert_not_same(disk, [(Changed, 3, 1)]);
}

#[test]
fn the_oldest_archives_are_compared_by_their_table() {
    let recipe = Recipe::named("export-vsn-0").unwrap();
    let report = edited(&recipe, &[]);
    assert!(report.same, "{:?}", report.not_compared);
    assert!(report.disks.iter().all(|disk| disk.same.blocks > 0));
}

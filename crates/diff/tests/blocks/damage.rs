//! What damage took away is unknown: it neither vanished nor is it the same.

use xenspect_model::diff::{Change, RangeKind};
use xenspect_scan::{Depth, Sums};
use xenspect_synth::recipe::MIB;
use xenspect_synth::{Kind, Recipe};

use crate::support::{assert_not_same, compared, mib, only, report, scanned, text, vm};

use RangeKind::Unknown;

#[test]
fn behind_a_cut_all_is_unknown_on_either_side() {
    let whole = vm([text(6 * MIB)]).build();
    // Inside of the fourth block.
    let cut = &whole[..whole.len() - 2 * MIB as usize - MIB as usize / 2];
    for (old, new, side) in [(&whole[..], cut, "newer"), (cut, &whole[..], "older")] {
        let report = compared(old, new);
        assert!(!report.same);
        let disk = only(&report);
        assert_eq!(disk.same, mib(3));
        assert_not_same(disk, [(Unknown, 3, 3)]);
        let [sentence] = &report.not_compared[..] else {
            panic!("{:?}", report.not_compared);
        };
        assert!(sentence.contains(side), "{sentence}");
    }
}

#[test]
fn two_archives_cut_alike_are_not_the_same() {
    let whole = vm([text(4 * MIB)]).build();
    let cut = &whole[..whole.len() - MIB as usize / 2];
    let report = compared(cut, cut);
    assert!(!report.same);
    assert_not_same(only(&report), [(Unknown, 3, 1)]);
}

#[test]
fn a_disk_behind_the_cut_is_unknown_and_not_removed() {
    let whole = vm([text(2 * MIB), text(3 * MIB)]).build();
    let cut = &whole[..whole.len() - 3 * MIB as usize - MIB as usize / 2];
    let report = compared(&whole, cut);
    let [_, second] = &report.disks[..] else {
        panic!("{:?}", report.disks);
    };
    assert_eq!(second.change, Change::Changed);
    assert_not_same(second, [(Unknown, 0, 3)]);
}

#[test]
fn a_cut_export_of_a_single_disk_is_not_the_same_as_itself() {
    let whole = Recipe {
        kind: Kind::PerDisk,
        ..vm([text(3 * MIB)])
    }
    .build();
    let cut = &whole[..whole.len() - MIB as usize / 2];
    let report = compared(cut, cut);
    assert!(!report.same);
    assert_eq!(only(&report).same, mib(2));
    assert_eq!(only(&report).unknown.blocks, 1);
}

#[test]
fn a_block_with_a_broken_header_is_unknown() {
    let archive = vm([text(6 * MIB)]).archive();
    let whole = archive.encode();
    let block = archive.blocks(&archive.disks()[0])[2];
    let span = archive.spans()[block].clone();
    let mut broken = whole.clone();
    broken[span.header..span.header + 512].fill(0xa5);
    let report = compared(&whole, &broken);
    assert_eq!(only(&report).same, mib(5));
    assert_not_same(only(&report), [(Unknown, 2, 1)]);
}

#[test]
fn blocks_that_were_not_kept_are_said_not_to_be_compared() {
    let whole = vm([text(2 * MIB)]).build();
    let dropped = scanned(&whole, Depth::Headers, Sums::Drop);
    let kept = scanned(&whole, Depth::Headers, Sums::Stored);
    let report = report(&dropped, &kept);
    assert!(report.disks.is_empty());
    assert_eq!(report.not_compared.len(), 1);
}

#[test]
fn an_export_without_blocks_is_said_not_to_be_compared() {
    let recipe = vm([text(2 * MIB)]);
    let metadata = Recipe {
        kind: Kind::MetadataOnly,
        ..recipe.clone()
    };
    let report = compared(&metadata.build(), &recipe.build());
    assert!(report.disks.is_empty());
    assert!(report.not_compared[0].contains("older export has no blocks"));
    let report = compared(&metadata.build(), &metadata.build());
    assert!(report.not_compared.is_empty());
}

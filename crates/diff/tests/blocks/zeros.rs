//! A zero block that is stored is the same as one that is left out.

use xenspect_model::diff::RangeKind;
use xenspect_synth::recipe::MIB;
use xenspect_synth::{Edit, SumKind};

use crate::support::{assert_not_same, assert_same, edited, mib, only, text, vm};

const STORED: Edit = Edit::ZeroStored { disk: 0, chunk: 1 };

#[test]
fn a_stored_zero_block_is_no_difference() {
    let report = edited(&vm([text(3 * MIB)]), &[STORED]);
    assert!(report.same);
    // It is not counted as a block that both have.
    assert_same(only(&report), 2);
}

#[test]
fn zeros_are_known_by_both_kinds_of_sums() {
    let mut recipe = vm([text(3 * MIB).hole(0..3)]);
    // The first and the last block are stored in any case.
    recipe.disks[0].stored_zeros = vec![0, 2];
    let report = edited(&recipe, &[Edit::Sums(Some(SumKind::Sha1))]);
    assert!(report.same);
    assert_same(only(&report), 2);
}

#[test]
fn a_disk_that_grew_by_zeros_has_no_changed_block() {
    let mut recipe = vm([text(3 * MIB)]);
    recipe.disks[0].stored_zeros = vec![3, 4];
    let edit = Edit::Resized {
        disk: 0,
        to: 5 * MIB,
    };
    let report = edited(&recipe, &[edit]);
    assert_eq!(only(&report).same, mib(3));
    assert_not_same(only(&report), []);
}

#[test]
fn a_block_that_became_zero_and_is_stored_is_changed() {
    let recipe = vm([text(3 * MIB)]);
    let mut zero = recipe.clone();
    zero.disks[0].stored_zeros = vec![1];
    let report = crate::support::compared(&recipe.build(), &zero.build());
    assert_not_same(only(&report), [(RangeKind::Changed, 1, 1)]);
}

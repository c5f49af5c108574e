use super::super::{
    DiskToRead, Import, ImportError, MemberName, NOMINAL_BLOCK, Replay, Stop, SumKind,
};
use super::block;

const MIB: u64 = NOMINAL_BLOCK;

fn replay(sizes: &[(&str, u64)], export_vsn: u32) -> Replay {
    let disks = sizes
        .iter()
        .map(|&(id, virtual_size)| DiskToRead {
            id: id.to_owned(),
            virtual_size,
        })
        .collect();
    Replay::new(disks, export_vsn)
}

/// Feeds a pair; the block is at `offset`, its sum at `offset + 1`.
fn pair(replay: &mut Replay, offset: u64, disk: &str, number: u64, len: u64) {
    replay.member(offset, &MemberName::Block(block(disk, number)), len);
    let sum = MemberName::Sum(block(disk, number), SumKind::Xxh64);
    replay.member(offset + 1, &sum, 16);
}

fn refused(offset: u64, error: ImportError) -> Import {
    Import::Refused(Stop { offset, error })
}

#[test]
fn a_whole_archive_is_accepted_and_nothing_behind_it_is_read() {
    let mut replay = replay(&[("Ref:10", 2 * MIB), ("Ref:2", MIB)], 2);
    pair(&mut replay, 10, "Ref:10", 0, MIB);
    pair(&mut replay, 20, "Ref:10", 1, MIB);
    pair(&mut replay, 30, "Ref:2", 0, MIB);
    assert_eq!(replay.answer(), Import::Accepted);
    replay.member(40, &MemberName::Foreign, 5);
    replay.unreadable_header(50);
    replay.sum_differs(60);
    assert_eq!(replay.answer(), Import::Accepted);
}

#[test]
fn disks_are_read_in_their_order() {
    let mut replay = replay(&[("Ref:10", MIB), ("Ref:2", MIB)], 2);
    pair(&mut replay, 10, "Ref:2", 0, MIB);
    assert_eq!(replay.answer(), refused(10, ImportError::Generic));
}

#[test]
fn checksum_differences_are_forgiven_with_force() {
    let mut replay = replay(&[("Ref:4", 2 * MIB)], 2);
    pair(&mut replay, 10, "Ref:4", 0, MIB);
    pair(&mut replay, 20, "Ref:4", 1, MIB);
    replay.sum_differs(20);
    replay.sum_differs(10);
    let stop = Stop {
        offset: 10,
        error: ImportError::Generic,
    };
    assert_eq!(replay.answer(), Import::OnlyWithForce(stop));
}

#[test]
fn force_repairs_no_structure_but_the_first_stop_is_told() {
    let mut replay = replay(&[("Ref:4", 2 * MIB)], 2);
    pair(&mut replay, 10, "Ref:4", 0, MIB);
    replay.sum_differs(10);
    replay.end_of_input(20);
    assert_eq!(replay.answer(), refused(10, ImportError::Generic));
}

#[test]
fn the_first_block_sets_the_unit_of_gaps() {
    // 512 KiB first, then a gap: an importer counts the gap in halves and never reaches the end.
    let mut replay = replay(&[("Ref:1", MIB / 2), ("Ref:2", 3 * MIB)], 2);
    pair(&mut replay, 10, "Ref:1", 0, MIB / 2);
    pair(&mut replay, 20, "Ref:2", 0, MIB);
    pair(&mut replay, 30, "Ref:2", 2, MIB);
    replay.end_marker(40);
    assert_eq!(replay.answer(), refused(40, ImportError::Generic));
}

#[test]
fn odd_lengths_stop_at_the_block_once_it_is_read() {
    let mut replay = replay(&[("Ref:4", 700)], 2);
    pair(&mut replay, 10, "Ref:4", 0, 700);
    assert_eq!(replay.answer(), refused(10, ImportError::Generic));
}

#[test]
fn a_block_beyond_the_disk_cannot_be_written() {
    let mut replay = replay(&[("Ref:4", MIB)], 2);
    pair(&mut replay, 10, "Ref:4", 0, 2 * MIB);
    assert_eq!(replay.answer(), refused(10, ImportError::VdiIo));
}

#[test]
fn the_end_of_input_inside_a_block_comes_before_its_other_faults() {
    let mut replay = replay(&[("Ref:4", MIB)], 2);
    replay.member(10, &MemberName::Block(block("Ref:4", 0)), 8 * MIB);
    replay.end_of_input(99);
    assert_eq!(replay.answer(), refused(99, ImportError::PrematureEof));
}

#[test]
fn old_archives_want_their_table() {
    let mut replay = replay(&[("Ref:4", MIB)], 1);
    pair(&mut replay, 10, "Ref:4", 0, MIB);
    let mut without = replay.clone();
    without.end_marker(20);
    assert_eq!(without.answer(), refused(20, ImportError::Generic));
    // Any name does.
    replay.member(20, &MemberName::Foreign, 100);
    assert_eq!(replay.answer(), Import::Accepted);
    replay.table_differs(20);
    let stop = Stop {
        offset: 20,
        error: ImportError::SomeChecksumsFailed,
    };
    assert_eq!(replay.answer(), Import::OnlyWithForce(stop));
}

#[test]
fn an_empty_disk_is_passed_over() {
    let mut replay = replay(&[("Ref:1", 0), ("Ref:2", MIB), ("Ref:3", 0)], 2);
    pair(&mut replay, 10, "Ref:2", 0, MIB);
    assert_eq!(replay.answer(), Import::Accepted);
    assert_eq!(Replay::new(Vec::new(), 2).answer(), Import::Accepted);
}

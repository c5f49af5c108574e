use super::super::{Assembly, NOMINAL_BLOCK, Settled, Structure, SumKind};
use super::block;

const MIB: u64 = NOMINAL_BLOCK;
const TEXT: &[u8] = b"44BC2CF5AD770999";

/// Feeds members written as in an archive's listing, one offset step per member.
struct Feed {
    assembly: Assembly,
    offset: u64,
    settled: Vec<Settled>,
}

impl Feed {
    fn new() -> Self {
        Self {
            assembly: Assembly::new(16),
            offset: 0,
            settled: Vec::new(),
        }
    }

    fn step(&mut self) -> u64 {
        self.offset += 512;
        self.offset
    }

    fn block(mut self, disk: &str, number: u64) -> Self {
        let offset = self.step();
        let settled = self
            .assembly
            .block(&block(disk, number), offset, offset + 512, MIB);
        self.settled.extend(settled);
        self
    }

    fn sum(mut self, disk: &str, number: u64) -> Self {
        let offset = self.step();
        let settled = self
            .assembly
            .sum(&block(disk, number), SumKind::Xxh64, offset, TEXT);
        self.settled.extend(settled);
        self
    }

    fn pair(self, disk: &str, number: u64) -> Self {
        self.block(disk, number).sum(disk, number)
    }

    fn lost(mut self) -> Self {
        self.assembly.bytes_lost();
        self
    }

    fn end(mut self) -> (Vec<Structure>, Vec<Settled>, Assembly) {
        let offset = self.step();
        let settled = self.assembly.close(offset);
        self.settled.extend(settled);
        let structure = self
            .assembly
            .take_structure()
            .into_iter()
            .map(|(_, what)| what)
            .collect();
        (structure, self.settled, self.assembly)
    }

    fn structure(self) -> Vec<Structure> {
        self.end().0
    }
}

#[test]
fn a_pair_settles_its_block_with_its_sum() {
    let (structure, settled, assembly) = Feed::new().pair("Ref:4", 0).pair("Ref:4", 2).end();
    assert_eq!(structure, []);
    assert_eq!(settled.len(), 2);
    assert!(settled.iter().all(|settled| settled.sum.is_some()));
    let disk = &assembly.disks()[0];
    assert_eq!((disk.blocks, disk.absent, disk.position), (2, 1, 3 * MIB));
    assert_eq!(assembly.last_whole(), Some(&block("Ref:4", 2)));
}

#[test]
fn a_block_without_sum_is_told_and_still_settled() {
    let (structure, settled, _) = Feed::new().block("Ref:4", 0).pair("Ref:4", 1).end();
    assert_eq!(
        structure,
        [Structure::SumMissing {
            block: block("Ref:4", 0)
        }]
    );
    assert_eq!(
        settled.iter().map(|s| s.sum.is_some()).collect::<Vec<_>>(),
        [false, true]
    );
}

#[test]
fn archives_of_version_0_have_no_inline_sums() {
    let mut feed = Feed::new();
    feed.assembly.without_inline_sums();
    let (structure, settled, assembly) = feed.block("Ref:4", 0).block("Ref:4", 1).end();
    assert_eq!(structure, []);
    assert_eq!(settled.len(), 2);
    assert_eq!(assembly.last_whole(), Some(&block("Ref:4", 1)));
}

#[test]
fn a_lone_sum_is_the_trace_of_a_lost_block() {
    let feed = Feed::new()
        .pair("Ref:4", 0)
        .sum("Ref:4", 1)
        .pair("Ref:4", 2);
    let (structure, _, assembly) = feed.end();
    let named = block("Ref:4", 1);
    assert_eq!(
        structure,
        [Structure::BlockMissing {
            named,
            doubled: false
        }]
    );
    let disk = &assembly.disks()[0];
    assert_eq!((disk.lost, disk.absent, disk.position), (1, 0, 3 * MIB));
}

#[test]
fn a_sum_twice_is_no_lost_block() {
    let (structure, _, assembly) = Feed::new().pair("Ref:4", 0).sum("Ref:4", 0).end();
    let named = block("Ref:4", 0);
    assert_eq!(
        structure,
        [Structure::BlockMissing {
            named,
            doubled: true
        }]
    );
    assert_eq!(assembly.disks()[0].lost, 0);
}

#[test]
fn a_sum_in_front_of_its_block_is_used() {
    let feed = Feed::new()
        .pair("Ref:4", 0)
        .sum("Ref:4", 1)
        .block("Ref:4", 1)
        .pair("Ref:4", 2);
    let (structure, settled, _) = feed.end();
    assert_eq!(
        structure,
        [Structure::SumMisplaced {
            block: block("Ref:4", 1)
        }]
    );
    assert!(settled.iter().all(|settled| settled.sum.is_some()));
}

#[test]
fn a_foreign_sum_is_told_once() {
    let (structure, settled, _) = Feed::new().block("Ref:4", 0).sum("Ref:4", 7).end();
    let expected = Structure::SumForeign {
        block: block("Ref:4", 0),
        named: block("Ref:4", 7),
    };
    assert_eq!(structure, [expected]);
    assert_eq!(settled.len(), 1);
    assert_eq!(settled[0].sum, None);
}

#[test]
fn what_a_loss_explains_is_not_told_again() {
    assert_eq!(
        Feed::new()
            .block("Ref:4", 0)
            .lost()
            .pair("Ref:4", 1)
            .structure(),
        []
    );
    assert_eq!(
        Feed::new()
            .pair("Ref:4", 0)
            .lost()
            .sum("Ref:4", 1)
            .structure(),
        []
    );
    assert_eq!(Feed::new().lost().pair("Ref:4", 3).structure(), []);
    // A loss is forgotten once a whole pair has passed.
    let structure = Feed::new()
        .lost()
        .pair("Ref:4", 0)
        .block("Ref:4", 1)
        .structure();
    assert_eq!(
        structure,
        [Structure::SumMissing {
            block: block("Ref:4", 1)
        }]
    );
}

#[test]
fn order_within_and_between_disks() {
    let structure = Feed::new().pair("Ref:4", 1).pair("Ref:4", 0).structure();
    assert_eq!(
        structure,
        [
            Structure::FirstBlockMissing {
                block: block("Ref:4", 1)
            },
            Structure::BlockOutOfOrder {
                block: block("Ref:4", 0),
                last: 1
            },
        ]
    );
    let structure = Feed::new().pair("Ref:4", 0).pair("Ref:4", 0).structure();
    assert_eq!(
        structure,
        [Structure::BlockDoubled {
            block: block("Ref:4", 0),
            len: MIB
        }]
    );
    let structure = Feed::new()
        .pair("Ref:1", 0)
        .pair("Ref:10", 0)
        .pair("Ref:1", 1)
        .structure();
    let after = "Ref:10".to_owned();
    assert_eq!(
        structure,
        [Structure::DiskResumed {
            block: block("Ref:1", 1),
            after
        }]
    );
}

#[test]
fn a_cut_block_accounts_for_nothing() {
    let mut feed = Feed::new().pair("Ref:4", 0).block("Ref:4", 3);
    feed.assembly.cut_off();
    let (structure, settled, assembly) = feed.end();
    assert_eq!(structure, []);
    assert_eq!(settled.len(), 1);
    let disk = &assembly.disks()[0];
    assert_eq!((disk.blocks, disk.stored, disk.position), (1, MIB, 3 * MIB));
    assert!(disk.lost_at_end);
}

#[test]
fn the_end_of_input_is_no_missing_sum() {
    let mut feed = Feed::new().block("Ref:4", 0);
    let (settled, name) = feed.assembly.close_at_cut().unwrap();
    assert_eq!(name, block("Ref:4", 0));
    assert_eq!(settled.sum, None);
    assert_eq!(feed.structure(), []);
}

#[test]
fn disks_are_limited() {
    let mut feed = Feed::new();
    for disk in 0..20 {
        feed = feed.pair(&format!("Ref:{disk}"), 0);
    }
    let (structure, settled, assembly) = feed.end();
    assert_eq!(assembly.disks().len(), 16);
    assert_eq!(settled.len(), 16);
    assert!(
        structure
            .iter()
            .all(|s| matches!(s, Structure::TooManyDisks { limit: 16, .. }))
    );
    assert!(!structure.is_empty());
}

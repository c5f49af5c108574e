//! The maps of disks against the damage that is known to be there.

use xenspect_model::Code;
use xenspect_model::catalog::BlockState;
use xenspect_model::report::{Disk, MapRun};
use xenspect_synth::Fault;

use crate::expected::EXPECTED;
use crate::verify;

fn run_at(disk: &Disk, start: u64) -> MapRun {
    let map = disk.map.as_ref().expect("a map");
    let cell = start / map.cell_bytes;
    let holds = |run: &MapRun| (run.first..run.first + run.cells).contains(&cell);
    map.runs().into_iter().find(holds).expect("a cell")
}

fn blocks(disk: &Disk, state: BlockState) -> u64 {
    let runs = disk.map.as_ref().expect("a map").runs();
    let of = |run: &MapRun| run.cells * u64::from(run.counts.get(state));
    runs.iter().map(of).sum()
}

#[test]
fn every_bad_block_is_on_the_map() {
    let mut seen = 0;
    for row in EXPECTED {
        let input = verify(Fault::named(row.fault).expect(row.fault).build());
        for finding in &input.findings {
            let place = &finding.place;
            let (Code::BlockChecksum, Some(range)) = (finding.code, place.disk_range) else {
                continue;
            };
            let of_it = |disk: &&Disk| Some(&disk.id) == place.disk.as_ref();
            let disk = input.disks.iter().find(of_it).expect(row.fault);
            let shown = run_at(disk, range.start).counts.shown();
            assert_eq!(shown, Some(BlockState::Bad), "{}", row.fault);
            seen += 1;
        }
    }
    assert!(seen > 0);
}

#[test]
fn a_map_of_a_good_disk_counts_what_the_table_counts() {
    let input = verify(
        Fault::named(EXPECTED[0].fault)
            .expect("a fault")
            .default_recipe()
            .build(),
    );
    for disk in &input.disks {
        assert_eq!(blocks(disk, BlockState::Absent), disk.absent, "{disk:?}");
        assert_eq!(
            blocks(disk, BlockState::Bad) + blocks(disk, BlockState::Missing),
            0
        );
        let present = blocks(disk, BlockState::Present) + blocks(disk, BlockState::Zero);
        assert_eq!(present, disk.good, "{disk:?}");
    }
}

#[test]
fn a_first_block_that_is_lost_is_missing_on_the_map() {
    let mut seen = 0;
    for row in EXPECTED {
        let input = verify(Fault::named(row.fault).expect(row.fault).build());
        let first = |finding: &&xenspect_model::Finding| finding.code == Code::FirstBlockMissing;
        for finding in input.findings.iter().filter(first) {
            let of_it = |disk: &&Disk| Some(&disk.id) == finding.place.disk.as_ref();
            let Some(disk) = input
                .disks
                .iter()
                .find(of_it)
                .filter(|disk| disk.blocks > 0)
            else {
                continue;
            };
            let shown = run_at(disk, 0).counts.shown();
            assert_eq!(shown, Some(BlockState::Missing), "{}", row.fault);
            seen += 1;
        }
    }
    assert!(seen > 0);
}

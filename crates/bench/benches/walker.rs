//! The tar walker alone: headers of members that are passed by, and the search for the next header
//! through a range that holds none.

use criterion::{Criterion, Throughput};
use std::hint::black_box;
use xenspect_archive::tar::{self, Limits, walk_slice};
use xenspect_bench::{MIB, criterion, recipe};
use xenspect_synth::{Content, Recipe};

const MEMBERS_MIB: u64 = 4;
const LOST_MIB: usize = 4;

fn walk(bytes: &[u8]) -> tar::Walked {
    walk_slice(black_box(bytes), Limits::default(), |_name, size| {
        size <= MIB
    })
}

fn members(criterion: &mut Criterion) {
    // Small blocks, so that there are many headers in little memory.
    let recipe = Recipe {
        chunk_size: 4096,
        ..recipe(MEMBERS_MIB, Content::Random)
    };
    let archive = recipe.build();
    let members = walk(&archive).members.len();
    let mut group = criterion.benchmark_group("walker");
    group.throughput(Throughput::Elements(members as u64));
    group.bench_function("members", |bencher| bencher.iter(|| walk(&archive)));
    group.finish();
}

fn lost(criterion: &mut Criterion) {
    let mut archive = recipe(1, Content::Random).build();
    // Where a header belongs, behind ova.xml and the first block.
    let walked = walk(&archive);
    let at = walked
        .members
        .last()
        .expect("a checksum member")
        .header_offset;
    let at = usize::try_from(at).expect("it is in memory");
    archive.splice(at..at, Content::Random.chunk(1, 9, 9, LOST_MIB << 20));
    assert_eq!(walk(&archive).members.len(), walked.members.len());
    let mut group = criterion.benchmark_group("walker");
    group.throughput(Throughput::Bytes((LOST_MIB << 20) as u64));
    group.bench_function("lost range", |bencher| bencher.iter(|| walk(&archive)));
    group.finish();
}

fn main() {
    let mut criterion = criterion();
    members(&mut criterion);
    lost(&mut criterion);
    criterion.final_summary();
}

//! Digests of one block by the bare libraries, and the same inside of a scan with one thread, which
//! adds reading, the test for zeros and the hand-over.

use criterion::{Criterion, Throughput};
use sha1::{Digest, Sha1};
use std::hint::black_box;
use xenspect_bench::{Archive, MIB, criterion, recipe};
use xenspect_scan::Options;
use xenspect_synth::{Content, Envelope, Recipe, SumKind, Sums};

const SCAN_MIB: u64 = 16;

fn bare(criterion: &mut Criterion) {
    let block = Content::Random.chunk(1, 0, 0, 1 << 20);
    let mut group = criterion.benchmark_group("hash one block");
    group.throughput(Throughput::Bytes(MIB));
    group.bench_function("sha1", |bencher| {
        bencher.iter(|| Sha1::digest(black_box(&block)));
    });
    group.bench_function("xxh64", |bencher| {
        bencher.iter(|| xxhash_rust::xxh64::xxh64(black_box(&block), 0));
    });
    group.finish();
}

fn in_a_scan(criterion: &mut Criterion) {
    let options = Options {
        threads: 1,
        ..Options::default()
    };
    let mut group = criterion.benchmark_group("scan with one thread");
    for (name, sums, content) in [
        ("sha1", Sums::Always(SumKind::Sha1), Content::Random),
        ("xxh64", Sums::Always(SumKind::Xxh64), Content::Random),
        // Data ends the test for zeros at once, zeros never do; nothing else is done here.
        ("no sums, data", Sums::None, Content::Random),
        ("no sums, zeros", Sums::None, Content::Zero),
    ] {
        let recipe = Recipe {
            sums,
            ..recipe(SCAN_MIB, content)
        };
        let archive = Archive::new(&recipe, Envelope::Plain);
        group.throughput(Throughput::Bytes(archive.stream_bytes));
        group.bench_function(name, |bencher| bencher.iter(|| archive.scan(&options)));
    }
    group.finish();
}

fn main() {
    let mut criterion = criterion();
    bare(&mut criterion);
    in_a_scan(&mut criterion);
    criterion.final_summary();
}

//! A whole scan of an archive in memory, by envelope and number of threads.

use criterion::{BenchmarkId, Criterion, Throughput};
use xenspect_bench::{Archive, criterion, recipe};
use xenspect_scan::Options;
use xenspect_synth::{Content, Envelope};

const SCAN_MIB: u64 = 32;

fn scans(criterion: &mut Criterion) {
    let recipe = recipe(SCAN_MIB, Content::Mixed);
    let mut group = criterion.benchmark_group("scan");
    for (name, envelope) in [
        ("plain", Envelope::Plain),
        ("gzip", Envelope::Gzip),
        ("zstd", Envelope::Zstd),
    ] {
        let archive = Archive::new(&recipe, envelope);
        group.throughput(Throughput::Bytes(archive.stream_bytes));
        for threads in [1, 2] {
            let options = Options {
                threads,
                ..Options::default()
            };
            group.bench_function(BenchmarkId::new(name, threads), |bencher| {
                bencher.iter(|| archive.scan(&options));
            });
        }
    }
    group.finish();
}

fn main() {
    let mut criterion = criterion();
    scans(&mut criterion);
    criterion.final_summary();
}

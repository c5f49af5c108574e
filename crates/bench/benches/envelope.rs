//! Decompression: blocks are passed by and not hashed, so little else is left of the scan. One thread reads, one decompresses,
//! and the one that walks makes the CRC of gzip members.

use criterion::{Criterion, Throughput};
use xenspect_bench::{Archive, criterion, recipe};
use xenspect_scan::{Depth, Options};
use xenspect_synth::envelope::PIECE;
use xenspect_synth::{Content, Envelope};

const SCAN_MIB: u64 = 16;
/// Bytes of tar in a small member or frame, as seekable forms have them.
const SMALL: u64 = 32 << 10;

fn envelopes(criterion: &mut Criterion) {
    let recipe = recipe(SCAN_MIB, Content::Mixed);
    let options = Options {
        threads: 1,
        depth: Depth::Headers,
        ..Options::default()
    };
    let mut group = criterion.benchmark_group("decompress");
    for (name, envelope) in [
        ("gzip", Envelope::Gzip),
        ("gzip members", Envelope::GzipMembers(PIECE)),
        ("gzip small members", Envelope::GzipMembers(SMALL)),
        ("zstd", Envelope::Zstd),
        ("zstd frames", Envelope::ZstdFrames(PIECE)),
        ("zstd small frames", Envelope::ZstdFrames(SMALL)),
    ] {
        let archive = Archive::new(&recipe, envelope);
        group.throughput(Throughput::Bytes(archive.stream_bytes));
        group.bench_function(name, |bencher| bencher.iter(|| archive.scan(&options)));
    }
    group.finish();
}

fn main() {
    let mut criterion = criterion();
    envelopes(&mut criterion);
    criterion.final_summary();
}

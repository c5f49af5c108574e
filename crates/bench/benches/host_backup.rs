//! A whole scan of a host backup: many small files, and a few that are long.

use criterion::{BenchmarkId, Criterion, Throughput};
use xenspect_bench::criterion;
use xenspect_scan::{Options, Progress, Source, scan};
use xenspect_synth::{Envelope, Header, HeaderStyle};

/// Files of a few kilobytes, as most of a host's are.
const SMALL: u64 = 4000;
const SMALL_BYTES: usize = 3000;
/// Files of a few mebibytes.
const LONG: u64 = 8;
const LONG_BYTES: usize = 4 << 20;

/// Bytes that can be packed about as well as programs can.
fn contents(number: u64, len: usize) -> Vec<u8> {
    let mut state = number.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mut bytes = Vec::with_capacity(len + 8);
    while bytes.len() < len {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let word = state.to_le_bytes();
        bytes.extend_from_slice(&word[..3]);
        bytes.extend_from_slice(b"\x48\x8b\x00\x00\x0f");
    }
    bytes.truncate(len);
    bytes
}

fn backup() -> Vec<u8> {
    let root = Header {
        directory: true,
        ..Header::new(HeaderStyle::Gnu)
    };
    let mut bytes = root.encode(b"./", 0).to_vec();
    let small = (0..SMALL).map(|number| ("share", number, SMALL_BYTES));
    let long = (0..LONG).map(|number| ("lib", number, LONG_BYTES));
    for (folder, number, len) in small.chain(long) {
        let name = format!("./usr/{folder}/package-{number}/file");
        let header = Header::new(HeaderStyle::Gnu);
        bytes.extend_from_slice(&header.encode(name.as_bytes(), len as u64));
        bytes.extend_from_slice(&contents(number, len));
        bytes.resize(bytes.len().next_multiple_of(512), 0);
    }
    bytes.resize((bytes.len() + 1024).next_multiple_of(10_240), 0);
    bytes
}

fn scans(criterion: &mut Criterion) {
    let backup = backup();
    let mut group = criterion.benchmark_group("host_backup");
    group.throughput(Throughput::Bytes(backup.len() as u64));
    for (name, envelope) in [
        ("plain", Envelope::Plain),
        ("gzip", Envelope::Gzip),
        ("zstd", Envelope::Zstd),
    ] {
        let packed = envelope.encode(&backup);
        for digests in [false, true] {
            let options = Options {
                digests,
                ..Options::default()
            };
            let what = if digests { "digests" } else { "names" };
            group.bench_function(BenchmarkId::new(name, what), |bencher| {
                bencher.iter(|| {
                    let source = Source::memory(packed.clone());
                    scan(source, &options, &Progress::default())
                });
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

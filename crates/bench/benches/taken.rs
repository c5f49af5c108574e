//! A scan that takes more with it in the same pass: the SHA-256 of the file as it is stored, the digests of all members, a
//! copy. Beside it, the scan alone, and SHA-256 alone.

use std::hint::black_box;
use std::io;

use criterion::{BenchmarkId, Criterion, Throughput};
use sha2::{Digest, Sha256};
use xenspect_bench::{Archive, criterion, recipe};
use xenspect_model::catalog::DigestKind;
use xenspect_scan::{Options, Wish};
use xenspect_synth::{Content, Envelope};

const SCAN_MIB: u64 = 64;

fn wish(sha256: bool, manifest: bool, copy: bool) -> Wish {
    Wish {
        digests: sha256.then_some(DigestKind::Sha256).into_iter().collect(),
        manifest,
        copy: copy.then(|| Box::new(io::sink()) as Box<dyn io::Write + Send>),
    }
}

fn takes(criterion: &mut Criterion) {
    let recipe = recipe(SCAN_MIB, Content::Mixed);
    let options = Options {
        threads: 2,
        ..Options::default()
    };
    for (name, envelope) in [("plain", Envelope::Plain), ("gzip", Envelope::Gzip)] {
        let archive = Archive::new(&recipe, envelope);
        let mut group = criterion.benchmark_group(format!("taken-{name}"));
        group.throughput(Throughput::Bytes(archive.stream_bytes));
        group.bench_function(BenchmarkId::from_parameter("sha256-alone"), |bencher| {
            bencher.iter(|| black_box(Sha256::digest(archive.stored())));
        });
        for (what, sha256, manifest, copy) in [
            ("scan", false, false, false),
            ("scan+sha256", true, false, false),
            ("scan+manifest", false, true, false),
            ("scan+sha256+manifest", true, true, false),
            ("scan+sha256+manifest+copy", true, true, true),
        ] {
            group.bench_function(BenchmarkId::from_parameter(what), |bencher| {
                bencher.iter(|| archive.take(wish(sha256, manifest, copy), &options));
            });
        }
        group.finish();
    }
}

fn main() {
    let mut criterion = criterion();
    takes(&mut criterion);
    criterion.final_summary();
}

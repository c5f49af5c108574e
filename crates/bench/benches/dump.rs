//! A pool database in memory: streamed, indexed, written anew, searched for secrets, redacted, scanned
//! and judged, and turned into tables.

use std::hint::black_box;
use std::ops::ControlFlow;

use criterion::{Criterion, Throughput};
use xenspect_bench::{criterion, pool};
use xenspect_inventory as inventory;
use xenspect_scan::{Depth, Options, Progress, Source, scan};
use xenspect_xapi::db::write::{Style, first_difference};
use xenspect_xapi::db::{Database, DumpLimits, Reader};
use xenspect_xapi::redact::{self, StandIns};
use xenspect_xapi::secrets::{self, Grade};

const VMS: u64 = 2000;

fn parsing(criterion: &mut Criterion, dump: &[u8]) {
    let limits = DumpLimits::default();
    let mut group = criterion.benchmark_group("pool database");
    group.throughput(Throughput::Bytes(dump.len() as u64));
    group.bench_function("reader", |bencher| {
        bencher.iter(|| {
            let mut reader = Reader::new(black_box(dump), &limits).expect("it is a dump");
            let mut events = 0_u64;
            while reader.next().expect("it is a dump").is_some() {
                events += 1;
            }
            events
        });
    });
    group.bench_function("database", |bencher| {
        bencher.iter(|| Database::read(black_box(dump), &limits).expect("it is a dump"));
    });
    let database = Database::read(dump, &limits).expect("it is a dump");
    let style = Style::of(&database);
    assert_eq!(first_difference(&database, &style, dump), None);
    group.bench_function("rewriting", |bencher| {
        bencher.iter(|| first_difference(black_box(&database), &style, dump));
    });
    group.bench_function("secrets", |bencher| {
        bencher.iter(|| secrets::in_database(black_box(&database), Grade::Secret));
    });
    group.bench_function("redacting", |bencher| {
        bencher.iter(|| {
            let options = redact::Options::default();
            // The hash is that of the caller, and not what is measured.
            let mut stand_ins = StandIns::new(|_| [0; 32]);
            let mut bytes = 0;
            let sink = &mut |piece: &[u8]| {
                bytes += piece.len();
                ControlFlow::<()>::Continue(())
            };
            let _ = redact::dump(&database, &style, &options, &mut stand_ins, sink);
            bytes
        });
    });
    group.finish();
}

fn whole(criterion: &mut Criterion, dump: &[u8]) {
    let scanned = |depth| {
        let options = Options {
            depth,
            ..Options::default()
        };
        let source = Source::memory(dump.to_vec());
        scan(source, &options, &Progress::default()).expect("it can be scanned")
    };
    let mut group = criterion.benchmark_group("pool database");
    group.throughput(Throughput::Bytes(dump.len() as u64));
    group.bench_function("scan", |bencher| bencher.iter(|| scanned(Depth::Full)));
    let catalog = scanned(Depth::Full);
    group.bench_function("rules", |bencher| {
        bencher.iter(|| xenspect_rules::input("pool.xml".to_owned(), black_box(&catalog)));
    });
    group.bench_function("inventory", |bencher| {
        bencher.iter(|| inventory::of("pool.xml", black_box(&catalog)));
    });
    group.finish();
}

fn main() {
    let mut criterion = criterion();
    let dump = pool(VMS);
    parsing(&mut criterion, &dump);
    whole(&mut criterion, &dump);
    criterion.final_summary();
}

//! Two large plain exports of one VM: their headers walked, their sums kept as well, and the blocks compared by them.
//!
//! The exports are sparse files in the folder for temporary files, and their blocks are holes that nothing reads: they take
//! some kilobytes per mebibyte. `XENSPECT_BENCH_GIB=50` makes each of them 50 GiB large instead of two.

use std::fs::File;
use std::hint::black_box;
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use criterion::{Criterion, Throughput};
use xenspect_bench::{MIB, criterion, recipe};
use xenspect_diff::{Settings, Side, diff};
use xenspect_model::Catalog;
use xenspect_model::report::Tool;
use xenspect_scan::{Depth, Options, Progress, Source, Sums, scan};
use xenspect_synth::{Content, Header};

const GIB: u64 = 2;
const SECTOR: u64 = 512;
/// The number in `Ref:N`.
const DISK: u64 = 7;
/// One block in so many differs.
const CHANGED: u64 = 100;

/// Writes an export with `blocks` blocks, whose data are holes. Sums are made up: those of each n-th block are of this
/// `generation`.
fn write(path: &Path, blocks: u64, generation: u64) -> io::Result<()> {
    let mut recipe = recipe(blocks, Content::Text);
    recipe.disks[0].id = Some(DISK);
    let header = Header::new(recipe.header_style());
    let document = recipe.document_text().unwrap_or_default();
    let mut out = BufWriter::with_capacity(2 << 10, File::create(path)?);
    let mut at = 0;
    let mut member = |name: &str, size: u64, payload: &[u8]| {
        out.seek(SeekFrom::Start(at))?;
        out.write_all(&header.encode(name.as_bytes(), size))?;
        out.write_all(payload)?;
        at += SECTOR + size.next_multiple_of(SECTOR);
        out.flush()
    };
    member("ova.xml", document.len() as u64, &document)?;
    for block in 0..blocks {
        let name = format!("Ref:{DISK}/{block:08}");
        let made = if block % CHANGED == 0 { generation } else { 0 };
        let sum = format!(
            "{:016X}",
            (block + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ made
        );
        member(&name, MIB, &[])?;
        member(&format!("{name}.xxhash"), sum.len() as u64, sum.as_bytes())?;
    }
    let len = at + 2 * SECTOR;
    out.into_inner()?.set_len(len)
}

fn walked(path: &Path, sums: Sums) -> Catalog {
    let options = Options {
        depth: Depth::Headers,
        sums,
        ..Options::default()
    };
    let source = Source::open(path).expect("it can be opened");
    scan(source, &options, &Progress::default()).expect("it can be scanned")
}

fn bench(criterion: &mut Criterion, paths: &[PathBuf; 2], blocks: u64) {
    let tool = Tool {
        name: String::new(),
        version: String::new(),
    };
    let compare = |old: &Catalog, new: &Catalog| {
        let side = |catalog| Side {
            path: "",
            member: None,
            catalog: Some(catalog),
            files: None,
        };
        let report = diff(&tool, &side(old), &side(new), &Settings::default());
        assert_eq!(report.disks.len(), 1);
        assert_eq!(report.disks[0].changed.blocks, blocks.div_ceil(CHANGED));
        report
    };
    let mut group = criterion.benchmark_group("diff of blocks");
    group.throughput(Throughput::Bytes(2 * blocks * MIB));
    group.bench_function("headers of both", |bencher| {
        bencher.iter(|| paths.each_ref().map(|path| walked(path, Sums::Drop)));
    });
    group.bench_function("sums of both, compared", |bencher| {
        bencher.iter(|| {
            let [old, new] = paths.each_ref().map(|path| walked(path, Sums::Stored));
            compare(&old, &new)
        });
    });
    let [old, new] = paths.each_ref().map(|path| walked(path, Sums::Stored));
    group.bench_function("comparing alone", |bencher| {
        bencher.iter(|| compare(black_box(&old), &new));
    });
    group.finish();
}

fn main() {
    let gib = std::env::var("XENSPECT_BENCH_GIB").ok();
    let gib = gib.and_then(|gib| gib.parse().ok()).unwrap_or(GIB);
    let blocks = gib << 10;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let paths = ["old.xva", "new.xva"].map(|name| folder.path().join(name));
    for (generation, path) in (0..).zip(&paths) {
        write(path, blocks, generation).expect("sparse files can be written");
    }
    let mut criterion = criterion();
    bench(&mut criterion, &paths, blocks);
    criterion.final_summary();
}

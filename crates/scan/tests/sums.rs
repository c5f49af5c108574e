//! Blocks kept with their sums: the same from a file, a pipe and any compression, without reading blocks of plain files,
//! and with what damage took away.

use std::io::{self, Cursor};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use xenspect_archive::xva::{Digest, SumKind};
use xenspect_model::catalog::{Archive, DiskBlocks, LostPart};
use xenspect_scan::{Depth, Limits, Options, Progress, ReadAt, Source, Sums, scan};
use xenspect_synth::recipe::MIB;
use xenspect_synth::{Content, DiskRecipe, Edit, Envelope, Fault, Recipe, Release, apply, changed};

const STORED: (Depth, Sums) = (Depth::Headers, Sums::Stored);
const COMPUTED: (Depth, Sums) = (Depth::Full, Sums::Computed);

fn options((depth, sums): (Depth, Sums), threads: usize) -> Options {
    Options {
        threads,
        depth,
        sums,
        ..Options::default()
    }
}

fn run(source: Source, options: &Options) -> Archive {
    let catalog = scan(source, options, &Progress::default()).unwrap();
    catalog.into_archive().unwrap()
}

fn blocks(bytes: &[u8], how: (Depth, Sums)) -> Vec<DiskBlocks> {
    run(Source::memory(bytes.to_vec()), &options(how, 2)).blocks
}

/// Start and length of each block.
fn places(disk: &DiskBlocks) -> Vec<(u64, u64)> {
    let places = disk.blocks.iter();
    places
        .map(|block| (block.start, u64::from(block.len)))
        .collect()
}

fn recipe(disks: Vec<DiskRecipe>) -> Recipe {
    Recipe {
        disks,
        ..Recipe::new(Release::V8_2)
    }
}

fn text(len: u64) -> DiskRecipe {
    DiskRecipe::new(len, Content::Text)
}

#[test]
fn nothing_is_kept_unless_it_is_asked_for() {
    let archive = recipe(vec![text(2 * MIB)]).build();
    assert!(blocks(&archive, (Depth::Headers, Sums::Drop)).is_empty());
}

#[test]
fn blocks_lie_where_they_are_on_the_disk() {
    let mut disk = text(5 * MIB + 512).hole(2..3);
    disk.keep_alives = vec![3];
    let archive = recipe(vec![disk]).build();
    let [disk] = &blocks(&archive, STORED)[..] else {
        panic!("one disk");
    };
    let expected = [
        (0, MIB),
        (MIB, MIB),
        (3 * MIB, MIB),
        (4 * MIB, MIB),
        (5 * MIB, 512),
    ];
    assert_eq!(places(disk), expected);
    assert_eq!((disk.left_out, &disk.lost[..]), (0, &[][..]));
}

#[test]
fn stored_and_computed_sums_are_those_of_the_payloads() {
    let disk = text(2 * MIB);
    let payloads: Vec<_> = (0..2)
        .map(|chunk| disk.content.chunk(1, 0, chunk, MIB as usize))
        .collect();
    let sha1 = Recipe {
        sums: xenspect_synth::Sums::Always(xenspect_synth::SumKind::Sha1),
        ..recipe(vec![disk])
    }
    .build();
    let texts = |how| -> Vec<_> {
        let disks = blocks(&sha1, how);
        let sums = disks[0].blocks.iter().map(|block| block.sum.unwrap());
        sums.map(|sum| sum.to_string()).collect()
    };
    let of = |kind: xenspect_synth::SumKind| -> Vec<_> {
        payloads.iter().map(|payload| kind.text(payload)).collect()
    };
    assert_eq!(texts(STORED), of(xenspect_synth::SumKind::Sha1));
    assert_eq!(texts(COMPUTED), of(xenspect_synth::SumKind::Xxh64));
}

#[test]
fn threads_compression_and_pipes_make_no_difference() {
    let mut first = text(7 * MIB + 4096).hole(2..4);
    first.stored_zeros = vec![5];
    let recipe = recipe(vec![first, text(3 * MIB)]);
    let plain = recipe.build();
    for how in [STORED, COMPUTED] {
        let expected = blocks(&plain, how);
        assert_eq!(expected.len(), 2);
        for envelope in [Envelope::Plain, Envelope::Gzip, Envelope::Zstd] {
            let bytes = envelope.encode(&plain);
            for threads in [1, 4] {
                let options = options(how, threads);
                let file = run(Source::memory(bytes.clone()), &options);
                assert_eq!(file.blocks, expected, "{how:?} {envelope:?}");
                let reader = Cursor::new(bytes.clone());
                let pipe = run(Source::Stream(Box::new(reader)), &options);
                assert_eq!(pipe.blocks, expected, "{how:?} {envelope:?} piped");
            }
        }
    }
}

/// Counts what is read.
struct Counted(Vec<u8>, Arc<AtomicU64>);

impl ReadAt for Counted {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        let n = self.0.read_at(buf, offset)?;
        self.1.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}

#[test]
fn for_stored_sums_no_block_of_a_plain_file_is_read() {
    let bytes = recipe(vec![text(32 * MIB)]).build();
    let read = Arc::new(AtomicU64::new(0));
    let source = Source::File {
        len: bytes.len() as u64,
        reader: Arc::new(Counted(bytes, Arc::clone(&read))),
        readable_by_others: false,
    };
    let archive = run(source, &options(STORED, 2));
    assert_eq!(archive.blocks[0].blocks.len(), 32);
    let read = read.load(Ordering::Relaxed);
    assert!(read < MIB / 2, "{read} bytes were read");
}

#[test]
fn the_sums_of_the_oldest_archives_are_in_the_table() {
    for name in ["export-vsn-0", "export-vsn-1"] {
        let archive = Recipe::named(name).unwrap().build();
        for depth in [Depth::Headers, Depth::Full] {
            let disks = blocks(&archive, (depth, Sums::Stored));
            assert_eq!(disks.len(), 2, "{name}");
            for block in disks.iter().flat_map(|disk| &disk.blocks) {
                let kind = block.sum.as_ref().map(Digest::kind);
                assert_eq!(kind, Some(SumKind::Sha1), "{name}");
            }
        }
    }
}

#[test]
fn blocks_beyond_the_limit_are_counted_and_the_rest_is_lost() {
    let archive = recipe(vec![text(4 * MIB), text(2 * MIB)]).build();
    let options = Options {
        limits: Limits {
            kept_blocks: 3,
            ..Limits::default()
        },
        ..options(STORED, 1)
    };
    let disks = run(Source::memory(archive), &options).blocks;
    let from = |start| LostPart { start, end: None };
    assert_eq!(disks[0].blocks.len(), 3);
    assert_eq!(disks[0].left_out, 1);
    assert_eq!(disks[0].lost, [from(3 * MIB)]);
    assert_eq!(disks[1].blocks.len(), 0);
    assert_eq!(disks[1].left_out, 2);
    assert_eq!(disks[1].lost, [from(0)]);
}

#[test]
fn where_an_archive_breaks_off_the_rest_is_lost() {
    let whole = recipe(vec![text(2 * MIB), text(4 * MIB)]).build();
    // Inside of the second block of the second disk.
    let cut = &whole[..whole.len() - 2 * MIB as usize - MIB as usize / 2];
    let disks = blocks(cut, STORED);
    assert_eq!(disks[0].lost, []);
    assert_eq!(places(&disks[0]).len(), 2);
    let [(0, MIB)] = places(&disks[1])[..] else {
        panic!("{:?}", disks[1]);
    };
    let rest = LostPart {
        start: MIB,
        end: None,
    };
    assert_eq!(disks[1].lost, [rest]);
}

#[test]
fn a_missing_end_marker_loses_nothing_of_a_whole_disk() {
    let whole = recipe(vec![text(2 * MIB)]).build();
    let disks = blocks(&whole[..whole.len() - 1024], STORED);
    assert_eq!(disks[0].lost, []);
}

#[test]
fn a_block_that_damage_took_away_is_lost_and_not_zero() {
    let archive = recipe(vec![text(6 * MIB)]).archive();
    let mut bytes = archive.encode();
    let block = archive.blocks(&archive.disks()[0])[2];
    let span = archive.spans()[block].clone();
    bytes[span.header..span.header + 512].fill(0xa5);
    let disks = blocks(&bytes, STORED);
    let starts: Vec<_> = places(&disks[0])
        .into_iter()
        .map(|(start, _)| start / MIB)
        .collect();
    assert_eq!(starts, [0, 1, 3, 4, 5]);
    let lost = LostPart {
        start: 2 * MIB,
        end: Some(3 * MIB),
    };
    assert_eq!(disks[0].lost, [lost]);
}

#[test]
fn a_bad_block_has_the_sum_of_what_is_there_when_it_is_computed() {
    let recipe = Recipe::named("small").unwrap();
    let fault = Fault::named("flip-block-byte").unwrap();
    let (good, bad) = (recipe.build(), apply(&recipe, fault).unwrap());
    assert_eq!(blocks(&good, STORED), blocks(&bad, STORED));
    assert_ne!(blocks(&good, COMPUTED), blocks(&bad, COMPUTED));
}

#[test]
fn without_sums_they_are_known_only_when_computed() {
    let [_, bytes] = changed::pair(&recipe(vec![text(2 * MIB)]), &[Edit::Sums(None)]);
    let known = |how| {
        let disks = blocks(&bytes, how);
        disks[0].blocks.iter().all(|block| block.sum.is_some())
    };
    assert!(!known(STORED));
    assert!(known(COMPUTED));
}

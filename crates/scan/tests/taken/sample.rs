//! Sampling: several runs read all blocks together, each block once.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex};

use proptest::prelude::*;
use xenspect_model::catalog::{Archive, Block, Fact};
use xenspect_scan::{Options, Part, Progress, ReadAt, Source, scan};
use xenspect_synth::recipe::MIB;
use xenspect_synth::{Content, DiskRecipe, Envelope, Recipe, Release};

use crate::support::{file, options, packed};

/// Remembers where blocks are read: whoever reads more than a window of headers.
struct Watched(Arc<Vec<u8>>, Mutex<BTreeMap<u64, u64>>);

impl ReadAt for Watched {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        if buf.len() > 8 << 10 {
            *self.1.lock().unwrap().entry(offset).or_default() += 1;
        }
        self.0.read_at(buf, offset)
    }
}

fn run(source: Source, options: &Options) -> Archive {
    let catalog = scan(source, options, &Progress::default()).unwrap();
    catalog.into_archive().unwrap()
}

fn sampled(threads: usize, index: u32, of: u32) -> Options {
    Options {
        sample: Part::new(index, of),
        ..options(threads)
    }
}

fn counts(archive: &Archive) -> (u64, u64) {
    let disks = archive.disks.iter();
    disks.fold((0, 0), |(good, unchecked), disk| {
        (good + disk.blocks.good, unchecked + disk.blocks.unchecked)
    })
}

#[test]
fn there_is_no_part_beyond_the_last() {
    assert!(Part::new(0, 0).is_none());
    assert!(Part::new(7, 7).is_none());
    let part = Part::new(6, 7).unwrap();
    assert_eq!((part.index(), part.of()), (6, 7));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn all_runs_together_read_each_block_once(
        blocks in 1_u64..12,
        second in 0_u64..4,
        of in 1_u32..9,
        threads in 1_usize..4,
    ) {
        let mut disks = vec![DiskRecipe::new(blocks * MIB, Content::Random)];
        if second > 0 {
            disks.push(DiskRecipe::new(second * MIB, Content::Text));
        }
        let recipe = Recipe { disks, ..Recipe::new(Release::V8_2) };
        let bytes = Arc::new(recipe.build());
        let whole = run(file(&bytes), &options(threads));
        let all = counts(&whole).0;
        let mut read = BTreeMap::new();
        let mut good = 0;
        for index in 0..of {
            let watched = Arc::new(Watched(Arc::clone(&bytes), Mutex::default()));
            let reader: Arc<dyn ReadAt> = watched.clone();
            let len = bytes.len() as u64;
            let source = Source::File { reader, len, readable_by_others: false };
            let archive = run(source, &sampled(threads, index, of));
            prop_assert!(archive.facts.is_empty());
            let (compared, unchecked) = counts(&archive);
            prop_assert_eq!(compared + unchecked, all);
            prop_assert_eq!(archive.sampled.unwrap().left, unchecked);
            good += compared;
            for (offset, times) in watched.1.lock().unwrap().iter() {
                *read.entry(*offset).or_insert(0) += times;
            }
        }
        prop_assert_eq!(good, all);
        // The pieces of blocks; a wide window of headers begins elsewhere.
        let starts: Vec<u64> = read.keys().copied().collect();
        let pieces = starts.iter().filter(|start| whole_block_piece(&bytes, **start));
        for piece in pieces {
            prop_assert_eq!(read[piece], 1, "{}", piece);
        }
    }
}

/// Whether this is where a worker reads: some pieces behind a header of a block.
fn whole_block_piece(bytes: &[u8], offset: u64) -> bool {
    let mut archive = tar::Archive::new(bytes);
    let entries = archive.entries().unwrap();
    let mut entries = entries.map(|entry| entry.unwrap());
    entries.any(|entry| {
        let start = entry.raw_file_position();
        let inside = offset.checked_sub(start).filter(|&at| at < entry.size());
        entry.size() > 1000 && inside.is_some_and(|at| at.is_multiple_of(256 << 10))
    })
}

#[test]
fn a_fault_is_found_by_the_run_that_reads_it_and_no_other() {
    let mut bytes = packed("two-disks", Envelope::Plain);
    // Inside the second block.
    bytes[1_500_000] ^= 1;
    let found: Vec<bool> = (0..3)
        .map(|index| {
            let archive = run(file(&bytes), &sampled(2, index, 3));
            let mut facts = archive.facts.iter();
            facts.any(|located| matches!(located.fact, Fact::Block(Block::Mismatch { .. })))
        })
        .collect();
    assert_eq!(found, [false, true, false]);
}

#[test]
fn the_catalog_of_a_part_does_not_depend_on_threads() {
    let bytes = packed("two-disks", Envelope::Plain);
    let one = run(file(&bytes), &sampled(1, 1, 3));
    let many = run(file(&bytes), &sampled(4, 1, 3));
    assert_eq!(format!("{one:?}"), format!("{many:?}"));
}

#[test]
fn streams_and_archives_with_a_table_are_read_whole() {
    let streamed = run(
        file(&packed("two-disks", Envelope::Gzip)),
        &sampled(2, 0, 7),
    );
    assert_eq!(streamed.sampled, None);
    assert_eq!(counts(&streamed), (8, 0));
    for (name, _) in Recipe::names() {
        if Recipe::named(name).unwrap().export_vsn < 2 {
            let bytes = packed(name, Envelope::Plain);
            let whole = run(file(&bytes), &options(2));
            let part = run(file(&bytes), &sampled(2, 1, 7));
            assert_eq!(format!("{whole:?}"), format!("{part:?}"), "{name}");
        }
    }
}

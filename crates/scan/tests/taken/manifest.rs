//! The digest of every member: that of the bytes that tar unpacks.

use std::collections::BTreeMap;
use std::io::Read;

use xenspect_model::catalog::{Manifest, SumState};
use xenspect_scan::{Depth, Limits, Options, Progress, Wish, take};
use xenspect_synth::recipe::MIB;
use xenspect_synth::{Content, DiskRecipe, DumpRecipe, Envelope, Fault, Recipe, Release, SumKind};

use crate::support::{entries, file, manifest_of, options, packed, pipe, recipe, sha256};

/// Name, size, digest and offset of the header, by another reader of tar.
fn by_tar(bytes: &[u8]) -> Vec<(Vec<u8>, u64, [u8; 32], u64)> {
    let mut archive = tar::Archive::new(bytes);
    let entries = archive.entries().unwrap();
    entries
        .map(|entry| {
            let mut entry = entry.unwrap();
            let name = entry.path_bytes().into_owned();
            let offset = entry.raw_header_position();
            let mut contents = Vec::new();
            entry.read_to_end(&mut contents).unwrap();
            (name, contents.len() as u64, sha256(&contents), offset)
        })
        .collect()
}

fn found(manifest: &Manifest) -> Vec<(Vec<u8>, u64, [u8; 32], u64)> {
    let entries = manifest.iter();
    entries
        .map(|entry| {
            let digest = entry.sha256.unwrap();
            (entry.name.into_owned(), entry.size, digest, entry.offset)
        })
        .collect()
}

#[test]
fn every_recipe_has_the_members_that_tar_unpacks() {
    for (name, _) in Recipe::names() {
        let plain = packed(name, Envelope::Plain);
        let expected = by_tar(&plain);
        for envelope in [Envelope::Plain, Envelope::Gzip, Envelope::Zstd] {
            let bytes = envelope.encode(&plain);
            for source in [file(&bytes), pipe(&bytes)] {
                let manifest = manifest_of(source, &options(2));
                assert_eq!(found(&manifest), expected, "{name} {envelope:?}");
                assert!(manifest.complete && manifest.left_out == 0, "{name}");
            }
        }
    }
}

#[test]
fn blocks_have_their_place_and_what_their_sum_says() {
    let disk = DiskRecipe::new(5 * MIB, Content::Random).hole(1..3);
    let recipe = Recipe {
        disks: vec![disk],
        ..Recipe::new(Release::V8_2)
    };
    let mut bytes = recipe.build();
    let good = manifest_of(file(&bytes), &options(2));
    let block = |manifest: &Manifest, number: u64| {
        let name = format!("/{number:08}");
        let mut found = manifest.iter();
        let found = found
            .find(|entry| entry.name.ends_with(name.as_bytes()))
            .unwrap();
        (found.start, found.sum, found.offset, found.sha256)
    };
    let (start, sum, offset, digest) = block(&good, 3);
    assert_eq!((start, sum), (Some(3 * MIB), SumState::Right));
    bytes[usize::try_from(offset).unwrap() + 5_000] ^= 1;
    let bad = manifest_of(file(&bytes), &options(2));
    let (start, sum, _, other) = block(&bad, 3);
    assert_eq!((start, sum), (Some(3 * MIB), SumState::Wrong));
    assert!(other.is_some() && other != digest);
    assert_eq!(block(&bad, 0), block(&good, 0));
    assert!(bad.complete, "a wrong byte takes nothing away");
    let others = good.iter().filter(|entry| entry.start.is_none());
    for entry in others {
        assert_eq!(entry.sum, SumState::None);
    }
}

#[test]
fn documents_are_one_member() {
    let dump = DumpRecipe::named("pool-8.2").unwrap().build();
    let log = DumpRecipe::named("redo-log").unwrap().build();
    let document = recipe("two-disks").document_text().unwrap();
    for (name, bytes) in [("pool-db", dump), ("redo-log", log), ("ova.xml", document)] {
        for envelope in [Envelope::Plain, Envelope::Gzip] {
            let stored = envelope.encode(&bytes);
            for source in [file(&stored), pipe(&stored)] {
                let manifest = manifest_of(source, &options(1));
                let [entry] = &entries(&manifest)[..] else {
                    panic!("{name} is not one member");
                };
                assert_eq!(*entry.name, *name.as_bytes());
                assert_eq!(entry.sha256, Some(sha256(&bytes)), "{name}");
                assert_eq!(entry.size, bytes.len() as u64);
                assert!(manifest.complete, "{name}");
            }
        }
    }
}

#[test]
fn a_manifest_is_complete_only_where_nothing_is_missing() {
    let faults: BTreeMap<&str, bool> = [
        ("flip-block-byte", true),
        ("flip-sum-digit", true),
        ("trailing-zeros", true),
        ("gzip-crc-wrong", true),
        ("truncated-in-block", false),
        ("truncated-in-header", false),
        ("truncated-between-pairs", false),
        ("zeroed-across-headers", false),
        ("header-name-byte", false),
        ("bytes-removed", false),
        ("no-end-blocks", false),
        ("archive-twice", false),
        ("gzip-cut", false),
        ("zstd-cut", false),
    ]
    .into();
    let mut seen = 0;
    for fault in Fault::all() {
        if let Some(complete) = faults.get(fault.name()) {
            seen += 1;
            let bytes = fault.build();
            let manifest = manifest_of(file(&bytes), &options(2));
            assert_eq!(manifest.complete, *complete, "{}", fault.name());
        }
    }
    assert_eq!(seen, faults.len());
    let mut cut = packed("two-disks", Envelope::Plain);
    cut.truncate(cut.len() / 2);
    let manifest = manifest_of(file(&cut), &options(2));
    assert!(!manifest.complete);
    let last = entries(&manifest).pop().unwrap();
    assert_eq!(last.sha256, None, "it is cut short");
}

#[test]
fn a_block_whose_sum_is_cut_off_is_still_known() {
    let bytes = packed("two-disks", Envelope::Plain);
    let members = by_tar(&bytes);
    let (_, _, _, offset) = members
        .iter()
        .rev()
        .find(|(_, size, ..)| *size <= 64)
        .unwrap();
    for behind in [100, 520] {
        let mut cut = bytes.clone();
        cut.truncate(usize::try_from(*offset).unwrap() + behind);
        for source in [file(&cut), pipe(&cut)] {
            let manifest = manifest_of(source, &options(2));
            let found = entries(&manifest);
            let block = found.iter().rev().find(|entry| entry.size > 64).unwrap();
            let expected = members.iter().find(|(name, ..)| *name == *block.name);
            assert_eq!(block.sha256, expected.map(|(_, _, digest, _)| *digest));
        }
    }
}

#[test]
fn blocks_of_disks_beyond_the_limit_have_their_digest_too() {
    let bytes = packed("two-disks", Envelope::Plain);
    let limits = Limits {
        disks: 1,
        ..Limits::default()
    };
    let options = Options {
        limits,
        ..options(2)
    };
    for source in [file(&bytes), pipe(&bytes)] {
        let manifest = manifest_of(source, &options);
        assert_eq!(found(&manifest), by_tar(&bytes));
    }
}

#[test]
fn members_beyond_the_limit_are_counted() {
    let bytes = packed("two-disks", Envelope::Plain);
    let all = by_tar(&bytes);
    let limits = Limits {
        members: 5,
        ..Limits::default()
    };
    let manifest = manifest_of(
        file(&bytes),
        &Options {
            limits,
            ..options(2)
        },
    );
    assert_eq!(found(&manifest), all[..5]);
    assert_eq!(manifest.left_out, all.len() as u64 - 5);
    assert!(!manifest.complete);
}

#[test]
fn members_without_room_for_their_names_are_counted() {
    let bytes = packed("two-disks", Envelope::Plain);
    let all = by_tar(&bytes);
    // Room for `ova.xml` and for the folder of the first disk, and no more.
    let limits = Limits {
        names: 23 + 2 * 22,
        ..Limits::default()
    };
    let manifest = manifest_of(
        file(&bytes),
        &Options {
            limits,
            ..options(2)
        },
    );
    assert!(manifest.left_out > 0, "{}", manifest.len());
    assert_eq!(manifest.len() as u64 + manifest.left_out, all.len() as u64);
    assert!(manifest.len() > 1);
    assert!(!manifest.complete);
}

#[test]
fn headers_alone_give_no_manifest() {
    let wish = Wish {
        manifest: true,
        ..Wish::default()
    };
    let options = Options {
        depth: Depth::Headers,
        ..options(1)
    };
    let bytes = packed("two-disks", Envelope::Plain);
    let taken = take(file(&bytes), wish, &options, &Progress::default());
    assert!(taken.manifest.is_none() && taken.catalog.is_ok());
}

#[test]
fn sums_of_both_kinds_are_judged() {
    for kind in [SumKind::Sha1, SumKind::Xxh64] {
        let (name, _) = Recipe::names()
            .find(|(name, _)| recipe(name).sum_kind() == Some(kind))
            .unwrap();
        let bytes = packed(name, Envelope::Plain);
        let manifest = manifest_of(file(&bytes), &options(2));
        assert!(
            manifest.iter().any(|entry| entry.sum == SumState::Right),
            "{name}"
        );
    }
}

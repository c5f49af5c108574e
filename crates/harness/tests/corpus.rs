//! Every fuzz target over a fixed corpus: the fuzzer's seeds, which hold each fault of a pool database,
//! each fault of an archive on small recipes, cut and flipped versions of them, past crashes, and some
//! arbitrary bytes. Where there is no fuzzer, this is what runs of them.

#[path = "../seeds/host_backups.rs"]
mod host_backups;
#[path = "../seeds/reports.rs"]
mod reports;

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use xenspect_harness::{TARGETS, Target};
use xenspect_synth::{Envelope, Fault, Recipe, apply, seeds};

/// Archives up to this size are cut and flipped too.
const DAMAGED: usize = 80_000;

/// Numbers that look random and are the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        // xorshift64*, of which the upper half is good enough.
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let number = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 32;
        usize::try_from(number).unwrap() % bound
    }
}

fn target(name: &str) -> Target {
    TARGETS.iter().find(|(known, _)| *known == name).unwrap().1
}

/// Runs a target, and says with what if it panics.
fn run(name: &str, what: &str, bytes: &[u8]) {
    let body = target(name);
    if std::panic::catch_unwind(|| body(bytes)).is_err() {
        panic!("{name} fails with {what} ({} bytes)", bytes.len());
    }
}

fn seeds_in(folders: &[&str]) -> Vec<(String, Vec<u8>)> {
    let found: Vec<_> = seeds::seeds()
        .into_iter()
        .filter(|(folder, ..)| folders.contains(folder))
        .map(|(folder, name, bytes)| (format!("{folder}/{name}"), bytes))
        .collect();
    assert!(!found.is_empty(), "no seeds in {folders:?}");
    found
}

/// The bytes cut short and with single bits flipped, at places that depend on `seed` alone.
fn damaged(bytes: &[u8], seed: u64, versions: usize) -> Vec<(String, Vec<u8>)> {
    let mut numbers = Numbers(seed | 1);
    let mut made = Vec::new();
    for version in 0..versions {
        if bytes.is_empty() {
            break;
        }
        let at = numbers.below(bytes.len());
        if version % 3 == 0 {
            made.push((format!("cut at {at}"), bytes[..at].to_vec()));
        } else {
            let mut flipped = bytes.to_vec();
            flipped[at] ^= 1 << numbers.below(8);
            made.push((format!("a bit flipped at {at}"), flipped));
        }
    }
    made
}

/// Runs a target over inputs, and over damaged versions of the small ones.
fn run_all(name: &str, inputs: &[(String, Vec<u8>)], versions: usize) {
    for (number, (what, bytes)) in inputs.iter().enumerate() {
        run(name, what, bytes);
        if bytes.len() <= DAMAGED {
            for (how, bytes) in damaged(bytes, number as u64 + 1, versions) {
                run(name, &format!("{what}, {how}"), &bytes);
            }
        }
    }
}

/// Every fault on the smallest recipe that it applies to.
fn faults() -> Vec<(String, Vec<u8>)> {
    let mut made = Vec::new();
    for fault in Fault::all() {
        for name in ["tiny-blocks", "export-vsn-1", "tiny", "small"] {
            let mut recipe = Recipe::named(name).unwrap();
            recipe.envelope = match fault.name() {
                name if name.starts_with("gzip") => Envelope::GzipMembers(4096),
                name if name.starts_with("zstd") => Envelope::ZstdFrames(4096),
                _ => Envelope::Plain,
            };
            if let Ok(bytes) = apply(&recipe, fault) {
                made.push((format!("fault {} on {name}", fault.name()), bytes));
                break;
            }
        }
    }
    assert!(
        made.len() > 40,
        "only {} faults apply to small recipes",
        made.len()
    );
    made
}

#[test]
fn tar_walker_over_the_corpus() {
    run_all("tar_walker", &seeds_in(&["archive", "header"]), 12);
    run_all("tar_walker", &faults(), 12);
}

#[test]
fn block_placement_over_the_corpus() {
    // Any bytes are a sequence for it; those of archives are as good as others.
    run_all(
        "block_placement",
        &seeds_in(&["header", "sum", "table"]),
        100,
    );
}

#[test]
fn checksum_text_over_the_corpus() {
    run_all("checksum_text", &seeds_in(&["sum", "header"]), 100);
}

#[test]
fn sidecars_over_the_corpus() {
    run_all("sidecars", &seeds_in(&["sidecar", "sum"]), 100);
}

#[test]
fn ova_xml_over_the_corpus() {
    run_all("ova_xml", &seeds_in(&["ova", "table"]), 12);
}

#[test]
fn xmlrpc_over_the_corpus() {
    run_all("xmlrpc", &seeds_in(&["ova", "table"]), 2);
}

#[test]
fn sexpr_round_trip_over_the_corpus() {
    run_all("sexpr_round_trip", &seeds_in(&["value"]), 60);
    run_all("sexpr_round_trip", &seeds_in(&["dump"]), 1);
}

#[test]
fn pool_dump_over_the_corpus() {
    run_all("pool_dump", &seeds_in(&["dump"]), 1);
    run_all("pool_dump", &tiny(), 100);
}

#[test]
fn redo_log_over_the_corpus() {
    run_all("redo_log", &seeds_in(&["redo"]), 12);
    // Any bytes are choices for it.
    run_all("redo_log", &seeds_in(&["header", "value", "table"]), 60);
}

#[test]
fn preflight_over_the_corpus() {
    run_all("preflight", &seeds_in(&["dump", "ova"]), 1);
    run_all("preflight", &tiny(), 20);
}

#[test]
fn target_files_over_the_corpus() {
    run_all("target_files", &seeds_in(&["host"]), 40);
    run_all("target_files", &seeds_in(&["value", "header"]), 4);
}

#[test]
fn host_backup_over_the_corpus() {
    let backups = host_backups::host_backups();
    for (number, (name, bytes)) in (1..).zip(backups) {
        run("host_backup", name, &bytes);
        for choice in 0..4_u8 {
            for (how, bytes) in damaged(&bytes, number, 40) {
                let wrapped = [&[choice], bytes.as_slice()].concat();
                run("host_backup", &format!("{name} {choice}, {how}"), &wrapped);
                if choice == 0 {
                    run("compared", &format!("{name}, {how}"), &bytes);
                }
            }
        }
    }
}

#[test]
fn policies_over_the_corpus() {
    let seeds = files_in("seeds/policies");
    assert!(seeds.len() >= 2);
    run_all("policies", &seeds, 200);
}

#[test]
fn seals_over_the_corpus() {
    let seeds = files_in("seeds/seals");
    assert!(seeds.len() >= 3);
    run_all("seals", &seeds, 200);
}

#[test]
fn keys_over_the_corpus() {
    let seeds = files_in("seeds/keys");
    assert!(seeds.len() >= 7);
    run_all("keys", &seeds, 8);
}

#[test]
fn words_over_the_corpus() {
    let seeds = files_in("seeds/words");
    assert!(seeds.len() >= 20);
    run_all("words", &seeds, 40);
}

#[test]
fn host_files_over_the_corpus() {
    let seeds = files_in("seeds/host_files");
    assert!(seeds.len() >= 10);
    run_all("host_files", &seeds, 60);
    run_all("host_files", &seeds_in(&["host"]), 2);
}

#[test]
fn collected_over_the_corpus() {
    let seeds = files_in("seeds/collected");
    assert!(seeds.len() >= 10);
    run_all("collected", &seeds, 60);
}

#[test]
fn merged_over_the_corpus() {
    let seeds = reports::reports();
    assert!(seeds.len() >= 60, "{} reports", seeds.len());
    run_all("merged", &seeds, 1);
}

#[test]
fn listings_over_the_corpus() {
    let seeds = files_in("seeds/listings");
    assert!(seeds.len() >= 7);
    run_all("listings", &seeds, 12);
}

#[test]
fn state_file_over_the_corpus() {
    // Any bytes are places and what is written there.
    run_all("state_file", &seeds_in(&["header", "sum"]), 12);
}

/// The files of a folder of this crate.
fn files_in(folder: &str) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut seeds: Vec<(String, Vec<u8>)> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            (path.display().to_string(), fs::read(&path).unwrap())
        })
        .collect();
    seeds.sort();
    seeds
}

#[test]
fn compared_over_the_corpus() {
    run_all("compared", &seeds_in(&["dump", "ova"]), 1);
    run_all("compared", &tiny(), 20);
}

/// The dumps of a few rows.
fn tiny() -> Vec<(String, Vec<u8>)> {
    let mut seeds = seeds_in(&["dump", "redo"]);
    seeds.retain(|(_, bytes)| bytes.len() < 5000);
    seeds
}

#[test]
fn whole_scan_over_pool_databases() {
    run_all("whole_scan", &seeds_in(&["dump", "redo"]), 0);
    run_all("whole_scan", &tiny(), 12);
}

#[test]
fn whole_scan_over_bare_documents() {
    run_all("whole_scan", &seeds_in(&["ova"]), 0);
}

#[test]
fn whole_scan_over_the_seeds() {
    run_all("whole_scan", &seeds_in(&["archive"]), 2);
}

#[test]
fn whole_scan_over_every_fault() {
    run_all("whole_scan", &faults(), 1);
}

#[test]
fn whole_scan_over_packed_archives() {
    let archive = Recipe::named("tiny-blocks").unwrap().build();
    for (number, choice) in [(1, 0u8), (2, 1), (3, 2), (4, 3)] {
        for (how, bytes) in damaged(&archive, number, 12) {
            let wrapped = [&[choice], bytes.as_slice()].concat();
            run("whole_scan", &format!("wrapping {choice}, {how}"), &wrapped);
        }
    }
}

#[test]
fn past_crashes_stay_fixed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("regressions");
    for (name, _) in TARGETS {
        let Ok(entries) = fs::read_dir(root.join(name)) else {
            continue;
        };
        for entry in entries {
            let path = entry.unwrap().path();
            run(name, &path.display().to_string(), &fs::read(&path).unwrap());
        }
    }
}

/// Pieces that get arbitrary bytes past the first check.
fn pieces() -> impl Strategy<Value = Vec<u8>> {
    let header = seeds::seeds()
        .into_iter()
        .filter(|(folder, ..)| *folder == "header");
    let headers: Vec<Vec<u8>> = header.map(|(.., bytes)| bytes).collect();
    let piece = prop_oneof![
        3 => proptest::sample::select(headers),
        2 => Just(vec![0; 512]),
        1 => proptest::collection::vec(any::<u8>(), 512),
        1 => proptest::collection::vec(any::<u8>(), 0..40),
    ];
    proptest::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

/// The same cases in every run: to look further is the fuzzer's part.
fn settings() -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(1),
        ..ProptestConfig::with_cases(64)
    }
}

proptest! {
    #![proptest_config(settings())]

    #[test]
    fn arbitrary_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..2048)) {
        for (_, body) in TARGETS {
            body(&bytes);
        }
    }

    #[test]
    fn arbitrary_members(bytes in pieces()) {
        target("tar_walker")(&bytes);
        target("whole_scan")(&bytes);
    }

    #[test]
    fn arbitrary_sequences(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        for choice in 0..3 {
            target("block_placement")(&[&[choice], bytes.as_slice()].concat());
        }
    }

    #[test]
    fn arbitrary_texts(text in "\\s{0,2}[0-9a-fA-F]{15,17}\\s{0,2}|\\s{0,2}[0-9a-fA-F]{39,41}\\s{0,2}") {
        target("checksum_text")(text.as_bytes());
    }
}

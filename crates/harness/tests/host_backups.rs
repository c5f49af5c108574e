//! Whole scans of host backups: each kind of host and each fault, and small ones that are cut or have a bit flipped.

use xenspect_harness::{TARGETS, Target};
use xenspect_synth::host_backup::{DUMP, STATE, Variant};
use xenspect_synth::{Envelope, HostBackup, HostFault};

/// Damaged versions of the small one.
const DAMAGED: usize = 24;

fn whole_scan() -> Target {
    let mut targets = TARGETS.iter();
    targets.find(|(name, _)| *name == "whole_scan").unwrap().1
}

fn run(what: &str, bytes: &[u8]) {
    let body = whole_scan();
    if std::panic::catch_unwind(|| body(bytes)).is_err() {
        panic!("whole_scan fails with {what} ({} bytes)", bytes.len());
    }
}

#[test]
fn every_kind_of_host_and_every_fault() {
    for variant in Variant::all() {
        run(variant.name(), &HostBackup::new(variant).bytes());
    }
    // Those of many GiB show nothing that others do not.
    for fault in HostFault::all().filter(|fault| !fault.name().starts_with("too-large")) {
        run(fault.name(), &fault.build().bytes());
    }
}

#[test]
fn damaged_ones() {
    let mut backup = HostBackup::named("coordinator").unwrap();
    for path in [DUMP, STATE] {
        backup.put(path, "<database/>").unwrap();
    }
    for envelope in [Envelope::Plain, Envelope::Gzip] {
        backup.envelope = envelope;
        let bytes = backup.bytes();
        for version in 0..DAMAGED {
            // Spread over all of it; neither bound has to do with the length of a block.
            let at = bytes.len() / DAMAGED * version + version * 7;
            let at = at.min(bytes.len() - 1);
            if version % 3 == 0 {
                run(&format!("{envelope:?} cut at {at}"), &bytes[..at]);
                continue;
            }
            let mut flipped = bytes.clone();
            flipped[at] ^= 1 << (version % 8);
            run(&format!("{envelope:?}, a bit flipped at {at}"), &flipped);
        }
    }
}

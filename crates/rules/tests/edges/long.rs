//! Faults that are repeated along an archive: the first ones are shown, all of them are counted, and no other code comes of
//! their number.

use xenspect_model::report::Verdict::{self, Damaged, Sound, Suspect};
use xenspect_synth::{Long, LongFault, SumKind};

use super::support::*;

/// Blocks with something wrong, more than are shown of a code.
const TIMES: u64 = 1500;

fn long(fault: Option<LongFault>, block: u64, blocks: u64, disks: u64, sums: SumKind) -> Vec<u8> {
    let long = Long {
        size: block * blocks,
        block,
        disks,
        sums,
        faults: fault.into_iter().collect(),
        ..Long::default()
    };
    let mut bytes = Vec::new();
    long.write_to(&mut bytes).unwrap();
    bytes
}

#[test]
fn long_archives_are_good() {
    for sums in [SumKind::Xxh64, SumKind::Sha1] {
        for disks in [1, 3, 7] {
            let bytes = long(None, 1 << 20, 8, disks, sums);
            assert_eq!(told(bytes), expected(Sound, &[]), "{disks} {sums:?}");
        }
    }
}

/// Codes above notes, how many there are of them, and the verdict.
fn of(fault: LongFault) -> (&'static [(&'static str, u64)], Verdict) {
    use LongFault as F;
    match fault {
        F::SumWrong => (&[("xva/block-checksum-mismatch", TIMES)], Damaged),
        F::SumMissing => (&[("xva/checksum-missing", TIMES)], Damaged),
        F::SumMalformed => (&[("xva/checksum-malformed", TIMES)], Damaged),
        F::SumCase => (&[], Sound),
        F::SumForeign => (&[("xva/checksum-foreign", TIMES)], Damaged),
        F::SumEarly => (&[("xva/checksum-misplaced", TIMES)], Damaged),
        F::SumDoubled => (&[("xva/checksum-doubled", TIMES)], Damaged),
        F::BlockMissing => (&[("xva/checksum-without-block", TIMES)], Damaged),
        F::BlockDoubled => (&[("xva/block-doubled", TIMES)], Damaged),
        // The first one is block 0 twice.
        F::BlockBackwards => (
            &[
                ("xva/block-doubled", 1),
                ("xva/block-out-of-order", TIMES - 1),
            ],
            Damaged,
        ),
        F::NumberSpelling => (&[], Sound),
        F::Foreign => (&[("xva/member-foreign", TIMES)], Suspect),
        F::BadNumber => (&[("xva/block-number-invalid", TIMES)], Damaged),
        F::Directory => (&[("tar/member-type", TIMES)], Suspect),
        F::UnsafeName => (&[("tar/unsafe-name", TIMES)], Suspect),
        F::DotSlash => (&[("xva/member-name-prefixed", 1)], Suspect),
        F::Padding => (&[], Sound),
        F::HeaderSum => (&[("tar/header-checksum-mismatch", TIMES)], Damaged),
        // The headers that were lost are facts as well, of which those beyond the first thousand are told as such.
        F::HeaderLost => (
            &[("tar/bytes-lost", TIMES), ("scan/limit-reached", 1)],
            Damaged,
        ),
        F::SizeInvalid => (
            &[("tar/size-invalid", TIMES), ("scan/limit-reached", 1)],
            Damaged,
        ),
        F::LoneZeroBlock => (&[], Sound),
        F::EndMarker => (&[("tar/members-after-end", TIMES)], Damaged),
        F::PaxMalformed | F::LongName => (&[("tar/extension-invalid", TIMES)], Damaged),
        F::UnknownDisk => (
            &[("xva/disk-unknown", TIMES), ("scan/limit-reached", 1)],
            Damaged,
        ),
        // Of the returns those to a disk that is listed are told; beyond the first thousand both are counted.
        F::Interleaved => (
            &[
                ("xva/disk-unknown", 1),
                ("xva/first-block-missing", 1),
                ("xva/disk-resumed", 2 * (TIMES - 1) - 500),
            ],
            Damaged,
        ),
        F::SecondDocument => (&[("xva/metadata-doubled", TIMES)], Damaged),
        F::KeepAlive => (&[], Sound),
    }
}

#[test]
fn every_fault_is_counted_as_often_as_it_is_there() {
    let mut wrong = Vec::new();
    for fault in LongFault::all() {
        // A name of a mebibyte each time would be more than a gigabyte.
        let times = if fault == LongFault::LongName {
            20
        } else {
            TIMES
        };
        let input = verify(long(Some(fault), 512, times, 1, SumKind::Xxh64));
        let (verdict, mut codes) = said(&input);
        // Blocks of one sector instead of 2048 are short as well, and a lost one counts for 2048.
        for own in [
            "xva/block-short",
            "xva/first-block-unit",
            "xva/block-empty-at-edge",
            "xva/disk-too-long",
        ] {
            codes.remove(own);
        }
        let (expected_codes, expected_verdict) = of(fault);
        let scaled = expected_codes.iter().map(|(code, count)| match count {
            &TIMES => (*code, times),
            other => (*code, *other),
        });
        if codes != scaled.collect() || verdict != expected_verdict.max(Suspect) {
            wrong.push(format!("{}: {verdict:?} {codes:?}", fault.name()));
        }
        let most = input.findings.len();
        assert!(most <= 3100, "{}: {most} findings", fault.name());
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

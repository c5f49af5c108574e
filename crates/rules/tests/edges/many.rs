//! Members and disks by the hundred thousand, made as they are read.

use std::io::Read;

use xenspect_model::report::Verdict::{Damaged, Suspect};
use xenspect_synth::Recipe;

use super::support::*;

/// A good archive with pieces behind its last member.
fn followed(pieces: impl Iterator<Item = Vec<u8>> + Send + 'static) -> impl Read + Send {
    let mut good = Recipe::named("tiny").unwrap().build();
    let end = good.split_off(good.len() - 2 * BLOCK);
    Pieces::new([good].into_iter().chain(pieces).chain([end]))
}

#[test]
fn a_million_members_of_no_length() {
    let keep_alives = (0..250_000_u32).map(|number| {
        let name = format!("Ref:9/{number:08}");
        [
            header(&name, &octal(0), 0),
            member(&format!("{name}.xxhash"), EMPTY),
        ]
        .concat()
    });
    let foreign = (0..500_000_u32).map(|at| header(&format!("notes/{at}"), &octal(0), 0));
    let input = verify_stream(followed(keep_alives.chain(foreign)));
    assert_eq!(input.members, 5 + 1_000_000);
    let codes = [
        ("xva/member-foreign", 500_000),
        ("xva/disk-unknown", 1),
        ("xva/block-empty-at-edge", 1),
    ];
    assert_eq!(said(&input), expected(Damaged, &codes));
    let disk = input.disks.iter().find(|disk| disk.id == "Ref:9").unwrap();
    assert_eq!((disk.keep_alives, disk.reached), (250_000, 0));
}

#[test]
fn a_hundred_thousand_disks_in_the_archive() {
    let disks = (0..100_000_u32).map(|disk| {
        let name = format!("Ref:{}/00000000", 1000 + disk);
        let block = member(&name, &[]);
        [block, member(&format!("{name}.xxhash"), EMPTY)].concat()
    });
    let input = verify_stream(followed(disks));
    // Two disks are good; each of the others but the first has two members that are not looked at.
    let (verdict, codes) = said(&input);
    assert_eq!(verdict, Damaged);
    assert_eq!(codes["xva/disk-unknown"], 4094);
    assert_eq!(codes["scan/limit-reached"], 2 * (100_000 - 4094));
    assert_eq!(input.disks.len(), 4096);
    // Each is empty at both of its edges as well.
    assert!(input.findings.len() <= 3010);
}

#[test]
fn short_blocks_of_thousands_of_disks_are_counted() {
    // Each disk remembers 64 of them, which together are far more than a report shows.
    let disks = (0..400_u32).flat_map(|disk| {
        (0..64_u32).map(move |number| {
            let name = format!("Ref:{}/{number:08}", 1000 + disk);
            let block = member(&name, &[0; BLOCK]);
            [
                block,
                member(&format!("{name}.xxhash"), b"BC8F3F0B7A1C3E5D"),
            ]
            .concat()
        })
    });
    let input = verify_stream(followed(disks));
    let (_, codes) = said(&input);
    // The last block of a disk whose size is not known may be as short as it likes.
    assert_eq!(codes["xva/block-short"], 400 * 63);
    assert_eq!(codes["xva/block-checksum-mismatch"], 400 * 64);
    let shown = |code: &str| {
        let findings = input.findings.iter();
        findings.filter(|f| f.code.name() == code).count()
    };
    assert_eq!(shown("xva/block-short"), 1000);
    assert_eq!(shown("xva/block-checksum-mismatch"), 1000);
}

#[test]
fn folders_by_the_thousand_are_harmless() {
    let folders = (0..5000_u32).map(|at| header(&format!("Ref:24/{at:0>60}/"), &octal(0), b'5'));
    let (verdict, codes) = said(&verify_stream(followed(folders)));
    assert_eq!(verdict, Suspect, "{codes:?}");
    assert_eq!(codes["tar/member-type"], 5000);
}

//! Every fault changes the archive, does so the same way each time, and changes no more than it says.

use std::collections::BTreeSet;

use xenspect_synth::{Archive, Envelope, Fault, Recipe, Role, SumKind, apply};

#[test]
fn names_are_unique_kebab_case_and_described() {
    let mut seen = BTreeSet::new();
    for fault in Fault::all() {
        assert!(seen.insert(fault.name()), "{} twice", fault.name());
        let plain = fault
            .name()
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        assert!(plain, "{} is not kebab-case", fault.name());
        assert!(!fault.description().is_empty());
        assert_eq!(
            Fault::named(fault.name()).map(Fault::name),
            Some(fault.name())
        );
    }
    assert!(Fault::named("no-such-fault").is_none());
}

#[test]
fn every_fault_changes_its_recipe_and_is_deterministic() {
    for fault in Fault::all() {
        let recipe = fault.default_recipe();
        let broken = fault.build();
        assert!(broken != recipe.build(), "{} changed nothing", fault.name());
        assert!(
            broken == apply(&recipe, fault).expect("it applies"),
            "{} differs between runs",
            fault.name()
        );
    }
}

#[test]
fn no_two_faults_make_the_same_archive() {
    // By checksum, so as not to hold them all.
    let mut sums = BTreeSet::new();
    for fault in Fault::all() {
        let sum = SumKind::Sha1.text(&fault.build());
        assert!(
            sums.insert(sum),
            "{} makes the archive of another fault",
            fault.name()
        );
    }
}

#[test]
fn a_fault_that_finds_nothing_to_break_says_so() {
    let fault = Fault::named("gzip-crc-wrong").expect("a fault");
    let error = apply(&Recipe::named("tiny").expect("a recipe"), fault)
        .expect_err("a plain archive has no CRC");
    assert_eq!(error.fault, "gzip-crc-wrong");
    assert_eq!(error.recipe, "gzip");

    let fault = Fault::named("missing-middle-pair-looks-like-a-gap").expect("a fault");
    assert!(apply(&Recipe::named("tiny").expect("a recipe"), fault).is_err());
}

#[test]
fn single_byte_faults_change_a_single_byte() {
    let good = Recipe::named("two-disks").expect("a recipe").build();
    let names = [
        "flip-block-byte",
        "flip-sum-digit",
        "header-checksum-of-block",
        "header-checksum-of-sum",
        "header-checksum-of-ova",
        "header-name-byte",
        "non-hex-sum",
    ];
    for name in names {
        let bad = Fault::named(name).expect("a fault").build();
        assert_eq!(good.len(), bad.len(), "{name}");
        assert_eq!(
            good.iter().zip(&bad).filter(|(a, b)| a != b).count(),
            1,
            "{name}"
        );
    }
}

#[test]
fn length_faults_change_the_length_by_what_they_say() {
    let good = Recipe::named("two-disks").expect("a recipe").build().len();
    let len = |name: &str| Fault::named(name).expect("a fault").build().len();
    assert_eq!(len("bytes-removed"), good - 100);
    assert_eq!(len("sector-removed"), good - 512);
    assert_eq!(len("byte-inserted"), good + 1);
    assert_eq!(len("single-end-block"), good - 512);
    assert_eq!(len("no-end-blocks"), good - 1024);
    assert_eq!(len("trailing-zeros"), good + 8192);
    assert_eq!(len("trailing-garbage"), good + 1000);
    assert_eq!(len("archive-twice"), 2 * good);
    assert_eq!(len("missing-sum"), good - 1024);
    assert_eq!(len("missing-block"), good - 512 - 1_048_576);
    assert_eq!(len("truncated-to-nothing"), 0);
}

/// The decompressor is the judge of what a fault of the envelope breaks.
#[test]
fn envelope_faults_are_noticed_by_the_decompressors() {
    for fault in Fault::all()
        .filter(|fault| fault.name().starts_with("gzip-") || fault.name().starts_with("zstd-"))
    {
        let recipe = fault.default_recipe();
        let plain = Recipe {
            envelope: Envelope::Plain,
            ..recipe
        }
        .build();
        let decoded = decode(&fault.build());
        match fault.name() {
            // Whole members or frames are missing: each of the rest is fine.
            "gzip-second-member-missing" | "zstd-second-frame-missing" => {
                let decoded = decoded.expect("the rest decodes");
                assert_eq!(decoded.len(), plain.len() - 1_000_000, "{}", fault.name());
            }
            _ => assert!(decoded.is_err(), "{} went unnoticed", fault.name()),
        }
    }
}

fn decode(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    use std::io::Read;
    if bytes.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) {
        return zstd::decode_all(bytes);
    }
    let mut out = Vec::new();
    flate2::read::MultiGzDecoder::new(bytes).read_to_end(&mut out)?;
    Ok(out)
}

#[test]
fn missing_pair_and_gap_are_the_same_bytes() {
    let fault = Fault::named("missing-middle-pair-looks-like-a-gap").expect("a fault");
    let mut sparse = fault.default_recipe();
    let disk = sparse.disks.remove(0).hole(1..2);
    sparse.disks.insert(0, disk);
    assert!(fault.is_harmless());
    assert!(fault.build() == sparse.build());
}

#[test]
fn members_can_be_edited_and_encoded_by_hand() {
    let recipe = Recipe::named("tiny").expect("a recipe");
    let members = recipe.members();
    assert!(xenspect_synth::encode(&members) == recipe.build());

    let mut archive = Archive {
        members,
        ..recipe.archive()
    };
    archive
        .members
        .retain(|member| !matches!(member.role, Role::Sum { .. }));
    assert_eq!(archive.encode().len(), recipe.build().len() - 2 * 1024);
}

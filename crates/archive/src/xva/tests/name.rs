use super::super::{BlockName, MemberName, Named, SumKind};
use super::block;

fn classify(name: &str) -> MemberName {
    MemberName::classify(name.as_bytes()).name
}

#[test]
fn parts_of_an_export_are_told_by_name() {
    assert_eq!(classify("ova.xml"), MemberName::Metadata);
    assert_eq!(classify("checksum.xml"), MemberName::LegacyTable);
    assert_eq!(
        classify("Ref:4/00000017"),
        MemberName::Block(block("Ref:4", 17))
    );
    assert_eq!(
        classify("Ref:4/00000017.checksum"),
        MemberName::Sum(block("Ref:4", 17), SumKind::Sha1)
    );
    assert_eq!(
        classify("vdi/00000000.xxhash"),
        MemberName::Sum(block("vdi", 0), SumKind::Xxh64)
    );
    assert_eq!(classify("Ref:4/"), MemberName::DiskFolder);
    for name in ["sda/chunk-000000001.gz", "sda/chunk000000001.gz"] {
        let expected = MemberName::ApplianceChunk {
            dir: "sda".to_owned(),
            number: 1,
        };
        assert_eq!(classify(name), expected, "{name}");
    }
}

#[test]
fn ids_are_compared_whole() {
    assert_ne!(classify("Ref:1/00000000"), classify("Ref:10/00000000"));
    assert_eq!(classify("Ref:/00000000"), MemberName::Foreign);
    assert_eq!(classify("Ref:1x/00000000"), MemberName::Foreign);
    assert_eq!(classify("ref:1/00000000"), MemberName::Foreign);
    assert_eq!(classify("OVA.XML"), MemberName::Foreign);
}

#[test]
fn numbers_are_plain_decimal() {
    for (tail, canonical) in [
        ("00000000", true),
        ("99999999", true),
        ("100000000", true),
        ("0000000", false),
        ("000000001", false),
    ] {
        let number = tail.parse().unwrap();
        let expected = MemberName::Block(BlockName {
            disk: "Ref:4".into(),
            number,
            canonical,
        });
        assert_eq!(classify(&format!("Ref:4/{tail}")), expected);
    }
    for tail in [
        "+0000001",
        "-0000001",
        "0000000x",
        "0x000001",
        "18446744073709551616",
        "1/2",
    ] {
        let expected = MemberName::BadNumber {
            disk: "Ref:4".into(),
            tail: tail.into(),
        };
        assert_eq!(classify(&format!("Ref:4/{tail}")), expected);
    }
}

#[test]
fn a_prefix_of_tar_programs_is_taken_off_and_told() {
    let named = MemberName::classify(b"./Ref:4/00000000");
    assert_eq!(
        named,
        Named {
            name: MemberName::Block(block("Ref:4", 0)),
            dot_slash: true
        }
    );
    assert_eq!(
        MemberName::classify(b"./"),
        Named {
            name: MemberName::Foreign,
            dot_slash: false
        }
    );
}

#[test]
fn a_block_is_shown_as_exporters_name_it() {
    assert_eq!(block("Ref:4", 17).to_string(), "Ref:4/00000017");
    assert_eq!(block("Ref:4", 123_456_789).to_string(), "Ref:4/123456789");
}

//! Names and numbers at the edges of their types.

use super::super::{Assembly, BlockName, MemberName, Placement, Structure, SumKind};
use super::block;

fn classify(name: &[u8]) -> MemberName {
    MemberName::classify(name).name
}

#[test]
fn ids_are_as_long_as_their_largest_number() {
    let longest = format!("Ref:{}", u64::MAX);
    let name = classify(format!("{longest}/00000000").as_bytes());
    assert_eq!(name, MemberName::Block(block(&longest, 0)));
    for id in ["18446744073709551616", "000000000000000000004"] {
        let name = format!("Ref:{id}/00000000");
        assert_eq!(classify(name.as_bytes()), MemberName::Foreign, "{name}");
    }
}

#[test]
fn folders_of_chunks_are_not_as_long_as_they_like() {
    for (len, is_chunk) in [(255, true), (256, false), (1 << 20, false)] {
        let name = format!("{}/chunk-000000000.gz", "d".repeat(len));
        let found = matches!(classify(name.as_bytes()), MemberName::ApplianceChunk { .. });
        assert_eq!(found, is_chunk, "{len}");
    }
}

#[test]
fn numbers_of_blocks_end_where_their_type_ends() {
    let largest = BlockName {
        disk: "Ref:4".to_owned(),
        number: u64::MAX,
        canonical: true,
    };
    let name = format!("Ref:4/{}", u64::MAX);
    assert_eq!(
        classify(name.as_bytes()),
        MemberName::Block(largest.clone())
    );
    let name = format!("Ref:4/{}.xxhash", u64::MAX);
    assert_eq!(
        classify(name.as_bytes()),
        MemberName::Sum(largest, SumKind::Xxh64)
    );
    for digits in [
        "18446744073709551616",
        &"9".repeat(40),
        &"9".repeat(1 << 20),
    ] {
        let name = format!("Ref:4/{digits}");
        assert!(matches!(
            classify(name.as_bytes()),
            MemberName::BadNumber { .. }
        ));
    }
    // A million zeros in front are another spelling.
    let name = format!("Ref:4/{}7", "0".repeat(1 << 20));
    let MemberName::Block(seven) = classify(name.as_bytes()) else {
        panic!("no block");
    };
    assert_eq!((seven.number, seven.canonical), (7, false));
}

#[test]
fn a_keep_alive_can_follow_the_largest_number_that_has_a_place() {
    // The last MiB of the numbers of bytes that there are.
    let last = (1_u64 << 44) - 1;
    let mut placement = Placement::new(1 << 20);
    assert!(placement.place(last, 512).is_ok());
    assert!(placement.place(last + 1, 0).is_ok());
    assert_eq!(placement.position(), u64::MAX - (1 << 20) + 513);
    assert!(placement.place(last + 2, 1 << 20).is_err());
    // It did not move on.
    assert!(placement.place(last + 2, 0).is_ok());
}

#[test]
fn numbers_beyond_the_range_are_told_and_the_disk_goes_on() {
    let mut assembly = Assembly::new(8);
    for (index, number) in [0, u64::MAX, u64::MAX, 1].into_iter().enumerate() {
        let offset = 512 * u64::try_from(index).unwrap();
        let _ = assembly.block(&block("Ref:4", number), offset, offset, 1 << 20);
        let _ = assembly.sum(
            &block("Ref:4", number),
            SumKind::Xxh64,
            offset,
            b"0123456789ABCDEF",
        );
    }
    let beyond =
        |structure: &(u64, Structure)| matches!(structure.1, Structure::BlockBeyondRange { .. });
    let structure = assembly.take_structure();
    assert_eq!(structure.len(), 2, "{structure:?}");
    assert!(structure.iter().all(beyond));
    let disk = &assembly.disks()[0];
    assert_eq!((disk.position, disk.unplaced), (2 << 20, 2));
}

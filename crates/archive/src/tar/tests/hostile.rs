//! Any bytes at all: no panic, an end, places that make sense.

use proptest::prelude::*;

use super::super::{BLOCK, Limits, Step, Walker, Want, walk_slice};
use super::{Built, HeaderBuilder, data};

/// Blocks that are likely to mean something to the walker, in any order.
fn any_block() -> impl Strategy<Value = [u8; 512]> {
    let flags = prop::sample::select(b"\x0001234567SLKxgVQ".to_vec());
    let names = prop::sample::select(vec!["ova.xml", "Ref:1/0", "x/", "", "././@LongLink"]);
    let sizes = prop_oneof![
        4 => (0usize..2000).prop_map(|size| format!("{size:011o}\0").into_bytes()),
        1 => prop::collection::vec(any::<u8>(), 12),
        1 => any::<u64>().prop_map(|size| [&[0x80, 0, 0, 0][..], &size.to_be_bytes()].concat()),
    ];
    let magics = prop::sample::select(vec![&b"ustar\x0000"[..], b"ustar  \0", b"\0", b"ustar?!!"]);
    let header = (names, sizes, flags, magics, any::<bool>(), any::<u8>()).prop_map(
        |(name, size, flag, magic, right, noise)| {
            let header = HeaderBuilder::xapi(name, 0)
                .put(124, &size)
                .put(257, magic)
                .flag(flag);
            let header = header.put(482, &[noise & 1]).put(390, &[noise]);
            if right {
                header.summed()
            } else {
                header.without_sum()
            }
        },
    );
    prop_oneof![
        6 => header,
        2 => Just([0; 512]),
        1 => prop::collection::vec(any::<u8>(), 512).prop_map(|v| v.try_into().unwrap()),
        1 => Just(*data(512).first_chunk().unwrap()),
        1 => Just(*Built::default().payload(b"20 path=Ref:1/00001\n12 size=513\n").0.first_chunk().unwrap()),
    ]
}

fn any_archive() -> impl Strategy<Value = Vec<u8>> {
    let blocks = prop::collection::vec(any_block(), 0..40).prop_map(|blocks| blocks.concat());
    prop_oneof![
        4 => (blocks, 0usize..512).prop_map(|(mut bytes, cut)| {
            bytes.truncate(bytes.len().saturating_sub(cut));
            bytes
        }),
        1 => prop::collection::vec(any::<u8>(), 0..4096),
    ]
}

fn small_limits() -> Limits {
    Limits {
        extension_bytes: 1500,
        pending_extensions: 2,
        believed_payload: 4096,
        sparse_blocks: 3,
        kept_oddities: 5,
    }
}

/// Drives a walk by hand and checks every step of it.
fn check(bytes: &[u8], limits: Limits) -> Result<(), TestCaseError> {
    let mut walker = Walker::new(limits, super::xva_like);
    let mut previous_end = 0;
    let mut steps = 0;
    let have = loop {
        let before = walker.offset();
        let Some(rest) = usize::try_from(before).ok().and_then(|at| bytes.get(at..)) else {
            break 0;
        };
        let step = match walker.want() {
            Want::Block => {
                let Some(block) = rest.first_chunk::<BLOCK>() else {
                    break rest.len();
                };
                walker.block(block)
            }
            Want::Extension { len, padded } => {
                prop_assert!(len <= limits.extension_bytes);
                prop_assert_eq!(padded, len.next_multiple_of(512));
                let Some(payload) = rest.get(..padded) else {
                    break rest.len();
                };
                walker.extension(payload)
            }
            Want::Nothing => unreachable!("before the end"),
        };
        steps += 1;
        prop_assert!(walker.offset() > before);
        prop_assert_eq!(walker.offset() % 512, 0);
        if let Step::Member(member) = step {
            prop_assert!(member.header_offset >= previous_end);
            prop_assert!(member.data_offset > member.header_offset);
            prop_assert!(member.data_offset <= before + 512);
            prop_assert_eq!(
                member.data_offset + member.size + member.padding(),
                walker.offset()
            );
            prop_assert_eq!(member.end_offset(), walker.offset());
            previous_end = walker.offset();
        }
    };
    prop_assert!(steps <= bytes.len() / 512);
    walker.finish(have);
    prop_assert_eq!(walker.want(), Want::Nothing);
    let offset = walker.offset();
    prop_assert_eq!(walker.block(&[0; 512]), Step::More);
    prop_assert_eq!(walker.extension(&[0; 512]), Step::More);
    prop_assert_eq!(walker.offset(), offset);
    prop_assert!(walker.take_oddities().len() <= limits.kept_oddities + 1);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_walked_to_their_end(bytes in any_archive()) {
        check(&bytes, Limits::default())?;
        check(&bytes, small_limits())?;
    }

    #[test]
    fn places_of_oddities_lie_in_the_input(bytes in any_archive()) {
        let walked = walk_slice(&bytes, Limits::default(), super::xva_like);
        let len = u64::try_from(bytes.len()).unwrap();
        for located in &walked.oddities {
            prop_assert!(located.offset < len);
            if let super::Oddity::Lost { bytes } = located.oddity {
                prop_assert!(bytes > 0 && located.offset + bytes <= len);
            }
        }
    }
}

//! Numbers of blocks and sizes of disks near the ends of their types.

use xenspect_model::report::Verdict::Damaged;
use xenspect_synth::Recipe;

use super::support::*;

fn pair(number: &str, payload: &[u8], sum: &[u8]) -> Vec<u8> {
    let block = member(&format!("Ref:9/{number}"), payload);
    [block, member(&format!("Ref:9/{number}.xxhash"), sum)].concat()
}

#[test]
fn numbers_of_forty_digits_are_none() {
    for number in ["9".repeat(40), "18446744073709551616".to_owned()] {
        let said = told(with(&member(&format!("Ref:9/{number}"), b"x")));
        assert_eq!(said, expected(Damaged, &[("xva/block-number-invalid", 1)]));
    }
}

#[test]
fn the_largest_number_and_a_keep_alive_behind_it() {
    let largest = u64::MAX.to_string();
    let piece = [pair(&largest, &[], EMPTY), pair(&largest, &[], EMPTY)].concat();
    let codes = [("xva/block-beyond-range", 2), ("xva/disk-unknown", 1)];
    assert_eq!(told(with(&piece)), expected(Damaged, &codes));
}

#[test]
fn blocks_that_reach_beyond_all_numbers_have_no_place() {
    // The last one that begins below 2^64 ends at 2^64, which is one byte too far.
    let last = (1_u64 << 44) - 1;
    let piece = pair(&last.to_string(), &vec![0; 1 << 20], b"87D2A1B6E1163EF1");
    let codes = [("xva/block-beyond-range", 1), ("xva/disk-unknown", 1)];
    assert_eq!(told(with(&piece)), expected(Damaged, &codes));
    // A shorter one has one, and what follows it has none.
    let piece = [
        pair(&last.to_string(), &[], EMPTY),
        pair(
            &(last + 1).to_string(),
            &vec![0; 1 << 20],
            b"87D2A1B6E1163EF1",
        ),
    ]
    .concat();
    let (verdict, codes) = told(with(&piece));
    assert_eq!(verdict, Damaged);
    assert_eq!(codes.get("xva/block-beyond-range"), Some(&1), "{codes:?}");
}

#[test]
fn virtual_sizes_at_the_edge() {
    let recipe = Recipe::named("tiny").unwrap();
    let archive = recipe.archive();
    let text = String::from_utf8(recipe.document_text().unwrap()).unwrap();
    let size = "<name>virtual_size</name><value>";
    for (value, code) in [
        ("9223372036854775807", "xva/last-block-missing"),
        ("9223372036854775808", "xva/virtual-size-invalid"),
        ("18446744073709551616", "xva/virtual-size-invalid"),
        ("-9223372036854775808", "xva/virtual-size-invalid"),
        ("-1", "xva/virtual-size-invalid"),
    ] {
        // All disks, so that their sum is beyond all numbers as well.
        let mut pieces = text.split(size);
        let mut changed = pieces.next().unwrap().to_owned();
        let mut disks = 0;
        for piece in pieces {
            let rest = piece.find('<').map_or("", |at| &piece[at..]);
            changed += &format!("{size}{value}{rest}");
            disks += 1;
        }
        assert_eq!(disks, 2);
        let mut archive = archive.clone();
        archive.members[0].payload = changed.into_bytes();
        let (verdict, codes) = told(archive.encode());
        assert_eq!(
            (verdict, codes.get(code)),
            (Damaged, Some(&2)),
            "{value}: {codes:?}"
        );
    }
}

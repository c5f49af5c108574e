use proptest::prelude::*;

use super::super::{Digest, Spelling, StoredSum, SumKind, SumMalformed};

const SHA1_OF_ABC: &[u8] = b"a9993e364706816aba3e25717850c26c9cd0d89d";
const XXH64_OF_ABC: &[u8] = b"44BC2CF5AD770999";

fn spelling(kind: SumKind, text: &[u8]) -> Option<Spelling> {
    StoredSum::parse(kind, text).ok().map(|sum| sum.spelling)
}

#[test]
fn both_kinds_are_read() {
    let sum = StoredSum::parse(SumKind::Xxh64, XXH64_OF_ABC).unwrap();
    assert_eq!(sum.digest, Digest::Xxh64(0x44bc_2cf5_ad77_0999));
    assert_eq!(sum.spelling, Spelling::Exact);
    let sum = StoredSum::parse(SumKind::Sha1, SHA1_OF_ABC).unwrap();
    assert_eq!(sum.digest.to_string().as_bytes(), SHA1_OF_ABC);
    assert_eq!(sum.spelling, Spelling::Exact);
}

#[test]
fn leading_zeros_belong_to_the_text() {
    let sum = StoredSum::parse(SumKind::Xxh64, b"00BC2CF5AD770999").unwrap();
    assert_eq!(sum.digest.to_string(), "00BC2CF5AD770999");
    assert!(StoredSum::parse(SumKind::Xxh64, b"BC2CF5AD770999").is_err());
}

#[test]
fn other_spellings_are_told() {
    let lower = XXH64_OF_ABC.to_ascii_lowercase();
    assert_eq!(spelling(SumKind::Xxh64, &lower), Some(Spelling::OtherCase));
    let upper = SHA1_OF_ABC.to_ascii_uppercase();
    assert_eq!(spelling(SumKind::Sha1, &upper), Some(Spelling::OtherCase));
    let line = [SHA1_OF_ABC, b"\n"].concat();
    assert_eq!(spelling(SumKind::Sha1, &line), Some(Spelling::Padded));
    // Padded says more than the letter case: both make an importer refuse.
    let both = [b" ", upper.as_slice(), b"\r\n"].concat();
    assert_eq!(spelling(SumKind::Sha1, &both), Some(Spelling::Padded));
}

#[test]
fn anything_else_is_malformed() {
    for text in [
        &b""[..],
        b"44BC2CF5AD77099",
        b"44BC2CF5AD7709990",
        b"44BC2CF5AD77099G",
        b"\xff",
    ] {
        assert!(StoredSum::parse(SumKind::Xxh64, text).is_err(), "{text:?}");
    }
    assert!(StoredSum::parse(SumKind::Xxh64, SHA1_OF_ABC).is_err());
    assert!(StoredSum::parse(SumKind::Sha1, XXH64_OF_ABC).is_err());
    let long = [b'a'; 65];
    let SumMalformed { len, text } = StoredSum::parse(SumKind::Sha1, &long).unwrap_err();
    assert_eq!((len, text.len()), (65, 64));
}

proptest! {
    #[test]
    fn a_digest_reads_back_from_its_own_text(value: u64, bytes: [u8; 20]) {
        for digest in [Digest::Xxh64(value), Digest::Sha1(bytes)] {
            let sum = StoredSum::parse(digest.kind(), digest.to_string().as_bytes()).unwrap();
            prop_assert_eq!(sum, StoredSum { digest, spelling: Spelling::Exact });
        }
    }
}

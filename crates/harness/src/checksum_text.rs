//! Texts of checksum members, read as either kind and compared with what the text itself says.

use xenspect_archive::xva::{Spelling, StoredSum, SumKind};

/// Reads the bytes as the text of a checksum member, as both kinds.
///
/// Invariants:
/// - a text is taken exactly if what is left of it without white space around is the kind's number
///   of hex digits;
/// - the digest spells these digits, letter case apart, and has the kind that was asked for;
/// - the spelling is exact only for the digest's own text, and padded only with white space;
/// - the digest's own text reads as the same digest again;
/// - a refused text is shown shortened, with its true length.
///
/// # Panics
///
/// When one of them does not hold.
pub fn checksum_text(data: &[u8]) {
    for kind in SumKind::ALL {
        let digits = data.trim_ascii();
        let usable = digits.len() == kind.digits() && digits.iter().all(u8::is_ascii_hexdigit);
        match StoredSum::parse(kind, data) {
            Ok(sum) => {
                assert!(usable, "{kind}: taken, but is no digest");
                assert_eq!(sum.digest.kind(), kind);
                let text = sum.digest.to_string();
                assert!(
                    text.as_bytes().eq_ignore_ascii_case(digits),
                    "{kind}: reads as {text}"
                );
                let expected = if digits.len() < data.len() {
                    Spelling::Padded
                } else if text.as_bytes() == data {
                    Spelling::Exact
                } else {
                    Spelling::OtherCase
                };
                assert_eq!(sum.spelling, expected, "{kind}");
                let again = StoredSum::parse(kind, text.as_bytes());
                let exact = StoredSum {
                    digest: sum.digest,
                    spelling: Spelling::Exact,
                };
                assert_eq!(again, Ok(exact), "{kind}");
            }
            Err(malformed) => {
                assert!(!usable, "{kind}: refused, but is a digest");
                assert_eq!(malformed.len, data.len() as u64);
                assert!(malformed.text.chars().count() <= StoredSum::MAX_TEXT);
            }
        }
    }
}

//! Bytes in hexadecimal digits, as all digests are shown.

const DIGITS: [u8; 16] = *b"0123456789abcdef";

/// The bytes in lower-case digits, two for each.
///
/// ```
/// assert_eq!(xenspect_model::hex::encode(&[0, 0x7f, 0xa5]), "007fa5");
/// ```
#[must_use]
pub fn encode(bytes: &[u8]) -> String {
    let digit = |nibble: u8| DIGITS.get(usize::from(nibble)).copied().unwrap_or(b'?');
    let pairs = bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]);
    let mut digits = Vec::with_capacity(bytes.len().saturating_mul(2));
    digits.extend(pairs);
    String::from_utf8(digits).unwrap_or_default()
}

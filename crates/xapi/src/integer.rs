//! Integers as xapi reads them. XML-RPC text and database text go through OCaml's own conversion, which takes more
//! forms than decimal; the other types need no more than a comparison and are read where they are met.

/// Reads a 64-bit integer the way OCaml's `Int64.of_string` does (`runtime/ints.c`): an optional sign, an optional
/// prefix `0x`, `0o`, `0b` or `0u` in either case, digits, and `_` anywhere after the first digit. With a prefix the
/// digits may use all 64 bits and wrap into the negative range; without one they must fit a signed integer. White
/// space is not accepted.
///
/// ```
/// use xenspect_xapi::parse_integer;
/// assert_eq!(parse_integer("8_589_934_592"), Some(8_589_934_592));
/// assert_eq!(parse_integer("-0x10"), Some(-16));
/// assert_eq!(parse_integer(" 1"), None);
/// ```
pub fn parse_integer(text: &str) -> Option<i64> {
    let (negative, rest) = match text.as_bytes() {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    let (radix, signed, digits) = match rest {
        [b'0', b'x' | b'X', digits @ ..] => (16, false, digits),
        [b'0', b'o' | b'O', digits @ ..] => (8, false, digits),
        [b'0', b'b' | b'B', digits @ ..] => (2, false, digits),
        [b'0', b'u' | b'U', digits @ ..] => (10, false, digits),
        digits => (10, true, digits),
    };
    if digits.first() == Some(&b'_') {
        return None;
    }
    let mut magnitude: Option<u64> = None;
    for &byte in digits.iter().filter(|&&byte| byte != b'_') {
        let digit = u64::from(char::from(byte).to_digit(radix)?);
        let shifted = magnitude.unwrap_or(0).checked_mul(u64::from(radix))?;
        magnitude = Some(shifted.checked_add(digit)?);
    }
    let magnitude = magnitude?;
    let most = if negative { 1 << 63 } else { (1 << 63) - 1 };
    if signed && magnitude > most {
        return None;
    }
    let bits = if negative {
        magnitude.wrapping_neg()
    } else {
        magnitude
    };
    Some(bits.cast_signed())
}

#[cfg(test)]
mod tests {
    use super::parse_integer;

    #[test]
    fn forms_that_ocaml_accepts() {
        for (text, value) in [
            ("0", 0),
            ("-1", -1),
            ("+7", 7),
            ("007", 7),
            ("1_000__", 1000),
            ("0x1F", 31),
            ("0XfF", 255),
            ("0o17", 15),
            ("0b101", 5),
            ("0u10", 10),
            ("-0b11", -3),
            ("9223372036854775807", i64::MAX),
            ("-9223372036854775808", i64::MIN),
            ("0xffffffffffffffff", -1),
            ("0u18446744073709551615", -1),
        ] {
            assert_eq!(parse_integer(text), Some(value), "{text}");
        }
    }

    #[test]
    fn forms_that_ocaml_refuses() {
        for text in [
            "",
            "-",
            "+",
            "_1",
            "0x",
            "0x_1",
            "0b2",
            "1.0",
            "1e3",
            " 1",
            "1 ",
            "--1",
            "9223372036854775808",
            "-9223372036854775809",
            "0x10000000000000000",
            "١",
        ] {
            assert_eq!(parse_integer(text), None, "{text}");
        }
    }
}

//! The bytes of a list of digests, whatever wrote them: marks of the encoding, UTF-16, and where a record ends.

use std::borrow::Cow;

/// The list in bytes that the tools mean: without a byte order mark, and UTF-16 (as the `>` of PowerShell writes it) as UTF-8.
pub(super) fn plain(bytes: &[u8]) -> Cow<'_, [u8]> {
    if let Some(rest) = bytes.strip_prefix(b"\xef\xbb\xbf") {
        return Cow::Borrowed(rest);
    }
    let (rest, unit): (_, fn([u8; 2]) -> u16) = match bytes {
        [0xff, 0xfe, rest @ ..] => (rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => (rest, u16::from_be_bytes),
        _ => return Cow::Borrowed(bytes),
    };
    let (pairs, _) = rest.as_chunks::<2>();
    let text: String = char::decode_utf16(pairs.iter().map(|&pair| unit(pair)))
        .map(|char| char.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect();
    Cow::Owned(text.into_bytes())
}

/// How records end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ends {
    /// With a line end, and one of DOS counts too. Names are escaped.
    Line,
    /// With a zero byte (`sha256sum --zero`). Names are as they are.
    Zero,
}

/// The records of a list. One zero byte anywhere means that all end so, since no line of text has one.
pub(super) fn records(bytes: &[u8]) -> (Ends, impl Iterator<Item = &[u8]>) {
    let ends = if bytes.contains(&0) {
        Ends::Zero
    } else {
        Ends::Line
    };
    let end = match ends {
        Ends::Line => b'\n',
        Ends::Zero => 0,
    };
    let records = bytes.split(move |&byte| byte == end);
    let records = records.map(move |record| match ends {
        Ends::Line => record.strip_suffix(b"\r").unwrap_or(record),
        Ends::Zero => record,
    });
    (ends, records)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_of_the_encoding_are_taken_off() {
        for (bytes, text) in [
            (&b"\xef\xbb\xbfabc"[..], &b"abc"[..]),
            (b"\xff\xfea\0\xfc\0", "aü".as_bytes()),
            (b"\xfe\xff\0a\0b", b"ab"),
            (b"\xff\xfe\0\xd8", "\u{fffd}".as_bytes()),
            (b"abc", b"abc"),
            (b"", b""),
        ] {
            assert_eq!(plain(bytes), text, "{bytes:?}");
        }
    }

    #[test]
    fn records_end_with_lines_or_with_zeros() {
        let (ends, all) = records(b"a\r\nb\n\nc");
        assert_eq!(ends, Ends::Line);
        assert_eq!(all.collect::<Vec<_>>(), [&b"a"[..], b"b", b"", b"c"]);
        let (ends, all) = records(b"a\nb\r\0c\0");
        assert_eq!(ends, Ends::Zero);
        assert_eq!(all.collect::<Vec<_>>(), [&b"a\nb\r"[..], b"c", b""]);
    }
}

//! The text of column values: S-expressions, protected white space, XML attributes (`formats/pool-db.md` sections 2 to
//! 4). Encoding only; which values there are is decided in `pool`.

/// How spaces in column values are protected (`formats/pool-db.md` section 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Protection {
    /// Each one as `%.`.
    Every,
    /// Two as `%_`, a single one or the odd last one as it is.
    Pairs,
}

/// One member of a set or map: in single quotes, with `\` and `'` escaped.
pub(crate) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

/// A set.
pub(crate) fn set<S: AsRef<str>>(items: impl IntoIterator<Item = S>) -> String {
    let items: Vec<String> = items
        .into_iter()
        .map(|item| quoted(item.as_ref()))
        .collect();
    format!("({})", items.join(" "))
}

/// A map.
pub(crate) fn map<K: AsRef<str>, V: AsRef<str>>(pairs: &[(K, V)]) -> String {
    let pairs: Vec<String> = pairs
        .iter()
        .map(|(key, value)| format!("({} {})", quoted(key.as_ref()), quoted(value.as_ref())))
        .collect();
    format!("({})", pairs.join(" "))
}

/// Appends a column value as it stands between the quotes of the attribute.
pub(crate) fn attribute(out: &mut Vec<u8>, text: &str, protection: Protection) {
    let mut bytes = text.bytes().peekable();
    while let Some(byte) = bytes.next() {
        match (byte, protection) {
            (b' ', Protection::Every) => out.extend_from_slice(b"%."),
            (b' ', Protection::Pairs) => {
                if bytes.next_if_eq(&b' ').is_some() {
                    out.extend_from_slice(b"%_");
                } else {
                    out.push(b' ');
                }
            }
            (b'\t', _) => out.extend_from_slice(b"%t"),
            (b'\n', _) => out.extend_from_slice(b"%n"),
            (b'\r', _) => out.extend_from_slice(b"%r"),
            (b'%', _) => out.extend_from_slice(b"%%"),
            (byte, _) => escaped(out, byte),
        }
    }
}

/// Appends text as attribute text without protection, as the `ref` of a row is written.
pub(crate) fn unprotected(out: &mut Vec<u8>, text: &str) {
    text.bytes().for_each(|byte| escaped(out, byte));
}

fn escaped(out: &mut Vec<u8>, byte: u8) {
    match byte {
        b'<' => out.extend_from_slice(b"&lt;"),
        b'>' => out.extend_from_slice(b"&gt;"),
        b'&' => out.extend_from_slice(b"&amp;"),
        b'"' => out.extend_from_slice(b"&quot;"),
        0..0x20 => out.extend_from_slice("\u{fffd}".as_bytes()),
        byte => out.push(byte),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str, protection: Protection) -> String {
        let mut out = Vec::new();
        attribute(&mut out, text, protection);
        String::from_utf8(out).expect("UTF-8")
    }

    #[test]
    fn spaces_are_protected_as_each_generation_does() {
        assert_eq!(
            written("a  b c   d%", Protection::Every),
            "a%.%.b%.c%.%.%.d%%"
        );
        assert_eq!(written("a  b c   d%", Protection::Pairs), "a%_b c%_ d%%");
        assert_eq!(
            written("<\t'\"&\n\r\u{1}é>", Protection::Every),
            "&lt;%t'&quot;&amp;%n%r\u{fffd}é&gt;"
        );
    }

    #[test]
    fn quotes_and_backslashes_are_escaped_inside_sets() {
        assert_eq!(set(["a", "it's", "\\"]), r"('a' 'it\'s' '\\')");
        assert_eq!(
            map(&[("k", map(&[("i", "n")]))]),
            r"(('k' '((\'i\' \'n\'))'))"
        );
        assert_eq!(set::<&str>([]), "()");
    }
}

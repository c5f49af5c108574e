//! `var/lib/xcp/local.db`: a host's own settings (`formats/host-backup.md` section 8, xapi `ocaml/xapi/hashtbl_xml.ml`),
//! `<config><row key="ha.armed" value="false"/>…</config>`.

use std::collections::BTreeMap;

/// Rows that are read; a host has some dozens.
const MOST: usize = 10_000;

/// Keys and values; of two equal keys the last one counts. `None` where the text is no such file.
#[must_use]
pub fn parse(bytes: &[u8]) -> Option<BTreeMap<String, String>> {
    let text = String::from_utf8_lossy(bytes);
    let (_, rows) = text.split_once("<config")?;
    let rows = rows.split('<').filter(|tag| tag.starts_with("row"));
    let pair = |row: &str| Some((attribute(row, "key")?, attribute(row, "value")?));
    Some(rows.take(MOST).filter_map(pair).collect())
}

/// An attribute of an element, as text.
pub(crate) fn attribute(tag: &str, name: &str) -> Option<String> {
    let mut rest = tag;
    loop {
        let (before, after) = rest.split_once('=')?;
        let after = after.trim_start();
        let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let (value, behind) = after.strip_prefix(quote)?.split_once(quote)?;
        if before.split_whitespace().next_back() == Some(name) {
            return Some(plain(value));
        }
        rest = behind;
    }
}

/// A text without the five escapes that XML has of itself.
pub(crate) fn plain(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    let mut text = text.to_owned();
    for (escape, c) in [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&apos;", "'"),
        ("&amp;", "&"),
    ] {
        text = text.replace(escape, c);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_both_spellings() {
        for (row, armed) in [
            ("<row key=\"ha.armed\" value=\"true\"/>", Some("true")),
            ("<row value='true' key='ha.armed'/>", Some("true")),
            ("<row key = \"ha.armed\" value= \"false\"/>", Some("false")),
            ("<row key=\"a\" value=\"key=&quot;ha.armed\"/>", None),
            ("<row key=\"ha.armed\"/>", None),
            ("", None),
        ] {
            let text = format!(
                "<?xml version=\"1.0\"?>\n<config><row key=\"x\" value=\"a&amp;lt;\"/>{row}</config>"
            );
            let rows = parse(text.as_bytes()).expect("rows");
            assert_eq!(rows.get("ha.armed").map(String::as_str), armed, "{row}");
            assert_eq!(rows.get("x").map(String::as_str), Some("a&lt;"));
        }
        assert_eq!(parse(b"true"), None);
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read(text in "\\PC{0,80}") {
            let _ = parse(text.as_bytes());
            let _ = parse(format!("<config><row {text}/>").as_bytes());
        }
    }
}

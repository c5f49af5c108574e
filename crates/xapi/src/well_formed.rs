//! What XML 1.0 asks of names, comments, processing instructions and the declaration. None of the formats here has a use
//! for these parts, but xapi's reader (`xmlm.ml` of xmlm) stops at one that is not right. Told from their text alone;
//! the readers of the formats find them, and report them each in its own way.

use crate::xml::is_blank;

/// Whether it may be the name of an element, an attribute, an entity or a processing instruction (`Name` of XML 1.0).
pub(crate) fn is_name(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(begins_name) && chars.all(continues_name)
}

fn begins_name(c: char) -> bool {
    matches!(
        c,
        'a'..='z' | 'A'..='Z' | '_' | ':' | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{2FF}'
            | '\u{370}'..='\u{37D}' | '\u{37F}'..='\u{1FFF}' | '\u{200C}' | '\u{200D}' | '\u{2070}'..='\u{218F}'
            | '\u{2C00}'..='\u{2FEF}' | '\u{3001}'..='\u{D7FF}' | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFFD}'
            | '\u{10000}'..='\u{EFFFF}'
    )
}

fn continues_name(c: char) -> bool {
    begins_name(c)
        || matches!(
            c,
            '0'..='9' | '-' | '.' | '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}' | '\u{2040}'
        )
}

/// What is wrong with a comment, from `<!--` to `-->`.
pub(crate) fn comment(markup: &str) -> Option<&'static str> {
    let body = markup.strip_prefix("<!--").unwrap_or(markup);
    let body = body.strip_suffix("-->").unwrap_or(body);
    (body.contains("--") || body.ends_with('-')).then_some("`--` inside a comment")
}

/// What is wrong with a processing instruction, from `<?` to `?>`.
pub(crate) fn instruction(markup: &str) -> Option<&'static str> {
    let body = markup.strip_prefix("<?").unwrap_or(markup);
    let body = body.strip_suffix("?>").unwrap_or(body);
    let name = body.split([' ', '\t', '\n', '\r']).next();
    match name {
        Some(name) if name.eq_ignore_ascii_case("xml") => {
            Some("a processing instruction that is named like the XML declaration")
        }
        Some(name) if is_name(name) => None,
        _ => Some("a processing instruction without a name"),
    }
}

/// The encoding that an XML declaration names, from `<?xml` to `?>`, or what is wrong with the declaration.
pub(crate) fn declaration(markup: &str) -> Result<Option<&str>, &'static str> {
    let body = markup.strip_prefix("<?xml").unwrap_or(markup);
    let mut rest = body.strip_suffix("?>").unwrap_or(body);
    match declared(&mut rest, "version") {
        Some("1.0" | "1.1") => {}
        Some(_) => return Err("an XML declaration with a version other than 1.0 and 1.1"),
        None => return Err("an XML declaration without a version"),
    }
    let encoding = declared(&mut rest, "encoding");
    if declared(&mut rest, "standalone").is_some_and(|value| !matches!(value, "yes" | "no")) {
        return Err("an XML declaration with `standalone` neither yes nor no");
    }
    match is_blank(rest) {
        true => Ok(encoding),
        false => Err("an XML declaration that holds something else"),
    }
}

/// Takes one part of the declaration, if it comes next.
fn declared<'a>(rest: &mut &'a str, name: &str) -> Option<&'a str> {
    let spaced = trim_start(rest);
    if spaced.len() == rest.len() {
        return None;
    }
    let value = trim_start(spaced.strip_prefix(name)?).strip_prefix('=')?;
    let value = trim_start(value);
    let quote = ['"', '\''].into_iter().find(|&c| value.starts_with(c))?;
    let (value, after) = value.get(1..)?.split_once(quote)?;
    *rest = after;
    Some(value)
}

/// Whether text that is UTF-8 reads the same in an encoding of this name, and xapi's reader knows the name.
pub(crate) fn is_utf8_in(encoding: &str, text: &[u8]) -> bool {
    let is = |name: &str| encoding.eq_ignore_ascii_case(name);
    is("utf-8") || (["us-ascii", "ascii", "iso-8859-1"].into_iter().any(is) && text.is_ascii())
}

pub(crate) fn trim_start(text: &str) -> &str {
    text.trim_start_matches([' ', '\t', '\n', '\r'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for name in [
            "a",
            "_",
            "x:y",
            "a-1.b",
            "VM__label",
            "\u{E9}\u{B7}",
            "\u{10000}",
        ] {
            assert!(is_name(name), "{name}");
        }
        for name in [
            "", "1a", "-a", ".a", "a b", "a(b", "a;", "\u{D7}", "a\u{D7}", "\u{300}a",
        ] {
            assert!(!is_name(name), "{name}");
        }
    }

    #[test]
    fn comments() {
        for body in ["", " ", "a", "-a", " a - b ", "<>&"] {
            assert_eq!(comment(&format!("<!--{body}-->")), None, "{body}");
        }
        for body in ["-", " -- ", "a--b", "a -"] {
            assert!(comment(&format!("<!--{body}-->")).is_some(), "{body}");
        }
    }

    #[test]
    fn instructions() {
        for body in ["a", "a ", "xml-stylesheet href='x'", "a\t?"] {
            assert_eq!(instruction(&format!("<?{body}?>")), None, "{body}");
        }
        for body in ["", " a", "1", "XML", "xmL a", "a(b c"] {
            assert!(instruction(&format!("<?{body}?>")).is_some(), "{body}");
        }
    }

    #[test]
    fn declarations() {
        for (body, encoding) in [
            (" version='1.0'", None),
            (" version=\"1.1\" ", None),
            ("\n version = '1.0'\tencoding\n=\n\"UTF-8\"", Some("UTF-8")),
            (" version='1.0' encoding='a\"b'", Some("a\"b")),
            (" version='1.0' encoding='x' standalone='no' ", Some("x")),
            (" version='1.0' standalone='yes'", None),
        ] {
            let markup = format!("<?xml{body}?>");
            assert_eq!(declaration(&markup), Ok(encoding), "{body}");
        }
        for body in [
            "",
            " ",
            "version='1.0'",
            " version=1.0",
            " version='1.0",
            " version='9'",
            " version='2.0'",
            " version=''",
            " encoding='UTF-8'",
            " encoding='UTF-8' version='1.0'",
            " version='1.0'encoding='UTF-8'",
            " version='1.0' version='1.0'",
            " version='1.0' standalone='maybe'",
            " version='1.0' standalone='yes' encoding='UTF-8'",
            " version='1.0' foo='bar'",
            " version='1.0' x",
        ] {
            assert!(declaration(&format!("<?xml{body}?>")).is_err(), "{body}");
        }
    }

    #[test]
    fn encodings() {
        for encoding in ["UTF-8", "utf-8", "us-ascii", "ASCII", "ISO-8859-1"] {
            assert!(is_utf8_in(encoding, b"a"), "{encoding}");
        }
        assert!(is_utf8_in("Utf-8", "\u{E4}".as_bytes()));
        for encoding in ["", "bogus", "utf8", "utf-16", "windows-1252", "latin1"] {
            assert!(!is_utf8_in(encoding, b"a"), "{encoding}");
        }
        for encoding in ["US-ASCII", "ascii", "iso-8859-1"] {
            assert!(!is_utf8_in(encoding, "\u{E4}".as_bytes()), "{encoding}");
        }
    }
}

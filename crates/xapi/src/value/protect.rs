//! White space inside attribute values (`formats/pool-db.md` section 3). XML would turn tabs and line ends of an
//! attribute into spaces, so xapi writes them as two characters (xapi `ocaml/database/xml_spaces.ml`).

use std::borrow::Cow;

/// Which spaces are protected. Tabs, line ends and `%` always are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Protection {
    /// Every space is written `%.` (since xapi 1.57, XenServer 7.3).
    EverySpace,
    /// Two spaces are written `%_`; a single one, or the odd last one, stays as it is (up to XenServer 7.2).
    SpacePairs,
}

/// Takes the protection off, either generation, also mixed: `%.`, `%_`, `%t`, `%n`, `%r` and `%%`. A `%` before anything
/// else, or at the end, stays.
///
/// ```
/// use xenspect_xapi::value::unprotect;
/// assert_eq!(unprotect("a%.b%_c"), "a b  c");
/// assert_eq!(unprotect("100%%%.of%x%"), "100% of%x%");
/// ```
pub fn unprotect(text: &str) -> Cow<'_, str> {
    let Some((head, tail)) = text.split_once('%') else {
        return Cow::Borrowed(text);
    };
    let mut out = String::with_capacity(text.len());
    out.push_str(head);
    let mut rest = tail;
    loop {
        // `rest` is what follows a `%` that has not been written yet.
        let mut chars = rest.chars();
        let plain = match chars.next() {
            Some('.') => " ",
            Some('_') => "  ",
            Some('t') => "\t",
            Some('n') => "\n",
            Some('r') => "\r",
            Some('%') => "%",
            _ => {
                chars = rest.chars();
                "%"
            }
        };
        out.push_str(plain);
        match chars.as_str().split_once('%') {
            Some((head, tail)) => {
                out.push_str(head);
                rest = tail;
            }
            None => {
                out.push_str(chars.as_str());
                return Cow::Owned(out);
            }
        }
    }
}

/// Puts the protection on, as the writer of that generation does.
///
/// ```
/// use xenspect_xapi::value::{Protection, protect};
/// assert_eq!(protect("a   b", Protection::EverySpace), "a%.%.%.b");
/// assert_eq!(protect("a   b", Protection::SpacePairs), "a%_ b");
/// ```
pub fn protect(text: &str, protection: Protection) -> Cow<'_, str> {
    let spaces = match protection {
        Protection::EverySpace => " ",
        Protection::SpacePairs => "  ",
    };
    if !text.contains(['%', '\t', '\n', '\r']) && !text.contains(spaces) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len().saturating_add(16));
    protect_into(text, protection, &mut out);
    Cow::Owned(out)
}

/// As [`protect`], appending to `out`.
pub(crate) fn protect_into(text: &str, protection: Protection, out: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.find([' ', '%', '\t', '\n', '\r']) {
        let (plain, tail) = rest.split_at(at);
        out.push_str(plain);
        let mut chars = tail.chars();
        let code = match (chars.next(), protection) {
            (Some(' '), Protection::EverySpace) => "%.",
            (Some(' '), Protection::SpacePairs) => match chars.as_str().strip_prefix(' ') {
                Some(after) => {
                    chars = after.chars();
                    "%_"
                }
                None => " ",
            },
            (Some('\t'), _) => "%t",
            (Some('\n'), _) => "%n",
            (Some('\r'), _) => "%r",
            _ => "%%",
        };
        out.push_str(code);
        rest = chars.as_str();
    }
    out.push_str(rest);
}

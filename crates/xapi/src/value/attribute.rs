//! The XML layer of a value: the text between the quotes of an attribute. Entities other than the five of XML and
//! numeric references are never expanded; they stay as they stand, and the reader of the document reports them.

use std::borrow::Cow;
use std::fmt;

use super::unprotect;

/// The bytes between the quotes of an attribute, as they stand in the document.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Raw<'a>(&'a [u8]);

impl<'a> Raw<'a> {
    /// Takes attribute text as it stands in a document.
    pub fn new(bytes: &'a [u8]) -> Self {
        Raw(bytes)
    }

    /// The bytes as they stand.
    pub fn as_bytes(self) -> &'a [u8] {
        self.0
    }

    /// Length in bytes as it stands.
    pub fn len(self) -> usize {
        self.0.len()
    }

    /// True for `""`.
    pub fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    /// The attribute's value by XML's rules: references resolved, white space normalised. White space is still
    /// protected. Bytes that are not UTF-8 become U+FFFD.
    pub fn unescaped(self) -> Cow<'a, str> {
        let text = lossy(self.0);
        let special = text.bytes().fold(0, |seen: u8, byte| {
            seen | u8::from(byte == b'&') | u8::from(byte < b' ')
        });
        if special == 0 {
            return text;
        }
        let mut out = String::with_capacity(text.len());
        let mut rest = &*text;
        while let Some(at) = rest.find(['&', '\t', '\n', '\r']) {
            let (plain, tail) = rest.split_at(at);
            out.push_str(plain);
            let (c, after) = match reference(tail) {
                Some((Reference::Char(c), after)) => (c, after),
                Some((Reference::Entity(_), _)) | None if tail.starts_with('&') => {
                    ('&', tail.get(1..).unwrap_or_default())
                }
                // A line end counts once, whatever it is made of.
                _ => (
                    ' ',
                    tail.strip_prefix("\r\n")
                        .or(tail.get(1..))
                        .unwrap_or_default(),
                ),
            };
            out.push(c);
            rest = after;
        }
        out.push_str(rest);
        Cow::Owned(out)
    }

    /// The value with both outer layers off: the XML references and the protection of white space. For a set or a map
    /// this is the S-expression.
    pub fn text(self) -> Cow<'a, str> {
        if !self.is_coded() {
            return lossy(self.0);
        }
        match self.unescaped() {
            Cow::Borrowed(text) => unprotect(text),
            Cow::Owned(text) => match unprotect(&text) {
                Cow::Owned(plain) => Cow::Owned(plain),
                Cow::Borrowed(_) => Cow::Owned(text),
            },
        }
    }

    /// The bytes of [`Raw::unescaped`]. Those of what is plain ASCII are not looked at as text.
    pub(crate) fn unescaped_bytes(self) -> Cow<'a, [u8]> {
        match self.is_ascii_without(b"&") {
            true => Cow::Borrowed(self.0),
            false => into_bytes(self.unescaped()),
        }
    }

    /// The bytes of [`Raw::text`]. Those of what is plain ASCII are not looked at as text.
    pub(crate) fn text_bytes(self) -> Cow<'a, [u8]> {
        match self.is_ascii_without(b"&%") {
            true => Cow::Borrowed(self.0),
            false => into_bytes(self.text()),
        }
    }

    /// True for characters of ASCII that are visible or a space, and none of these. One pass without branches.
    fn is_ascii_without<const N: usize>(self, marks: &[u8; N]) -> bool {
        let special = self.0.iter().fold(0, |seen: u8, &byte| {
            let mark = marks
                .iter()
                .fold(false, |seen, &mark| seen | (byte == mark));
            seen | u8::from(!(b' '..0x80).contains(&byte)) | u8::from(mark)
        });
        special == 0
    }

    /// True when [`Raw::text`] would be `text`, mostly without building it.
    pub fn is(self, text: &str) -> bool {
        match self.is_coded() {
            true => self.text() == text,
            false => self.0 == text.as_bytes(),
        }
    }

    /// True when [`Raw::text`] may differ from the bytes as they stand.
    pub(crate) fn is_coded(self) -> bool {
        memchr::memchr3(b'&', b'%', b'\n', self.0).is_some()
            || memchr::memchr2(b'\t', b'\r', self.0).is_some()
    }
}

impl fmt::Debug for Raw<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Raw({:?})", String::from_utf8_lossy(self.0))
    }
}

fn into_bytes(text: Cow<'_, str>) -> Cow<'_, [u8]> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
        Cow::Owned(text) => Cow::Owned(text.into_bytes()),
    }
}

/// Text, most of it good: checking is quicker than repairing.
fn lossy(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => String::from_utf8_lossy(bytes),
    }
}

/// What a reference stands for.
pub(crate) enum Reference<'a> {
    /// A character: one of the five names, or a number of a character that XML allows.
    Char(char),
    /// The name of any other entity, or a number that names no allowed character.
    Entity(&'a str),
}

/// Longest name or number of a reference that is looked for, so that many a stray `&` does not cost a search to the end of
/// the text each.
const LONGEST_NAME: usize = 64;

/// Reads the reference `text` starts with, and gives what follows it. `None` when it starts with none.
pub(crate) fn reference(text: &str) -> Option<(Reference<'_>, &str)> {
    let body = text.strip_prefix('&')?;
    let near = body.as_bytes().get(..body.len().min(LONGEST_NAME))?;
    let (name, after) = body.split_at_checked(memchr::memchr(b';', near)?)?;
    let after = after.strip_prefix(';')?;
    let c = match name {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "quot" => '"',
        "apos" => '\'',
        _ => match numeric(name) {
            Some(c) => c,
            None if is_name(name) => return Some((Reference::Entity(name), after)),
            None => return None,
        },
    };
    Some((Reference::Char(c), after))
}

fn numeric(name: &str) -> Option<char> {
    let digits = name.strip_prefix('#')?;
    let (digits, radix) = match digits.strip_prefix('x') {
        Some(digits) => (digits, 16),
        None => (digits, 10),
    };
    if !digits.chars().all(|c| c.is_digit(radix)) {
        return None;
    }
    let code = u32::from_str_radix(digits, radix).ok()?;
    char::from_u32(code).filter(|&c| is_xml_char(c))
}

/// True for what may be the name of an entity, or a number of one.
fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '#' | '_' | ':' | '-' | '.'))
}

/// True for the characters XML 1.0 allows.
pub(crate) fn is_xml_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{FFFD}' | '\u{10000}'..)
}

/// Writes text into an attribute as xapi's XML writer does: `<`, `>`, `&` and `"` become references, `'` stays, and
/// characters XML does not allow become U+FFFD (`formats/pool-db.md` section 2).
///
/// ```
/// assert_eq!(xenspect_xapi::value::escape("a<b & 'c'"), "a&lt;b &amp; 'c'");
/// ```
pub fn escape(text: &str) -> Cow<'_, str> {
    if !may_need_escape(text) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len().saturating_add(16));
    escape_into(text, &mut out);
    Cow::Owned(out)
}

/// False when [`escape`] would change nothing. One pass over the bytes without branches; 0xEF starts the characters at the
/// end of the plane that XML does not allow, and others.
pub(crate) fn may_need_escape(text: &str) -> bool {
    let special = text.bytes().fold(0, |seen: u8, byte| {
        seen | u8::from(byte < b' ' || byte == 0xEF)
            | u8::from(byte == b'<' || byte == b'>')
            | u8::from(byte == b'&' || byte == b'"')
    });
    special != 0
}

fn must_escape(c: char) -> bool {
    matches!(c, '<' | '>' | '&' | '"') || !is_xml_char(c)
}

/// As [`escape`], appending to `out`.
pub(crate) fn escape_into(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.find(must_escape) {
        let (plain, tail) = rest.split_at(at);
        out.push_str(plain);
        let mut chars = tail.chars();
        out.push_str(match chars.next() {
            Some('<') => "&lt;",
            Some('>') => "&gt;",
            Some('&') => "&amp;",
            Some('"') => "&quot;",
            _ => "\u{FFFD}",
        });
        rest = chars.as_str();
    }
    out.push_str(rest);
}

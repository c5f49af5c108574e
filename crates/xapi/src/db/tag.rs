//! One tag: its name, its attributes and the characters in it. It works on the bytes of the document and copies
//! nothing; the grammar of a dump is the reader's.

use super::{DumpLimits, Error, ErrorKind, OddityKind};
use crate::error::clip;
use crate::value::{Raw, is_xml_char, reference};

/// An attribute as it stands in the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attribute<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its value.
    pub value: Raw<'a>,
    /// Byte offset of the first byte of the value.
    pub(super) at: usize,
}

impl Attribute<'_> {
    /// Byte offset of the first byte of the value in the input.
    pub fn offset(&self) -> u64 {
        super::offset_of(self.at)
    }
}

/// A start tag or an empty element, from `<` to `>`.
#[derive(Clone, Copy)]
pub(super) struct Tag<'a> {
    pub(super) bytes: &'a [u8],
    /// Byte offset of the `<`.
    pub(super) at: usize,
}

/// What scanning the attributes of a tag found out.
pub(super) struct Scanned {
    /// The names are exactly those that were expected.
    pub(super) same: bool,
    /// Why the rest of the tag could not be read, and where.
    pub(super) fault: Option<(&'static str, usize)>,
}

impl<'a> Tag<'a> {
    pub(super) fn name(&self) -> &'a [u8] {
        let body = self.bytes.get(1..).unwrap_or_default();
        let end = body
            .iter()
            .position(|&byte| is_space(byte) || matches!(byte, b'/' | b'>'));
        body.get(..end.unwrap_or(body.len())).unwrap_or_default()
    }

    /// Reads the attributes into `out`, which is emptied first. Rows of a table mostly have the same columns in the same
    /// order, so `expected` (the names of the row before) is tried first.
    pub(super) fn attributes(
        &self,
        expected: &[&'a str],
        limits: &DumpLimits,
        out: &mut Vec<Attribute<'a>>,
    ) -> Result<Scanned, Error> {
        out.clear();
        let mut rest = self
            .bytes
            .get(self.name().len().saturating_add(1)..)
            .unwrap_or_default();
        let mut expected = expected.iter();
        let mut same = true;
        let fault = loop {
            let spaced = trim_start(rest);
            if matches!(spaced, [b'>', ..] | [b'/', b'>'] | []) {
                break None;
            }
            let at = self.offset_of_rest(spaced);
            if spaced.len() == rest.len() {
                break Some(("no white space before an attribute", at));
            }
            let guess = expected.next().and_then(|&name| {
                let after = spaced.strip_prefix(name.as_bytes())?;
                Some((name, b'"', after.strip_prefix(b"=\"")?))
            });
            let (name, quote, value) = match guess {
                Some(found) => found,
                None => {
                    same = false;
                    match name_and_quote(spaced) {
                        Ok(found) => found,
                        Err(reason) => break Some((reason, at)),
                    }
                }
            };
            let at = self.offset_of_rest(value);
            let Some((value, after)) = split_at_byte(value, quote) else {
                break Some(("a value that is not closed", at));
            };
            if value.len() > limits.value_bytes {
                let limit = limits.value_bytes;
                return Err(ErrorKind::ValueTooLong { limit }.at(at));
            }
            if out.len() >= limits.attributes {
                let limit = limits.attributes;
                return Err(ErrorKind::TooManyAttributes { limit }.at(self.at));
            }
            out.push(Attribute {
                name,
                value: Raw::new(value),
                at,
            });
            rest = after;
        };
        Ok(Scanned {
            same: same && expected.next().is_none(),
            fault,
        })
    }

    /// Reports each character and reference in the tag that is not right, with its offset.
    pub(super) fn check_characters(&self, mut report: impl FnMut(OddityKind, usize)) {
        let bytes = self.bytes;
        let body = bytes.get(1..).unwrap_or_default();
        for found in memchr::memchr2_iter(b'&', b'<', body) {
            let tail = body.get(found..).unwrap_or_default();
            let at = self.at.saturating_add(found).saturating_add(1);
            if tail.first() == Some(&b'<') {
                report(OddityKind::BareLess, at);
            } else if let Some(kind) = odd_reference(tail) {
                report(kind, at);
            }
        }
        // One pass without branches over every byte; the rest is for the few rows that need it.
        let special = bytes.iter().fold(0_u8, |seen, &byte| {
            seen | u8::from(byte < 0x20) | u8::from(byte >= 0x80)
        });
        if special == 0 {
            return;
        }
        let mut at = self.at;
        for chunk in bytes.utf8_chunks() {
            for (within, c) in chunk.valid().char_indices() {
                if !is_xml_char(c) {
                    let code = u32::from(c);
                    report(
                        OddityKind::IllegalCharacter { code },
                        at.saturating_add(within),
                    );
                }
            }
            at = at.saturating_add(chunk.valid().len());
            if !chunk.invalid().is_empty() {
                report(OddityKind::InvalidUtf8, at);
            }
            at = at.saturating_add(chunk.invalid().len());
        }
    }

    fn offset_of_rest(&self, rest: &[u8]) -> usize {
        let before = self.bytes.len().saturating_sub(rest.len());
        self.at.saturating_add(before)
    }
}

/// Name, quote and what follows the quote.
fn name_and_quote(text: &[u8]) -> Result<(&str, u8, &[u8]), &'static str> {
    let end = text
        .iter()
        .position(|&byte| {
            is_space(byte) || matches!(byte, b'=' | b'>' | b'<' | b'/' | b'"' | b'\'' | b'&')
        })
        .unwrap_or(text.len());
    let (name, after) = text.split_at_checked(end).unwrap_or_default();
    if name.is_empty() {
        return Err("an attribute without a name");
    }
    let name = std::str::from_utf8(name).map_err(|_| "an attribute name that is not UTF-8")?;
    let [b'=', after @ ..] = trim_start(after) else {
        return Err("an attribute without a value");
    };
    match trim_start(after) {
        [quote @ (b'"' | b'\''), value @ ..] => Ok((name, *quote, value)),
        _ => Err("a value without quotes"),
    }
}

/// What is wrong with the reference that starts at a `&`.
fn odd_reference(tail: &[u8]) -> Option<OddityKind> {
    if [&b"&lt;"[..], b"&gt;", b"&quot;", b"&amp;", b"&apos;"]
        .iter()
        .any(|known| tail.starts_with(known))
    {
        return None;
    }
    let head = tail.get(..tail.len().min(128)).unwrap_or_default();
    // Without its end it is none; this keeps many bare ones cheap.
    if memchr::memchr(b';', head).is_none() {
        return Some(OddityKind::BareAmpersand);
    }
    match reference(&String::from_utf8_lossy(head)) {
        Some((crate::value::Reference::Char(_), _)) => None,
        Some((crate::value::Reference::Entity(name), _)) => {
            Some(OddityKind::Entity { name: clip(name) })
        }
        None => Some(OddityKind::BareAmpersand),
    }
}

fn split_at_byte(text: &[u8], byte: u8) -> Option<(&[u8], &[u8])> {
    let at = memchr::memchr(byte, text)?;
    Some((text.get(..at)?, text.get(at.saturating_add(1)..)?))
}

fn trim_start(text: &[u8]) -> &[u8] {
    match text {
        // The writer's own form: one space, then a name.
        [b' ', rest @ ..] if !rest.first().is_some_and(|&byte| is_space(byte)) => rest,
        _ => {
            let blank = text.iter().take_while(|&&byte| is_space(byte)).count();
            text.get(blank..).unwrap_or_default()
        }
    }
}

pub(super) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

//! The XML layer under every document here: well-formed tokens in, policy applied, offsets kept. It knows limits,
//! entities and line ends; it knows no element names. The grammar of each format lives in that format's module.

use std::borrow::Cow;
use std::collections::BTreeSet;

use quick_xml::XmlVersion;
use quick_xml::errors::{Error as XmlError, IllFormedError, SyntaxError};
use quick_xml::escape::EscapeError;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::reader::Reader;

use crate::error::clip;
use crate::well_formed::{self, is_name, trim_start};
use crate::{Error, ErrorKind, Limits};

const UTF8_BOM: &[u8] = b"\xEF\xBB\xBF";

/// A document as a stream of tokens. White space, comments and processing instructions outside the root element are
/// passed over, an empty element is a start and an end, and the end of input is only reported once the root is closed.
pub(crate) struct Document<'a> {
    reader: Reader<&'a [u8]>,
    text: &'a str,
    /// Bytes before `text`: the byte order mark.
    shift: u64,
    len: u64,
    attributes: usize,
    depth: usize,
    depth_limit: usize,
    root_offset: Option<u64>,
    any_token: bool,
}

/// One piece of a document.
pub(crate) enum Token<'a> {
    Start(Element<'a>),
    End,
    /// Character data with entities resolved and line ends normalised. One run of text may come in several pieces.
    Text(Cow<'a, str>),
    Eof,
}

/// A start tag whose attributes have been counted and checked.
pub(crate) struct Element<'a>(BytesStart<'a>);

impl<'a> Document<'a> {
    /// Checks the whole text once (size, UTF-8, characters XML allows) and prepares to read it. `depth_limit` bounds
    /// the open elements; a format that counts something else passes a number that its own check reaches first.
    pub(crate) fn new(bytes: &'a [u8], limits: &Limits, depth_limit: usize) -> Result<Self, Error> {
        if bytes.len() > limits.bytes {
            return Err(ErrorKind::TooLarge {
                limit: limits.bytes,
            }
            .at(0));
        }
        let (text, shift) = match bytes.strip_prefix(UTF8_BOM) {
            Some(text) => (text, 3),
            None => (bytes, 0),
        };
        let text = std::str::from_utf8(text).map_err(|error| {
            let kind = match error.error_len() {
                Some(_) => ErrorKind::NotUtf8,
                // The last character is cut, so the document is.
                None => ErrorKind::Truncated,
            };
            kind.at(offset_of(error.valid_up_to()).saturating_add(shift))
        })?;
        if let Some((at, bad)) = text.char_indices().find(|&(_, c)| !is_xml_char(c)) {
            let reason = format!("character U+{:04X} is not allowed", u32::from(bad));
            return Err(ErrorKind::NotWellFormed { reason }.at(offset_of(at).saturating_add(shift)));
        }
        let mut reader = Reader::from_str(text);
        reader.config_mut().expand_empty_elements = true;
        Ok(Document {
            reader,
            text,
            shift,
            len: offset_of(bytes.len()),
            attributes: limits.attributes,
            depth: 0,
            depth_limit,
            root_offset: None,
            any_token: false,
        })
    }

    /// Byte offset just after the last token.
    pub(crate) fn offset(&self) -> u64 {
        self.reader.buffer_position().saturating_add(self.shift)
    }

    /// Byte offset where the root element starts, 0 before it has been met.
    pub(crate) fn root_offset(&self) -> u64 {
        self.root_offset.unwrap_or(0)
    }

    /// The next token and the offset it starts at.
    pub(crate) fn next(&mut self) -> Result<(Token<'a>, u64), Error> {
        loop {
            let start = self.offset();
            let event = match self.reader.read_event() {
                Ok(event) => event,
                Err(error) => return Err(self.xml_error(&error)),
            };
            let first = !std::mem::replace(&mut self.any_token, true);
            let token = match event {
                Event::Start(tag) => {
                    self.open(start)?;
                    let element = Element(tag);
                    element.check(self.attributes, start)?;
                    Token::Start(element)
                }
                Event::End(_) => {
                    self.depth = self.depth.saturating_sub(1);
                    Token::End
                }
                Event::Text(text) => {
                    if text.contains("]]>") {
                        return Err(ill_formed("`]]>` in text", start));
                    }
                    match self.in_root(text.xml10_content(), start)? {
                        Some(text) => Token::Text(text),
                        None => continue,
                    }
                }
                Event::CData(data) if self.depth > 0 => Token::Text(data.xml10_content()),
                Event::GeneralRef(reference) if self.depth > 0 => {
                    Token::Text(Cow::Owned(resolve(&reference, start)?.to_string()))
                }
                Event::CData(_) | Event::GeneralRef(_) => {
                    return Err(ill_formed("text outside the root element", start));
                }
                Event::DocType(_) => return Err(ErrorKind::DoctypeOrEntity.at(start)),
                Event::Decl(_) if first => {
                    self.declaration(start)?;
                    continue;
                }
                Event::Decl(_) => {
                    return Err(ill_formed("an XML declaration after the start", start));
                }
                Event::Comment(_) => {
                    self.aside(well_formed::comment, start)?;
                    continue;
                }
                Event::PI(_) => {
                    self.aside(well_formed::instruction, start)?;
                    continue;
                }
                Event::Empty(_) => return Err(ill_formed("an empty element", start)),
                Event::Eof if self.depth > 0 || self.root_offset.is_none() => {
                    return Err(ErrorKind::Truncated.at(self.len));
                }
                Event::Eof => Token::Eof,
            };
            return Ok((token, start));
        }
    }

    /// The markup of the token that was read last, as it stands.
    fn markup(&self, start: u64) -> &'a str {
        let position = |offset: u64| usize::try_from(offset.saturating_sub(self.shift)).ok();
        position(start)
            .zip(position(self.offset()))
            .and_then(|(start, end)| self.text.get(start..end))
            .unwrap_or_default()
    }

    fn declaration(&self, start: u64) -> Result<(), Error> {
        let encoding = well_formed::declaration(self.markup(start))
            .map_err(|reason| ill_formed(reason, start))?;
        match encoding {
            Some(name) if !well_formed::is_utf8_in(name, self.text.as_bytes()) => {
                let name = clip(name);
                let reason = format!("the encoding is declared as `{name}`, which it is not");
                Err(ErrorKind::NotWellFormed { reason }.at(start))
            }
            _ => Ok(()),
        }
    }

    /// A comment or a processing instruction: its text means nothing, its form has to be right.
    fn aside(&self, fault: fn(&str) -> Option<&'static str>, start: u64) -> Result<(), Error> {
        match fault(self.markup(start)) {
            Some(reason) => Err(ill_formed(reason, start)),
            None => Ok(()),
        }
    }

    fn open(&mut self, start: u64) -> Result<(), Error> {
        if self.depth == 0 && self.root_offset.replace(start).is_some() {
            return Err(ill_formed("a second root element", start));
        }
        self.depth = self.depth.saturating_add(1);
        if self.depth > self.depth_limit {
            return Err(ErrorKind::TooDeep {
                limit: self.depth_limit,
            }
            .at(start));
        }
        Ok(())
    }

    /// Text counts inside the root element only; around it there may be white space.
    fn in_root(&self, text: Cow<'a, str>, start: u64) -> Result<Option<Cow<'a, str>>, Error> {
        if self.depth > 0 {
            Ok(Some(text))
        } else if is_blank(&text) {
            Ok(None)
        } else {
            Err(ill_formed("text outside the root element", start))
        }
    }

    /// The reader reports an unclosed construct where it starts. That is a cut document, unless what follows shows that
    /// the construct was none.
    fn xml_error(&self, error: &XmlError) -> Error {
        let position = self.reader.error_position();
        let rest = usize::try_from(position)
            .ok()
            .and_then(|position| self.text.get(position..))
            .unwrap_or_default();
        let cut = match error {
            XmlError::Syntax(SyntaxError::UnclosedDoctype) => {
                return ErrorKind::DoctypeOrEntity.at(position.saturating_add(self.shift));
            }
            XmlError::Syntax(SyntaxError::InvalidBangMarkup) => ["<!--", "<![CDATA[", "<!DOCTYPE"]
                .iter()
                .any(|markup| markup.starts_with(rest)),
            XmlError::Syntax(
                SyntaxError::UnclosedTag
                | SyntaxError::UnclosedSingleQuotedAttributeValue
                | SyntaxError::UnclosedDoubleQuotedAttributeValue,
            ) => !rest.chars().skip(1).any(|c| c == '<'),
            XmlError::Syntax(_) => true,
            XmlError::IllFormed(IllFormedError::UnclosedReference) => {
                !rest.chars().skip(1).any(|c| matches!(c, '<' | '&'))
            }
            _ => false,
        };
        let kind = if cut {
            ErrorKind::Truncated
        } else {
            not_well_formed(error)
        };
        kind.at(position.saturating_add(self.shift).min(self.len))
    }
}

impl Element<'_> {
    pub(crate) fn name(&self) -> &str {
        self.0.name().0
    }

    /// The value of an attribute, normalised; an absent one is `None`. The first of two with one name counts.
    pub(crate) fn attribute(&self, name: &str, offset: u64) -> Result<Option<String>, Error> {
        let mut attributes = self.0.attributes();
        attributes.with_checks(false);
        for attribute in attributes {
            let attribute = attribute.map_err(|error| ill_formed(&error.to_string(), offset))?;
            if attribute.key.0 == name {
                let value = attribute
                    .normalized_value(XmlVersion::Explicit1_0)
                    .map_err(|error| attribute_error(&error).at(offset))?;
                return Ok(Some(value.into_owned()));
            }
        }
        Ok(None)
    }

    /// The reader takes everything up to `>` as a tag, so an unescaped `<` in text shows up as a strange name.
    fn check(&self, limit: usize, offset: u64) -> Result<(), Error> {
        let name = self.name();
        if !is_name(name) {
            let reason = format!(
                "`<` before `{}` starts no tag; it may be an unescaped character of a text or a key",
                clip(name)
            );
            return Err(ErrorKind::NotWellFormed { reason }.at(offset));
        }
        let mut names = BTreeSet::new();
        let mut rest = self.0.get(name.len()..).unwrap_or_default();
        loop {
            let spaced = trim_start(rest);
            if spaced.is_empty() {
                return Ok(());
            }
            if spaced.len() == rest.len() {
                return Err(ill_formed("no white space before an attribute", offset));
            }
            if names.len() >= limit {
                return Err(ErrorKind::TooManyAttributes { limit }.at(offset));
            }
            let (name, value, after) =
                split_attribute(spaced).map_err(|reason| ill_formed(reason, offset))?;
            check_value(value, offset)?;
            if !names.insert(name) {
                return Err(ill_formed("an attribute that is there twice", offset));
            }
            rest = after;
        }
    }
}

/// Name and value of the attribute that a text begins with, and what follows it.
fn split_attribute(text: &str) -> Result<(&str, &str, &str), &'static str> {
    let end = text
        .find(['=', ' ', '\t', '\n', '\r', '"', '\''])
        .unwrap_or(text.len());
    let (name, after) = text.split_at_checked(end).unwrap_or_default();
    if !is_name(name) {
        return Err("an attribute name that XML does not allow");
    }
    let Some(value) = trim_start(after).strip_prefix('=') else {
        return Err("an attribute without a value");
    };
    let value = trim_start(value);
    let quote = ['"', '\''].into_iter().find(|&c| value.starts_with(c));
    quote
        .and_then(|quote| value.get(1..)?.split_once(quote))
        .map(|(value, after)| (name, value, after))
        .ok_or("an attribute value without quotes")
}

/// What may stand in an attribute value is what may stand in text.
fn check_value(value: &str, offset: u64) -> Result<(), Error> {
    if value.contains('<') {
        return Err(ill_formed("`<` in an attribute", offset));
    }
    let mut rest = value;
    while let Some((_, reference)) = rest.split_once('&') {
        let Some((name, after)) = reference.split_once(';') else {
            return Err(ill_formed("`&` that starts no reference", offset));
        };
        resolve(&BytesRef::new(name), offset)?;
        rest = after;
    }
    Ok(())
}

/// True for text of the four characters XML calls white space.
pub(crate) fn is_blank(text: &str) -> bool {
    text.bytes()
        .all(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'))
}

fn is_xml_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{FFFD}' | '\u{10000}'..)
}

fn resolve(reference: &BytesRef<'_>, offset: u64) -> Result<char, Error> {
    match &**reference {
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "amp" => Ok('&'),
        "quot" => Ok('"'),
        "apos" => Ok('\''),
        _ => match reference.resolve_char_ref() {
            Ok(Some(c)) if is_xml_char(c) => Ok(c),
            Ok(Some(_)) | Err(_) => Err(ill_formed("an illegal character reference", offset)),
            // A name with a space or other stray character is a bare `&`, not an entity.
            Ok(None) if !is_name(reference) => {
                Err(ill_formed("`&` that starts no reference", offset))
            }
            Ok(None) => Err(ErrorKind::DoctypeOrEntity.at(offset)),
        },
    }
}

fn attribute_error(error: &XmlError) -> ErrorKind {
    match error {
        XmlError::Escape(EscapeError::UnrecognizedEntity(..)) => ErrorKind::DoctypeOrEntity,
        other => not_well_formed(other),
    }
}

fn not_well_formed(error: &XmlError) -> ErrorKind {
    ErrorKind::NotWellFormed {
        reason: clip(&error.to_string()),
    }
}

pub(crate) fn ill_formed(reason: &str, offset: u64) -> Error {
    ErrorKind::NotWellFormed {
        reason: clip(reason),
    }
    .at(offset)
}

fn offset_of(position: usize) -> u64 {
    u64::try_from(position).unwrap_or(u64::MAX)
}

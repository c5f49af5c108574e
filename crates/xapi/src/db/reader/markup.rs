//! From the XML reader's events to the few kinds of markup a dump is made of. For a piece that is not UTF-8 that reader
//! has an error only; such a piece is told by its own first bytes.

use std::borrow::Cow;

use quick_xml::errors::Error as XmlError;
use quick_xml::events::Event;

pub(super) enum Markup {
    Open {
        empty: bool,
    },
    Close,
    Text,
    Declaration,
    Doctype,
    /// A comment or a processing instruction.
    Aside,
    Broken(Cow<'static, str>),
    Eof,
}

pub(super) fn markup(event: Result<Event<'_>, XmlError>) -> Markup {
    match event {
        Ok(Event::Empty(_)) => Markup::Open { empty: true },
        Ok(Event::Start(_)) => Markup::Open { empty: false },
        Ok(Event::End(_)) => Markup::Close,
        Ok(Event::Text(_) | Event::CData(_) | Event::GeneralRef(_)) => Markup::Text,
        Ok(Event::Decl(_)) => Markup::Declaration,
        Ok(Event::DocType(_)) => Markup::Doctype,
        Ok(Event::Comment(_) | Event::PI(_)) => Markup::Aside,
        Ok(Event::Eof) => Markup::Eof,
        // What is not closed runs to the end of the input: the document is cut there.
        Err(XmlError::Syntax(_)) => Markup::Eof,
        Err(error) => Markup::Broken(Cow::Owned(error.to_string())),
    }
}

pub(super) fn by_first_bytes(bytes: &[u8]) -> Markup {
    match bytes {
        [b'<', b'/', ..] => Markup::Close,
        [b'<', b'?', ..] | [b'<', b'!', b'-', ..] => {
            Markup::Broken(Cow::Borrowed("markup that is not UTF-8"))
        }
        [b'<', b'!', b'[', ..] => Markup::Text,
        [b'<', b'!', ..] => Markup::Doctype,
        [b'<', .., b'/', b'>'] => Markup::Open { empty: true },
        [b'<', ..] => Markup::Open { empty: false },
        _ => Markup::Text,
    }
}

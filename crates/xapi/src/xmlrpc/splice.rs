//! Puts other texts into a document, empties what is beside its values (comments, processing instructions, attributes,
//! which xapi reads past and which could hold anything), and leaves every other byte as it stands: declaration, white
//! space, tags, the spelling of what is not changed.

use std::ops::Range;

use super::{Value, parse::element_depth};
use crate::value::escape;
use crate::xml::{Document, Token};
use crate::{Error, Limits};

/// The document with the texts of `edited`, which is the value that [`parse`](super::parse) gave for it with some of its
/// texts changed. Members and items must be the same ones; a text too many or too few leaves the rest as it stands.
/// Comments and processing instructions become empty comments, because what is on their two sides must not meet.
pub(crate) fn splice(bytes: &[u8], limits: &Limits, edited: &Value) -> Result<Vec<u8>, Error> {
    let mut texts = Vec::new();
    collect(edited, &mut texts);
    let mut texts = texts.into_iter();

    let mut document = Document::new(bytes, limits, element_depth(limits))?;
    let mut open = Vec::new();
    let mut edits = Vec::new();
    loop {
        let behind = document.offset();
        let (token, offset) = document.next()?;
        if let (Some(start), Some(end)) = (position(behind), position(offset)) {
            empty_asides(bytes, start..end, &mut edits);
        }
        match token {
            Token::Start(element) => {
                if let (Some(start), Some(end)) = (position(offset), position(document.offset())) {
                    edits.extend(attributes(bytes, start..end, element.name()));
                }
                let kind = match element.name() {
                    "value" => Kind::Value,
                    "string" | "int" | "i4" | "i8" | "boolean" | "double" | "dateTime.iso8601"
                    | "base64" | "nil" => Kind::Scalar,
                    _ => Kind::Other,
                };
                if let Some(Frame { has_child, .. }) = open.last_mut() {
                    *has_child = true;
                }
                open.push(Frame {
                    kind,
                    start: document.offset(),
                    has_child: false,
                    text: String::new(),
                });
            }
            Token::Text(piece) => {
                if let Some(frame) = open.last_mut() {
                    frame.text.push_str(&piece);
                }
            }
            Token::End => {
                let Some(frame) = open.pop() else {
                    continue;
                };
                let is_leaf = match frame.kind {
                    Kind::Value => !frame.has_child,
                    Kind::Scalar => true,
                    Kind::Other => false,
                };
                if !is_leaf {
                    continue;
                }
                if let Some(Some(text)) = texts.next()
                    && text != frame.text
                    && let (Some(start), Some(end)) = (position(frame.start), position(offset))
                {
                    // What was emptied inside goes with the rest.
                    while edits.last().is_some_and(|(range, _)| range.start >= start) {
                        edits.pop();
                    }
                    // A bare CR would be read back as a line end.
                    let escaped = escape(text).replace('\r', "&#13;");
                    edits.push((start..end, escaped));
                }
            }
            Token::Eof => break,
        }
    }
    let mut out = Vec::with_capacity(bytes.len());
    let mut copied = 0;
    for (range, text) in edits {
        out.extend_from_slice(bytes.get(copied..range.start).unwrap_or_default());
        out.extend_from_slice(text.as_bytes());
        copied = range.end;
    }
    out.extend_from_slice(bytes.get(copied..).unwrap_or_default());
    Ok(out)
}

/// A place in the document and what is put there.
type Splice = (Range<usize>, String);

const EMPTY_COMMENT: &str = "<!---->";

/// What is between two tokens: comments, processing instructions, the declaration, white space around the root.
fn empty_asides(bytes: &[u8], gap: Range<usize>, edits: &mut Vec<Splice>) {
    let mut from = gap.start;
    while let Some(rest) = bytes.get(from..gap.end) {
        let Some(at) = memchr::memchr(b'<', rest) else {
            return;
        };
        let start = from.saturating_add(at);
        let aside = rest.get(at..).unwrap_or_default();
        let (head, tail): (usize, &[u8]) = match aside {
            [b'<', b'!', ..] => (4, b"-->"),
            _ => (2, b"?>"),
        };
        let body = aside.get(head..).unwrap_or_default();
        let length = memchr::memmem::find(body, tail)
            .and_then(|at| at.checked_add(head)?.checked_add(tail.len()))
            .unwrap_or(aside.len());
        let end = start.saturating_add(length);
        let name = aside.strip_prefix(b"<?xml").unwrap_or_default();
        let declaration = name.first().is_some_and(u8::is_ascii_whitespace);
        if !declaration && aside.get(..length) != Some(EMPTY_COMMENT.as_bytes()) {
            edits.push((start..end, EMPTY_COMMENT.to_owned()));
        }
        from = end;
    }
}

/// What follows the name in a start tag.
fn attributes(bytes: &[u8], tag: Range<usize>, name: &str) -> Option<Splice> {
    let start = tag.start.checked_add(1)?.checked_add(name.len())?;
    let body = bytes.get(start..tag.end)?.strip_suffix(b">")?;
    let body = body.strip_suffix(b"/").unwrap_or(body);
    let any = !body.trim_ascii().is_empty();
    any.then(|| (start..start.saturating_add(body.len()), String::new()))
}

enum Kind {
    Value,
    Scalar,
    Other,
}

struct Frame {
    kind: Kind,
    /// Where the content starts.
    start: u64,
    has_child: bool,
    text: String,
}

/// The texts of all leaves in the order of the document; `None` for those that have no text of their own. Recursion goes
/// as deep as the value, which the limits bounded when it was read.
fn collect<'v>(value: &'v Value, out: &mut Vec<Option<&'v str>>) {
    match value {
        Value::Text(text)
        | Value::OddBoolean(text)
        | Value::Double(text)
        | Value::DateTime(text)
        | Value::Base64(text) => out.push(Some(text)),
        Value::Boolean(_) | Value::Nil => out.push(None),
        Value::Array(items) => items.iter().for_each(|item| collect(item, out)),
        Value::Struct(members) => members.iter().for_each(|(_, value)| collect(value, out)),
    }
}

fn position(offset: u64) -> Option<usize> {
    usize::try_from(offset).ok()
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;

    fn spliced(document: &str, edit: impl Fn(&str) -> Option<String>) -> String {
        fn each(value: &mut Value, edit: &dyn Fn(&str) -> Option<String>) {
            match value {
                Value::Text(text) | Value::Base64(text) => {
                    if let Some(edited) = edit(text) {
                        *text = edited;
                    }
                }
                Value::Array(items) => items.iter_mut().for_each(|item| each(item, edit)),
                Value::Struct(members) => {
                    members.iter_mut().for_each(|(_, value)| each(value, edit));
                }
                _ => {}
            }
        }
        let limits = Limits::default();
        let mut value = parse(document.as_bytes(), &limits).unwrap();
        each(&mut value, &edit);
        let out = splice(document.as_bytes(), &limits, &value).unwrap();
        // What was written reads as the value that was asked for.
        assert_eq!(parse(&out, &limits).unwrap(), value);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn only_the_texts_change() {
        let document = "\u{FEFF}<?xml version='1.0'?> <value><struct> <member><name>a&amp;</name><value >x&lt;</value></member>\
             <member><name>b</name><value> <base64><![CDATA[x<]]></base64> </value></member><!---->\
             <member><name>c</name><value><array><data><value/><value><nil/></value><value><boolean>1</boolean></value>\
             <value><string>x&#60;</string></value><value><struct/></value><value>y</value></data></array></value></member>\
             </struct></value> ";
        assert_eq!(spliced(document, |_| None), document);
        let edited = spliced(document, |text| {
            (text == "x<").then(|| "\r<&>\"'z".to_owned())
        });
        let new = "&#13;&lt;&amp;&gt;&quot;'z";
        let expected = document
            .replace("x&lt;", new)
            .replace("<![CDATA[x<]]>", new)
            .replace("x&#60;", new);
        assert_eq!(edited, expected);
    }

    #[test]
    fn what_is_beside_the_values_goes() {
        for (document, expected) in [
            (
                "<!-- a --><?xml-b c?> <value><!--d-->x<?e?>y</value><!---->\n<?f g?>",
                "<!----><!----> <value><!---->x<!---->y</value><!---->\n<!---->",
            ),
            (
                "\u{FEFF}<?xml version='1.0'?><!--a--><value b='c' ><string d=\"/\">x</string ></value>",
                "\u{FEFF}<?xml version='1.0'?><!----><value><string>x</string ></value>",
            ),
            (
                "<value><struct a='b'><member><name>n<!-- c --></name><value d='e'/></member></struct></value>",
                "<value><struct><member><name>n<!----></name><value/></member></struct></value>",
            ),
            (
                "<value>a\r<!-- b -->\nc</value>",
                "<value>a\r<!---->\nc</value>",
            ),
        ] {
            assert_eq!(spliced(document, |_| None), expected, "{document}");
            assert_eq!(spliced(expected, |_| None), expected);
        }
        // The whole content of a changed text goes.
        assert_eq!(
            spliced("<value a='b'>x<!-- c -->y<?d?></value>", |_| Some(
                "z".to_owned()
            )),
            "<value>z</value>"
        );
    }

    #[test]
    fn a_lone_text() {
        assert_eq!(
            spliced("<value>a</value>", |_| Some("b".to_owned())),
            "<value>b</value>"
        );
    }
}

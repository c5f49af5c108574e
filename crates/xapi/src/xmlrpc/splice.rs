//! Puts other texts into a document and leaves every other byte as it stands: declaration, white space, tags, the
//! spelling of what is not changed.

use super::{Value, parse::element_depth};
use crate::value::escape;
use crate::xml::{Document, Token};
use crate::{Error, Limits};

/// The document with the texts of `edited`, which is the value that [`parse`](super::parse) gave for it with some of its
/// texts changed. Members and items must be the same ones; a text too many or too few leaves the rest as it stands.
pub(crate) fn splice(bytes: &[u8], limits: &Limits, edited: &Value) -> Result<Vec<u8>, Error> {
    let mut texts = Vec::new();
    collect(edited, &mut texts);
    let mut texts = texts.into_iter();

    let mut document = Document::new(bytes, limits, element_depth(limits))?;
    let mut open = Vec::new();
    let mut out = Vec::with_capacity(bytes.len());
    let mut copied = 0;
    loop {
        let (token, offset) = document.next()?;
        match token {
            Token::Start(element) => {
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
                    out.extend_from_slice(bytes.get(copied..start).unwrap_or_default());
                    // A bare CR would be read back as a line end.
                    let escaped = escape(text).replace('\r', "&#13;");
                    out.extend_from_slice(escaped.as_bytes());
                    copied = end;
                }
            }
            Token::Eof => break,
        }
    }
    out.extend_from_slice(bytes.get(copied..).unwrap_or_default());
    Ok(out)
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
             <member><name>b</name><value> <base64><![CDATA[x<]]></base64> </value></member><!-- x -->\
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
    fn a_lone_text() {
        assert_eq!(
            spliced("<value>a</value>", |_| Some("b".to_owned())),
            "<value>b</value>"
        );
    }
}

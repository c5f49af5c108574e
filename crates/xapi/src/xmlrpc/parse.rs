//! The parser of XML-RPC values: one loop over XML tokens and a stack of open elements, so that nesting costs heap
//! within the limits and never call stack. It accepts what xapi's reader accepts (`src/lib/xmlrpc.ml` of rpclib) and
//! the forms of older writers; it gives members no meaning.

use super::Value;
use crate::error::clip;
use crate::xml::{Document, Token, is_blank};
use crate::{Error, ErrorKind, Limits};

/// Elements that can be open per nested value: `value`, `struct`, `member`, `name`.
const ELEMENTS_PER_VALUE: usize = 4;

/// Reads a document whose root is one `value`.
///
/// # Errors
///
/// Anything that is not well-formed XML of the XML-RPC elements, and any limit that is passed; see [`ErrorKind`].
pub fn parse(bytes: &[u8], limits: &Limits) -> Result<Value, Error> {
    parse_with_offset(bytes, limits).map(|(value, _)| value)
}

/// As [`parse`], with the offset of the root element, which errors of shape are reported at.
pub(crate) fn parse_with_offset(bytes: &[u8], limits: &Limits) -> Result<(Value, u64), Error> {
    let mut document = Document::new(bytes, limits, element_depth(limits))?;
    let mut tree = Tree::new(limits);
    loop {
        let (token, offset) = document.next()?;
        let step = match token {
            Token::Start(element) => tree.open(element.name()),
            Token::Text(text) => tree.text(&text),
            Token::End => tree.close(),
            Token::Eof => break,
        };
        step.map_err(|kind| kind.at(offset))?;
    }
    match tree.root {
        Some(value) => Ok((value, document.root_offset())),
        // The document layer reports an end of input inside the root, so this is the same fact seen from here.
        None => Err(ErrorKind::Truncated.at(document.offset())),
    }
}

/// How many elements may be open. The limit on values is reached first.
pub(super) fn element_depth(limits: &Limits) -> usize {
    limits
        .effective_depth()
        .saturating_add(1)
        .saturating_mul(ELEMENTS_PER_VALUE)
}

/// An element that is open, with what it has collected.
enum Frame {
    Value {
        text: String,
        child: Option<Value>,
    },
    Scalar {
        kind: Scalar,
        text: String,
    },
    Nil,
    Array {
        items: Option<Vec<Value>>,
    },
    Data {
        items: Vec<Value>,
    },
    Struct {
        members: Vec<(String, Value)>,
    },
    Member {
        name: Option<String>,
        value: Option<Value>,
    },
    Name {
        text: String,
    },
}

#[derive(Clone, Copy)]
enum Scalar {
    Text,
    Boolean,
    Double,
    DateTime,
    Base64,
}

impl Scalar {
    fn value(self, text: String) -> Value {
        match self {
            Scalar::Text => Value::Text(text),
            Scalar::Boolean => match text.as_str() {
                "1" => Value::Boolean(true),
                "0" => Value::Boolean(false),
                _ => Value::OddBoolean(text),
            },
            Scalar::Double => Value::Double(text),
            Scalar::DateTime => Value::DateTime(text),
            Scalar::Base64 => Value::Base64(text),
        }
    }

    fn element(self) -> &'static str {
        match self {
            Scalar::Text => "string",
            Scalar::Boolean => "boolean",
            Scalar::Double => "double",
            Scalar::DateTime => "dateTime.iso8601",
            Scalar::Base64 => "base64",
        }
    }
}

impl Frame {
    fn element(&self) -> &'static str {
        match self {
            Frame::Value { .. } => "value",
            Frame::Scalar { kind, .. } => kind.element(),
            Frame::Nil => "nil",
            Frame::Array { .. } => "array",
            Frame::Data { .. } => "data",
            Frame::Struct { .. } => "struct",
            Frame::Member { .. } => "member",
            Frame::Name { .. } => "name",
        }
    }

    /// The frame for an element of this name inside `self`, if the grammar has one there.
    fn child(&self, name: &str) -> Option<Frame> {
        match (self, name) {
            (Frame::Value { text, child: None }, _) if is_blank(text) => Frame::of_type(name),
            (Frame::Array { items: None }, "data") => Some(Frame::Data { items: Vec::new() }),
            (Frame::Data { .. }, "value") => Some(Frame::new_value()),
            (Frame::Struct { .. }, "member") => Some(Frame::Member {
                name: None,
                value: None,
            }),
            (Frame::Member { name: None, .. }, "name") => Some(Frame::Name {
                text: String::new(),
            }),
            (
                Frame::Member {
                    name: Some(_),
                    value: None,
                },
                "value",
            ) => Some(Frame::new_value()),
            _ => None,
        }
    }

    fn new_value() -> Frame {
        Frame::Value {
            text: String::new(),
            child: None,
        }
    }

    /// The typed element inside a `value`.
    fn of_type(name: &str) -> Option<Frame> {
        let kind = match name {
            "string" | "int" | "i4" | "i8" => Scalar::Text,
            "boolean" => Scalar::Boolean,
            "double" => Scalar::Double,
            "dateTime.iso8601" => Scalar::DateTime,
            "base64" => Scalar::Base64,
            "nil" => return Some(Frame::Nil),
            "array" => return Some(Frame::Array { items: None }),
            "struct" => {
                return Some(Frame::Struct {
                    members: Vec::new(),
                });
            }
            _ => return None,
        };
        Some(Frame::Scalar {
            kind,
            text: String::new(),
        })
    }
}

struct Tree<'l> {
    limits: &'l Limits,
    stack: Vec<Frame>,
    root: Option<Value>,
    depth: usize,
    values: usize,
}

impl<'l> Tree<'l> {
    fn new(limits: &'l Limits) -> Self {
        Tree {
            limits,
            stack: Vec::new(),
            root: None,
            depth: 0,
            values: 0,
        }
    }

    fn open(&mut self, name: &str) -> Result<(), ErrorKind> {
        let frame = match self.stack.last() {
            Some(parent) => parent.child(name),
            None => (name == "value").then(Frame::new_value),
        };
        let Some(frame) = frame else {
            return Err(ErrorKind::UnexpectedElement {
                name: clip(name),
                inside: self.stack.last().map_or("", Frame::element),
            });
        };
        if matches!(frame, Frame::Value { .. }) {
            self.depth = self.depth.saturating_add(1);
            self.values = self.values.saturating_add(1);
            let limit = self.limits.effective_depth();
            if self.depth > limit {
                return Err(ErrorKind::TooDeep { limit });
            }
            if self.values > self.limits.values {
                return Err(ErrorKind::TooManyValues {
                    limit: self.limits.values,
                });
            }
        }
        self.stack.push(frame);
        Ok(())
    }

    fn text(&mut self, piece: &str) -> Result<(), ErrorKind> {
        let Some(frame) = self.stack.last_mut() else {
            return Ok(());
        };
        match frame {
            Frame::Value { text, child: None }
            | Frame::Scalar { text, .. }
            | Frame::Name { text } => {
                text.push_str(piece);
                Ok(())
            }
            _ if is_blank(piece) => Ok(()),
            other => Err(ErrorKind::UnexpectedText {
                inside: other.element(),
            }),
        }
    }

    /// Closes the innermost element and hands what it holds to the one around it. `child` let in only what fits, so
    /// the pairs not listed do not occur.
    fn close(&mut self) -> Result<(), ErrorKind> {
        let Some(frame) = self.stack.pop() else {
            return Ok(());
        };
        match (frame, self.stack.last_mut()) {
            (Frame::Value { text, child }, parent) => {
                self.depth = self.depth.saturating_sub(1);
                let closed = child.unwrap_or(Value::Text(text));
                match parent {
                    Some(Frame::Data { items }) => items.push(closed),
                    Some(Frame::Member { value, .. }) => *value = Some(closed),
                    _ => self.root = Some(closed),
                }
            }
            (Frame::Data { items: closed }, Some(Frame::Array { items })) => *items = Some(closed),
            (Frame::Name { text }, Some(Frame::Member { name, .. })) => *name = Some(text),
            (Frame::Member { name, value }, Some(Frame::Struct { members })) => {
                let missing = |name| ErrorKind::MissingElement {
                    name,
                    inside: "member",
                };
                let name = name.ok_or(missing("name"))?;
                let value = value.ok_or(missing("value"))?;
                members.push((name, value));
            }
            (Frame::Scalar { kind, text }, Some(Frame::Value { child, .. })) => {
                *child = Some(kind.value(text));
            }
            (Frame::Nil, Some(Frame::Value { child, .. })) => *child = Some(Value::Nil),
            (Frame::Array { items }, Some(Frame::Value { child, .. })) => {
                *child = Some(Value::Array(items.unwrap_or_default()));
            }
            (Frame::Struct { members }, Some(Frame::Value { child, .. })) => {
                *child = Some(Value::Struct(members));
            }
            _ => {}
        }
        Ok(())
    }
}

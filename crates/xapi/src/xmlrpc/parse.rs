//! The parser of XML-RPC values: one loop over XML tokens and a stack of open elements, so that nesting costs heap
//! within the limits and never call stack. It accepts what xapi's reader accepts (`src/lib/xmlrpc.ml` of rpclib) and
//! the forms of older writers; it gives members no meaning.

use super::Value;
use crate::datamodel::is_float;
use crate::error::clip;
use crate::xml::{Document, Token, is_blank};
use crate::{Error, ErrorKind, Limits, parse_integer};

/// Elements that can be open per nested value: `value`, `struct`, `member`, `name`.
const ELEMENTS_PER_VALUE: usize = 4;

/// Reads a document whose root is one `value`.
///
/// # Errors
///
/// Anything that is not well-formed XML of the XML-RPC elements, and any limit that is passed; see [`ErrorKind`].
pub fn parse(bytes: &[u8], limits: &Limits) -> Result<Value, Error> {
    read(bytes, limits).map(|parsed| parsed.value)
}

/// A document that was read, with all that is known of it.
pub(crate) struct Parsed {
    pub(crate) value: Value,
    /// Byte offset of the root element, which errors of shape are reported at.
    pub(crate) offset: u64,
    /// Values that xapi's reader stops at, the first [`Limits::oddities`] of them.
    pub(crate) unreadable: Vec<Unreadable>,
    /// How many more of them there are.
    pub(crate) unreadable_dropped: u64,
}

/// A value that is not what its element says. xapi's reader imports nothing from such a document, wherever in it the
/// value stands (`src/lib/xmlrpc.ml` of rpclib: `make_int`, `make_float`, and `empty_tag` for those without text).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unreadable {
    /// Name of the element.
    pub(crate) element: &'static str,
    /// Its text; long text is cut.
    pub(crate) found: String,
    /// Name of the innermost member around it; empty when there is none.
    pub(crate) member: String,
    /// Byte offset of its end tag.
    pub(crate) offset: u64,
}

/// As [`parse`], and tells what was stepped over.
pub(crate) fn read(bytes: &[u8], limits: &Limits) -> Result<Parsed, Error> {
    let mut document = Document::new(bytes, limits, element_depth(limits))?;
    let mut tree = Tree::new(limits);
    loop {
        let (token, offset) = document.next()?;
        let step = match token {
            Token::Start(element) => tree.open(element.name()),
            Token::Text(text) => tree.text(&text),
            Token::End => tree.close(offset),
            Token::Eof => break,
        };
        step.map_err(|kind| kind.at(offset))?;
    }
    match tree.root {
        Some(value) => Ok(Parsed {
            value,
            offset: document.root_offset(),
            unreadable: tree.unreadable,
            unreadable_dropped: tree.unreadable_dropped,
        }),
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
    Int,
    I4,
    I8,
    Boolean,
    Double,
    DateTime,
    Base64,
}

impl Scalar {
    fn value(self, text: String) -> Value {
        match self {
            Scalar::Text | Scalar::Int | Scalar::I4 | Scalar::I8 => Value::Text(text),
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

    /// Whether xapi's reader takes this text in such an element.
    fn reads(self, text: &str) -> bool {
        match self {
            Scalar::Text => true,
            Scalar::Int | Scalar::I4 | Scalar::I8 => parse_integer(text).is_some(),
            Scalar::Double => is_float(text),
            Scalar::Boolean | Scalar::DateTime | Scalar::Base64 => !text.is_empty(),
        }
    }

    fn element(self) -> &'static str {
        match self {
            Scalar::Text => "string",
            Scalar::Int => "int",
            Scalar::I4 => "i4",
            Scalar::I8 => "i8",
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
            "string" => Scalar::Text,
            "int" => Scalar::Int,
            "i4" => Scalar::I4,
            "i8" => Scalar::I8,
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
    unreadable: Vec<Unreadable>,
    unreadable_dropped: u64,
}

impl<'l> Tree<'l> {
    fn new(limits: &'l Limits) -> Self {
        Tree {
            limits,
            stack: Vec::new(),
            root: None,
            depth: 0,
            values: 0,
            unreadable: Vec::new(),
            unreadable_dropped: 0,
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
    fn close(&mut self, offset: u64) -> Result<(), ErrorKind> {
        let Some(frame) = self.stack.pop() else {
            return Ok(());
        };
        if let Frame::Scalar { kind, text } = &frame
            && !kind.reads(text)
        {
            self.note(*kind, text, offset);
        }
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

    fn note(&mut self, kind: Scalar, text: &str, offset: u64) {
        if self.unreadable.len() >= self.limits.oddities {
            self.unreadable_dropped = self.unreadable_dropped.saturating_add(1);
            return;
        }
        let mut members = self.stack.iter().rev().filter_map(|frame| match frame {
            Frame::Member { name, .. } => name.as_deref(),
            _ => None,
        });
        let member = clip(members.next().unwrap_or_default());
        self.unreadable.push(Unreadable {
            element: kind.element(),
            found: clip(text),
            member,
            offset,
        });
    }
}

//! Text to typed values. The text is that of section 4 of `formats/pool-db.md`: XML and the protection of white space
//! are off.

use std::borrow::Cow;

use super::{DateTime, Type, field};
use crate::parse_integer;
use crate::value::sexpr::{self, SexprError};

/// A value by its type.
#[derive(Debug, Clone, PartialEq)]
pub enum Value<'a> {
    /// Text.
    Text(Cow<'a, str>),
    /// An integer.
    Int(i64),
    /// A truth value.
    Bool(bool),
    /// A number.
    Float(f64),
    /// A point in time.
    DateTime(DateTime),
    /// A word of an enumeration, as it stands.
    Enum(Cow<'a, str>),
    /// A reference, as it stands: it may be null, empty, or name nothing.
    Ref(Cow<'a, str>),
    /// Members in the order of the text. An option is a set of none or one.
    Set(Vec<Value<'a>>),
    /// Keys and values in the order of the text.
    Map(Vec<(Value<'a>, Value<'a>)>),
    /// Text that is none of its type.
    Undecodable {
        /// The text.
        text: Cow<'a, str>,
        /// What it is not.
        why: Why,
    },
    /// Text of a column whose type is not known.
    Unknown(Cow<'a, str>),
}

/// Why a text is none of its type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Why {
    /// Not an integer, or one that 64 bits do not hold.
    #[error("not an integer")]
    NotAnInt,
    /// Neither `true` nor `false`.
    #[error("neither true nor false")]
    NotABool,
    /// Not a number.
    #[error("not a number")]
    NotAFloat,
    /// Not a date.
    #[error("not a date")]
    NotADate,
    /// Not a set or a map.
    #[error(transparent)]
    Sexpr(#[from] SexprError),
    /// An option with more than one member.
    #[error("an option with more than one member")]
    NotAnOption,
}

impl<'a> Value<'a> {
    /// The first text in it that is none of its type, with the reason.
    pub fn fault(&self) -> Option<(&str, Why)> {
        match self {
            Value::Undecodable { text, why } => Some((text, *why)),
            Value::Set(items) => items.iter().find_map(Value::fault),
            Value::Map(pairs) => pairs
                .iter()
                .find_map(|(key, value)| key.fault().or_else(|| value.fault())),
            _ => None,
        }
    }

    /// The text of a text, a word, a reference, or of a value that could not be decoded.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Value::Text(text)
            | Value::Enum(text)
            | Value::Ref(text)
            | Value::Unknown(text)
            | Value::Undecodable { text, .. } => Some(text),
            _ => None,
        }
    }

    /// The integer.
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Value::Int(value) => Some(*value),
            _ => None,
        }
    }

    /// The truth value.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Value::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// A reference that names something: not empty and not null.
    pub fn as_ref(&self) -> Option<&str> {
        match self {
            Value::Ref(text) if !text.is_empty() && text != "OpaqueRef:NULL" => Some(text),
            _ => None,
        }
    }

    /// Members of a set.
    pub fn as_set(&self) -> Option<&[Value<'a>]> {
        match self {
            Value::Set(items) => Some(items),
            _ => None,
        }
    }

    /// Keys and values of a map.
    pub fn as_map(&self) -> Option<&[(Value<'a>, Value<'a>)]> {
        match self {
            Value::Map(pairs) => Some(pairs),
            _ => None,
        }
    }

    /// The value a map has for a key. Of two equal keys, the first.
    pub fn get(&self, key: &str) -> Option<&Value<'a>> {
        let pairs = self.as_map()?;
        pairs
            .iter()
            .find(|(name, _)| name.as_text() == Some(key))
            .map(|(_, value)| value)
    }
}

/// Decodes a column of a class. A column the datamodel does not know, or knows no type of, is [`Value::Unknown`].
pub fn decode<'a>(class: &str, column: &str, text: impl Into<Cow<'a, str>>) -> Value<'a> {
    let text = text.into();
    match field(class, column) {
        Some(field) => decode_as(&field.ty, text),
        None if column == "_ref" => Value::Ref(text),
        None => Value::Unknown(text),
    }
}

/// Decodes text of a type. Recursion goes as deep as the type, which never comes from an input.
pub fn decode_as<'a>(ty: &Type, text: impl Into<Cow<'a, str>>) -> Value<'a> {
    let text = text.into();
    let why = match ty {
        Type::String | Type::Record(_) => return Value::Text(text),
        Type::Enum(_) => return Value::Enum(text),
        Type::Ref(_) => return Value::Ref(text),
        Type::Unlisted => return Value::Unknown(text),
        Type::Int => match parse_integer(&text) {
            Some(value) => return Value::Int(value),
            None => Why::NotAnInt,
        },
        Type::Bool => match &*text {
            "true" => return Value::Bool(true),
            "false" => return Value::Bool(false),
            _ => Why::NotABool,
        },
        Type::Float => match float(&text) {
            Some(value) => return Value::Float(value),
            None => Why::NotAFloat,
        },
        Type::DateTime => match DateTime::parse(&text) {
            Some(value) => return Value::DateTime(value),
            None => Why::NotADate,
        },
        Type::Set(inner) => match set(&text, inner) {
            Ok(items) => return Value::Set(items),
            Err(error) => error.into(),
        },
        Type::Option(inner) => match set(&text, inner) {
            Ok(items) if items.len() <= 1 => return Value::Set(items),
            Ok(_) => Why::NotAnOption,
            Err(error) => error.into(),
        },
        Type::Map(key, value) => match map(&text, key, value) {
            Ok(pairs) => return Value::Map(pairs),
            Err(error) => error.into(),
        },
    };
    Value::Undecodable { text, why }
}

fn set<'a>(text: &Cow<'a, str>, inner: &Type) -> Result<Vec<Value<'a>>, SexprError> {
    Ok(match text {
        Cow::Borrowed(text) => sexpr::decode_set(text)?
            .into_iter()
            .map(|item| decode_as(inner, item))
            .collect(),
        Cow::Owned(text) => sexpr::decode_set(text)?
            .into_iter()
            .map(|item| decode_as(inner, item.into_owned()))
            .collect(),
    })
}

type Pairs<'a> = Vec<(Value<'a>, Value<'a>)>;

fn map<'a>(text: &Cow<'a, str>, key: &Type, value: &Type) -> Result<Pairs<'a>, SexprError> {
    Ok(match text {
        Cow::Borrowed(text) => sexpr::decode_map(text)?
            .into_iter()
            .map(|(k, v)| (decode_as(key, k), decode_as(value, v)))
            .collect(),
        Cow::Owned(text) => sexpr::decode_map(text)?
            .into_iter()
            .map(|(k, v)| {
                (
                    decode_as(key, k.into_owned()),
                    decode_as(value, v.into_owned()),
                )
            })
            .collect(),
    })
}

/// A number in the decimal forms of OCaml's `float_of_string`: `0.` and `1_000.5` too.
fn float(text: &str) -> Option<f64> {
    if text.starts_with('_') {
        return None;
    }
    match text.contains('_') {
        true => text.replace('_', "").parse().ok(),
        false => text.parse().ok(),
    }
}

/// Whether OCaml's `float_of_string` reads it: what the C library does, with `_` anywhere.
pub(crate) fn is_float(text: &str) -> bool {
    let text = text.trim_ascii_start();
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    match unsigned.strip_prefix("0x").or(unsigned.strip_prefix("0X")) {
        Some(digits) => {
            let of_hex = |c: char| c.is_ascii_hexdigit() || "._pP+-".contains(c);
            digits.contains(|c: char| c.is_ascii_hexdigit()) && digits.chars().all(of_hex)
        }
        None => float(text.trim_start_matches('_')).is_some(),
    }
}

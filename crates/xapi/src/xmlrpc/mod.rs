//! XML-RPC values as xapi writes and reads them (`formats/xva.md` section 3). The value type and its accessors live
//! here, the parser and the splicing of other texts beside it; what the members of an export mean does not.

mod parse;
mod pretty;
mod splice;
#[cfg(test)]
mod tests;

pub use parse::parse;
pub(crate) use parse::{Parsed, Unreadable, read};
pub use pretty::pretty;
pub(crate) use splice::splice;

use crate::parse_integer;

/// One value. Members of a struct keep the order of the document, and a repeated name is kept too: xapi takes the
/// first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Text: untagged, or in `string`, `int`, `i4` or `i8`. xapi writes integers untagged, so they cannot be told from
    /// strings; [`Value::as_integer`] reads them.
    Text(String),
    /// `boolean` with the text `0` or `1`.
    Boolean(bool),
    /// `boolean` with any other text. xapi reads it as false, and stops at one without text.
    OddBoolean(String),
    /// The text of a `double`, as it stands.
    Double(String),
    /// The text of a `dateTime.iso8601`, as it stands.
    DateTime(String),
    /// The text of a `base64`, not decoded.
    Base64(String),
    /// `nil`.
    Nil,
    /// `array`.
    Array(Vec<Value>),
    /// `struct`: members in document order.
    Struct(Vec<(String, Value)>),
}

impl Value {
    /// The text of a [`Value::Text`].
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The integer in a [`Value::Text`], read as [`parse_integer`] does.
    pub fn as_integer(&self) -> Option<i64> {
        parse_integer(self.as_text()?)
    }

    /// A boolean, also from the text of third-party writers that leave the `boolean` tag out (`1`, `0`, `true`,
    /// `false`). xapi refuses those; [`crate::export::Oddity::BadBoolean`] records them.
    pub fn as_boolean(&self) -> Option<bool> {
        match self {
            Value::Boolean(value) => Some(*value),
            Value::OddBoolean(_) => Some(false),
            Value::Text(text) if text == "1" || text.eq_ignore_ascii_case("true") => Some(true),
            Value::Text(text) if text == "0" || text.eq_ignore_ascii_case("false") => Some(false),
            _ => None,
        }
    }

    /// The number in a [`Value::Double`], or in text that reads as one.
    pub fn as_double(&self) -> Option<f64> {
        match self {
            Value::Double(text) | Value::Text(text) => text.parse().ok(),
            _ => None,
        }
    }

    /// The text of a [`Value::DateTime`].
    pub fn as_date_time(&self) -> Option<&str> {
        match self {
            Value::DateTime(text) => Some(text),
            _ => None,
        }
    }

    /// The items of a [`Value::Array`].
    pub fn as_array(&self) -> Option<&[Value]> {
        match self {
            Value::Array(items) => Some(items),
            _ => None,
        }
    }

    /// The members of a [`Value::Struct`].
    pub fn as_struct(&self) -> Option<&[(String, Value)]> {
        match self {
            Value::Struct(members) => Some(members),
            _ => None,
        }
    }

    /// The first member of a [`Value::Struct`] with this name.
    pub fn member(&self, name: &str) -> Option<&Value> {
        let members = self.as_struct()?;
        members
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value)
    }

    /// The name of this value's type, for messages.
    pub fn type_name(&self) -> &'static str {
        match self {
            Value::Text(_) => "text",
            Value::Boolean(_) | Value::OddBoolean(_) => "boolean",
            Value::Double(_) => "double",
            Value::DateTime(_) => "dateTime.iso8601",
            Value::Base64(_) => "base64",
            Value::Nil => "nil",
            Value::Array(_) => "array",
            Value::Struct(_) => "struct",
        }
    }
}

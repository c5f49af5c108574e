//! Whether xapi reads the value of a field: what each type of the datamodel takes (`src/lib/rpc.ml` of rpclib and xapi's
//! `ocaml/idl/ocaml_backend/gen_api.ml`). Which fields are looked at is decided in `check`; words of enumerations are
//! there too.

use super::oddity::Oddity;
use super::{Object, place};
use crate::datamodel::{self, DateTime, Type};
use crate::error::clip;
use crate::parse_integer;
use crate::xmlrpc::Value;

/// A value that is none of its type: what it has to be, and what it is.
#[derive(Debug, PartialEq, Eq)]
struct Fault {
    expected: &'static str,
    found: String,
}

/// What is wrong with the value of a field of this type. A value that the reader of XML-RPC cannot take, whatever field
/// it is in, has been told as [`Oddity::Unreadable`] and counts as one of its type here.
pub(super) fn oddity(object: &Object, field: &str, value: &Value, ty: &Type) -> Option<Oddity> {
    let Fault { expected, found } = fault(value, ty)?;
    let place = place(object, field);
    Some(match ty {
        Type::Bool => Oddity::BadBoolean {
            place,
            found,
            tagged: matches!(value, Value::OddBoolean(_)),
        },
        Type::Int => Oddity::BadInteger { place, found },
        _ => Oddity::BadType {
            place,
            expected,
            found,
        },
    })
}

/// Recursion goes as deep as the type, which never comes from an input.
fn fault(value: &Value, ty: &Type) -> Option<Fault> {
    let expected = match (ty, value) {
        (Type::Bool, Value::Boolean(_)) => return None,
        (Type::Bool, Value::OddBoolean(text)) if text.is_empty() => return None,
        (Type::Bool, _) => "boolean",
        (Type::Int, _) if value.as_integer().is_some() => return None,
        (Type::Int, _) => "integer",
        (Type::Float, Value::Double(_)) => return None,
        (Type::Float, Value::Text(text)) if datamodel::is_float(text) => return None,
        (Type::Float, _) => "float",
        (Type::DateTime, Value::DateTime(text)) if text.is_empty() => return None,
        (Type::DateTime, Value::DateTime(text) | Value::Text(text))
            if DateTime::parse(text).is_some() =>
        {
            return None;
        }
        (Type::DateTime, _) => "date",
        (Type::String | Type::Enum(_) | Type::Ref(_), Value::Text(_)) => return None,
        (Type::String | Type::Enum(_) | Type::Ref(_), _) => "text",
        (Type::Set(inner), Value::Array(items)) => {
            return items.iter().find_map(|item| fault(item, inner));
        }
        (Type::Set(_), _) => "set",
        (Type::Map(key, inner), Value::Struct(members)) => {
            return members
                .iter()
                .find_map(|(name, value)| key_fault(name, key).or_else(|| fault(value, inner)));
        }
        // xapi writes a map as a list of pairs when its keys are references.
        (Type::Map(Type::Ref(_), _), Value::Array(_)) => return None,
        (Type::Map(..), _) => "map",
        // Left out, or as a value of the type inside.
        (Type::Option(inner), _) => return fault(value, inner),
        (Type::Record(_) | Type::Unlisted, _) => return None,
    };
    let found = match ty {
        Type::Bool | Type::Int | Type::Float | Type::DateTime => found(value),
        // A map that is a text may be a secret as a whole.
        _ => value.type_name().to_owned(),
    };
    Some(Fault { expected, found })
}

fn key_fault(name: &str, key: &Type) -> Option<Fault> {
    (*key == Type::Int && parse_integer(name).is_none()).then(|| Fault {
        expected: "map with integers for keys",
        found: clip(name),
    })
}

/// The text of a value, or its type when it is no text.
pub(super) fn found(value: &Value) -> String {
    match value {
        Value::Text(text)
        | Value::OddBoolean(text)
        | Value::Double(text)
        | Value::DateTime(text) => clip(text),
        other => other.type_name().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: Type = Type::String;
    const INT: Type = Type::Int;

    fn text(text: &str) -> Value {
        Value::Text(text.to_owned())
    }

    fn date(text: &str) -> Value {
        Value::DateTime(text.to_owned())
    }

    fn map(key: &str, value: Value) -> Value {
        Value::Struct(vec![(key.to_owned(), value)])
    }

    #[test]
    fn what_xapi_reads() {
        for (value, ty) in [
            (text(""), TEXT),
            (text("Ref:1"), Type::Ref("VM")),
            (text("anything"), Type::Enum("on_boot")),
            (text("0x1f"), INT),
            (Value::Boolean(false), Type::Bool),
            (Value::Double("1".to_owned()), Type::Float),
            (text("1e3"), Type::Float),
            (text("5"), Type::Float),
            (date("20161117T11:11:15Z"), Type::DateTime),
            (date("2016-11-17T11:11:15+01:00"), Type::DateTime),
            (date("20161117T11:11:15"), Type::DateTime),
            (text("19700101T00:00:00Z"), Type::DateTime),
            (Value::Array(vec![]), Type::Set(&TEXT)),
            (Value::Array(vec![text("a")]), Type::Set(&TEXT)),
            (Value::Struct(vec![]), Type::Map(&TEXT, &TEXT)),
            (map("a", text("b")), Type::Map(&TEXT, &TEXT)),
            (map("1", text("2")), Type::Map(&INT, &INT)),
            (Value::Array(vec![]), Type::Map(&Type::Ref("VIF"), &TEXT)),
            (text("a"), Type::Option(&TEXT)),
            (Value::Nil, Type::Unlisted),
        ] {
            assert_eq!(fault(&value, &ty), None, "{value:?} {ty:?}");
        }
    }

    #[test]
    fn what_xapi_does_not_read() {
        let texts = Type::Map(&TEXT, &TEXT);
        for (value, ty, expected, found) in [
            (Value::Struct(vec![]), TEXT, "text", "struct"),
            (Value::Boolean(true), TEXT, "text", "boolean"),
            (Value::Nil, Type::Ref("VM"), "text", "nil"),
            (Value::Array(vec![]), Type::Enum("on_boot"), "text", "array"),
            (text("1.5"), INT, "integer", "1.5"),
            (text("true"), Type::Bool, "boolean", "true"),
            (text("1x"), Type::Float, "float", "1x"),
            (text(""), Type::Float, "float", ""),
            (date("yesterday"), Type::DateTime, "date", "yesterday"),
            (text(""), Type::DateTime, "date", ""),
            (
                date("20160230T00:00:00Z"),
                Type::DateTime,
                "date",
                "20160230T00:00:00Z",
            ),
            (text("x"), Type::Set(&TEXT), "set", "text"),
            (text(""), Type::Set(&TEXT), "set", "text"),
            (Value::Struct(vec![]), Type::Set(&TEXT), "set", "struct"),
            (
                Value::Array(vec![text("a"), Value::Nil]),
                Type::Set(&TEXT),
                "text",
                "nil",
            ),
            (text("x"), texts, "map", "text"),
            (Value::Array(vec![]), texts, "map", "array"),
            (map("a", Value::Array(vec![])), texts, "text", "array"),
            (
                map("a", text("1")),
                Type::Map(&INT, &INT),
                "map with integers for keys",
                "a",
            ),
        ] {
            let found = found.to_owned();
            assert_eq!(
                fault(&value, &ty),
                Some(Fault { expected, found }),
                "{value:?} {ty:?}"
            );
        }
    }
}

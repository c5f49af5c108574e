//! Values that say nothing: what an update puts into a new field, what is empty.

use xenspect_xapi::datamodel::{Type, Value, decode_as};

/// Whether references are among the members of a type.
pub(super) fn holds_references(ty: &Type) -> bool {
    match ty {
        Type::Set(inner) | Type::Option(inner) => matches!(inner, Type::Ref(_)),
        Type::Map(key, value) => matches!(key, Type::Ref(_)) || matches!(value, Type::Ref(_)),
        _ => false,
    }
}

/// Whether a value is neither empty nor null nor false.
pub(super) fn says_something(value: &Value<'_>) -> bool {
    match value {
        Value::Bool(value) => *value,
        Value::Ref(_) => value.as_ref().is_some(),
        Value::Set(items) => !items.is_empty(),
        Value::Map(pairs) => !pairs.is_empty(),
        Value::Int(number) => *number != -1,
        other => other.as_text() != Some(""),
    }
}

/// Whether a value is what an update puts into a field that is new: the default of the datamodel, or nothing.
pub(super) fn is_default(ty: &Type, default: &str, value: &Value<'_>) -> bool {
    // What is spelled so stands for nothing itself.
    let says_nothing = matches!(
        default,
        "" | "\"\"" | "{}" | "()" | "Null" | "null" | "OpaqueRef:NULL"
    );
    let nothing = match value {
        Value::Set(items) => items.is_empty(),
        Value::Map(pairs) => pairs.is_empty(),
        Value::Ref(_) => value.as_ref().is_none(),
        Value::Unknown(text) => matches!(&**text, "" | "()" | "false" | "OpaqueRef:NULL"),
        Value::Text(text) | Value::Undecodable { text, .. } => text.is_empty(),
        Value::Bool(value) => !value,
        Value::Int(number) => *number == 0,
        Value::Float(number) => *number == 0.0,
        Value::DateTime(date) => date.unix() == 0,
        Value::Enum(text) => text.is_empty(),
    };
    let nothing = nothing && says_nothing;
    let spelled = || -> Option<Value<'_>> {
        let default = default.strip_prefix('"').unwrap_or(default);
        let default = default.strip_suffix('"').unwrap_or(default);
        (!default.is_empty()).then(|| decode_as(ty, default))
    };
    nothing || spelled().is_some_and(|default| default == *value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_are_known_by_their_meaning() {
        let is =
            |ty: &Type, default: &str, text: &str| is_default(ty, default, &decode_as(ty, text));
        let texts = Type::Set(&Type::String);
        for (ty, default, text, expected) in [
            (&Type::Bool, "true", "true", true),
            (&Type::Bool, "true", "false", false),
            (&Type::Bool, "", "false", true),
            (&Type::Int, "2", "2", true),
            (&Type::Int, "2", "0", false),
            (&Type::Float, "0.", "0.000", true),
            (&Type::String, "\"corosync\"", "corosync", true),
            (&Type::String, "\"\"", "", true),
            (&Type::String, "", "x", false),
            (&Type::String, "\"corosync\"", "", false),
            (&texts, "{}", "()", true),
            (&texts, "{}", "('a')", false),
            (&Type::Ref("SR"), "Null", "OpaqueRef:NULL", true),
            (&Type::Ref("SR"), "OpaqueRef:NULL", "OpaqueRef:1", false),
            (
                &Type::DateTime,
                "19700101T00:00:00Z",
                "1970-01-01T00:00:00Z",
                true,
            ),
            (&Type::Unlisted, "", "()", true),
        ] {
            assert_eq!(is(ty, default, text), expected, "{ty:?} {default} {text}");
        }
    }
}

//! Single values against their types: the quick looks that most pass, and the long ways for the rest.

use xenspect_xapi::datamodel::{Type, Value, Why, decode_as};
use xenspect_xapi::value::Raw;

pub(super) static TEXT_SET: Type = Type::Set(&Type::String);
pub(super) static TEXT_MAP: Type = Type::Map(&Type::String, &Type::String);
pub(super) static REFERENCES: Type = Type::Set(&Type::Ref(""));

/// What is wrong with a value that is not plain.
pub(super) fn fault(ty: &Type, raw: Raw<'_>) -> Option<Why> {
    let text = raw.text();
    decode_as(ty, &*text).fault().map(|(_, why)| why)
}

/// Whether a value is an integer as xapi writes it: decimal, with a sign only if negative (section 4). So many digits always
/// fit; longer ones take the long way.
pub(super) fn is_plain_integer(raw: Raw<'_>) -> bool {
    let bytes = raw.as_bytes();
    let digits = bytes.strip_prefix(b"-").unwrap_or(bytes);
    let plain = (1..=18).contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit);
    plain && (digits.first() != Some(&b'0') || bytes == b"0")
}

/// Why a value is no truth value.
pub(super) fn boolean(raw: Raw<'_>) -> Option<Why> {
    let is = |text| raw.is(text);
    (!is("true") && !is("false")).then_some(Why::NotABool)
}

/// The class of the references in a type.
pub(super) fn reference_class(ty: &Type, class: &mut Option<&'static str>) {
    match ty {
        Type::Ref(name) => *class = Some(name),
        Type::Set(inner) | Type::Option(inner) => reference_class(inner, class),
        Type::Map(key, value) => {
            reference_class(key, class);
            reference_class(value, class);
        }
        _ => {}
    }
}

/// All references in a value that name something.
pub(super) fn references_in<'v>(value: &'v Value<'_>, all: &mut Vec<&'v str>) {
    match value {
        Value::Ref(_) => all.extend(value.as_ref()),
        Value::Set(members) => members.iter().for_each(|member| references_in(member, all)),
        Value::Map(pairs) => {
            for (key, value) in pairs {
                references_in(key, all);
                references_in(value, all);
            }
        }
        _ => {}
    }
}

//! Any bytes as an XML-RPC value that is indented, redacted and masked.

use xenspect_xapi::redact;
use xenspect_xapi::secrets::{self, Grade, masked_ova_xml};
use xenspect_xapi::xmlrpc::{self, Value};
use xenspect_xapi::{Limits, export};

use crate::stand_ins::{REDACTIONS, stand_ins};

/// Reads the bytes as a value, and what is made of them again.
///
/// Invariants:
/// - what can be read can be indented, and means the same then, white space left aside, which indenting
///   may add and take; a second time changes nothing;
/// - what can be read can be redacted and masked, and nothing else can; the result has the same
///   members and items, differs in nothing but texts, and no secret is found in it;
/// - a second redaction changes nothing, one of addresses in digits left aside.
///
/// # Panics
///
/// When one of them does not hold.
pub fn xmlrpc(data: &[u8]) {
    let limits = Limits::default();
    let read = xmlrpc::parse(data, &limits);
    let indented = xmlrpc::pretty(data, &limits);
    if let (Ok(value), indented) = (&read, &indented) {
        let indented = indented.as_ref().expect("a document that can be read");
        let again = xmlrpc::parse(indented, &limits).expect("an indented document");
        assert_eq!(
            squeezed(&again),
            squeezed(value),
            "indenting changed a value"
        );
        let twice = xmlrpc::pretty(indented, &limits).expect("an indented document");
        assert_eq!(twice, *indented, "indenting is not done at once");
    }
    let masked = masked_ova_xml(data, &limits);
    assert_eq!(masked.as_ref().err(), read.as_ref().err());
    if let (Ok(masked), Ok(value)) = (&masked, &read) {
        check_shape(masked, value);
    }
    for options in REDACTIONS {
        let redacted = redact::ova_xml(data, &limits, &options, &mut stand_ins());
        assert_eq!(redacted.as_ref().err(), read.as_ref().err());
        let (Ok(redacted), Ok(value)) = (redacted, &read) else {
            continue;
        };
        check_shape(&redacted, value);
        if let Ok(export) = export::parse(&redacted, &limits) {
            assert_eq!(secrets::in_export(&export, Grade::Secret), []);
        }
        if !options.addresses {
            let again = redact::ova_xml(&redacted, &limits, &options, &mut stand_ins());
            assert_eq!(again.as_ref(), Ok(&redacted), "redacted once more");
        }
    }
}

/// The value without the white space in its texts.
fn squeezed(value: &Value) -> Value {
    let squeeze = |text: &str| text.split_whitespace().collect::<String>();
    match value {
        Value::Text(text) => Value::Text(squeeze(text)),
        Value::OddBoolean(text) => Value::OddBoolean(squeeze(text)),
        Value::Double(text) => Value::Double(squeeze(text)),
        Value::DateTime(text) => Value::DateTime(squeeze(text)),
        Value::Base64(text) => Value::Base64(squeeze(text)),
        Value::Boolean(_) | Value::Nil => value.clone(),
        Value::Array(items) => Value::Array(items.iter().map(squeezed).collect()),
        Value::Struct(members) => {
            let members = members.iter();
            Value::Struct(
                members
                    .map(|(name, value)| (squeeze(name), squeezed(value)))
                    .collect(),
            )
        }
    }
}

fn check_shape(document: &[u8], value: &Value) {
    let other = xmlrpc::parse(document, &Limits::default()).expect("what was read before");
    assert!(
        same_shape(&other, value),
        "{other:?}\nis of another shape than\n{value:?}"
    );
}

fn same_shape(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_shape(a, b))
        }
        (Value::Struct(a), Value::Struct(b)) => {
            let same = |((a, one), (b, other)): (&(String, Value), &(String, Value))| {
                a == b && same_shape(one, other)
            };
            a.len() == b.len() && a.iter().zip(b).all(same)
        }
        _ => a.type_name() == b.type_name(),
    }
}

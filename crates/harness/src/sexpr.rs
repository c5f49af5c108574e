//! The text of a pool database's values: XML attribute, protection of white space, sets and maps.

use std::borrow::Cow;

use xenspect_xapi::datamodel::{self, Value};
use xenspect_xapi::value::sexpr::{self, Quoting, Sexpr};
use xenspect_xapi::value::{Protection, Raw, escape, plain, protect, unprotect};

/// A column of each type.
const COLUMNS: [(&str, &str); 9] = [
    ("VM", "name__label"),
    ("VM", "memory__static_max"),
    ("VM", "is_a_template"),
    ("VM", "power_state"),
    ("VM", "VBDs"),
    ("VM", "other_config"),
    ("VDI", "snapshot_time"),
    ("VBD", "VM"),
    ("no such class", "no such column"),
];

/// Reads the bytes as a value of a dump and writes what was read again.
///
/// Invariants:
/// - a text that is protected, by either generation of writers, and escaped, reads as itself;
///   characters that XML does not allow become U+FFFD;
/// - protected text has no white space but the single spaces that the older generation leaves;
/// - a set or map that was read is read again from what either way of quoting writes of it;
/// - readers of sets, maps, expressions and plain text, and the one by type, agree on what is one.
///
/// # Panics
///
/// When one of them does not hold.
pub fn sexpr_round_trip(data: &[u8]) {
    let raw = Raw::new(data);
    let text = raw.text();
    assert_eq!(
        text,
        unprotect(&raw.unescaped()),
        "layers come off differently"
    );
    if std::str::from_utf8(data).is_ok() {
        assert!(raw.is(&text));
    }
    layers(&text);
    set(&text);
    map(&text);
    in_place(raw);
    by_type(&text);
}

fn layers(text: &str) {
    let legal: String = text
        .chars()
        .map(|c| match c {
            '\0'..'\u{20}' if !matches!(c, '\t' | '\n' | '\r') => '\u{FFFD}',
            '\u{FFFE}' | '\u{FFFF}' => '\u{FFFD}',
            c => c,
        })
        .collect();
    for protection in [Protection::EverySpace, Protection::SpacePairs] {
        let protected = protect(text, protection);
        assert_eq!(unprotect(&protected), text, "{protection:?}: {protected}");
        let white = match protection {
            Protection::EverySpace => " ",
            Protection::SpacePairs => "  ",
        };
        assert!(!protected.contains(['\t', '\n', '\r']) && !protected.contains(white));
        let escaped = escape(&protected);
        assert!(!escaped.contains(['<', '>', '"']));
        assert_eq!(Raw::new(escaped.as_bytes()).text(), legal, "{protection:?}");
    }
}

/// The strings of a list, if it has nothing else.
fn strings(list: &[Sexpr<'_>]) -> Option<Vec<String>> {
    list.iter()
        .map(|item| match item {
            Sexpr::String(text) => Some(text.to_string()),
            _ => None,
        })
        .collect()
}

fn set(text: &str) {
    let by_expression = match sexpr::parse(text) {
        Ok(Sexpr::Node(list)) => strings(&list),
        _ => None,
    };
    let Ok(items) = sexpr::decode_set(text) else {
        assert_eq!(by_expression, None, "a set was refused");
        return;
    };
    assert_eq!(by_expression, Some(owned(&items)), "no set, but taken");
    for quoting in [
        Quoting::Current,
        Quoting::DoubleQuotesToo,
        Quoting::of(text),
    ] {
        let written = quoting.set(&items);
        assert_eq!(
            sexpr::decode_set(&written).as_ref(),
            Ok(&items),
            "{written}"
        );
    }
    assert_eq!(sexpr::encode_set(&items), Quoting::Current.set(&items));
}

fn owned(items: &[Cow<'_, str>]) -> Vec<String> {
    items.iter().map(|item| item.to_string()).collect()
}

fn map(text: &str) {
    let by_expression = match sexpr::parse(text) {
        Ok(Sexpr::Node(list)) => pairs(&list),
        _ => None,
    };
    let Ok(pairs) = sexpr::decode_map(text) else {
        assert_eq!(by_expression, None, "a map was refused");
        return;
    };
    let found: Vec<_> = pairs
        .iter()
        .map(|(key, value)| (key.to_string(), value.to_string()))
        .collect();
    assert_eq!(by_expression, Some(found), "no map, but taken");
    let borrowed = || pairs.iter().map(|(key, value)| (key, value));
    for quoting in [
        Quoting::Current,
        Quoting::DoubleQuotesToo,
        Quoting::of(text),
    ] {
        let written = quoting.map(borrowed());
        assert_eq!(
            sexpr::decode_map(&written).as_ref(),
            Ok(&pairs),
            "{written}"
        );
    }
    assert_eq!(
        sexpr::encode_map(borrowed()),
        Quoting::Current.map(borrowed())
    );
}

/// The pairs of a list, if it has nothing else.
fn pairs(list: &[Sexpr<'_>]) -> Option<Vec<(String, String)>> {
    list.iter()
        .map(|item| match item {
            Sexpr::Node(pair) => <[String; 2]>::try_from(strings(pair)?).ok().map(Into::into),
            _ => None,
        })
        .collect()
}

/// What is read where it stands is what is read from a copy.
fn in_place(raw: Raw<'_>) {
    let text = raw.text();
    let mut members = Vec::new();
    if plain::set(raw, &mut members) {
        let texts: Vec<_> = members.iter().map(|member| member.text()).collect();
        assert_eq!(sexpr::decode_set(&text), Ok(texts), "a plain set");
    }
    if plain::is_map(raw) {
        assert!(sexpr::decode_map(&text).is_ok(), "a plain map");
    }
}

fn by_type(text: &str) {
    for (class, column) in COLUMNS {
        let value = datamodel::decode(class, column, text);
        value.fault();
        match &value {
            Value::Set(items) => {
                let decoded = sexpr::decode_set(text).expect("a set by its type is a set");
                assert_eq!(decoded.len(), items.len());
            }
            Value::Map(pairs) => {
                let decoded = sexpr::decode_map(text).expect("a map by its type is a map");
                assert_eq!(decoded.len(), pairs.len());
                if let Some((key, _)) = decoded.first() {
                    assert!(value.get(key).is_some());
                }
            }
            Value::Int(number) => assert_eq!(value.as_int(), Some(*number)),
            Value::Bool(flag) => assert_eq!(value.as_bool(), Some(*flag)),
            Value::Float(_) => {}
            Value::DateTime(time) => {
                time.unix();
            }
            Value::Text(kept) | Value::Enum(kept) | Value::Ref(kept) | Value::Unknown(kept) => {
                assert_eq!(kept, text);
            }
            Value::Undecodable { text: kept, why } => {
                assert_eq!(kept, text);
                assert!(!why.to_string().is_empty());
            }
        }
    }
}

//! Records inside a text. `snapshot_metadata` is one in map syntax; `last_booted_record` was an S-expression that
//! mirrors XML-RPC up to 5.6 and is XML-RPC text later (`formats/pool-db.md` sections 4 and 7, and the samples). Taking
//! such a text apart and putting it together again lives here.

use crate::Limits;
use crate::value::sexpr::{self, Quoting, Sexpr};
use crate::xmlrpc::{self, Value};

/// A text with a record in it.
pub(crate) enum Record<'t> {
    /// Map syntax: columns with their text.
    Map(Vec<sexpr::Pair<'t>>),
    /// One of the two other forms. Fields are in API spelling.
    Tree(Value),
}

/// Reads a record in whatever form; `None` when it is in none.
pub(crate) fn read(text: &str) -> Option<Record<'_>> {
    let start = text.trim_ascii_start();
    if start.starts_with('<') {
        return tree(xmlrpc::parse(text.as_bytes(), &Limits::default()).ok()?);
    }
    if let Ok(pairs) = sexpr::decode_map(text) {
        return Some(Record::Map(pairs));
    }
    tree(value(sexpr::parse(text).ok()?)?)
}

fn tree(value: Value) -> Option<Record<'static>> {
    matches!(value, Value::Struct(_)).then_some(Record::Tree(value))
}

/// True when an XML text has more in it than its value: comments, processing instructions, attributes.
pub(crate) fn has_asides(text: &str) -> bool {
    text.trim_ascii_start().starts_with('<')
        && (text.contains("<!") || text.contains("<?") || text.contains(['"', '\'']))
}

/// Writes a changed map.
pub(crate) fn write_map(pairs: Vec<sexpr::Pair<'_>>, original: &str) -> String {
    Quoting::of(original).map(pairs)
}

/// Writes a changed tree in the form the original has. Of XML everything that is part of the value stays as it stands.
pub(crate) fn write_tree(value: &Value, original: &str) -> Option<String> {
    if original.trim_ascii_start().starts_with('<') {
        let bytes = xmlrpc::splice(original.as_bytes(), &Limits::default(), value).ok()?;
        return String::from_utf8(bytes).ok();
    }
    let mut out = String::new();
    write(value, Quoting::of(original), &mut out);
    Some(out)
}

/// A node of the S-expression form: a list starts with the name of its type.
fn value(tree: Sexpr<'_>) -> Option<Value> {
    let nodes = match tree {
        Sexpr::String(text) => return Some(Value::Text(text.into_owned())),
        Sexpr::Symbol(_) => return None,
        Sexpr::Node(nodes) => nodes,
    };
    let mut nodes = nodes.into_iter();
    let Some(Sexpr::String(kind)) = nodes.next() else {
        return None;
    };
    match &*kind {
        "struct" => nodes.map(member).collect::<Option<_>>().map(Value::Struct),
        "array" => nodes.map(value).collect::<Option<_>>().map(Value::Array),
        "nil" => Some(Value::Nil),
        _ => {
            let Some(Sexpr::String(text)) = nodes.next() else {
                return None;
            };
            let text = text.into_owned();
            match (&*kind, &*text, nodes.next()) {
                (_, _, Some(_)) => None,
                ("boolean", "1", _) => Some(Value::Boolean(true)),
                ("boolean", "0", _) => Some(Value::Boolean(false)),
                ("boolean", ..) => Some(Value::OddBoolean(text)),
                ("double", ..) => Some(Value::Double(text)),
                ("dateTime.iso8601", ..) => Some(Value::DateTime(text)),
                ("base64", ..) => Some(Value::Base64(text)),
                _ => None,
            }
        }
    }
}

fn member(node: Sexpr<'_>) -> Option<(String, Value)> {
    let Sexpr::Node(nodes) = node else {
        return None;
    };
    let mut nodes = nodes.into_iter();
    match (nodes.next()?, nodes.next()?, nodes.next()) {
        (Sexpr::String(name), inner, None) => Some((name.into_owned(), value(inner)?)),
        _ => None,
    }
}

/// Recursion goes as deep as the text that was read, which [`sexpr::MAX_DEPTH`] bounds.
fn write(value: &Value, quoting: Quoting, out: &mut String) {
    let mut typed = |kind: &str, text: &str| out.push_str(&quoting.set([kind, text]));
    match value {
        Value::Text(text) => quoting.quote_into(text, out),
        Value::Boolean(true) => typed("boolean", "1"),
        Value::Boolean(false) => typed("boolean", "0"),
        Value::OddBoolean(text) => typed("boolean", text),
        Value::Double(text) => typed("double", text),
        Value::DateTime(text) => typed("dateTime.iso8601", text),
        Value::Base64(text) => typed("base64", text),
        Value::Nil => out.push_str("('nil')"),
        Value::Array(items) => {
            out.push_str("('array'");
            for item in items {
                out.push(' ');
                write(item, quoting, out);
            }
            out.push(')');
        }
        Value::Struct(members) => {
            out.push_str("('struct'");
            for (name, inner) in members {
                out.push_str(" (");
                quoting.quote_into(name, out);
                out.push(' ');
                write(inner, quoting, out);
                out.push(')');
            }
            out.push(')');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_s_expression_form_is_written_as_it_was() {
        for text in [
            "('struct')",
            "('struct' ('a' 'b') ('c' ('array')) ('d' ('boolean' '0')) ('e' ('struct' ('f' 'it\\'s'))))",
            "('struct' ('a' ('double' '1.5')) ('b' ('dateTime.iso8601' 'x')) ('c' ('nil')) ('d' ('array' 'e' 'f')))",
        ] {
            let Some(Record::Tree(tree)) = read(text) else {
                panic!("{text}");
            };
            assert_eq!(write_tree(&tree, text).as_deref(), Some(text));
        }
    }

    #[test]
    fn what_is_no_record() {
        for text in [
            "",
            "x",
            "('a' 'b')",
            "('struct' 'a')",
            "<value>",
            "(x)",
            "<value>x</value>",
            "'x'",
        ] {
            assert!(read(text).is_none(), "{text}");
        }
        assert!(matches!(read("()"), Some(Record::Map(pairs)) if pairs.is_empty()));
    }
}

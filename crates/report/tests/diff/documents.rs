//! The JSON documents, their schemas, and the page about them.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;
use xenspect_report::diff::json::{schema, series_schema};

use crate::sample::{rich, same, series};
use crate::{document, series_document};

fn docs(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../docs")
        .join(name)
}

fn assert_fits(schema: &Value, document: &str) -> Value {
    let document: Value = serde_json::from_str(document).expect("a document");
    let validator = jsonschema::draft202012::new(schema).expect("the schema is one");
    let errors: Vec<_> = validator
        .iter_errors(&document)
        .map(|error| format!("{error} at {}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
    document
}

#[test]
fn documents_fit_their_schemas() {
    for report in [rich("web\u{202e}"), same()] {
        let document = assert_fits(&schema(), &document(&report));
        assert_eq!(document, serde_json::to_value(&report).expect("a value"));
    }
    let report = series("web");
    let document = assert_fits(&series_schema(), &series_document(&report));
    assert_eq!(document, serde_json::to_value(&report).expect("a value"));
}

#[test]
fn a_document_has_what_a_program_asks_for() {
    let report = rich("web01");
    let document: Value = serde_json::from_str(&document(&report)).expect("a document");
    for (pointer, value) in [
        ("/same", Value::from(false)),
        ("/groups/0/group", "vms".into()),
        ("/groups/0/objects/2/means/1/is", "power-state".into()),
        ("/groups/0/objects/2/fields/1/kind", "value".into()),
        ("/groups/0/objects/2/fields/1/new", 2_147_483_648_u64.into()),
        ("/groups/5/objects/0/fields/0/kind", "secret".into()),
        ("/disks/0/ranges/3/is", "unknown".into()),
        ("/files/changes/0/old/is", "fifo".into()),
    ] {
        assert_eq!(document.pointer(pointer), Some(&value), "{pointer}");
    }
    // What is told already is for pages alone.
    assert!(!document.to_string().contains("is_told"));
}

#[test]
fn schema_files() {
    for (name, now) in [
        ("diff.schema.json", schema()),
        ("diff-series.schema.json", series_schema()),
    ] {
        if std::env::var_os("XENSPECT_BLESS").is_some_and(|value| value == "1") {
            let text = serde_json::to_string_pretty(&now).expect("a document");
            fs::write(docs(name), format!("{text}\n")).expect(name);
        }
        let committed = fs::read_to_string(docs(name)).unwrap_or_default();
        let committed: Value = serde_json::from_str(&committed).unwrap_or_default();
        assert!(
            committed == now,
            "docs/{name} has drifted; XENSPECT_BLESS=1 cargo test -p xenspect-report rewrites it"
        );
    }
}

#[test]
fn the_page_names_every_field_and_word() {
    let page = fs::read_to_string(docs("manual/src/diff.md")).expect("docs/manual/src/diff.md");
    for schema in [schema(), series_schema()] {
        let mut names = Vec::new();
        of_schema(&schema, false, &mut names);
        assert!(names.len() > 20);
        for name in names {
            assert!(page.contains(&format!("`{name}`")), "{name}");
        }
    }
}

/// Names of fields, and words of enumerations; those of inputs are the business of `docs/manual/src/json.md`.
fn of_schema(schema: &Value, is_of_inputs: bool, names: &mut Vec<String>) {
    match schema {
        Value::Object(object) => {
            for (key, value) in object {
                match (key.as_str(), value) {
                    ("properties", Value::Object(fields)) => names.extend(fields.keys().cloned()),
                    ("const", Value::String(word)) if !is_of_inputs => names.push(word.clone()),
                    _ => {}
                }
                let is_of_inputs = is_of_inputs || matches!(key.as_str(), "Kind" | "Envelope");
                of_schema(value, is_of_inputs, names);
            }
        }
        Value::Array(values) => {
            for value in values {
                of_schema(value, is_of_inputs, names);
            }
        }
        _ => {}
    }
}

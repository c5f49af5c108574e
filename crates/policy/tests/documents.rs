//! The schemas and the example under `docs/`. `XENSPECT_BLESS=1` rewrites the schemas.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};
use xenspect_policy::{Baseline, Policy};

fn docs(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../docs")
        .join(name)
}

#[test]
fn schema_files() {
    for (name, now) in [
        ("policy.schema.json", Policy::schema()),
        ("baseline.schema.json", Baseline::schema()),
    ] {
        if std::env::var_os("XENSPECT_BLESS").is_some_and(|value| value == "1") {
            fs::write(docs(name), format!("{now:#}\n")).expect(name);
        }
        let committed = fs::read_to_string(docs(name)).unwrap_or_default();
        let committed: Value = serde_json::from_str(&committed).unwrap_or_default();
        assert!(
            committed == now,
            "docs/{name} has drifted; XENSPECT_BLESS=1 cargo test -p xenspect-policy rewrites it"
        );
    }
}

fn as_json(text: &str) -> Value {
    let value: toml::Value = toml::from_str(text).expect("TOML");
    serde_json::to_value(value).expect("no dates")
}

#[test]
fn the_example_is_read_and_is_of_the_schema() {
    let text = fs::read_to_string(docs("policy-example.toml")).expect("the example");
    let policy = Policy::read(&text).expect("a policy");
    assert_eq!((policy.expect.len(), policy.input.len()), (2, 1));
    let schema = Policy::schema();
    jsonschema::validate(&schema, &as_json(&text)).expect("of the schema");
    // What is read is what was written.
    let again = toml::to_string(&policy).expect("TOML");
    assert_eq!(Policy::read(&again), Ok(policy));
    jsonschema::validate(&schema, &as_json(&again)).expect("of the schema");
    // The page shows the same.
    let page = fs::read_to_string(docs("manual/src/policy.md")).expect("the page");
    let shown = text.split_once('\n').map_or("", |(_, rest)| rest);
    assert!(
        page.replace("\r\n", "\n").contains(shown),
        "docs/manual/src/policy.md shows another example"
    );
}

#[test]
fn the_schema_refuses_what_the_program_refuses() {
    let schema = Policy::schema();
    for (text, good) in [
        ("policy = 1", true),
        ("policy = 2", false),
        ("", false),
        ("policy = 1\nfoo = 1", false),
        ("policy = 1\n[limits]\nmax-size = '1 gib'", false),
        ("policy = 1\n[limits]\nmax-age = 'soon'", false),
        ("policy = 1\n[severity]\n'host/*' = 'fatal'", false),
        ("policy = 1\n[severity]\n'*' = 'note'", true),
        ("policy = 1\n[[expect]]\nmin = 1", false),
        ("policy = 1\n[[expect]]\nvm = 'a'\narchive = 'b'", false),
        ("policy = 1\n[[expect]]\nvm = 'a'\nmin = 0", false),
        ("policy = 1\n[[expect]]\nvm = 'a'", true),
    ] {
        assert_eq!(
            jsonschema::is_valid(&schema, &as_json(text)),
            good,
            "{text}"
        );
        assert_eq!(Policy::read(text).is_ok(), good, "{text}");
    }
}

#[test]
fn a_baseline_is_of_its_schema() {
    let schema = Baseline::schema();
    let empty = Baseline {
        baseline: 1,
        inputs: Vec::new(),
    };
    let value: Value = serde_json::from_str(&empty.text()).expect("JSON");
    jsonschema::validate(&schema, &value).expect("of the schema");
    assert!(!jsonschema::is_valid(
        &schema,
        &json!({"baseline": 2, "inputs": []})
    ));
}

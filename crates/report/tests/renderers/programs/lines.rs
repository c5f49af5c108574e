//! JSON Lines against their schema, and in the order that is promised.

use std::sync::OnceLock;

use jsonschema::Validator;
use serde_json::Value;
use xenspect_model::report::Report;
use xenspect_report::jsonl;

use super::{Form, reports};

fn schema_of_lines() -> &'static Validator {
    static SCHEMA: OnceLock<Validator> = OnceLock::new();
    SCHEMA
        .get_or_init(|| jsonschema::draft202012::new(&jsonl::schema()).expect("the schema is one"))
}

/// Every line is an object that fits the schema, in the order that is promised.
pub(crate) fn assert_lines(text: &str, report: &Report) {
    let validator = schema_of_lines();
    let lines: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).expect("an object"))
        .collect();
    for line in &lines {
        let errors: Vec<String> = validator.iter_errors(line).map(|e| e.to_string()).collect();
        assert!(errors.is_empty(), "{line}: {errors:?}");
    }
    assert_eq!(lines.first().expect("a line")["type"], "begin");
    assert_eq!(lines.last().expect("a line")["type"], "end");
    let mut rest = lines.iter().skip(1);
    for input in &report.inputs {
        for finding in &input.findings {
            let line = rest.next().expect("a finding");
            assert_eq!(line["type"], "finding");
            assert_eq!(line["path"], input.path.as_str());
            assert_eq!(line["code"], finding.code.name());
        }
        let line = rest.next().expect("an input");
        assert_eq!(line["type"], "input");
        // Everything but the findings.
        let mut whole = serde_json::to_value(input).expect("a value");
        let fields = whole.as_object_mut().expect("an object");
        fields.remove("findings");
        fields.insert("type".to_owned(), "input".into());
        assert_eq!(*line, whole);
    }
    assert_eq!(rest.count(), report.left.len() + 1);
}

#[test]
fn lines_fit_their_schema() {
    for report in reports() {
        assert_lines(&Form::Jsonl.render(&report), &report);
    }
}

#[test]
fn the_schema_of_lines_is_strict_enough_to_fail() {
    let validator = schema_of_lines();
    for wrong in [
        r#"{"type":"middle"}"#,
        r#"{"type":"begin"}"#,
        r#"{"type":"left","path":"a"}"#,
        r#"{"type":"end","inputs":1}"#,
        r#"{"type":"input","path":"a","verdict":"fine"}"#,
    ] {
        let wrong: Value = serde_json::from_str(wrong).expect("an object");
        assert!(!validator.is_valid(&wrong), "{wrong}");
    }
}

//! The JSON report: its form, its schema, and that nothing in it acts on a terminal.

use serde_json::Value;
use xenspect_model::report::Report;
use xenspect_report::json;

use crate::sample;

pub(crate) fn render(report: &Report) -> String {
    let mut shown = Vec::new();
    json::write(report, &mut shown).expect("a Vec takes everything");
    String::from_utf8(shown).expect("JSON is UTF-8")
}

pub(crate) fn assert_valid(document: &Value) {
    let validator = jsonschema::draft202012::new(&json::schema()).expect("the schema is one");
    let errors: Vec<String> = validator
        .iter_errors(document)
        .map(|error| format!("{} at {}", error, error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

#[test]
fn one_input() {
    let mut input = sample::damaged();
    input.findings.drain(1..50);
    insta::assert_snapshot!(render(&sample::report(vec![input])));
}

#[test]
fn unreadable_input() {
    insta::assert_snapshot!(render(&sample::report(vec![sample::unreadable()])));
}

#[test]
fn reports_fit_the_schema() {
    let text = render(&sample::rich());
    let document: Value = serde_json::from_str(&text).expect("a document");
    assert_valid(&document);
    assert_eq!(
        document,
        serde_json::to_value(sample::rich()).expect("a value")
    );
    let member = &document["inputs"][0]["findings"][0]["place"];
    assert_eq!(member["member_base64"], "G1szMW3//i/igK5ldmlsCg==");
    assert_eq!(
        member["member"],
        "\u{1b}[31m\u{fffd}\u{fffd}/\u{202e}evil\n"
    );
}

#[test]
fn the_schema_is_strict_enough_to_fail() {
    let validator = jsonschema::draft202012::new(&json::schema()).expect("the schema is one");
    let good = serde_json::to_value(sample::rich()).expect("a value");
    for (pointer, wrong) in [
        ("/inputs/0/bytes", Value::from(-1)),
        ("/inputs/0/verdict", Value::from("fine")),
        ("/inputs/0/findings/0/code", Value::from("No Code")),
        ("/inputs/0/findings/0/place/offset", Value::from("4096")),
        ("/inputs/0/disks", Value::Null),
    ] {
        let mut document = good.clone();
        *document.pointer_mut(pointer).expect(pointer) = wrong;
        assert!(!validator.is_valid(&document), "{pointer}");
    }
}

#[test]
fn nothing_acts_on_a_terminal() {
    let text = render(&sample::rich());
    assert!(text.ends_with("}\n"));
    for c in text.chars() {
        let acts = (c.is_control() && c != '\n') || ('\u{200b}'..='\u{206f}').contains(&c);
        assert!(!acts, "{c:?}");
    }
}

//! The forms for programs.

use serde_json::Value;
use xenspect_model::inventory::Inventory;
use xenspect_report::inspect::{csv, find, json, markdown};

use super::{pool, report, search, shown};

fn matches(schema: &Value, document: &str) -> Value {
    let value: Value = serde_json::from_str(document).unwrap();
    let validator = jsonschema::validator_for(schema).unwrap();
    let errors: Vec<_> = validator
        .iter_errors(&value)
        .map(|error| error.to_string())
        .collect();
    assert!(errors.is_empty(), "{errors:?}");
    value
}

#[test]
fn json_is_as_its_schema_says() {
    let unreadable = Inventory::unreadable("x".to_owned(), "This is no backup.".to_owned());
    let report = report(vec![pool(), unreadable]);
    let document = shown(|out| json::write(&report, out));
    let value = matches(&json::schema(), &document);
    assert_eq!(value["inputs"][0]["kind"], "pool-db");
    assert_eq!(value["inputs"][1]["error"], "This is no backup.");
    let found = search("web01");
    let document = shown(|out| find::json(&found, out));
    let value = matches(&json::find_schema(), &document);
    assert_eq!(value["inputs"][0]["hits"][0]["name"], "web01");
}

#[test]
fn json_of_a_table_is_an_array_of_objects() {
    let one = report(vec![pool()]);
    insta::assert_snapshot!(shown(|out| json::write_table(&one, "networks", out)));
    let two = report(vec![pool(), pool()]);
    let document = shown(|out| json::write_table(&two, "networks", out));
    let rows: Value = serde_json::from_str(&document).unwrap();
    assert_eq!(rows.as_array().unwrap().len(), 4);
    assert_eq!(rows[0]["path"], "pool.xml");
    assert_eq!(shown(|out| json::write_table(&one, "export", out)), "[]\n");
}

#[test]
fn csv_is_safe_for_spreadsheets() {
    let report = report(vec![pool()]);
    let text = shown(|out| csv::write_table(&report, "vms", out));
    assert!(text.ends_with("\r\n") && !text.replace("\r\n", "").contains(['\r', '\n']));
    let lines: Vec<_> = text.split_terminator("\r\n").collect();
    assert!(
        lines[0].starts_with("name,state,host,memory,vcpus,"),
        "{}",
        lines[0]
    );
    assert!(
        lines[1].starts_with("'=HYPERLINK(1),Halted,,536870912,1,"),
        "{}",
        lines[1]
    );
    assert!(
        lines[2].starts_with(r"db | =1+1 \u{9}<b>,Suspended"),
        "{}",
        lines[2]
    );
    assert_eq!(lines.len(), 4);
}

#[test]
fn csv_of_several_inputs_names_them() {
    let mut other = pool();
    other.path = "a, \"b\"".to_owned();
    let report = report(vec![pool(), other]);
    let text = shown(|out| csv::write_table(&report, "certificates", out));
    let lines: Vec<_> = text.split_terminator("\r\n").collect();
    assert!(lines[0].starts_with("path,host,"), "{text}");
    assert!(lines[1].starts_with("pool.xml,host 1,"), "{text}");
    assert!(lines[2].starts_with("\"a, \"\"b\"\"\",host 1,"), "{text}");
    assert_eq!(shown(|out| csv::write_table(&report, "export", out)), "");
}

#[test]
fn markdown_has_tables() {
    let mut picked = pool();
    picked
        .keep(&["vms", "snapshots", "networks", "pool"])
        .unwrap();
    let report = report(vec![picked]);
    insta::assert_snapshot!(shown(|out| markdown::write(&report, out)));
    let table = shown(|out| markdown::write_table(&report, "networks", out));
    assert!(table.starts_with("| name | bridge |"), "{table}");
}

#[test]
fn no_form_shows_a_secret() {
    let report = report(vec![pool()]);
    let names: Vec<_> = report.inputs[0]
        .sections
        .iter()
        .map(|section| section.name)
        .collect();
    let mut all =
        shown(|out| json::write(&report, out)) + &shown(|out| markdown::write(&report, out));
    for name in names {
        all += &shown(|out| csv::write_table(&report, name, out));
    }
    assert!(!all.contains("hunter"));
}

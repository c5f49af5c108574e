//! The value vectors of the shared data: what xapi's own writer and reader make of values. Skips, and says so, where the
//! data is not there.

use std::path::Path;

use serde_json::{Value as Json, json};
use xenspect_xapi::value::sexpr::{self, Sexpr};
use xenspect_xapi::value::{Protection, Raw, escape, protect, unprotect};

fn lines(name: &str) -> Vec<Json> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/vectors");
    if !folder.is_dir() {
        say_skipped(format_args!(
            "skipped: no sample data at {}",
            folder.display()
        ));
        return Vec::new();
    }
    let text = std::fs::read_to_string(folder.join(name)).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn strings(value: &Json) -> Vec<&str> {
    let items = value.as_array().unwrap();
    items.iter().map(|item| item.as_str().unwrap()).collect()
}

#[test]
fn the_writer_and_back() {
    let lines = lines("values.ndjson");
    assert!(lines.is_empty() || lines.len() == 800);
    for line in lines {
        let value = &line["value"];
        let wire = line["wire"].as_str().unwrap();
        let protected = line["protected"].as_str().unwrap();
        let row = line["row"].as_str().unwrap();
        match line["kind"].as_str().unwrap() {
            "string" => assert_eq!(wire, value.as_str().unwrap()),
            "set" => {
                assert_eq!(sexpr::encode_set(strings(value)), wire);
                assert_eq!(sexpr::decode_set(wire).unwrap(), strings(value));
            }
            "map" => {
                let pairs: Vec<_> = value.as_array().unwrap().iter().map(strings).collect();
                let wanted = pairs.iter().map(|pair| (pair[0], pair[1]));
                assert_eq!(sexpr::encode_map(wanted), wire);
                let read = sexpr::decode_map(wire).unwrap();
                let read: Vec<_> = read
                    .iter()
                    .map(|(key, value)| vec![&**key, &**value])
                    .collect();
                assert_eq!(read, pairs);
            }
            other => panic!("{other}"),
        }
        assert_eq!(protect(wire, Protection::EverySpace), protected);
        assert_eq!(unprotect(protected), wire);
        let attribute = escape(protected);
        assert_eq!(format!("<row v=\"{attribute}\"/>"), row);
        let raw = Raw::new(attribute.as_bytes());
        assert_eq!(raw.unescaped(), protected);
        assert_eq!(raw.text(), wire);
    }
}

fn as_json(value: &Sexpr<'_>) -> Json {
    match value {
        Sexpr::Symbol(text) => json!({ "symbol": text }),
        Sexpr::String(text) => json!(text),
        Sexpr::Node(items) => items.iter().map(as_json).collect(),
    }
}

#[test]
fn quirks_of_the_reader() {
    let lines = lines("reader-quirks.ndjson");
    for line in &lines {
        if let Some(wire) = line["wire"].as_str() {
            match (sexpr::parse(wire), line["read"].get("error")) {
                (Ok(read), None) => assert_eq!(as_json(&read), line["read"], "{wire:?}"),
                (Err(_), Some(_)) => {}
                (read, _) => panic!("{wire:?}: {read:?}, expected {}", line["read"]),
            }
        } else {
            let protected = line["protected"].as_str().unwrap();
            assert_eq!(unprotect(protected), line["unprotected"].as_str().unwrap());
        }
    }
    assert!(lines.is_empty() || lines.len() == 36);
}

/// Straight to standard error: the test harness hides what its own macros print.
fn say_skipped(what: std::fmt::Arguments<'_>) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "{what}");
}

//! The generated files under `docs/` are what the program would write now, and the page about the
//! JSON report names every field.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;
use xenspect_model::Code;
use xenspect_report::explain::findings_page;
use xenspect_report::json::schema;

use crate::json::{assert_valid, render};
use crate::sample;

fn docs(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../docs")
        .join(name)
}

fn blessing() -> bool {
    std::env::var_os("XENSPECT_BLESS").is_some_and(|value| value == "1")
}

/// The committed file, after writing it anew where that was asked for. Checkouts on Windows may
/// have other line ends.
fn committed(name: &str, now: &str) -> String {
    let path = docs(name);
    if blessing() {
        fs::write(&path, now).expect(name);
    }
    fs::read_to_string(&path)
        .unwrap_or_default()
        .replace("\r\n", "\n")
}

const DRIFTED: &str = "has drifted; XENSPECT_BLESS=1 cargo test -p xenspect-report rewrites it";

#[test]
fn schema_file() {
    let now = schema();
    let text = format!(
        "{}\n",
        serde_json::to_string_pretty(&now).expect("a document")
    );
    let committed = committed("report.schema.json", &text);
    // As values: whether the order of keys is kept depends on features of serde_json.
    let committed: Value = serde_json::from_str(&committed).unwrap_or_default();
    assert!(committed == now, "docs/report.schema.json {DRIFTED}");
}

#[test]
fn findings_file() {
    let now = findings_page();
    assert!(
        committed("findings.md", &now) == now,
        "docs/findings.md {DRIFTED}"
    );
}

#[test]
fn json_page_names_every_field() {
    let page = fs::read_to_string(docs("json.md")).expect("docs/json.md");
    let schema = schema();
    let mut objects = vec![("Report", &schema)];
    let definitions = schema["$defs"].as_object().expect("definitions");
    objects.extend(
        definitions
            .iter()
            .map(|(name, object)| (name.as_str(), object)),
    );
    for (object, definition) in objects {
        for field in definition["properties"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, _)| name)
        {
            assert!(page.contains(&format!("| `{field}` |")), "{object}.{field}");
        }
        let words = definition["oneOf"].as_array().into_iter().flatten();
        for word in words.filter_map(|value| value["const"].as_str()) {
            assert!(page.contains(&format!("`{word}`")), "{object}: {word}");
        }
    }
}

#[test]
fn json_page_shows_a_report_as_it_is_written() {
    const BEGIN: &str = "```json\n";
    let page = fs::read_to_string(docs("json.md"))
        .expect("docs/json.md")
        .replace("\r\n", "\n");
    let begin = page.find(BEGIN).expect("an example") + BEGIN.len();
    let end = begin + page[begin..].find("```").expect("its end");

    let mut input = sample::damaged();
    // One altered block of fifty, the others counted, and the note; nothing of the lost disk.
    input.findings.drain(1..51);
    input.omitted = [(Code::BlockChecksum, 49)].into();
    input.disks.truncate(1);
    let now = render(&sample::report(vec![input]));
    if blessing() {
        let page = format!("{}{now}{}", &page[..begin], &page[end..]);
        fs::write(docs("json.md"), page).expect("docs/json.md");
        return;
    }
    assert!(
        page[begin..end] == now,
        "the example in docs/json.md {DRIFTED}"
    );
    assert_valid(&serde_json::from_str(&now).expect("a document"));
}

//! The generated files under `docs/` are what the program would write now, and the page about the
//! JSON report names every field.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;
use xenspect_inventory::{NAMES, Store, of_store};
use xenspect_model::Code;
use xenspect_report::explain::findings_pages;
use xenspect_report::inspect;
use xenspect_report::json::schema;
use xenspect_report::jsonl;
use xenspect_report::preflight;
use xenspect_report::secrets;

use xenspect_xapi::db::{Database, DumpLimits};

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
fn schema_files() {
    for (name, now) in [
        ("report.schema.json", schema()),
        ("report-lines.schema.json", jsonl::schema()),
        ("inventory.schema.json", inspect::json::schema()),
        ("find.schema.json", inspect::json::find_schema()),
        ("secrets.schema.json", secrets::schema()),
        ("preflight.schema.json", preflight::json::schema()),
    ] {
        let text = format!(
            "{}\n",
            serde_json::to_string_pretty(&now).expect("a document")
        );
        let committed = committed(name, &text);
        // As values: whether the order of keys is kept depends on features of serde_json.
        let committed: Value = serde_json::from_str(&committed).unwrap_or_default();
        assert!(committed == now, "docs/{name} {DRIFTED}");
    }
}

#[test]
fn inspect_page_names_every_section_and_column() {
    let page =
        fs::read_to_string(docs("manual/src/inspect.md")).expect("docs/manual/src/inspect.md");
    let pool = include_bytes!("../../../inventory/tests/data/pool.xml");
    let database = Database::read(pool, &DumpLimits::default()).expect("a database");
    let (items, sections) = of_store(Store::Pool(&database));
    assert!(sections.len() > 10);
    for section in &sections {
        let line = page
            .lines()
            .find(|line| line.starts_with(&format!("| `{}` |", section.name)))
            .unwrap_or_else(|| panic!("{}", section.name));
        for column in &section.table.columns {
            let named = line.contains(&format!("`{}`", column.name));
            assert!(named, "{}.{}", section.name, column.name);
        }
    }
    for name in NAMES {
        assert!(page.contains(&format!("| `{name}` |")), "{name}");
    }
    for item in items {
        assert!(page.contains(&format!("`{}`", item.name)), "{}", item.name);
    }
    for (schema, what) in [
        (inspect::json::schema(), "Inventory"),
        (inspect::json::find_schema(), "Hit"),
        (secrets::schema(), "Secret"),
    ] {
        let fields = schema["$defs"][what]["properties"].as_object();
        for field in fields.expect(what).keys() {
            assert!(page.contains(&format!("`{field}`")), "{what}.{field}");
        }
    }
}

#[test]
fn preflight_page_names_every_field() {
    let page =
        fs::read_to_string(docs("manual/src/preflight.md")).expect("docs/manual/src/preflight.md");
    let schema = preflight::json::schema();
    let of = |name: &str| &schema["$defs"][name];
    let objects = [
        "Answer",
        "Changes",
        "Change",
        "Check",
        "ForgottenHost",
        "Level",
        "NicRow",
        "NicSide",
        "PifChange",
    ];
    let more = [
        "PreflightInput",
        "PreflightTarget",
        "Renaming",
        "Step",
        "VersionAnswer",
        "XapiError",
    ];
    let objects = objects.into_iter().chain(more);
    for object in objects.map(of).chain([&schema]) {
        let fields = object["properties"].as_object().expect("an object");
        for field in fields.keys() {
            assert!(page.contains(&format!("`{field}`")), "{field}");
        }
    }
    for state in ["NicState", "Outcome", "Enforced"] {
        let words = of(state)["oneOf"].as_array().expect("words");
        for word in words.iter().filter_map(|word| word["const"].as_str()) {
            assert!(page.contains(&format!("`{word}`")), "{word}");
        }
    }
}

#[test]
fn findings_pages_of_the_manual() {
    let folder = docs("manual/src/findings");
    let pages = findings_pages();
    for page in &pages {
        let name = format!("manual/src/findings/{}", page.file);
        assert!(
            committed(&name, &page.text) == page.text,
            "docs/{name} {DRIFTED}"
        );
    }
    // A page of a group that is no more would stay in the book.
    for entry in fs::read_dir(folder).expect("docs/manual/src/findings") {
        let name = entry.expect("an entry").file_name();
        assert!(
            pages.iter().any(|page| *page.file == *name),
            "docs/manual/src/findings/{} is not generated",
            name.display()
        );
    }
}

#[test]
fn json_page_names_every_field() {
    let page = fs::read_to_string(docs("manual/src/json.md")).expect("docs/manual/src/json.md");
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

/// Fields of the JSON report are told on its own page; these are the lines' own.
#[test]
fn page_of_reports_names_every_field_of_the_lines() {
    let page =
        fs::read_to_string(docs("manual/src/reports.md")).expect("docs/manual/src/reports.md");
    let schema = jsonl::schema();
    let lines = schema["oneOf"].as_array().expect("lines");
    let own = lines.iter().filter(|line| {
        let word = &line["properties"]["type"]["const"];
        ["begin", "end"].iter().any(|own| word == own)
    });
    let ends = [&schema["$defs"]["End"]];
    for object in own.chain(ends) {
        for field in object["properties"].as_object().into_iter().flatten() {
            assert!(page.contains(&format!("`{}`", field.0)), "{}", field.0);
        }
    }
    for word in ["begin", "finding", "input", "left", "end", "fingerprint"] {
        assert!(page.contains(&format!("`{word}`")), "{word}");
    }
}

#[test]
fn json_page_shows_a_report_as_it_is_written() {
    const BEGIN: &str = "```json\n";
    let page = fs::read_to_string(docs("manual/src/json.md"))
        .expect("docs/manual/src/json.md")
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
        fs::write(docs("manual/src/json.md"), page).expect("docs/manual/src/json.md");
        return;
    }
    assert!(
        page[begin..end] == now,
        "the example in docs/manual/src/json.md {DRIFTED}"
    );
    assert_valid(&serde_json::from_str(&now).expect("a document"));
}

//! The past of inputs as people and programs see it, with texts that are hostile.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;
use xenspect_model::Severity;
use xenspect_model::report::history::{
    Fully, HistoryInput, HistoryReport, PartOf, ReadExtent, SCHEMA, Verification,
};
use xenspect_model::report::{Kind, Tool, Verdict};
use xenspect_report::history;
use xenspect_report::human::Style;

fn seen(at: &str, verdict: Verdict) -> Verification {
    Verification {
        at: at.to_owned(),
        verdict,
        kind: Some(Kind::Xva),
        worst: None,
        extent: ReadExtent::Full,
        part: None,
        size: 1_288_490_188,
        modified: Some("2026-11-01T02:00:00.5Z".to_owned()),
        changed: false,
        sha256: Some("3f2a".repeat(16)),
        duration_ms: 12_345,
        bytes_read: 1_288_490_188,
        version: "0.1.0".to_owned(),
    }
}

fn input(path: &str, verifications: Vec<Verification>) -> HistoryInput {
    HistoryInput {
        path: path.to_owned(),
        key: path.to_owned(),
        gone: None,
        fully: Some(Fully {
            at: "2026-11-20T03:12:09Z".to_owned(),
            verdict: Verdict::Sound,
            parts: None,
        }),
        count: verifications.len() as u64,
        verifications,
    }
}

fn report(inputs: Vec<HistoryInput>) -> HistoryReport {
    HistoryReport {
        schema: SCHEMA,
        tool: Tool {
            name: "xenspect".to_owned(),
            version: "0.1.0".to_owned(),
        },
        state: "state.db".to_owned(),
        due: None,
        inputs,
    }
}

fn sample() -> HistoryReport {
    let part = Verification {
        extent: ReadExtent::Part,
        part: Some(PartOf { number: 3, of: 7 }),
        sha256: None,
        changed: true,
        ..seen("2026-11-28T18:35:54Z", Verdict::Sound)
    };
    let bad = Verification {
        worst: Some(Severity::Error),
        ..seen("2026-11-27T03:12:00Z", Verdict::Damaged)
    };
    let mut broken = input(
        "/srv/backups/lab/db/db01-2026-11-26-a-long-name.xva.zst",
        vec![bad],
    );
    broken.fully = None;
    let mut parts = input(
        "/srv/backups/lab/web01.xva",
        vec![part, seen("2026-11-20T03:12:09Z", Verdict::Suspect)],
    );
    parts.fully.as_mut().unwrap().parts = Some(7);
    let unknown = Verification {
        kind: None,
        size: 0,
        ..seen("2026-11-19T00:00:00Z", Verdict::Unreadable)
    };
    report(vec![
        parts,
        broken,
        input("/srv/backups/pool.xml", vec![unknown]),
    ])
}

fn human(report: &HistoryReport, series: bool, style: &Style) -> String {
    let mut shown = Vec::new();
    history::write(report, series, style, &mut shown).unwrap();
    let shown = String::from_utf8(shown).unwrap();
    if !style.color {
        for line in shown.lines() {
            assert!(line.chars().count() <= style.width.max(60), "{line}");
            assert_eq!(line.trim_end(), line);
        }
    }
    shown
}

#[test]
fn one_line_for_each() {
    let expected = "\
below /srv/backups/
last (UTC)        verdict     kind        size  path
2026-11-28 18:35  sound       xva      1.2 GiB  lab/web01.xva
2026-11-27 03:12  damaged     xva      1.2 GiB
    lab/db/db01-2026-11-26-a-long-name.xva.zst
2026-11-19 00:00  unreadable  -            0 B  pool.xml

3 inputs: 1 sound, 1 damaged, 1 unreadable
";
    assert_eq!(human(&sample(), false, &Style::default()), expected);
}

#[test]
fn the_series_of_each() {
    let expected = "\
/srv/backups/lab/web01.xva
  as it is now: verified in full at 2026-11-20 03:12, in 7 parts: sound
  when (UTC)        verdict     read           size     took  SHA-256
  2026-11-28 18:35  sound       3/7         1.2 GiB     12 s
  it changed between the one above and those below
  2026-11-20 03:12  suspect     full        1.2 GiB     12 s  3f2a3f2a3f2a…

/srv/backups/lab/db/db01-2026-11-26-a-long-name.xva.zst
  as it is now: never verified in full with a good verdict
  when (UTC)        verdict     read           size     took  SHA-256
  2026-11-27 03:12  damaged     full        1.2 GiB     12 s  3f2a3f2a3f2a…
";
    let mut report = sample();
    report.inputs.truncate(2);
    assert_eq!(human(&report, true, &Style::default()), expected);
    let verbose = Style {
        verbose: true,
        ..Style::default()
    };
    let digest = format!("      SHA-256 {}\n", "3f2a".repeat(16));
    assert!(human(&report, true, &verbose).contains(&digest));
}

#[test]
fn what_is_due() {
    let mut due = sample();
    due.due = Some("30d".to_owned());
    due.inputs[0].gone = Some(true);
    due.inputs[1].gone = Some(false);
    let expected = "\
below /srv/backups/
in full (UTC)     verdict     kind        size  path
never             damaged     xva      1.2 GiB
    lab/db/db01-2026-11-26-a-long-name.xva.zst
2026-11-20 03:12  unreadable  -            0 B  pool.xml

2 inputs were not verified in full with a good verdict within 30d.
1 more is gone from the disk: /srv/backups/lab/web01.xva
";
    assert_eq!(human(&due, false, &Style::default()), expected);
    due.inputs.clear();
    let nothing = "Nothing that is there is due: all was verified in full within 30d.\n";
    assert_eq!(human(&due, true, &Style::default()), nothing);
}

#[test]
fn nothing_is_known() {
    for series in [false, true] {
        let shown = human(&report(Vec::new()), series, &Style::default());
        assert_eq!(shown, "No verification is recorded.\n");
    }
}

#[test]
fn hostile_texts_stay_in_their_place() {
    let mut report = sample();
    let evil = "/srv/backups/\u{1b}[2J\u{202e}gpj\n=cmd,\"x\"";
    report.inputs[0].path = evil.to_owned();
    report.inputs[0].key = evil.to_owned();
    report.inputs[1].path = "日本".repeat(60);
    report.inputs[2].verifications[0].at = "\u{1b}]0;é\u{7}T".to_owned();
    report.inputs[2].verifications[0].sha256 = Some("\u{9b}31m".repeat(40));
    report.due = Some("\u{1b}[2J".to_owned());
    for width in [10, 60, 80, 200] {
        for unicode in [true, false] {
            for verbose in [true, false] {
                for (series, due) in [(true, None), (false, None), (false, report.due.clone())] {
                    let style = Style {
                        width,
                        unicode,
                        verbose,
                        ..Style::default()
                    };
                    let mut report = report.clone();
                    report.due = due;
                    let shown = human(&report, series, &style);
                    let quiet = |c: char| c == '\n' || !c.is_control() && c != '\u{202e}';
                    assert!(shown.chars().all(quiet), "{shown:?}");
                    assert!(unicode || shown.is_ascii());
                }
            }
        }
    }
    let mut csv = Vec::new();
    history::write_csv(&report, &mut csv).unwrap();
    let csv = String::from_utf8(csv).unwrap();
    assert!(
        csv.chars()
            .all(|c| matches!(c, '\r' | '\n') || !c.is_control())
    );
    assert_eq!(csv.lines().count(), 5);
    assert!(csv.contains("gpj\\u{a}=cmd,\"\"x\"\""), "{csv}");
}

#[test]
fn a_row_for_each_verification() {
    let mut csv = Vec::new();
    history::write_csv(&sample(), &mut csv).unwrap();
    let csv = String::from_utf8(csv).unwrap();
    let lines: Vec<_> = csv.split("\r\n").collect();
    assert_eq!(
        lines[..2],
        [
            "path,key,at,verdict,kind,worst,extent,part,size,modified,changed,sha256,duration_ms,bytes_read,version",
            "/srv/backups/lab/web01.xva,/srv/backups/lab/web01.xva,2026-11-28T18:35:54Z,sound,xva,,part,3 of 7,1288490188,\
             2026-11-01T02:00:00.5Z,true,,12345,1288490188,0.1.0"
        ]
    );
    assert_eq!(lines.len(), 6);
}

#[test]
fn colours_are_for_verdicts() {
    let style = Style {
        color: true,
        ..Style::default()
    };
    let shown = human(&sample(), false, &style);
    assert!(
        shown.contains("\u{1b}[1m\u{1b}[31mdamaged\u{1b}[0m"),
        "{shown:?}"
    );
}

#[test]
fn documents_are_valid_and_come_back() {
    let report = sample();
    let mut shown = Vec::new();
    history::write_json(&report, &mut shown).unwrap();
    let document: Value = serde_json::from_slice(&shown).unwrap();
    let validator = jsonschema::draft202012::new(&history::schema()).unwrap();
    assert!(validator.is_valid(&document));
    let back: HistoryReport = serde_json::from_value(document).unwrap();
    assert_eq!(back, report);
}

fn docs(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../docs")
        .join(name)
}

#[test]
fn schema_file() {
    let now = history::schema();
    let path = docs("history.schema.json");
    if std::env::var_os("XENSPECT_BLESS").is_some_and(|value| value == "1") {
        let text = serde_json::to_string_pretty(&now).unwrap();
        fs::write(&path, format!("{text}\n")).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    let committed: Value = serde_json::from_str(&committed).unwrap_or_default();
    assert!(
        committed == now,
        "docs/history.schema.json has drifted; XENSPECT_BLESS=1 cargo test -p xenspect-report rewrites it"
    );
}

#[test]
fn the_page_names_every_field() {
    let page = fs::read_to_string(docs("manual/src/state.md")).expect("docs/manual/src/state.md");
    let schema = history::schema();
    let objects = ["HistoryInput", "Fully", "Verification", "PartOf"];
    let objects = objects.map(|name| &schema["$defs"][name]);
    for object in objects.into_iter().chain([&schema]) {
        let fields = object["properties"].as_object().expect("an object");
        for field in fields.keys() {
            assert!(page.contains(&format!("`{field}`")), "{field}");
        }
    }
    let extents = schema["$defs"]["ReadExtent"]["oneOf"].as_array().unwrap();
    for word in extents.iter().filter_map(|word| word["const"].as_str()) {
        assert!(page.contains(&format!("`{word}`")), "{word}");
    }
}

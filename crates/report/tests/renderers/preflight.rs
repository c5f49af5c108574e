//! Preflights: widths, escapes, and that no form changes what is said. What users see of real pairs is kept by the
//! tests of the program.

use serde_json::Value;
use xenspect_model::preflight::{Answer, HostDatabase, HostStage, Machine, PreflightReport};
use xenspect_report::human::Style;
use xenspect_report::preflight::{human, json, markdown};
use xenspect_report::text::columns;

use crate::preflight_sample::{EVIL, rich};
fn page(report: &PreflightReport, style: &Style) -> String {
    let mut shown = Vec::new();
    human::write(report, style, &mut shown).expect("a Vec takes everything");
    String::from_utf8(shown).expect("a page is UTF-8")
}

fn table(report: &PreflightReport) -> String {
    let mut shown = Vec::new();
    markdown::write(report, &mut shown).expect("a Vec takes everything");
    String::from_utf8(shown).expect("Markdown is UTF-8")
}

#[test]
fn a_page_of_everything() {
    insta::assert_snapshot!(page(&rich("web"), &Style::default()));
}

#[test]
fn markdown_of_everything() {
    insta::assert_snapshot!(table(&rich("web")));
}

#[test]
fn a_host_that_comes_back() {
    let mut report = rich("web");
    if let Some(host) = &mut report.host {
        host.accepted = Some(true);
        host.machine = Machine::SameInstallation;
        host.database = HostDatabase::HostRestored;
        for stage in &mut host.stages {
            *stage = HostStage {
                accepted: Some(true),
                xapi_error: None,
                reasons: Vec::new(),
                ..stage.clone()
            };
        }
    }
    report.preflight = Answer {
        accepted: Some(true),
        boots: Some(true),
        ..Answer::default()
    };
    let page = page(&report, &Style::default());
    let head: Vec<&str> = page.lines().take(6).collect();
    assert_eq!(
        head,
        [
            "web.xml → host.xml  WOULD BE ACCEPTED",
            "  host-restore would be accepted. It formats the spare partition.",
            "  installer    would list it",
            "  and then     would restore it. It formats the root.",
            "  database     compared with the host as it comes back",
            "  host boots   yes, the restored host would start",
        ]
    );
    assert!(page.contains("  which is     the very installation that the backup is of"));
}

#[test]
fn no_line_is_wider_than_asked_for_but_commands() {
    for name in ["web", EVIL, &"a long name ".repeat(20), &"x".repeat(300)] {
        let report = rich(name);
        for (width, verbose) in [(60, false), (80, false), (80, true), (120, true)] {
            let style = Style {
                width,
                verbose,
                ..Style::default()
            };
            for line in page(&report, &style).lines() {
                let is_command = line.trim_start().starts_with("xe ");
                assert!(is_command || columns(line) <= width, "{width}: {line}");
            }
        }
    }
}

#[test]
fn names_act_on_nothing() {
    let report = rich(EVIL);
    for (unicode, color) in [(true, false), (false, false)] {
        let style = Style {
            unicode,
            color,
            verbose: true,
            ..Style::default()
        };
        let page = page(&report, &style);
        assert!(!page.contains(['\u{1b}', '\u{202e}']), "{page}");
        assert!(unicode || page.is_ascii(), "{page}");
    }
    let table = table(&report);
    assert!(
        !table.contains(['\u{1b}', '\u{202e}']) && !table.contains("<b>"),
        "{table}"
    );
    // A line of a name would be a heading.
    assert!(
        !table.lines().any(|line| line.starts_with("# h")),
        "{table}"
    );
    // The fence is longer than what a command holds.
    assert!(table.contains("\n   `````sh\n"), "{table}");
}

#[test]
fn the_document_fits_its_schema() {
    let report = rich(EVIL);
    let mut shown = Vec::new();
    json::write(&report, &mut shown).expect("a Vec takes everything");
    let document: Value = serde_json::from_slice(&shown).expect("a document");
    let validator = jsonschema::draft202012::new(&json::schema()).expect("the schema is one");
    let errors: Vec<_> = validator
        .iter_errors(&document)
        .map(|error| error.to_string())
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
    assert_eq!(document, serde_json::to_value(&report).expect("a value"));
    assert_eq!(document["preflight"]["xapi_error"]["params"][0], "eth3");
}

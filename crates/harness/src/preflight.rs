//! Any bytes as a backup, compared with a host that it tells of itself, and with hosts of which little is known.

use xenspect_model::Catalog;
use xenspect_model::preflight::PreflightReport;
use xenspect_model::report::Tool;
use xenspect_preflight::{Known, Manner, Question, preflight as compare};
use xenspect_report::preflight::{human, json, markdown};
use xenspect_scan::{Depth, Options, Progress, Source, scan};
use xenspect_target::{Target, of_database};

use crate::{shown, target_files};

/// Compares the bytes, if they are a backup, with what they tell of their own host, with a host of which nothing is
/// known, and with that host as another pool that lives.
///
/// Invariants:
/// - it is refused just where there is an error of xapi, and never without a finding that bears one;
/// - what is accepted lacks no fact that xapi itself looks at; of a host of which nothing is known neither is said;
/// - the page has no line wider than asked for but commands, and no form shows what a terminal acts on;
/// - the host that the bytes tell of comes out the same when it is written as a profile and read again.
///
/// # Panics
///
/// When one of them does not hold.
pub fn preflight(data: &[u8]) {
    let options = Options {
        threads: 1,
        depth: Depth::Metadata,
        ..Options::default()
    };
    let source = Source::memory(data.to_vec());
    let Ok(catalog) = scan(source, &options, &Progress::default()) else {
        return;
    };
    let own = match &catalog {
        Catalog::Dump(dump) => of_database(&dump.database),
        Catalog::Archive(_) | Catalog::Document(_) | Catalog::Host(_) => Target::default(),
    };
    target_files::written_again(&own);
    let known = |target: Target| Known {
        path: "host.xml".to_owned(),
        sources: vec!["pool database".to_owned()],
        target,
    };
    let own = known(own);
    let nothing = known(Target::default());
    let also = Manner {
        preserve: true,
        also: vec![own.clone()],
        ..Manner::default()
    };
    check(&catalog, &own, &Manner::default());
    check(&catalog, &own, &also);
    let report = check(&catalog, &nothing, &Manner::default());
    let answer = &report.preflight;
    assert_ne!(answer.accepted, Some(true), "nothing is known of the host");
    assert_ne!(answer.boots, Some(true), "nothing is known of the host");
}

fn check(catalog: &Catalog, known: &Known, manner: &Manner) -> PreflightReport {
    let tool = Tool {
        name: "xenspect".to_owned(),
        version: "0.1.0".to_owned(),
    };
    let report = compare(Question {
        tool: &tool,
        path: "input",
        member: None,
        catalog,
        known,
        manner,
    });
    let answer = &report.preflight;
    let refused = answer.accepted == Some(false);
    assert_eq!(refused, answer.xapi_error.is_some(), "{answer:?}");
    let bears = report
        .findings
        .iter()
        .any(|finding| finding.xapi_error.is_some());
    assert!(!refused || bears, "refused, and no finding says so");
    for style in shown::styles() {
        let mut page = Vec::new();
        human::write(&report, &style, &mut page).expect("a Vec takes everything");
        let page = shown::harmless(page);
        assert!(style.unicode || page.is_ascii(), "not ASCII: {page}");
    }
    let mut document = Vec::new();
    json::write(&report, &mut document).expect("a Vec takes everything");
    shown::check_json(document);
    let mut table = Vec::new();
    markdown::write(&report, &mut table).expect("a Vec takes everything");
    shown::harmless(table);
    report
}

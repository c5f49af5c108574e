//! What a report says of the two sides, and of what was not compared.

use xenspect_diff::Settings;
use xenspect_model::diff::DiffInput;
use xenspect_model::report::{Envelope, Kind};
use xenspect_synth::Recipe;

use crate::build::{SMALL, against, compare, dump, edited, ova_xml};

#[test]
fn a_side_is_told_by_what_it_calls_itself() {
    let report = against(SMALL);
    let expected = DiffInput {
        path: "old".to_owned(),
        kind: Some(Kind::PoolDb),
        envelope: Some(Envelope::Plain),
        member: None,
        name: Some("lab".to_owned()),
        generation: Some(7),
        schema_version: Some("5.603".to_owned()),
        newest_date: Some("2026-01-02T03:04:05Z".to_owned()),
    };
    assert_eq!(report.old, expected);
    assert!(report.same && report.not_compared.is_empty());

    let text = Recipe::named("two-disks").unwrap().document_text().unwrap();
    let export = ova_xml(&text);
    let report = compare(&export, &export, &Settings::default());
    assert_eq!(report.old.kind, Some(Kind::OvaXml));
    assert!(report.old.name.is_some() && report.old.generation.is_none());
}

#[test]
fn what_stands_in_the_way_is_said() {
    let cut = &SMALL[..SMALL.find("<table name=\"network\">").unwrap()];
    let (whole, cut) = (dump(SMALL.as_bytes()), dump(cut.as_bytes()));
    let report = compare(&whole, &cut, &Settings::default());
    assert!(report.not_compared[0].starts_with("The newer pool database ends early"));
    assert!(!report.same);
    let report = against(&edited("uuid=\"u-pool\"", "uuid=\"u-other\""));
    assert!(report.not_compared[0].starts_with("The two are of different pools"));
}

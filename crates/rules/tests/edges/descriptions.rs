//! Deep and wide descriptions, in an archive and by themselves.

use xenspect_model::report::Verdict::{Damaged, Sound};
use xenspect_scan::{Options, Progress, Source, scan};
use xenspect_synth::Recipe;

use super::support::*;

/// What is said of a document, which has to be what is said of it as `ova.xml` of an archive.
fn document(text: &str) -> Said {
    let alone = said(&verify(text.as_bytes().to_vec()));
    let archive = [member("ova.xml", text.as_bytes()), vec![0; 2 * BLOCK]].concat();
    let mut inside = told(archive);
    inside.1.remove("xva/no-disk-data");
    assert_eq!(inside.1, alone.1);
    alone
}

fn good() -> String {
    let recipe = Recipe::named("tiny").unwrap();
    String::from_utf8(recipe.document_text().unwrap()).unwrap()
}

/// The good document with more in front of a place.
fn before(place: &str, more: &str) -> String {
    let text = good();
    assert!(text.contains(place));
    text.replacen(place, &format!("{more}{place}"), 1)
}

/// The good document with more behind a place.
fn behind(place: &str, more: &str) -> String {
    let text = good();
    assert!(text.contains(place));
    text.replacen(place, &format!("{place}{more}"), 1)
}

const DESCRIPTION: &str = "<name>name_description</name><value>";
const VBDS: &str = "<name>VBDs</name><value><array><data>";

#[test]
fn a_hundred_thousand_levels() {
    let open = "<value><array><data>".repeat(100_000);
    let close = "</data></array></value>".repeat(100_000);
    let nesting = expected(Damaged, &[("xva/metadata-nesting", 1)]);
    assert_eq!(document(&format!("{open}{close}")), nesting);
    assert_eq!(document(&open), nesting);
    let inside = behind(VBDS, &format!("{open}{close}"));
    assert_eq!(document(&inside), nesting);
}

#[test]
fn more_values_than_are_read() {
    let many = "<value/>".repeat(1_000_000);
    let nesting = expected(Damaged, &[("xva/metadata-nesting", 1)]);
    assert_eq!(document(&behind(VBDS, &many)), nesting);
    let members = "<member><name>m</name><value>1</value></member>".repeat(300_000);
    let wide = format!("<value><struct>{members}</struct></value>");
    assert_eq!(
        document(&wide),
        expected(Damaged, &[("xva/metadata-structure", 1)])
    );
}

#[test]
fn fields_by_the_hundred_thousand_of_one_object() {
    let field = |at: u32| format!("<name>x{at}</name><value>1</value></member><member>");
    let fields: String = (0..100_000).map(field).collect();
    let said = document(&before("<name>name_label</name>", &fields));
    assert_eq!(said, expected(Sound, &[]));
    let same = "<name>x</name><value>1</value></member><member>".repeat(100_000);
    let said = document(&before("<name>name_label</name>", &same));
    assert_eq!(
        said,
        expected(Damaged, &[("xva/metadata-field-invalid", 99_999)])
    );
}

#[test]
fn ten_thousand_attributes() {
    let attributes: String = (0..10_000).map(|at| format!(" a{at}=\"1\"")).collect();
    let nesting = expected(Damaged, &[("xva/metadata-nesting", 1)]);
    assert_eq!(document(&format!("<value{attributes}>1</value>")), nesting);
    // Told at the second one.
    let same = " a=\"1\"".repeat(10_000);
    assert_eq!(
        document(&format!("<value{same}>1</value>")),
        expected(Damaged, &[("xva/metadata-not-well-formed", 1)])
    );
}

#[test]
fn markup_that_has_no_meaning_and_is_not_well_formed() {
    let not_well_formed = expected(Damaged, &[("xva/metadata-not-well-formed", 1)]);
    for front in [
        "<?xml version=\"1.0\" encoding=\"bogus\"?>",
        "<?xml version=\"1.0\" encoding=\"utf-16\"?>",
        "<?xml version=\"2.0\"?>",
        "<!-- a -- b -->",
        "<? x?>",
    ] {
        assert_eq!(document(&format!("{front}{}", good())), not_well_formed);
    }
    for attributes in [
        "a=\"1\" a=\"2\"",
        "a=\"1\"b=\"2\"",
        "a(b=\"1\"",
        "a=\"b & c\"",
        "a=\"&#1;\"",
    ] {
        let text = good().replacen("<value>", &format!("<value {attributes}>"), 1);
        assert_eq!(document(&text), not_well_formed);
    }
    let entity = good().replacen("<value>", "<value a=\"&foo;\">", 1);
    assert_eq!(
        document(&entity),
        expected(Damaged, &[("xva/metadata-entities", 1)])
    );
}

#[test]
fn values_that_xapi_cannot_read() {
    let invalid = expected(Damaged, &[("xva/metadata-field-invalid", 1)]);
    for (good, bad) in [
        ("<dateTime.iso8601>1970", "<dateTime.iso8601>197]"),
        ("<double>1</double>", "<double>1x</double>"),
        ("<boolean>0</boolean>", "<boolean/>"),
        (
            "<name>name_description</name><value>",
            "<name>name_description</name><value><i4>abc</i4></value></member><member><name>x</name><value>",
        ),
        (
            "<name>tags</name><value><array><data></data></array></value>",
            "<name>tags</name><value>x</value>",
        ),
        (
            "<name>HVM_shadow_multiplier</name><value><double>1</double></value>",
            "<name>HVM_shadow_multiplier</name><value>one</value>",
        ),
    ] {
        let text = self::good();
        assert!(text.contains(good), "{good}");
        assert_eq!(document(&text.replacen(good, bad, 1)), invalid, "{bad}");
    }
}

#[test]
fn values_that_xapi_cannot_read_by_the_hundred_thousand() {
    let bad = "<value><i4>x</i4></value>".repeat(100_000);
    let text = before(
        "<name>name_label</name>",
        &format!("<name>x</name><value><array><data>{bad}</data></array></value></member><member>"),
    );
    assert_eq!(
        document(&text),
        expected(Damaged, &[("xva/metadata-field-invalid", 100_000)])
    );
}

#[test]
fn one_text_up_to_the_limit_and_beyond() {
    let long = "z".repeat(15 << 20);
    assert_eq!(document(&behind(DESCRIPTION, &long)), expected(Sound, &[]));
    let escaped = "&#65;".repeat(2 << 20);
    assert_eq!(
        document(&behind(DESCRIPTION, &escaped)),
        expected(Sound, &[])
    );
    let beyond = behind(DESCRIPTION, &"z".repeat(17 << 20)).into_bytes();
    let archive = [member("ova.xml", &beyond), vec![0; 2 * BLOCK]].concat();
    let too_large = expected(Damaged, &[("xva/metadata-too-large", 1)]);
    assert_eq!(told(archive), too_large);
    let error = scan(
        Source::memory(beyond),
        &Options::default(),
        &Progress::default(),
    );
    assert!(error.unwrap_err().to_string().contains("16777216 bytes"));
}

#[test]
fn lists_of_lost_devices_are_counted() {
    let lost = "<value>Ref:999999</value>".repeat(50_000);
    let input = verify(behind(VBDS, &lost).into_bytes());
    let said = said(&input);
    assert_eq!(
        said,
        expected(Damaged, &[("xva/reference-dangling", 50_000)])
    );
    assert_eq!(
        input.findings.len(),
        1000 + 1,
        "one note beside the first thousand"
    );
}

#[test]
fn machines_by_the_ten_thousand_each_the_parent_of_the_next() {
    // No line of parents may be walked once for each machine in it.
    let objects: String = (0..40_000)
        .map(|at| {
            format!(
                "<value><struct><member><name>class</name><value>VM</value></member><member><name>id</name>\
                 <value>Ref:{}</value></member><member><name>snapshot</name><value><struct><member>\
                 <name>parent</name><value>Ref:{}</value></member></struct></value></member></struct></value>",
                100_000 + at,
                100_001 + at,
            )
        })
        .collect();
    let text = behind("<name>objects</name><value><array><data>", &objects);
    let archive = [member("ova.xml", text.as_bytes()), vec![0; 2 * BLOCK]].concat();
    let (verdict, codes) = told(archive);
    assert_eq!(verdict, Damaged);
    // The last one has no parent.
    assert_eq!(codes["xva/snapshot-link-broken"], 1);
}

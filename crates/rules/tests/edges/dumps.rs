//! Pool databases with more of everything than there is room for, and numbers at the edge.

use xenspect_model::report::Verdict::{self, Damaged, Suspect};
use xenspect_scan::{Options, Progress, Source, scan};
use xenspect_synth::DumpRecipe;

use super::support::*;

fn good() -> String {
    String::from_utf8(DumpRecipe::named("pool-8.2").unwrap().build()).unwrap()
}

const VMS: &str = "<table name=\"VM\">";

/// The good database with more rows of VMs.
fn with_rows(rows: &str) -> String {
    let text = good();
    assert!(text.contains(VMS));
    text.replacen(VMS, &format!("{VMS}{rows}"), 1)
}

fn refused(text: String) -> String {
    let source = Source::memory(text.into_bytes());
    let outcome = scan(source, &Options::default(), &Progress::default());
    outcome.unwrap_err().to_string()
}

fn dump(text: String) -> Said {
    said(&verify(text.into_bytes()))
}

#[test]
fn limits_are_told_as_such() {
    let columns = |row: u32, count: u32| -> String {
        let column = |at: u32| format!(" c{}=\"1\"", row * count + at);
        let columns: String = (0..count).map(column).collect();
        format!("<row ref=\"OpaqueRef:x{row}\"{columns}/>")
    };
    let many: String = (0..66).map(|row| columns(row, 1000)).collect();
    let tables: String = (0..5000)
        .map(|at| format!("<table name=\"t{at}\"/>"))
        .collect();
    let pairs: String = (0..5000)
        .map(|at| format!("<pair key=\"k{at}\" value=\"1\"/>"))
        .collect();
    for (text, words) in [
        (with_rows(&many), "more than 65536 different columns"),
        (with_rows(&columns(0, 10_000)), "more than 1024 attributes"),
        (
            with_rows(&"<row ref=\"OpaqueRef:1\">".repeat(1_000_000)),
            "deeper than 32 levels",
        ),
        (
            format!("<database>{}", "<a>".repeat(1_000_000)),
            "deeper than 32 levels",
        ),
        (
            good().replacen("</database>", &format!("{tables}</database>"), 1),
            "more than 4096 tables",
        ),
        (
            good().replacen("</manifest>", &format!("{pairs}</manifest>"), 1),
            "more than 4096 tables",
        ),
        (
            with_rows(&format!("<row ref=\"{}\"/>", "z".repeat(65 << 20))),
            "a value longer than 67108864",
        ),
    ] {
        let said = refused(text);
        assert!(said.contains(words), "{said}");
    }
}

#[test]
fn rows_by_the_hundred_thousand_are_counted() {
    let (verdict, codes) = dump(with_rows(&"<row ref=\"OpaqueRef:1\"/>".repeat(200_000)));
    assert_eq!((verdict, codes["db/ref-doubled"]), (Damaged, 199_999));
}

/// The good database with another value in the first map of this column.
fn with_map(map: &str) -> String {
    let text = good();
    let column = "other_config=\"(";
    let start = text.find(column).unwrap() + column.len() - 1;
    let end = start + text[start..].find('"').unwrap();
    format!("{}{map}{}", &text[..start], &text[end..])
}

#[test]
fn values_of_a_million_levels_are_undecodable() {
    for map in [
        format!("{}{}", "(".repeat(1_000_000), ")".repeat(1_000_000)),
        "(".repeat(1_000_000),
        ")".repeat(1_000_000),
        format!("({}", "'a' ".repeat(1_000_000)),
    ] {
        let (verdict, codes) = dump(with_map(&map));
        assert_eq!(
            (verdict, codes.get("db/value-undecodable")),
            (Damaged, Some(&1)),
            "{codes:?}"
        );
    }
    // A key that is there twice.
    let (verdict, codes) = dump(with_map(&format!("({})", "('k' 'v')".repeat(300_000))));
    assert_eq!(
        (verdict, codes.get("db/value-undecodable")),
        (Damaged, Some(&1)),
        "{codes:?}"
    );
}

/// The good database with another number wherever this stands before one.
fn with_number(place: &str, number: &str) -> String {
    let text = good();
    let mut pieces = text.split(place);
    let mut changed = pieces.next().unwrap().to_owned();
    let mut places = 0;
    for piece in pieces {
        let end = piece.find('"').unwrap();
        changed += &format!("{place}{number}{}", &piece[end..]);
        places += 1;
    }
    assert!(places > 0, "{place}");
    changed
}

#[test]
fn numbers_at_the_edge() {
    for (place, number, verdict, code) in [
        (
            "generation_count\" value=\"",
            "9223372036854775807",
            Verdict::Sound,
            None,
        ),
        (
            "generation_count\" value=\"",
            "9223372036854775808",
            Damaged,
            Some("db/manifest-key"),
        ),
        (
            "schema_minor_vsn\" value=\"",
            "9223372036854775808",
            Damaged,
            Some("db/manifest-key"),
        ),
        (
            "memory__static_max=\"",
            "9223372036854775807",
            Verdict::Sound,
            None,
        ),
        (
            "memory__static_max=\"",
            "9223372036854775808",
            Damaged,
            Some("db/value-undecodable"),
        ),
        (
            "virtual_size=\"",
            "9223372036854775807",
            Verdict::Sound,
            None,
        ),
        (
            "virtual_size=\"",
            "-9223372036854775809",
            Damaged,
            Some("db/value-undecodable"),
        ),
        (
            "__ctime=\"",
            "9223372036854775807",
            Suspect,
            Some("db/generation-order"),
        ),
        (
            "__ctime=\"",
            "18446744073709551616",
            Damaged,
            Some("db/generation-invalid"),
        ),
    ] {
        let (found, codes) = dump(with_number(place, number));
        assert_eq!(found, verdict, "{place}{number}: {codes:?}");
        match code {
            Some(code) => assert!(codes.contains_key(code), "{place}{number}: {codes:?}"),
            None => assert!(codes.is_empty(), "{place}{number}: {codes:?}"),
        }
    }
}
